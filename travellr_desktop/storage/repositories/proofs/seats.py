"""Seats: what is taken, counted anew, and who sits on what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.reading import Reader


@dataclass(frozen=True, slots=True)
class GrantCount:
    """A grant whose count of taken seats is not what holds and lines take, or is more than it has."""

    id: str
    seats: int
    taken: int
    counted: int


@dataclass(frozen=True, slots=True)
class OverGranted:
    """A departure with more seats granted than it has: its capacity and what was allowed beyond it. `grants` are its
    grants' ids, a space between them."""

    departure_id: str
    has: int
    granted: int
    grants: str


@dataclass(frozen=True, slots=True)
class HoldProblem:
    """A hold that does not fit its grant, or was used for nothing."""

    id: str
    state: str
    seats: int
    elsewhere: int  # 1: its grant is of another departure
    unused: int  # 1: consumed, and no booking was confirmed or changed by it, nor paid and given back


@dataclass(frozen=True, slots=True)
class SeatProblem:
    """A numbered seat that is there twice, or whose owner is of another departure."""

    id: str
    label: str
    twice: int


@dataclass(frozen=True, slots=True)
class PromiseProblem:
    """Somebody on the waiting list, or seats kept for a traveller, that do not agree with each other."""

    table: str
    id: str
    state: str


_COUNTED = """
SELECT id, seats, taken, counted FROM (
    SELECT g.id, g.seats, g.taken, coalesce(held.seats, 0) + coalesce(sitting.seats, 0) AS counted
    FROM grants g
    LEFT JOIN (SELECT grant_id, sum(seats) AS seats FROM holds WHERE state = 'active' GROUP BY grant_id) held
           ON held.grant_id = g.id
    LEFT JOIN (SELECT b.grant_id, sum(l.occupies) AS seats FROM bookings b
               JOIN booking_lines l ON l.booking_id = b.id GROUP BY b.grant_id) sitting
           ON sitting.grant_id = g.id)
WHERE taken <> counted OR counted > seats
"""

_OVER_GRANTED = """
SELECT d.id, d.capacity + coalesce(a.seats, 0), sum(g.seats), group_concat(g.id, ' ')
FROM departures d JOIN grants g ON g.departure_id = d.id
LEFT JOIN (SELECT departure_id, sum(seats) AS seats FROM allowances GROUP BY departure_id) a ON a.departure_id = d.id
GROUP BY d.id HAVING sum(g.seats) > d.capacity + coalesce(a.seats, 0)
"""

_HOLDS = """
SELECT id, state, seats, elsewhere, unused FROM (
    SELECT h.id, h.state, h.seats, g.departure_id <> h.departure_id AS elsewhere,
           h.state = 'consumed' AND b.confirmed_at IS NULL AND NOT EXISTS (
               SELECT 1 FROM payment_shares x JOIN payments p ON p.id = x.payment_id
               WHERE x.booking_id = b.id AND p.state = 'completed') AND NOT EXISTS (
               SELECT 1 FROM amendments a WHERE a.hold_id = h.id AND a.state = 'done') AS unused
    FROM holds h LEFT JOIN grants g ON g.id = h.grant_id LEFT JOIN bookings b ON b.hold_id = h.id)
WHERE elsewhere OR unused
"""

_SEATS = """
SELECT id, label, twice FROM (
    SELECT x.id, x.label, count(*) OVER (PARTITION BY x.departure_id, x.label) > 1 AS twice,
           coalesce(h.departure_id, b.departure_id) AS owned, x.departure_id
    FROM seats x LEFT JOIN holds h ON h.id = x.hold_id
    LEFT JOIN booking_lines l ON l.id = x.line_id LEFT JOIN bookings b ON b.id = l.booking_id)
WHERE twice OR owned <> departure_id
"""


_PROMISES = """
SELECT 'waiting_list', w.id, w.state FROM waiting_list w LEFT JOIN holds h ON h.id = w.hold_id
WHERE CASE w.state WHEN 'waiting' THEN w.hold_id IS NOT NULL
                   WHEN 'offered' THEN h.state IS NOT 'active'
                   WHEN 'taken' THEN h.state IS NOT 'consumed'
                   ELSE h.state = 'active' END
   OR h.departure_id <> w.departure_id OR h.traveller_id IS NOT w.traveller_id AND h.id IS NOT NULL
   OR (w.state IN ('waiting', 'offered')) <> (w.ended_at IS NULL)
UNION ALL
SELECT 'holds', h.id, h.kind FROM holds h
WHERE h.state = 'active' AND h.kind IN ('option', 'offer') AND (h.traveller_id IS NULL OR (h.kind = 'offer'
      AND NOT EXISTS (SELECT 1 FROM waiting_list w WHERE w.hold_id = h.id AND w.state = 'offered')))
"""


class SeatProofs(Reader):
    def miscounted(self) -> Iterator[GrantCount]:
        """Grants whose count is wrong, and grants that are oversold."""
        return self._each(GrantCount, _COUNTED)

    def over_granted(self) -> Iterator[OverGranted]:
        """Departures with more seats granted than they have."""
        return self._each(OverGranted, _OVER_GRANTED)

    def holds(self) -> Iterator[HoldProblem]:
        """Holds on a grant of another departure, and consumed ones that nothing came of."""
        return self._each(HoldProblem, _HOLDS)

    def numbered(self) -> Iterator[SeatProblem]:
        """Numbered seats that were given twice, or to somebody who goes elsewhere."""
        return self._each(SeatProblem, _SEATS)

    def promises(self) -> Iterator[PromiseProblem]:
        """Those who wait, and what is kept for somebody, where the one says other than the other."""
        return self._each(PromiseProblem, _PROMISES)
