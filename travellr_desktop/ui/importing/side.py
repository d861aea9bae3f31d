"""What is brought in, and from which file: the left of the import."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.services.importing.service import ENCODINGS, Preview
from travellr_desktop.ui.importing.words import KINDS, rows, say
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.choices import CheckBox, RadioButton
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, Facts, Pane
from travellr_desktop.ui.theme import Theme


class ImportSide(Pane):
    """`file_asked` wants a file; `changed` comes when something else is to be brought in, or read otherwise.

    `by_hand`: what the file holds was said by the person since the last file, so its columns are not asked."""

    file_asked = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", edges=("right",), parent=parent)
        self.kinds = {kind: RadioButton(say(word)) for kind, (word, _icon) in KINDS.items()}
        self.kinds[ImportKind.VENDORS].setChecked(True)
        self.by_hand = False
        self.choose = Button(say("Choose a file"), icon="file-text", key="Ctrl+O")
        self.choose.clicked.connect(self.file_asked)
        self.name = Label("", "body_m", elide=True)
        self.facts = Facts(columns=1)
        self._rows = self.facts.add(say("Rows"), "–")
        self._separator = self.facts.add(say("Columns are parted by"), "–")
        found = [("", say("Found out by itself")), *ENCODINGS.items()]
        self.encoding = Choice(say("Letters are written as"), found)
        self.update_there = CheckBox(say("Change what is there already"))
        self._update_words = Label(
            say("Found by its code, or a traveller by email or phone and name. Else it is left as it is."),
            "small",
            "text_secondary",
            wrap=True,
        )
        self._build()
        for button in self.kinds.values():
            button.toggled.connect(lambda on: self._said() if on else None)
        self.update_there.toggled.connect(self.changed)
        self.encoding.box.activated.connect(self.changed)
        self.show_preview(None)
        self._retheme()
        Theme.current().changed.connect(self._retheme)

    @property
    def kind(self) -> ImportKind:
        return next(kind for kind, button in self.kinds.items() if button.isChecked())

    def show_kind(self, kind: ImportKind) -> None:
        """What the columns of the file say that it holds."""
        self.kinds[kind].blockSignals(True)  # nobody has said it
        self.kinds[kind].setChecked(True)
        self.kinds[kind].blockSignals(False)
        if any(button.hasFocus() for button in self.kinds.values()):
            self.kinds[kind].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_preview(self, preview: Preview | None) -> None:
        """What was found of the file; None before there is one."""
        for part in (self.name, self.facts, self.encoding):
            part.setVisible(preview is not None)
        if preview is None:
            return
        self.name.setText(preview.order.path.name)
        self._rows.setText(rows(preview.total))
        words = {",": say("commas"), ";": say("semicolons"), "\t": say("tabs"), "|": say("bars")}
        self._separator.setText(words.get(preview.separator, preview.separator))
        if not preview.order.encoding:
            found = ENCODINGS.get(preview.encoding, preview.encoding)
            self.encoding.box.setItemText(0, say("{0}, found out").format(found))

    def _said(self) -> None:
        self.by_hand = True
        self.changed.emit()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(Label(say("What the file holds"), "title"))
        for button in self.kinds.values():
            column.addWidget(button)
        column.addSpacing(4)
        column.addWidget(Divider())
        column.addSpacing(4)
        column.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.name)
        column.addWidget(self.facts)
        column.addWidget(self.encoding)
        column.addSpacing(4)
        column.addWidget(self.update_there)
        column.addWidget(self._update_words)
        column.addStretch(1)

    def _retheme(self) -> None:
        self.setFixedWidth(Theme.current().px(260))
