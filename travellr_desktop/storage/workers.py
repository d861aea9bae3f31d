"""Which running programs work on this file: each holds an operating-system lock for as long as it lives."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout


class Workers:
    """The lock of this program, and the question whether another one still lives.

    What a dead program left half done (a payment it was charging) is recovered; what a live one is at is not
    touched. The operating system drops the lock however the program ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.id = uuid4().hex
        self._lock = FileLock(self._path(self.id))
        self._lock.acquire(timeout=0)

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

    def close(self) -> None:
        self._lock.release()
        self._path(self.id).unlink(missing_ok=True)
