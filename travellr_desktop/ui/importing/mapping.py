"""Which column of the file is what: a line for each thing that can be brought in, with what the first row says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from travellr_desktop.services.importing.columns import Field
from travellr_desktop.services.importing.service import Preview
from travellr_desktop.ui.importing.words import say
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.label import Label


class MappingTable(QWidget):
    """`changed` comes when a person says that another column holds something; what they said is `named`."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(2, 1)
        self.boxes: dict[str, ComboBox] = {}
        self.headings: dict[str, Label] = {}
        self._examples: dict[str, Label] = {}
        self._shown: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._said: dict[str, str] = {}

    def named(self) -> Mapping[str, str]:
        """By field the column that a person chose, "" for none; what was guessed is not in it."""
        return dict(self._said)

    def forget(self) -> None:
        """Another file: nothing was said of its columns yet."""
        self._said = {}

    def show_preview(self, fields: Sequence[Field], preview: Preview) -> None:
        names = tuple(field.name for field in fields)
        if (names, preview.header) != self._shown:
            self._shown = (names, preview.header)
            self._build(fields, preview.header)
        lacking = {field.name for field in preview.missing}
        needed = {field.name for field in preview.needed}
        first = preview.rows[0][1] if preview.rows else ()
        for field in fields:
            box, example = self.boxes[field.name], self._examples[field.name]
            heading = self.headings[field.name]
            heading.setText(f"{field.word} *" if field.name in needed else field.word)
            heading.set_role("body_m" if field.name in needed else "body")
            box.blockSignals(True)
            box.setCurrentIndex(preview.mapping.get(field.name, -1) + 1)
            box.blockSignals(False)
            at = preview.mapping.get(field.name)
            if field.name in lacking:
                example.setText(say("Needed: choose the column that holds it"))
                example.set_tone("bad")
            elif at is None:
                example.setText(say("for example {0}").format(field.example) if field.example else "")
                example.set_tone("text_muted")
            else:
                example.setText(first[at] if at < len(first) else "")
                example.set_tone("text_secondary")

    def _build(self, fields: Sequence[Field], header: Sequence[str]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.hide()
                part.deleteLater()
        self.boxes, self.headings, self._examples = {}, {}, {}
        for column, words in enumerate((say("What"), say("Column of the file"), say("First row"))):
            self._grid.addWidget(Label(words, "small_m", "text_secondary"), 0, column)
        for line, field in enumerate(fields, 1):
            heading = Label(field.word)
            box = ComboBox(field.word, [say("In no column"), *header])
            box.setMaximumWidth(240)
            box.activated.connect(lambda at, name=field.name: self._choose(name, at, header))
            example = Label("", "small", "text_secondary", elide=True)
            self.boxes[field.name], self._examples[field.name] = box, example
            self.headings[field.name] = heading
            self._grid.addWidget(heading, line, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(box, line, 1)
            self._grid.addWidget(example, line, 2)

    def _choose(self, name: str, at: int, header: Sequence[str]) -> None:
        self._said[name] = header[at - 1] if at > 0 else ""
        self.changed.emit()
