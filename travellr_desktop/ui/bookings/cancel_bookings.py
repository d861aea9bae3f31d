"""What is to be cancelled or given back: the bookings of a sale, and where that is wished their travellers, each with a
check box and with what is kept of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import BookingState
from travellr_desktop.services.refund_asks import BookingRefund, LineRefund, RefundPreview
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.records.words import NOTHING, Words, count

_SPARED = frozenset({2, 3})
"""Columns that are left out where there is little room."""

_INDENT = 16
_TYPES = {TravellerType.ADULT: "adult", TravellerType.CHILD: "child", TravellerType.INFANT: "infant"}


@dataclass(frozen=True, slots=True)
class Picked:
    """What is ticked: `bookings` (None for all that stand) but for the travellers who stay."""

    bookings: frozenset[UUID] | None
    staying: frozenset[UUID] = frozenset()

    def of(self, whole: Iterable[BookingRefund]) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
        """The bookings, and the travellers where not all of them are meant; a booking all of whose travellers stay is
        not among them."""
        bookings, lines, everybody = [], [], True
        for booking in whole:
            if self.bookings is not None and booking.id not in self.bookings:
                continue
            going = [line.id for line in booking.lines if line.id not in self.staying]
            if booking.lines and not going:
                continue
            everybody = everybody and len(going) == len(booking.lines)
            bookings.append(booking.id)
            lines += going
        return tuple(bookings), () if everybody else tuple(lines)


class CancelBookings(Sheet):
    """The bookings of the sale that still stand; `show_travellers` sets their travellers below them."""

    chosen_changed = Signal()

    def __init__(self, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Bookings to cancel"),
            (
                SheetColumn(""),
                SheetColumn(self.tr("Booking"), stretch=4),
                SheetColumn(self.tr("Departs")),
                SheetColumn(self.tr("Paid"), trailing=True),
                SheetColumn(self.tr("What is kept, and why"), stretch=5),
                SheetColumn(self.tr("Kept"), trailing=True),
                SheetColumn(self.tr("Back"), trailing=True),
            ),
            row="row_two_line",
            parent=parent,
        )
        self._words, self._clock = words, clock
        self._boxes: dict[UUID, CheckBox] = {}
        self._travellers: dict[UUID, CheckBox] = {}
        self._staying: set[UUID] = set()
        self._by_traveller = False
        self._narrow = False
        self._last: tuple[RefundPreview, frozenset[UUID], bool] | None = None

    def begin(self) -> None:
        """Empty, and of whole bookings."""
        self.clear()
        self._boxes, self._travellers, self._last = {}, {}, None
        self._staying.clear()
        self._by_traveller = False

    def set_narrow(self, narrow: bool) -> None:
        """Where there is little room the departure stands below the booking, and what was paid in the ticket
        alone."""
        self._narrow = narrow
        if self.hide_columns(_SPARED if narrow else frozenset()):
            self._again()

    def show_travellers(self, on: bool) -> None:
        """Set the travellers of what is ticked below it, to choose some; or take all of them again."""
        self._by_traveller = on
        self._staying.clear()
        self._again()
        if on and self._travellers:
            next(iter(self._travellers.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        self.chosen_changed.emit()

    @property
    def by_traveller(self) -> bool:
        return self._by_traveller

    @property
    def chosen(self) -> tuple[UUID, ...]:
        """The bookings that are ticked, in the order of the sale."""
        return tuple(key for key, box in self._boxes.items() if box.isChecked())

    @property
    def picked(self) -> Picked:
        return Picked(frozenset(self.chosen), frozenset(self._staying))

    @property
    def boxes(self) -> dict[UUID, CheckBox]:
        return self._boxes

    @property
    def travellers(self) -> dict[UUID, CheckBox]:
        """The boxes of travellers that are shown."""
        return self._travellers

    def may_part(self) -> bool:
        """Whether some travellers of what is ticked could be chosen: of a pending booking all go."""
        if self._last is None:
            return False
        whole, chosen, done = self._last
        return not done and any(each.id in chosen and _divisible(each) for each in whole.bookings)

    def show_bookings(
        self,
        whole: RefundPreview,
        chosen: Collection[UUID],
        *,
        done: bool = False,
        figures: RefundPreview | None = None,
    ) -> None:
        """All of the sale, these ticked; `done`: nothing can be chosen any more. `figures` has the amounts of those
        that are ticked, where they are others than of the whole by the policy."""
        mine = {} if figures is None else {each.id: each for each in figures.bookings}
        whole = replace(whole, bookings=tuple(mine.get(each.id, each) for each in whole.bookings))
        self._last = (whole, frozenset(chosen), done)
        for booking in whole.bookings:
            if booking.id not in chosen:  # ticked anew, all of its travellers are meant
                self._staying -= {line.id for line in booking.lines}
        self._again()

    def choose_all(self) -> None:
        for box in self._boxes.values():
            box.setChecked(True)

    # building

    def _again(self) -> None:
        if self._last is None:
            return
        whole, chosen, done = self._last
        every = {**self._boxes, **self._travellers}
        at = next((key for key, box in every.items() if box.hasFocus()), None)
        self.clear()
        self._boxes, self._travellers = {}, {}
        for booking in whole.bookings:
            ticked = booking.id in chosen
            self._add(booking, ticked, done)
            if self._by_traveller and ticked and _divisible(booking):
                for line in booking.lines:
                    self._add_traveller(line, done)
        self._totals_of(whole, [booking for booking in whole.bookings if booking.id in chosen])
        every = {**self._boxes, **self._travellers}
        if at in every:
            every[at].setFocus()

    def _add(self, booking: BookingRefund, ticked: bool, done: bool) -> None:
        box = CheckBox("", checked=ticked)
        box.setAccessibleName(f"{booking.reference}, {booking.title}")
        box.setEnabled(not done)
        box.toggled.connect(lambda _on: self.chosen_changed.emit())
        self._boxes[booking.id] = box
        money = self._words.money
        quiet = "text" if ticked else "text_muted"
        why = booking.why if ticked else self.tr("Still travels")
        departs = self._words.departs(booking.starts_at, booking.zone, self._clock.now())
        self.add(
            (
                box,
                Says(
                    booking.reference,
                    booking.title,
                    departs if self._narrow else "",
                    quiet,
                    role="body_m",
                    reference=True,
                ),
                Says(departs, self._to_go(booking), tone=quiet),
                Says(money(booking.paid) if booking.paid.minor else NOTHING, tone=quiet, role="body_m"),
                Says(why, self._next(booking) if ticked and not done else "", tone=quiet),
                Says(money(booking.kept) if ticked else NOTHING, tone=quiet, role="body_m"),
                Says(money(booking.back) if ticked else NOTHING, tone=quiet, role="body_m"),
            )
        )

    def _add_traveller(self, line: LineRefund, done: bool) -> None:
        goes = line.id not in self._staying
        box = CheckBox("", checked=goes)
        box.setAccessibleName(line.name)
        box.setEnabled(not done)
        box.toggled.connect(lambda on, line_id=line.id: self._ticked(line_id, on))
        self._travellers[line.id] = box
        tone = "text" if goes else "text_muted"
        kind = _TYPES[line.type] if line.age is None else f"{_TYPES[line.type]}, {line.age}"
        money = self._words.money
        self.add(
            (
                None,
                _Named(box, line.name, tone),
                Says(kind, tone="text_secondary" if goes else tone),
                Says(money(line.paid), tone=tone, role="body_m"),
                None if goes else Says(self.tr("Still travels"), tone=tone),
                Says(money(line.kept) if goes else NOTHING, tone=tone, role="body_m"),
                Says(money(line.back) if goes else NOTHING, tone=tone, role="body_m"),
            ),
            short=True,
        )

    def _ticked(self, line_id: UUID, on: bool) -> None:
        if on:
            self._staying.discard(line_id)
        else:
            self._staying.add(line_id)
        self.chosen_changed.emit()

    def _totals_of(self, whole: RefundPreview, picked: list[BookingRefund]) -> None:
        currency = whole.paid.currency

        def total(amounts: list[Money]) -> Says:
            said = self._words.money(Money(sum(each.minor for each in amounts), currency))
            return Says(said, role="body_b")

        words = self.tr("{0} of {1}").format(
            len(picked), count(len(whole.bookings), self.tr("booking"), self.tr("bookings"))
        )
        self.add_total(
            (
                None,
                Says(words, role="body_b"),
                None,
                total([each.paid for each in picked]),
                None,
                total([each.kept for each in picked]),
                total([each.back for each in picked]),
            )
        )

    def _to_go(self, booking: BookingRefund) -> str:
        left = booking.starts_at - self._clock.now()
        if left <= timedelta(0):
            return self.tr("has left")
        hours = int(left.total_seconds()) // 3600
        if hours >= 24:
            return self.tr("{0} d {1} h to go").format(hours // 24, hours % 24)
        return self.tr("{0} h {1:02d} to go").format(hours, int(left.total_seconds()) % 3600 // 60)

    def _next(self, booking: BookingRefund) -> str:
        if booking.next_change is None or booking.next_back is None:
            return ""
        when = self._words.formats.when(booking.next_change, booking.zone)
        return self.tr("From {0}: {1} back").format(when, self._words.money(booking.next_back))


class _Named(QWidget):
    """A check box and whose it is, set in below the booking."""

    def __init__(self, box: CheckBox, name: str, tone: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addSpacing(_INDENT)
        row.addWidget(box)
        row.addWidget(Label(name, "body", tone, elide=True), 1)


def _divisible(booking: BookingRefund) -> bool:
    return len(booking.lines) > 1 and booking.state is not BookingState.PENDING
