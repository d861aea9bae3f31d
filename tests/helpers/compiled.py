"""What SQLAlchemy works out of a statement is kept from one test to the next, and in children of a process.

It is kept for each engine, and each test opens its own: most statements would be compiled anew in most tests, as they
are not where a program stays open for a day. A file, its connections and its pool stay each engine's own.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Dialect, Engine, create_engine
from sqlalchemy.util import LRUCache

from travellr_desktop.storage import engine as storage

_ROOM = 5_000
"""Statements: more than all tests together have."""
_compiled: LRUCache[Any, Any] = LRUCache(_ROOM)


def share() -> None:
    """From now on the engines of the program share what was compiled; twice is as once."""
    storage.create_engine = _sharing  # type: ignore[attr-defined, assignment]


def _sharing(url: str, **options: Any) -> Engine:
    engine = create_engine(url, execution_options={"compiled_cache": _compiled}, **options)
    engine.dialect = _dialect()  # it is part of the key
    return engine


@cache
def _dialect() -> Dialect:
    """One that has seen a connection: it then knows what SQLite it talks to."""
    engine = create_engine("sqlite://")
    try:
        with engine.connect():
            return engine.dialect
    finally:
        engine.dispose()
