"""Three desks of one agency that have met at a hub, as often as they are wanted: the hub a copy of a database, each
desk a copy of its file. Nothing goes to and fro but by the steps that are called."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, auto
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from helpers import empty_file
from helpers.central_hub import Either, Enrolled, HubPlace, hub_place
from helpers.clock import START, HandClock
from helpers.desk import PASSWORD, Desk, desk_again
from helpers.postgres import Central, fresh_database
from helpers.seated import add_numbered
from postgres import Postgres
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.services.central.door import CentralDoor, NoCentral
from travellr_desktop.services.secrets import SecretStore
from travellr_desktop.services.users import NewUser
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.commits import Commit, Moment, set_failpoint
from travellr_desktop.storage.startup import arrival
from travellr_desktop.sync import cycle
from travellr_desktop.sync.authority import HubAuthority
from travellr_desktop.sync.central.administrator import Administrator, Roles
from travellr_desktop.sync.central.members import SignIn, add_user
from travellr_desktop.sync.central.state import new_epoch
from travellr_desktop.sync.connecting import HubSilent, connect
from travellr_desktop.sync.cycle import Turn
from travellr_desktop.sync.door import HubDoor
from travellr_desktop.sync.first_sync import first_sync
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.refusals import SyncRefusal

TOWNS = ("Kotor", "Budva", "Perast")
DAY = date(2036, 3, 4)
"""To come by the hub's clock, which is the machine's, as by those of the desks."""
CHECKPOINT = "CHECKPOINT"
"""A copied database's sequences believe to be in a log that is the other one's: a crash would set them back."""
VENDORS_EMAIL = "petar@vendors.example"
FOREIGN = "Zzforeign"
"""Stands in whatever the vendor's person is not to see."""
LATE = (timedelta(), timedelta(hours=5), -timedelta(days=3))
"""By how much each desk's clock is wrong."""


@dataclass(frozen=True)
class Met:
    """What copies are made of: a database that nobody is connected to, and a file for each desk."""

    server: Postgres
    database: str
    logins: tuple[SignIn, ...]
    vendor: SignIn
    files: tuple[Mapping[str, bytes], ...]


@contextmanager
def met(server: Postgres, folder: Path) -> Iterator[Met]:
    """Made once: it takes longer than most of what is done with it."""
    empty_file.share()
    with fresh_database(server) as central:
        folders = [folder / name for name in TOWNS]
        with hub_place(central) as place, place.alone(folders[0]) as desk:
            desk.add_departure(day=DAY, capacity=9)
            add_numbered(desk, day=DAY)
            desk.traveller("Nora Lindqvist")
            two_vendors(desk)
            place.first(desk, TOWNS[0])
            for name, own in zip(TOWNS[1:], folders[1:], strict=True):
                place.another(own, name)
            place.quiet()
            logins = tuple(each.sign_in for each in place.desks)
            vendor = add_user(place.admin, VENDORS_EMAIL)
        files = tuple(
            {file.name: file.read_bytes() for file in own.iterdir() if file.is_file()} for own in folders
        )
        yield Met(server, central.name, logins, vendor, files)


def two_vendors(desk: Desk) -> None:
    """The agency's one has a person with a sign-in; another one is not theirs to know of."""
    new = NewUser("Petar Radić", VENDORS_EMAIL, PASSWORD, Role.VENDOR, desk.vendor_id)
    desk.services.users.register(desk.admin, new)
    other = desk.services.vendors.create(desk.admin, VendorDraft(f"{FOREIGN} Tours"))
    trip = desk.add_trip(f"{FOREIGN} Bay", vendor_id=other, meeting_point=FOREIGN)
    desk.add_departure(trip, day=DAY, capacity=9)


class Entrance:
    """A way to the hub that is given once the desk is there that it needs."""

    real: CentralDoor | None = None

    def __getattr__(self, name: str) -> Any:
        if self.real is None:
            raise NoCentral("The desk is about to open.")
        return getattr(self.real, name)


