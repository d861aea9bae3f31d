"""Somebody who changes the desk's file with a tool of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from travellr_desktop.domain.ledger import CHAIN_START, Account, LedgerEvent, chain_hash
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import (
    BookingState,
    DepartureState,
    HoldState,
    PaymentState,
    RefundState,
)
from travellr_desktop.domain.ways import Way
from travellr_desktop.storage.repositories.ledger import CHAINED
from travellr_desktop.storage.seal import body_hash

_WORDS: dict[tuple[str, str], list[str]] = {
    ("bookings", "state"): list(BookingState),
    ("payments", "state"): list(PaymentState),
    ("refunds", "state"): list(RefundState),
    ("holds", "state"): list(HoldState),
    ("departures", "state"): list(DepartureState),
    ("payments", "way"): list(Way),
    ("ledger", "event"): list(LedgerEvent),
    ("ledger", "debit"): list(Account),
    ("ledger", "credit"): list(Account),
    ("booking_lines", "traveller_type"): list(TravellerType),
}


@contextmanager
def by_hand(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that no key and no condition holds back; what it did is kept."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")


@contextmanager
def without_triggers(connection: sqlite3.Connection, table: str, *, refusing: bool = False) -> Iterator[None]:
    """A table's triggers, or only those that refuse, are dropped, then put back as they were."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
    ).fetchall()
    dropped = [row for row in found if not refusing or "RAISE" in row["sql"]]
    for row in dropped:
        connection.execute(f"DROP TRIGGER {row['name']}")
    yield
    for row in dropped:
        connection.execute(row["sql"])


@contextmanager
def outbox_by_hand(path: Path) -> Iterator[sqlite3.Connection]:
    """The same, where nothing holds back who changes the outbox either."""
    with (
        by_hand(path) as connection,
        without_triggers(connection, "ops"),
        without_triggers(connection, "changes"),
        without_triggers(connection, "this_desk"),
    ):
        yield connection


def another(table: str, column: str, value: Any) -> Any:
    """A value that could stand there as well."""
    words = _WORDS.get((table, column))
    if words is not None:
        return next(word for word in words if word != value)
    if column == "currency":
        return "USD" if value != "USD" else "EUR"
    if isinstance(value, int):
        return value + 1000 if column not in ("takes_seat", "occupies") else 1 - value
    if column == "id" or column.endswith(("_id", "_by")):
        return uuid4().hex
    if column == "at" or column.endswith("_at"):
        return "2026-06-19T11:12:13.000000Z"
    return f"{value or ''}x"


def change(connection: sqlite3.Connection, table: str, row: str, column: str, value: Any) -> None:
    """Write over one value, with no trigger to see it; the triggers are there again afterwards."""
    with without_triggers(connection, table):
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (value, row))


def take_away(connection: sqlite3.Connection, table: str, row: str) -> None:
    """Remove a row, with no trigger to see it."""
    with without_triggers(connection, table):
        connection.execute(f"DELETE FROM {table} WHERE id = ?", (row,))


def put_in(connection: sqlite3.Connection, table: str, like: sqlite3.Row, **other: Any) -> None:
    """Put in a row like another but for some values, with no trigger to see it."""
    values = {**dict(zip(like.keys(), like, strict=True)), **other}
    with without_triggers(connection, table):
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", [*values.values()])


def forge(connection: sqlite3.Connection, table: str, row: str, column: str, value: Any) -> None:
    """Write over one value and seal an op of it, as the program would: the outbox knows of it. Nothing refuses."""
    with without_triggers(connection, table, refusing=True):
        connection.execute(
            f"UPDATE {table} SET {column} = ?, version = version + 1 WHERE id = ?", (value, row)
        )
    seal_by_hand(connection)


def seal_by_hand(connection: sqlite3.Connection) -> None:
    """An op over the changes that are written down and belong to none."""
    (op_no,) = connection.execute("SELECT next_op FROM this_desk").fetchone()
    changes = connection.execute("SELECT * FROM changes WHERE op_no = ? ORDER BY id", (op_no,)).fetchall()
    sealed = body_hash([_Attributes(change) for change in changes])
    connection.execute(
        "INSERT INTO ops (op_no, desk_id, incarnation, name, schema_version, at, body_hash) "
        "SELECT ?, desk_id, incarnation, 'by.hand', schema_version, at, ? "
        "FROM ops ORDER BY op_no DESC LIMIT 1",
        (op_no, sealed),
    )


def chain_anew(connection: sqlite3.Connection) -> None:
    """Give every ledger row the hashes that its values ask for, so that the chain is whole again."""
    prev = CHAIN_START
    rows = connection.execute("SELECT * FROM ledger ORDER BY desk_id, seq").fetchall()
    with without_triggers(connection, "ledger", refusing=True):
        for row in rows:
            wanted = chain_hash(prev, as_chained(row))
            if (row["prev_hash"], row["hash"]) != (prev, wanted):
                connection.execute(
                    "UPDATE ledger SET prev_hash = ?, hash = ?, version = version + 1 WHERE id = ?",
                    (prev, wanted, row["id"]),
                )
            prev = wanted
    seal_by_hand(connection)


def as_chained(row: Any) -> dict[str, Any]:
    """A row of the ledger, as SQLite has it, in the form that is hashed."""
    return {name: _in_the_chain(name, row[name]) for name in CHAINED}


def _in_the_chain(name: str, value: Any) -> Any:
    if value is None or isinstance(value, int):
        return value
    if name == "id" or name.endswith("_id"):
        return UUID(value)
    return datetime.fromisoformat(value) if name in ("at", "available_at") else value


class _Attributes:
    """A row whose values are read as attributes."""

    def __init__(self, row: sqlite3.Row) -> None:
        self.__dict__.update({name: row[name] for name in row.keys()})  # noqa: SIM118
