"""Departures that were sold beyond what they have: a desk that was written off had sold its seats all the same.

The sales stand. What makes them good goes the ways there are: a booking is moved or cancelled, the departure is given
more seats, or a desk has some that it did not sell. Whatever comes free of such a departure is given back before
anybody is sold it anew; once it has the seats for all that was sold, it waits for nobody any more."""

from __future__ import annotations

from uuid import UUID

from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, WrongState
from travellr_desktop.services.catalogue import departure_told, difference
from travellr_desktop.services.departure_making import check_capacity, refuse_over
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Allowance
from travellr_desktop.storage.repositories.oversold import OversoldRepository
from travellr_desktop.storage.uow import Database, UnitOfWork

REASON_LENGTH = 500
UNSOLD = "Seats that came free are not sold anew."


def give_back(database: Database) -> int:
    """Give back what this desk has free of departures that were sold beyond what they have. Returns of how many. The
    program's own doing; nothing at a desk by itself."""
    with database.read() as view:
        departures = OversoldRepository(view.connection).to_give(view.clock.now())
    return sum(_give_back(database, departure_id) > 0 for departure_id in departures)


def _give_back(database: Database, departure_id: UUID) -> int:
    with database.write(Commit.SEATS_LET_GO, SYSTEM) as work:
        grant = work.departures.grant(departure_id, work.desk_id)
        beyond = OversoldRepository(work.connection).beyond(departure_id)
        given = 0 if grant is None else min(beyond, grant.seats - grant.taken)
        if grant is None or given <= 0:
            return 0
        departure = work.departures.get(departure_id)
        grant.seats -= given
        work.session.flush()  # the grant first: an allowance that is in use stays
        if departure.plan_id is not None:
            work.seats.let_grants_go(departure_id, work.desk_id, given)
        _make_good(work, departure_id, given, UNSOLD)
        departure_told(work, departure, work.trips.get(departure.trip_id))
        work.commit()
    return given


def add_seats(database: Database, actor: Actor, departure_id: UUID, seats: int, reason: str) -> int:
    """Give a departure so many seats more, for those who were sold beyond what it had; nobody else is sold them.
    Returns the capacity that it has then.

    Raises `InvalidInput` naming `seats` or `reason`, `WrongState` where it has left, seats are numbered, or it needs
    no more than it has; `NotFound`."""
    require(actor, Permission.CATALOGUE_WRITE)
    words = clean_line(reason, "reason", REASON_LENGTH)
    with database.write(Commit.CATALOGUE_SAVE, actor) as work:
        departure = work.departures.get(departure_id)
        refuse_over(departure, work.now)
        beyond = OversoldRepository(work.connection).beyond(departure_id)
        if not beyond:
            raise WrongState(
                "It has seats for all that was sold by now.", hint="There is nothing more to do."
            )
        if departure.plan_id is not None:
            raise WrongState(
                "Its seats are numbered: there is no seat to sit on.", hint="Move or cancel a booking."
            )
        if not 1 <= seats <= beyond:
            raise InvalidInput(
                f"{beyond} are lacking." if beyond > 1 else "One is lacking.",
                hint="More than that are given on the screen of departures.",
                field="seats",
            )
        check_capacity(departure.capacity + seats)
        had, departure.capacity = departure.capacity, departure.capacity + seats
        work.departures.update(departure)
        work.session.flush()  # the seats first: what was allowed for them is given back after that
        _make_good(work, departure_id, seats, words)
        changes = difference({"capacity": had}, {"capacity": departure.capacity})
        work.audit("departure.capacity", "departure", departure_id, reason=words, **changes)
        departure_told(work, departure, work.trips.get(departure.trip_id))
        has = departure.capacity
        work.commit()
    return has


def _make_good(work: UnitOfWork, departure_id: UUID, seats: int, reason: str) -> None:
    """Of nobody's name, as what it answers."""
    work.session.add(
        Allowance(
            departure_id=departure_id,
            desk_id=work.desk_id,
            seats=-seats,
            reason=reason,
            created_at=work.now,
            created_by=None,
        )
    )
    work.session.flush()
