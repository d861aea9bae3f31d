"""Numbered seats of one desk among several, within the caller's transaction. A desk that belongs to no hub sells all of
a plan, and nothing is written of it."""

from __future__ import annotations

from collections.abc import Mapping

from travellr_desktop.domain.seating import Layout
from travellr_desktop.storage.models import Departure
from travellr_desktop.storage.uow import Reading, UnitOfWork

NOBODYS = "not granted to this desk"


def elsewhere(reading: Reading, departure: Departure, layout: Layout) -> Mapping[str, str]:
    """The seats of a plan that this desk may not sell, and words about whose they are."""
    ours = reading.seats.ours(departure.id)
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
