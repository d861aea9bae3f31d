"""Holds: seats set aside for a moment, with an expiry that everybody can see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from travellr_desktop.domain.money import Money, round_ratio
from travellr_desktop.domain.party import Party, TravellerType, line_prices, seats, total_price
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.states import DepartureState, HoldState, advance
from travellr_desktop.errors import HoldLapsed, InvalidInput, SalesClosed, SeatsGone
from travellr_desktop.services import keys
from travellr_desktop.services.authority import Authority
from travellr_desktop.services.posting import hold_changed
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Departure, Hold, Trip
from travellr_desktop.storage.uow import Database, Reading

LONGEST = timedelta(hours=2)
"""No hold lasts longer than this from the moment it was made, however often it is extended."""


@dataclass(frozen=True, slots=True)
class HoldView:
    """Seats that are set aside, and what they cost: `per_traveller` one by one, `tax` as contained in `total`."""

    id: UUID
    departure_id: UUID
    trip_id: UUID
    title: str
    vendor_name: str
    starts_at: datetime
    zone: str
    party: Party
    seats: int
    per_traveller: tuple[tuple[TravellerType, Money], ...]
    total: Money
    tax: Money
    expires_at: datetime
    state: HoldState


@dataclass(frozen=True, slots=True)
class _Asked:
    departure_id: UUID
    party: Party


class HoldService:
    """Takes, extends and gives back holds. A hold lasts `lasts`, a setting."""

    def __init__(self, database: Database, authority: Authority, lasts: timedelta) -> None:
        self._db = database
        self._authority = authority
        self._lasts = lasts

    @property
    def lasts(self) -> timedelta:
        return self._lasts

    def hold(self, actor: Actor, departure_id: UUID, party: Party, *, key: UUID) -> HoldView:
        """Set seats aside. Raises `SeatsGone`, `SalesClosed`, `NotFound`, `InvalidInput` for a party of nobody or
        one the trip has no price for."""
        require(actor, Permission.HOLD_CREATE)
        try:
            return self._take(actor, departure_id, party, key)
        except SeatsGone:
            if not self._authority.more_seats(departure_id, seats(party)):
                raise
            return self._take(actor, departure_id, party, key)

    def _take(self, actor: Actor, departure_id: UUID, party: Party, key: UUID) -> HoldView:
        with self._db.write(Commit.HOLD_TAKE, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "hold.take", _Asked(departure_id, party))
            if earlier is not None and earlier.aggregate_id is not None:
                return view(work, work.holds.get(earlier.aggregate_id))
            departure = work.departures.get(departure_id)
            _sellable(departure, work.now)
            trip = work.trips.get_full(departure.trip_id)
            wanted = _seats(trip, party)
            grant = work.departures.grant(departure_id, work.agency.this_desk().id)
            if grant is None:
                raise SeatsGone("This desk has no seats of this departure to sell.")
            hold = Hold(
                departure_id=departure_id,
                grant_id=grant.id,
                seats=wanted,
                party={kind.value: count for kind, count in party.counts().items()},
                state=HoldState.ACTIVE,
                expires_at=work.now + self._lasts,
                created_at=work.now,
                created_by=actor.user_id,
            )
            work.holds.save(hold)  # the database refuses more than the grant has left
            keys.finish(work, key, {"hold": str(hold.id)}, hold.id)
            work.publish(hold_changed(hold, work.now))
            made = view(work, hold)
            work.commit()
        return made

    def extend(self, actor: Actor, hold_id: UUID) -> HoldView:
        """Begin the hold's time anew. Raises `HoldLapsed`, `NotFound`."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.write(Commit.HOLD_EXTEND, actor) as work:
            hold = work.holds.get(hold_id)
            if hold.state is not HoldState.ACTIVE:
                raise HoldLapsed("The hold has ended; the seats went back.")
            latest = hold.created_at + LONGEST
            if work.now >= latest:
                raise InvalidInput(
                    "A hold lasts two hours at the most.", hint="Sell it now, or hold the seats anew."
                )
            hold.expires_at = max(hold.expires_at, min(work.now + self._lasts, latest))
            work.publish(hold_changed(hold, work.now))
            extended = view(work, hold)
            work.commit()
        return extended

    def release(self, actor: Actor, hold_id: UUID) -> None:
        """Give the seats back at once. A hold that has ended is left as it is; one that a booking waits on is
        released with its sale, not here."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.write(Commit.HOLD_RELEASE, actor) as work:
            hold = work.holds.get(hold_id)
            if hold.state is not HoldState.ACTIVE:
                return
            if work.holds.booking_of(hold.id) is not None:
                raise InvalidInput("A booking waits on these seats.", hint="Release the sale instead.")
            hold.state = advance(hold.state, HoldState.RELEASED)
            work.publish(hold_changed(hold, work.now))
            work.commit()

    def mine(self, actor: Actor) -> tuple[HoldView, ...]:
        """What the person holds now and has not sold, oldest first: their basket."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.read() as reading:
            if actor.user_id is None:
                return ()
            return tuple(view(reading, hold) for hold in reading.holds.active_of(actor.user_id))


def _sellable(departure: Departure, now: datetime) -> None:
    if departure.state is not DepartureState.OPEN:
        raise SalesClosed("This departure is not sold.")
    if departure.starts_at <= now:
        raise SalesClosed("This departure has left.")
    if departure.cutoff_at <= now:
        raise SalesClosed("Sales of this departure have closed.")


def _seats(trip: Trip, party: Party) -> int:
    prices = {price.traveller_type: Money(price.amount, trip.currency) for price in trip.prices}
    total_price(party, prices, trip.currency)  # refuses a type without a price
    wanted = seats(party, {price.traveller_type: price.takes_seat for price in trip.prices})
    if wanted == 0:
        raise InvalidInput(
            "At least one traveller must take a seat.", field="party", hint="Add an adult or a child."
        )
    return wanted


def party_of(hold: Hold) -> Party:
    return Party.of({TravellerType(kind): count for kind, count in hold.party.items()})


def view(reading: Reading, hold: Hold) -> HoldView:
    departure = reading.departures.get(hold.departure_id)
    trip = reading.trips.get_full(departure.trip_id)
    prices = {price.traveller_type: Money(price.amount, trip.currency) for price in trip.prices}
    party = party_of(hold)
    total = total_price(party, prices, trip.currency)
    tax = round_ratio(total.minor * trip.tax_bps, 10_000 + trip.tax_bps)
    return HoldView(
        id=hold.id,
        departure_id=departure.id,
        trip_id=trip.id,
        title=trip.title,
        vendor_name=trip.vendor.name,
        starts_at=departure.starts_at,
        zone=departure.zone,
        party=party,
        seats=hold.seats,
        per_traveller=tuple(line_prices(party, prices)),
        total=total,
        tax=Money(tax, trip.currency),
        expires_at=hold.expires_at,
        state=hold.state,
    )
