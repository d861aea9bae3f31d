"""The forms of the screen: a traveller, new or changed, and a travel document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.places import countries, languages
from travellr_desktop.errors import Refusal
from travellr_desktop.services.travel_documents import DocumentKind, TravelDocumentDraft, TravelDocumentRow
from travellr_desktop.services.traveller_history import TravellerRecord
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.ui.day_text import day_of, typed_day
from travellr_desktop.ui.desk.draft import Attempt
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Pane, ScrollArea
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.travellers.words import DOCUMENTS

WIDEST = 640
"""Wider fields would only be emptier."""


class Choice(QWidget):
    """A drop-down list under its label, by codes; "" is the first and means nothing."""

    def __init__(self, label: str, choices: Mapping[str, str], none: str) -> None:
        super().__init__()
        self._codes = ["", *choices] if none else list(choices)
        names = [none, *choices.values()] if none else list(choices.values())
        self.combo = ComboBox(label, names)
        self.setFocusProxy(self.combo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label(label, "small_m", "text_secondary", elide=True))
        column.addWidget(self.combo)

    def value(self) -> str:
        return self._codes[max(self.combo.currentIndex(), 0)]

    def set_value(self, code: str) -> None:
        self.combo.setCurrentIndex(self._codes.index(code) if code in self._codes else 0)


class Form(Pane):
    """Fields in two columns, a message, and what is done with them. Ctrl+Enter saves, Esc goes back."""

    saved = Signal()
    """Save was pressed; whoever shows the form sends `draft()` with `key()`."""
    left = Signal()

    last_year = 0
    """Years of two digits are of the hundred years that end with it."""

    def __init__(self, locale: str, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._locale = locale
        self.attempt = Attempt()
        self.title = Label("", "title", elide=True)
        self.note = Note("bad", "")
        self.note.hide()
        self.save = Button(self.tr("Save"), Kind.PRIMARY, key="Ctrl+Enter", height="control_primary")
        self.cancel = Button(self.tr("Back"), Kind.QUIET, key="Esc", height="control_primary")
        self.save.clicked.connect(self.saved)
        self.cancel.clicked.connect(self.left)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(12)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.save)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        self._lines = QWidget()
        inner = QVBoxLayout(self._lines)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        inner.addWidget(self.title)
        inner.addLayout(self._grid)
        inner.addWidget(self.note)
        inner.addLayout(buttons)
        content = QWidget()
        content.setProperty("part", "scrolled")
        around = QGridLayout(content)
        around.setContentsMargins(16, 12, 16, 16)
        around.addWidget(self._lines, 0, 0)
        around.setColumnStretch(0, 100)
        around.setColumnStretch(1, 1)
        around.setRowStretch(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ScrollArea(content))
        Theme.current().changed.connect(self._fit)
        self._fit()
        self.fields: dict[str, Field] = {}
        self.choices: dict[str, Choice] = {}
        self._begun: tuple[tuple[str, str], ...] = ()

    def _fit(self) -> None:
        self._lines.setMaximumWidth(Theme.current().px(WIDEST))

    def place(self, part: QWidget, row: int, column: int, *, wide: bool = False) -> None:
        self._grid.addWidget(part, row, column, 1, 2 if wide else 1, Qt.AlignmentFlag.AlignTop)
        self.setTabOrder(
            part.focusProxy() or part, self.save
        )  # the last field so far, then what is done with them
        self.setTabOrder(self.save, self.cancel)

    def field(self, name: str, field: Field) -> Field:
        self.fields[name] = field
        field.entered.connect(self.save.click)
        field.edited.connect(lambda _text: field.set_error(None))
        return field

    def begun(self) -> None:
        """What stands here now is not what was typed."""
        self._begun = self.content()

    def content(self) -> tuple[tuple[str, str], ...]:
        """All that the form says, to know whether it says something else now."""
        fields = ((name, field.text()) for name, field in self.fields.items())
        choices = ((name, choice.value()) for name, choice in self.choices.items())
        return (*fields, *choices)

    @property
    def dirty(self) -> bool:
        """Whether something stands here that is not kept."""
        return self.content() != self._begun

    def empty(self) -> None:
        for field in self.fields.values():
            field.set_text("")
            field.set_error(None)
        self.note.hide()

    def refuse(self, refusal: Refusal) -> None:
        """Say it beside the field at fault, else below them all."""
        self.attempt.answered(refusal)
        field = self.fields.get(refusal.field or "")
        if field is None:
            self.note.say("bad", str(refusal), refusal.hint)
            self.note.show()
            return
        field.set_error(f"{refusal} {refusal.hint}".strip())
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def day(self, name: str) -> date | None:
        """The day typed into a field, None where there is nothing. Raises `InvalidInput` naming it."""
        text = self.fields[name].text()
        return day_of(text, self._locale, name, self.last_year) if text.strip() else None


class PersonForm(Form):
    """A traveller: new where `begin` is given no record."""

    def __init__(self, locale: str, parent: QWidget | None = None) -> None:
        super().__init__(locale, parent)
        self.traveller_id: UUID | None = None
        self.choices = {
            "language": Choice(self.tr("Language"), languages(locale), self.tr("Not known")),
            "country": Choice(self.tr("Country"), countries(locale), self.tr("Not known")),
        }
        self.place(self.field("name", Field(self.tr("Name"))), 0, 0, wide=True)
        self.place(self.field("phone", Field(self.tr("Phone"), placeholder="+382 67 555 214")), 1, 0)
        self.place(self.field("email", Field(self.tr("Email"), placeholder="name@example.org")), 1, 1)
        self.place(self.field("born", Field(self.tr("Born"), placeholder="14.3.1988")), 2, 0)
        self.place(self.choices["language"], 2, 1)
        self.place(self.field("address", Field(self.tr("Address"))), 3, 0)
        self.place(self.choices["country"], 3, 1)

    def begin(self, record: TravellerRecord | None, typed: str = "") -> None:
        """Empty fields, with what was typed in the search where it fits best, or those of a record."""
        self.empty()
        self.traveller_id = record.id if record is not None else None
        if record is None:
            self.title.setText(self.tr("New traveller"))
            self.save.set_words(self.tr("Add traveller"))
            for choice in self.choices.values():
                choice.set_value("")
            digits = sum(ch.isdigit() for ch in typed)
            which = "email" if "@" in typed else "phone" if digits > len(typed) / 2 else "name"
            self.fields[which].set_text(typed)
        else:
            self.title.setText(self.tr("Change {0}").format(record.name))
            self.save.set_words(self.tr("Save"))
            for name in ("name", "phone", "email", "address"):
                self.fields[name].set_text(getattr(record, name))
            self.fields["born"].set_text(typed_day(record.born, self._locale) if record.born else "")
            for name, choice in self.choices.items():
                choice.set_value(getattr(record, name))
        self.begun()
        self.fields["name"].edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def draft(self) -> TravellerDraft:
        """What was typed. Raises `InvalidInput` for a birthday that is no day."""
        return TravellerDraft(
            name=self.fields["name"].text(),
            email=self.fields["email"].text(),
            phone=self.fields["phone"].text(),
            born=self.day("born"),
            language=self.choices["language"].value(),
            address=self.fields["address"].text(),
            country=self.choices["country"].value(),
        )


class DocumentForm(Form):
    """A travel document of one traveller: new where `begin` is given none."""

    def __init__(self, locale: str, parent: QWidget | None = None) -> None:
        super().__init__(locale, parent)
        self.traveller_id: UUID | None = None
        self.document_id: UUID | None = None
        kinds = {kind.value: words for kind, words in DOCUMENTS.items()}
        self.choices = {
            "kind": Choice(self.tr("Document"), kinds, ""),
            "country": Choice(self.tr("Issued by"), countries(locale), self.tr("Not known")),
        }
        self.place(self.choices["kind"], 0, 0)
        self.place(self.field("number", Field(self.tr("Number"))), 0, 1)
        self.place(self.choices["country"], 1, 0)
        self.place(self.field("expires_on", Field(self.tr("Valid to"), placeholder="31.12.2030")), 1, 1)
        self.place(self.field("note", Field(self.tr("Note"))), 2, 0, wide=True)

    def begin(self, traveller_id: UUID, name: str, row: TravelDocumentRow | None) -> None:
        self.empty()
        self.traveller_id, self.document_id = traveller_id, row.id if row is not None else None
        title = self.tr("New document of {0}") if row is None else self.tr("Document of {0}")
        self.title.setText(title.format(name))
        self.choices["kind"].set_value(row.kind.value if row is not None else DocumentKind.PASSPORT.value)
        self.choices["country"].set_value(row.country if row is not None else "")
        if row is not None:
            self.fields["number"].set_text(row.number)
            self.fields["expires_on"].set_text(
                typed_day(row.expires_on, self._locale) if row.expires_on else ""
            )
            self.fields["note"].set_text(row.note)
        self.begun()
        self.choices["kind"].combo.setFocus(Qt.FocusReason.OtherFocusReason)

    def draft(self) -> TravelDocumentDraft:
        """What was typed. Raises `InvalidInput` for an end that is no day."""
        return TravelDocumentDraft(
            kind=DocumentKind(self.choices["kind"].value()),
            number=self.fields["number"].text(),
            country=self.choices["country"].value(),
            expires_on=self.day("expires_on"),
            note=self.fields["note"].text(),
        )
