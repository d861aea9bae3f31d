"""The program's window on a vendor's own file, with its person signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSettings, QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import PASSWORD, Desk
from helpers.gui_thread import may_block
from helpers.office import Office, OpenServices
from helpers.vendor_place import VendorPlace
from travellr_desktop.app import station
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bridge import Bridge
from travellr_desktop.ui.screens import SCREENS, SEARCHES
from travellr_desktop.ui.shell.window import Window
from travellr_desktop.ui.shell.workspace import Program
from travellr_desktop.ui.theme import Mode, Theme


@contextmanager
def own_window(qtbot: QtBot, vendors: VendorPlace, mode: Mode = Mode.LIGHT) -> Iterator[Office]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(mode=mode, reduced_motion=True)
    theme.apply(application)
    with may_block():
        program = vendors.own.program
        signed_in = program.services.users.sign_in("nikola@travellr.example", PASSWORD)
        where = station(program.services, program.profile)
    who = signed_in.actor
    desk = Desk(program, vendors.place.clock, who, who, vendors.two.own.vendor, {})
    background, bridge = Background(), Bridge(program.services.bus)
    memory = QSettings(str(program.profile.window), QSettings.Format.IniFormat)
    shown = Program(OpenServices(desk), background, bridge, theme, memory, desk.clock, SCREENS, SEARCHES)
    window = Window(shown, station=lambda: where)
    window.resize(QSize(1440, 900))
    office = Office(qtbot, window, desk, background, memory)
    try:
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        window.door.signed_in.emit(signed_in)
        office.quiet()
        yield office
    finally:
        window.close()
        assert background.shutdown(5)
        bridge.close()
        window.deleteLater()
