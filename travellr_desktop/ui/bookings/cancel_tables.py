"""What cancelling does, in tables: the bookings with what is kept of each, every balance, the ledger's entries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.services.refund_asks import BookingRefund, RefundPreview
from travellr_desktop.services.what_if import BalanceChange, EntryPreview
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.records.words import NOTHING, Words, count

_MONEY_ROWS = {("Till", "Cash"), ("Card payments", "With the provider")}
_BELOW = "bad"
_SPARED = frozenset({2, 3})
"""Columns of the bookings that are left out where there is little room."""


class CancelBookings(Sheet):
    """The bookings of the sale that still stand, each with a check box and what is kept of it."""

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
        self._narrow = False
        self._last: tuple[RefundPreview, frozenset[UUID], bool] | None = None

    def set_narrow(self, narrow: bool) -> None:
        """Where there is little room the departure stands below the booking, and what was paid in the ticket
        alone."""
        self._narrow = narrow
        if self.hide_columns(_SPARED if narrow else frozenset()) and self._last is not None:
            whole, chosen, done = self._last
            self.show_bookings(whole, chosen, done=done)

    @property
    def chosen(self) -> tuple[UUID, ...]:
        """The bookings that are ticked, in the order of the sale."""
        return tuple(key for key, box in self._boxes.items() if box.isChecked())

    @property
    def boxes(self) -> dict[UUID, CheckBox]:
        return self._boxes

    def show_bookings(
        self,
        whole: RefundPreview,
        chosen: Collection[UUID],
        *,
        done: bool = False,
        figures: RefundPreview | None = None,
    ) -> None:
        """All of the sale, these ticked; `done`: nothing can be chosen any more. `figures` has the amounts of those
        that are ticked, where they are others than by the policy."""
        mine = {} if figures is None else {each.id: each for each in figures.bookings}
        whole = replace(whole, bookings=tuple(mine.get(each.id, each) for each in whole.bookings))
        at = next((key for key, box in self._boxes.items() if box.hasFocus()), None)
        self.clear()
        self._last = (whole, frozenset(chosen), done)
        self._boxes = {}
        for booking in whole.bookings:
            self._add(booking, booking.id in chosen, done)
        picked = [booking for booking in whole.bookings if booking.id in chosen]
        self._totals_of(whole, picked)
        if at in self._boxes:
            self._boxes[at].setFocus()

    def choose_all(self) -> None:
        for box in self._boxes.values():
            box.setChecked(True)

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


class Moves(Protocol):
    """What is shown of what a cancellation or a change does to the books."""

    @property
    def balances(self) -> tuple[BalanceChange, ...]: ...
    @property
    def entries(self) -> tuple[EntryPreview, ...]: ...
    @property
    def back(self) -> Money: ...


class Balances(QWidget):
    """Every party's balance before and after, what is owed above what the money is in."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.sheet = Sheet(
            self.tr("Every balance, before and after"),
            (
                SheetColumn(self.tr("Whose balance"), stretch=1),
                SheetColumn(self.tr("Before"), trailing=True),
                SheetColumn(self.tr("Change"), trailing=True),
                SheetColumn(self.tr("After"), trailing=True),
            ),
            row="row_two_line",
        )
        self._proof = Proof()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sheet)
        column.addWidget(self._proof)
        column.addStretch(1)

    def show_balances(self, preview: Moves | None) -> None:
        self.sheet.clear()
        rows = preview.balances if preview is not None else ()
        owed, money = [r for r in rows if not _is_money(r)], [r for r in rows if _is_money(r)]
        for row in owed:
            self._add(row)
        for number, row in enumerate(money):
            self._add(row, line_above=number == 0)
        self._proof.setVisible(bool(rows))
        if preview is not None:
            changes = [
                Money(sum((r.after - r.before).minor for r in part), preview.back.currency)
                for part in (owed, money)
            ]
            self._proof.say(
                self._words.signed(changes[0]), self._words.signed(changes[1]), changes[0] == changes[1]
            )

    def _add(self, row: BalanceChange, *, line_above: bool = False) -> None:
        below = row.after.minor < 0
        owes = below and row.whose != "Agency"  # what the agency has spent is nobody's debt
        note = self.tr("{0}: below zero, carried").format(row.note) if owes else row.note
        change = row.after - row.before
        self.sheet.add(
            (
                Says(row.whose, note, second_tone=_BELOW if owes else "text_secondary"),
                Says(self._words.money(row.before), role="body_m"),
                Says(self._words.signed(change) if change.minor else NOTHING, role="body_m"),
                Says(self._words.money(row.after), tone=_BELOW if below else "text", role="body_m"),
            ),
            line_above=line_above,
        )


class Proof(Pane):
    """The line that proves both sides of the balances."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("subtle", edges=("bottom",), parent=parent)
        self._owed, self._money = Label("", "body_b"), Label("", "body_b")
        self._agree = Label("", "small", "text_secondary", elide=True)
        self._tick = Glyph("circle-check", "ok", "icon_small")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 5)
        row.setSpacing(6)
        row.addWidget(Label(self.tr("Owed and earned"), "small", "text_secondary"))
        row.addWidget(self._owed)
        row.addSpacing(8)
        row.addWidget(Label(self.tr("Money"), "small", "text_secondary"))
        row.addWidget(self._money)
        row.addSpacing(8)
        row.addWidget(self._tick)
        row.addWidget(self._agree, 1)

    def say(self, owed: str, money: str, agree: bool) -> None:
        self._owed.setText(owed)
        self._money.setText(money)
        self._agree.setText(self.tr("both sides agree") if agree else self.tr("the sides differ"))
        self._tick.set("circle-check" if agree else "circle-x", "ok" if agree else "bad")


class Entries(Sheet):
    """What is written in the ledger, from which account to which."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Written in the ledger"),
            (SheetColumn(self.tr("From, to"), stretch=1), SheetColumn(self.tr("Amount"), trailing=True)),
            parent=parent,
        )
        self._words = words

    def show_entries(self, entries: tuple[EntryPreview, ...]) -> None:
        self.clear()
        for entry in entries:
            out_of, into = _account(entry.debit), _account(entry.credit)
            words = self.tr("{0} to {1}").format(out_of[0].upper() + out_of[1:], into)
            self.add((Says(words), Says(self._words.money(entry.amount), role="body_m")))


def _account(account: Account) -> str:
    return "Stripe" if account is Account.STRIPE else account.value.replace("_", " ").lower()


def _is_money(row: BalanceChange) -> bool:
    return (row.whose, row.note) in _MONEY_ROWS
