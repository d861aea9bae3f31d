"""The pictures of a desk among several: coming to a central database, what waits between desks, on and off line.

What is on them is a real hub's: made by `towns`, on a Postgres that is there for as long as it takes.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from travellr_desktop.config import Settings
from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.desk import DemoDesk, open_desk
from travellr_desktop.demo.desk_shots import STORY
from travellr_desktop.demo.hub_server import DATABASE, HOST, NoServer, hub_server
from travellr_desktop.demo.mark import DemoSignIn
from travellr_desktop.demo.office_shots import ADMIN
from travellr_desktop.demo.photographer import Photographer
from travellr_desktop.demo.player import CTRL
from travellr_desktop.demo.stage import at_window
from travellr_desktop.demo.towns import Towns, away, come_together, fall_out, in_touch, sell_some
from travellr_desktop.demo.walk import Walk
from travellr_desktop.paths import Profile
from travellr_desktop.services.central.address import invitation
from travellr_desktop.services.central.door import Address, Arrived, Progress, SignIn
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.views import EntryKind, InboxEntry
from travellr_desktop.sync.late import LateCentral
from travellr_desktop.ui.central.screen import CentralScreen
from travellr_desktop.ui.settings.central import CentralSection
from travellr_desktop.ui.settings.screen import SettingsScreen
from travellr_desktop.ui.shell.window import Window

FIRST = {
    EntryKind.FIELD: "conflicts",
    EntryKind.REFUSED: "conflicts-refused",
    EntryKind.PARKED: "conflicts-parked",
}
"""The pictures of what waits, each of the first entry of its kind."""
HALF = 0.55
AWAY = "Herceg Novi"
K = Qt.Key


class _Halting(LateCentral):
    """Takes everything, and waits in the middle for its picture."""

    halted, go_on = Event(), Event()

    def enrol(self, sign_in: SignIn, progress: Progress) -> Arrived:
        def far(done: int, everything: int) -> None:
            progress(done, everything)
            if done >= everything * HALF:
                self.halted.set()
                self.go_on.wait(60)
                progress(done, everything)

        return super().enrol(sign_in, far)


class HubShots(Walk):
    """At the first desk, which has joined, and at the same desk before it did."""

    def sign_in(self) -> None:
        self._enter()
        self._player.key(K.Key_Return)
        self._player.until(lambda: self._window.workspace is not None, "being signed in")
        self._player.until(self._at_work, "the keyboard to be there")

    def _at_work(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self._work.isAncestorOf(focus)

    def section(self) -> CentralSection:
        """Settings, Central database."""
        player = self._player
        self._go("settings")
        settings = self._screen(SettingsScreen)
        player.until(lambda: settings.nav.current, "the settings")
        settings.nav.items[settings.nav.current].setFocus(Qt.FocusReason.ShortcutFocusReason)
        while settings.nav.current != CentralSection.key:
            player.key(K.Key_Down)
        found = settings.sections[CentralSection.key]
        assert isinstance(found, CentralSection)
        return found

    def before(self, wrong: SignIn) -> None:
        """Nobody to meet yet; then a sign-in that is not the hub's."""
        section, player = self.section(), self._player
        player.picture("central-settings")
        section.form.where.edit.setFocus(Qt.FocusReason.TabFocusReason)
        self._paste(wrong)
        section.form.come.setFocus(Qt.FocusReason.TabFocusReason)
        player.key(K.Key_Space)
        player.until(lambda: section.form.password.error, "what is wrong")
        player.picture("central-refused")

    def online(self) -> None:
        """What waits, and the desks."""
        player = self._player
        player.until(self._work.status.central.isVisible, "the status bar to say so")
        self._go("conflicts")
        screen = self._screen(CentralScreen)
        page = screen.inbox
        player.until(lambda: page.table.current_row() is not None, "what waits")
        for kind, name in FIRST.items():
            player.key(K.Key_Home)
            self._down_to(partial(_is_of, lambda: page.panel.entry, kind))
            player.until(partial(_is_of, lambda: page.panel.entry, kind), name)
            player.picture(name)
        player.key(K.Key_K, CTRL)
        player.write("sync")
        player.key(K.Key_Return)
        player.until(lambda: screen.in_sync and screen.sync.table.isVisible(), "the desks")
        screen.sync.focus_list()
        player.until(lambda: screen.sync.table.current_row() is not None, "the first desk")
        self._down_to(lambda: screen.sync.table.current_row().name == AWAY)
        player.key(K.Key_Return)
        player.until(lambda: screen.desk_panel.isVisible() and screen.desk_panel.shown, "the desk")
        player.picture("sync")
        self.section()
        player.picture("central-settings-joined")

    def offline(self, waits: Callable[[], int]) -> None:
        """Nobody answers: the desk, the other desks as they were, and why."""
        player = self._player
        self._go("desk")
        player.until(lambda: "Offline" in self._work.status.central.accessibleName(), "being offline")
        player.picture("desk-offline")
        player.key(K.Key_K, CTRL)
        player.write("sync")
        player.key(K.Key_Return)
        screen = self._screen(CentralScreen)
        player.until(lambda: screen.in_sync and waits() >= 0, "the desks")
        player.picture("sync-offline")

    def _down_to(self, there: Callable[[], bool]) -> None:
        for _ in range(20):
            if there():
                return
            self._player.key(K.Key_Down)

    def _paste(self, sign_in: SignIn) -> None:
        QApplication.clipboard().setText(invitation(sign_in))
        self._player.key(K.Key_V, CTRL)


