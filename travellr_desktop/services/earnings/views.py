"""What is told of a vendor's earnings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.earning import Whereabouts
from travellr_desktop.domain.payouts.words import Schedule
from travellr_desktop.domain.states import PayoutState


@dataclass(frozen=True, slots=True)
class Available:
    """What may be paid out now, and how it came about: `retail` of so many `bookings`, less `commission` (below zero),
    `refunds` (the vendor's share of what was taken back), `adjustments` (by agreement, and payouts that did not arrive)
    and what was `carried` from earlier statements make what is open; `approved` is in payouts that were not sent yet.

    `bps` is the agency's share, in 1/100 of a per cent of the retail price, where it comes to a round one."""

    total: Money
    bookings: int
    retail: Money
    commission: Money
    refunds: Money
    adjustments: Money
    carried: Money
    approved: Money
    bps: int | None


@dataclass(frozen=True, slots=True)
class HeldPart:
    """What is held for one reason: of how many bookings, and the days on which the first and the last of it becomes
    free. What a bank has taken has no such day."""

    why: Whereabouts
    amount: Money
    bookings: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """`at` is when it left, or when it was approved where it has not; `statement` its number, "" where it has none."""

    id: UUID
    amount: Money
    state: PayoutState
    label: str
    at: datetime
    statement_id: UUID | None
    statement: str


@dataclass(frozen=True, slots=True)
class CurrencyEarnings:
    """One currency: `earned` = held + available + in transit + paid, to the minor unit.

    `next_free` becomes free at `next_at`, if nothing happens to it. `disputed` are the references of the bookings that
    a bank has money of. `minimum`: below it nothing is paid out; None where none is set, and nothing is paid.
    `paid_in_year` is what of `paid` is of this year."""

    currency: str
    earned: Money
    available: Available
    held: Money
    parts: tuple[HeldPart, ...]
    next_free: Money | None
    next_at: datetime | None
    disputed: tuple[str, ...]
    in_transit: Money
    paid: Money
    paid_in_year: Money
    payouts: tuple[PayoutRow, ...]
    minimum: Money | None


@dataclass(frozen=True, slots=True)
class EarningsOverview:
    """A vendor's earnings as of `now`. `main` is the currency in which most of it is, "" where nothing was ever earned;
    `goes_out` the day on which what is free now is paid at the earliest, in the agency's zone."""

    vendor_id: UUID
    name: str
    now: datetime
    zone: str
    year: int
    schedule: Schedule
    goes_out: date
    currencies: tuple[CurrencyEarnings, ...]
    main: str

    def of(self, currency: str) -> CurrencyEarnings | None:
        return next((each for each in self.currencies if each.currency == currency), None)


class Span(StrEnum):
    """Which months of travel are shown."""

    TWELVE_MONTHS = "twelve_months"  # this one and the eleven before it
    THIS_YEAR = "this_year"


@dataclass(frozen=True, slots=True)
class Places:
    """A sum by where it is; any part may be below zero. `bookings` it is of, each counted in every place that has
    something of it."""

    paid: Money
    in_transit: Money
    available: Money
    held: Money

    @property
    def total(self) -> Money:
        return self.paid + self.in_transit + self.available + self.held


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Departures of a month, by the clock of each place."""

    first: date
    places: Places


@dataclass(frozen=True, slots=True)
class TripRow:
    trip_id: UUID
    title: str
    places: Places


@dataclass(frozen=True, slots=True)
class ByTravel:
    """A vendor's share by when and with what travellers went: every month of the span, trips by their share."""

    currency: str
    first: date
    last: date
    months: tuple[MonthRow, ...]
    trips: tuple[TripRow, ...]


@dataclass(frozen=True, slots=True)
class VendorProfile:
    """What the agency has on file of a vendor, for them to read: it is changed by the agency. `rates` are those that
    hold or will, for all trips ("") or one, with the day from which on."""

    vendor_id: UUID
    name: str
    legal: str
    email: str
    phone: str
    address: str
    country: str
    tax_number: str
    commission_bps: int
    holdback_days: int
    rates: tuple[ProfileRate, ...]
    agency: str
    agency_contact: str


@dataclass(frozen=True, slots=True)
class ProfileRate:
    title: str
    bps: int
    from_day: date
