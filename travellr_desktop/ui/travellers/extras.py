"""Notes and travel documents below the history of a traveller."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.notes import NoteRow
from travellr_desktop.services.travel_documents import TravelDocumentRow
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.field import Field, Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Section
from travellr_desktop.ui.travellers.words import DOCUMENTS, PeopleWords


class Line(QWidget):
    """Icon, words, a second line, and what can be done with it at the end."""

    def __init__(self, icon: str, title: str, second: str, tone: str, buttons: Sequence[QWidget]) -> None:
        super().__init__()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(title, "body", wrap=True))
        if second:
            words.addWidget(Label(second, "small", tone, wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        top = Qt.AlignmentFlag.AlignTop
        mark = QVBoxLayout()
        mark.setContentsMargins(0, 2, 0, 0)
        mark.addWidget(Glyph(icon, tone))
        mark.addStretch(1)
        row.addLayout(mark)
        row.addLayout(words, 1)
        for button in buttons:
            row.addWidget(button, 0, top)
        self.setAccessibleName(", ".join(part for part in (title, second) if part))


class Lines(Section):
    """A section whose lines are made anew when they have changed, and only then."""

    def __init__(self, title: str, action: Button | None, none: str) -> None:
        super().__init__(title, action=action)
        self._first = () if action is None else (action,)
        self._none = none
        self._shown: object = None
        self.lines = QVBoxLayout()
        self.lines.setSpacing(10)
        self.body.addLayout(self.lines)

    def refill(self, shown: object, lines: Sequence[QWidget]) -> None:
        while (taken := self.lines.takeAt(0)) is not None:
            if (old := taken.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._shown = shown
        for line in lines or (Label(self._none, "body", "text_secondary", wrap=True),):
            self.lines.addWidget(line)
        stops = (*self._first, *(button for line in lines for button in line.findChildren(IconButton)))
        for one, other in pairwise(stops):
            self.setTabOrder(one, other)  # they are new, and would come last


class Notes(Lines):
    """`added(traveller, text)`, `removed(note)`. A new one is typed in place: Enter keeps it, Esc does not."""

    added = Signal(object, str)
    removed = Signal(object)
    begun = Signal()
    """The field is there to be typed in."""

    def __init__(self, words: PeopleWords, clock: Clock) -> None:
        action = Button(self.tr("Note"), Kind.LINK, icon="plus", height="control_small")
        super().__init__(self.tr("Notes"), action, self.tr("Nothing noted."))
        self.action = action
        self._words, self._clock = words, clock
        self._traveller: UUID | None = None
        self.field = Field(
            self.tr("New note"), placeholder=self.tr("Sits at the front, gets seasick"), key="Enter"
        )
        self.field.hide()
        self.body.insertWidget(0, self.field)
        action.clicked.connect(self.begin)
        self.field.entered.connect(self.enter)
        self.field.edited.connect(lambda _text: self.field.set_error(None))
        self.field.edit.installEventFilter(self)

    def show_notes(self, traveller_id: UUID, notes: Sequence[NoteRow]) -> None:
        if traveller_id != self._traveller:
            self._traveller = traveller_id
            self.close_field()
        shown = (traveller_id, tuple(notes))
        if shown != self._shown:
            self.refill(shown, [self._line(note) for note in notes])

    def begin(self) -> None:
        self.field.show()
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.begun.emit()

    def close_field(self) -> None:
        """The note was kept, or is not wanted."""
        had_focus = self.field.edit.hasFocus()
        self.field.set_text("")
        self.field.set_error(None)
        self.field.hide()
        if had_focus:
            self.action.setFocus(Qt.FocusReason.OtherFocusReason)

    def enter(self) -> None:
        if self._traveller is not None:
            self.added.emit(self._traveller, self.field.text())

    def _line(self, note: NoteRow) -> Line:
        buttons = []
        if note.mine:
            remove = IconButton("x", self.tr("Remove the note"), height="target")
            remove.clicked.connect(partial(self.removed.emit, note.id))
            buttons.append(remove)
        second = f"{note.by} · {self._words.stamp(note.at, self._clock.now())}"
        return Line("bookmark", note.text, second, "text_secondary", buttons)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.close_field()
                return True
        return super().eventFilter(watched, event)


class Documents(Lines):
    """Passports and the like; one that does not last until a booked trip is said."""

    add_asked = Signal()
    change_asked = Signal(object)
    """A `TravelDocumentRow`."""
    removed = Signal(object)
    """Its id."""

    def __init__(self, words: PeopleWords) -> None:
        action = Button(self.tr("Document"), Kind.LINK, icon="plus", height="control_small")
        super().__init__(self.tr("Travel documents"), action, self.tr("No documents."))
        self.action = action
        self._words = words
        action.clicked.connect(self.add_asked)

    def show_documents(self, traveller_id: UUID, documents: Sequence[TravelDocumentRow]) -> None:
        shown = (traveller_id, tuple(documents))
        if shown != self._shown:
            self.refill(shown, [self._line(row) for row in documents])

    def _line(self, row: TravelDocumentRow) -> Line:
        title, second, tone = self._words.document(row)
        change = IconButton("pencil", self.tr("Change {0}").format(DOCUMENTS[row.kind]), height="target")
        remove = IconButton("x", self.tr("Remove {0}").format(DOCUMENTS[row.kind]), height="target")
        change.clicked.connect(partial(self.change_asked.emit, row))
        remove.clicked.connect(partial(self.removed.emit, row.id))
        icon = "file-warning" if tone == "wait" else "file-text"
        return Line(icon, title, second, tone, (change, remove))