def of_hub(agency: Profile, place: Path, folder: Path, clock: ShiftedClock, settings: Settings) -> list[Path]:
    """The pictures, on a copy of `agency` made in `place`; none, and why is said, where no hub can be made."""
    try:
        with hub_server(STORY) as hub:
            kotor = Profile.at(place / "kotor").make()
            for name in (agency.database.name, agency.sandbox.name):
                shutil.copy2(agency.folder / name, kotor.folder / name)
            with open_desk(kotor, clock=clock, settings=settings, central=LateCentral) as desk:
                return _taken(Towns(hub, desk, clock, settings), place, folder)
    except NoServer as why:
        sys.stderr.write(f"The pictures of a central database are left out: {why}\n")
        return []


def _taken(towns: Towns, place: Path, folder: Path) -> list[Path]:
    pictures: list[Path] = []
    kotor, hub = towns.kotor, towns.hub
    with _at(kotor, towns, folder) as (_window, player, shots):
        shots.sign_in()
        address = Address(HOST, hub.server.port, DATABASE, "travellr_desk_kotor")
        shots.before(SignIn(address, "not this one", insecure=True))
        pictures += player.pictures
    come_together(towns, place, STORY)
    pictures += _first_start(towns, place, folder)
    fall_out(towns, STORY)
    with towns.open("Budva") as budva:
        in_touch(budva)
        sell_some(budva, 3)
        in_touch(budva)
        away(kotor)
        with _at(kotor, towns, folder) as (_window, player, shots):
            in_touch(kotor)
            shots.sign_in()
            shots.online()
            hub.gone()
            shots.offline(lambda: 0 if _off(kotor) else -1)
            pictures += player.pictures
    return pictures


def _first_start(towns: Towns, place: Path, folder: Path) -> list[Path]:
    """A further desk takes everything, and is stopped on the way: it is seen as one that never came."""
    risan, sign_in = Profile.at(place / "risan"), towns.hub.sign_in("Risan")
    with (
        open_desk(risan, clock=towns.clock, settings=towns.settings, central=_Halting) as desk,
        _at(desk, towns, folder) as (window, player, _shots),
    ):
        door = window.door
        player.until(door.first.isVisible, "the first start")
        player.tab_to("Join an agency")
        player.key(K.Key_Space)
        player.until(door.join.form.where.edit.hasFocus, "the form")
        QApplication.clipboard().setText(invitation(sign_in))
        player.key(K.Key_V, CTRL)
        player.until(door.join.form.ask.hasFocus, "the invitation")
        player.key(K.Key_Space)
        player.until(door.join.form.note.isVisible, "who answers")
        player.picture("first-join")
        door.join.form.come.click()
        player.until(_Halting.halted.is_set, "half of everything")
        player.until(door.join.form.progress.isVisible, "the progress")
        player.picture_running("first-join-taking")
        door.join.form.progress.stopped.emit()
        _Halting.go_on.set()
        player.until(lambda: not door.join.form.progress.isVisible(), "the end")
        return player.pictures


def _is_of(shown: Callable[[], InboxEntry | None], kind: EntryKind) -> bool:
    entry = shown()
    return entry is not None and entry.kind is kind


def _off(desk: DemoDesk) -> bool:
    link = desk.services.central.standing().link
    return link is not None and link.state is LinkState.OFFLINE


@contextmanager
def _at(desk: DemoDesk, towns: Towns, folder: Path) -> Iterator[tuple[Window, Photographer, HubShots]]:
    with at_window(desk, desk.profile, towns.clock) as opened:
        player = Photographer(opened.window, opened.background, folder)
        shots = HubShots(desk, opened.window, player, DemoSignIn(ADMIN), lambda _: None)
        yield opened.window, player, shots
