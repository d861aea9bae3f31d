"""Making and changing series within the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.series import Day, DayKind
from travellr_desktop.domain.series import plan as plan_days
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput
from travellr_desktop.events import Change
from travellr_desktop.services import removing
from travellr_desktop.services.catalogue import counted, departure_told, difference, join, told
from travellr_desktop.services.departure_making import (
    SOLD,
    Plans,
    change_seats,
    check_capacity,
    check_cutoff,
    make_departure,
    times,
)
from travellr_desktop.services.seat_granting import grant_plan
from travellr_desktop.services.timetable_drafts import (
    KeptDay,
    SeriesDraft,
    SeriesOutcome,
    SeriesPreview,
    SeriesView,
    series_draft,
)
from travellr_desktop.storage.models import Departure, Series, Trip
from travellr_desktop.storage.repositories.timetable import Standing, TimetableRepository
from travellr_desktop.storage.uow import Reading, UnitOfWork

_MADE = (DayKind.MADE, DayKind.DOUBLED)


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be done: days to make, departures to change and to remove."""

    preview: SeriesPreview
    make: tuple[Day, ...]
    change: tuple[Departure, ...]
    remove: tuple[Departure, ...]
    standing: dict[UUID, Standing]


def plan(
    view: Reading,
    trip: Trip,
    draft: SeriesDraft,
    series_id: UUID | None = None,
) -> Planned:
    """What a series makes; of one that is there, what its change does. Raises `InvalidInput` naming the field,
    `NotFound` for the plan."""
    timetable = TimetableRepository(view.session)
    now, desk_id = view.clock.now(), view.agency.this_desk().id
    check_capacity(draft.capacity)
    check_cutoff(draft.cutoff)
    Plans(timetable, trip.vendor_id).check(draft.plan_id, draft.capacity)
    rule = draft.rule(trip.zone)
    at = f"{rule.at:%H:%M}"
    taken = timetable.taken_times(trip.id, rule.first_day, rule.last_day)
    others = {
        day for (day, when), series in taken.items() if when == at and (series != series_id or series is None)
    }
    days = plan_days(rule, now, others)
    wanted = {day.day: day for day in days if day.kind in _MADE}

    own = timetable.departures_of_series(series_id, now) if series_id is not None else []
    own = [each for each in own if each.state in SOLD]
    standing = timetable.standing([departure.id for departure in own], desk_id)
    kept, change, remove = [], [], []
    for departure in own:
        stands = departure.local_day in wanted
        if not standing[departure.id].untouched:
            if not stands or _differs(departure, draft, rule.zone):
                kept.append(KeptDay(departure.id, departure.local_day, _why(standing[departure.id])))
        elif not stands:
            remove.append(departure)
        elif _differs(departure, draft, rule.zone):
            change.append(departure)
    occupied = {departure.local_day for departure in own if departure not in remove}
    shown = tuple(
        replace(day, kind=DayKind.THERE, starts_at=None, words=day.words or "It is there.")
        if day.day in occupied and day.kind in _MADE
        else day
        for day in days
    )
    preview = SeriesPreview(shown, rule.never(), len(change), len(remove), tuple(kept))
    make = tuple(day for day in shown if day.kind in _MADE)
    return Planned(preview, make, tuple(change), tuple(remove), standing)


def add(work: UnitOfWork, trip: Trip, draft: SeriesDraft) -> SeriesOutcome:
    """Raises `InvalidInput` naming the field, also where no departure would be made."""
    desk_id = work.agency.this_desk().id
    planned = plan(work, trip, draft)
    if not planned.make:
        raise InvalidInput(
            "This series makes no departure.",
            hint="Choose other days: the preview says what is wrong with each.",
            field="weekdays",
        )
    series = Series(id=new_id(), trip_id=trip.id, created_at=work.now, **_columns(draft, trip))
    work.session.add(series)
    work.session.flush()
    made = _make(work, trip, series, draft, planned.make, desk_id)
    work.audit("series.create", "series", series.id, departures=len(made), **_told(draft))
    told(work, "series", series.id, Change.CREATED)
    return SeriesOutcome(series.id, made, planned.preview)


def change(
    work: UnitOfWork, series_id: UUID, draft: SeriesDraft, before: SeriesDraft | None = None
) -> SeriesOutcome:
    """Raises `InvalidInput` naming the field, `ChangedMeanwhile`, `NotFound`."""
    timetable = TimetableRepository(work.session)
    series = timetable.series(series_id)
    earlier = series_draft(series)
    if before is not None and earlier != before:
        raise ChangedMeanwhile("Somebody else changed this series in the meantime.")
    trip = work.trips.get(series.trip_id)
    desk_id = work.agency.this_desk().id
    planned = plan(work, trip, draft, series_id)
    removing.departures(work, planned.remove, {trip.id: trip})
    for departure in planned.change:
        _change(work, departure, trip, draft, desk_id, planned.standing[departure.id])
    for name, value in _columns(draft, trip).items():
        setattr(series, name, value)
    work.session.flush()
    made = _make(work, trip, series, draft, planned.make, desk_id)
    work.audit(
        "series.update",
        "series",
        series.id,
        made=len(made),
        changed=len(planned.change),
        removed=len(planned.remove),
        kept=len(planned.preview.kept),
        **difference(_told(earlier), _told(draft)),
    )
    told(work, "series", series.id, Change.UPDATED)
    return SeriesOutcome(series.id, made, planned.preview)


