"""Opening the desk's file at start-up: look, back up, migrate; refuse what cannot be used, and leave it untouched."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection

from travellr_desktop.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseReadOnly,
    DatabaseTooNew,
    DiskFull,
    StorageRefusal,
)
from travellr_desktop.storage.engine import BUSY_MS, WRITE, make_engine, of_vendor, translate
from travellr_desktop.storage.schema import HEADS

log = logging.getLogger(__name__)


def prepare(path: Path, backups: Path, *, busy_ms: int = BUSY_MS) -> Path | None:
    """Make the file at `path` ready: created where there is none, migrated where it is older, after a backup.

    Returns the backup that was made, or None. Raises `DatabaseTooNew`, `DatabaseDamaged`, `DatabaseReadOnly`,
    `DatabaseBusy` (after `busy_ms`), `DiskFull`, or `ResourceMissing` where the migrations are not there; the file
    is then as it was."""
    try:
        if arrival(path).exists():
            _take_arrival(path, backups, busy_ms)
        if not _missing(path) and _revisions(path, busy_ms) == HEADS:
            _writable(path, busy_ms)
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        # two programs that start at once must not make, or migrate, the same file
        with FileLock(path.with_name(path.name + ".lock"), timeout=busy_ms / 1000):
            if not _missing(path):
                return _renew(path, backups, busy_ms)
            _create(path)
            return None
    except StorageRefusal:
        raise
    except Timeout as error:
        raise DatabaseBusy("Another program is making the database ready.") from error
    except OSError as error:
        raise _unusable(path, error) from error
    except Exception as error:
        refusal = translate(error)
        if refusal is None:
            raise
        raise refusal from error


def _missing(path: Path) -> bool:
    return not path.exists() or path.stat().st_size == 0


def _unusable(path: Path, error: OSError) -> StorageRefusal:
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return DatabaseReadOnly(f"The profile folder cannot be written to: {path.parent}.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DiskFull(f"No room is left for the database in {path.parent}.")
    return StorageRefusal(
        f"The database cannot be opened: {path} ({error.strerror or error}).", hint="Choose another profile."
    )


def _renew(path: Path, backups: Path, busy_ms: int) -> Path | None:
    """Migrate an older file after a backup, unless another program has done so while this one waited."""
    revisions = _revisions(path, busy_ms)
    if revisions == HEADS:
        return None
    _refuse_newer(revisions)
    _writable(path, busy_ms)
    saved = None if of_vendor(path) else back_up(path, backups)
    _migrate(path, busy_ms)
    return saved


def arrival(path: Path) -> Path:
    """Where a whole file is put that is to take the place of the one at `path` with the next start."""
    return path.with_name(path.name + ".arrived")


def _take_arrival(path: Path, backups: Path, busy_ms: int) -> None:
    """Move it there; the one that was is kept among the back-ups. Whoever dies in between does the rest at the next
    start."""
    with FileLock(path.with_name(path.name + ".lock"), timeout=busy_ms / 1000):
        if arrival(path).exists():
            if not _missing(path) and not of_vendor(path):  # which has nothing that is not in the new one
                back_up(path, backups)
            _remove_when_closed(path, busy_ms)
            arrival(path).replace(path)


def make_empty(path: Path) -> None:
    """A file at the newest migrations and with nothing in it, in the place of what lay there. Raises a
    `StorageRefusal`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove(path)
    _migrate(path)


def _create(path: Path) -> None:
    """A new file under another name, moved into place when whole."""
    new = path.with_name(path.name + ".new")
    _remove(new)
    try:
        _migrate(new)
        new.replace(path)
    finally:
        _remove(new)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _remove_when_closed(path: Path, busy_ms: int) -> None:
    """On Windows a file stays as long as a program has it open: the other windows close it when they hear of it."""
    until = time.monotonic() + busy_ms / 1000
    while True:
        try:
            return _remove(path)
        except PermissionError:
            if time.monotonic() > until or not os.access(path.parent, os.W_OK):
                raise
            time.sleep(0.05)


def _migrate(path: Path, busy_ms: int = BUSY_MS) -> None:
    from travellr_desktop.storage import migrate  # Alembic is slow to import, and mostly not needed

    engine = make_engine(path, busy_ms=busy_ms)
    try:
        # begun here: in a transaction of its own Alembic would commit before the keys are looked at
        with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            if of_vendor(path):
                _migrate_vendors(connection)
            else:
                migrate.upgrade(connection)
                _check_keys(connection)
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()


def _migrate_vendors(connection: Connection) -> None:
    from travellr_desktop.storage import migrate, vendor_files

    vendor_files.unguard(connection)
    migrate.upgrade(connection)
    vendor_files.guard_anew(connection)


def _check_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise DatabaseDamaged(f"A row of {broken[0]} points at a row of {broken[2]} that is not there.")


def _revisions(path: Path, busy_ms: int) -> frozenset[str]:
    """The migrations that the file has gone through; read without changing a byte of it, or leaving one beside it."""
    # what was committed may still be in the log beside the file; without one nobody has it open
    logged = path.with_name(path.name + "-wal").exists()
    address = f"{path.resolve().as_uri()}?{'mode=ro' if logged else 'immutable=1'}"
    with closing(sqlite3.connect(address, uri=True, timeout=busy_ms / 1000)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchall()
        if not rows:
            raise DatabaseDamaged(
                "This file is a database, but not one of Travellr's.",
                hint="Choose another profile, or move the file away.",
            )
        return frozenset(row[0] for row in connection.execute("SELECT version_num FROM alembic_version"))


def _refuse_newer(revisions: frozenset[str]) -> None:
    from travellr_desktop.storage import migrate

    unknown = revisions - migrate.known()
    if unknown:
        raise DatabaseTooNew(
            f"The database was written by a newer program (at {', '.join(sorted(unknown))})."
        )


def _writable(path: Path, busy_ms: int) -> None:
    """Raises where the file cannot be written, before anything has been read for show."""
    with closing(sqlite3.connect(path, timeout=busy_ms / 1000, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")


def back_up(path: Path, folder: Path) -> Path:
    """A whole copy of the file as it is now, named by the moment, also while others write to it."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{path.stem}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.db"
    partial = copy.with_suffix(".partial")
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as target:
            source.backup(target)
        partial.replace(copy)
    finally:
        _remove(partial)
    log.info("backed up to %s", copy)
    return copy
