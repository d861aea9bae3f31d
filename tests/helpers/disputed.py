"""A sale whose payment a traveller's bank takes back, and what its bank does then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import stripe

from helpers.desk import CARD, Desk
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.payments.door import GatewayDoor
from travellr_desktop.payments.factory import SANDBOX_KEY, open_sandbox
from travellr_desktop.payments.gateway import DisputeStatus
from travellr_desktop.payments.sandbox.cards import sandbox_cards
from travellr_desktop.payments.sandbox.http_server import HttpSandbox
from travellr_desktop.payments.stripe_gateway import StripeGateway
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Dispute


@dataclass(frozen=True)
class Sold:
    """A sale that was paid through the provider, by its payment there."""

    sale: SaleOutcome
    ref: str

    @property
    def booking_id(self) -> UUID:
        return self.sale.bookings[0].id

    @property
    def payment_id(self) -> UUID:
        assert self.sale.payment_id is not None
        return self.sale.payment_id


def sold(desk: Desk, *departures: UUID, pay: PayChoice = CARD, adult: int = 2) -> Sold:
    """Paid at once: for two at 45.00 each, on a departure of its own unless some are named."""
    places = departures or (desk.add_departure(),)
    sale = desk.sell(*[desk.hold(place, adult=adult) for place in places], pay=pay)
    assert sale.payment_id is not None
    detail = desk.services.payments.detail(desk.agent, sale.payment_id)
    assert detail.provider_ref is not None
    return Sold(sale, detail.provider_ref)


def opened(desk: Desk, sold: Sold, *, inquiry: bool = False, amount: int | None = None) -> str:
    """The bank asks, or takes the money; the dispute's id at the provider."""
    with desk.sandbox() as sandbox:
        return sandbox.open_dispute(sold.ref, inquiry=inquiry, amount=amount)


def escalated(desk: Desk, ref: str) -> None:
    with desk.sandbox() as sandbox:
        sandbox.escalate_dispute(ref)


def answered(desk: Desk, ref: str) -> None:
    with desk.sandbox() as sandbox:
        sandbox.answer_dispute(ref)


def closed(desk: Desk, ref: str, *, won: bool) -> None:
    with desk.sandbox() as sandbox:
        sandbox.close_dispute(ref, won=won)


def known(desk: Desk, ref: str) -> Dispute:
    """The row of a dispute, whole."""
    with desk.database.read() as view:
        row = view.disputes.find_by_ref(ref)
        assert row is not None
        return row


def at(desk: Desk, account: Account, **of: UUID) -> int:
    """Debits less credits, in cents."""
    with desk.database.read() as view:
        return view.ledger.balance(account, "EUR", **of)


def theirs(desk: Desk, ref: str) -> DisputeStatus:
    """The provider's word."""
    return desk.program.gateway.get_dispute(ref)


def apart(desk: Desk) -> int:
    """What the provider has of ours less what the books say it has, in cents: the fees of charges, and nothing that
    disputes or refunds do may change it."""
    with desk.sandbox() as sandbox:
        return sandbox.balances().get("eur", 0) - at(desk, Account.STRIPE)


def set_cursor(desk: Desk, after: str | None) -> None:
    """As if that event had been the last that was heard; None: as if none had."""
    with desk.database.write(Commit.EVENTS_HEAR, SYSTEM) as work:
        row = work.heard.cursor()
        assert row is not None
        row.after = after
        work.commit()


@contextmanager
def over_http(desk: Desk) -> Iterator[None]:
    """The same sandbox, asked over a socket while the block lasts."""
    server = HttpSandbox(desk.profile.sandbox, clock=desk.clock)
    server.start()
    door = desk.program.gateway
    assert isinstance(door, GatewayDoor)
    door.change(
        StripeGateway(
            SANDBOX_KEY,
            kind=PaymentsKind.SANDBOX,
            cards=sandbox_cards(),
            api_base=server.address,
            http_client=stripe.RequestsClient(timeout=(5.0, 20.0)),
            sleep=lambda _: None,
        )
    )
    try:
        yield
    finally:
        door.change(open_sandbox(desk.profile.sandbox, sleep=lambda _: None, clock=desk.clock))
        server.close()
