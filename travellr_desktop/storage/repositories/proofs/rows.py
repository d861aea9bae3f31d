"""Bookings and payments as they stand in the file, each with all that must agree with it.

Money is in minor units, identifiers are 32 hex digits, states and times are text: whatever stands there, valid or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LineAsKept:
    id: str
    booking_id: str
    position: int
    price: int
    takes_seat: int
    occupies: int
    discount: int
    own_discount: int
    kept: int
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class DiscountAsKept:
    id: str
    booking_id: str
    sale_id: str
    amount: int
    parts: str
    own: int


@dataclass(frozen=True, slots=True)
class AmendmentAsKept:
    """A change of a booking, with its payment and hold; None where it has none. `from_ends_at` is when the trip ends
    that the booking was on before it."""

    id: str
    booking_id: str
    kind: str
    state: str
    plan: str
    difference: int
    ended_at: str | None
    payment_state: str | None
    hold_state: str | None
    from_ends_at: str | None


@dataclass(frozen=True, slots=True)
class ShareAsKept:
    """A part of a payment and what it was used for, with what the payment says of itself."""

    id: str
    booking_id: str
    payment_id: str
    amount: int
    state: str
    way: str
    currency: str
    sale_id: str
    owed: int
    excess: int

    @property
    def for_price(self) -> int:
        return self.amount - self.owed - self.excess


@dataclass(frozen=True, slots=True)
class RefundAsKept:
    """A refund, with the way of the payment that it goes back to, and who bears what goes beyond the policy by its
    request."""

    id: str
    booking_id: str
    payment_id: str
    amount: int
    currency: str
    state: str
    way: str
    destination: str
    beyond: int
    retry_of: str | None
    borne_by: str | None
    excess: int


@dataclass(frozen=True, slots=True)
class WriteOffAsKept:
    id: str
    booking_id: str
    amount: int
    currency: str
    undone_at: str | None


@dataclass(frozen=True, slots=True)
class EntryAsKept:
    id: str
    booking_id: str
    event: str
    debit: str
    credit: str
    amount: int
    currency: str
    vendor_id: str | None
    payment_id: str | None
    refund_id: str | None
    available_at: str | None


@dataclass(frozen=True, slots=True)
class BookingAsKept:
    """A booking beside its sale, hold, grant, departure and trip; None where it has none of that id."""

    id: str
    reference: str
    state: str
    currency: str
    price: int
    tax: int
    tax_bps: int
    deposit: int
    balance_due_at: str | None
    commission_bps: int
    holdback_days: int
    policy: str
    sale_id: str
    traveller_id: str
    departure_id: str
    trip_id: str
    vendor_id: str
    grant_id: str
    confirmed_at: str | None
    ended_at: str | None
    sale_currency: str | None
    sale_traveller_id: str | None
    sale_desk_id: str | None
    departure_trip_id: str | None
    departure_ends_at: str | None
    trip_vendor_id: str | None
    grant_departure_id: str | None
    grant_desk_id: str | None
    hold_id: str | None
    hold_state: str | None
    hold_seats: int | None
    hold_departure_id: str | None
    hold_grant_id: str | None


@dataclass(frozen=True, slots=True)
class BookingFolder:
    """One booking and everything that was written about its money and its seats."""

    booking: BookingAsKept
    available_at: datetime | None  # when the vendor's part may be paid out; None where it cannot be reckoned
    was_available_at: tuple[datetime, ...]  # the same for the departures that it was on before
    lines: tuple[LineAsKept, ...]
    shares: tuple[ShareAsKept, ...]
    refunds: tuple[RefundAsKept, ...]
    entries: tuple[EntryAsKept, ...]
    discounts: tuple[DiscountAsKept, ...]
    changes: tuple[AmendmentAsKept, ...]
    write_offs: tuple[WriteOffAsKept, ...]

    @property
    def standing(self) -> tuple[LineAsKept, ...]:
        """The travellers who go."""
        return tuple(line for line in self.lines if line.ended_at is None)

    @property
    def left(self) -> tuple[LineAsKept, ...]:
        """The travellers who left, in the order in which they did."""
        ended = ((line.ended_at, line.position, line) for line in self.lines if line.ended_at is not None)
        return tuple(line for _at, _position, line in sorted(ended, key=lambda each: each[:2]))


@dataclass(frozen=True, slots=True)
class PaymentAsKept:
    """A payment beside its sale and the sum of its shares. `shares` are their ids, a space between them."""

    id: str
    way: str
    amount: int
    currency: str
    state: str
    provider_ref: str | None
    link_ref: str | None
    reader_ref: str | None
    card_ref: str | None
    ended_at: str | None
    sale_reference: str | None
    sale_currency: str | None
    shared: int
    shares: str | None


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What goes back of one payment for one booking, and what came in by it."""

    refund_id: str  # the newest of them
    reference: str | None
    payment_state: str | None
    back: int
    paid: int


@dataclass(frozen=True, slots=True)
class StrayEntry:
    """A ledger row about no booking that ought to be about one."""

    id: str
    event: str
    payment_id: str | None
