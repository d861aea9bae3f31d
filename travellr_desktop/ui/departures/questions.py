"""What is asked before a departure is changed: closing its manifest, stopping its sales, other seats."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.board import BoardRow
from travellr_desktop.services.manifest_rows import Manifest
from travellr_desktop.ui.departures import words as say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.note import Note

MOST_SEATS = 10_000


def close_question(formats: Formats, manifest: Manifest, parent: QWidget) -> Decision:
    """What closing a manifest does, before it is done: it cannot be taken back."""
    closing = manifest.closing
    time = formats.time(manifest.starts_at, manifest.zone)
    question = Decision(
        f"Close the manifest of {manifest.title}, {time}?",
        verb="Close the manifest",
        keep="Not yet",
        second="Check-ins cannot be changed after that. The vendor earns every booking on it.",
        kind=Kind.PRIMARY,
        parent=parent,
    )
    travelled = closing.here + closing.unsaid
    question.rows.add(
        f"Travelled, {say.count(closing.completed, 'booking', 'bookings')}",
        say.travellers(travelled),
        strong=True,
    )
    if closing.unsaid:
        question.rows.add("of whom nobody said they came", say.travellers(closing.unsaid), tone="wait")
    question.rows.add(
        f"No-show, {say.count(closing.no_show, 'booking', 'bookings')}", say.travellers(closing.absent)
    )
    if closing.unpaid:
        question.rows.add(
            "Not paid, stays open", say.count(closing.unpaid, "booking", "bookings"), tone="wait"
        )
    for owed in manifest.due:
        question.rows.add("Stays owed", formats.money(owed), tone="wait")
    return question


class _Asks(Decision):
    """A decision with one field, and a place for what was wrong with it. It stays open until it is done."""

    def __init__(
        self, question: str, *, verb: str, keep: str, second: str, field: Field, parent: QWidget
    ) -> None:
        super().__init__(question, verb=verb, keep=keep, second=second, kind=Kind.PRIMARY, parent=parent)
        self.field = field
        self.note = Note("bad", "")
        self.note.hide()
        self.body.addWidget(field)
        self.body.addWidget(self.note)
        field.edited.connect(lambda _text: field.set_error(None))
        field.entered.connect(self.act.click)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.edit.selectAll()

    def refuse(self, refusal: Refusal) -> None:
        """It was not done: why, beside what was asked."""
        self.set_busy(None)
        self.note.say("bad", str(refusal), refusal.hint)
        self.note.show()
        self.adjustSize()


class StopQuestion(_Asks):
    """Why a departure is not sold any more."""

    def __init__(self, formats: Formats, row: BoardRow, parent: QWidget) -> None:
        time = formats.time(row.starts_at, row.zone)
        on_it = "Nobody is booked on it."
        if row.bookings:
            on_it = f"{say.count(row.bookings, 'booking', 'bookings')}, {say.travellers(row.pax)}: they stay booked."
        super().__init__(
            f"Stop the sales of {row.title}, {time}?",
            verb="Stop sales",
            keep="Go on selling",
            second=on_it,
            field=Field("Reason", placeholder="Wind, said the skipper"),
            parent=parent,
        )

    @property
    def reason(self) -> str:
        return self.field.text().strip()


class SeatsQuestion(_Asks):
    """How many seats a departure has."""

    def __init__(self, formats: Formats, row: BoardRow, parent: QWidget) -> None:
        time = formats.time(row.starts_at, row.zone)
        taken = row.sold + row.held + row.yours
        field = Field("Seats", text=str(row.capacity), unit="seats")
        field.edit.setValidator(QIntValidator(1, MOST_SEATS, field.edit))
        super().__init__(
            f"How many seats has {row.title}, {time}?",
            verb="Save",
            keep="Leave it",
            second=f"{say.count(taken, 'seat is', 'seats are')} sold or held of {row.capacity}.",
            field=field,
            parent=parent,
        )

    @property
    def seats(self) -> int:
        """What was typed; 0 for nothing."""
        text = self.field.text().strip()
        return int(text) if text.isdecimal() else 0
