"""What a hold or a sale is decided by, read in one statement: what is on sale, and what is held of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.agreed_rates import AgreedRate, rate_on
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.periods import zone
from travellr_desktop.domain.states import DepartureState, HoldKind, HoldState
from travellr_desktop.storage.base import utc_moment


@dataclass(frozen=True, slots=True)
class Price:
    kind: TravellerType
    amount: int  # minor units
    takes_seat: bool


@dataclass(frozen=True, slots=True)
class Season:
    """A type that `prices` leaves out pays the trip's own price. Both days are part of it."""

    name: str
    first_day: date
    last_day: date
    prices: Mapping[TravellerType, int]


@dataclass(frozen=True, slots=True)
class OnSale:
    """A departure with all that a sale of it is decided by; as one that is stopped, where its trip is offered no
    more. `policy` is JSON as the trip has it; `grant_id` this desk's grant, None where it has no seats to sell.
    `vendor_bps` is the agency's share where none of the `rates` has begun; ask `commission_bps`."""

    departure_id: UUID
    state: DepartureState
    starts_at: datetime
    ends_at: datetime
    cutoff_at: datetime
    zone: str
    local_day: date
    numbered: bool
    trip_id: UUID
    title: str
    currency: str
    tax_bps: int
    deposit_bps: int
    balance_days: int
    policy: str
    vendor_id: UUID
    vendor_name: str
    vendor_bps: int
    holdback_days: int
    grant_id: UUID | None
    prices: tuple[Price, ...]
    seasons: tuple[Season, ...]
    rates: tuple[AgreedRate, ...]
    agency_zone: str

    def commission_bps(self, now: datetime) -> int:
        """The agency's share of what is sold at `now`, by the day that it is for the agency."""
        if not self.rates:
            return self.vendor_bps
        return rate_on(now.astimezone(zone(self.agency_zone)).date(), self.rates, self.vendor_bps)


@dataclass(frozen=True, slots=True)
class Held:
    """A hold, and what it is of. `booking_id` is the booking that waits on it or was made from it."""

    id: UUID
    departure_id: UUID
    grant_id: UUID
    seats: int
    party: dict[str, int]
    state: HoldState
    kind: HoldKind
    expires_at: datetime
    created_by: UUID | None
    traveller_id: UUID | None
    labels: tuple[str, ...]
    booking_id: UUID | None
    offer: OnSale


@dataclass(frozen=True, slots=True)
class Buyer:
    id: UUID
    name: str


# One JSON array a row: a driver's row of thirty columns is described anew each time it is read.
_OFFER = """json_array(
d.id, d.state, d.starts_at, d.ends_at, d.cutoff_at, d.zone, d.local_day, d.plan_id IS NOT NULL,
t.id, t.title, t.currency, t.tax_bps, t.deposit_bps, t.balance_days, t.policy,
v.id, v.name, v.commission_bps, v.holdback_days,
(SELECT id FROM grants WHERE departure_id = d.id AND desk_id = (SELECT desk_id FROM this_desk)),
json((SELECT json_group_array(json_array(traveller_type, amount, takes_seat))
  FROM trip_prices WHERE trip_id = t.id)),
json((SELECT json_group_array(json_array(s.name, s.first_day, s.last_day, json((SELECT
   json_group_object(traveller_type, amount) FROM season_prices WHERE season_id = s.id))))
 FROM trip_seasons s WHERE s.trip_id = t.id)),
json((SELECT json_group_array(json_array(id, from_day, bps, trip_id IS NOT NULL)) FROM commission_rates
 WHERE vendor_id = v.id AND ended_at IS NULL AND (trip_id IS NULL OR trip_id = t.id))),
(SELECT zone FROM agencies LIMIT 1))
"""
_OF = "departures d JOIN trips t ON t.id = d.trip_id JOIN vendors v ON v.id = t.vendor_id"
# what is held may be sold when its trip is offered no more; nothing new is held
_OFFERED = _OFFER.replace("d.state", "CASE WHEN t.active THEN d.state ELSE 'stopped' END")
ON_SALE = f"SELECT {_OFFERED} FROM {_OF} WHERE d.id = ?"
HELD = f"""
WITH RECURSIVE buyer (id, name, merged_into) AS (
  SELECT id, name, merged_into FROM travellers WHERE id = ?
  UNION ALL SELECT t.id, t.name, t.merged_into FROM buyer b JOIN travellers t ON t.id = b.merged_into)
SELECT json_array(h.id, h.departure_id, h.grant_id, h.seats, json(h.party), h.state, h.kind, h.expires_at,
         h.created_by, h.traveller_id, json(h.labels), (SELECT id FROM bookings WHERE hold_id = h.id)),
       (SELECT json_array(id, name) FROM buyer WHERE merged_into IS NULL), {_OFFER}
FROM json_each(?) asked CROSS JOIN holds h ON h.id = asked.value CROSS JOIN {_OF.replace(" JOIN", " CROSS JOIN")}
WHERE d.id = h.departure_id
"""


def offer_of(row: Sequence[Any]) -> OnSale:
    (departure, state, starts, ends, cutoff, zone, day, numbered, trip, title, currency, tax, deposit, balance, policy,
     vendor, name, commission, holdback, grant, prices, seasons, rates, agency_zone) = row  # fmt: skip
    return OnSale(
        departure_id=UUID(departure),
        state=DepartureState(state),
        starts_at=utc_moment(starts),
        ends_at=utc_moment(ends),
        cutoff_at=utc_moment(cutoff),
        zone=zone,
        local_day=date.fromisoformat(day),
        numbered=bool(numbered),
        trip_id=UUID(trip),
        title=title,
        currency=currency,
        tax_bps=tax,
        deposit_bps=deposit,
        balance_days=balance,
        policy=policy,
        vendor_id=UUID(vendor),
        vendor_name=name,
        vendor_bps=commission,
        holdback_days=holdback,
        grant_id=_id(grant),
        prices=tuple(
            Price(TravellerType(kind), amount, bool(takes_seat)) for kind, amount, takes_seat in prices
        ),
        seasons=tuple(
            Season(
                each,
                date.fromisoformat(first),
                date.fromisoformat(last),
                {TravellerType(kind): amount for kind, amount in own.items()},
            )
            for each, first, last, own in seasons
        ),
        rates=tuple(
            AgreedRate(date.fromisoformat(day), bps, bool(own)) for _, day, bps, own in sorted(rates)
        ),
        agency_zone=agency_zone,
    )


def held_of(row: Sequence[Any], offer: Sequence[Any]) -> Held:
    hold, departure, grant, seats, party, state, kind, expires, by, traveller, labels, booking = row
    return Held(
        id=UUID(hold),
        departure_id=UUID(departure),
        grant_id=UUID(grant),
        seats=seats,
        party=party,
        state=HoldState(state),
        kind=HoldKind(kind),
        expires_at=utc_moment(expires),
        created_by=_id(by),
        traveller_id=_id(traveller),
        labels=tuple(labels),
        booking_id=_id(booking),
        offer=offer_of(offer),
    )


def buyer_of(text: str) -> Buyer:
    row_id, name = json.loads(text)
    return Buyer(UUID(row_id), name)


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
