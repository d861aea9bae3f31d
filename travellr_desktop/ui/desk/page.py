"""What every page of an outcome has: content from the top, then what can be done next, the primary button first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal, TillNotOpen
from travellr_desktop.services.outcomes import SaleOutcome, SoldBooking
from travellr_desktop.services.sales import WayOffer
from travellr_desktop.ui.desk.outcome_parts import SoldLine
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider


class Desk(NamedTuple):
    """What every page is handed."""

    session: Session
    formats: Formats
    ways: tuple[WayOffer, ...]
    now: Callable[[], datetime]


class Page(QWidget):
    """Base of the outcomes: content from the top, then the primary button and the others below it.

    What the person asks for comes as signals; the desk does it.
    """

    pay = Signal(object)
    till_asked = Signal()
    release = Signal()
    read = Signal()
    next = Signal()
    again = Signal()
    extend = Signal(object)
    voucher = Signal(object)
    open_file = Signal(object)
    invoice = Signal()
    cancel_link = Signal(object)
    """The button that was pressed."""
    cancel_asking = Signal(object)
    """The same, of a card reader."""
    play = Signal(str, object)
    """Pay as the traveller would: the provider's name of a card, and the button that was pressed."""
    copied = Signal(str)
    """What was copied."""

    def __init__(self, desk: Desk, outcome: SaleOutcome, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.outcome = desk, outcome
        self.primary: Button | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.note = Note("bad", "")
        self.note.hide()
        self.refusal = Note("bad", "")
        self.refusal.acted.connect(self.till_asked)
        self.refusal.hide()
        self.saved = Note("ok", "", icon="file-text")
        self.saved.hide()
        self.saved.acted.connect(self._open)
        self._paths: tuple[Path, ...] = ()
        self.fill()

    def fill(self) -> None:
        """Make the content. Overridden."""

    def refuse(self, refusal: Refusal) -> None:
        """Why what was asked could not be done, above the buttons."""
        action = self.tr("Open the till") if isinstance(refusal, TillNotOpen) else ""
        self.refusal.say("bad", str(refusal), refusal.hint, action=action)
        self.refusal.show()

    def set_paying(self, paying: bool) -> None:
        """While a payment runs nothing else is offered. Overridden where something is."""

    def choose_number(self, number: int) -> bool:
        """What a digit does here; says whether it does anything."""
        return False

    def set_low(self, low: bool) -> None:
        """Less room. Overridden where something gives way."""

    def copy(self) -> bool:
        """What Ctrl+C does here; says whether it does anything."""
        return False

    def show_saved(self, paths: tuple[Path, ...]) -> None:
        """Where the vouchers are."""
        self._paths = paths
        first = self.tr("{0} is saved").format(paths[0].name)
        if len(paths) > 1:
            first = self.tr("{0} vouchers are saved").format(len(paths))
        self.saved.say("ok", first, str(paths[0].parent), icon="file-text", action=self.tr("Open"))
        self.saved.show()

    def _open(self) -> None:
        for path in self._paths:
            self.open_file.emit(path)

    # pieces

    def money(self) -> str:
        return self.desk.formats.money(self.outcome.total)

    def say(self, tone: str, first: str, second: str, *, icon: str = "") -> None:
        self.note.say(tone, first, second, icon=icon)
        self.column.addWidget(self.note)
        self.note.show()

    def title(self, words: str) -> None:
        self.column.addWidget(Label(words, "small_m", "text_secondary"))

    def buttons(self, primary: Button, others: Sequence[Button]) -> None:
        self.column.addWidget(self.saved)
        self.column.addWidget(self.refusal)
        self.column.addSpacing(4)
        self.primary = primary
        self.column.addWidget(primary)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in others:
            row.addWidget(button, 1)
        self.column.addLayout(row)

    def next_button(self) -> Button:
        button = Button(self.tr("Next traveller"), key="F2", height="control_decision")
        button.clicked.connect(self.next)
        return button

    def lines(self, *, vouchers: bool, states: bool = True) -> None:
        for at, booking in enumerate(self.outcome.bookings):
            if at:
                self.column.addWidget(Divider())
            on_voucher = self._voucher if vouchers else None
            self.column.addWidget(
                SoldLine(booking, self.desk.formats, with_state=states, on_voucher=on_voucher)
            )

    def _voucher(self, booking: SoldBooking) -> None:
        self.voucher.emit((booking,))
