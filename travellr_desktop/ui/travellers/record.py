"""One traveller: who they are, figures, history, notes and documents. All of it scrolls as one."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.credit import CreditView
from travellr_desktop.services.debts import OpenBooking
from travellr_desktop.services.kept_cards import KeptCard
from travellr_desktop.services.notes import NoteRow
from travellr_desktop.services.registry import Services
from travellr_desktop.services.travel_documents import TravelDocumentRow
from travellr_desktop.services.traveller_history import TravellerRecord
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.mark import Avatar
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.pane import Divider, Facts, Pane, ScrollArea
from travellr_desktop.ui.records.words import NOTHING
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.travellers.cards import Cards
from travellr_desktop.ui.travellers.credit import Credit
from travellr_desktop.ui.travellers.extras import Documents, Notes
from travellr_desktop.ui.travellers.history import History
from travellr_desktop.ui.travellers.owed import Owed
from travellr_desktop.ui.travellers.words import PeopleWords


class FactLines(QWidget):
    """What is known, title before value, in two columns; long values wrap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 5)
        self._grid.setColumnStretch(3, 3)
        self._values: dict[str, Label] = {}

    def add(self, key: str, title: str, row: int, column: int, *, wide: bool = False) -> None:
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(Label(title, "body", "text_secondary"), row, 2 * column, top)
        value = Label("", "body", wrap=True)
        self._values[key] = value
        self._grid.addWidget(value, row, 2 * column + 1, 1, 3 if wide else 1, top)

    def say(self, **values: str) -> None:
        for key, value in values.items():
            self._values[key].setText(value or NOTHING)
            self._values[key].set_tone("text" if value and value != NOTHING else "text_muted")


