"""All keys, on `?`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.actions import MOVES, NEW_KEY, SPECS, Act, Actions, Group
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, ScrollArea
from travellr_desktop.ui.shell.overlay import Overlay
from travellr_desktop.ui.theme import Theme

WIDTH, COLUMN = 1120, 300
"""Of the whole panel, and the least of a column."""
MOST_COLUMNS = 3
EDGE, GAP = 20, 32

Line = tuple[list[str], str]
"""The caps of a key, and what it does."""


class KeysHelp(Overlay):
    """Every key of these groups that works, by what it is for, in as many columns as there is room for; and a switch
    for the single letters."""

    def __init__(self, parent: QWidget, actions: Actions, groups: Sequence[Group] = tuple(Group)) -> None:
        super().__init__(parent, width=WIDTH, rises=True)
        self._actions, self._groups = actions, groups
        self._columns = 0
        head = QHBoxLayout()
        head.setContentsMargins(EDGE, 14, 12, 10)
        self.close_button = Button(self.tr("Close"), key="Esc", parent=self.panel)
        self.close_button.clicked.connect(self.close_over)
        head.addWidget(Label(self.tr("All keys"), "title", parent=self.panel))
        head.addStretch(1)
        head.addWidget(self.close_button)
        self.body.addLayout(head)
        self.body.addWidget(Divider(tone="border", parent=self.panel))
        self._scroll = ScrollArea(QWidget(), self.panel)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(Divider(tone="border", parent=self.panel))
        foot = QHBoxLayout()
        foot.setContentsMargins(EDGE, 10, EDGE, 12)
        self.single = CheckBox(self.tr("Single letters work as keys"), parent=self.panel)
        self.single.toggled.connect(actions.set_single_letters)
        foot.addWidget(self.single)
        foot.addWidget(
            Label(
                self.tr("Switch them off if a screen reader needs the letters."),
                "small",
                "text_secondary",
                wrap=True,
                parent=self.panel,
            ),
            1,
        )
        self.body.addLayout(foot)
        for part in (self.close_button, self.single):
            part.installEventFilter(self)
        actions.changed.connect(self._refill)

    def open(self) -> None:
        self._columns = 0  # keys and words are those of now
        super().open()
        self.close_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def fit_panel(self, width: int) -> None:
        """One, two or three columns; those there stay while their number does."""
        theme = Theme.current()
        room = width - 2 * EDGE + GAP
        columns = max(1, min(MOST_COLUMNS, room // (theme.px(COLUMN) + GAP)))
        if columns != self._columns:
            self._columns = columns
            self._fill()

    def panel_height(self) -> int:
        content = self._scroll.widget()
        layout = content.layout() if content is not None else None
        wide = min(Theme.current().px(WIDTH), self.width() - 32) - 2
        inner = layout.totalHeightForWidth(wide) if layout is not None else 0
        around = self.body.sizeHint().height() - self._scroll.sizeHint().height()
        return inner + around

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What does not fit is read by the arrows, which buttons would take."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            bar = self._scroll.verticalScrollBar()
            steps = {
                Qt.Key.Key_Down: bar.singleStep(),
                Qt.Key.Key_Up: -bar.singleStep(),
                Qt.Key.Key_PageDown: bar.pageStep(),
                Qt.Key.Key_PageUp: -bar.pageStep(),
                Qt.Key.Key_End: bar.maximum(),
                Qt.Key.Key_Home: -bar.maximum(),
            }
            if event.key() in steps:
                bar.setValue(bar.value() + steps[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

    def _refill(self) -> None:
        if self.isVisible():
            self._columns = 0
            self._place()

    def _fill(self) -> None:
        self.single.setChecked(self._actions.single_letters)
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setContentsMargins(EDGE, 14, EDGE, 16)
        columns.setSpacing(GAP)
        told = [(self.tr(group.value), lines) for group in self._groups if (lines := self._lines(group))]
        for part in _shared_out([len(lines) + 1 for _title, lines in told], self._columns):
            column = QVBoxLayout()
            column.setSpacing(16)
            for title, lines in told[part.start : part.stop]:
                column.addLayout(self._group(title, lines, content))
            column.addStretch(1)
            columns.addLayout(column, 1)
        before = self._scroll.takeWidget()
        if before is not None:
            before.deleteLater()
        self._scroll.setWidget(content)
        content.setAutoFillBackground(False)

    def _group(self, title: str, lines: Sequence[Line], parent: QWidget) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(Label(title, "small_m", "text_secondary", parent=parent), 0, 0, 1, 2)
        for row, (caps, words) in enumerate(lines, 1):
            grid.addWidget(Label(words, "body", wrap=True, parent=parent), row, 0)
            box = QHBoxLayout()
            box.setSpacing(4)
            box.addStretch(1)
            for cap in caps:
                between = cap == "–"
                box.addWidget(
                    Label(cap, "small", "text_secondary", parent=parent) if between else KeyCap(cap, parent)
                )
            grid.addLayout(box, row, 1)
        return grid

    def _lines(self, group: Group) -> list[Line]:
        lines = [(caps.split(), self.tr(words)) for caps, words in MOVES] if group is Group.MOVE else []
        if group is Group.LIST:
            lines.append(([NEW_KEY], self.tr("Add to this list")))
        for act, spec in SPECS.items():
            keys = self._actions.keys(act)
            if spec.group is not group or not keys or keys[0] == NEW_KEY:
                continue
            if act is Act.PAY_1:
                lines.append((["Alt+1", "–", "Alt+7"], self.tr("Choose a way to pay by its number")))
            elif not Act.PAY_1 < act <= Act.PAY_7:
                lines.append(([keys[0]], self.tr(spec.help)))
        return lines


def _shared_out(lengths: Sequence[int], columns: int) -> list[range]:
    """Which of the groups, so long each, stand in which column: in their order, the longest column the shortest."""
    count = len(lengths)
    ways = (
        [range(start, stop) for start, stop in pairwise((0, *cuts, count))]
        for cuts in combinations(range(1, count), min(columns, count) - 1)
    )
    return min(ways, key=lambda parts: max(sum(lengths[at] for at in part) for part in parts))
