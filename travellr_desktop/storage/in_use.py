"""Who reads and writes a file now, so that it is closed when nobody does, and opened by nobody again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from travellr_desktop.errors import DatabaseClosed

PATIENCE_S = 10.0
"""How long the end waits for what is under way: whatever takes longer does not belong in a transaction."""


class InUse:
    """Counts whoever is in; after `end` nobody comes in any more."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._users = 0
        self._over = False

    @contextmanager
    def by_one(self) -> Iterator[None]:
        """Raises `DatabaseClosed` after the end."""
        with self._changed:
            if self._over:
                raise DatabaseClosed("This file was closed.")
            self._users += 1
        try:
            yield
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    def end(self) -> None:
        """Wait until nobody is in. Again is harmless."""
        with self._changed:
            self._over = True
            self._changed.wait_for(lambda: self._users == 0, PATIENCE_S)
