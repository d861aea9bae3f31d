"""Finding what can be sold: departures by text, place, dates, price and free seats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from travellr_desktop.domain import cancellation
from travellr_desktop.domain.alternatives import TripLike, distance
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party, TravellerType, line_prices, seats, total_price
from travellr_desktop.domain.permissions import Actor, Permission, require, require_own, vendor_scope
from travellr_desktop.domain.states import DepartureState
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.services.authority import Authority
from travellr_desktop.services.catalogue import DEAREST
from travellr_desktop.services.departure_views import (
    Alternative,
    Alternatives,
    DayCount,
    DepartureDay,
    DepartureQuery,
    DepartureRow,
    Offer,
    OtherDay,
)
from travellr_desktop.services.pricing import price_list
from travellr_desktop.storage.repositories import Candidate, DepartureFilter, DepartureSeats
from travellr_desktop.storage.uow import Database, Reading

LONGEST_SPAN = 92
"""How many days one search may span."""
INSTEAD = 4
"""How many near dates, and how many similar trips, are offered instead of a full departure."""
AROUND = 3
"""Similar trips leave at most so many days before or after."""


class DepartureService:
    """Reads departures; changes nothing."""

    def __init__(self, database: Database, locale: str, authority: Authority) -> None:
        self._db = database
        self._locale = locale
        self._authority = authority

    def search(self, actor: Actor, query: DepartureQuery, limit: int = 200) -> DepartureDay:
        """Departures that fit, as many as `limit`. Raises `InvalidInput` for a span or price that makes no sense."""
        require(actor, Permission.DEPARTURE_READ)
        asks = self._authority.reached()
        wanted = _filter(actor, query, asks)
        with self._db.read() as view:
            now = view.clock.now()
            desk = view.agency.this_desk()
            found = view.departures.search(
                wanted, desk_id=desk.id, user_id=actor.user_id, now=now, limit=limit + 1
            )
            rows = tuple(row(seats_of, now, asks) for seats_of in found[:limit])
        free = sum(each.free for each in rows if each.why_not is None)
        return DepartureDay(rows=rows, free_seats=free, cut=len(found) > limit)

    def calendar(self, actor: Actor, query: DepartureQuery) -> dict[date, DayCount]:
        """The days of the query's span that have departures, for a calendar of free seats."""
        require(actor, Permission.DEPARTURE_READ)
        with self._db.read() as view:
            desk = view.agency.this_desk()
            wanted = _filter(actor, query, self._authority.reached())
            counts = view.departures.calendar(wanted, desk_id=desk.id, now=view.clock.now())
        return {
            day: DayCount(departures=each.departures, free=each.free or -each.over, selling=each.selling)
            for day, each in counts.items()
        }

    def places(self, actor: Actor) -> tuple[str, ...]:
        """Where trips take place, in alphabetical order; a vendor is told of their own."""
        require(actor, Permission.DEPARTURE_READ)
        with self._db.read() as view:
            return tuple(view.trips.places(vendor_scope(actor)))

    def offer(self, actor: Actor, departure_id: UUID, party: Party) -> Offer:
        """One departure for a party. Raises `NotFound`."""
        require(actor, Permission.DEPARTURE_READ)
        asks = self._authority.reached()
        with self._db.read() as view:
            now = view.clock.now()
            desk = view.agency.this_desk()
            found = view.departures.seats(departure_id, desk_id=desk.id, user_id=actor.user_id)
            if found is None:
                raise NotFound("There is no such departure.")
            require_own(actor, found.departure.trip.vendor_id, "departure")
            shown = row(found, now, asks)
            trip = found.departure.trip
            others = view.alternatives.near(
                found.departure, desk_id=desk.id, now=now, seats=1, limit=4, asks=asks
            )
            policy = cancellation.Policy.from_json(trip.policy)
            first, second = cancellation.describe(policy, shown.starts_at, shown.zone, self._locale, now=now)
            total, lines, why_not = _price(shown, party)
            return Offer(
                row=shown,
                party=party,
                seats=seats(party, shown.takes_seat),
                total=total,
                per_traveller=lines,
                languages=trip.languages,
                included=tuple(line for line in trip.included.splitlines() if line),
                policy_name=policy.name,
                policy_first=first,
                policy_second=second,
                other_days=tuple(OtherDay(d.id, d.starts_at, d.zone, free) for d, free in others),
                why_not=why_not,
                waiting=view.waiting.count_waiting(departure_id),
                beyond=_beyond(view, departure_id, desk.id) if shown.allowed_here else "",
            )

    def alternatives(self, actor: Actor, departure_id: UUID, party: Party) -> Alternatives:
        """What can be had instead of a departure that has no room for the party: near dates of the trip, and similar
        trips by place, length and price. Raises `NotFound`."""
        require(actor, Permission.DEPARTURE_READ)
        asks = self._authority.reached()
        with self._db.read() as view:
            now, desk = view.clock.now(), view.agency.this_desk()
            found = view.departures.seats(departure_id, desk_id=desk.id, user_id=actor.user_id)
            if found is None:
                raise NotFound("There is no such departure.")
            require_own(actor, found.departure.trip.vendor_id, "departure")
            wanted = max(seats(party, row(found, now, asks).takes_seat), 1)
            near = view.alternatives.near(
                found.departure, desk_id=desk.id, now=now, seats=wanted, limit=INSTEAD, asks=asks
            )
            similar = _similar(view, found, desk.id, now, wanted, vendor_scope(actor), asks)

            def read(ids: Sequence[UUID]) -> tuple[Alternative, ...]:
                whole = view.departures.seats_of_many(ids, desk_id=desk.id, user_id=actor.user_id)
                offered = (_alternative(row(each, now, asks), party) for each in whole)
                return tuple(each for each in offered if each is not None)[:INSTEAD]

            return Alternatives(near=read([each.id for each, _ in near]), similar=read(similar))


