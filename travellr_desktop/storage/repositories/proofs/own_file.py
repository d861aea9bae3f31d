"""A vendor's file by itself: only what is theirs, and nothing for a fact that is a filler."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.reading import Reader
from travellr_desktop.storage.vendor_columns import FILLERS
from travellr_desktop.storage.vendor_files import SEEN
from travellr_desktop.storage.wire import synced, travelling

_TAKEN = """
SELECT d.id FROM departures d LEFT JOIN grants g ON g.id = d.id
WHERE g.taken IS NOT (SELECT count(*) FROM bookings b JOIN booking_lines l ON l.booking_id = b.id
                      WHERE b.departure_id = d.id AND l.occupies)
   OR g.seats IS NOT max(d.capacity, g.taken)
UNION ALL SELECT id FROM grants WHERE id NOT IN (SELECT id FROM departures)
"""


@dataclass(frozen=True, slots=True)
class Strange:
    """A row that does not belong into the file as it is."""

    table: str
    row: str


class OwnFileProofs(Reader):
    def columns(self) -> Mapping[str, Sequence[str]]:
        """What its vendor sees, by table, as the hub said when the file was made; nothing where that is not there."""
        kept = self._value("SELECT body FROM hub_copies WHERE name = ?", SEEN)
        found: Mapping[str, Sequence[str]] = json.loads(kept)["columns"] if isinstance(kept, str) else {}
        return found

    def of_others(self) -> Iterator[Strange]:
        """Rows of tables that vendors do not see, of another vendor, or of another person."""
        seen = self.columns()
        for table in synced():
            if table in ("desks", "grants"):  # the file's own
                continue
            if table not in seen:
                where = "1"
            elif table in ("vendors", "users"):
                where = f"rowid > (SELECT min(rowid) FROM {table})"
            elif "vendor_id" in travelling(table):
                where = "vendor_id IS NOT NULL AND vendor_id NOT IN (SELECT id FROM vendors)"
            else:
                continue
            for row in self._rows(f"SELECT id FROM {table} WHERE {where}"):
                yield Strange(table, str(row[0]))

    def not_fillers(self) -> Iterator[Strange]:
        """Rows that have something in a column that the vendor does not see."""
        for table, names in self.columns().items():
            fillers = FILLERS.get(table, {})
            hidden = [name for name in travelling(table) if name not in names]
            wrong = [
                f"{name} IS NOT NULL" if name not in fillers else f"{name} IS NOT {_said(fillers[name])}"
                for name in hidden
                if not callable(fillers.get(name))
            ]
            if wrong:
                for row in self._rows(f"SELECT id FROM {table} WHERE {' OR '.join(wrong)}"):
                    yield Strange(table, str(row[0]))

    def not_counted(self) -> Iterator[str]:
        """Departures whose seats are not counted as they are taken."""
        for row in self._rows(_TAKEN):
            yield str(row[0])


def _said(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
