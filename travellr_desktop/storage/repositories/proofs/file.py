"""The file itself: is it whole, do its rows point at rows, does it still refuse what it was made to refuse."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sqlalchemy import Connection, create_engine

from travellr_desktop.storage.repositories.proofs.reading import Reader
from travellr_desktop.storage.vendor_guards import read_only

_SCHEMA = (
    "SELECT type, name, tbl_name, sql FROM sqlite_master "
    "WHERE type IN ('table', 'trigger') AND name NOT LIKE 'sqlite_%' AND sql IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Orphan:
    """A row that points at a row of `parent` that is not there."""

    table: str
    row: str
    parent: str


@dataclass(frozen=True, slots=True)
class SchemaDifference:
    """A table or trigger that is not as the migrations make it. `how`: missing, altered, added."""

    kind: str
    name: str
    table: str
    how: str


class FileProofs(Reader):
    def damage(self) -> Iterator[str]:
        """What SQLite finds wrong with pages, indexes and the rows' own conditions, in its words."""
        for row in self._rows("PRAGMA integrity_check(50)"):
            if row[0] != "ok":
                yield str(row[0])

    def orphans(self) -> Iterator[Orphan]:
        """Rows whose owner is not there."""
        for table, rowid, parent, _number in self._rows("PRAGMA foreign_key_check"):
            keys = self._rows(f"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk")
            key = next((str(row[0]) for row in keys), "rowid")
            row = self._value(f"SELECT {key} FROM {table} WHERE rowid = ?", rowid)
            yield Orphan(table, str(row if row is not None else rowid), parent)

    def schema_differences(self) -> Iterator[SchemaDifference]:
        """Tables and triggers that are not there, or not as the migrations of this program make them; and
        triggers that nobody made."""
        return self._differences(as_migrated())

    def schema_differences_of_vendor(self) -> Iterator[SchemaDifference]:
        """The same of a vendor's file, whose triggers are its own."""
        tables = {key: made for key, made in as_migrated().items() if key[0] == "table"}
        guards = {("trigger", name): (table, sql) for name, table, sql in read_only()}
        return self._differences(tables | guards)

    def _differences(self, expected: Mapping[tuple[str, str], tuple[str, str]]) -> Iterator[SchemaDifference]:
        found = _schema(self._connection)
        for (kind, name), (table, sql) in expected.items():
            if (kind, name) not in found:
                yield SchemaDifference(kind, name, table, "missing")
            elif found[kind, name][1] != sql:
                yield SchemaDifference(kind, name, table, "altered")
        for (kind, name), (table, _sql) in found.items():
            if kind == "trigger" and (kind, name) not in expected:
                yield SchemaDifference(kind, name, table, "added")


def _schema(connection: Connection) -> dict[tuple[str, str], tuple[str, str]]:
    rows = connection.exec_driver_sql(_SCHEMA)
    return {(kind, name): (table, sql) for kind, name, table, sql in rows}


def as_migrated() -> Mapping[tuple[str, str], tuple[str, str]]:
    """Table and SQL of everything in a file that was made a moment ago, by kind and name."""
    with _one_at_a_time:  # Alembic keeps the migration that runs in a global
        return _as_migrated()


_one_at_a_time = threading.Lock()


@cache
def _as_migrated() -> Mapping[tuple[str, str], tuple[str, str]]:
    from travellr_desktop.storage import migrate  # Alembic is slow to import

    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            migrate.upgrade(connection)
            return MappingProxyType(_schema(connection))
    finally:
        engine.dispose()
