"""What a vendor has earned, by sums: open lines, shares of trips to come, payouts and what came back of them.

Read from the ledger and its projection `vendor_lines`. Moments are UTC text as the file keeps them, ids hex.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.payouts.earning import PayoutFate, Whereabouts
from travellr_desktop.domain.payouts.words import LinePart
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.storage.base import utc_moment, utc_text

DISPUTED = (
    "SELECT dp.booking_id FROM disputes di JOIN dispute_parts dp ON dp.dispute_id = di.id "
    "WHERE di.state = 'open'"
)
"""Bookings whose money a bank has taken and not decided about."""

_FUNDS = (
    "(SELECT coalesce(sum(CASE WHEN g.credit = 'traveller_funds' THEN g.amount "
    "WHEN g.debit = 'traveller_funds' THEN -g.amount ELSE 0 END), 0) FROM ledger g "
    "WHERE g.booking_id = b.id AND g.currency = b.currency)"
)
_OWN = (
    "(SELECT coalesce(sum(o.own_discount), 0) FROM booking_lines o "
    "WHERE o.booking_id = b.id AND o.ended_at IS NULL)"
)
FREE_AFTER_TRIP = "strftime('%Y-%m-%dT%H:%M:%f000Z', d.ends_at, '+' || b.holdback_days || ' days')"
"""When the share of a trip to come may be paid: its end and the holdback."""

FUNDED = (
    f"SELECT b.id, b.vendor_id, b.currency, b.price, b.commission_bps AS bps, "
    f"min({_FUNDS}, b.price) AS part, {_OWN} AS own, b.departure_id, b.trip_id, b.reference, "
    f"{FREE_AFTER_TRIP} AS free_at, d.starts_at, d.local_day, d.zone "
    "FROM bookings b CROSS JOIN departures d ON d.id = b.departure_id WHERE b.state = 'confirmed'"
)
_BEFORE = "(f.part + (2 * f.own * f.part + f.price) / (2 * f.price))"
NET = f"min({_BEFORE} - (2 * {_BEFORE} * f.bps + 10000) / 20000, f.part)"
"""The vendor's share of what is there for a booking, as `domain.commission.split_part`: rounded as `round_ratio`."""


def to_come(where: str) -> str:
    """A query of bookings `f` that have not travelled, with the part of their price that is there, and its conditions:
    `where` is about `b` and `d`."""
    # materialized: the ledger is asked once for each booking, however often its part is named
    return f"(WITH funded AS MATERIALIZED ({FUNDED} AND {where}) SELECT * FROM funded WHERE part > 0) f"


@dataclass(frozen=True, slots=True)
class OpenSum:
    """Open lines of one currency and part that count in one place; `carried`: they stood on a statement."""

    currency: str
    place: Whereabouts
    part: LinePart
    carried: bool
    lines: int
    amount: int
    commission: int


@dataclass(frozen=True, slots=True)
class HeldSum:
    """What is in one place: of how many bookings, and the first and last moment at which it becomes free. `new` is how
    many bookings gave something that stood on no statement yet."""

    currency: str
    place: Whereabouts
    bookings: int
    amount: int
    first: datetime
    last: datetime
    new: int = 0


@dataclass(frozen=True, slots=True)
class PayoutSum:
    """What was written about payouts: in all, and from the moment on that was asked about."""

    currency: str
    event: LedgerEvent
    amount: int
    since: int


