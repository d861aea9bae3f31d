"""What the model and the view of a table tell each other, and what the reader's thread answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from travellr_desktop.services.paged import PAGE_ROWS, PagedRows, Totals


class LoadState(Enum):
    """FAILED: the last reading failed; `PagedModel.failure` says why. Rows read before are still there."""

    EMPTY = auto()
    LOADING = auto()
    READY = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person is in the list, to come back to after it was read again.

    `ids` are the selected rows, `current` the row with the cursor, `top` and `anchor` the position and id of
    the first row in sight, `rows` how many are in sight.
    """

    ids: tuple[object, ...] = ()
    current: object = None
    top: int = 0
    anchor: object = None
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Where the rows of `place` stand now (by id, from 0), and the first row to show."""

    place: Place
    positions: Mapping[object, int]
    top: int


@dataclass(slots=True)
class Letter:
    """From the reader's thread: what came of one step of the query with this number."""

    number: int
    first: Sequence[Any] | None = None
    count: int | None = None
    pages: dict[int, Sequence[Any]] = field(default_factory=dict)
    found: Found | None = None
    totals: Totals | None = None
    skipped: int | None = None
    error: Exception | None = None


def find_place(rows: PagedRows[Any], place: Place, count: int) -> Found:
    ids = [one for one in dict.fromkeys((*place.ids, place.current, place.anchor)) if one is not None]
    positions = rows.find(ids) if ids else {}
    top = place.top
    if place.top and place.anchor in positions:  # at the very top, new rows come into sight
        top = positions[place.anchor]
    return Found(place, positions, max(0, min(top, count - place.rows)))


def pages_in_sight(found: Found, count: int) -> list[int]:
    """The pages in sight, and always the first: what came before the index may be out of date."""
    last = min(found.top + found.place.rows, count - 1)
    return sorted({0, *range(found.top // PAGE_ROWS, last // PAGE_ROWS + 1)}) if count else []
