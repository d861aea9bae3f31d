"""The SQLite engine: pragmas, how transactions begin, and SQLite's errors in the program's own words."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from travellr_desktop.errors import (
    ChangedMeanwhile,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseReadOnly,
    DiskFull,
    PromoUsedUp,
    Refusal,
    SeatsGone,
    StorageRefusal,
    TillNotOpen,
)
from travellr_desktop.storage.seal import HASH, OpHash

BUSY_MS = 10_000
"""How long a writer waits for another process before `DatabaseBusy`."""

VENDORS_FILE = 0x54725644
"""The application id of a file that holds what a vendor's person sees, and nothing else."""

WRITE = "travellr_write"
"""Execution option of a connection whose transactions take the write lock at once."""


def of_vendor(path: Path) -> bool:
    """Whether the file at `path` is a vendor's; False where there is none. Reads its header alone."""
    try:
        with path.open("rb") as file:
            header = file.read(72)
    except FileNotFoundError:
        return False
    return int.from_bytes(header[68:72], "big") == VENDORS_FILE


def make_engine(path: Path, *, busy_ms: int = BUSY_MS) -> Engine:
    """An engine on the file at `path`; a writer waits `busy_ms` for others. No connection is made yet.

    FULL, because with NORMAL a power cut may take back a commit that a traveller has already paid for."""
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"check_same_thread": False, "timeout": busy_ms / 1000}
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours: see _begin
        connection.create_aggregate(HASH, 6, OpHash)  # type: ignore[arg-type]
        for pragma in (
            f"busy_timeout = {busy_ms}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "recursive_triggers = ON",  # else REPLACE removes a row without its triggers
        ):
            connection.execute(f"PRAGMA {pragma}")
        (kind,) = connection.execute("PRAGMA application_id").fetchone()
        if (
            kind == VENDORS_FILE
        ):  # parents that no vendor sees; and what is taken out is not to be read afterwards
            connection.execute("PRAGMA secure_delete = ON")
        else:
            connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # a writer takes the lock first, so that what it reads is still true when it writes
        immediate = connection.get_execution_options().get(WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


_BY_CODE: dict[int, tuple[type[StorageRefusal], str]] = {
    sqlite3.SQLITE_BUSY: (DatabaseBusy, "Another program is writing to the database."),
    sqlite3.SQLITE_LOCKED: (DatabaseBusy, "Another program is writing to the database."),
    sqlite3.SQLITE_READONLY: (DatabaseReadOnly, "The database cannot be written to."),
    sqlite3.SQLITE_PERM: (DatabaseReadOnly, "The database cannot be opened: no permission."),
    sqlite3.SQLITE_CANTOPEN: (DatabaseReadOnly, "The database cannot be opened where it is."),
    sqlite3.SQLITE_FULL: (DiskFull, "The disk is full."),
    sqlite3.SQLITE_CORRUPT: (DatabaseDamaged, "The database file is damaged."),
    sqlite3.SQLITE_NOTADB: (DatabaseDamaged, "The file is not a database."),
    sqlite3.SQLITE_IOERR: (DiskFull, "The disk does not take or give the data."),
}


def translate(error: BaseException) -> Refusal | None:
    """The refusal that `error` means to a person, or None where it is a bug."""
    if isinstance(error, StaleDataError):
        return ChangedMeanwhile("Somebody else changed this in the meantime.")
    cause: BaseException | None = error.orig if isinstance(error, (DatabaseError, DBAPIError)) else error
    if not isinstance(cause, sqlite3.Error):
        return None
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return None
    if isinstance(cause, sqlite3.IntegrityError):
        if "not_oversold" in str(cause):
            return SeatsGone("Fewer seats are free than that.")
        if "a row of seats is there already" in str(cause) or "seats.departure_id, seats.label" in str(cause):
            return SeatsGone("One of these seats was taken in the meantime.", hint="Choose other seats.")
        if "granted to another desk" in str(cause):
            return SeatsGone("One of these seats is granted to another desk.", hint="Choose other seats.")
        if "the code is used up" in str(cause):
            return PromoUsedUp("The promo code has been used as often as it may be.")
        if "cash needs an open till" in str(cause):
            return TillNotOpen("The till is closed, and cash is only taken while it is open.")
        return None
    found = _BY_CODE.get(code & 0xFF)
    return None if found is None else found[0](found[1])
