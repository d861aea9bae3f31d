"""The day on the quay: every departure of a local day, how full it is, who has come, and what it is at.

Seats count all desks; what is free is what this desk may still sell. Allowances count as capacity where seats are sold;
here what goes beyond the capacity itself is told, because those people will stand on the quay.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, require, require_own, vendor_scope
from travellr_desktop.domain.states import DepartureState
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.services.authority import Authority
from travellr_desktop.services.departures import LONGEST_SPAN
from travellr_desktop.storage.models import Departure, Trip
from travellr_desktop.storage.repositories.board import BoardRepository, BoardSeats
from travellr_desktop.storage.uow import Database


class Phase(StrEnum):
    """What a departure is at."""

    OPEN = "open"
    CLOSED = "closed"  # sales have closed, nobody boards yet
    STOPPED = "stopped"
    BOARDING = "boarding"
    MANIFEST = "manifest"  # it has left, its manifest is not closed
    EMPTY = "empty"  # its time has come, and nobody was booked
    ON_THE_WAY = "on_the_way"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One departure. `oversold` counts seats sold and held beyond `capacity`; `allowed` is how many may be. `held` is
    by others. `pax`, `here` and `absent` count travellers of confirmed bookings. `selling`: it is sold now;
    `reason` says why it was stopped, `stopped_at` since when."""

    id: UUID
    trip_id: UUID
    title: str
    vendor_name: str
    meeting_point: str
    starts_at: datetime
    ends_at: datetime
    cutoff_at: datetime
    zone: str
    local_time: str
    """`HH:MM` on the clock of the place."""
    duration_min: int
    capacity: int
    allowed: int
    sold: int
    held: int
    yours: int
    free: int
    oversold: int
    pax: int
    here: int
    absent: int
    bookings: int
    phase: Phase
    selling: bool
    reason: str
    note: str
    series_id: UUID | None
    stopped_at: datetime | None = None

    @property
    def empty(self) -> int:
        """Seats on which nobody sits."""
        return max(self.capacity - self.sold, 0)


@dataclass(frozen=True, slots=True)
class Board:
    """The departures of a day by the times on their own clocks, then by title. Of an empty day `next_day` is the next
    one that has some, and `first_use` says that there are none at all."""

    day: date
    now: datetime
    rows: tuple[BoardRow, ...]
    next_day: date | None = None
    first_use: bool = False


@dataclass(frozen=True, slots=True)
class DayFree:
    """A day of the calendar: departures that are not cancelled, and seats this desk may still sell on them. `free` is
    the same, but less than nothing where seats are sold too often, which somebody has to see before all else."""

    departures: int
    free: int
    seats: int
    selling: int
    """How many of the departures are sold now."""

    @property
    def closed(self) -> bool:
        """Whether nothing of the day is sold any more: that it has no free seats does not mean that it is full."""
        return self.selling == 0 and self.free == 0


