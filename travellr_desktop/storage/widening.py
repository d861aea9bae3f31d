"""For migrations: a CHECK that takes more values than before."""

from __future__ import annotations

from sqlalchemy import Connection, text


def widen(connection: Connection, table: str, known: str, wider: str) -> None:
    """Let the CHECKs of a table that take `known` take `wider`. Rows that were taken before still are, so SQLite's way
    for constraints alone will do: the text of the table is changed, its rows and triggers are not touched."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        text(
            "UPDATE sqlite_schema SET sql = replace(sql, :known, :wider) WHERE type = 'table' AND name = :table"
        ),
        {"known": known, "wider": wider, "table": table},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
