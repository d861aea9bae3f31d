"""What the generator knows of what it sells and has sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from travellr_desktop.domain.cancellation import Policy
from travellr_desktop.domain.party import Party, TravellerType


@dataclass(slots=True)
class TripFacts:
    """What a sale needs to know of a trip."""

    id: str
    vendor_id: str
    currency: str
    zone: str
    duration: timedelta
    tax_bps: int
    deposit_bps: int
    balance_days: int
    commission_bps: int
    holdback_days: int
    policy_text: str
    policy: Policy
    prices: dict[TravellerType, int]
    takes_seat: dict[TravellerType, bool]


@dataclass(slots=True)
class Slot:
    """A departure, and the seats that are free on it."""

    id: str
    grant_id: str
    trip: TripFacts
    starts_at: datetime
    ends_at: datetime
    cutoff_at: datetime
    day: str
    time: str
    capacity: int
    free: int
    going: list[Booked] = field(default_factory=list)


@dataclass(slots=True)
class Booked:
    """A booking that stands."""

    id: str
    reference: str
    sale_id: str
    payment_id: str
    slot: Slot
    price: int
    seats: int
    at: datetime
    line_ids: list[str]
    sitting: list[bool]
    prices: list[int]


@dataclass(frozen=True, slots=True)
class Item:
    """What is sold of one departure: the hold that is used up, and names and ages in the order of the party."""

    slot: Slot
    party: Party
    seats: int
    hold: str
    held_at: datetime
    named: Sequence[tuple[str, int | None]]
