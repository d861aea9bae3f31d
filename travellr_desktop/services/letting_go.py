"""Seats of this desk that another one lacks: what is free of them is let go, and the central database gives it on."""

from __future__ import annotations

from uuid import UUID

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services.catalogue import departure_told
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database


def let_go(database: Database, departure_id: UUID, seats: int) -> int:
    """Lower this desk's grant by at most so many seats that nobody has taken or held; of numbered ones the last on the
    plan. Returns how many. None of a departure that is not here."""
    with database.read() as view:
        grant = view.departures.grant(departure_id, view.agency.this_desk().id)
        if grant is None or grant.taken >= grant.seats:
            return 0  # the usual case takes no lock
    with database.write(Commit.SEATS_LET_GO, SYSTEM) as work:
        grant = work.departures.grant(departure_id, work.desk_id)
        given = 0 if grant is None else min(seats, grant.seats - grant.taken)
        if grant is None or given <= 0:
            return 0
        departure = work.departures.get(departure_id)
        grant.seats -= given
        if departure.plan_id is not None:
            work.seats.let_grants_go(departure_id, work.desk_id, given)
        departure_told(work, departure, work.trips.get(departure.trip_id))
        work.commit()
    return given
