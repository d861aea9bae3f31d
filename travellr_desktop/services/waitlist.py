"""The waiting list, within the caller's transaction: freed seats are offered to those who wait, in order.

The order is that of joining. Somebody is passed over only while fewer seats are free than they need, so nobody is
offered seats while one who came earlier, and whom they would do, still waits. An offer is a hold, kept for the hours
that the agency gives and never beyond the departure's cut-off.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from travellr_desktop.domain.states import (
    DepartureState,
    HoldKind,
    HoldState,
    WaitingState,
    advance,
)
from travellr_desktop.events import WaitingChanged
from travellr_desktop.services import seating
from travellr_desktop.services.posting import hold_changed
from travellr_desktop.storage.models import Departure, Hold, WaitingEntry
from travellr_desktop.storage.repositories.oversold import OversoldRepository
from travellr_desktop.storage.uow import UnitOfWork

_ENDS = {
    HoldState.CONSUMED: WaitingState.TAKEN,
    HoldState.RELEASED: WaitingState.LAPSED,
    HoldState.EXPIRED: WaitingState.LAPSED,
}


def freed(work: UnitOfWork, departure_id: UUID) -> None:
    """Seats of a departure may have come free: offer them to those who wait at this desk. Called after every change
    that frees a seat.

    What is free is what this desk's grant has left. Nothing is offered of a departure that is not sold now,
    or whose trip is offered no more."""
    waiting = work.waiting.waiting(departure_id, at_this_desk=True)
    if not waiting:
        return
    departure = work.departures.get(departure_id)
    if departure.state is not DepartureState.OPEN or departure.cutoff_at <= work.now:
        return
    if not work.trips.get(departure.trip_id).active:
        return
    grant_id, left = _left(work, departure_id)
    if grant_id is None:
        return
    for entry in waiting:
        if entry.seats <= left:
            _offer(work, entry, departure, grant_id)
            left -= entry.seats


def hold_ended(work: UnitOfWork, hold: Hold) -> None:
    """A hold was consumed, released or has expired: where it was an offer, its entry on the list ends too.

    Costs nothing for a hold of nobody by name, as those of a basket are."""
    if hold.traveller_id is None or hold.state not in _ENDS:
        return
    entry = work.waiting.of_hold(hold.id)
    if entry is not None and entry.state is WaitingState.OFFERED:
        end(work, entry, _ENDS[hold.state])


def end(work: UnitOfWork, entry: WaitingEntry, state: WaitingState) -> None:
    """Somebody does not wait any more."""
    entry.state = advance(entry.state, state)
    entry.ended_at = work.now
    work.waiting.update(entry)
    work.publish(changed(work, entry))


def changed(work: UnitOfWork, entry: WaitingEntry) -> WaitingChanged:
    return WaitingChanged(
        aggregate_id=entry.id,
        timestamp=work.now,
        departure_id=entry.departure_id,
        state=entry.state,
        hold_id=entry.hold_id,
    )


def _left(work: UnitOfWork, departure_id: UUID) -> tuple[UUID | None, int]:
    """This desk's grant and what it has left, as the triggers have counted it by now, without what has to be given back
    of a departure that was sold beyond what it has."""
    work.flush()
    grant = work.departures.grant(departure_id, work.desk_id)
    if grant is None:
        return None, 0
    left = work.departures.free(departure_id, work.desk_id)
    return grant.id, left - OversoldRepository(work.connection).beyond(departure_id)


def _offer(work: UnitOfWork, entry: WaitingEntry, departure: Departure, grant_id: UUID) -> None:
    hours = work.agency.get().offer_hours
    hold = Hold(
        departure_id=departure.id,
        grant_id=grant_id,
        seats=entry.seats,
        party=entry.party,
        state=HoldState.ACTIVE,
        expires_at=min(work.now + timedelta(hours=hours), departure.cutoff_at),
        created_at=work.now,
        created_by=None,  # it is in nobody's basket
        kind=HoldKind.OFFER,
        traveller_id=entry.traveller_id,
        note=entry.note,
    )
    work.holds.save(hold)
    seating.take(work, hold, departure)
    entry.state = advance(entry.state, WaitingState.OFFERED)
    entry.hold_id, entry.offered_at = hold.id, work.now
    work.waiting.update(entry)
    work.publish(hold_changed(hold, work.now))
    work.publish(changed(work, entry))
    work.audit("waiting.offer", "waiting_list", entry.id, hold=str(hold.id), seats=hold.seats)
