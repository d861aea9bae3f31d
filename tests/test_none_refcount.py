"""Some PySide6 releases lose references to None on Python 3.10 and 3.11, and the program dies minutes later."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

ROUNDS = 2_000
SLACK = 200  # what caches and fixtures may let go of meanwhile; a lost reference a round is ten times as much


class Caller(QObject):
    said = Signal(object)


class Quiet(QWidget):
    """Every way a method of ours hands None to Qt."""

    def paintEvent(self, event: QPaintEvent) -> None:
        return None

    def changeEvent(self, event: QEvent) -> None:
        return None


class Blank(QAbstractTableModel):
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 50

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 10

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        return None


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_qt_never_loses_references_to_none(qtbot: QtBot) -> None:
    caller, widget, table, model = Caller(), Quiet(), QTableView(), Blank()
    heard: list[object] = []
    caller.said.connect(heard.append)
    table.setModel(model)
    for shown in (widget, table):
        qtbot.addWidget(shown)
        shown.show()
    qtbot.waitExposed(table)
    before = sys.getrefcount(None)
    for _ in range(ROUNDS):
        caller.said.emit(None)
        QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
        widget.repaint()
        model.index(0, 0).data(Qt.ItemDataRole.DisplayRole)
        caller.setProperty("nothing", None)
        caller.property("nothing")
    table.viewport().repaint()
    heard.clear()
    assert before - sys.getrefcount(None) < SLACK
