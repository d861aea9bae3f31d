"""A central database for the pictures: a Postgres of their own, on whose clock it is the day of the story.

Made by `packaging/postgres.py` of a checkout. Where that is not there, or no Postgres is on the machine, there is none.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from travellr_desktop.paths import data_root
from travellr_desktop.services.central.door import Address, SignIn
from travellr_desktop.sync.central.administrator import Administrator, Roles
from travellr_desktop.sync.central.installing import install
from travellr_desktop.sync.central.members import add_desk

if TYPE_CHECKING:
    import psycopg

    from postgres import Postgres

HOST, PORT, DATABASE = "127.0.0.1", 5432, "travellr"

# no setting of Postgres moves its clock: the functions that read it are put aside, and others take their names
_STORY = """
SET allow_system_table_mods = on;
CREATE SCHEMA story;
CREATE TABLE story.shift (back interval NOT NULL);
INSERT INTO story.shift VALUES ('0');
GRANT USAGE ON SCHEMA story TO PUBLIC;
GRANT SELECT ON story.shift TO PUBLIC;
ALTER FUNCTION pg_catalog.now() RENAME TO machines_now;
ALTER FUNCTION pg_catalog.clock_timestamp() RENAME TO machines_clock;
CREATE FUNCTION pg_catalog.now() RETURNS timestamptz LANGUAGE sql STABLE
  AS 'SELECT pg_catalog.machines_now() + (SELECT back FROM story.shift)';
CREATE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
  AS 'SELECT pg_catalog.machines_clock() + (SELECT back FROM story.shift)';
"""


class NoServer(RuntimeError):
    """There is no Postgres to make it with; the text says why."""


@dataclass(frozen=True)
class HubServer:
    """The hub, and the server it is on."""

    server: Postgres
    _connection: psycopg.Connection[Any]

    def at(self, moment: datetime) -> None:
        """From now on it is that moment there, and time goes on from it."""
        self._connection.execute("UPDATE story.shift SET back = %s", (moment - datetime.now(UTC),))

    def free(self, departure: UUID) -> int:
        """How many of its seats no desk has."""
        query = (
            "SELECT d.capacity - coalesce((SELECT sum(g.seats) FROM agency.grants g WHERE g.departure_id = d.id), 0) "
            "+ coalesce((SELECT sum(a.seats) FROM agency.allowances a WHERE a.departure_id = d.id), 0) "
            "FROM agency.departures d WHERE d.id = %s"
        )
        found = self._connection.execute(query, (departure,)).fetchone()
        return 0 if found is None else int(found[0])

    def sign_in(self, name: str) -> SignIn:
        """That of a further desk, as its administrator hands it out."""
        made = add_desk(Administrator(self._connection, Roles.of(self._connection)), name)
        address = Address(HOST, self.server.port, DATABASE, made.login)
        return SignIn(address, made.password, insecure=True)

    def gone(self) -> None:
        """Nobody answers any more."""
        self.server.stop("immediate")


@contextmanager
def hub_server(now: datetime) -> Iterator[HubServer]:
    """An installed hub at the moment `now`; nothing of it is there afterwards. Raises `NoServer`."""
    with _postgres() as server:
        server.create_database(DATABASE)
        with closing(server.connect(DATABASE)) as connection:
            connection.execute(_STORY)
        with closing(server.connect(DATABASE)) as connection:
            hub = HubServer(server, connection)
            hub.at(now)
            install(Administrator(connection, Roles.of(connection)))
            yield hub


@contextmanager
def _postgres() -> Iterator[Postgres]:
    folder = str(data_root() / "packaging")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        postgres = importlib.import_module("postgres")
        system = importlib.import_module("postgres_system")
    except ImportError as error:
        raise NoServer("there is no packaging/postgres.py beside the program") from error
    try:
        try:
            opened = postgres.Postgres(port=PORT).open()
        except system.PostgresFailed:  # somebody has that port
            opened = postgres.Postgres().open()
    except (postgres.PostgresMissing, system.PostgresFailed) as error:
        raise NoServer(str(error)) from error
    try:
        yield opened
    finally:
        opened.close()
