"""Whose turn it is to write, among the programs on one file.

SQLite lets the others ask again and again, ever more rarely, up to ten times a second; whoever has just written asks at
once, and gets it. Here all ask alike, at short odd moments, so that all come to it.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from travellr_desktop.errors import DatabaseBusy

ASK_AGAIN = (0.0003, 0.0015)
"""Between which waits, in seconds, a program asks again: less than a write takes."""

if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _give(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class Turn:
    """One at a time, of the programs that name the same file; close it when done. The operating system ends a turn
    however its program ends. Threads of one program queue before this."""

    def __init__(self, path: Path, most_ms: int) -> None:
        self._file = os.open(
            path, os.O_RDWR | os.O_CREAT, 0o600
        )  # kept open: a write is too short for opening files
        self._most = most_ms / 1000
        self._has = False

    @contextmanager
    def taken(self) -> Iterator[Callable[[], None]]:
        """Wait for the turn, and have it for as long as the block lasts, or until what it gives is called. Raises
        `DatabaseBusy` in the end."""
        until = time.monotonic() + self._most
        while not self._asked():
            if time.monotonic() > until:
                raise DatabaseBusy("Another program is writing to the database.")
            time.sleep(random.uniform(*ASK_AGAIN))
        self._has = True
        try:
            yield self._give_back
        finally:
            self._give_back()

    def _give_back(self) -> None:
        if self._has:
            self._has = False
            _give(self._file)

    def _asked(self) -> bool:
        try:
            _take(self._file)
        except OSError:  # somebody else has it
            return False
        return True

    def close(self) -> None:
        """Again is harmless."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
