"""What is being sold: held seats, who buys, how it is paid, and how it came out. Asks the services; shows nothing.

The draft (lines, traveller, way) becomes a sale when it is paid. From then on `outcome` says how it stands, and the
lines are kept beside it, so that what lapsed can be held again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party, TravellerType
from travellr_desktop.domain.states import HoldState
from travellr_desktop.errors import HoldLapsed, Refusal, RequestInProgress
from travellr_desktop.events import BookingCancelled, Event, HoldChanged, PaymentProcessed, RefundProcessed
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.registry import Services
from travellr_desktop.services.sales import NamedTraveller, PayChoice, Sell, SellLine
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.screen import Context


class Attempt:
    """The key of one form. Sent again after an error of ours, so that nothing is done twice; a form that was
    answered, or that says something else now, gets a new one."""

    def __init__(self) -> None:
        self._key = uuid4()
        self._content: object = None

    def key_for(self, content: object) -> UUID:
        if content != self._content:
            self._key, self._content = uuid4(), content
        return self._key

    def answered(self, refusal: Refusal | None = None) -> None:
        """There is a result. One that still runs under the key keeps it."""
        if not isinstance(refusal, RequestInProgress):
            self._key, self._content = uuid4(), None


@dataclass(slots=True)
class Line:
    """One hold of the basket. `names` has one entry for each traveller of the party, empty where not typed."""

    hold: HoldView
    names: list[str] = field(default_factory=list)
    ended: bool = False
    refusal: Refusal | None = None
    attempt: Attempt = field(default_factory=Attempt)

    def __post_init__(self) -> None:
        self.names = self.names or ["" for _ in self.hold.party]

    def seconds(self, now: datetime) -> float:
        """How long it is still held."""
        return 0.0 if self.ended else (self.hold.expires_at - now).total_seconds()

    def sell_line(self) -> SellLine:
        named = tuple(
            NamedTraveller(name, kind)
            for kind, name in zip(self.hold.party, self.names, strict=True)
            if name.strip()
        )
        return SellLine(self.hold.id, named)


class Session(QObject):
    """The basket of one person at the desk. Everything it starts runs in the background."""

    lines_changed = Signal()
    traveller_changed = Signal()
    outcome_changed = Signal()
    paying_changed = Signal(bool)
    held = Signal(object)
    """A `Line` that was just added."""
    hold_refused = Signal(object)
    """Seats could not be held: a `Refusal`."""
    refused = Signal(object)
    """The basket could not be sold as it is, or what was asked of a line could not be done: a `Refusal`."""
    found_out = Signal(object)
    """How a sale that was left with its outcome open came out: a `SaleOutcome`."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._services = cast(Services, context.services)
        self.lines: list[Line] = []
        self.traveller: TravellerRow | None = None
        self.outcome: SaleOutcome | None = None
        self.paying = False
        self.last_card = ""
        """The provider's name of the card that was tried last."""
        self._left: set[UUID] = set()
        self._hold_attempt, self._sell_attempt, self._pay_attempt = Attempt(), Attempt(), Attempt()
        context.bridge.happened.connect(self.heard)

    # what the basket comes to

    @property
    def now(self) -> datetime:
        return self._context.clock.now()

    @property
    def hold_seconds(self) -> float:
        """How long a fresh hold lasts."""
        return self._services.holds.lasts.total_seconds()

    @property
    def seats(self) -> int:
        return sum(line.hold.seats for line in self.lines)

    @property
    def currencies(self) -> tuple[str, ...]:
        return tuple(sorted({line.hold.total.currency for line in self.lines}))

    def total(self) -> Money | None:
        """What it costs; None for nothing, or for more than one currency."""
        return self._sum([line.hold.total for line in self.lines])

    def tax(self) -> Money | None:
        return self._sum([line.hold.tax for line in self.lines])

    def by_type(self) -> list[tuple[TravellerType, int, Money]]:
        """Each traveller type over all lines: how many, and what they pay together. One currency only."""
        counts: dict[TravellerType, int] = {}
        sums: dict[TravellerType, int] = {}
        for line in self.lines:
            for kind, price in line.hold.per_traveller:
                counts[kind] = counts.get(kind, 0) + 1
                sums[kind] = sums.get(kind, 0) + price.minor
        currency = self.currencies[0] if self.currencies else "EUR"
        return [(kind, counts[kind], Money(sums[kind], currency)) for kind in TravellerType if kind in counts]

    @staticmethod
    def _sum(amounts: Sequence[Money]) -> Money | None:
        if len({money.currency for money in amounts}) != 1:
            return None
        return Money(sum(money.minor for money in amounts), amounts[0].currency)

    def why_not(self) -> str:
        """Why it cannot be paid now, as the words beside the button; empty if it can."""
        if not self.lines:
            return self.tr("Hold seats first.")
        if len(self.currencies) > 1:
            return self.tr("One sale, one currency: take out one of them.")
        if any(line.seconds(self.now) <= 0 for line in self.lines):
            return self.tr("A hold has lapsed: hold it again or remove it.")
        if self.traveller is None:
            return self.tr("Choose the traveller first.")
        return ""

    # holds

    def take_up(self, holds: Sequence[HoldView]) -> None:
        """Put the person's own holds back into the basket, after they signed in."""
        there = {line.hold.id for line in self.lines}
        self.lines += [Line(hold) for hold in holds if hold.id not in there]
        self.lines_changed.emit()

    def hold(self, departure_id: UUID, party: Party, words: str, button: QAbstractButton) -> None:
        key = self._hold_attempt.key_for((departure_id, party))
        actor, holds = self._context.actor, self._services.holds
        self._context.background.run(
            self,
            lambda _task: holds.hold(actor, departure_id, party, key=key),
            words=words,
            button=button,
            done=self._held,
            refused=self._hold_refused,
        )

    def _held(self, hold: HoldView) -> None:
        self._hold_attempt.answered()
        if self.outcome is not None:
            self.begin()  # the next traveller's first seats
        if any(line.hold.id == hold.id for line in self.lines):
            return
        line = Line(hold)
        self.lines.append(line)
        self.lines_changed.emit()
        self.held.emit(line)

    def _hold_refused(self, refusal: Refusal) -> None:
        self._hold_attempt.answered(refusal)
        self.hold_refused.emit(refusal)

    def hold_again(self, line: Line, button: QAbstractButton | None = None) -> None:
        """Take the seats of a line that lapsed anew; the names stay."""
        old = line.hold
        key = line.attempt.key_for(old.id)
        actor, holds = self._context.actor, self._services.holds

        def done(hold: HoldView) -> None:
            line.attempt.answered()
            line.hold, line.ended, line.refusal = hold, False, None
            self.lines_changed.emit()

        def refused(refusal: Refusal) -> None:
            line.attempt.answered(refusal)
            line.refusal = refusal
            self.lines_changed.emit()

        self._context.background.run(
            self,
            lambda _task: holds.hold(actor, old.departure_id, old.party, key=key),
            words=self.tr("Holding"),
            key=("desk.hold_again", old.id),
            button=button,
            done=done,
            refused=refused,
        )

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

    def remove(self, line: Line) -> None:
        """Take a line out and give its seats back; the message offers to hold them again."""
        if line not in self.lines or self.paying:
            return
        self.lines.remove(line)
        self.lines_changed.emit()
        if line.ended:
            return
        actor, holds, hold = self._context.actor, self._services.holds, line.hold

        def undo() -> None:
            line.ended = True
            self.lines.append(line)
            self.lines_changed.emit()
            self.hold_again(line)

        def done(_none: None) -> None:
            self._context.say.finished(self.tr("{0}: seats released").format(hold.title), undo)

        self._context.background.run(
            self,
            lambda _task: holds.release(actor, hold.id),
            key=("desk.release", hold.id),
            done=done,
            refused=self.refused.emit,
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

    # the traveller

    def choose(self, traveller: TravellerRow | None) -> None:
        self.traveller = traveller
        self.traveller_changed.emit()

    # paying

    def sell(self, choice: PayChoice, words: str, button: QAbstractButton) -> None:
        """Sell the basket as it is, and pay it."""
        if self.traveller is None or self.paying or self.why_not():
            return
        self.last_card = choice.card or ""
        order = Sell(tuple(line.sell_line() for line in self.lines), self.traveller.id, choice)
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
            done=self._looked,
        )

    def _looked(self, outcome: SaleOutcome) -> None:
        if self.outcome is not None and outcome.sale_id == self.outcome.sale_id:
            self._came(outcome)

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
            done=self._looked,
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
        """The next traveller: an empty basket. A sale whose outcome is open goes on by itself; the seats of a
        draft go back, and the message offers to hold them again."""
        if self.paying:
            return
        if self.outcome is None:
            self._give_back_all()
        if self.outcome is not None:
            if self.outcome.state in (OutcomeState.UNKNOWN, OutcomeState.WAITING):
                self._left.add(self.outcome.sale_id)
            self.outcome = None
            self.lines = []
        self.traveller = None
        self.outcome_changed.emit()
        self.traveller_changed.emit()
        self.lines_changed.emit()

    def _give_back_all(self) -> None:
        lines, traveller = self.lines, self.traveller
        self.lines = []
        ids = [line.hold.id for line in lines if not line.ended]
        if not ids:
            return
        actor, holds = self._context.actor, self._services.holds

        def work(_task: object) -> None:
            for each in ids:
                holds.release(actor, each)

        def undo() -> None:
            if self.outcome is None and not self.lines:
                self.lines = lines
                self.choose(self.traveller or traveller)
                for line in lines:
                    line.ended = True
                    self.hold_again(line)
                self.lines_changed.emit()

        def done(_none: None) -> None:
            self._context.say.finished(self.tr("The seats of the basket were released"), undo)

        self._context.background.run(
            self, work, key=("desk.release", tuple(ids)), done=done, refused=self.refused.emit
        )

    # what happens elsewhere

    def heard(self, event: Event) -> None:
        if isinstance(event, HoldChanged):
            self._hold_changed(event)
        elif isinstance(event, PaymentProcessed) and event.sale_id in self._left:
            self._find_out(event.sale_id)
        elif self.outcome is not None and not self.paying and self._concerns(event, self.outcome):
            self.look()

    def _hold_changed(self, event: HoldChanged) -> None:
        line = next((line for line in self.lines if line.hold.id == event.aggregate_id), None)
        if line is None or self.outcome is not None:
            return
        if event.state is HoldState.ACTIVE:
            line.hold = replace(line.hold, expires_at=event.expires_at)
        elif event.state in (HoldState.EXPIRED, HoldState.RELEASED):
            line.ended = True
        self.lines_changed.emit()

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
                self.found_out.emit(outcome)

        self._context.background.run(
            self,
            lambda _task: sales.outcome(actor, sale_id),
            key=("desk.left", sale_id),
            newest=True,
            done=done,
        )
