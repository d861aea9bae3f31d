"""Until when the seats of a line are kept, for whom, and when to remind: opens below the line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.desk.draft import Line
from travellr_desktop.ui.desk.keeping import KeepForm, Keeping
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.options.until import UntilFields
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note

NOTE_LENGTH = 500


class OptionForm(QWidget):
    """What is chosen and typed is kept in the `KeepForm` of the line."""

    def __init__(
        self, session: Session, line: Line, form: KeepForm, formats: Formats, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._line, self._form, self._formats = session, line, form, formats
        self._keeping: Keeping = session.keeping
        self.fields = UntilFields(formats)
        self.note_field = Field(self.tr("Note"), text=form.note, placeholder=self.tr("Calls back"))
        self.note_field.edit.setMaxLength(NOTE_LENGTH)
        self.refusal = Note("bad", "")
        self.refusal.hide()
        self.button = Button(self.tr("Keep as option"), icon="bookmark", key="Enter", height="control")
        self._cancel = Button(self.tr("Cancel"), Kind.QUIET, height="control")
        self._who = Label("", "small", "text_secondary", wrap=True)
        self._build()
        self.setFocusProxy(self.fields)
        self.fields.set_span(session.now, line.hold.cutoff_at, form.until)
        self.fields.remind.setCurrentIndex(max(min(form.remind, self.fields.remind.count() - 1), 0))
        self.fields.changed.connect(self._chosen)
        self.note_field.edited.connect(self._typed)
        self.note_field.entered.connect(self.keep)
        self.button.clicked.connect(self.keep)
        self._cancel.clicked.connect(lambda: self._keeping.close(line))
        self._keeping.refused.connect(self._refused)
        session.traveller_changed.connect(self.show_button)
        self.show_button()

    def keep(self) -> None:
        until = self.fields.until
        if until is None or not self.button.isEnabled():
            return
        self.refusal.hide()
        note = self.note_field.text()
        self._keeping.keep(self._line, until, self.fields.remind_at, note, self.button)

    def show_button(self) -> None:
        """For whom the seats are kept, and why they cannot be."""
        traveller: TravellerRow | None = self._session.traveller
        why = ""
        if self.fields.until is None:
            why = self.tr("Sales close too soon to keep the seats.")
        elif traveller is None:
            why = self.tr("Choose the traveller first, below.")
        if not self.button.busy:
            self.button.set_off(why or None)
        words = "" if traveller is None else self.tr("For {0}.").format(traveller.name)
        if self.fields.at_closing:
            words = f"{words} {self.tr('Sales close then.')}"
        self._who.setText(why or words)
        self._who.set_tone("wait" if why else "text_secondary")

    # inside

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 12)
        column.setSpacing(8)
        self.fields.add_beside(self.note_field)
        for part in (self.fields, self.refusal):
            column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.button)
        buttons.addWidget(self._cancel)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self._who)

    def _chosen(self) -> None:
        self._form.until, self._form.remind = self.fields.until, self.fields.remind.currentIndex()
        self.show_button()

    def _typed(self, text: str) -> None:
        self._form.note = text
        self.note_field.set_error(None)

    def _refused(self, line: Line, refusal: Refusal) -> None:
        if line is not self._line:
            return
        if refusal.field == "note":
            self.note_field.set_error(str(refusal))
            self.note_field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.refusal.say("bad", str(refusal), refusal.hint)
        self.refusal.show()
