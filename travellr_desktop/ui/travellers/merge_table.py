"""The two records side by side: a row a field, and whose of the two stands after the merge."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.services.merging import MergeField, Side, Value
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.choices import RadioButton
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.travellers.words import FIELDS


class _Radio(RadioButton):
    """Gives way: what does not fit is in the tooltip."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(48), super().sizeHint().height())


class _Cell(QWidget):
    """One value, with a line before and below it; the chosen one is filled."""

    def __init__(self, part: QWidget, *, edge: bool, fill: str = "") -> None:
        super().__init__()
        self.part, self._edge, self._fill = part, edge, fill
        row = QHBoxLayout(self)
        row.setContentsMargins(12 if edge else 16, 4, 8, 5)
        row.addWidget(part)
        self.setMinimumHeight(Theme.current().size("row"))
        if isinstance(part, RadioButton):
            part.toggled.connect(lambda _on: self.update())
        Theme.current().changed.connect(self._retheme)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        chosen = isinstance(self.part, RadioButton) and self.part.isChecked()
        fill = "selection" if chosen else self._fill
        with QPainter(self) as painter:
            if fill:
                painter.fillRect(self.rect(), theme.colour(fill))
            line = theme.colour("divider")
            painter.fillRect(0, self.height() - 1, self.width(), 1, line)
            if self._edge:
                painter.fillRect(paint.leading(self, QRect(0, 0, 1, self.height())), line)

    def _retheme(self) -> None:
        self.setMinimumHeight(Theme.current().size("row"))
        self.update()


class MergeTable(QWidget):
    """`chosen(field, side)` when another radio is on. Fields that are the same are muted and have none, nor has a side
    that says nothing: what only one of the two knows is kept."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._groups: list[QButtonGroup] = []
        self.radios: dict[tuple[str, Side], RadioButton] = {}
        self._shown: object = None
        Theme.current().changed.connect(self._columns)
        self._columns()

    def _columns(self) -> None:
        self._grid.setColumnMinimumWidth(0, Theme.current().px(88))
        for column in (1, 2):
            self._grid.setColumnStretch(column, 1)

    def show_fields(
        self,
        heads: Sequence[tuple[str, str]],
        fields: Sequence[MergeField],
        says: Callable[[str, Value], str],
    ) -> None:
        """`heads` are the titles of the two records and a second line each; `says` writes a field's value."""
        shown = (tuple(heads), tuple((each.name, each.kept, each.other) for each in fields))
        if shown == self._shown:
            for each in fields:
                if (radio := self.radios.get((each.name, each.choice))) is not None:
                    radio.setChecked(True)
            return
        self._shown = shown
        self._clear()
        self._grid.addWidget(
            _Cell(Label("Keep", "small_m", "text_secondary"), edge=False, fill="subtle"), 0, 0
        )
        for column, (title, second) in enumerate(heads, 1):
            head = QWidget()
            words = QVBoxLayout(head)
            words.setContentsMargins(0, 2, 0, 2)
            words.setSpacing(0)
            words.addWidget(Label(title, "small_m", elide=True))
            words.addWidget(Label(second, "small", "text_secondary", elide=True))
            self._grid.addWidget(_Cell(head, edge=True, fill="subtle"), 0, column)
        for row, each in enumerate(fields, 1):
            name = Label(FIELDS[each.name], "body", "text_secondary")
            self._grid.addWidget(_Cell(name, edge=False), row, 0)
            self._add(row, each, says)

    def _add(self, row: int, field: MergeField, says: Callable[[str, Value], str]) -> None:
        group = QButtonGroup(self)
        self._groups.append(group)
        sides: tuple[tuple[Side, Value], ...] = (("kept", field.kept), ("other", field.other))
        for column, (side, value) in enumerate(sides, 1):
            words = says(field.name, value)
            if field.same or not value:
                self._grid.addWidget(
                    _Cell(Label(words, "body", "text_muted", elide=True), edge=True), row, column
                )
                continue
            radio = _Radio(words)
            radio.setAccessibleName(f"{FIELDS[field.name]}: {words}")
            radio.setChecked(side == field.choice)
            radio.toggled.connect(lambda on, side=side: self._tell(field.name, side, on))
            group.addButton(radio)
            self.radios[field.name, side] = radio
            self._grid.addWidget(_Cell(radio, edge=True), row, column)

    def _tell(self, name: str, side: str, on: bool) -> None:
        if on:
            self.chosen.emit(name, side)

    def _clear(self) -> None:
        self.radios.clear()
        for group in self._groups:
            group.deleteLater()
        self._groups.clear()
        while (taken := self._grid.takeAt(0)) is not None:
            if (old := taken.widget()) is not None:
                old.hide()
                old.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for radio in self.radios.values():
            radio.setToolTip(radio.text())

    def focus_first(self) -> bool:
        """Put the focus on the first choice; says whether there is one."""
        for radio in self.radios.values():
            if radio.isChecked():
                radio.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
        return False