def _price(
    shown: DepartureRow, party: Party
) -> tuple[Money | None, tuple[tuple[TravellerType, Money], ...], str | None]:
    """What the party pays in all and one by one, and why it cannot be sold to them."""
    currency = next(iter(shown.prices.values())).currency
    try:
        total = total_price(party, shown.prices, currency)
        lines = tuple(line_prices(party, shown.prices))
    except InvalidInput as refusal:
        return None, (), str(refusal)
    wanted = seats(party, shown.takes_seat)
    if shown.why_not is None and wanted > shown.within_reach:
        return total, lines, _too_few(shown)
    return total, lines, shown.why_not


def _too_few(shown: DepartureRow) -> str:
    if not shown.within_reach and not shown.away:
        return "Every seat is sold or held."
    left = "1 seat is" if shown.within_reach == 1 else f"{shown.within_reach} seats are"
    if not shown.away or shown.asks:
        return f"Only {left} free."
    return f"{shown.within_reach or 'No'} free here; {shown.away} more while the central database is reached."


def _beyond(view: Reading, departure_id: UUID, desk_id: UUID) -> str:
    """The last reason for seats beyond capacity, and who gave it."""
    given = [each for each in view.departures.allowances(departure_id, desk_id) if each[0].seats > 0]
    return ", ".join(part for part in (given[-1][0].reason, given[-1][1]) if part) if given else ""


def _alternative(shown: DepartureRow, party: Party) -> Alternative | None:
    """None where somebody in the party has no price, or the seats do not suffice."""
    total, _, why_not = _price(shown, party)
    if total is None or why_not is not None:
        return None
    return Alternative(
        departure_id=shown.id,
        title=shown.title,
        place=shown.place,
        starts_at=shown.starts_at,
        zone=shown.zone,
        duration_min=shown.duration_min,
        free=shown.free,
        total=total,
    )


