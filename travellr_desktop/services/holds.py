"""Holds: seats set aside for a moment, with an expiry that everybody can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money, round_ratio
from travellr_desktop.domain.party import Party, TravellerType, line_prices, seats, total_price
from travellr_desktop.domain.permissions import Actor, Permission, allowed, require
from travellr_desktop.domain.states import DepartureState, HoldKind, HoldState
from travellr_desktop.errors import (
    HeldElsewhere,
    HoldLapsed,
    InvalidInput,
    NotFound,
    SalesClosed,
    SeatsGone,
    WrongState,
)
from travellr_desktop.services import freeing, keys, seating
from travellr_desktop.services.authority import Authority, with_more_seats
from travellr_desktop.services.posting import hold_changed
from travellr_desktop.services.pricing import PriceList, price_list, prices_on_sale
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Departure, Hold, WaitingEntry
from travellr_desktop.storage.repositories.on_sale import Held, OnSale
from travellr_desktop.storage.repositories.selling import NewHold
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

LONGEST = timedelta(hours=2)
"""No hold lasts longer than this from the moment it was made, however often it is extended."""


@dataclass(frozen=True, slots=True)
class HoldView:
    """Seats that are set aside, and what they cost: `per_traveller` one by one, `tax` as contained in `total`.
    `labels` are the numbered seats, one for each traveller who sits; none where seats are not numbered."""

    id: UUID
    departure_id: UUID
    trip_id: UUID
    title: str
    vendor_name: str
    starts_at: datetime
    zone: str
    cutoff_at: datetime
    party: Party
    seats: int
    per_traveller: tuple[tuple[TravellerType, Money], ...]
    total: Money
    tax: Money
    expires_at: datetime
    state: HoldState
    kind: HoldKind = HoldKind.HOLD
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    departure_id: UUID
    party: Party
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Resized:
    hold_id: UUID
    party: Party


@dataclass(frozen=True, slots=True)
class _Moved:
    from_id: UUID
    to_id: UUID
    party: Party


class HoldService:
    """Takes, changes, extends and gives back holds. A hold lasts `lasts`, a setting.

    A hold is its maker's: to others it is not there, but for those who manage everybody's bookings."""

    def __init__(self, database: Database, authority: Authority, lasts: timedelta) -> None:
        self._db = database
        self._authority = authority
        self._lasts = lasts

    @property
    def lasts(self) -> timedelta:
        return self._lasts

    def hold(
        self, actor: Actor, departure_id: UUID, party: Party, *, key: UUID, labels: Sequence[str] = ()
    ) -> HoldView:
        """Set seats aside; where they are numbered those with `labels`, one for each traveller who sits, or the
        best that are free. Raises `SeatsGone`, `SalesClosed`, `NotFound`, `InvalidInput` for a party of nobody or
        one the trip has no price for."""
        require(actor, Permission.HOLD_CREATE)
        asked = _Asked(departure_id, party, tuple(labels))
        return with_more_seats(
            self._authority,
            departure_id,
            seats(party),
            lambda: self._take(actor, asked, key),
            asked.labels,
        )

    def _take(self, actor: Actor, asked: _Asked, key: UUID) -> HoldView:
        hold_id = new_id()
        done = {"hold": str(hold_id)}
        opening = keys.opening(
            self._db, Commit.HOLD_TAKE, actor, key, "hold.take", asked, hold_id, result=done
        )
        with opening as (work, earlier):
            if earlier is not None and earlier.aggregate_id is not None:
                return _seen(work, earlier.aggregate_id)
            offer = work.selling.on_sale(asked.departure_id)
            sellable(offer, work.now)
            wanted = seats_for(prices_on_sale(offer), asked.party)
            if offer.grant_id is None:
                raise SeatsGone("This desk has no seats of this departure to sell.")
            hold = NewHold(
                id=hold_id,
                departure_id=offer.departure_id,
                grant_id=offer.grant_id,
                seats=wanted,
                party=party_data(asked.party),
                expires_at=work.now + self._lasts,
                created_at=work.now,
                created_by=actor.user_id,
            )
            work.selling.hold(hold)  # the database refuses more than the grant has left
            labels: tuple[str, ...] = ()
            if offer.numbered or asked.labels:
                row = work.holds.get(hold_id)
                seating.take(work, row, work.departures.get(row.departure_id), asked.labels)
                labels = tuple(row.labels)
            work.publish(hold_changed(hold, work.now))
            work.commit()
        return _view(hold, asked.party, offer, labels)

    def extend(self, actor: Actor, hold_id: UUID) -> HoldView:
        """Begin the hold's time anew. Raises `HoldLapsed`, `NotFound`."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.write(Commit.HOLD_EXTEND, actor) as work:
            hold = _active(actor, work, hold_id)
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

    def resize(self, actor: Actor, hold_id: UUID, party: Party, *, key: UUID) -> HoldView:
        """Hold seats for another party instead; the time runs on. Fewer keep their numbered seats, more are given
        the best that are free. Raises as `hold`, and `HoldLapsed`."""
        require(actor, Permission.HOLD_CREATE)

        def act() -> HoldView:
            with self._db.write(Commit.HOLD_CHANGE, actor) as work:
                asked = _Resized(hold_id, party)
                earlier = keys.begin(work, self._db.workers, key, "hold.resize", asked, hold_id)
                if earlier is not None:
                    return view(work, own(actor, work, hold_id))
                hold = unsold(actor, work, hold_id)
                before = hold.seats
                _change(work, hold, party, hold.labels)
                if hold.seats < before:
                    freeing.offer(work, {hold.departure_id})
                resized = _done(work, key, hold)
                work.commit()
            return resized

        with self._db.read() as reading:
            hold = own(actor, reading, hold_id)
            departure_id, more = hold.departure_id, seats(party) - hold.seats
        return with_more_seats(self._authority, departure_id, more, act)

    def move(
        self, actor: Actor, from_id: UUID, to_id: UUID, party: Party, *, key: UUID
    ) -> tuple[HoldView, HoldView]:
        """Move travellers from one of a person's holds to another of theirs; gives both as they are then. One that
        nobody is left on is released. Raises as `resize`."""
        require(actor, Permission.HOLD_CREATE)
        if from_id == to_id:
            raise InvalidInput("Travellers are moved to another hold.", field="hold")
        with self._db.write(Commit.HOLD_CHANGE, actor) as work:
            asked = _Moved(from_id, to_id, party)
            earlier = keys.begin(work, self._db.workers, key, "hold.move", asked, to_id)
            if earlier is not None:
                return view(work, own(actor, work, from_id)), view(work, own(actor, work, to_id))
            source, target = unsold(actor, work, from_id), unsold(actor, work, to_id)
            if source.created_by != target.created_by:
                raise NotFound("There is no such hold.")
            if not party:
                raise InvalidInput("Say who is to be moved.", field="party")
            left = _counted(party_of(source), party, -1)
            moved = tuple(source.labels) if source.departure_id == target.departure_id else ()
            if left:
                _change(work, source, left, source.labels)
                moved = moved[source.seats :]
                work.publish(hold_changed(source, work.now))
            else:
                freeing.let_go(work, [source], HoldState.RELEASED)
            _change(work, target, _counted(party_of(target), party, 1), (*target.labels, *moved))
            freeing.offer(work, {source.departure_id})
            both = view(work, source), _done(work, key, target)
            work.commit()
        return both

    def release(self, actor: Actor, hold_id: UUID) -> None:
        """Give the seats back at once. A hold that has ended is left as it is; one that a booking waits on is
        released with its sale, not here. Raises `NotFound`."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.write(Commit.HOLD_RELEASE, actor) as work:
            hold = own(actor, work, hold_id)
            if hold.state is not HoldState.ACTIVE:
                return
            _basket_only(hold)
            _no_booking(work, hold)
            freeing.end_holds(work, [hold], HoldState.RELEASED)
            work.commit()

    def mine(self, actor: Actor) -> tuple[HoldView, ...]:
        """What the person holds now and has not sold, oldest first: their basket."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.read() as reading:
            if actor.user_id is None:
                return ()
            return tuple(view(reading, hold) for hold in reading.holds.active_of(actor.user_id))


