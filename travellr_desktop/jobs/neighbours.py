"""The thread that listens to the other windows on the same file."""

from __future__ import annotations

import logging
import threading

from travellr_desktop.services.neighbours import Listener, NeighbourService

log = logging.getLogger(__name__)

EVERY = 0.15
"""Seconds between two looks; a look at a file in which nothing happened takes some microseconds."""


class NeighbourWatch:
    """Listens from `start` to `stop`, on a thread of its own."""

    def __init__(self, neighbours: NeighbourService, every: float = EVERY) -> None:
        self._neighbours = neighbours
        self._every = every
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._listener: Listener | None = None
        self._deaf = False

    def start(self) -> None:
        """Whatever another program commits after this has returned is heard. A file that cannot be read now is
        tried again."""
        if self._thread is None:
            self._listen()
            self._thread = threading.Thread(target=self._run, name="neighbours", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Hear no more; waits until the thread has ended."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        if self._listener is not None:
            self._listener.close()

    def _run(self) -> None:
        while not self._stopped.wait(self._every):
            self._listen()

    def _listen(self) -> None:
        try:
            if self._listener is None:
                self._listener = self._neighbours.listen()
            self._listener.hear()
            self._deaf = False
        except Exception as error:
            if not self._deaf:  # said once, not seven times a second
                log.warning("other windows are not heard", exc_info=error)
            self._deaf = True
