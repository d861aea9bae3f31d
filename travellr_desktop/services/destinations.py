"""Where a booking can go: seats for a change, and the departures that it can be rebooked to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.errors import Refusal, SeatsGone
from travellr_desktop.services.amendments import Plan
from travellr_desktop.services.giving_back import standing
from travellr_desktop.services.plan_parts import discounts_of
from travellr_desktop.services.planning import rebooked_price, refuse_target
from travellr_desktop.services.pricing import price_list
from travellr_desktop.storage.models import Booking, Trip
from travellr_desktop.storage.uow import Reading


@dataclass(frozen=True, slots=True)
class Destination:
    """A departure of the same vendor: `free` seats can be had now; `difference` is what the booking would cost more
    (above zero) or less there, None where it cannot be reckoned. `why_not` is "" where the booking can go there."""

    departure_id: UUID
    trip_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    local_day: date
    free: int
    difference: Money | None
    why_not: str


def new_sitters(booking: Booking, plan: Plan) -> list[TravellerType]:
    """Who needs a seat that the booking does not have yet."""
    sit = {line.position for line in booking.lines if line.occupies} if not plan.moves else set()
    return [line.type for line in plan.lines if line.takes_seat and line.position not in sit]


def refuse_full(view: Reading, booking: Booking, plan: Plan, *, asks: bool) -> None:
    """Raises `SeatsGone` where a change needs more seats than can be had now, others being asked where `asks`. The
    database has the last word."""
    needed = len(new_sitters(booking, plan))
    if needed and view.departures.within_reach(plan.departure_id, asks=asks) < needed:
        raise SeatsGone("Fewer seats are free than that.", field="departure")


def find(view: Reading, booking: Booking, first: date, last: date, *, asks: bool) -> tuple[Destination, ...]:
    """The departures of a booking's vendor on these local days, by the time on their clocks. `asks`: seats that no desk
    was granted can be had."""
    desk = view.agency.this_desk().id
    rows = discounts_of(view, booking.id)
    needed = sum(line.takes_seat for line in standing(booking))
    trips: dict[UUID, Trip] = {}
    found = []
    for departure, free in view.amendments.destinations(booking.vendor_id, first, last, desk, asks=asks):
        if departure.trip_id not in trips:
            trips[departure.trip_id] = view.trips.get_full(departure.trip_id)
        trip = trips[departure.trip_id]
        difference: Money | None = None
        why_not = ""
        try:
            refuse_target(view, booking, departure, trip)
            price = rebooked_price(booking, rows, price_list(trip, departure.local_day))
            difference = Money(price - booking.price, booking.currency)
            if free < needed:
                why_not = "Full" if free <= 0 else "Too few seats"
        except Refusal as refusal:
            why_not = str(refusal)
        found.append(
            Destination(
                departure_id=departure.id,
                trip_id=trip.id,
                title=trip.title,
                starts_at=departure.starts_at,
                ends_at=departure.ends_at,
                zone=departure.zone,
                local_day=departure.local_day,
                free=max(free, 0),
                difference=difference,
                why_not=why_not,
            )
        )
    return tuple(found)
