"""The draft of a sale: held seats and who buys. Asks the services; shows nothing."""

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
from travellr_desktop.errors import Refusal, RequestInProgress, StorageRefusal, WrongState
from travellr_desktop.events import HoldChanged
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.registry import Services
from travellr_desktop.services.sales import NamedTraveller, SellLine
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
        """There is a result. One that still runs under the key keeps it; so does one that the file fell over for, as
        nobody knows how far it came."""
        if not isinstance(refusal, (RequestInProgress, StorageRefusal)):
            self._key, self._content = uuid4(), None


@dataclass(slots=True)
class Line:
    """One hold of the basket. `names` has one entry for each traveller of the party, empty where not typed. `kept`: it
    was an option until now."""

    hold: HoldView
    names: list[str] = field(default_factory=list)
    ended: bool = False
    refusal: Refusal | None = None
    kept: bool = False
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


class Draft(QObject):
    """The basket of one person before it is paid. Everything it starts runs in the background."""

    lines_changed = Signal()
    traveller_changed = Signal()
    held = Signal(object)
    """A `Line` that was just added."""
    hold_refused = Signal(object)
    """Seats could not be held: a `Refusal`."""
    refused = Signal(object)
    """The basket could not be sold as it is, or what was asked of a line could not be done: a `Refusal`."""
    seats_asked = Signal(object)
    """The numbered seats of a `Line` are to be chosen."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._services = cast(Services, context.services)
        self.lines: list[Line] = []
        self.traveller: TravellerRow | None = None
        self._hold_attempt = Attempt()

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

    def busy(self) -> str:
        """Why no seats can be added now, in words; empty if they can. A sale says more."""
        return ""

    def make_way(self) -> None:
        """Seats were held: what stood in the basket's place before goes. A sale says what."""

    def take_up(self, holds: Sequence[HoldView], *, kept: bool = False) -> None:
        """Put the person's own holds back into the basket, after they signed in; `kept` are those of an option."""
        there = {line.hold.id for line in self.lines}
        self.lines += [Line(hold, kept=kept) for hold in holds if hold.id not in there]
        self.lines_changed.emit()

    def hold(self, departure_id: UUID, party: Party, words: str, button: QAbstractButton) -> None:
        if why := self.busy():
            self.hold_refused.emit(WrongState(why, hint=self.tr("F2 begins with the next traveller.")))
            return
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
        self.make_way()
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

    def remove(self, line: Line) -> None:
        """Take a line out and give its seats back; the message offers to hold them again."""
        if line not in self.lines or self.busy():
            return
        self.lines.remove(line)
        self.lines_changed.emit()
        if line.ended:
            return
        actor, holds, hold = self._context.actor, self._services.holds, line.hold

        def undo() -> None:
            if self.busy():
                return
            self.make_way()
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

    def give_back_all(self) -> None:
        """Empty the basket; the message offers to hold the seats again, if nothing else is in it by then."""
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
            if not self.busy() and not self.lines:
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

    def hold_changed(self, event: HoldChanged) -> None:
        """Something happened to a hold, here or elsewhere."""
        line = next((line for line in self.lines if line.hold.id == event.aggregate_id), None)
        if (
            line is not None and event.state is HoldState.ACTIVE
        ):  # also while it is paid: a link keeps it longer
            line.hold = replace(line.hold, expires_at=event.expires_at)
        if line is None or self.busy():
            return
        if event.state in (HoldState.EXPIRED, HoldState.RELEASED):
            line.ended = True
        self.lines_changed.emit()

    # the traveller

    def choose(self, traveller: TravellerRow | None) -> None:
        self.traveller = traveller
        self.traveller_changed.emit()
