"""Where a menu opens."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from helpers.rest import until
from travellr_desktop.ui.parts.menu import EDGE, Menu
from travellr_desktop.ui.theme import Theme


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard")
def test_a_menu_keeps_off_the_sides_of_its_window(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 400)
    button = QPushButton("More", window)
    button.setGeometry(540, 20, 60, 30)
    window.show()
    menu = Menu("More", window)
    menu.add("Check everybody in", lambda: None)
    menu.popup_below(button)
    until(qtbot, menu.isVisible)
    right = window.mapToGlobal(window.rect().topRight()).x() + 1
    assert menu.geometry().right() + 1 <= right - EDGE
    assert menu.geometry().left() > window.mapToGlobal(window.rect().topLeft()).x()
    menu.close()