class TownDoor(HubDoor):
    """The program's own, over the desk's one connection."""

    def __init__(self, town: Town) -> None:
        secrets, arrival = SecretStore("", {}, None), town.folder / "arrival.db"
        super().__init__(
            town.desk.database, secrets, arrival, told=lambda _link: None, inbox_changed=lambda: None
        )
        self._town = town

    @contextmanager
    def borrowed(self) -> Iterator[Hub]:
        with self._town.borrowed() as hub:
            yield hub

    def catch_up(self, hub: Hub) -> None:
        self._town.catch_up(hub)


class Killed(BaseException):
    """The program is no more."""


class Lost(Enum):
    """What does not arrive."""

    CALL = auto()
    REPLY = auto()


class ShakyHub(Hub):
    """A connection that may break: after so many calls from now, and with what of that call."""

    breaks: tuple[int, Lost] | None = None

    @property
    def broke(self) -> bool:
        return self.breaks is not None and self.breaks[0] < 0

    def _call(self, call: str, *values: Any) -> Any:
        if self.breaks is None:
            return super()._call(call, *values)
        left, lost = self.breaks
        self.breaks = (left - 1, lost)
        if left == 0 and lost is Lost.CALL:
            raise HubSilent("The line broke.")
        reply = super()._call(call, *values)
        if left == 0:
            raise HubSilent("The line broke.")
        return reply


def shaky_hub(place: HubPlace, sign_in: SignIn) -> ShakyHub:
    """A connection of its own, closed with the place."""
    url = place.central.url(sign_in.login, sign_in.password)
    return ShakyHub(place.stack.enter_context(closing(connect(url, insecure_loopback=True))))


@dataclass
class Town(Enrolled):
    """A desk that can be closed and opened again, and whose turns can be cut."""

    folder: Path = field(kw_only=True)
    clock: HandClock = field(kw_only=True)
    place: HubPlace = field(kw_only=True)
    program: ExitStack = field(kw_only=True)
    greeted: bool = field(default=False, kw_only=True)

    @property
    def line(self) -> ShakyHub:
        assert isinstance(self.hub, ShakyHub)
        return self.hub

    @property
    def id(self) -> UUID:
        return UUID(self.lies("SELECT desk_id FROM this_desk")[0][0])

    def turn(self) -> Turn:
        """As the program's own thread takes one."""
        said = cycle.greet(self.desk.database, self.hub)
        moved = cycle.turn(self.desk.database, self.hub)
        if said.written_off:
            self.hub.come_back()
        if cycle.share(self.desk.database, self.hub):
            cycle.turn(self.desk.database, self.hub)
        return moved

    def look(self) -> None:
        cycle.look(self.desk.database, self.hub)

    @contextmanager
    def borrowed(self) -> Iterator[Hub]:
        """Nobody is asked for anything before file and hub have found that they belong together."""
        if self.online and not self.greeted:
            try:
                cycle.greet(self.desk.database, self.hub)
            except SyncRefusal as refusal:
                raise HubSilent(str(refusal)) from refusal
            self.greeted = True
        with super().borrowed() as hub:
            yield hub

    def reach(self) -> None:
        """Have a new connection."""
        self.greeted = False
        self.hub = shaky_hub(self.place, self.sign_in)

    def killed_in_a_turn(self, commits: int, moment: Moment) -> bool:
        """The program dies around one of the commits of a turn, the first being 0; or after it, if there are fewer:
        then this is False."""
        left = count(commits, -1)

        def die(_commit: Commit, now: Moment) -> None:
            if now is moment and next(left) == 0:
                raise Killed

        set_failpoint(die)
        try:
            self.turn()
        except Killed:
            return True
        finally:
            set_failpoint(None)
        return False

    def cut_in_a_turn(self, calls: int, lost: Lost) -> bool:
        """The line breaks at one of the calls of a turn, the first being 0; False if there are fewer."""
        self.line.breaks = (calls, lost)
        try:
            self.turn()
        except HubSilent:
            return True
        finally:
            self.line.breaks = None
        return False

    # files

    def copied(self, to: Path) -> Path:
        """The file as a back-up of the machine would have it, beside its sandbox."""
        to.mkdir(parents=True)
        for file in self.folder.glob("*.db"):
            with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to / file.name)) as copy:
                source.backup(copy)
        return to


