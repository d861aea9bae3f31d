"""The panel beside a journal: one line in full, and what was written down, to copy."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from travellr_desktop.ui.activity.record import Record
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.pane import Facts, Section
from travellr_desktop.ui.say import Say
from travellr_desktop.ui.theme import Theme


class RecordPanel(DetailPanel):
    """`written` heads what was written down, `copy` is the word on the button, `wrap` breaks its lines."""

    def __init__(
        self,
        name: str,
        say: Say,
        *,
        written: str,
        copy: str,
        wrap: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self._say = say
        self._record: Record | None = None
        self._written, self._wrap = written, wrap
        self.copy = Button(copy, icon="copy")
        self.copy.clicked.connect(self.copy_record)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(written)
        mode = QPlainTextEdit.LineWrapMode
        self.text.setLineWrapMode(mode.WidgetWidth if wrap else mode.NoWrap)
        self._dress()
        Theme.current().changed.connect(self._dress)

    def show_record(self, record: Record | None) -> None:
        """Show a line; the same line again changes nothing, so that a selection in the text stays."""
        if record is None or record == self._record:
            return
        self._record = record
        for kept in (self.copy, self.text):
            kept.setParent(None)
        self.clear()
        self.set_head(record.what, person=record.when)
        self.action_row.addWidget(self.copy)
        self.action_row.addStretch(1)
        facts = Facts(columns=1)
        for title, value in record.facts:
            facts.add(title, value, wrap=True)
        self.add(facts)
        section = Section(self._written, quiet=True)
        self.text.setPlainText(record.record)
        section.body.addWidget(self.text)
        self.add(section)
        self.copy.show()
        self.text.show()

    def copy_record(self) -> None:
        if self._record is not None:
            QGuiApplication.clipboard().setText(self._record.record)
            self._say.finished(self.tr("Copied"))

    def _dress(self) -> None:
        theme = Theme.current()
        self.text.setFont(theme.font("small"))
        self.text.setMinimumHeight(theme.px(260 if self._wrap else 320))
