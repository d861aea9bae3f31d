"""The menus of a list: values of a filter, columns to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.tables.column_layout import ColumnLayout
from travellr_desktop.ui.tables.columns import Column


class ChoiceMenu(Menu):
    """A menu that goes when it is closed; one that `stays` is open while several lines are ticked, by a click or with
    Space."""

    def __init__(self, name: str, parent: QWidget, *, stays: bool = False) -> None:
        super().__init__(name, parent)
        self._stays = stays
        self.aboutToHide.connect(self.deleteLater)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action: QAction | None = self.actionAt(event.position().toPoint())  # Qt's stubs leave the None out
        if self._stays and action is not None and action.isCheckable():
            action.trigger()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action: QAction | None = self.activeAction()
        if self._stays and event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.trigger()
            return
        super().keyPressEvent(event)


class ColumnMenu(ChoiceMenu):
    """Columns to show, and the sort, for those who have no pointer. `sorted_by` is the key of the column the list is
    sorted by."""

    def __init__(
        self,
        columns: Sequence[Column[Any]],
        layout: ColumnLayout,
        sorted_by: str,
        on_sort: Callable[[Column[Any]], object],
        parent: QWidget,
    ) -> None:
        super().__init__("", parent, stays=True)
        self.setAccessibleName(self.tr("Columns"))
        for column in columns:
            crowded = layout.crowded_out(column.key)
            words = self.tr("{0} (no room now)").format(column.title) if crowded else column.title
            action = self.addAction(words)
            action.setCheckable(True)
            action.setChecked(layout.shown(column.key))
            action.triggered.connect(lambda on, key=column.key: layout.show(key, on))
        self.addSeparator()
        sort = Menu(self.tr("Sort by"), self)
        sort.setTitle(self.tr("Sort by"))
        for column in columns:
            if column.sortable:
                action = sort.addAction(column.title)
                action.setCheckable(True)
                action.setChecked(column.key == sorted_by)
                action.triggered.connect(lambda _=False, column=column: on_sort(column))
        self.addMenu(sort)
        self.addAction(self.tr("Columns as they were")).triggered.connect(layout.reset)
