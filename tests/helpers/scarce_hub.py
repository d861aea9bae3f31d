"""A hub with an agency in it and three desks that are connected: what is scarce is asked for there by SQL alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID, uuid4

import psycopg

from helpers.desk import CASH, Desk, desk_at
from helpers.postgres import Central
from helpers.raw import rows
from helpers.seated import add_numbered
from travellr_desktop.storage.wire import synced, travelling
from travellr_desktop.sync.central.administrator import Administrator, Roles
from travellr_desktop.sync.central.installing import install
from travellr_desktop.sync.central.members import SignIn, add_desk, add_user

Connection = psycopg.Connection[Any]
T = TypeVar("T")

CAPACITY = 10
NAMES = ("Budva", "Split")


@dataclass(frozen=True)
class At:
    """A desk's own connection."""

    id: UUID
    url: str
    connection: Connection

    def ask(self, call: str, *values: object) -> Any:
        """What a function of `api` answers."""
        found = self.connection.execute(f"SELECT api.{call}", values).fetchone()
        assert found is not None
        return found[0]


@dataclass(frozen=True)
class ScarceHub:
    """Its first desk was granted all there is; `admin` is the server's own connection, by `url`."""

    url: str
    admin: Connection
    desks: tuple[At, ...]
    person: At
    users: dict[str, UUID]
    departure: UUID
    numbered: UUID
    held: UUID

    def one(self, query: str, *values: object) -> Any:
        found = self.admin.execute(query, values).fetchone()
        return None if found is None else found[0]

    def granted(self, departure: UUID | None = None) -> list[int]:
        """What each desk was granted, in their order."""
        query = (
            "SELECT coalesce((SELECT seats FROM agency.grants WHERE departure_id = %s AND desk_id = %s), 0)"
        )
        return [self.one(query, departure or self.departure, desk.id) for desk in self.desks]

    def lower(self, desk: At, seats: int, departure: UUID | None = None) -> None:
        """A desk gives some back, as an op of its would: of numbered ones the last of the plan."""
        of = departure or self.departure
        self.admin.execute(
            "UPDATE agency.grants SET seats = %s WHERE departure_id = %s AND desk_id = %s",
            (seats, of, desk.id),
        )
        self.admin.execute(
            "DELETE FROM agency.seat_grants WHERE departure_id = %s AND desk_id = %s AND label NOT IN ("
            "SELECT label FROM agency.seat_grants WHERE departure_id = %s AND desk_id = %s ORDER BY label LIMIT %s)",
            (of, desk.id, of, desk.id, seats),
        )

    def take(self, desk: At, seats: int) -> None:
        """A desk sells so many, as its op would; a booking it was made for has as many lines."""
        self.admin.execute("UPDATE agency.holds SET seats = seats + %s WHERE id = %s", (seats, self.held))

    def told(self, after: int = 0) -> list[tuple[str, str]]:
        """Of the hub's own ops after that number: which tables they changed, and how."""
        query = (
            "SELECT c.t, c.k FROM hub.changes c JOIN hub.state s ON s.hub_id = c.desk_id WHERE c.op_no > %s "
            "ORDER BY c.seq"
        )
        return [(row[0], row[1]) for row in self.admin.execute(query, (after,))]


@dataclass(frozen=True)
class Made:
    """A hub that copies are made of: who may sign in, with which password, and what is in it."""

    logins: tuple[SignIn, ...]
    person: SignIn
    users: dict[str, UUID]
    departure: UUID
    numbered: UUID
    held: UUID


def make_hub(central: Central, folder: Path) -> Made:
    with desk_at(folder) as desk, closing(central.connect()) as connection:
        departure = desk.add_departure(capacity=CAPACITY)
        numbered = add_numbered(desk)
        held = desk.hold(departure, adult=2)
        desk.sold(departure, pay=CASH, adult=1)
        admin = Administrator(connection, Roles.of(connection))
        install(admin)
        _fill(desk, connection)
        first = UUID(str(rows(desk.database.path, "SELECT desk_id FROM this_desk")[0][0]))
        desks = (add_desk(admin, "Kotor", desk_id=first), *(add_desk(admin, name) for name in NAMES))
        _label(connection, numbered, first)
        person = add_user(admin, "mira@travellr.example")
        assert person.user_id is not None and desk.agent.user_id is not None
        users = {"admin": person.user_id, "agent": desk.agent.user_id}
        return Made(desks, person, users, departure, numbered, held.id)


@contextmanager
def open_hub(central: Central, made: Made) -> Iterator[ScarceHub]:
    """A copy of a hub that was made, with everybody connected."""
    with ExitStack() as stack:

        def at(sign_in: SignIn) -> At:
            url = central.url(sign_in.login, sign_in.password)
            own = stack.enter_context(closing(psycopg.connect(url, autocommit=True)))
            known = sign_in.desk_id or sign_in.user_id
            assert known is not None
            return At(known, url, own)

        desks = tuple(at(sign_in) for sign_in in made.logins)
        for desk in desks:
            desk.ask("enroll(%s)", uuid4())
        admin = stack.enter_context(closing(central.connect()))
        yield ScarceHub(
            central.url(), admin, desks, at(made.person), made.users, made.departure, made.numbered, made.held
        )


def _fill(desk: Desk, connection: Connection) -> None:
    """The rows of a desk's file, as the hub's own writer takes them, in the states that they have come to."""
    moving = [row[0] for row in connection.execute("SELECT DISTINCT t FROM hub.steps")]
    for table in moving:
        connection.execute(f"ALTER TABLE agency.{table} DISABLE TRIGGER guard_begins".encode())
    with connection.transaction():
        for table in synced():
            names = list(travelling(table))
            for row in rows(desk.database.path, f"SELECT {', '.join(names)} FROM {table}"):
                fields = json.dumps(dict(zip(names, row, strict=True)))
                connection.execute("SELECT hub.insert_row(%s, %s::jsonb)", (table, fields))
        # the hub's clock is the machine's, the desk's is a hand's
        connection.execute(
            "UPDATE agency.departures SET starts_at = now() + interval '30 d', ends_at = now() + interval '31 d', "
            "cutoff_at = now() + interval '29 d'"
        )
    for table in moving:
        connection.execute(f"ALTER TABLE agency.{table} ENABLE TRIGGER guard_begins".encode())


def _label(connection: Connection, departure: UUID, desk: UUID) -> None:
    """All seats of the plan are granted to the desk that made the departure, as it would have done."""
    connection.execute(
        "INSERT INTO agency.seat_grants (id, departure_id, desk_id, label) "
        "SELECT gen_random_uuid(), %s, %s, unnest(hub.nobodys_labels(%s))",
        (departure, desk, departure),
    )


def at_once(desks: Sequence[At], act: Callable[[Connection, At], T]) -> list[T]:
    """All do it at the same moment, each on a connection of its own."""
    barrier = Barrier(len(desks))

    def one(desk: At) -> T:
        with closing(psycopg.connect(desk.url, autocommit=True)) as connection:
            barrier.wait(30)
            return act(connection, desk)

    with ThreadPoolExecutor(len(desks)) as pool:
        return list(pool.map(one, desks))
