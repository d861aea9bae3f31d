"""How the lists of what is sold are read: vendors, trips, departures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.domain.text import fold
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.conditions import between, contains, equals, folded, holds, one_of
from travellr_desktop.storage.list_spec import Join, ListSpec


@dataclass(frozen=True, slots=True)
class VendorListRow:
    """A vendor in a list. `trips` are those that are offered. In 1/100 of a per cent, `commission_bps` is the agency's
    share where nothing else is agreed, `rate_bps` what a sale has today where its trip has no rate of its own."""

    id: UUID
    code: str
    name: str
    email: str
    phone: str
    commission_bps: int
    rate_bps: int
    holdback_days: int
    trips: int
    active: bool

    def exported(self) -> dict[str, object]:
        """As an import reads it again."""
        return {
            "code": self.code,
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "commission": f"{format_percent(self.commission_bps)} %",
            "holdback_days": self.holdback_days,
            "trips": self.trips,
            "active": self.active,
        }


@dataclass(frozen=True, slots=True)
class TripListRow:
    """A trip in a list. `price` is what one adult pays out of season, None where adults are not taken; `departures`
    are those that are neither over nor cancelled."""

    id: UUID
    code: str
    title: str
    vendor_id: UUID
    vendor: str
    place: str
    country: str
    duration_min: int
    price: Money | None
    departures: int
    active: bool


@dataclass(frozen=True, slots=True)
class DepartureListRow:
    """A departure in a list. `granted` seats are this file's, of which `taken` are sold or held; `day` and `at` are
    what the clock at the place shows."""

    id: UUID
    trip_id: UUID
    trip: str
    vendor: str
    place: str
    departs: datetime
    zone: str
    day: date
    at: str
    capacity: int
    granted: int
    taken: int
    state: str
    stop_reason: str
    note: str
    series_id: UUID | None

    @property
    def free(self) -> int:
        return max(self.granted - self.taken, 0)


_OFFERED = "(SELECT count(*) FROM trips t WHERE t.vendor_id = v.id AND t.active)"


def _vendor(row: Sequence[Any]) -> VendorListRow:
    return VendorListRow(
        id=UUID(row[0]),
        code=row[1],
        name=row[2],
        email=row[3],
        phone=row[4],
        commission_bps=row[5],
        rate_bps=row[6],
        holdback_days=row[7],
        trips=row[8],
        active=bool(row[9]),
    )


def vendors(day: date) -> ListSpec[VendorListRow]:
    """The list as it is on `day`, of the agency's zone: rates are agreed from a day on."""
    rate = _rate_on(day)
    return ListSpec(
        table="vendors v",
        key="v.rowid",
        id="v.id",
        columns=(
            "v.id",
            "v.code",
            "v.name",
            "v.email",
            "v.phone",
            "v.commission_bps",
            rate,
            "v.holdback_days",
            _OFFERED,
            "v.active",
        ),
        make=_vendor,
        sortable={
            "name": "v.name COLLATE NOCASE",
            "code": ("v.code = ''", "v.code"),
            "commission": rate,
            "holdback": "v.holdback_days",
            "trips": _OFFERED,
            "status": "v.active",
        },
        order="name",
        filters={"active": holds("v.active")},
        search=contains("v.search", fold=fold),
    )


def _rate_on(day: date) -> str:
    """As `domain.agreed_rates.rate_on` for a trip without a rate of its own."""
    return (
        "coalesce((SELECT r.bps FROM commission_rates r WHERE r.vendor_id = v.id AND r.trip_id IS NULL"
        f" AND r.ended_at IS NULL AND r.from_day <= '{day.isoformat()}'"
        " ORDER BY r.from_day DESC, r.id DESC LIMIT 1), v.commission_bps)"
    )


_COMING = "(SELECT count(*) FROM departures d WHERE d.trip_id = t.id AND d.state IN ('open', 'stopped'))"
_ADULT = "(SELECT p.amount FROM trip_prices p WHERE p.trip_id = t.id AND p.traveller_type = 'adult')"


