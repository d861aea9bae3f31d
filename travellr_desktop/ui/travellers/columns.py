"""The two lists of the finder: those who fit, and pairs who are likely one."""

from __future__ import annotations

from travellr_desktop.services.duplicates import LikelyPair
from travellr_desktop.services.paged import Totals
from travellr_desktop.services.travellers import TravellerRow, TravellersFound
from travellr_desktop.ui.records.words import count
from travellr_desktop.ui.tables import Column
from travellr_desktop.ui.tables.columns import Align
from travellr_desktop.ui.tables.columns import Kind as CellKind
from travellr_desktop.ui.tables.in_memory import InMemory
from travellr_desktop.ui.travellers.words import contact, level, reasons


class FoundRows(InMemory[TravellerRow]):
    """Those who fit, and how many there are at all."""

    def __init__(self, found: TravellersFound) -> None:
        super().__init__(found.rows)
        self._total = found.total

    def totals(self) -> Totals:
        return Totals(self._total, {})


def _has(row: TravellerRow) -> str:
    if row.alike:
        return f"{row.alike} alike"
    return count(row.bookings, "booking", "bookings") if row.bookings else ""


PEOPLE: tuple[Column[TravellerRow], ...] = (
    Column(
        "name",
        "Traveller",
        lambda row: row.name,
        CellKind.TWO_LINE,
        width=160,
        min_width=96,
        stretch=1,
        second=lambda row: contact(row.phone, row.email),
    ),
    Column(
        "has",
        "Has",
        _has,
        CellKind.NUMBER,
        width=88,
        align=Align.TRAILING,
        tone=lambda row: "wait" if row.alike else "text_secondary",
    ),
)
PAIRS: tuple[Column[LikelyPair], ...] = (
    Column(
        "pair",
        "Likely the same",
        lambda pair: f"{pair.first.name} · {pair.second.name}",
        CellKind.TWO_LINE,
        width=160,
        min_width=96,
        stretch=1,
        second=lambda pair: f"{level(pair.likeness.score)}: {reasons(pair.likeness.why)}",
    ),
)