class RecordPane(Pane):
    """`show_record` fills it. What is asked for comes as signals; the screen does it."""

    new_booking_asked = Signal()
    edit_asked = Signal()
    merge_asked = Signal()
    """Merge with a record that the person looks for."""
    alike_asked = Signal()
    """Show who is likely the same."""
    split_asked = Signal(object)
    """The id of a merge."""

    def __init__(
        self,
        services: Services,
        actor: Actor,
        words: PeopleWords,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("surface", parent=parent)
        self._words = words
        self.record: TravellerRecord | None = None
        self.history = History(services, actor, words, clock)
        self.notes = Notes(words, clock)
        self.documents = Documents(words)
        self.cards = Cards(words)
        self.credit = Credit(words)
        self.owed = Owed(words)
        self._build()

    def _build(self) -> None:
        self._avatar = Avatar("–")
        self._name = Label("", "title", elide=True)
        self.new_booking = Button(self.tr("New booking"), icon="plus", key="F2")
        self.more = IconButton("ellipsis", self.tr("More"), Kind.PLAIN, height="control")
        self.new_booking.clicked.connect(self.new_booking_asked)
        self.more.clicked.connect(self._offer)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 12, 8)
        head.setSpacing(8)
        head.addWidget(self._avatar)
        head.addWidget(self._name, 1)
        head.addWidget(self.new_booking)
        head.addWidget(self.more)
        self._facts = FactLines()
        lines = (
            ("phone", self.tr("Phone"), 0, 0),
            ("email", self.tr("Email"), 1, 0),
            ("born", self.tr("Born"), 2, 0),
            ("language", self.tr("Language"), 0, 1),
            ("country", self.tr("Country"), 1, 1),
            ("since", self.tr("Since"), 2, 1),
        )
        for key, title, at, side in lines:
            self._facts.add(key, title, at, side)
        self._facts.add("address", self.tr("Address"), 3, 0, wide=True)
        self._figures = Facts(columns=4)
        self._bookings = self._figures.add(self.tr("Bookings"), "")
        self._booked = self._figures.add(self.tr("Booked"), "", wrap=True)
        self._kept = self._figures.add(self.tr("Paid, not given back"), "", wrap=True)
        self._back = self._figures.add(self.tr("Given back"), "", wrap=True)
        content = QWidget()
        content.setProperty("part", "scrolled")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(0)
        for part in (self._facts, self._figures):
            inset = QVBoxLayout()
            inset.setContentsMargins(16, 4 if part is self._facts else 12, 16, 12)
            inset.addWidget(part)
            column.addLayout(inset)
            column.addWidget(Divider())
        self._open = QVBoxLayout()
        self._open.setContentsMargins(16, 12, 16, 12)
        self._open.addWidget(self.owed)
        column.addLayout(self._open)
        column.addWidget(self.history)
        for extra in (self.notes, self.documents, self.credit, self.cards):
            inset = QVBoxLayout()
            inset.setContentsMargins(16, 20, 16, 0)
            inset.addWidget(extra)
            column.addLayout(inset)
        column.addStretch(1)
        self.scroll_area = ScrollArea(content)
        self._scrolling = QTimer(self, singleShot=True, interval=0)  # once the field has its place
        self._scrolling.timeout.connect(
            lambda: self.scroll_area.ensureWidgetVisible(self.notes.field, 0, Theme.current().px(24))
        )
        self.notes.begun.connect(self._scrolling.start)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.scroll_area, 1)

    # filling

    def show_record(
        self,
        record: TravellerRecord,
        notes: tuple[NoteRow, ...],
        documents: tuple[TravelDocumentRow, ...],
        cards: tuple[KeptCard, ...] = (),
        credit: CreditView | None = None,
        owed: tuple[OpenBooking, ...] = (),
    ) -> None:
        """Another traveller, or the same read again: then what was scrolled to stays in sight."""
        same = self.record is not None and self.record.id == record.id
        self.record = record
        words = self._words
        self._avatar.set_name(record.name)
        self._name.setText(record.name)
        self._facts.say(
            phone=record.phone,
            email=record.email,
            born=words.born(record.born, record.age),
            language=words.language(record.language),
            country=words.country(record.country),
            since=words.moment(record.created_at),
            address=record.address,
        )
        self._bookings.setText(f"{record.bookings:,}")
        self._booked.setText(words.sums(record.money, "booked"))
        self._kept.setText(words.sums(record.money, "left"))
        self._back.setText(words.sums(record.money, "back"))
        self.owed.setVisible(bool(owed))  # of most there is nothing
        edge = 12 if owed else 0
        self._open.setContentsMargins(16, edge, 16, edge)
        self.owed.show_owed(record.id, owed)
        self.history.show_of(record.id)
        self.notes.show_notes(record.id, notes)
        self.documents.show_documents(record.id, documents)
        self.cards.setVisible(bool(cards))  # few have any
        self.cards.show_cards(record.id, cards)
        self.credit.setVisible(credit is not None and bool(credit.lines))
        if credit is not None:
            self.credit.show_credit(record.id, credit)
        if not same:
            self.scroll_area.verticalScrollBar().setValue(0)

    @property
    def shown_id(self) -> UUID | None:
        return self.record.id if self.record is not None else None

    def focus_first(self) -> None:
        self.new_booking.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_down(self) -> None:
        self.history.close_down()

    # all there is

    def menu(self) -> Menu:
        """What can be done with this record."""
        record, menu = self.record, Menu(self.tr("Traveller"), self)
        menu.add(self.tr("Change"), self.edit_asked.emit, icon="pencil")
        menu.add(self.tr("Add a note"), self.notes.begin, icon="bookmark")
        menu.add(self.tr("Add a document"), self.documents.add_asked.emit, icon="file-text")
        if record is None:
            return menu
        if record.alike:
            menu.add(self.tr("Who is likely the same"), self.alike_asked.emit, icon="copy")
        menu.add(self.tr("Merge with another record"), self.merge_asked.emit, icon="git-merge")
        for number, merged in enumerate(record.merged):
            words = self.tr("Split off {0}, merged {1}").format(
                merged.name[:40], self._words.moment(merged.at)
            )
            off = self.tr("Split off what was merged later first.") if number else ""
            menu.add(words, partial(self.split_asked.emit, merged.merge_id), icon="split", off=off)
        return menu

    def _offer(self) -> None:
        self.menu().popup_below(self.more)