def row(found: DepartureSeats, now: datetime, asks: bool) -> DepartureRow:
    """A departure with its trip and seats, as a frozen row. `asks`: more than the desk's own can be asked for."""
    departure, trip = found.departure, found.departure.trip
    costs = price_list(trip, departure.local_day)
    own = max(found.own_granted - found.own_taken, 0)
    nobodys = max(departure.capacity + found.allowed - found.granted, 0)
    theirs = (found.granted - found.taken) - (found.own_granted - found.own_taken)
    why_not = None
    if departure.state is not DepartureState.OPEN or not trip.active:
        why_not = "Sales are stopped."
    elif departure.starts_at <= now:
        why_not = "It has left."
    elif departure.cutoff_at <= now:
        why_not = "Sales have closed."
    return DepartureRow(
        id=departure.id,
        trip_id=trip.id,
        title=trip.title,
        vendor_name=trip.vendor.name,
        meeting_point=trip.meeting_point,
        place=trip.place,
        starts_at=departure.starts_at,
        ends_at=departure.ends_at,
        zone=departure.zone,
        duration_min=trip.duration_min,
        capacity=departure.capacity,
        sold=found.taken - found.held,
        held=found.held - found.yours,
        yours=found.yours,
        free=own + (nobodys if asks else 0),
        own=own,
        away=max(theirs, 0) + (0 if asks else nobodys),
        asks=asks,
        prices=dict(costs.prices),
        takes_seat=dict(costs.takes_seat),
        cutoff_at=departure.cutoff_at,
        why_not=why_not,
        allowed=found.allowed,
        allowed_here=found.own_allowed,
        numbered=departure.plan_id is not None,
        season=costs.season,
    )


def _filter(actor: Actor, query: DepartureQuery, asks: bool) -> DepartureFilter:
    if not 1 <= query.days <= LONGEST_SPAN:
        raise InvalidInput(f"A search spans 1 to {LONGEST_SPAN} days.", field="days")
    if query.max_price is not None and not 0 <= query.max_price <= DEAREST:
        raise InvalidInput("A price is from nothing up, and not beyond all money.", field="max_price")
    try:
        last = query.day + timedelta(days=query.days - 1)
    except OverflowError:
        raise InvalidInput("There is no such day.", field="day") from None
    return DepartureFilter(
        first=query.day,
        last=last,
        text=clean_line(query.text[:200], "text", 200, required=False),
        place=query.place,
        seats=max(seats(query.party), 1) if query.free_only else 0,
        max_price=query.max_price,
        starts_from=query.starts_from,
        starts_before=query.starts_before,
        vendor_id=vendor_scope(actor),
        asks=asks,
    )


def _similar(
    view: Reading,
    found: DepartureSeats,
    desk_id: UUID,
    now: datetime,
    wanted: int,
    vendor_id: UUID | None,
    asks: bool,
) -> list[UUID]:
    """Departures of other trips, the likest first, each trip once; more than are shown, as some have no price for
    somebody in the party."""
    departure, trip = found.departure, found.departure.trip
    price = row(found, now, asks).prices.get(TravellerType.ADULT, Money.zero(trip.currency))
    like = TripLike(trip.place, trip.country, trip.duration_min, price, departure.local_day)
    candidates = view.alternatives.around(
        departure, desk_id=desk_id, now=now, seats=wanted, days=AROUND, vendor_id=vendor_id, asks=asks
    )

    def far(each: Candidate) -> tuple[float, datetime, UUID]:
        other = TripLike(each.place, each.country, each.minutes, Money(each.price, each.currency), each.day)
        return distance(like, other), each.starts_at, each.departure_id

    likest: dict[UUID, UUID] = {}
    for each in sorted(candidates, key=far):
        likest.setdefault(each.trip_id, each.departure_id)
    return list(likest.values())[: INSTEAD * 2]
