"""Departures: found by trip, day and time."""

from __future__ import annotations

from datetime import date, time, timedelta

from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services import waitlist
from travellr_desktop.services.catalogue import departure_told, difference
from travellr_desktop.services.departure_making import (
    Plans,
    change_seats,
    check_cutoff,
    make_departure,
    refuse_over,
)
from travellr_desktop.services.importing import values
from travellr_desktop.services.importing.batch import Batch, Row
from travellr_desktop.services.timetable_drafts import DepartureDraft
from travellr_desktop.storage.models import Departure, Trip
from travellr_desktop.storage.repositories.imports import ImportQueries
from travellr_desktop.storage.repositories.timetable import TimetableRepository

_LATER, _NOON = date.max, time(12)
_CUTOFF = timedelta(minutes=30)


def take(batch: Batch) -> None:
    """Bring the rows of a batch in."""
    work = batch.work
    queries, timetable = ImportQueries(work.session), TimetableRepository(work.session)
    desk_id = work.agency.this_desk().id
    trips: dict[str, Trip | None] = {}
    seen = set()
    for row in batch.good():
        row.need("trip", "day", "at", "capacity")
        trip = _trip(row, queries, trips)
        draft = _draft(row)
        if trip is None or row.faults:
            continue
        key = (trip.id, draft.day, draft.at)
        if key in seen:
            row.note("at", "The same departure stands further up in this file.", "Keep one of the rows.")
            continue
        seen.add(key)
        try:
            there = queries.departure(trip.id, draft.day, f"{draft.at:%H:%M}")
            if there is None:
                plans = Plans(timetable, trip.vendor_id)
                batch.made.append(make_departure(work, trip, desk_id, draft, plans).id)
            elif batch.update and _change(batch, row, trip, there, draft):
                batch.changed += 1
            else:
                batch.same += 1
        except Refusal as refusal:
            row.fault({"time": "at"}.get(refusal.field or "", refusal.field or "day"), refusal)
    work.session.flush()


def _trip(row: Row, queries: ImportQueries, known: dict[str, Trip | None]) -> Trip | None:
    name = row.text("trip")
    try:
        trip = known[name] if name in known else queries.trip(name.upper(), name)
    except InvalidInput as refusal:
        row.fault("trip", refusal)
        return None
    known[name] = trip
    if trip is None and name:
        row.note("trip", "There is no trip of this code or title.", "Bring the trips in first.")
    return trip


def _draft(row: Row) -> DepartureDraft:
    return DepartureDraft(
        day=row.read("day", values.day, _LATER),
        at=row.read("at", values.clock, _NOON),
        capacity=row.read("capacity", values.whole, 0),
        cutoff=row.read("cutoff", values.span, _CUTOFF),
        zone=row.text("zone") or None,
        note=row.text("note"),
    )


def _change(batch: Batch, row: Row, trip: Trip, there: Departure, draft: DepartureDraft) -> bool:
    """Seats, cut-off and note of a departure that is there; whether anything differed."""
    work, had = batch.work, there.capacity
    cutoff_at = there.starts_at - draft.cutoff if row.given("cutoff") else there.cutoff_at
    note = clean_line(draft.note, "note", 500) if row.given("note") else there.note
    before = {"capacity": had, "cutoff_at": there.cutoff_at, "note": there.note}
    after = {"capacity": draft.capacity, "cutoff_at": cutoff_at, "note": note}
    if before == after:
        return False
    refuse_over(there, work.now)
    check_cutoff(draft.cutoff)
    if draft.capacity != had:
        desk_id, timetable = work.agency.this_desk().id, TimetableRepository(work.session)
        Plans(timetable, trip.vendor_id).check(there.plan_id, draft.capacity)
        standing = timetable.standing([there.id], desk_id)[there.id]
        change_seats(work, there, desk_id, draft.capacity, standing)
    there.cutoff_at, there.note = cutoff_at, note
    work.departures.update(there)
    work.audit("departure.update", "departure", there.id, **difference(before, after), by="import")
    departure_told(work, there, trip)
    if draft.capacity > had:
        waitlist.freed(work, there.id)
    return True
