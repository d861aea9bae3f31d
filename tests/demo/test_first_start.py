"""The first start's button: the demonstration is made in a folder of its own, and the window goes there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.demo import TINY
from travellr_desktop.app import LateServices
from travellr_desktop.config import Settings
from travellr_desktop.demo.mark import AGENT, PASSWORD, demo_profile, read_mark
from travellr_desktop.demo.place import open_for_window
from travellr_desktop.logs import start_logging
from travellr_desktop.paths import Profile
from travellr_desktop.ui.main import Opened


@pytest.mark.usefixtures("gui_thread")
def test_the_demonstration_is_opened_from_the_first_start(qtbot: QtBot, tmp_path: Path) -> None:
    own = Profile.at(tmp_path / "own").make()
    settings = Settings.model_construct()
    journal = start_logging(own, "INFO")
    services = LateServices(own, settings, journal)
    opened = Opened(
        services,
        settings,
        own,
        open_demo=lambda task: open_for_window(own, task, services.move_to, size=TINY),
    )
    try:
        window = opened.window
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        qtbot.waitUntil(window.door.first.isVisible)
        window.door.first.demo.setFocus()
        qtbot.keyClick(window.door.first.demo, Qt.Key.Key_Space)
        qtbot.waitUntil(window.door.sign_in.isVisible, timeout=60_000)
        card = window.door.sign_in
        assert (card.email.text(), card.password.text()) == (AGENT, PASSWORD)
        assert PASSWORD in card.note.text()
        qtbot.keyClick(card.password.edit, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.workspace is not None, timeout=10_000)
        qtbot.waitUntil(lambda: not opened.background.running, timeout=10_000)
        window.sign_out()
        assert PASSWORD in card.note.text()
        qtbot.waitUntil(lambda: not opened.background.running, timeout=10_000)
    finally:
        opened.close()
        services.close()
        journal.close()
    assert read_mark(demo_profile(own)) is not None
    assert read_mark(own) is None
