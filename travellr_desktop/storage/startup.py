"""Opening the desk's file at start-up: look, back up, migrate; refuse what cannot be used, and leave it untouched."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from travellr_desktop.errors import DatabaseDamaged, DatabaseReadOnly, DatabaseTooNew, StorageRefusal
from travellr_desktop.storage.engine import WRITE, make_engine, translate
from travellr_desktop.storage.schema import HEADS

log = logging.getLogger(__name__)


def prepare(path: Path, backups: Path) -> Path | None:
    """Make the file at `path` ready: created where there is none, migrated where it is older, after a backup.

    Returns the backup that was made, or None. Raises `DatabaseTooNew`, `DatabaseDamaged`, `DatabaseReadOnly`,
    `DatabaseBusy` or `DiskFull`; the file is then as it was."""
    try:
        if not path.exists() or path.stat().st_size == 0:
            _create(path)
            return None
        revisions = _revisions(path)
        if revisions == HEADS:
            _writable(path)
            return None
        _refuse_newer(revisions)
        _writable(path)
        saved = back_up(path, backups)
        _migrate(path)
        return saved
    except StorageRefusal:
        raise
    except PermissionError as error:
        raise DatabaseReadOnly(f"The profile folder cannot be written to: {path.parent}.") from error
    except Exception as error:
        refusal = translate(error)
        if refusal is None:
            raise
        raise refusal from error


def _create(path: Path) -> None:
    """A new file under another name, moved into place when whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    _remove(new)
    try:
        _migrate(new)
        new.replace(path)
    finally:
        _remove(new)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _migrate(path: Path) -> None:
    from travellr_desktop.storage import migrate  # Alembic is slow to import, and mostly not needed

    engine = make_engine(path)
    try:
        with engine.connect().execution_options(**{WRITE: True}) as connection:
            migrate.upgrade(connection)
            _check_keys(connection)
            connection.commit()
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()


def _check_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise DatabaseDamaged(f"A row of {broken[0]} points at a row of {broken[2]} that is not there.")


def _revisions(path: Path) -> frozenset[str]:
    """The migrations that the file has gone through; read without changing a byte of it."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
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


def _writable(path: Path) -> None:
    """Raises where the file cannot be written, before anything has been read for show."""
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")


def back_up(path: Path, folder: Path) -> Path:
    """A whole copy of the file as it is now, named by the moment, also while others write to it."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{path.stem}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.db"
    partial = copy.with_suffix(".partial")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    partial.replace(copy)
    log.info("backed up to %s", copy)
    return copy
