"""A window over a desk and a hub that says what it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from helpers.central import HandDoor, hub_says, went
from helpers.desk import Desk
from helpers.workplace import Workplace, work_at
from travellr_desktop.app import station
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.ui.central.screen import CentralScreen
from travellr_desktop.ui.settings.central import CentralSection
from travellr_desktop.ui.settings.screen import SettingsScreen
from travellr_desktop.ui.theme import Mode

T = TypeVar("T")
HERE, THERE = "+382 67 111 222", "+49 170 111 222"


@dataclass
class CentralOffice:
    place: Workplace
    desk: Desk
    door: HandDoor

    def off(self, work: Callable[[], T]) -> T:
        return self.place.off(work)

    def says(self, *conflicts: Mapping[str, Any], desks: tuple[Mapping[str, Any], ...] = ()) -> None:
        self.off(lambda: hub_says(self.desk, *conflicts, desks=desks))
        self.place.quiet()

    def went(self, state: LinkState, why: str = "", hint: str = "") -> None:
        self.off(lambda: went(self.door, state, self.desk, why, hint))
        self.place.quiet()

    def traveller(self, name: str = "Marta Nowak") -> UUID:
        """Somebody with the number that the hub kept."""
        draft = TravellerDraft(name, phone=HERE)
        create = self.desk.services.travellers.create
        return self.off(lambda: create(self.desk.agent, draft, key=uuid4()).id)

    def station(self) -> None:
        """What the frame says, as the program finds it out."""
        found = self.off(lambda: station(self.desk.services, self.desk.profile))
        self.place.work.set_station(found)
        self.place.quiet()

    def screen(self, view: str = "conflicts") -> CentralScreen:
        screen = self.place.work.go("conflicts")
        assert isinstance(screen, CentralScreen)
        screen.go_view(view)
        self.place.quiet()
        return screen

    def section(self) -> CentralSection:
        screen = self.place.work.go("settings")
        assert isinstance(screen, SettingsScreen)
        self.place.quiet()
        screen.show_section("central", keyboard=True)
        found = screen.sections["central"]
        assert isinstance(found, CentralSection)
        return found


@contextmanager
def central_office(
    qtbot: QtBot,
    desk: Desk,
    door: HandDoor,
    folder: Path,
    *,
    actor: Actor | None = None,
    size: QSize | None = None,
    mode: Mode = Mode.LIGHT,
) -> Iterator[CentralOffice]:
    with work_at(qtbot, desk, folder, actor=actor or desk.admin, size=size, mode=mode) as place:
        yield CentralOffice(place, desk, door)
