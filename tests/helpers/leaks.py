"""What a test leaves behind: live threads, running timers, open database connections."""

from __future__ import annotations

import gc
import sqlite3
import sys
import threading
import time
import traceback
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

GRACE_SECONDS = 3.0  # for what was told to stop and is about to

_OF_THE_TOOLS = ("execnet", "pytest", "Pytest")


def live_threads() -> set[threading.Thread]:
    """Python's own threads. Those that Qt made (seen here as dummies) are counted by `qt_leftovers`."""
    dummy: type[threading.Thread] = threading._DummyThread
    return {
        thread
        for thread in threading.enumerate()
        if not isinstance(thread, dummy) and not thread.name.startswith(_OF_THE_TOOLS)
    }


def new_threads(before: set[threading.Thread]) -> list[str]:
    """The names of the threads that started since and do not end within the grace."""
    deadline = time.monotonic() + GRACE_SECONDS
    left = live_threads() - before
    for thread in left:
        thread.join(max(0.0, deadline - time.monotonic()))
    return sorted(thread.name for thread in left if thread.is_alive())


def qt_leftovers() -> list[str]:
    """Running timers, threads and pooled work of Qt; nothing where there is no application."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return []
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
    gc.collect()
    left = []
    if not core.QThreadPool.globalInstance().waitForDone(int(GRACE_SECONDS * 1000)):
        left.append("work in the global thread pool")
    left.extend(_running())
    return left


_kept: list[weakref.ref[object]] = []
"""Timers and threads that the collector no longer lists."""


def keep() -> None:
    """What is alive now (what was imported, the tests themselves, what the tests before have left) is not looked
    through again: that would take longer than most tests do.

    It is freed by its count of references as before; only a cycle that becomes garbage later stays.
    """
    core = sys.modules.get("PySide6.QtCore")
    if core is not None:
        _kept[:] = [known for known in _kept if known() is not None]
        _kept.extend(
            weakref.ref(thing)
            for thing in gc.get_objects()
            if issubclass(type(thing), (core.QTimer, core.QThread))
        )
    gc.freeze()


def begin() -> None:
    """Before a test: only what is made from now on is looked through after it."""
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        gc.collect()
        keep()


def _alive() -> Iterator[Any]:
    yield from chain(gc.get_objects(), (thing for known in _kept if (thing := known()) is not None))


def _running() -> list[str]:
    from PySide6.QtCore import QThread, QTimer
    from shiboken6 import Shiboken

    left = []
    for thing in _alive():
        kind = type(thing)
        if issubclass(kind, QTimer) and Shiboken.isValid(thing) and thing.isActive():
            left.append(f"timer {thing.objectName() or '(no name)'} every {thing.interval()} ms")
        elif (
            issubclass(kind, QThread)
            and Shiboken.isValid(thing)
            and thing.isRunning()
            and thing is not QThread.currentThread()
        ):
            left.append(f"thread {thing.objectName() or '(no name)'}")
    return left


@dataclass(frozen=True, slots=True)
class _Opened:
    connection: sqlite3.Connection
    where: str


class ConnectionWatch:
    """Every SQLite connection opened while a test runs, and where.

    Python before 3.13 says nothing of a connection dropped while open. They are held until the end of the test, so
    one that was only forgotten is seen too.
    """

    def __init__(self) -> None:
        self._hooked = False
        self._on = False
        self._opened: list[_Opened] = []

    def start(self) -> None:
        if not self._hooked:
            sys.addaudithook(self._audit)
            self._hooked = True
        self._opened = []
        self._on = True

    def stop(self) -> list[str]:
        """Closes what is still open, and says where each was opened."""
        self._on = False
        opened, self._opened = self._opened, []
        left = []
        for entry in opened:
            if _is_open(entry.connection):
                left.append(f"A database connection was left open, opened here:\n{entry.where}")
                _close(entry.connection)
        return left

    def _audit(self, event: str, args: tuple[object, ...]) -> None:
        if self._on and event == "sqlite3.connect/handle" and isinstance(args[0], sqlite3.Connection):
            frames = [f for f in traceback.extract_stack(limit=12) if f.filename != __file__]
            self._opened.append(_Opened(args[0], "".join(traceback.format_list(frames[-8:]))))


def _is_open(connection: sqlite3.Connection) -> bool:
    try:
        _ = connection.in_transaction  # asks whether it is closed, and not which thread is asking
    except sqlite3.ProgrammingError:
        return False
    return True


def _close(connection: sqlite3.Connection) -> None:
    try:
        connection.close()
    except sqlite3.ProgrammingError:
        pass  # it belongs to another thread, and the test has failed by now


connections = ConnectionWatch()