@dataclass
class ThreeTowns:
    """`place` is the hub, `stack` what is closed in the end."""

    made: Met
    place: HubPlace
    towns: list[Town]
    stack: ExitStack
    folder: Path

    def add(self, sign_in: SignIn, folder: Path, clock: HandClock) -> None:
        """A desk whose file is in `folder`."""
        either, entrance = Either(), Entrance()
        program = self.stack.enter_context(ExitStack())
        desk = program.enter_context(desk_again(folder, clock, authority=either, central=entrance))
        hub = shaky_hub(self.place, sign_in)
        town = Town(desk, hub, sign_in, folder=folder, clock=clock, place=self.place, program=program)
        self._ties(town, either, entrance)
        self.towns.append(town)
        self.place.desks.append(town)

    def again(self, town: Town) -> None:
        """Its program ends and starts anew."""
        town.program.close()
        either, entrance = Either(), Entrance()
        opened = desk_again(town.folder, town.clock, authority=either, central=entrance)
        town.desk, town.greeted = town.program.enter_context(opened), False
        self._ties(town, either, entrance)

    def _ties(self, town: Town, either: Either, entrance: Entrance) -> None:
        either.real = HubAuthority(town.desk.database, town, pause=lambda _s: self.place.others(town))
        entrance.real = TownDoor(town)

    def anew(self, town: Town) -> int:
        """It is enrolled anew: takes everything, and is started again. Returns how many of its ops it carried over."""
        old = town.desk.database
        old.freeze()
        try:
            came = first_sync(
                town.hub,
                arrival(old.path),
                profile_kind=ProfileKind.DESK,
                payments_kind=PaymentsKind.SANDBOX,
                before=old,
            )
        except BaseException:
            old.thaw()
            raise
        self.again(town)
        return came.carried

    def put_back(self, town: Town, copy: Path) -> None:
        """Its files are those of a back-up from now on."""
        town.program.close()
        for file in town.folder.glob("*.db*"):
            file.unlink()
        for file in copy.iterdir():
            shutil.copy2(file, town.folder)
        self.again(town)

    # the hub

    def kill_hub(self) -> None:
        """The server is killed, all of it, and started; everybody connects anew."""
        self.made.server.kill()
        self.made.server.start()
        self._connect()

    def save(self, name: str) -> None:
        """Keep the hub as it is now, as another database of the server."""
        self._disconnect()
        self.made.server.create_database(name, self.place.central.name)
        self._connect()

    def restore(self, name: str) -> None:
        """The hub is what it was when it was saved, and says so."""
        self._disconnect()
        self.made.server.drop_database(self.place.central.name)
        self.made.server.create_database(self.place.central.name, name)
        self._connect()
        self.place.connection.execute(CHECKPOINT)
        new_epoch(self.place.admin)

    def _disconnect(self) -> None:
        self.place.connection.close()
        for town in self.towns:
            town.hub.close()

    def _connect(self) -> None:
        self.place.connection = self.stack.enter_context(closing(self.place.central.connect()))
        self.place.admin = Administrator(self.place.connection, Roles.of(self.place.connection))
        for town in self.towns:
            town.reach()


@contextmanager
def three_towns(made: Met, folder: Path) -> Iterator[ThreeTowns]:
    with fresh_database(made.server, template=made.database) as central, ExitStack() as stack:
        place = _place(central, stack)
        place.connection.execute(CHECKPOINT)
        here = ThreeTowns(made, place, [], stack, folder)
        for name, sign_in, files, late in zip(TOWNS, made.logins, made.files, LATE, strict=True):
            own = folder / name
            own.mkdir(parents=True)
            for file, content in files.items():
                (own / file).write_bytes(content)
            here.add(sign_in, own, HandClock(START + late))
        yield here


def _place(central: Central, stack: ExitStack) -> HubPlace:
    connection = stack.enter_context(closing(central.connect()))
    return HubPlace(central, connection, Administrator(connection, Roles.of(connection)), stack)