def _trip(row: Sequence[Any]) -> TripListRow:
    return TripListRow(
        id=UUID(row[0]),
        code=row[1],
        title=row[2],
        vendor_id=UUID(row[3]),
        vendor=row[4],
        place=row[5],
        country=row[6],
        duration_min=row[7],
        price=None if row[8] is None else Money(row[8], row[9]),
        departures=row[10],
        active=bool(row[11]),
    )


TRIPS: ListSpec[TripListRow] = ListSpec(
    table="trips t",
    key="t.rowid",
    id="t.id",
    columns=(
        "t.id",
        "t.code",
        "t.title",
        "t.vendor_id",
        "v.name",
        "t.place",
        "t.country",
        "t.duration_min",
        _ADULT,
        "t.currency",
        _COMING,
        "t.active",
    ),
    make=_trip,
    joins=(Join("v", "JOIN vendors v ON v.id = t.vendor_id"),),
    sortable={
        "title": "t.title COLLATE NOCASE",
        "code": ("t.code = ''", "t.code"),
        "vendor": "v.name COLLATE NOCASE",
        "place": "t.place COLLATE NOCASE",
        "duration": "t.duration_min",
        "price": _ADULT,
        "departures": _COMING,
        "status": "t.active",
    },
    order="title",
    filters={
        "active": holds("t.active"),
        "vendor": equals("t.vendor_id"),
        "place": equals("t.place"),
        "coming": holds(f"{_COMING} > 0"),
    },
    search=contains("t.search", "lower(t.code)", fold=fold),
)

_GRANTED = "(SELECT coalesce(sum(g.seats), 0) FROM grants g WHERE g.departure_id = d.id)"
_TAKEN = "(SELECT coalesce(sum(g.taken), 0) FROM grants g WHERE g.departure_id = d.id)"


def _departure(row: Sequence[Any]) -> DepartureListRow:
    return DepartureListRow(
        id=UUID(row[0]),
        trip_id=UUID(row[1]),
        trip=row[2],
        vendor=row[3],
        place=row[4],
        departs=utc_moment(row[5]),
        zone=row[6],
        day=date.fromisoformat(row[7]),
        at=row[8],
        capacity=row[9],
        granted=row[10],
        taken=row[11],
        state=row[12],
        stop_reason=row[13],
        note=row[14],
        series_id=None if row[15] is None else UUID(row[15]),
    )


DEPARTURES: ListSpec[DepartureListRow] = ListSpec(
    table="departures d",
    key="d.rowid",
    id="d.id",
    columns=(
        "d.id",
        "d.trip_id",
        "t.title",
        "v.name",
        "t.place",
        "d.starts_at",
        "d.zone",
        "d.local_day",
        "d.local_time",
        "d.capacity",
        _GRANTED,
        _TAKEN,
        "d.state",
        "d.stop_reason",
        "d.note",
        "d.series_id",
    ),
    make=_departure,
    joins=(
        Join("t", "JOIN trips t ON t.id = d.trip_id"),
        Join("v", "JOIN vendors v ON v.id = (SELECT vendor_id FROM trips WHERE id = d.trip_id)"),
    ),
    sortable={
        "departs": "d.starts_at",
        "trip": "t.title COLLATE NOCASE",
        "vendor": "v.name COLLATE NOCASE",
        "capacity": "d.capacity",
        "taken": _TAKEN,
        "status": "d.state",
    },
    order="departs",
    filters={
        "trip": equals("d.trip_id"),
        "vendor": equals("t.vendor_id"),
        "series": equals("d.series_id"),
        "state": one_of("d.state"),
        "departs": between("d.starts_at"),
        "day": between("d.local_day"),
        "single": holds("d.series_id IS NULL"),
    },
    search=contains("t.search", folded("d.note"), fold=fold),
)

DEPARTURES_OF_VENDOR = equals("t.vendor_id")
"""What a vendor's person may see of the departures at all."""
