"""What is asked of the timetable, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from travellr_desktop.domain.series import Day, DayKind, Rule
from travellr_desktop.domain.states import DepartureState
from travellr_desktop.storage.models import Departure, SeatPlan, Series, Trip
from travellr_desktop.storage.repositories.timetable import Standing


@dataclass(frozen=True, slots=True)
class DepartureDraft:
    """A day and a time on the clock of the place; `zone` None takes the trip's own. Sales close `cutoff` before.
    With a seat plan `plan_id` its seats are numbered."""

    day: date
    at: time
    capacity: int
    cutoff: timedelta = timedelta(minutes=30)
    zone: str | None = None
    note: str = ""
    plan_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DepartureEdit:
    """What may be changed on one departure; day and zone stay. From `release_days` before it no desk of several keeps
    seats that it has not sold; None: as the agency has it."""

    at: time
    cutoff: timedelta
    note: str = ""
    plan_id: UUID | None = None
    release_days: int | None = None


@dataclass(frozen=True, slots=True)
class DepartureDetail:
    """A departure as it stands. `standing` counts seats, bookings and who waits; its `least` is the lowest capacity
    that there may be."""

    id: UUID
    trip_id: UUID
    title: str
    vendor_id: UUID
    day: date
    zone: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    state: DepartureState
    stop_reason: str
    edit: DepartureEdit
    plan_name: str
    series_id: UUID | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class SeriesDraft:
    """Departures `at` that clock time on `weekdays` (0 Monday to 6 Sunday), first and last day included, but not on
    `except_days`. `zone` None takes the trip's own."""

    weekdays: frozenset[int]
    at: time
    first_day: date
    last_day: date
    capacity: int
    cutoff: timedelta = timedelta(minutes=30)
    plan_id: UUID | None = None
    except_days: frozenset[date] = frozenset()
    zone: str | None = None

    def rule(self, trip_zone: str) -> Rule:
        """Raises `InvalidInput` naming the field."""
        return Rule(
            frozenset(self.weekdays),
            self.at,
            self.first_day,
            self.last_day,
            self.zone or trip_zone,
            frozenset(self.except_days),
        )

    def departure(self, day: date, zone: str) -> DepartureDraft:
        """The departure that the series makes on a day."""
        return DepartureDraft(day, self.at, self.capacity, self.cutoff, zone, plan_id=self.plan_id)


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series with its departures: all, those `to_come`, and how many of these were `touched` (bought, held or
    waited for, and so left alone by changes of the series)."""

    id: UUID
    trip_id: UUID
    draft: SeriesDraft
    departures: int
    to_come: int
    touched: int


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A departure that a change of its series leaves alone, and why."""

    departure_id: UUID
    day: date
    words: str


@dataclass(frozen=True, slots=True)
class SeriesPreview:
    """What would happen. `days` are all of the rule's; `never` the exceptions that are no day of it. Of a series
    that is there: how many departures to come are `changed` and `removed`, and which are `kept` as they are."""

    days: tuple[Day, ...]
    never: tuple[date, ...]
    changed: int = 0
    removed: int = 0
    kept: tuple[KeptDay, ...] = ()

    @property
    def made(self) -> tuple[Day, ...]:
        """The days on which a departure is made."""
        return tuple(day for day in self.days if day.kind in (DayKind.MADE, DayKind.DOUBLED))

    @property
    def remarkable(self) -> tuple[Day, ...]:
        """The days of which there is something to say."""
        return tuple(day for day in self.days if day.kind is not DayKind.MADE)


@dataclass(frozen=True, slots=True)
class SeriesOutcome:
    """What was done to a series: departures that were made, and what the preview said."""

    series_id: UUID
    made: tuple[UUID, ...]
    preview: SeriesPreview


def departure_detail(
    departure: Departure, trip: Trip, plan: SeatPlan | None, standing: Standing
) -> DepartureDetail:
    return DepartureDetail(
        id=departure.id,
        trip_id=trip.id,
        title=trip.title,
        vendor_id=trip.vendor_id,
        day=departure.local_day,
        zone=departure.zone,
        starts_at=departure.starts_at,
        ends_at=departure.ends_at,
        capacity=departure.capacity,
        state=departure.state,
        stop_reason=departure.stop_reason,
        edit=edit_of(departure),
        plan_name="" if plan is None else plan.name,
        series_id=departure.series_id,
        standing=standing,
    )


def edit_of(departure: Departure) -> DepartureEdit:
    """A departure as the form that would save it so."""
    return DepartureEdit(
        time.fromisoformat(departure.local_time),
        departure.starts_at - departure.cutoff_at,
        departure.note,
        departure.plan_id,
        departure.release_days,
    )


def series_draft(series: Series) -> SeriesDraft:
    """A series as the form that would save it so."""
    return SeriesDraft(
        weekdays=frozenset(int(digit) for digit in series.weekdays),
        at=time.fromisoformat(series.local_time),
        first_day=series.first_day,
        last_day=series.last_day,
        capacity=series.capacity,
        cutoff=timedelta(minutes=series.cutoff_min),
        plan_id=series.plan_id,
        except_days=frozenset(date.fromisoformat(day) for day in series.except_days),
        zone=series.zone,
    )
