"""What the tables of a batch read from: a dry run, of which all is there, or the file, a page at a time.

A source opens a list for a query; it is called on the thread of the table that reads, as is all that it opens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.paged import (
    PAGE_ROWS,
    InMemory,
    ListQuery,
    PagedRows,
    RowWithId,
    Totals,
)
from travellr_desktop.services.payouts.batch_rows import DOWN, BatchRowService
from travellr_desktop.services.payouts.views import CurrencyRun
from travellr_desktop.ui.payouts.rows import (
    LeftLine,
    PaidRow,
    of_left_out,
    of_left_row,
    of_pay_row,
    of_payout,
)
from travellr_desktop.ui.payouts.words import left_word
from travellr_desktop.ui.records.words import Words

A = TypeVar("A", bound=RowWithId)
R = TypeVar("R", bound=RowWithId)
Source = Callable[[ListQuery], PagedRows[R]]
Sorts = Mapping[str, Callable[[R], Any]]

_AMOUNTS = frozenset({"amount", "bookings", "gross", "commission", "refunds", "adjustments", "carried_in"})


def _part(name: str) -> Callable[[PaidRow], int]:
    return lambda row: 0 if row.figures is None else int(getattr(row.figures, name))


_PAID: Sorts[PaidRow] = {
    "name": lambda row: row.name.casefold(),
    "label": lambda row: row.label.casefold(),
    "amount": lambda row: row.amount.minor,
    **{name: _part(name) for name in _AMOUNTS - {"amount"}},
}
_LEFT: Sorts[LeftLine] = {
    "name": lambda row: row.name.casefold(),
    "why": lambda row: left_word(row.reason),
    "amount": lambda row: row.amount.minor,
}


def nothing(_query: ListQuery) -> PagedRows[Any]:
    """Before anything is shown."""
    return InMemory[Any](())


# a draft


def paid_of_draft(run: CurrencyRun) -> Source[PaidRow]:
    return lambda query: _sorted([of_pay_row(row) for row in run.rows], _PAID, query)


def left_of_draft(run: CurrencyRun, words: Words) -> Source[LeftLine]:
    return lambda query: _sorted([of_left_row(row, words) for row in run.left], _LEFT, query)


def _sorted(rows: list[R], by: Sorts[R], query: ListQuery) -> InMemory[R]:
    rows.sort(key=by["name"])
    rows.sort(key=by.get(query.sort, by["name"]), reverse=query.descending)
    return InMemory(rows)


# a batch that was approved


def paid_of_batch(service: BatchRowService, actor: Actor, batch_id: UUID, currency: str) -> Source[PaidRow]:
    return lambda query: _Made(service.payouts(actor, batch_id, _asked(query, currency)), of_payout)


def left_of_batch(
    service: BatchRowService, actor: Actor, batch_id: UUID, currency: str, words: Words
) -> Source[LeftLine]:
    return lambda query: _Made(
        service.left_out(actor, batch_id, _asked(query, currency)), lambda row: of_left_out(row, words)
    )


def _asked(query: ListQuery, currency: str) -> ListQuery:
    own = replace(query, filters={**query.filters, "currency": currency})
    if query.descending and query.sort in _AMOUNTS:
        return replace(own, sort=query.sort + DOWN, descending=False)
    return own


class _Made(Generic[A, R]):
    """A list, each row of which is made into another with the same id."""

    def __init__(self, rows: PagedRows[A], make: Callable[[A], R]) -> None:
        self._rows, self._make = rows, make

    def first(self, count: int = PAGE_ROWS) -> tuple[R, ...]:
        return tuple(map(self._make, self._rows.first(count)))

    def index(self) -> int:
        return self._rows.index()

    def page(self, first: int, count: int = PAGE_ROWS) -> tuple[R | None, ...]:
        rows = self._rows.page(first, count)
        return tuple(None if row is None else self._make(row) for row in rows)

    def find(self, ids: Sequence[object]) -> dict[object, int]:
        return self._rows.find(ids)

    def totals(self) -> Totals:
        return self._rows.totals()

    def interrupt(self) -> None:
        self._rows.interrupt()

    def close(self) -> None:
        self._rows.close()
