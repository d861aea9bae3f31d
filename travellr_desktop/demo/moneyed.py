"""What the demo agency's money has been through: a disputed payment, a refund that waits for a second person, credit,
cards that are kept, deposits, a transfer that was too high."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from travellr_desktop.demo.plan import VISA, Fate, PlannedSale
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.services.agency import SellingRules
from travellr_desktop.services.orders import PayChoice
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.services.registry import Services

DISPUTED_BEFORE = timedelta(hours=26)
"""How long ago two banks asked about payments."""
BALANCE_DAYS = 14
"""So many days before the departure the balance of a tour is due."""

_LIMIT = 20_000  # in euros: what goes back above it takes two
_TOO_MUCH = 2_400  # in euros
_EVERY_DEPOSIT, _EVERY_CREDIT = 2, 6
_KEPT = 3
_DISPUTES = ((-4, False, "product_not_received"), (-7, True, "unrecognized"))


def back_to(number: int) -> RefundTo:
    """Where it goes back to of the so many-th booking that is given back whole: some take credit."""
    return RefundTo.CREDIT if number % _EVERY_CREDIT == 1 else RefundTo.PAYMENT


class Moneyed:
    """Does it through the services. `standing` gives the bookings that go on, `charged` the payments by card of those
    that have been."""

    def __init__(
        self,
        services: Services,
        sandbox: SandboxControl,
        agent: Actor,
        admin: Actor,
        standing: Callable[[], Sequence[UUID]],
    ) -> None:
        self._services, self._sandbox = services, sandbox
        self._agent, self._admin, self._standing = agent, admin, standing
        self.charged: list[UUID] = []
        self._kept = 0

    def first_choice(self, agent: Actor, sale: PlannedSale, number: int, holds: Sequence[UUID]) -> PayChoice:
        """How a sale is paid at first: as planned, but of those that stand some by a link that keeps the card, some by
        their deposit where the rest is due later."""
        card = sale.pays[0]
        if card is None:
            return PayChoice(Way.CASH)
        stands = {item.fate for item in sale.items} == {Fate.CONFIRMED} and sale.mishap is None
        if stands and sale.pays == (VISA,):
            if self._kept < _KEPT:
                self._kept += 1
                return PayChoice(Way.LINK, keep=True)
            if number % _EVERY_DEPOSIT == 0 and self._services.sales.deposit_of(agent, holds) is not None:
                return PayChoice(Way.CARD, card, deposit=True)
        return PayChoice(Way.CARD, card)

    def paid_by_link(self, outcome: SaleOutcome) -> SaleOutcome:
        """The traveller pays the link that was made for them, at once."""
        if outcome.link is None:
            return outcome
        self._sandbox.pay_link(outcome.link.ref, VISA)
        return self._services.sales.read_now(self._agent, outcome.sale_id)

    # disputes

    def dispute(self) -> None:
        """One bank takes the money back, another only asks."""
        for place, inquiry, reason in _DISPUTES:
            if len(self.charged) >= -place:
                ref = self._services.payments.detail(self._agent, self.charged[place]).provider_ref
                if ref is not None:
                    self._sandbox.open_dispute(ref, inquiry=inquiry, reason=reason)
        self._services.listening.poll()

    # a transfer that was too high

    def too_much(self) -> None:
        """Somebody who has paid wires a little more, for what they ate on board."""
        sales = self._services.sales
        for booking_id in reversed(self._standing()):
            detail = self._services.bookings.detail(self._agent, booking_id)
            if detail.due or detail.dispute is not None or detail.price.currency != "EUR":
                continue
            more = PayChoice(Way.BANK, amount=_TOO_MUCH, reference="RF18 5390 0754", excess=_TOO_MUCH)
            try:
                sales.pay(self._agent, detail.sale_id, more, key=uuid4())
            except Refusal:  # something of the sale is due, or under way
                continue
            return

    # a refund that waits

    def ask(self) -> None:
        """From now on a large refund takes two, and the first that is large enough is asked for."""
        rules, refunds = self._services.agency.rules(self._admin), self._services.refunds
        limited = SellingRules(rules.discount_limit_bps, rules.offer_hours, (Money(_LIMIT, "EUR"),))
        self._services.agency.save_rules(self._admin, limited)
        for booking_id in self._standing():
            ask = RefundAsk((booking_id,), reason="Their flight was cancelled")
            try:
                shown = refunds.preview(self._agent, ask)
            except Refusal:  # cancelled or disputed meanwhile
                continue
            if shown.needs_second:
                refunds.request(self._agent, ask, shown.back, key=uuid4())
                return
