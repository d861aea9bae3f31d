"""The triggers that write down every change of a synced row, so that no way of writing escapes.

Made from the columns that a table has in the database at the time, never from the models: a migration that adds a
column calls `recapture` for its table and stays true for ever.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

LOCAL_COLUMNS: dict[str, frozenset[str]] = {
    "grants": frozenset({"taken"}),  # a count that triggers keep, on every desk from the same rows
    "payments": frozenset({"worker"}),  # which program of this machine is at it
    "refunds": frozenset({"worker"}),
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


def capture(connection: Connection, table: str) -> None:
    """Begin to write down the changes of `table`."""
    for name, body in triggers(table, columns(connection, table)):
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {body}")


def recapture(connection: Connection, table: str) -> None:
    """The same anew, after the table's columns have changed."""
    for name, _body in triggers(table, columns(connection, table)):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    capture(connection, table)
