"""A real Postgres for tests: one server a process, started by the first test that asks, and a fresh database for each.

`central` is what most want: an empty database, with the superuser's address. Roles belong to the server, not to a
database; those that a test made are dropped after it. Whoever prepares something costly does so once, in a fixture of
the session with a database of its own, and hands out copies with `fresh_database(cluster, template=…)`.

Without a server on the machine these tests fail and say what to install; they are never skipped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from postgres import Postgres
from postgres_system import LOCAL

if TYPE_CHECKING:
    import psycopg

PATIENCE_S = 10.0
LOOK_EVERY_S = 0.01
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Central:
    """A database, and the server it is on."""

    server: Postgres
    name: str

    def url(
        self,
        user: str = "postgres",
        password: str | None = None,
        *,
        host: str = LOCAL,
        **parameters: str,
    ) -> str:
        """The superuser's address, or somebody else's; `parameters` are libpq's, as `sslmode="verify-full"`."""
        return self.server.url(self.name, user, password, host=host, **parameters)

    def connect(self) -> psycopg.Connection[Any]:
        """The superuser's connection, each statement a transaction of its own."""
        return self.server.connect(self.name)


@contextmanager
def fresh_database(server: Postgres, template: str = "template1") -> Iterator[Central]:
    """A copy of a database, empty by default. Gone afterwards, and with it the roles that were made meanwhile.

    Who is still connected then fails the test: a connection is closed by who opened it.
    """
    central = Central(server, f"central_{next(_numbers)}")
    before = _roles(server)
    server.create_database(central.name, template)
    try:
        yield central
    finally:
        if not server.running:
            server.start()
        left = _still_connected(central)
        server.drop_database(central.name)
        made = sorted(_roles(server) - before)
        if made:
            from psycopg import sql  # not every run of tests needs it

            with server.connect() as connection:
                names = sql.SQL(", ").join(map(sql.Identifier, made))
                connection.execute(sql.SQL("DROP ROLE {}").format(names))
    if left:
        pytest.fail("\n".join(f"Left connected: {one}" for one in left), pytrace=False)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Postgres]:
    """The server of this process. A test may stop it, kill it and start it; it runs again for the next one."""
    with Postgres() as server:
        yield server


@pytest.fixture
def central(cluster: Postgres) -> Iterator[Central]:
    """An empty database."""
    with fresh_database(cluster) as fresh:
        yield fresh


@pytest.fixture
def tls(cluster: Postgres) -> Iterator[Callable[..., None]]:
    """The server offers TLS, with a good certificate; called with a `postgres_tls.Kind` it changes to one of that
    kind. Plain again afterwards."""
    cluster.offer_tls()
    yield cluster.offer_tls
    if not cluster.running:
        cluster.start()
    cluster.stop_tls()


def _roles(server: Postgres) -> set[str]:
    with server.connect() as connection:
        return {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}


def _still_connected(central: Central) -> list[str]:
    """Who is, after those who just left, or were killed, had their time to go."""
    query = (
        "SELECT usename || ' ' || application_name || ' ' || state || ': ' || left(query, 200)"
        " FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
    )
    end = time.monotonic() + PATIENCE_S
    with central.server.connect() as connection:
        while left := [str(row[0]) for row in connection.execute(query, (central.name,))]:
            if time.monotonic() > end:
                return left
            time.sleep(LOOK_EVERY_S)
    return []