def except_days(
    work: UnitOfWork, series_id: UUID, leave_out: frozenset[date], take_back: frozenset[date]
) -> SeriesOutcome:
    """Raises `InvalidInput` for a day that is none of the series, `NotFound`."""
    earlier = series_draft(TimetableRepository(work.session).series(series_id))
    strange = sorted(leave_out - set(earlier.rule("").days())) if leave_out else []
    if strange:
        days = join([f"{day:%a %d %b %Y}" for day in strange[:5]])
        raise InvalidInput(f"{days} is not in this series.", hint="Choose its own days.", field="except_days")
    return change(work, series_id, replace(earlier, except_days=earlier.except_days - take_back | leave_out))


def view_of(timetable: TimetableRepository, series: Series, desk_id: UUID, now: datetime) -> SeriesView:
    departures = timetable.departures_of_series(series.id)
    to_come = [each for each in departures if each.starts_at > now and each.state in SOLD]
    standing = timetable.standing([each.id for each in to_come], desk_id)
    touched = sum(not each.untouched for each in standing.values())
    return SeriesView(series.id, series.trip_id, series_draft(series), len(departures), len(to_come), touched)


def _make(
    work: UnitOfWork, trip: Trip, series: Series, draft: SeriesDraft, days: Iterable[Day], desk_id: UUID
) -> tuple[UUID, ...]:
    plans = Plans(TimetableRepository(work.session), trip.vendor_id)
    made = tuple(
        make_departure(work, trip, desk_id, draft.departure(day.day, series.zone), plans, series.id).id
        for day in days
    )
    work.session.flush()
    return made


def _change(
    work: UnitOfWork, departure: Departure, trip: Trip, draft: SeriesDraft, desk_id: UUID, standing: Standing
) -> None:
    wanted = draft.departure(departure.local_day, draft.zone or trip.zone)
    zone = wanted.zone or trip.zone
    starts_at, ends_at = times(wanted, zone, departure.ends_at - departure.starts_at)
    departure.starts_at, departure.ends_at, departure.zone = starts_at, ends_at, zone
    departure.cutoff_at = starts_at - draft.cutoff
    departure.local_time = f"{draft.at:%H:%M}"
    if departure.plan_id != draft.plan_id:
        departure.plan_id = draft.plan_id
        grant_plan(work, departure)
    change_seats(work, departure, desk_id, draft.capacity, standing)
    departure_told(work, departure, trip)


def _differs(departure: Departure, draft: SeriesDraft, zone: str) -> bool:
    return (
        departure.local_time,
        departure.zone,
        departure.capacity,
        departure.starts_at - departure.cutoff_at,
        departure.plan_id,
    ) != (f"{draft.at:%H:%M}", zone, draft.capacity, draft.cutoff, draft.plan_id)


def _why(standing: Standing) -> str:
    parts = [
        counted(count, one, many)
        for count, one, many in (
            (standing.bookings, "booking", ""),
            (standing.holds if not standing.bookings else 0, "hold", ""),
            (standing.waiting, "person on the waiting list", "people on the waiting list"),
            (standing.allowances, "overbooking", ""),
        )
        if count
    ]
    return f"It has {join(parts)}: it stays as it is." if parts else "Other desks sell it: it stays as it is."


def _columns(draft: SeriesDraft, trip: Trip) -> dict[str, Any]:
    return {
        "weekdays": "".join(str(day) for day in sorted(draft.weekdays)),
        "local_time": f"{draft.at:%H:%M}",
        "first_day": draft.first_day,
        "last_day": draft.last_day,
        "zone": draft.zone or trip.zone,
        "capacity": draft.capacity,
        "cutoff_min": draft.cutoff // timedelta(minutes=1),
        "plan_id": draft.plan_id,
        "except_days": [day.isoformat() for day in sorted(draft.except_days)],
    }


def _told(draft: SeriesDraft) -> dict[str, Any]:
    return {
        "weekdays": "".join(str(day) for day in sorted(draft.weekdays)),
        "at": f"{draft.at:%H:%M}",
        "first_day": draft.first_day.isoformat(),
        "last_day": draft.last_day.isoformat(),
        "capacity": draft.capacity,
        "cutoff": draft.cutoff // timedelta(minutes=1),
        "except_days": [day.isoformat() for day in sorted(draft.except_days)],
    }
