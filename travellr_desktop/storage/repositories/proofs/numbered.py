"""Numbered seats: everybody who sits on a plan has exactly their own, and nobody else has any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.reading import Reader


@dataclass(frozen=True, slots=True)
class Unseated:
    """A hold, or a line, of a numbered departure that has not the seats it should. `has` are labels with a comma
    between them."""

    table: str
    id: str
    wants: int
    has: str


@dataclass(frozen=True, slots=True)
class StraySeat:
    """A taken seat that nobody sits on: its hold has ended, its line got up, or the plan does not sell it."""

    id: str
    label: str
    on_plan: int


@dataclass(frozen=True, slots=True)
class TooMany:
    """A departure with more seats granted than its plan sells and were sold beyond that."""

    departure_id: str
    granted: int
    sellable: int


_SELLS = """
WITH sells AS MATERIALIZED (
    SELECT p.id AS plan_id, json_extract(seat.value, '$.label') AS label
    FROM seat_plans p, json_each(p.layout, '$.decks') deck, json_each(deck.value, '$.seats') seat
    WHERE coalesce(json_extract(seat.value, '$.blocked'), '') = '')
"""

_UNSEATED = """
SELECT 'holds', id, seats, has FROM (
    SELECT h.id, h.seats, h.labels,
           (SELECT json_group_array(label) FROM (
               SELECT label FROM seats WHERE hold_id = h.id ORDER BY position)) AS has
    FROM departures d JOIN holds h ON h.departure_id = d.id
    WHERE d.plan_id IS NOT NULL AND h.state = 'active')
WHERE json_array_length(has) <> seats OR has <> json(labels)
UNION ALL
SELECT 'booking_lines', id, 1, has FROM (
    SELECT l.id, (SELECT json_group_array(label) FROM seats WHERE line_id = l.id) AS has,
           (SELECT coalesce(sum(seats), 0) FROM allowances
            WHERE departure_id = d.id AND created_by IS NULL) AS beyond
    FROM departures d JOIN bookings b ON b.departure_id = d.id JOIN booking_lines l ON l.booking_id = b.id
    WHERE d.plan_id IS NOT NULL AND l.occupies)
WHERE json_array_length(has) <> 1 AND NOT (beyond > 0 AND json_array_length(has) = 0)
"""

_STRAY = (
    _SELLS
    + """
SELECT id, label, on_plan FROM (
    SELECT s.id, s.label, EXISTS (
               SELECT 1 FROM sells WHERE sells.plan_id = d.plan_id AND sells.label = s.label) AS on_plan,
           coalesce(h.state = 'active', l.occupies, 0) AS sits
    FROM seats s LEFT JOIN departures d ON d.id = s.departure_id
    LEFT JOIN holds h ON h.id = s.hold_id LEFT JOIN booking_lines l ON l.id = s.line_id)
WHERE NOT sits OR NOT on_plan
"""
)

_TOO_MANY = (
    _SELLS
    + """
SELECT id, granted, sellable FROM (
    SELECT d.id, (SELECT coalesce(sum(g.seats), 0) FROM grants g WHERE g.departure_id = d.id) AS granted,
           (SELECT count(*) FROM sells WHERE sells.plan_id = d.plan_id) + coalesce((
               SELECT sum(seats) FROM allowances WHERE departure_id = d.id AND created_by IS NULL), 0) AS sellable
    FROM departures d WHERE d.plan_id IS NOT NULL)
WHERE granted > sellable
"""
)


class NumberedProofs(Reader):
    def unseated(self) -> Iterator[Unseated]:
        """Active holds, and lines that sit, that have other seats than they should, too many or none. Where more
        were sold than there are, a line may stand."""
        for table, row, wants, has in self._rows(_UNSEATED):
            yield Unseated(table, row, wants, has.strip("[]").replace('"', "").replace(",", ", "))

    def stray(self) -> Iterator[StraySeat]:
        """Seats taken by nobody who sits, or that their departure's plan does not sell."""
        return self._each(StraySeat, _STRAY)

    def too_many(self) -> Iterator[TooMany]:
        """Departures with more seats granted than their plan has."""
        return self._each(TooMany, _TOO_MANY)