@dataclass(frozen=True, slots=True)
class TripChoice:
    id: UUID
    title: str
    vendor_id: UUID
    vendor_name: str
    duration_min: int


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A rule that makes departures: a local time `HH:MM` on `weekdays` (0 is Monday), first and last day included.
    `except_days` counts days that are left out."""

    id: UUID
    weekdays: tuple[int, ...]
    local_time: str
    first_day: date
    last_day: date
    except_days: int


@dataclass(frozen=True, slots=True)
class TripFacts:
    """A trip beside its calendar. `seats` and `cutoffs` (minutes before) are those of its departures on the day, each
    once; `singles` are local times of departures that no series made; `kept` is what other desks may sell of them."""

    id: UUID
    title: str
    vendor_name: str
    duration_min: int
    seats: tuple[int, ...]
    plan_name: str
    series: tuple[SeriesLine, ...]
    singles: tuple[str, ...]
    cutoffs: tuple[int, ...]
    kept: tuple[tuple[str, int], ...]


class BoardService:
    """Reads; changes nothing. A vendor's person sees their own departures and no others."""

    def __init__(self, database: Database, authority: Authority) -> None:
        self._db = database
        self._authority = authority

    def day(self, actor: Actor, day: date, trip_id: UUID | None = None) -> Board:
        """The departures of a local day, of one trip where one is named."""
        require(actor, Permission.DEPARTURE_READ)
        own = vendor_scope(actor)
        with self._db.read() as view:
            now = view.clock.now()
            board = BoardRepository(view.session)
            desk = view.agency.this_desk()
            found = board.day(
                day,
                desk_id=desk.id,
                user_id=actor.user_id,
                vendor_id=own,
                trip_id=trip_id,
                asks=self._authority.reached(),
            )
            stopped = [each.departure.id for each in found if each.departure.state is DepartureState.STOPPED]
            since = board.stopped_since(stopped) if stopped else {}
            rows = tuple(board_row(each, now, since.get(each.departure.id)) for each in found)
            if rows:
                return Board(day, now, rows)
            return Board(
                day,
                now,
                (),
                next_day=board.next_day(day, vendor_id=own, trip_id=trip_id),
                first_use=not board.any(vendor_id=own),
            )

    def month(
        self, actor: Actor, first: date, last: date, trip_id: UUID | None = None
    ) -> dict[date, DayFree]:
        """The days from `first` to `last` that have departures. Raises `InvalidInput` for a span of more than
        92 days."""
        require(actor, Permission.DEPARTURE_READ)
        if not 0 <= (last - first).days < LONGEST_SPAN:
            raise InvalidInput(f"A calendar spans 1 to {LONGEST_SPAN} days.", field="last")
        with self._db.read() as view:
            found = BoardRepository(view.session).month(
                first,
                last,
                desk_id=view.agency.this_desk().id,
                now=view.clock.now(),
                vendor_id=vendor_scope(actor),
                trip_id=trip_id,
                asks=self._authority.reached(),
            )
        return {
            day: DayFree(departures=count, free=-over if over else free, seats=free, selling=selling)
            for day, (count, selling, free, over) in found.items()
        }

    def trips(self, actor: Actor) -> tuple[TripChoice, ...]:
        """The trips that are sold, by title."""
        require(actor, Permission.DEPARTURE_READ)
        with self._db.read() as view:
            trips = BoardRepository(view.session).trips(vendor_id=vendor_scope(actor))
            return tuple(
                TripChoice(trip.id, trip.title, trip.vendor_id, trip.vendor.name, trip.duration_min)
                for trip in trips
            )

    def trip(self, actor: Actor, trip_id: UUID, day: date) -> TripFacts:
        """A trip, its series from a day on, and how it leaves on that day. Raises `NotFound`."""
        require(actor, Permission.DEPARTURE_READ)
        with self._db.read() as view:
            trip = view.trips.get_full(trip_id)
            require_own(actor, trip.vendor_id, "trip")
            board = BoardRepository(view.session)
            departures = board.of_trip(trip_id, day)
            desk = view.agency.this_desk()
            others = board.other_grants([each.id for each in departures], desk.id)
            most = Counter[str]()
            for name, seats in others:
                most[name] = max(most[name], seats)
            plan = next((each.plan_id for each in departures if each.plan_id is not None), None)
            return TripFacts(
                id=trip.id,
                title=trip.title,
                vendor_name=trip.vendor.name,
                duration_min=trip.duration_min,
                seats=tuple(sorted({each.capacity for each in departures})),
                plan_name="" if plan is None else board.plan_name(plan),
                series=tuple(
                    SeriesLine(
                        each.id,
                        tuple(int(digit) for digit in each.weekdays),
                        each.local_time,
                        each.first_day,
                        each.last_day,
                        len(each.except_days),
                    )
                    for each in board.series(trip_id, day)
                ),
                singles=tuple(each.local_time for each in departures if each.series_id is None),
                cutoffs=tuple(
                    sorted(
                        {round((each.starts_at - each.cutoff_at).total_seconds() / 60) for each in departures}
                    )
                ),
                kept=tuple(most.items()),
            )

    def departure(self, actor: Actor, departure_id: UUID) -> BoardRow:
        """One departure as on the board. Raises `NotFound`, also for another vendor's."""
        require(actor, Permission.DEPARTURE_READ)
        with self._db.read() as view:
            desk = view.agency.this_desk()
            found = BoardRepository(view.session).one(
                departure_id, desk_id=desk.id, user_id=actor.user_id, asks=self._authority.reached()
            )
            if found is None:
                raise NotFound("There is no such departure.")
            require_own(actor, found.departure.trip.vendor_id, "departure")
            return board_row(found, view.clock.now())


def board_row(found: BoardSeats, now: datetime, stopped_at: datetime | None = None) -> BoardRow:
    """A departure with its seats and people, as a frozen row."""
    departure, trip = found.departure, found.departure.trip
    return BoardRow(
        id=departure.id,
        trip_id=trip.id,
        title=trip.title,
        vendor_name=trip.vendor.name,
        meeting_point=trip.meeting_point,
        starts_at=departure.starts_at,
        ends_at=departure.ends_at,
        cutoff_at=departure.cutoff_at,
        zone=departure.zone,
        local_time=departure.local_time,
        duration_min=trip.duration_min,
        capacity=departure.capacity,
        allowed=found.allowed,
        sold=found.taken - found.held,
        held=found.held - found.yours,
        yours=found.yours,
        free=found.free,
        oversold=max(found.taken - departure.capacity, 0),
        pax=found.pax,
        here=found.here,
        absent=found.absent,
        bookings=found.bookings,
        phase=phase(departure, trip, now, pax=found.pax, here=found.here, unclosed=found.unclosed),
        selling=departure.state is DepartureState.OPEN and trip.active and departure.cutoff_at > now,
        reason=departure.stop_reason,
        note=departure.note,
        series_id=departure.series_id,
        stopped_at=stopped_at,
    )


def phase(departure: Departure, trip: Trip, now: datetime, *, pax: int, here: int, unclosed: int) -> Phase:
    """What a departure is at. People board from when they are asked to be there, or from the first who is; after it
    has left, its manifest is open as long as a booking on it waits for its end."""
    if departure.state is DepartureState.CANCELLED:
        return Phase.CANCELLED
    if departure.starts_at <= now:
        if unclosed:
            return Phase.MANIFEST
        if not pax and departure.state is not DepartureState.DONE:
            return Phase.EMPTY
        return Phase.ON_THE_WAY if now < departure.ends_at else Phase.DONE
    if departure.state is DepartureState.STOPPED:
        return Phase.STOPPED
    if here or departure.starts_at - timedelta(minutes=trip.meet_before_min) <= now:
        return Phase.BOARDING
    return Phase.CLOSED if departure.cutoff_at <= now else Phase.OPEN
