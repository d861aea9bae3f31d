"""What other programs commit to this file while it is open here.

A commit of another program tells nobody in this one. Its events are rows, though, and SQLite says by
`PRAGMA data_version` whether anything was committed by another connection since it was last asked: a question of
some microseconds, so it can be asked several times a second.

Where reading goes on is remembered as a rowid of `outbox_events`, not as an event's id. The id holds the time at
which the event was made, which is before its commit: of two programs, the one that began first may commit last, and
its event would lie before the mark. Rowids are given under the write lock, so they rise with the commits. That holds
as long as the row with the highest one is never deleted; see `JournalRepository.forget_events_before`.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import Event
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.engine import translate
from travellr_desktop.storage.paging import read_connection

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Events handed out by one call at most: the rest comes with the next."""

Told = Mapping[str, Any]
"""An event as `events.Event.to_json` writes it."""


class Neighbours:
    """Reads the events of the other programs of a file, from the moment it is made. `worker` is this program.

    Makes its own connection, which `close` gives back. Safe to call from any thread, one call at a time."""

    def __init__(self, path: Path, worker: str) -> None:
        self._worker = worker
        self._lock = threading.Lock()
        with _refusals():
            self._connection = read_connection(path)
            try:
                self._version = self._data_version()
                self._mark = self._last()
            except BaseException:
                self._connection.close()
                raise

    def news(self) -> tuple[Told, ...]:
        """What the others committed since the last call, in the order of their commits. Raises a
        `StorageRefusal` where the file cannot be read; what was missed then comes with the next call."""
        with self._lock, _refusals():
            # asked before the rows are read: a commit in between is seen once more, never missed
            version = self._data_version()
            if version == self._version:
                return ()
            found = self._connection.execute(
                "SELECT rowid, worker, event_name, aggregate_id, timestamp, payload FROM outbox_events "
                "WHERE rowid > ? ORDER BY rowid LIMIT ?",
                (self._mark, AT_ONCE),
            ).fetchall()
            if found:
                self._mark = found[-1][0]
            if len(found) < AT_ONCE:
                self._version = version
            return tuple(told(*row[2:]) for row in found if row[1] != self._worker)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _data_version(self) -> int:
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _last(self) -> int:
        (last,) = self._connection.execute("SELECT coalesce(max(rowid), 0) FROM outbox_events").fetchone()
        return int(last)


def told(name: str, aggregate_id: str, timestamp: str, payload: str) -> Told:
    """An event as it is told elsewhere, of what its row holds."""
    return {
        "event_name": name,
        "aggregate_id": str(UUID(aggregate_id)),
        "timestamp": utc_moment(timestamp).isoformat(),
        "payload": json.loads(payload),
    }


def known(said: Told) -> Event | None:
    """The event, or None for one that this version of the program does not know."""
    try:
        return Event.from_json(said)
    except InvalidInput as error:
        log.warning("another program told of something unknown: %s", error)
        return None


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise (translate(error) or error) from error
