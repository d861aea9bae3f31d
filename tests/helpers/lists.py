"""Lists for tests of tables: rows in memory, as many as asked for, and a reader that takes one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from travellr_desktop.errors import Cancelled
from travellr_desktop.services.paged import PAGE_ROWS, ListQuery, Totals
from travellr_desktop.ui.tables.reader import Urgency


@dataclass(frozen=True, slots=True)
class Thing:
    """A row; `id` is a number."""

    id: int
    name: str = ""
    amount: int = 0
    state: str = "confirmed"

    @property
    def reference(self) -> str:
        return f"BK-2026-{self.id:06d}"


def things(numbers: Iterable[int]) -> list[Thing]:
    return [Thing(number, f"Name {number}", number * 100) for number in numbers]


class Numbers(Sequence[Thing]):
    """A million rows that take no room: row `n` has the id `n`."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return things(range(*at.indices(self._count)))
        if at >= self._count:
            raise IndexError(at)
        return things([at])[0]


@dataclass
class Store:
    """What a list reads, and what was done with it. Change `rows` as a write would; None is a deleted row.

    `fails` is raised by the next opening. `opened` has every query, `read` the first position of every page.
    """

    rows: Sequence[Thing | None]
    whole: int | None = None
    fails: Exception | None = None
    opened: list[ListQuery] = field(default_factory=list)
    read: list[int] = field(default_factory=list)
    interrupted: int = 0
    closed: int = 0

    def open(self, query: ListQuery) -> MemoryRows:
        self.opened.append(query)
        if self.fails is not None:
            error, self.fails = self.fails, None
            raise error
        return MemoryRows(self, query)


class MemoryRows:
    """A list over a `Store`: words filter by name, sorting by anything reverses nothing but direction."""

    def __init__(self, store: Store, query: ListQuery) -> None:
        self._store = store
        rows = store.rows
        if query.text:
            rows = [row for row in rows if row is not None and query.text.casefold() in row.name.casefold()]
        if wished := query.filters.get("state"):
            rows = [row for row in rows if row is not None and row.state in str(wished)]
        self._rows = rows[::-1] if query.descending else rows
        self._closed = False

    def first(self, count: int = PAGE_ROWS) -> tuple[Thing, ...]:
        self._check()
        return tuple(row for row in self._rows[:count] if row is not None)

    def index(self) -> int:
        self._check()
        return len(self._rows)

    def page(self, first: int, count: int = PAGE_ROWS) -> tuple[Thing | None, ...]:
        self._check()
        self._store.read.append(first)
        return tuple(self._rows[first : first + count])

    def find(self, ids: Sequence[object]) -> dict[object, int]:
        self._check()
        wanted = set(ids)
        return {row.id: at for at, row in enumerate(self._rows) if row is not None and row.id in wanted}

    def totals(self) -> Totals:
        self._check()
        whole = self._store.whole if self._store.whole is not None else len(self._store.rows)
        return Totals(
            whole, {"amount": {"EUR": sum(row.amount for row in self._rows[:2000] if row is not None)}}
        )

    def interrupt(self) -> None:
        self._store.interrupted += 1

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._store.closed += 1

    def _check(self) -> None:
        if self._closed:
            raise Cancelled


class StepReader:
    """Keeps the steps until the test lets them run, the most urgent first, as the thread would."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Urgency, int, Callable[[], None]]] = []
        self._number = 0

    def submit(self, job: Callable[[], None], urgency: Urgency) -> None:
        self._number -= 1
        self._waiting.append((urgency, self._number, job))

    def close(self, last: Callable[[], None]) -> None:
        self._waiting.clear()
        last()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def step(self) -> None:
        self._waiting.sort(key=lambda entry: entry[:2])
        self._waiting.pop(0)[2]()

    def all(self) -> None:
        while self._waiting:
            self.step()


class MemorySettings:
    """Settings as QSettings gives them back from an INI file: text."""

    def __init__(self, values: dict[str, str] | None = None) -> None:
        self.values = dict(values or {})

    def value(self, key: str, /, defaultValue: Any = None) -> Any:  # noqa: N803 - as Qt spells it
        return self.values.get(key, defaultValue)

    def setValue(self, key: str, value: Any, /) -> None:
        self.values[key] = str(value)
