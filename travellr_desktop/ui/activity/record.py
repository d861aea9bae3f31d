"""One line of a journal, ready to be shown: an event, an audited action or an error, in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from travellr_desktop.domain.text import fold
from travellr_desktop.services.paged import PAGE_ROWS, ListQuery, PagedRows, RowWithId, Totals


@dataclass(frozen=True, slots=True)
class Record:
    """`about` names the thing (a booking's reference), `record` is what was written down, as text to copy.

    `facts` are pairs of a title and a value for the panel. `tone` is a colour of the theme where somebody has to act.
    """

    id: object
    at: datetime
    when: str
    what: str
    about: str = ""
    detail: str = ""
    who: str = ""
    facts: tuple[tuple[str, str], ...] = field(default=())
    record: str = ""
    tone: str = ""

    def exported(self) -> Mapping[str, object]:
        """What goes into a file of these lines."""
        return {
            "time": self.at,
            "who": self.who,
            "what": self.what,
            "about": self.about,
            "detail": self.detail,
            "written": self.record,
        }

    @property
    def searched(self) -> str:
        return fold(" ".join((self.when, self.what, self.about, self.detail, self.who)))


_SORTS: Mapping[str, Callable[[Record], Any]] = {
    "when": lambda row: row.at,
    "what": lambda row: fold(row.what),
    "about": lambda row: fold(row.about),
    "detail": lambda row: fold(row.detail),
    "who": lambda row: fold(row.who),
}


class RecordRows:
    """The newest lines of a journal as a list for a table. They are in memory: every step is quick.

    They come newest first; words filter by all that a line says, accents and case aside.
    """

    def __init__(self, records: Sequence[Record], query: ListQuery) -> None:
        self._whole = len(records)
        words = fold(query.text).split()
        rows = [row for row in records if all(word in row.searched for word in words)]
        if query.sort in _SORTS:
            rows.sort(key=_SORTS[query.sort], reverse=query.descending)
        self._rows = tuple(rows)

    def first(self, count: int = PAGE_ROWS) -> tuple[Record, ...]:
        return self._rows[:count]

    def index(self) -> int:
        return len(self._rows)

    def page(self, first: int, count: int = PAGE_ROWS) -> tuple[Record | None, ...]:
        return self._rows[first : first + count]

    def find(self, ids: Sequence[object]) -> dict[object, int]:
        wanted = set(ids)
        return {row.id: at for at, row in enumerate(self._rows) if row.id in wanted}

    def totals(self) -> Totals:
        return Totals(self._whole, {})

    def interrupt(self) -> None:
        """Nothing here takes long enough."""

    def close(self) -> None:
        """Nothing is held."""


R = TypeVar("R", bound=RowWithId)


class RecordsOf(Generic[R]):
    """A list of any length, each of its rows put into words when it is read."""

    def __init__(self, rows: PagedRows[R], words: Callable[[R], Record]) -> None:
        self._rows, self._words = rows, words

    def first(self, count: int = PAGE_ROWS) -> tuple[Record, ...]:
        return tuple(self._words(row) for row in self._rows.first(count))

    def index(self) -> int:
        return self._rows.index()

    def page(self, first: int, count: int = PAGE_ROWS) -> tuple[Record | None, ...]:
        return tuple(None if row is None else self._words(row) for row in self._rows.page(first, count))

    def find(self, ids: Sequence[object]) -> dict[object, int]:
        return self._rows.find(ids)

    def totals(self) -> Totals:
        return self._rows.totals()

    def interrupt(self) -> None:
        self._rows.interrupt()

    def close(self) -> None:
        self._rows.close()


def as_text(data: Mapping[str, Any]) -> str:
    """What was written down, to be read and copied by a person."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=str)
