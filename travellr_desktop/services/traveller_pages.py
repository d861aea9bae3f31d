"""All travellers as a list of any length, with what the list of those found says of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from travellr_desktop.services.lists import TravellerListRow
from travellr_desktop.services.paged import PAGE_ROWS, PagedRows, Totals
from travellr_desktop.services.travellers import TravellerRow

Look = Callable[[Sequence[UUID]], Mapping[UUID, TravellerRow]]


class TravellerPages:
    """`rows` by position; `look` says what there is on those of a page: it is asked once a page."""

    def __init__(self, rows: PagedRows[TravellerListRow], look: Look) -> None:
        self._rows, self._look = rows, look

    def first(self, count: int = PAGE_ROWS) -> tuple[TravellerRow, ...]:
        return tuple(row for row in self._seen(self._rows.first(count)) if row is not None)

    def index(self) -> int:
        return self._rows.index()

    def page(self, first: int, count: int = PAGE_ROWS) -> tuple[TravellerRow | None, ...]:
        return self._seen(self._rows.page(first, count))

    def _seen(self, rows: Sequence[TravellerListRow | None]) -> tuple[TravellerRow | None, ...]:
        seen = self._look([row.id for row in rows if row is not None])
        return tuple(None if row is None else seen.get(row.id) for row in rows)

    def find(self, ids: Sequence[object]) -> dict[object, int]:
        return self._rows.find(ids)

    def totals(self) -> Totals:
        return self._rows.totals()

    def interrupt(self) -> None:
        self._rows.interrupt()

    def close(self) -> None:
        self._rows.close()
