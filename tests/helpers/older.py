"""A desk's file as the release before wrote it: the tables, triggers and columns of then."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from alembic import command

from helpers.raw import raw, tables
from helpers.tampering import without_triggers
from travellr_desktop.storage.engine import WRITE, make_engine
from travellr_desktop.storage.migrate import config
from travellr_desktop.storage.seal import body_hash

FIRST = "desk_0001"


def first_release(today: Path, file: Path) -> Path:
    """Make `file` in the shape of the first release, with what a desk of today holds: rows, changes and ops that know
    no column and no table of later."""
    engine = make_engine(file)
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        command.upgrade(config(connection), FIRST)
        connection.commit()
    engine.dispose()
    with raw(file) as old:
        old.row_factory = sqlite3.Row
        old.execute("PRAGMA foreign_keys = OFF")
        old.execute("ATTACH ? AS today", (str(today),))
        old.execute("BEGIN IMMEDIATE")
        for table in tables(old):
            names = ", ".join(row["name"] for row in old.execute(f"PRAGMA main.table_info({table})"))
            with without_triggers(old, table):
                old.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM today.{table}")
        with without_triggers(old, "changes"), without_triggers(old, "ops"):
            _forget_what_is_later(old)
        old.execute("COMMIT")
        assert not old.execute("PRAGMA main.foreign_key_check").fetchall()
    return file


class _Change:
    def __init__(self, row: sqlite3.Row) -> None:
        for name in ("table_name", "row_id", "kind", "base_version", "fields"):
            setattr(self, name, row[name])


def _forget_what_is_later(old: sqlite3.Connection) -> None:
    columns = {
        table: {row["name"] for row in old.execute(f"PRAGMA main.table_info({table})")}
        for table in tables(old)
    }
    for row in old.execute("SELECT id, table_name, fields FROM main.changes").fetchall():
        if row["table_name"] not in columns:
            old.execute("DELETE FROM main.changes WHERE id = ?", (row["id"],))
            continue
        known = {k: v for k, v in json.loads(row["fields"]).items() if k in columns[row["table_name"]]}
        text = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
        old.execute("UPDATE main.changes SET fields = ? WHERE id = ?", (text, row["id"]))
    for (op_no,) in old.execute("SELECT op_no FROM main.ops").fetchall():
        changes = old.execute("SELECT * FROM main.changes WHERE op_no = ? ORDER BY id", (op_no,)).fetchall()
        sealed = body_hash(_Change(change) for change in changes)
        old.execute(
            "UPDATE main.ops SET body_hash = ?, schema_version = '1' WHERE op_no = ?", (sealed, op_no)
        )
