"""Whose turn it is to write, among the programs on one file.

SQLite lets the others ask again and again, ever more rarely, up to ten times a second; whoever has just written asks at
once, and gets it. Here all ask alike, at short odd moments, so that all come to it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from travellr_desktop.errors import DatabaseBusy

ASK_AGAIN = (0.0003, 0.0015)
"""Between which waits, in seconds, a program asks again: less than a write takes."""


class Turn:
    """One at a time, a program or a thread of it. The operating system ends a turn however its program ends."""

    def __init__(self, path: Path, most_ms: int) -> None:
        # taken by whichever thread writes
        self._lock = FileLock(path, thread_local=False)
        self._most = most_ms / 1000

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, and have it for as long as the block lasts. Raises `DatabaseBusy` in the end."""
        until = time.monotonic() + self._most
        while not self._asked():
            if time.monotonic() > until:
                raise DatabaseBusy("Another program is writing to the database.")
            time.sleep(random.uniform(*ASK_AGAIN))
        try:
            yield
        finally:
            self._lock.release()

    def _asked(self) -> bool:
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        return True