def own(actor: Actor, reading: Reading, hold_id: UUID) -> Hold:
    """A hold that the actor made, or may manage. Raises `NotFound`."""
    hold = reading.holds.get(hold_id)
    if hold.created_by != actor.user_id and not allowed(actor.role, Permission.ADMIN_BOOKINGS):
        raise NotFound("There is no such hold.")
    return hold


def _active(actor: Actor, work: UnitOfWork, hold_id: UUID) -> Hold:
    """One of the actor's that seats of this desk are still under."""
    hold = own(actor, work, hold_id)
    if hold.state is not HoldState.ACTIVE:
        raise HoldLapsed("The hold has ended; the seats went back.")
    _basket_only(hold)
    refuse_elsewhere(work, hold)
    return hold


def refuse_elsewhere(work: UnitOfWork, hold: Hold) -> None:
    """Raises `HeldElsewhere` for seats that are not this desk's."""
    if not work.holds.is_here(hold.id):
        raise HeldElsewhere("These seats are held at another desk.")


def unsold(actor: Actor, work: UnitOfWork, hold_id: UUID) -> Hold:
    """One of the actor's that may still be changed: it has not lapsed, and no booking waits on it. Raises `NotFound`,
    `HoldLapsed`, `HeldElsewhere`, `WrongState`, `InvalidInput`."""
    hold = _active(actor, work, hold_id)
    if hold.expires_at <= work.now:
        raise HoldLapsed("The hold has lapsed; the seats went back.")
    _no_booking(work, hold)
    return hold