@dataclass(frozen=True, slots=True)
class PayoutLook:
    """`statement` is its number, "" where there is none."""

    id: UUID
    currency: str
    amount: int
    state: PayoutState
    label: str
    created_at: datetime
    ended_at: datetime | None
    statement_id: UUID | None
    statement: str
    retried: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A sum of lines of a month of travel (`2026-07`) and a trip. Where it is says `place`, or what became of the
    payout."""

    month: str
    trip_id: UUID
    title: str
    payout_id: UUID | None
    place: Whereabouts
    amount: int


class EarningsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_sums(self, vendor_id: UUID, now: datetime) -> list[OpenSum]:
        rows = self._connection.exec_driver_sql(
            f"SELECT v.currency, {_place('v')} AS place, v.part, v.statement_id IS NOT NULL AS carried, count(*), "
            "sum(v.amount), sum(v.commission) FROM vendor_lines v WHERE v.vendor_id = ? AND v.payout_id IS NULL "
            "GROUP BY v.currency, place, v.part, carried",
            (utc_text(now), vendor_id.hex),
        )
        return [OpenSum(c, Whereabouts(w), LinePart(p), bool(s), n, a, k) for c, w, p, s, n, a, k in rows]

    def open_bookings(self, vendor_id: UUID, now: datetime) -> list[HeldSum]:
        """The same by place alone, with bookings counted."""
        rows = self._connection.exec_driver_sql(
            f"SELECT v.currency, {_place('v')} AS place, count(DISTINCT v.booking_id), sum(v.amount), min(v.free_at), "
            "max(v.free_at), count(DISTINCT CASE WHEN v.part IN ('charge', 'more', 'again') AND v.statement_id IS NULL "
            "THEN v.booking_id END) FROM vendor_lines v WHERE v.vendor_id = ? AND v.payout_id IS NULL "
            "GROUP BY v.currency, place",
            (utc_text(now), vendor_id.hex),
        )
        return [_held(row) for row in rows]

    def to_come(self, vendor_id: UUID) -> list[HeldSum]:
        """The share of what was taken for trips to come, by currency and by whether it is disputed."""
        disputed = f"CASE WHEN f.id IN ({DISPUTED}) THEN 'disputed' ELSE 'not_travelled' END"
        rows = self._connection.exec_driver_sql(
            f"SELECT f.currency, {disputed} AS place, count(*), sum({NET}), min(f.free_at), max(f.free_at) "
            f"FROM {to_come('b.vendor_id = ?')} GROUP BY f.currency, place",
            (vendor_id.hex,),
        )
        return [_held(row) for row in rows]

    def free_next(self, vendor_id: UUID, currency: str, now: datetime) -> tuple[int, datetime] | None:
        """What becomes free next, of lines that wait for their day alone: how much, and when."""
        row = self._connection.exec_driver_sql(
            "SELECT v.free_at, sum(v.amount) FROM vendor_lines v WHERE v.vendor_id = ? AND v.currency = ? "
            f"AND v.payout_id IS NULL AND v.free_at > ? AND (v.booking_id IS NULL OR v.booking_id NOT IN ({DISPUTED})) "
            "GROUP BY v.free_at ORDER BY v.free_at LIMIT 1",
            (vendor_id.hex, currency, utc_text(now)),
        ).first()
        return None if row is None else (row[1], utc_moment(row[0]))

    def disputed(self, vendor_id: UUID, currency: str) -> list[tuple[str, datetime | None]]:
        """The references of bookings whose money a bank has, with the day by which evidence is due, the first first."""
        rows = self._connection.exec_driver_sql(
            "SELECT b.reference, min(di.due_by) FROM disputes di JOIN dispute_parts dp ON dp.dispute_id = di.id "
            "JOIN bookings b ON b.id = dp.booking_id WHERE di.state = 'open' AND b.vendor_id = ? "
            "AND b.currency = ? GROUP BY b.id ORDER BY 2 IS NULL, 2, 1",
            (vendor_id.hex, currency),
        )
        return [(reference, None if due is None else utc_moment(due)) for reference, due in rows]

    def payout_sums(self, vendor_id: UUID, since: datetime) -> list[PayoutSum]:
        rows = self._connection.exec_driver_sql(
            "SELECT l.currency, l.event, sum(l.amount), sum(CASE WHEN l.at >= ? THEN l.amount ELSE 0 END) "
            "FROM payouts p CROSS JOIN payout_entries e ON e.payout_id = p.id "
            "CROSS JOIN ledger l ON l.id = e.ledger_id WHERE p.vendor_id = ? GROUP BY l.currency, l.event",
            (utc_text(since), vendor_id.hex),
        )
        return [PayoutSum(c, LedgerEvent(event), amount, later) for c, event, amount, later in rows]

    def payouts(self, vendor_id: UUID, currency: str | None = None, most: int = -1) -> list[PayoutLook]:
        """Newest first; `retried`: another stands for it."""
        rows = self._connection.exec_driver_sql(
            "SELECT p.id, p.currency, p.amount, p.state, p.label, p.created_at, p.ended_at, s.id, s.number, "
            "EXISTS (SELECT 1 FROM payouts r WHERE r.retry_of = p.id) "
            "FROM payouts p LEFT JOIN statements s ON s.payout_id = p.root_id "
            "WHERE p.vendor_id = ?1 AND (?2 IS NULL OR p.currency = ?2) ORDER BY p.id DESC LIMIT ?3",
            (vendor_id.hex, currency, most),
        )
        return [
            PayoutLook(
                UUID(key),
                code,
                amount,
                PayoutState(state),
                label,
                utc_moment(made),
                None if ended is None else utc_moment(ended),
                None if statement is None else UUID(statement),
                number or "",
                bool(retried),
            )
            for key, code, amount, state, label, made, ended, statement, number, retried in rows
        ]

    def fates(self, vendor_id: UUID) -> dict[UUID, PayoutFate]:
        """Every payout of a vendor, with the payouts that pay what came back of it."""
        rows = self._connection.exec_driver_sql(
            "SELECT p.id, p.state, v.ledger_id, v.payout_id FROM payouts p "
            "LEFT JOIN payout_entries e ON e.payout_id = p.id "
            "LEFT JOIN vendor_lines v ON v.ledger_id = e.ledger_id AND v.part = 'returned' "
            "WHERE p.vendor_id = ? ORDER BY p.id",
            (vendor_id.hex,),
        )
        found: dict[UUID, PayoutFate] = {}
        for key, state, line, again in rows:
            before = found.get(UUID(key), PayoutFate(PayoutState(state)))
            more = () if line is None else (None if again is None else UUID(again),)
            found[UUID(key)] = PayoutFate(before.state, before.again + more)
        return found

    def pieces(
        self, vendor_id: UUID, currency: str, first: date, last: date, now: datetime
    ) -> Iterator[Piece]:
        """Lines and shares of departures from `first` to `last`, both included, summed by month of travel and trip,
        each by where it is."""
        # `stands`, not `place`: a trip has a column of that name, which GROUP BY would take
        # an instant is within a day and a half of the same local date
        low, high = (_midnight(day, by) for day, by in ((first, -2), (last, 3)))
        lines = (
            "SELECT substr(d.local_day, 1, 7) AS month, t.id AS trip, t.title, v.payout_id, "
            f"{_place('v')} AS stands, sum(v.amount) FROM trips t CROSS JOIN departures d ON d.trip_id = t.id "
            "CROSS JOIN bookings b ON b.departure_id = d.id CROSS JOIN vendor_lines v ON v.booking_id = b.id "
            "WHERE t.vendor_id = ? AND d.starts_at BETWEEN ? AND ? AND d.local_day BETWEEN ? AND ? "
            # by the booking: the index of the vendor would be read whole for each
            "AND +v.vendor_id = ? AND +v.currency = ? GROUP BY month, trip, v.payout_id, stands"
        )
        days = (first.isoformat(), last.isoformat())
        values = (utc_text(now), vendor_id.hex, low, high, *days, vendor_id.hex, currency)
        for month, trip, title, payout, place, amount in self._connection.exec_driver_sql(lines, values):
            paid_by = None if payout is None else UUID(payout)
            yield Piece(month, UUID(trip), title, paid_by, Whereabouts(place), amount)
        coming = (
            "SELECT substr(f.local_day, 1, 7) AS month, t.id AS trip, t.title, "
            f"CASE WHEN f.id IN ({DISPUTED}) THEN 'disputed' ELSE 'not_travelled' END AS stands, sum({NET}) "
            f"FROM {to_come('b.vendor_id = ? AND b.currency = ? AND d.local_day BETWEEN ? AND ?')} "
            "JOIN trips t ON t.id = f.trip_id GROUP BY month, trip, stands"
        )
        asked = (vendor_id.hex, currency, *days)
        for month, trip, title, place, amount in self._connection.exec_driver_sql(coming, asked):
            yield Piece(month, UUID(trip), title, None, Whereabouts(place), amount)


def _place(line: str) -> str:
    """Where an open line is. Takes the moment of now."""
    return (
        f"CASE WHEN {line}.booking_id IN ({DISPUTED}) THEN 'disputed' WHEN {line}.free_at > ? THEN 'holdback' "
        "ELSE 'available' END"
    )


def _held(row: Sequence[Any]) -> HeldSum:
    currency, place, bookings, amount, first, last = row[:6]
    return HeldSum(
        currency, Whereabouts(place), bookings, amount, utc_moment(first), utc_moment(last), *row[6:]
    )


def _midnight(day: date, by: int) -> str:
    return f"{(day + timedelta(days=by)).isoformat()}T00:00:00.000000Z"
