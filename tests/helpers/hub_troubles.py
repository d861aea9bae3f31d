"""What can be wrong with a hub, brought about on a real one: each a context manager over the server and the desk's
login, after which all is well again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

import psycopg
import pytest

from helpers.postgres import Central
from postgres_tls import Kind
from travellr_desktop.sync.central.members import SignIn

Begin = Callable[[Central, SignIn], AbstractContextManager[None]]


def hang_up(central: Central, login: str) -> None:
    """Whoever is connected as that login has to come again. Where nobody can connect at all nothing is done."""
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"
    with suppress(psycopg.OperationalError), closing(central.connect()) as admin:
        admin.execute(query, (login,))


@contextmanager
def _said(central: Central, begin: str, end: str) -> Iterator[None]:
    with closing(central.connect()) as admin:
        admin.execute(begin)
    yield
    with closing(central.connect()) as admin:
        admin.execute(end)


def wrong_password(central: Central, sign_in: SignIn) -> AbstractContextManager[None]:
    change = f"ALTER ROLE {sign_in.login} PASSWORD '{{}}'"
    return _said(central, change.format("another one"), change.format(sign_in.password))


@contextmanager
def certificate(central: Central, kind: Kind) -> Iterator[None]:
    central.server.offer_tls(kind)
    yield
    central.server.offer_tls()


def other_host(central: Central, _sign_in: SignIn) -> AbstractContextManager[None]:
    return certificate(central, Kind.OTHER_HOST)


def expired(central: Central, _sign_in: SignIn) -> AbstractContextManager[None]:
    return certificate(central, Kind.EXPIRED)


def too_old(central: Central, _sign_in: SignIn) -> AbstractContextManager[None]:
    return _schema(central, 1, 1)


def too_new(central: Central, _sign_in: SignIn) -> AbstractContextManager[None]:
    return _schema(central, 98, 99)


@contextmanager
def _schema(central: Central, least: int, most: int) -> Iterator[None]:
    change = "UPDATE hub.state SET schema_min = %s, schema_max = %s RETURNING schema_min"
    with closing(central.connect()) as admin:
        found = admin.execute("SELECT schema_min, schema_max FROM hub.state").fetchone()
        assert found is not None
        admin.execute(change, (least, most))
    yield
    with closing(central.connect()) as admin:
        admin.execute(change, found)


def no_connections(central: Central, sign_in: SignIn) -> AbstractContextManager[None]:
    """SQLSTATE 53300."""
    change = f"ALTER ROLE {sign_in.login} CONNECTION LIMIT {{}}"
    return _said(central, change.format(0), change.format(-1))


@contextmanager
def no_memory(central: Central, _sign_in: SignIn) -> Iterator[None]:
    """SQLSTATE 53200: the table of locks, which all share, is full."""
    with closing(central.connect()) as admin:
        every = "SELECT count(pg_advisory_lock(1, number)) FROM generate_series(1, 1000000) AS number"
        with pytest.raises(psycopg.errors.OutOfMemory):
            admin.execute(every)
        yield
        admin.execute("SELECT pg_advisory_unlock_all()")  # at once, not when the server has seen the line go


@contextmanager
def no_disk(central: Central, _sign_in: SignIn) -> Iterator[None]:
    """SQLSTATE 53100: the file of what is told grows on a device that is always full."""
    with closing(central.connect()) as admin:
        found = admin.execute("SELECT pg_relation_filepath('hub.changes')").fetchone()
        assert found is not None
    file = central.server.folder / "data" / found[0]
    central.server.stop()
    files = [file, *file.parent.glob(f"{file.name}_*")]
    for each in files:
        each.rename(_aside(each))
    file.symlink_to("/dev/full")
    central.server.start()
    yield
    central.server.stop("immediate")
    for each in files:
        each.unlink(missing_ok=True)
        _aside(each).rename(each)
    central.server.start()


def _aside(file: Path) -> Path:
    return file.with_name(f"aside_{file.name}")


TROUBLES: Mapping[str, tuple[Begin, str]] = MappingProxyType(
    {
        "another password": (wrong_password, "does not take the sign-in"),
        "another host in the certificate": (other_host, "shows the certificate of another host"),
        "an expired certificate": (expired, "is not valid now"),
        "an older hub": (too_old, "is older than this program"),
        "a newer hub": (too_new, "is newer than this program"),
        "no connection left": (no_connections, "takes no more connections"),
        "no memory left": (no_memory, "has no room left"),
        "no disk left": (no_disk, "has no room left"),
    }
)
"""What is wrong, and a part of the sentence that says so."""
