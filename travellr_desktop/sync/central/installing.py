"""Making a database a hub, and a hub a newer one: files of `migrations/central`, each once, all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import errors, sql

from travellr_desktop.paths import migrations
from travellr_desktop.sync.central.administrator import Administrator
from travellr_desktop.sync.refusals import HubTooNew

_FIRST = "0001_roles"
"""Run by the administrator: it makes the owner, who runs the others."""

_WAS_BEFORE = (errors.UniqueViolation, errors.DuplicateSchema, errors.DuplicateObject)
"""Met by the second of two who make one database a hub: a role or a schema that the first has made meanwhile."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation did: the migrations that were new, none where the hub was as it should be. `advice` is what
    only the database's own owner can do."""

    hub_id: UUID
    new: tuple[str, ...]
    advice: tuple[str, ...]


def install(admin: Administrator) -> Installed:
    """Make an empty database a hub, or an older hub a newer one; the second time nothing is changed.

    Several at once come one after the other. Raises `HubTooNew` where it knows migrations that this program has not,
    `MayNotAdminister`, and as `connecting.refusals`."""
    try:
        return _install(admin)
    except _WAS_BEFORE:  # it waited until the other one's was there
        return _install(admin)


def _install(admin: Administrator) -> Installed:
    with admin.acting() as connection:
        known = _known(connection, admin)
        files = shipped()
        if strange := [name for name in known if name not in files]:
            raise HubTooNew(f"The central database knows {strange[0]}, this program does not.")
        new = [name for name in files if name not in known]
        if _FIRST in new:
            _run(connection, admin, files[_FIRST])
        with admin.as_owner():
            connection.execute("SET LOCAL search_path = pg_catalog, pg_temp")
            for name in new:
                if name != _FIRST:
                    _run(connection, admin, files[name])
                connection.execute("INSERT INTO hub.migrations (name) VALUES (%s)", (name,))
            if new:
                connection.execute("SELECT hub.make_writers(), hub.protect()")
        advice = _close_to_others(connection, admin)
        with admin.as_owner():
            found = connection.execute("SELECT hub_id FROM hub.state").fetchone()
    assert found is not None
    return Installed(found[0], tuple(new), tuple(advice))


def shipped() -> Mapping[str, Path]:
    """The migrations that came with this program, by their names and in their order. Raises `FileNotFoundError` where
    the first is not among them: then none of them need be."""
    folder = migrations() / "central"
    files = {path.stem: path for path in sorted(folder.glob("*.sql"))}
    if _FIRST not in files:
        raise FileNotFoundError(f"no {_FIRST}.sql in {folder}")
    return files


def _known(connection: psycopg.Connection[Any], admin: Administrator) -> Sequence[str]:
    there = connection.execute("SELECT to_regnamespace('hub') IS NOT NULL").fetchone()
    if there is None or not there[0]:
        return ()
    with admin.as_owner():
        # one at a time, by a lock that nobody can take who is not the owner: an advisory one is anybody's
        connection.execute("LOCK TABLE hub.migrations IN SHARE ROW EXCLUSIVE MODE")
        return [row[0] for row in connection.execute("SELECT name FROM hub.migrations ORDER BY name")]


def _run(connection: psycopg.Connection[Any], admin: Administrator, path: Path) -> None:
    text = admin.roles.fill(path.read_text(encoding="utf-8"))
    connection.execute(text.encode())  # as it stands: no parameters, so a percent sign is one


_OPEN = """
SELECT d.datname, pg_has_role(d.datdba, 'MEMBER') AS mine,
       EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE a.grantee = 0) AS open,
       EXISTS (SELECT FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
               WHERE n.nspname = 'public' AND a.grantee = 0) AS public_open
FROM pg_database d WHERE d.datname = current_database()
"""


def _close_to_others(connection: psycopg.Connection[Any], admin: Administrator) -> list[str]:
    """A new database lets everybody of the server in. Only its owner can end that."""
    row = connection.execute(_OPEN).fetchone()
    assert row is not None
    name, mine, is_open, public_open = row
    roles = admin.roles
    statements: list[sql.SQL | sql.Composed] = []
    if is_open:
        statements += [
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)),
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}, {}").format(
                *map(sql.Identifier, (name, roles.desk, roles.person, roles.vendor))
            ),
            sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(*map(sql.Identifier, (name, roles.owner))),
        ]
    if public_open:
        statements.append(sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"))
    if not mine:
        return [statement.as_string(connection) for statement in statements]
    for statement in statements:
        connection.execute(statement)
    return []
