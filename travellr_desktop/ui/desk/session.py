"""One sale at the desk, from the draft to its outcome. Asks the services; shows nothing.

The draft becomes a sale when it is paid. From then on `outcome` says how it stands, and the lines are kept beside it,
so that what lapsed can be held again.
"""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.errors import HoldLapsed, Refusal
from travellr_desktop.events import BookingCancelled, Event, HoldChanged, PaymentProcessed, RefundProcessed
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import PayChoice, Sell
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.desk.draft import Attempt, Draft, Line
from travellr_desktop.ui.desk.keeping import Keeping
from travellr_desktop.ui.desk.links import Links
from travellr_desktop.ui.desk.readers import Readers
from travellr_desktop.ui.desk.reduction import Reduction
from travellr_desktop.ui.screen import Context

UNDER_WAY = (OutcomeState.UNKNOWN, OutcomeState.WAITING)
TO_BE_PAID = (OutcomeState.DECLINED, OutcomeState.PENDING)


class _Basket(NamedTuple):
    """What a sale was made of, for who comes back to it."""

    lines: list[Line]
    traveller: TravellerRow | None
    sold: frozenset[UUID]


class Session(Draft):
    """The draft, its payment and how it came out."""

    outcome_changed = Signal()
    paying_changed = Signal(bool)
    found_out = Signal(object)
    """How a sale that was left with its outcome open came out: a `SaleOutcome`."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.outcome: SaleOutcome | None = None
        self.paying = False
        self.keeping = Keeping(context, self)
        self.reduction = Reduction(context, self)
        self.links = Links(context, self)
        self.readers = Readers(context, self)
        self.last_card = ""
        """The provider's name of the card that was tried last."""
        self._sold: frozenset[UUID] = frozenset()
        self._left: set[UUID] = set()
        self._put_by: dict[UUID, _Basket] = {}
        self._sell_attempt, self._pay_attempt = Attempt(), Attempt()
        context.bridge.happened.connect(self.heard)

    def busy(self) -> str:
        if self.paying:
            return self.tr("A payment is under way.")
        if self.outcome is not None and self.outcome.state in UNDER_WAY + TO_BE_PAID:
            return self.tr("{0} is not finished.").format(self.outcome.reference)
        return ""

    def make_way(self) -> None:
        if self.outcome is not None and not self.paying:
            self.begin()  # the next traveller's first seats

    def extend(self, button: QAbstractButton | None = None) -> None:
        """Begin the time of all holds anew."""
        ids = [line.hold.id for line in self.lines if line.seconds(self.now) > 0]
        actor, holds = self._context.actor, self._services.holds
        sale = self.outcome.sale_id if self.outcome is not None else None

        def work(_task: object) -> tuple[tuple[HoldView, ...], SaleOutcome | None]:
            extended = tuple(holds.extend(actor, each) for each in ids)
            return extended, self._services.sales.outcome(actor, sale) if sale is not None else None

        def done(result: tuple[tuple[HoldView, ...], SaleOutcome | None]) -> None:
            for hold in result[0]:
                self._replace(hold)
            self.lines_changed.emit()
            if result[1] is not None and self.outcome is not None:
                self._came(result[1])

        if ids:
            self._context.background.run(
                self, work, key="desk.extend", button=button, done=done, refused=self.refused.emit
            )

    def lapse(self) -> None:
        """The clock says that a hold is over; the services will say the same at the next look."""
        self.lines_changed.emit()
        if self.outcome is not None:
            self.outcome_changed.emit()

    def _replace(self, hold: HoldView) -> None:
        for line in self.lines:
            if line.hold.id == hold.id:
                line.hold = hold

    # paying

    def sell(self, choice: PayChoice, words: str, button: QAbstractButton) -> None:
        """Sell the basket as it is, and pay it."""
        if self.traveller is None or self.paying or self.why_not() or self.reduction.why_not():
            return
        self.last_card = choice.card or ""
        self._sold = frozenset(line.hold.id for line in self.lines)
        lines, reduction = tuple(line.sell_line() for line in self.lines), self.reduction
        order = Sell(lines, self.traveller.id, choice, discount=reduction.ask, promo=reduction.promo)
        key = self._sell_attempt.key_for(order)
        actor, sales = self._context.actor, self._services.sales

        def refused(refusal: Refusal) -> None:
            self._sell_attempt.answered(refusal)
            if isinstance(refusal, HoldLapsed):
                for line in self.lines:
                    line.ended = line.ended or line.seconds(self.now) <= 0
                self.lines_changed.emit()
            self.refused.emit(refusal)

        def done(outcome: SaleOutcome) -> None:
            self._sell_attempt.answered()
            self._came(outcome)

        self._set_paying(True)
        started = self._context.background.run(
            self,
            lambda _task: sales.sell(actor, order, key=key),
            words=words,
            button=button,
            done=done,
            refused=refused,
            ended=self._paid_or_not,
        )
        if started is None:
            self._set_paying(False)

    def pay(self, choice: PayChoice, words: str, button: QAbstractButton) -> None:
        """Try again, or another way, on the sale whose payment was refused."""
        if self.outcome is None or self.paying:
            return
        self.last_card = choice.card or ""
        sale_id = self.outcome.sale_id
        key = self._pay_attempt.key_for((sale_id, choice))
        actor, sales = self._context.actor, self._services.sales

        def done(outcome: SaleOutcome) -> None:
            self._pay_attempt.answered()
            self._came(outcome)

        def refused(refusal: Refusal) -> None:
            self._pay_attempt.answered(refusal)
            self.refused.emit(refusal)
            self.look()

        self._set_paying(True)
        started = self._context.background.run(
            self,
            lambda _task: sales.pay(actor, sale_id, choice, key=key),
            words=words,
            button=button,
            done=done,
            refused=refused,
            ended=self._paid_or_not,
        )
        if started is None:
            self._set_paying(False)

    def _paid_or_not(self) -> None:
        self._set_paying(False)

    def _set_paying(self, on: bool) -> None:
        if on != self.paying:
            self.paying = on
            self.paying_changed.emit(on)

    # the outcome

    def _came(self, outcome: SaleOutcome) -> None:
        self.outcome = outcome
        self.outcome_changed.emit()

    def show_if_same(self, outcome: SaleOutcome) -> None:
        """How the sale that is shown stands now; another one has taken its place otherwise."""
        if self.outcome is not None and outcome.sale_id == self.outcome.sale_id:
            self._came(outcome)

    def come_back(self, outcome: SaleOutcome) -> None:
        """Show a sale that was left to go on by itself, in place of what is finished or goes on by itself too."""
        if self.paying or (self.outcome is None and self.lines):
            return
        if self.outcome is not None:
            self.begin()
        basket = self._put_by.pop(outcome.sale_id, None)
        if basket is not None:
            self.lines, self.traveller, self._sold = basket
        self._left.discard(outcome.sale_id)
        self._came(outcome)

    def look(self) -> None:
        """Read again how the sale stands, as far as this desk knows."""
        if self.outcome is None:
            return
        sale_id, actor, sales = self.outcome.sale_id, self._context.actor, self._services.sales
        self._context.background.run(
            self,
            lambda _task: sales.outcome(actor, sale_id),
            key=("desk.look", sale_id),
            newest=True,
            done=self.show_if_same,
        )

    def read_now(self, button: QAbstractButton) -> None:
        """Ask the provider about a payment whose outcome is unknown."""
        if self.outcome is None or self.outcome.state not in (OutcomeState.UNKNOWN, OutcomeState.WAITING):
            return
        sale_id, actor, sales = self.outcome.sale_id, self._context.actor, self._services.sales
        self._context.background.run(
            self,
            lambda _task: sales.read_now(actor, sale_id),
            words=self.tr("Reading the payment"),
            button=button,
            done=self.show_if_same,
            refused=self.refused.emit,
        )

    def release(self, button: QAbstractButton) -> None:
        """Give up the sale that is not paid: its seats go back, and the basket is empty."""
        if self.outcome is None:
            return
        sale_id, actor, sales = self.outcome.sale_id, self._context.actor, self._services.sales
        self._context.background.run(
            self,
            lambda _task: sales.release(actor, sale_id),
            words=self.tr("Releasing the seats"),
            button=button,
            done=self._released,
            refused=self.refused.emit,
        )

    def _released(self, outcome: SaleOutcome) -> None:
        self._context.say.finished(self.tr("{0}: seats released").format(outcome.reference))
        self.outcome = outcome
        self.begin()

    def again_from_outcome(self, button: QAbstractButton) -> None:
        """After the hold of a sale lapsed: a new basket with the same seats, held anew as far as they are free."""
        if self.outcome is None:
            return
        sale_id, actor, sales = self.outcome.sale_id, self._context.actor, self._services.sales

        def done(_outcome: SaleOutcome) -> None:
            self.outcome = None
            for line in self.lines:
                line.ended = True
            self.outcome_changed.emit()
            self.lines_changed.emit()
            for line in self.lines:
                self.hold_again(line)

        self._context.background.run(
            self,
            lambda _task: sales.release(actor, sale_id),
            words=self.tr("Holding"),
            button=button,
            done=done,
            refused=self.refused.emit,
        )

    def begin(self) -> None:
        """The next traveller: an empty basket. A sale whose outcome is open goes on by itself, one that waits for
        its money can be come back to; the seats of a draft go back, and the message offers to hold them again."""
        if self.paying:
            return
        if self.outcome is None:
            self.give_back_all()
        else:
            self._leave(self.outcome)
        self.traveller = None
        self.outcome_changed.emit()
        self.traveller_changed.emit()
        self.lines_changed.emit()

    def _leave(self, outcome: SaleOutcome) -> None:
        lines, traveller, sold = self.lines, self.traveller, self._sold
        self.outcome = None
        self.lines = [line for line in lines if line.hold.id not in sold]
        if outcome.state in UNDER_WAY:
            self._left.add(outcome.sale_id)
            self._put_by[outcome.sale_id] = _Basket(lines, traveller, sold)
        if outcome.state not in TO_BE_PAID or outcome.hold_expires_at is None:
            return
        if outcome.hold_expires_at <= self.now:
            return

        def back() -> None:
            if self.outcome is None and not self.lines and not self.paying:
                self.lines, self.traveller, self._sold = lines, traveller, sold
                self.outcome = outcome
                self.outcome_changed.emit()
                self.look()

        words = self.tr("{0} waits for its payment as long as its seats are held")
        self._context.say.finished(words.format(outcome.reference), back)

    # what happens elsewhere

    def heard(self, event: Event) -> None:
        self.links.heard(event)
        if isinstance(event, HoldChanged):
            self.hold_changed(event)
        elif isinstance(event, PaymentProcessed) and event.sale_id in self._left:
            self._find_out(event.sale_id)
        elif self.outcome is not None and not self.paying and self._concerns(event, self.outcome):
            self.look()

    @staticmethod
    def _concerns(event: Event, outcome: SaleOutcome) -> bool:
        if isinstance(event, (PaymentProcessed, BookingCancelled)):
            return event.sale_id == outcome.sale_id
        if isinstance(event, RefundProcessed):
            return any(booking.id == event.booking_id for booking in outcome.bookings)
        return False

    def _find_out(self, sale_id: UUID) -> None:
        actor, sales = self._context.actor, self._services.sales

        def done(outcome: SaleOutcome) -> None:
            if outcome.state not in (OutcomeState.UNKNOWN, OutcomeState.WAITING):
                self._left.discard(sale_id)
                self._put_by.pop(sale_id, None)
                self.found_out.emit(outcome)

        self._context.background.run(
            self,
            lambda _task: sales.outcome(actor, sale_id),
            key=("desk.left", sale_id),
            newest=True,
            done=done,
        )
