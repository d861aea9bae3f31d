"""No SQL statement and no socket on the thread of the window.

While armed, on the main thread:

* connecting to a database, and reaching out through a socket, raise `BlockedOnGuiThread` at the place;
* a statement on any connection opened meanwhile, and one through any SQLAlchemy engine, is noted (and, through
  SQLAlchemy, raises).

Everything is noted as well, so that code which swallows the exception still fails its test. Armed for every test in
`tests/ui`; `may_block()` is for the test's own preparations.
"""

from __future__ import annotations

import sqlite3
import sqlite3.dbapi2
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")

_REFUSED_SOCKETS = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
    }
)


_connect = sqlite3.connect


class BlockedOnGuiThread(AssertionError):
    """Something that may wait was done on the thread that paints the window."""


class GuiThreadGuard:
    """One for the process: an audit hook can never be taken out again."""

    def __init__(self) -> None:
        self._armed = False
        self._hooked = False
        self._engines_hooked = False
        self.seen: list[str] = []

    def arm(self) -> None:
        if not self._hooked:
            sys.addaudithook(self._audit)
            self._hooked = True
        self._hook_engines()
        self.seen.clear()
        sqlite3.connect = sqlite3.dbapi2.connect = self._connect  # type: ignore[assignment]
        self._armed = True

    def disarm(self) -> list[str]:
        """Stops watching and says what was seen, each with the lines that led to it."""
        self._armed = False
        sqlite3.connect = sqlite3.dbapi2.connect = _connect
        seen, self.seen = self.seen, []
        return seen

    @contextmanager
    def may_block(self) -> Iterator[None]:
        """For a test's own preparations: a database filled before the window opens."""
        before, self._armed = self._armed, False
        try:
            yield
        finally:
            self._armed = before

    def _watching(self) -> bool:
        return self._armed and threading.current_thread() is threading.main_thread()

    def _connect(self, *args: Any, **options: Any) -> sqlite3.Connection:
        # whichever thread opens it: a statement may follow on the main one
        connection: sqlite3.Connection = _connect(*args, **options)
        connection.set_trace_callback(self._statement)
        return connection

    def _audit(self, event: str, args: tuple[object, ...]) -> None:
        if not self._armed:
            return
        if event == "sqlite3.connect" and self._watching():
            self._refuse(f"opened the database {args[0]!r}")
        elif event in _REFUSED_SOCKETS and self._watching():
            self._refuse(f"{event}{args[1:]!r}")

    def _statement(self, sql: str) -> None:
        if self._watching():
            self._note(f"ran {sql!r}")  # sqlite3 swallows what a trace callback raises

    def _hook_engines(self) -> None:
        if self._engines_hooked or "sqlalchemy" not in sys.modules:
            return
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        event.listen(Engine, "before_cursor_execute", self._engine_statement)
        self._engines_hooked = True

    def _engine_statement(
        self, conn: object, cursor: object, statement: str, parameters: object, context: object, many: bool
    ) -> None:
        if self._watching():
            self._refuse(f"ran {statement!r}")

    def _note(self, what: str) -> str:
        # the last frames but those of this module
        frames = [f for f in traceback.extract_stack() if f.filename != __file__][-6:]
        text = f"On the GUI thread: {what}\n{''.join(traceback.format_list(frames))}"
        self.seen.append(text)
        return text

    def _refuse(self, what: str) -> None:
        raise BlockedOnGuiThread(self._note(what))


guard = GuiThreadGuard()


@contextmanager
def may_block() -> Iterator[None]:
    """Lets the test itself read and write on the main thread, until the block ends."""
    with guard.may_block():
        yield


def off_gui(work: Callable[[], T]) -> T:
    """Runs `work` on a thread of its own and waits for it; what it raises is raised here."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="off-gui") as pool:
        return pool.submit(work).result()
