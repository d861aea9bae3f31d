"""The program as a person starts it, on a profile of its own, with a real hub to come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.central_hub import HubPlace
from helpers.gui_thread import off_gui
from helpers.rest import at_rest, until
from travellr_desktop.app import LateServices
from travellr_desktop.config import Settings
from travellr_desktop.logs import start_logging
from travellr_desktop.paths import Profile
from travellr_desktop.services.central.door import Address, SignIn
from travellr_desktop.ui.main import Opened
from travellr_desktop.ui.shell.window import Window
from travellr_desktop.ui.shell.workspace import Workspace

T = TypeVar("T")


def told_sign_in(place: HubPlace, name: str) -> SignIn:
    """What an administrator hands out for a new desk."""
    made = place.sign_in(name)
    address = Address("127.0.0.1", place.central.server.port, place.central.name, made.login)
    return SignIn(address, made.password, insecure=True)


@dataclass
class Started:
    """A program with its window. `off` does what the test itself asks of the services, on a thread of its own."""

    qtbot: QtBot
    opened: Opened
    late: LateServices

    @property
    def window(self) -> Window:
        return self.opened.window

    @property
    def work(self) -> Workspace:
        assert self.window.workspace is not None
        return self.window.workspace

    def off(self, work: Callable[[], T]) -> T:
        return off_gui(work)

    def until(self, holds: Callable[[], object]) -> None:
        until(self.qtbot, holds)

    def quiet(self) -> None:
        at_rest(self.qtbot, lambda: self.opened.background.running)

    def focus(self) -> QWidget:
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.focus(), text)

    def to_the_form(self) -> None:
        """From the first field of a new agency to that of an invitation, by keys."""
        door = self.window.door
        self.until(door.first.isVisible)
        door.first.central.setFocus(Qt.FocusReason.TabFocusReason)
        self.until(door.first.central.hasFocus)
        self.key(Qt.Key.Key_Space)
        self.until(door.join.form.where.edit.hasFocus)

    def paste(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def sign_in(self, email: str, password: str) -> None:
        door = self.window.door
        self.until(door.sign_in.isVisible)
        door.sign_in.email.set_text(email)
        door.sign_in.password.set_text(password)
        door.sign_in.submit()
        self.until(lambda: self.window.workspace is not None)


@contextmanager
def started(qtbot: QtBot, folder: Path) -> Iterator[Started]:
    """A program on the profile in `folder`, as `travellr` starts it; closed down to the last thread at the end."""
    profile = Profile.at(folder).make()
    settings = Settings.model_construct(locale="en_GB", theme="light")
    journal = start_logging(profile)
    late = LateServices(profile, settings, journal)
    opened = Opened(late, settings, profile, reopen=late.reopen)
    try:
        with qtbot.waitActive(opened.window):
            opened.window.show()
            opened.window.activateWindow()
        yield Started(qtbot, opened, late)
    finally:
        opened.close()
        off_gui(late.close)
        journal.close()
