"""All keys, on `?`."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.actions import MOVES, SPECS, Act, Actions, Group
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, ScrollArea
from travellr_desktop.ui.shell.overlay import Overlay

WIDTH = 720


class KeysHelp(Overlay):
    """Every key that works, by what it is for, in two columns; and a switch for the single letters."""

    def __init__(self, parent: QWidget, actions: Actions) -> None:
        super().__init__(parent, width=WIDTH)
        self._actions = actions
        head = QHBoxLayout()
        head.setContentsMargins(20, 14, 12, 10)
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
        foot.setContentsMargins(20, 10, 20, 12)
        self.single = CheckBox(self.tr("Single letters work as keys"), parent=self.panel)
        self.single.toggled.connect(actions.set_single_letters)
        foot.addWidget(self.single)
        foot.addWidget(
            Label(
                self.tr("Switch them off if a screen reader needs the letters."),
                "small",
                "text_secondary",
                elide=True,
                parent=self.panel,
            ),
            1,
        )
        self.body.addLayout(foot)
        actions.changed.connect(self._refill)

    def open(self) -> None:
        self._fill()
        super().open()
        self.close_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def panel_height(self) -> int:
        content = self._scroll.widget()
        inner = content.sizeHint().height() if content is not None else 0
        return inner + 120

    def _refill(self) -> None:
        if self.isVisible():
            self._fill()
            self._place()

    def _fill(self) -> None:
        self.single.setChecked(self._actions.single_letters)
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setContentsMargins(20, 14, 20, 16)
        columns.setSpacing(32)
        groups = list(Group)
        for half in (groups[:1] + groups[3:], groups[1:3]):
            column = QVBoxLayout()
            column.setSpacing(16)
            for group in half:
                column.addLayout(self._group(group, content))
            column.addStretch(1)
            columns.addLayout(column, 1)
        before = self._scroll.takeWidget()
        if before is not None:
            before.deleteLater()
        self._scroll.setWidget(content)
        content.setAutoFillBackground(False)

    def _group(self, group: Group, parent: QWidget) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(Label(self.tr(group.value), "small_m", "text_secondary", parent=parent), 0, 0, 1, 2)
        lines = [(self.tr(words), caps) for caps, words in self._lines(group)]
        for row, (words, caps) in enumerate(lines, 1):
            grid.addWidget(Label(words, "body", elide=True, parent=parent), row, 0)
            box = QHBoxLayout()
            box.setSpacing(4)
            box.addStretch(1)
            for cap in caps:
                box.addWidget(KeyCap(cap, parent))
            grid.addLayout(box, row, 1)
        return grid

    def _lines(self, group: Group) -> list[tuple[list[str], str]]:
        lines = [(caps.split(), words) for caps, words in MOVES] if group is Group.MOVE else []
        ways = False
        for act, spec in SPECS.items():
            keys = self._actions.keys(act)
            if spec.group is not group or not keys:
                continue
            if Act.PAY_1 <= act <= Act.PAY_7:
                if not ways:
                    lines.append((["Alt+1", "Alt+7"], "Choose a way to pay by its number"))
                ways = True
            else:
                lines.append(([keys[0]], spec.help))
        return lines
