"""Making and changing departures within the caller's transaction: the timetable, its series and the import do it the
same way."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.periods import local_datetime, to_utc
from travellr_desktop.domain.seating import Layout, sellable
from travellr_desktop.domain.series import FURTHEST
from travellr_desktop.domain.states import DepartureState
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.services.catalogue import InUse, capital, counted, departure_told, there
from travellr_desktop.services.seat_granting import grant_plan
from travellr_desktop.services.timetable_drafts import DepartureDraft
from travellr_desktop.storage.models import Departure, Grant, SeatPlan, Trip
from travellr_desktop.storage.repositories.timetable import Standing, TimetableRepository
from travellr_desktop.storage.uow import UnitOfWork

SOLD = (DepartureState.OPEN, DepartureState.STOPPED)
MOST_SEATS = 10_000
LONGEST_CUTOFF = timedelta(days=365)
EARLIEST_RELEASE = 365
"""Days before a departure."""


class Plans:
    """The seat plans that a vendor's departures may have: their own and the agency's, each read once."""

    def __init__(self, timetable: TimetableRepository, vendor_id: UUID) -> None:
        self._timetable = timetable
        self._vendor_id = vendor_id
        self._found: dict[UUID, tuple[SeatPlan, int]] = {}

    def check(self, plan_id: UUID | None, capacity: int) -> None:
        """Raises `InvalidInput` where a plan has fewer seats to sell than `capacity`; `NotFound`, also for another
        vendor's."""
        if plan_id is None:
            return
        if plan_id not in self._found:
            plan = self._timetable.plan(plan_id)
            if plan.vendor_id not in (None, self._vendor_id):
                raise NotFound("There is no such seat plan.")
            self._found[plan_id] = plan, sellable(Layout.from_json(plan.layout))
        plan, most = self._found[plan_id]
        if capacity > most:
            raise InvalidInput(
                f"“{plan.name}” has {counted(most, 'seat')} to sell, not {capacity:,}.",
                hint="Lower the capacity, or choose another plan.",
                field="capacity",
            )


def check_capacity(capacity: int) -> None:
    """Raises `InvalidInput(field="capacity")`."""
    if type(capacity) is not int or not 0 < capacity <= MOST_SEATS:
        raise InvalidInput(f"A departure has 1 to {MOST_SEATS:,} seats.", field="capacity")


def check_release(days: int | None) -> None:
    """Raises `InvalidInput(field="release_days")`."""
    if days is not None and not 0 <= days <= EARLIEST_RELEASE:
        raise InvalidInput(
            f"Seats go back 0 to {EARLIEST_RELEASE} days before the departure.", field="release_days"
        )


def check_cutoff(cutoff: timedelta) -> None:
    """Raises `InvalidInput(field="cutoff")`."""
    if not timedelta(0) <= cutoff <= LONGEST_CUTOFF:
        raise InvalidInput("Sales close up to a year before the departure, not after it.", field="cutoff")


def refuse_over(departure: Departure, now: datetime) -> None:
    """Raises `WrongState` for a departure that has left, is completed or cancelled: it stays as it is."""
    if departure.state not in SOLD:
        words = "is cancelled" if departure.state is DepartureState.CANCELLED else "is completed"
        raise WrongState(f"The departure {words}.", hint="Make another one.")
    if departure.starts_at <= now:
        raise WrongState("The departure has left.", hint="What has left stays as it was.")


def make_departure(
    work: UnitOfWork,
    trip: Trip,
    desk_id: UUID,
    draft: DepartureDraft,
    plans: Plans,
    series_id: UUID | None = None,
) -> Departure:
    """Add a departure with this desk's grant of all its seats; it is written with the next flush.

    Raises `InvalidInput` for a time that daylight saving skips, a day that is past, a capacity outside 1 to 10,000
    or above what the plan has; `NotFound` for the plan."""
    check_capacity(draft.capacity)
    check_cutoff(draft.cutoff)
    plans.check(draft.plan_id, draft.capacity)
    zone = draft.zone or trip.zone
    starts_at, ends_at = times(draft, zone, timedelta(minutes=trip.duration_min))
    if starts_at <= work.now:
        raise InvalidInput(f"{draft.day} is past.", field="day", hint="Choose a day to come.")
    if starts_at - work.now > FURTHEST:
        raise InvalidInput(f"{draft.day} is too far ahead.", field="day", hint="Look at the year.")
    departure = Departure(
        id=new_id(),
        trip_id=trip.id,
        starts_at=starts_at,
        ends_at=ends_at,
        cutoff_at=starts_at - draft.cutoff,
        zone=zone,
        local_day=draft.day,
        local_time=f"{draft.at:%H:%M}",
        capacity=draft.capacity,
        state=DepartureState.OPEN,
        note=clean_line(draft.note, "note", 500, required=False),
        series_id=series_id,
        plan_id=draft.plan_id,
    )
    work.session.add(departure)
    work.session.add(Grant(departure_id=departure.id, desk_id=desk_id, seats=draft.capacity))
    if departure.plan_id is not None:
        grant_plan(work, departure)
    departure_told(work, departure, trip)
    return departure


def times(draft: DepartureDraft, zone: str, lasts: timedelta) -> tuple[datetime, datetime]:
    """When it leaves and when it ends, in UTC. Raises `InvalidInput` also where the calendar has no such day."""
    try:
        starts_at = to_utc(local_datetime(draft.day, draft.at, zone))
        return starts_at, starts_at + lasts
    except OverflowError:
        raise InvalidInput("There is no such day.", field="day") from None


def change_seats(
    work: UnitOfWork, departure: Departure, desk_id: UUID, capacity: int, standing: Standing
) -> None:
    """Give a departure another capacity. This desk's own grant grows with it, and shrinks with it where no seats are
    left that nobody was granted.

    Raises `InUse` below what is sold, held or granted to other desks, naming the figures."""
    check_capacity(capacity)
    if capacity < standing.least:
        parts = [
            counted(count, "seat") + " " + word
            for count, word in (
                (standing.sold, "sold"),
                (standing.taken - standing.sold, "held"),
                (standing.elsewhere, "granted to other desks"),
            )
            if count
        ]
        beyond = f", {counted(standing.allowed, 'seat')} of them beyond" if standing.allowed > 0 else ""
        raise InUse(
            f"{capital(there(parts))}{beyond}: the capacity cannot be lower than {standing.least}.",
            hint="Rebook or cancel bookings, let go of holds, or take seats back from other desks first.",
            field="capacity",
        )
    most = capacity + standing.allowed - standing.elsewhere
    grant = work.departures.grant(departure.id, desk_id)
    if capacity > departure.capacity:
        more, departure.capacity = capacity - departure.capacity, capacity
        work.session.flush()  # the database lets nobody be granted what is not there yet
        if grant is None:
            work.session.add(Grant(departure_id=departure.id, desk_id=desk_id, seats=min(more, most)))
        else:
            grant.seats = min(grant.seats + more, most)
    elif capacity < departure.capacity:
        if grant is not None and grant.seats > most:
            grant.seats = most
            work.session.flush()  # nor does it let a departure shrink below what is granted
        departure.capacity = capacity
    work.session.flush()
