"""One booking: everything about it on one page, and how it ends when the trip has been."""

from __future__ import annotations

from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Permission, require, require_own
from travellr_desktop.domain.states import BookingState, DepartureState, advance
from travellr_desktop.errors import WrongState
from travellr_desktop.events import BookingCompleted, DepartureChanged
from travellr_desktop.services import giving_back, posting
from travellr_desktop.services.booking_reading import booking_detail
from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Booking
from travellr_desktop.storage.uow import Database, UnitOfWork


class BookingService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def detail(self, actor: Actor, booking_id: UUID) -> BookingDetail:
        """Raises `NotFound`, also for another vendor's booking."""
        require(actor, Permission.BOOKING_READ)
        with self._db.read() as view:
            booking = view.bookings.get_full(booking_id)
            require_own(actor, booking.vendor_id, "booking")
            return booking_detail(view, booking, actor)

    def count_by_status(self, actor: Actor) -> dict[BookingState, int]:
        require(actor, Permission.ADMIN_BOOKINGS)
        with self._db.read() as view:
            return view.bookings.count_by_status()

    def complete(self, actor: Actor, departure_id: UUID) -> int:
        """The departure has been: its confirmed bookings are completed and earned. Returns how many.

        Once done it can be completed again for a booking that was paid since. Raises `WrongState` before it has
        ended, or when nothing is left to do; `NotFound`."""
        require(actor, Permission.DEPARTURE_COMPLETE)
        with self._db.write(Commit.BOOKING_COMPLETE, actor) as work:
            departure = work.departures.get(departure_id)
            if departure.ends_at > work.now:
                raise WrongState("The trip is not over yet.", hint="Complete it when it has ended.")
            bookings = work.bookings.confirmed_on(departure_id)
            if departure.state is not DepartureState.DONE:
                departure.state = advance(departure.state, DepartureState.DONE)
            elif not bookings:
                raise WrongState("The departure is done, and nobody on it is left to complete.")
            paid = giving_back.left(work, bookings)
            for booking in bookings:
                end(work, booking, paid[booking.id], BookingState.COMPLETED)
            work.departures.update(departure)
            trip = work.trips.get(departure.trip_id)
            work.audit("departure.complete", "departure", departure_id, bookings=len(bookings))
            work.publish(
                DepartureChanged(
                    aggregate_id=departure_id,
                    timestamp=work.now,
                    trip_id=trip.id,
                    vendor_id=trip.vendor_id,
                    state=departure.state,
                )
            )
            work.commit()
        return len(bookings)

    def no_show(self, actor: Actor, booking_id: UUID) -> None:
        """The traveller did not come: the price is earned all the same. Raises `WrongState` before the departure
        has left, or where the booking is not confirmed; `NotFound`."""
        require(actor, Permission.DEPARTURE_COMPLETE)
        with self._db.write(Commit.BOOKING_NO_SHOW, actor) as work:
            booking = work.bookings.get_full(booking_id)
            if booking.departure.starts_at > work.now:
                raise WrongState("It has not left yet.", hint="Nobody is late before the departure.")
            if booking.state is not BookingState.CONFIRMED:
                raise WrongState(f"{booking.reference} is not confirmed: nobody is expected.")
            paid = giving_back.left(work, (booking,))[booking.id]
            end(work, booking, paid, BookingState.NO_SHOW)
            work.audit("booking.no_show", "booking", booking.id)
            work.commit()


def end(work: UnitOfWork, booking: Booking, paid: int, state: BookingState) -> None:
    """The trip of a confirmed booking has been, or left without its travellers (`state` COMPLETED or NO_SHOW): it is
    earned either way. `paid` as `giving_back.left` has it. Within the caller's transaction."""
    event = LedgerEvent.NO_SHOW if state is BookingState.NO_SHOW else LedgerEvent.TRIP_DONE
    booking.state = advance(booking.state, state)
    booking.ended_at = work.now
    work.bookings.update(booking)
    posting.post(
        work,
        ledger.done_entries(
            event,
            price=Money(booking.price, booking.currency),
            paid=Money(min(paid, booking.price), booking.currency),
            commission_bps=booking.commission_bps,
            booking_id=booking.id,
            vendor_id=booking.vendor_id,
            available_at=posting.available_at(booking),
            own=giving_back.own_discount(booking),
        ),
    )
    work.publish(
        BookingCompleted(
            aggregate_id=booking.id,
            timestamp=work.now,
            reference=booking.reference,
            departure_id=booking.departure_id,
            vendor_id=booking.vendor_id,
            no_show=state is BookingState.NO_SHOW,
        )
    )
