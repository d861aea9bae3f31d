"""The triggers that write down every change of a synced row, so that no way of writing escapes.

Made from the columns that a table has in the database at the time, never from the models: a migration that adds a
column calls `recapture` for its table and stays true for ever.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from travellr_desktop.storage.muting import mute

LOCAL_COLUMNS: dict[str, frozenset[str]] = {
    "grants": frozenset({"taken"}),  # a count that triggers keep, on every desk from the same rows
    "payments": frozenset({"worker"}),  # which program of this machine is at it
    "refunds": frozenset({"worker"}),
    "payouts": frozenset({"worker"}),
    "take_backs": frozenset({"worker"}),
}
"""Columns that mean something on this desk alone. They are not captured and need no new version."""


def columns(connection: Connection, table: str) -> list[str]:
    """The columns of `table` whose changes travel, in their order, without `version`."""
    local = LOCAL_COLUMNS.get(table, frozenset())
    rows = connection.exec_driver_sql(f"PRAGMA table_info({table})").all()
    return [row[1] for row in rows if row[1] not in local and row[1] != "version"]


def triggers(table: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """Name and SQL of each trigger of a table."""
    op = "(SELECT next_op FROM this_desk)"
    into = "INSERT INTO changes (op_no, table_name, row_id, kind, base_version, fields) VALUES"
    whole = ", ".join(f"'{name}', NEW.{name}" for name in names)
    changed = " UNION ALL ".join(
        f"SELECT '{name}' AS k, NEW.{name} AS v WHERE NEW.{name} IS NOT OLD.{name}" for name in names
    )
    of = ", ".join([*names, "version"])
    yield (
        f"capture_{table}_insert",
        f"AFTER INSERT ON {table} BEGIN {into} ({op}, '{table}', NEW.id, 'I', 0, json_object({whole})); END",
    )
    yield (
        f"capture_{table}_update",
        f"AFTER UPDATE OF {of} ON {table} BEGIN {into} ({op}, '{table}', NEW.id, 'U', OLD.version, "
        f"(SELECT json_group_object(k, v) FROM ({changed}))); END",
    )
    yield (
        f"capture_{table}_delete",
        f"AFTER DELETE ON {table} BEGIN {into} ({op}, '{table}', OLD.id, 'D', OLD.version, '{{}}'); END",
    )
    yield (
        f"version_{table}",
        f"BEFORE UPDATE OF {of} ON {table} WHEN NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id "
        f"BEGIN SELECT RAISE(ABORT, 'the version of a row of {table} must rise by one'); END",
    )


def replacing(connection: Connection, table: str) -> Iterator[tuple[str, str]]:
    """Name and SQL of the triggers against REPLACE, which removes rows without asking their triggers: a row that
    another stands in the way of is refused before that."""
    uniques = [("id",), *_unique_together(connection, table)]
    words = f"BEGIN SELECT RAISE(ABORT, 'a row of {table} is there already'); END"

    def same(columns: tuple[str, ...]) -> str:
        return "(" + " AND ".join(f"{column} = NEW.{column}" for column in columns) + ")"

    there = f"SELECT 1 FROM {table} WHERE"
    any_same = " OR ".join(same(columns) for columns in uniques)
    yield f"unique_{table}_insert", f"BEFORE INSERT ON {table} WHEN EXISTS ({there} {any_same}) {words}"
    if len(uniques) > 1:
        of = ", ".join(sorted({column for columns in uniques[1:] for column in columns}))
        others = " OR ".join(same(columns) for columns in uniques[1:])
        yield (
            f"unique_{table}_update",
            f"BEFORE UPDATE OF {of} ON {table} WHEN EXISTS ({there} id <> OLD.id AND ({others})) {words}",
        )


def _unique_together(connection: Connection, table: str) -> list[tuple[str, ...]]:
    found = []
    for _seq, name, unique, origin, partial in connection.exec_driver_sql(
        f"PRAGMA index_list({table})"
    ).all():
        if unique and not partial and origin != "pk":
            rows = connection.exec_driver_sql(f"PRAGMA index_info({name})").all()
            found.append(tuple(row[2] for row in rows))
    return sorted(found)


def capture(connection: Connection, table: str) -> None:
    """Begin to write down the changes of `table`."""
    for name, body in _all(connection, table):
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {body}")
    mute(connection, table)


def _all(connection: Connection, table: str) -> list[tuple[str, str]]:
    return [*triggers(table, columns(connection, table)), *replacing(connection, table)]


def recapture(connection: Connection, table: str) -> None:
    """The same anew, after the table's columns have changed."""
    for name, _body in _all(connection, table):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    capture(connection, table)
