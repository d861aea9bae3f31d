"""Parts of the panel of a booking: its travellers with those who left, what was taken off, its notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.services.booking_views import AskedBack, BookingDetail, DiscountRow
from travellr_desktop.services.notes import NoteRow
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import MoneyRows, Section
from travellr_desktop.ui.records import words as say
from travellr_desktop.ui.records.dispute_note import why_no_refund
from travellr_desktop.ui.records.words import Words


def _say(text: str) -> str:
    return QCoreApplication.translate("BookingPanel", text)


class TravellersPart(QWidget):
    """Who goes, by type, and below them, muted, who was cancelled and what was kept."""

    def __init__(self, detail: BookingDetail, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        standing = [line for line in detail.lines if line.ended_at is None]
        row = 0
        for who, names, total in say.grouped(standing):
            if row:
                grid.setRowMinimumHeight(row - 1, 8)
            amount = Label(words.money(total), "body_m", align=Qt.AlignmentFlag.AlignRight)
            amount.setAccessibleName(f"{who} {words.money(total)}")
            grid.addWidget(Label(who, "body_m"), row, 0)
            grid.addWidget(amount, row, 1)
            grid.addWidget(Label(names, "small", "text_secondary", wrap=True), row + 1, 0)
            row += 3
        for line in detail.lines:
            if line.ended_at is None:
                continue
            if row:
                grid.setRowMinimumHeight(row - 1, 8)
            when = self.tr("Cancelled {0}").format(words.day(line.ended_at))
            kept = self.tr("{0} kept").format(words.money(line.kept)) if line.kept.minor else ""
            grid.addWidget(Label(line.name, "body", "text_muted", wrap=True), row, 0)
            grid.addWidget(Label(kept, "small", "text_muted", align=Qt.AlignmentFlag.AlignRight), row, 1)
            grid.addWidget(Label(when, "small", "text_muted", wrap=True), row + 1, 0)
            row += 3


def add_discounts(rows: MoneyRows, detail: BookingDetail, words: Words) -> None:
    """What was taken off, above the total that it made less."""
    for discount in detail.discounts:
        if discount.amount.minor:
            rows.add(discount_words(discount), words.signed(-discount.amount), quiet=True)


def discount_words(discount: DiscountRow) -> str:
    """`Discount 10 %, They come each year`."""
    name = say.share_words("Discount", discount.bps) if discount.bps else "Discount"
    return f"{name}, {discount.reason}"


def notes_section(
    notes: Sequence[NoteRow],
    words: Words,
    now: datetime,
    *,
    add: Callable[[], None],
    remove: Callable[[UUID], None],
) -> Section:
    """The notes of a booking, newest first, and the way to another."""
    button = Button("Add note", Kind.QUIET, icon="plus", key="N", height="control_small")
    button.clicked.connect(add)
    section = Section("Notes", action=button)
    if not notes:
        section.body.addWidget(Label("Nothing was noted.", "small", "text_muted"))
    for note in notes:
        section.body.addWidget(_note(note, words, now, remove))
    return section


def _note(note: NoteRow, words: Words, now: datetime, remove: Callable[[UUID], None]) -> QWidget:
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 4)
    row.setSpacing(8)
    lines = QVBoxLayout()
    lines.setSpacing(0)
    lines.addWidget(Label(note.text, "body", wrap=True))
    lines.addWidget(Label(f"{note.by} · {words.stamp(note.at, now)}", "small", "text_secondary", wrap=True))
    row.addLayout(lines, 1)
    if note.mine:
        gone = IconButton("x", f"Take this note back: {note.text[:40]}")
        gone.clicked.connect(lambda: remove(note.id))
        row.addWidget(gone, 0, Qt.AlignmentFlag.AlignTop)
    return whole


class NoteDialog(Decision):
    """Asks for the words of a note; `text` has them."""

    def __init__(self, reference: str, parent: QWidget) -> None:
        super().__init__(
            f"Note on {reference}", verb="Keep the note", keep="Not now", kind=Kind.PRIMARY, parent=parent
        )
        self.field = Field("What is worth knowing", placeholder="Comes with a wheelchair")
        self.body.addWidget(self.field)
        self.act.set_off("Type the note first.")
        self.field.edited.connect(self._typed)

    @property
    def text(self) -> str:
        return self.field.text().strip()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self, _text: str) -> None:
        self.act.set_off(None if self.text else "Type the note first.")


def unknown_note(sale: SaleOutcome, words: Words) -> Note:
    """That nobody knows whether a sale is paid, when it is looked at again, and what not to do."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("BookingPanel", text)

    when = tr("It is read again by itself.")
    if sale.next_read_at is not None:
        at = words.formats.time(sale.next_read_at, words.formats.zone)
        when = tr("It is read again by itself at {0}.").format(at)
    return Note(
        "unknown",
        tr("We do not know yet whether the card was charged."),
        f"{when} {tr('The seats stay held. Do not take the money another way.')}",
    )


def offer_refund(menu: Menu, detail: BookingDetail, asked: Callable[[], object]) -> None:
    """Of a booking that has been, or was cancelled, money can still be given back."""
    if detail.can_refund and detail.timeline:
        menu.addSeparator()
        off = why_no_refund(detail.dispute) or ""
        menu.add(_say("Give money back…"), asked, icon="undo-2", off=off)


def asked_back_note(
    asked: AskedBack, words: Words, now: datetime, take_back: Callable[[UUID], object]
) -> Note:
    """A refund that waits for a second person; who asked may take it back."""
    first = _say("{0} to be given back waits for a colleague.").format(words.money(asked.amount))
    by = _say("you") if asked.mine else asked.by
    second = _say("Asked for by {0}, {1}. Nothing has moved.").format(by, words.stamp(asked.at, now))
    note = Note("wait", first, second, action=_say("Take it back") if asked.mine else "")
    note.acted.connect(lambda: take_back(asked.order_id))
    return note


def failed_note(money: str, again: Callable[[], object], off: str | None = None) -> Note:
    """A refund that came back: it is owed, and can be sent once more, unless `off` says why not now."""
    note = Note(
        "bad",
        _say("{0} could not be given back.").format(money),
        _say("It is still owed to the traveller. Send it once more, or agree on another way."),
        action=_say("Try again"),
    )
    note.acted.connect(again)
    note.button.set_off(off)
    return note
