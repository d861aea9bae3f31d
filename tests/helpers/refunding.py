"""Short ways to give money back, and the proof of the books afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from helpers.clock import HandClock
from helpers.desk import PASSWORD, Desk
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM, Actor, Role
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.refund_asks import Beyond, RefundAsk, RefundOutcome
from travellr_desktop.services.users import NewUser
from travellr_desktop.storage.commits import Commit


def refunded(
    desk: Desk,
    *booking_ids: UUID,
    back: int | None = None,
    borne_by: Bearer | None = None,
    who: tuple[UUID, ...] = (),
    to: RefundTo = RefundTo.PAYMENT,
) -> RefundOutcome:
    """Preview by the admin, then do it. `back` in minor units, beyond the policy."""
    service, plain = desk.services.refunds, RefundAsk(booking_ids, who, to)
    currency = service.preview(desk.admin, plain).back.currency
    beyond = None if back is None else Beyond(Money(back, currency), borne_by)
    ask = RefundAsk(booking_ids, who, to, beyond, "" if back is None else "The engine failed")
    shown = service.preview(desk.admin, ask)
    return service.request(desk.admin, ask, shown.back, key=uuid4())


def approved(desk: Desk, order_id: UUID) -> RefundOutcome:
    return desk.services.refunds.approve(desk.admin, order_id, key=uuid4())


def limit(desk: Desk, minor: int, currency: str = "EUR") -> None:
    """What goes back above it waits for a second person."""
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        work.agency.get().refund_limits = {currency: minor}
        work.commit()


def colleague(desk: Desk, name: str = "Petar Vuk", role: Role = Role.MANAGER) -> Actor:
    """Somebody else who works here."""
    email = f"{name.split(maxsplit=1)[0].lower()}@travellr.example"
    row = desk.services.users.register(desk.admin, NewUser(name, email, PASSWORD, role))
    return Actor(row.id, row.name, row.role)


def been(desk: Desk, *, adults: int) -> SaleOutcome:
    """A sale whose trip has been and is completed."""
    departure = desk.add_departure()
    sold = desk.sold(departure, adult=adults)
    assert isinstance(desk.clock, HandClock)
    desk.clock.at(datetime(2026, 7, 20, tzinfo=UTC))
    desk.services.bookings.complete(desk.admin, departure)
    return sold


def proved(desk: Desk) -> None:
    """The books agree with themselves and with the provider."""
    report = desk.services.check.run()
    assert report.problems == (), report.as_text()
