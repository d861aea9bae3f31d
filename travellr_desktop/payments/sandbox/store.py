"""The sandbox's own SQLite file: connections, transactions, and the steps to the tables of this version.

Several threads and several processes may use one file. A connection is lent to one caller at a time and given back;
`close` closes them all. Writers queue behind each other for up to ten seconds.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from travellr_desktop.errors import DatabaseTooNew, StorageRefusal
from travellr_desktop.payments.sandbox.store_tables import STEPS, VERSION

_BUSY_SECONDS = 10.0


class Store:
    """The file, made if it is not there, brought up to this version if it is older. Raises `StorageRefusal` where it
    cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._closed = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._lent() as connection:
                self._prepare(connection)
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise StorageRefusal(
                f"The payment sandbox's file cannot be used: {path} ({error})",
                hint="Move the file away to start with an empty sandbox, or choose another profile.",
            ) from error

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One view of the file, unchanged while it lasts."""
        with self._lent() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction that has the file to itself; committed at the end, rolled back on any exception.

        A durable one outlives a power cut, as what an outside provider knows would; the others are spared the wait.
        """
        with self._lent() as connection:
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def close(self) -> None:
        """Closes the idle connections; those still lent are closed when given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        connection = self._take()
        try:
            yield connection
        except BaseException:
            connection.close()  # whatever went wrong, the next caller gets a fresh one
            raise
        self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if os.getpid() != self._process:  # a connection must not cross a fork
                self._idle, self._process = [], os.getpid()
            if self._closed:
                raise sqlite3.ProgrammingError("the sandbox is closed")
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # is it a database at all
        except BaseException:
            connection.close()
            raise
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        _use_wal(connection)
        connection.execute("BEGIN IMMEDIATE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            connection.rollback()
            raise DatabaseTooNew(f"The payment sandbox's file was made by a newer program: {self.path}")
        for step in STEPS[version:]:
            for statement in step.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.commit()


def _use_wal(connection: sqlite3.Connection) -> None:
    """The change to WAL does not wait for others by itself: several processes may open a new file at once."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
