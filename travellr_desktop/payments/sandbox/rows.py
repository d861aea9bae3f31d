"""Rows of the sandbox's file by their ids."""

from __future__ import annotations

import sqlite3

from travellr_desktop.payments.sandbox.wire import missing

Row = sqlite3.Row


def one(connection: sqlite3.Connection, table: str, ref: str) -> Row | None:
    row: Row | None = connection.execute(f"SELECT * FROM {table} WHERE id = ?", (ref,)).fetchone()
    return row


def known(connection: sqlite3.Connection, table: str, ref: str) -> Row:
    """A row that is there: foreign keys see to it."""
    row = one(connection, table, ref)
    assert row is not None, f"{table} lacks {ref}"
    return row


def wanted(
    connection: sqlite3.Connection,
    table: str,
    kind: str,
    ref: str,
    param: str = "id",
    *,
    in_address: bool = True,
) -> Row:
    """The row that a request names, in its address or in a parameter. Raises `ApiError` where there is none."""
    row = one(connection, table, ref)
    if row is None:
        raise missing(kind, ref, param, in_address=in_address)
    return row
