"""A real hub, and desks that are enrolled at it: each with its own file and its own connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from helpers.clock import HandClock
from helpers.desk import Desk, desk_again, desk_at
from helpers.postgres import Central
from helpers.raw import raw, rows
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.paths import Profile
from travellr_desktop.services.authority import Authority, DeskAlone
from travellr_desktop.storage.startup import arrival
from travellr_desktop.storage.wire import Kind, synced, travelling
from travellr_desktop.sync.authority import HubAuthority
from travellr_desktop.sync.central.administrator import Administrator, Roles
from travellr_desktop.sync.central.installing import install
from travellr_desktop.sync.central.members import SignIn, add_desk
from travellr_desktop.sync.central.state import new_epoch
from travellr_desktop.sync.connecting import HubSilent, connect
from travellr_desktop.sync.cycle import Turn, greet, share, turn
from travellr_desktop.sync.first_sync import first_sync
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.joining import join, join_beside, make_ready

Dump = Mapping[str, list[tuple[Any, ...]]]


class Either:
    """An authority that is given once the desk is there that it needs; until then the desk is alone."""

    def __init__(self) -> None:
        self.real: Authority = DeskAlone()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


@dataclass
class Enrolled:
    """A desk of a hub. Nothing goes to and fro but by `turn`, and what is asked of the hub at once. `online` may be set
    to False: then nobody answers."""

    desk: Desk
    hub: Hub
    sign_in: SignIn
    online: bool = True

    def reached(self) -> bool:
        return self.online

    @contextmanager
    def borrowed(self) -> Iterator[Hub]:
        if not self.online:
            raise HubSilent("The cable was pulled.")
        yield self.hub

    def catch_up(self, hub: Hub) -> None:
        turn(self.desk.database, hub)

    def turn(self) -> Turn:
        """As the program's own thread takes one."""
        greet(self.desk.database, self.hub)
        moved = turn(self.desk.database, self.hub)
        if share(self.desk.database, self.hub):
            turn(self.desk.database, self.hub)
        return moved

    def dump(self) -> Dump:
        """Every synced row of the file, without what is the desk's own business."""
        with raw(self.desk.database.path) as file:
            return {
                table: sorted(file.execute(f"SELECT {', '.join(travelling(table))} FROM {table}"), key=repr)
                for table in synced()
            }

    def lies(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds in the file."""
        return rows(self.desk.database.path, query, *values)

    def departure(self) -> UUID:
        """The first departure there is."""
        return UUID(self.lies("SELECT id FROM departures ORDER BY id LIMIT 1")[0][0])


@dataclass
class HubPlace:
    """An installed hub, and a way to have desks at it."""

    central: Central
    connection: psycopg.Connection[Any]
    admin: Administrator
    stack: ExitStack
    clock: HandClock = field(default_factory=HandClock)
    desks: list[Enrolled] = field(default_factory=list)
    _eithers: dict[Path, Either] = field(default_factory=dict)
    _programs: dict[Path, ExitStack] = field(default_factory=dict)

    def sign_in(self, name: str) -> SignIn:
        return add_desk(self.admin, name)

    def reach(self, sign_in: SignIn) -> Hub:
        """A connection of its own, closed with the place."""
        url = self.central.url(sign_in.login, sign_in.password)
        return Hub(self.stack.enter_context(closing(connect(url, insecure_loopback=True))))

    @contextmanager
    def alone(self, folder: Path, clock: HandClock | None = None) -> Iterator[Desk]:
        """A desk by itself, which may join. Made at the same moment as another one it is a copy of it."""
        either = Either()
        with ExitStack() as program:
            desk = program.enter_context(desk_at(folder, clock or self.clock, authority=either))
            self._eithers[desk.database.path], self._programs[desk.database.path] = either, program
            yield desk

    def first(self, desk: Desk, name: str = "Kotor") -> Enrolled:
        """A desk with a history, of `alone`, brings it."""
        sign_in = self.sign_in(name)
        hub = self.reach(sign_in)
        join(desk.database, hub)
        return self._enrolled(desk, hub, sign_in)

    def beside(self, desk: Desk, sign_in: SignIn) -> Enrolled:
        """A desk with a history, of `alone`, brings it to a hub that has one; its program is started again."""
        hub = self.reach(sign_in)
        make_ready(desk.database)
        desk.database.freeze()
        join_beside(desk.database, hub, arrival(desk.database.path), copies={})
        return self.opened_beside(desk, hub, sign_in)

    def opened_beside(self, desk: Desk, hub: Hub, sign_in: SignIn) -> Enrolled:
        """The program of a desk that has joined is closed and opened, with the new file."""
        self._programs[desk.database.path].close()
        self._programs[desk.database.path] = self.stack.enter_context(ExitStack())
        return self._enrolled(self._opened(desk.profile.folder), hub, sign_in)

    def another(self, folder: Path, name: str) -> Enrolled:
        """A desk that begins with everything the hub has."""
        sign_in = self.sign_in(name)
        hub = self.reach(sign_in)
        profile = Profile.at(folder).make()
        first_sync(hub, profile.database, profile_kind=ProfileKind.DESK, payments_kind=PaymentsKind.SANDBOX)
        self._programs[profile.database] = self.stack.enter_context(ExitStack())
        return self._enrolled(self._opened(folder), hub, sign_in)

    def opened(self, folder: Path, sign_in: SignIn) -> Enrolled:
        """A program on the file of a desk that is enrolled already."""
        self._programs[Profile.at(folder).database] = self.stack.enter_context(ExitStack())
        return self._enrolled(self._opened(folder), self.reach(sign_in), sign_in)

    def _opened(self, folder: Path) -> Desk:
        path = Profile.at(folder).database
        either = self._eithers[path] = Either()
        return self._programs[path].enter_context(desk_again(folder, self.clock, authority=either))

    def _enrolled(self, desk: Desk, hub: Hub, sign_in: SignIn) -> Enrolled:
        enrolled = Enrolled(desk, hub, sign_in)
        self.desks.append(enrolled)
        self._ask_hub(enrolled)
        desk.services.numbers.top_up()
        return enrolled

    def _ask_hub(self, enrolled: Enrolled) -> None:
        database = enrolled.desk.database
        self._eithers[database.path].real = HubAuthority(
            database, enrolled, pause=lambda _s: self.others(enrolled)
        )

    def again(self, enrolled: Enrolled) -> None:
        """The desk's program is closed and opened."""
        folder = enrolled.desk.profile.folder
        self._programs[enrolled.desk.database.path].close()
        enrolled.desk = self._opened(folder)
        self._ask_hub(enrolled)

    def anew(self, enrolled: Enrolled) -> int:
        """The desk takes everything anew, and its program is started again. Returns how many of its ops it carried
        over."""
        old = enrolled.desk.database
        old.freeze()
        came = first_sync(
            enrolled.hub,
            arrival(old.path),
            profile_kind=ProfileKind.DESK,
            payments_kind=PaymentsKind.SANDBOX,
            before=old,
        )
        self.again(enrolled)
        return came.carried

    def at_copy(self, folder: Path, of: Enrolled) -> Enrolled:
        """A program that is opened on a copy of a desk's profile."""
        self._programs[Profile.at(folder).database] = self.stack.enter_context(ExitStack())
        copy = Enrolled(self._opened(folder), self.reach(of.sign_in), of.sign_in)
        self._ask_hub(copy)
        return copy

    # a hub that is put back to what it was

    def save(self, name: str) -> None:
        """Keep the hub as it is now, as another database of the server."""
        with self._disconnected():
            self.central.server.create_database(name, self.central.name)
        self.stack.callback(self.central.server.drop_database, name)

    def restore(self, name: str) -> None:
        """The hub is what it was when it was saved, and says so."""
        with self._disconnected():
            self.central.server.drop_database(self.central.name)
            self.central.server.create_database(self.central.name, name)
        new_epoch(self.admin)

    @contextmanager
    def _disconnected(self) -> Iterator[None]:
        for each in self.desks:
            each.hub.close()
        self.connection.close()
        yield
        self.connection = self.stack.enter_context(closing(self.central.connect()))
        self.admin = Administrator(self.connection, Roles.of(self.connection))
        for each in self.desks:
            each.hub = self.reach(each.sign_in)

    def others(self, waiting: Enrolled) -> None:
        """While a desk waits, the others take a turn."""
        for each in self.desks:
            if each is not waiting and each.online:
                each.turn()

    def quiet(self) -> None:
        """Everybody has told everything and knows everything."""
        for _ in range(2):
            for each in self.desks:
                each.turn()

    def dump(self) -> Dump:
        """Every row of the hub, in a desk's words."""
        found = {}
        for table in synced():
            columns = ", ".join(_in_words(name, kind) for name, kind in travelling(table).items())
            rows = self.connection.execute(f"SELECT {columns} FROM agency.{table}")
            found[table] = sorted((tuple(map(_plain, row)) for row in rows), key=repr)
        return found

    def one(self, query: str, *values: object) -> Any:
        found = self.connection.execute(query, values).fetchone()
        return None if found is None else found[0]


def _in_words(name: str, kind: Kind) -> str:
    if kind is Kind.ID:
        return f"replace({name}::text, '-', '')"
    if kind is Kind.MOMENT:
        return f"""to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"{name}::integer" if kind is Kind.FLAG else name


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


@contextmanager
def hub_place(central: Central) -> Iterator[HubPlace]:
    """A hub with nothing in it."""
    with ExitStack() as stack:
        connection = stack.enter_context(closing(central.connect()))
        admin = Administrator(connection, Roles.of(connection))
        install(admin)
        yield HubPlace(central, connection, admin, stack)


@contextmanager
def two_desks(central: Central, folder: Path) -> Iterator[tuple[HubPlace, Enrolled, Enrolled]]:
    """An agency that sells in Kotor and in Budva, both up to date."""
    with hub_place(central) as place, place.alone(folder / "kotor") as desk:
        desk.add_departure(capacity=20)
        first = place.first(desk)
        second = place.another(folder / "budva", "Budva")
        place.quiet()
        yield place, first, second
