"""An agency of two vendors at a hub, and a person of the first with a file of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from helpers.central_hub import Enrolled, HubPlace, hub_place
from helpers.clock import HandClock
from helpers.desk import open_at
from helpers.postgres import fresh_database
from helpers.raw import raw
from helpers.strangers import Two, two_vendors
from postgres import Postgres
from travellr_desktop.app import Program
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.paths import Profile
from travellr_desktop.storage.vendor_files import seen
from travellr_desktop.sync import vendors
from travellr_desktop.sync.central.administrator import Administrator, Roles
from travellr_desktop.sync.central.members import SignIn, add_user
from travellr_desktop.sync.connecting import connect
from travellr_desktop.sync.hub import Hub

MOVE = """
CREATE OR REPLACE FUNCTION pg_temp.move(one uuid, to_departure uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    line agency.booking_lines;
    moved agency.bookings;
    changes jsonb := '[]';
BEGIN
    FOR line IN UPDATE agency.booking_lines SET occupies = false WHERE booking_id = one RETURNING * LOOP
        changes := changes || jsonb_build_object('t', 'booking_lines', 'id', hub.digits(line.id), 'k', 'U',
            'f', jsonb_build_object('occupies', 0));
    END LOOP;
    UPDATE agency.bookings b SET departure_id = d.id, trip_id = t.id, vendor_id = t.vendor_id, grant_id = g.id
    FROM agency.departures d JOIN agency.trips t ON t.id = d.trip_id JOIN agency.grants g ON g.departure_id = d.id
    WHERE b.id = one AND d.id = to_departure RETURNING b.* INTO moved;
    PERFORM hub.own_op('test.moved', changes || jsonb_build_object('t', 'bookings', 'id', hub.digits(one), 'k', 'U',
        'f', jsonb_build_object('departure_id', hub.digits(moved.departure_id), 'trip_id', hub.digits(moved.trip_id),
            'vendor_id', hub.digits(moved.vendor_id), 'grant_id', hub.digits(moved.grant_id))));
END $$
"""


Rows = Mapping[str, list[tuple[Any, ...]]]


@dataclass
class OwnFile:
    """A vendor's person with their program. Nothing is taken in but by `turn`."""

    folder: Path
    clock: HandClock
    sign_in: SignIn
    url: str
    hub: Hub
    stack: ExitStack = field(default_factory=ExitStack)
    opened: Program | None = None

    @property
    def path(self) -> Path:
        return Profile.at(self.folder).database

    @property
    def program(self) -> Program:
        if self.opened is None:
            self.opened = open_at(self.folder, self.clock)
        return self.opened

    def close(self) -> None:
        if self.opened is not None:
            self.opened.close()
            self.opened = None

    def turn(self) -> int:
        """As the program's own thread takes one; how many rows were told."""
        database = self.program.database
        there = vendors.greet(database, self.hub)
        if not vendors.is_of(database, there):
            vendors.take_anew(database, self.hub, there)
        return vendors.take_in(database, self.hub)

    def dump(self) -> Rows:
        """Every row of the file that is the hub's, in the columns that the vendor sees."""
        with self.program.database.read() as view:
            columns = seen(view.connection)["columns"]
        assert isinstance(columns, dict)
        with raw(self.path) as file:
            return {
                table: sorted(file.execute(f"SELECT {_texts(names)} FROM {table}"), key=repr)
                for table, names in columns.items()
            }

    def view(self) -> Rows:
        """What they can read at the hub."""
        with self.hub.picture_mine() as picture:
            return {
                table: sorted((tuple(row) for row in picture.rows(table)), key=repr)
                for table in picture.columns
            }

    def files(self) -> dict[str, bytes]:
        """Everything that lies in the folder of the profile, as it is on the disk."""
        return {
            str(file.relative_to(self.folder)): file.read_bytes()
            for file in sorted(self.folder.rglob("*"))
            if file.is_file()
        }


def _texts(names: list[str]) -> str:
    return ", ".join(f"CAST({name} AS TEXT)" for name in names)


@dataclass
class VendorPlace:
    """`kotor` is the desk that brought everything; `two` says what there is of both vendors. `own` is the file of the
    first vendor's person, `theirs` opens one for the second's."""

    place: HubPlace
    kotor: Enrolled
    two: Two
    folder: Path
    own: OwnFile

    @property
    def person(self) -> Actor:
        return self.two.person

    def quiet(self) -> None:
        """Everybody has told everything and knows everything."""
        self.place.quiet()
        self.own.turn()

    def move(self, booking: UUID) -> None:
        """The booking, without a numbered seat, goes to the other vendor's departure, by an op of the hub."""
        self.place.connection.execute(MOVE)
        values = booking, self.two.theirs.departure
        self.place.connection.execute("SELECT pg_temp.move(%s, %s)", values)

    def another(self, email: str, name: str) -> OwnFile:
        """The file of one more person."""
        file = own_file(self.place, self.folder / name, email)
        self.place.stack.callback(file.close)
        return file

    def save(self, name: str) -> None:
        """Keep the hub as it is now, as another database of the server."""
        with self._disconnected():
            self.place.save(name)

    def restore(self, name: str) -> None:
        """The hub is what it was when it was saved."""
        with self._disconnected():
            self.place.restore(name)

    @contextmanager
    def _disconnected(self) -> Iterator[None]:
        self.own.hub.close()
        yield
        self.own.hub = reach(self.place, self.own.url)


def reach(place: HubPlace, url: str) -> Hub:
    return Hub(place.stack.enter_context(closing(connect(url, insecure_loopback=True))))


def own_file(place: HubPlace, folder: Path, email: str) -> OwnFile:
    """A sign-in of the person with that email, and their file by a first sync."""
    sign_in = add_user(place.admin, email)
    url = place.central.url(sign_in.login, sign_in.password)
    hub = reach(place, url)
    vendors.first_sync(hub, Profile.at(folder).make().database)
    return OwnFile(folder, place.clock, sign_in, url, hub)


@dataclass(frozen=True)
class MadeVendors:
    """What copies are made of: a database that nobody is connected to, and the files of the desk and the person."""

    server: Postgres
    database: str
    logins: tuple[SignIn, SignIn]
    files: tuple[Mapping[str, bytes], Mapping[str, bytes]]
    two: Two
    now: datetime


@contextmanager
def made_vendors(server: Postgres, folder: Path) -> Iterator[MadeVendors]:
    """Made once: it takes longer than most of what is done with it."""
    with fresh_database(server) as central:
        folders = folder / "kotor", folder / "own"
        with hub_place(central) as place, place.alone(folders[0]) as desk:
            two = two_vendors(desk)
            kotor = place.first(desk)
            place.quiet()
            own = own_file(place, folders[1], "nikola@travellr.example")
            logins, now = (kotor.sign_in, own.sign_in), place.clock.now()
        files = tuple(
            {file.name: file.read_bytes() for file in each.iterdir() if file.is_file()} for each in folders
        )
        yield MadeVendors(server, central.name, logins, (files[0], files[1]), two, now)


@contextmanager
def vendor_place(made: MadeVendors, folder: Path) -> Iterator[VendorPlace]:
    with fresh_database(made.server, template=made.database) as central, ExitStack() as stack:
        connection = stack.enter_context(closing(central.connect()))
        admin = Administrator(connection, Roles.of(connection))
        place = HubPlace(central, connection, admin, stack, HandClock(made.now))
        folders = folder / "kotor", folder / "own"
        for each, files in zip(folders, made.files, strict=True):
            each.mkdir()
            for name, content in files.items():
                (each / name).write_bytes(content)
        kotor = place.opened(folders[0], made.logins[0])
        url = central.url(made.logins[1].login, made.logins[1].password)
        own = OwnFile(folders[1], place.clock, made.logins[1], url, reach(place, url))
        try:
            yield VendorPlace(place, kotor, replace(made.two, desk=kotor.desk), folder, own)
        finally:
            own.close()
