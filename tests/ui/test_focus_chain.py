"""Walking Qt's order of Tab does not change who owns what."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QTableView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from travellr_desktop.ui.focus_chain import following


def test_what_follows_a_widget_outlives_it(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    first, second, table = QPushButton("a"), QPushButton("b"), QTableView()
    for widget in (first, second, table):
        column.addWidget(widget)
    viewport = table.viewport()
    passed: list[QWidget] = [first]
    while (found := following(passed[-1])) is not None and found is not first:
        passed.append(found)
    assert passed[1] is second
    assert window in passed
    assert viewport in passed
    assert following(second, back=True) is first

    second.deleteLater()
    qtbot.waitUntil(lambda: not isValid(second))
    assert following(first) is table
    assert isValid(table)
    assert isValid(viewport)
    assert isValid(window)
    assert viewport.isVisibleTo(window)


def test_the_window_is_given_back_too(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(only := QPushButton("a"))
    assert following(only) is window
    only.deleteLater()
    qtbot.waitUntil(lambda: not isValid(only))
    assert isValid(window)
    assert window.isWindow()
