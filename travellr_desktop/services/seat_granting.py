"""Numbered seats of one desk among several, within the caller's transaction. A desk that belongs to no hub sells all of
a plan, and nothing is written of it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from travellr_desktop.domain.seating import Layout
from travellr_desktop.storage.models import Departure, SeatGrant
from travellr_desktop.storage.uow import Reading, UnitOfWork

NOBODYS = "not granted to this desk"


def elsewhere(reading: Reading, departure: Departure, layout: Layout) -> Mapping[str, str]:
    """The seats of a plan that this desk may not sell, and words about whose they are."""
    ours = None if reading.of_vendor else reading.seats.ours(departure.id)
    if ours is None:
        return {}
    owners = reading.seats.owners(departure.id)
    return {
        seat.label: f"desk {owners[seat.label]}" if seat.label in owners else NOBODYS
        for seat in layout.seats
        if seat.label not in ours
    }


def grant_plan(work: UnitOfWork, departure: Departure) -> None:
    """All seats of the plan that a departure has now are this desk's: it was made here, or given the plan, and nobody
    has any of its seats."""
    if work.seats.ours(departure.id) is None:
        return
    work.session.flush()
    work.seats.take_grants_away(departure.id)
    if departure.plan_id is not None:
        layout = Layout.from_json(work.seats.get(departure.plan_id).layout)
        work.seats.grant(
            departure.id, work.desk_id, [seat.label for seat in layout.seats if not seat.blocked]
        )


def grant_plans(work: UnitOfWork) -> int:
    """A desk that was alone has all seats of the plans of departures to come, and says so, before others come to its
    hub. Returns of how many departures something was written."""
    plans: dict[UUID, list[str]] = {}
    there = work.seats.numbered_to_come(work.now)
    granted: dict[UUID, dict[str, SeatGrant]] = {departure_id: {} for departure_id, _plan in there}
    for row in work.seats.granted(list(granted)):
        granted[row.departure_id][row.label] = row
    written = 0
    for departure_id, plan_id in there:
        if plan_id not in plans:
            layout = Layout.from_json(work.seats.get(plan_id).layout)
            plans[plan_id] = [seat.label for seat in layout.seats if not seat.blocked]
        had = granted[departure_id]
        missing = [label for label in plans[plan_id] if label not in had]
        strange = [row for label, row in had.items() if label not in plans[plan_id]]
        for row in strange:  # of a plan that it had before
            work.session.delete(row)
        work.seats.grant(departure_id, work.desk_id, missing)
        written += bool(missing or strange)
    work.session.flush()
    return written
