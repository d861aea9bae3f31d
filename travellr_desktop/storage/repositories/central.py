"""What a file says of the desks of its agency, and what things are called that people did not look up themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Connection

from travellr_desktop.storage.base import utc_moment, utc_text

_DEPARTURE_NAME = "t.title || ', ' || d.local_day || ' ' || d.local_time"
_DEPARTURE = f"SELECT {_DEPARTURE_NAME} FROM departures d JOIN trips t ON t.id = d.trip_id WHERE d.id = "
_OF_DEPARTURE = (
    f"SELECT {_DEPARTURE_NAME} FROM {{0}} x "
    "JOIN departures d ON d.id = x.departure_id JOIN trips t ON t.id = d.trip_id WHERE x.id = ?"
)
_OF_BOOKING = "SELECT b.reference FROM {0} x JOIN bookings b ON b.id = x.booking_id WHERE x.id = ?"
_OF_SALE = "SELECT s.reference FROM {0} x JOIN sales s ON s.id = x.sale_id WHERE x.id = ?"
_OF_TRAVELLER = "SELECT t.name FROM {0} x JOIN travellers t ON t.id = x.traveller_id WHERE x.id = ?"
_OF_VENDOR = "SELECT v.name FROM {0} x JOIN vendors v ON v.id = x.vendor_id WHERE x.id = ?"
_OF_TRIP = "SELECT t.title FROM {0} x JOIN trips t ON t.id = x.trip_id WHERE x.id = ?"
_OWN = "SELECT {1} FROM {0} WHERE id = ?"


def _each(query: str, *tables: str) -> dict[str, str]:
    return {table: query.format(table) for table in tables}


_NAMED: Mapping[str, str] = MappingProxyType(
    {
        "departures": f"{_DEPARTURE}?",
        **{
            table: _OWN.format(table, column)
            for table, column in {
                "agencies": "name",
                "bookings": "reference",
                "booking_lines": "name",
                "desks": "name",
                "invoices": "number",
                "payout_batches": "reference",
                "promo_codes": "code",
                "sales": "reference",
                "seat_plans": "name",
                "statements": "number",
                "travellers": "name",
                "trips": "title",
                "trip_seasons": "name",
                "users": "name",
                "vendors": "name",
            }.items()
        },
        **_each(_OF_DEPARTURE, "grants", "seat_grants", "seats", "allowances", "holds", "waiting_list"),
        **_each(_OF_BOOKING, "refunds", "payment_shares", "discounts", "amendments"),
        **_each(_OF_SALE, "payments", "refund_orders"),
        **_each(_OF_TRAVELLER, "travel_documents", "traveller_accounts", "credit_moves"),
        **_each(_OF_VENDOR, "commission_rates", "vendor_adjustments", "vendor_documents", "payouts"),
        **_each(_OF_TRIP, "trip_prices", "trip_pictures", "series"),
    }
)


_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "departures": f"SELECT d.id, {_DEPARTURE_NAME} FROM departures d JOIN trips t ON t.id = d.trip_id "
        "WHERE d.starts_at > ? AND d.state = 'open' ORDER BY d.starts_at, t.title, d.id LIMIT 300",
        "desks": "SELECT id, name FROM desks ORDER BY number",
        "seat_plans": "SELECT id, name FROM seat_plans WHERE active ORDER BY name COLLATE NOCASE, id",
        "trips": "SELECT id, title FROM trips WHERE active ORDER BY title COLLATE NOCASE, id LIMIT 1000",
        "vendors": "SELECT id, name FROM vendors WHERE active ORDER BY name COLLATE NOCASE, id LIMIT 1000",
    }
)


@dataclass(frozen=True, slots=True)
class DeskSeats:
    """A desk of the agency, with its seats of departures to come: how many it was granted, and how many of them are
    taken."""

    id: UUID
    number: int
    name: str
    granted: int
    taken: int


@dataclass(frozen=True, slots=True)
class GrantedSeats:
    """Seats that a desk may sell of one departure to come, and how many of them are taken."""

    departure_id: UUID
    title: str
    starts_at: datetime
    zone: str
    granted: int
    taken: int


_DESKS = """
SELECT d.id, d.number, d.name, coalesce(sum(g.seats), 0), coalesce(sum(g.taken), 0)
FROM desks d LEFT JOIN (
    SELECT g.desk_id, g.seats, g.taken FROM grants g JOIN departures p ON p.id = g.departure_id WHERE p.starts_at > ?
) g ON g.desk_id = d.id
GROUP BY d.id ORDER BY d.number
"""

_GRANTS = """
SELECT p.id, t.title, p.starts_at, p.zone, g.seats, g.taken
FROM grants g JOIN departures p ON p.id = g.departure_id JOIN trips t ON t.id = p.trip_id
WHERE g.desk_id = ? AND p.starts_at > ? AND g.seats > g.taken ORDER BY p.starts_at, t.title, p.id LIMIT ?
"""


class CentralRepository:
    """Reads only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def desks(self, now: datetime) -> Sequence[DeskSeats]:
        """All desks by their numbers, with their seats of departures after `now`."""
        found = self._connection.exec_driver_sql(_DESKS, (utc_text(now),))
        return [DeskSeats(UUID(row[0]), *row[1:]) for row in found]

    def left_at(self, desk_id: UUID, now: datetime, most: int) -> Sequence[GrantedSeats]:
        """What a desk may still sell, the next departures first."""
        found = self._connection.exec_driver_sql(_GRANTS, (desk_id.hex, utc_text(now), most))
        return [
            GrantedSeats(UUID(row[0]), row[1], utc_moment(row[2]), row[3], row[4], row[5]) for row in found
        ]

    def name_of(self, table: str, row_id: UUID) -> str:
        """What a row is called, or what it belongs to; empty where it is not here or bears no name."""
        query = _NAMED.get(table)
        if query is None:
            return ""
        found = self._connection.exec_driver_sql(query, (row_id.hex,)).scalar()
        return "" if found is None else str(found)

    def departure_of(self, table: str, row_id: UUID) -> UUID | None:
        """The departure that a grant is of, or that a row is itself; None where it is not here."""
        query = "SELECT departure_id FROM grants WHERE id = ?"
        if table == "departures":
            query = "SELECT id FROM departures WHERE id = ?"
        found = self._connection.exec_driver_sql(query, (row_id.hex,)).scalar()
        return None if found is None else UUID(found)

    def options(self, table: str, now: datetime) -> Sequence[tuple[UUID, str]]:
        """What one can choose of a table, by name: what is offered, and departures to come, the next first. Nothing of
        a table that nobody chooses from."""
        query = _OPTIONS.get(table)
        if query is None:
            return ()
        values = (utc_text(now),) if "?" in query else ()
        return [(UUID(row[0]), str(row[1])) for row in self._connection.exec_driver_sql(query, values)]
