"""The thread that reads a list: one a model, one step at a time, what is looked at first."""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable
from enum import IntEnum
from itertools import count
from typing import Protocol

log = logging.getLogger(__name__)

Job = Callable[[], None]


class Urgency(IntEnum):
    """Smaller goes first. Of two pages the one asked for last goes first: it is the one looked at."""

    OPEN = 0
    PAGE = 1
    TOTALS = 2


class Reader(Protocol):
    """Where the steps of a list run, never two at once."""

    def submit(self, job: Job, urgency: Urgency) -> None: ...

    def close(self, last: Job) -> None:
        """Drop what has not begun, wait for what has, then run `last`. Jobs that come later are dropped."""


class ThreadReader:
    """A thread, started with the first job."""

    def __init__(self, name: str = "list-reader") -> None:
        self._name = name
        self._numbers = count()
        self._waiting: list[tuple[int, int, Job]] = []
        self._more = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, job: Job, urgency: Urgency) -> None:
        with self._more:
            if self._closed:
                return
            heapq.heappush(self._waiting, (urgency, -next(self._numbers), job))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._more.notify()

    def close(self, last: Job) -> None:
        with self._more:
            if self._closed:
                return
            self._closed = True
            self._waiting.clear()
            self._more.notify()
        if self._thread is not None:
            self._thread.join()
        last()

    def _run(self) -> None:
        while True:
            with self._more:
                while not self._waiting and not self._closed:
                    self._more.wait()
                if self._closed:
                    return
                job = heapq.heappop(self._waiting)[2]
            try:
                job()
            except Exception:
                log.exception("a list could not be read")


class InlineReader:
    """Runs each job where it is asked for: for tests, and for lists that are in memory."""

    def __init__(self) -> None:
        self._closed = False

    def submit(self, job: Job, urgency: Urgency) -> None:
        if not self._closed:
            job()

    def close(self, last: Job) -> None:
        if not self._closed:
            self._closed = True
            last()