def _basket_only(hold: Hold) -> None:
    if hold.kind is not HoldKind.HOLD:
        raise WrongState(
            "These seats are kept for a traveller.", hint="Take them up, or give them up, there."
        )


def _no_booking(work: UnitOfWork, hold: Hold) -> None:
    if work.holds.booking_of(hold.id) is not None:
        raise InvalidInput("A booking waits on these seats.", hint="Release the sale instead.")


def _change(work: UnitOfWork, hold: Hold, party: Party, labels: Sequence[str]) -> None:
    """Hold seats for `party` instead, the first of `labels` where they are enough. The caller tells who waits."""
    departure = work.departures.get(hold.departure_id)
    wanted = seats_for(prices_of(work, departure), party)
    if wanted > hold.seats:
        open_for_more(work, departure)
    hold.party, hold.seats = party_data(party), wanted
    seating.give_up(work, hold_id=hold.id)
    work.holds.update(hold)
    seating.take(work, hold, departure, labels[:wanted] if len(labels) >= wanted else ())


def _done(work: UnitOfWork, key: UUID, hold: Hold) -> HoldView:
    keys.finish(work, key, {"hold": str(hold.id)}, hold.id)
    work.publish(hold_changed(hold, work.now))
    return view(work, hold)


def _counted(party: Party, others: Party, sign: int) -> Party:
    """With `others` beside them, or (`sign` -1) without them."""
    counts = {kind: party.count(kind) + sign * others.count(kind) for kind in TravellerType}
    if min(counts.values()) < 0:
        raise InvalidInput("Fewer travellers than that are on the hold.", field="party")
    return Party.of(counts)


def sellable(departure: Departure | OnSale, now: datetime) -> None:
    """Raises `SalesClosed` where a departure is not sold, or not any more."""
    if departure.state is not DepartureState.OPEN:
        raise SalesClosed("This departure is not sold.")
    if departure.starts_at <= now:
        raise SalesClosed("This departure has left.")
    if departure.cutoff_at <= now:
        raise SalesClosed("Sales of this departure have closed.")


def open_for_more(reading: Reading, departure: Departure) -> None:
    """Raises `SalesClosed` where nobody new may be given seats: as `sellable`, and of a trip that is offered no more,
    of which only what is held is sold still."""
    sellable(departure, reading.clock.now())
    if not reading.trips.get(departure.trip_id).active:
        raise SalesClosed("This departure is not sold.")


def prices_of(reading: Reading, departure: Departure) -> PriceList:
    """What a traveller of each type pays on a departure."""
    return price_list(reading.trips.get_full(departure.trip_id), departure.local_day)


def seats_for(prices: PriceList, party: Party) -> int:
    """How many seats a party takes. Raises `InvalidInput` for a type without a price, or where nobody sits."""
    line_prices(party, prices.prices)  # refuses a type without a price
    wanted = seats(party, prices.takes_seat)
    if wanted == 0:
        raise InvalidInput(
            "At least one traveller must take a seat.", field="party", hint="Add an adult or a child."
        )
    return wanted


def party_of(row: Hold | Held | WaitingEntry) -> Party:
    """Who sits on a hold, or waits."""
    return Party.of({TravellerType(kind): count for kind, count in row.party.items()})


def party_data(party: Party) -> dict[str, int]:
    """A party as a hold keeps it."""
    return {kind.value: count for kind, count in party.counts().items()}


def view(reading: Reading, hold: Hold) -> HoldView:
    reading.flush()
    return _seen(reading, hold.id)


def _seen(reading: Reading, hold_id: UUID) -> HoldView:
    held = reading.selling.held([hold_id])[0][0]
    return _view(held, party_of(held), held.offer, held.labels)


def _view(hold: NewHold | Held, party: Party, offer: OnSale, labels: tuple[str, ...]) -> HoldView:
    prices = prices_on_sale(offer).prices
    total = total_price(party, prices, offer.currency)
    tax = round_ratio(total.minor * offer.tax_bps, 10_000 + offer.tax_bps)
    return HoldView(
        id=hold.id,
        departure_id=offer.departure_id,
        trip_id=offer.trip_id,
        title=offer.title,
        vendor_name=offer.vendor_name,
        starts_at=offer.starts_at,
        zone=offer.zone,
        cutoff_at=offer.cutoff_at,
        party=party,
        seats=hold.seats,
        per_traveller=tuple(line_prices(party, prices)),
        total=total,
        tax=Money(tax, offer.currency),
        expires_at=hold.expires_at,
        state=hold.state,
        kind=hold.kind,
        labels=labels,
    )
