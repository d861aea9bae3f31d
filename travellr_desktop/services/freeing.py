"""How seats come free, within the caller's transaction: every hold that ends and every line that gets up comes
through here, so that numbered seats and those who wait are never forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from travellr_desktop.domain.states import HoldState, advance
from travellr_desktop.services import seating, waitlist
from travellr_desktop.services.posting import hold_changed
from travellr_desktop.storage.models import Booking, BookingLine, Hold
from travellr_desktop.storage.uow import UnitOfWork


def end_holds(work: UnitOfWork, holds: Sequence[Hold], to: HoldState) -> None:
    """Give back the seats of holds that are still active, all of them before any is offered to somebody else.
    They end as `to`: released or expired."""
    offer(work, let_go(work, holds, to))


def end_bookings(
    work: UnitOfWork, bookings: Sequence[Booking], to: HoldState, beside: Sequence[Hold] = ()
) -> None:
    """The same with bookings, read whole: their lines get up, and holds that are still active end as `to`; so do the
    holds `beside` them."""
    lines = [line for booking in bookings for line in booking.lines if line.occupies]
    departures = {booking.departure_id for booking in bookings}
    get_up(work, lines)
    holds = [*beside, *(booking.hold for booking in bookings if booking.hold is not None)]
    offer(work, departures | let_go(work, holds, to))


def get_up(work: UnitOfWork, lines: Sequence[BookingLine]) -> None:
    """Lines that sit leave their seats. The caller offers those to others: see `offer`."""
    for line in lines:
        line.occupies = False
    work.session.flush()
    if lines:
        seating.give_up(work, line_ids=[line.id for line in lines])


def offer(work: UnitOfWork, departures: set[UUID]) -> None:
    """Seats of these departures came free: they go to those who wait."""
    for departure_id in sorted(departures):
        waitlist.freed(work, departure_id)


def consume(work: UnitOfWork, hold: Hold) -> None:
    """The seats of a hold are sold: it stops counting before its lines begin to, so that none counts twice."""
    hold.state = advance(hold.state, HoldState.CONSUMED)
    work.holds.update(hold)
    waitlist.hold_ended(work, hold)
    work.publish(hold_changed(hold, work.now))


def let_go(work: UnitOfWork, holds: Sequence[Hold], to: HoldState) -> set[UUID]:
    """End holds that are still active. The caller offers the seats of the departures that are returned, once it has
    taken what it needs of them itself: see `offer`."""
    ended = [hold for hold in holds if hold.state is HoldState.ACTIVE]
    for hold in ended:
        hold.state = advance(hold.state, to)
        work.publish(hold_changed(hold, work.now))
    work.session.flush()
    for hold in ended:
        seating.give_up(work, hold_id=hold.id)
        waitlist.hold_ended(work, hold)
    return {hold.departure_id for hold in ended}
