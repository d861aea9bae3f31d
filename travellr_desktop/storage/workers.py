"""Which running programs work on this file, and what this one is at.

Each program holds an operating-system lock for as long as it lives. What it is at by itself (a payment it charges,
a refund it sends) it notes in memory: a call that fell over is not taken for one that still runs.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from filelock import FileLock, Timeout


class Workers:
    """The lock of this program, and the question whether another one still lives.

    What a dead program left half done (a payment it was charging) is recovered; what a live one is at is not
    touched. The operating system drops the lock however the program ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.id = uuid4().hex
        # closed by whichever thread ends the program
        self._lock = FileLock(self._path(self.id), thread_local=False)
        self._lock.acquire(timeout=0)
        self._guard = threading.Lock()
        self._at: set[UUID] = set()
        self._only: dict[str, FileLock] = {}

    def _path(self, worker: str) -> Path:
        return self._folder / f"{worker}.lock"

    def alive(self, worker: str | None) -> bool:
        """Whether the program that called itself `worker` is still running; False for None."""
        if worker is None:
            return False
        if worker == self.id:
            return True
        path = self._path(worker)
        if not path.exists():
            return False
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        path.unlink(missing_ok=True)
        return False

    @contextmanager
    def at(self, thing: UUID) -> Iterator[bool]:
        """While the block lasts this program is at `thing`. Gives False where another thread of it is already."""
        with self._guard:
            first = thing not in self._at
            self._at.add(thing)
        try:
            yield first
        finally:
            if first:
                with self._guard:
                    self._at.discard(thing)

    def busy(self, worker: str | None, thing: UUID) -> bool:
        """Whether `worker`, another program that lives or this one, is at `thing` now."""
        if worker != self.id:
            return self.alive(worker)
        with self._guard:
            return thing in self._at

    def only(self, what: str) -> bool:
        """Whether this program is the one that does `what` on this file: the first to ask, for as long as it lives."""
        with self._guard:
            if what in self._only:
                return True
            lock = FileLock(self._folder / f"only-{what}.lock", thread_local=False)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                return False
            self._only[what] = lock
            return True

    def leave(self, what: str) -> None:
        """Let another program do it, if this one did."""
        with self._guard:
            lock = self._only.pop(what, None)
            if lock is not None:
                lock.release()

    def close(self) -> None:
        with self._guard:
            for lock in self._only.values():
                lock.release()
            self._only.clear()
        self._lock.release()
        self._path(self.id).unlink(missing_ok=True)
