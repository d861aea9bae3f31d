"""Sales and bookings."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from travellr_desktop.domain.states import BookingState
from travellr_desktop.storage.models import Booking, Sale
from travellr_desktop.storage.repositories.base import MOST, Repository

_WHOLE = (
    selectinload(Booking.lines),
    selectinload(Booking.trip),
    selectinload(Booking.vendor),
    selectinload(Booking.traveller),
    selectinload(Booking.departure),
    selectinload(Booking.hold),
)


class SaleRepository(Repository[Sale]):
    """Whole: with traveller, seller and bookings, each with all it has but the sale."""

    model = Sale
    word = "sale"
    whole = (
        selectinload(Sale.traveller),
        selectinload(Sale.seller),
        selectinload(Sale.bookings).options(*_WHOLE),
    )


class BookingRepository(Repository[Booking]):
    """Whole: with lines, trip, vendor, traveller, departure, hold, and the sale with its seller."""

    model = Booking
    word = "booking"
    whole = (*_WHOLE, selectinload(Booking.sale).selectinload(Sale.seller))

    def find_many(self, booking_ids: Sequence[UUID]) -> Sequence[Booking]:
        """Bookings, each whole, in the order in which they were made."""
        return self.session.scalars(
            select(Booking)
            .where(Booking.id.in_(booking_ids))
            .options(*_WHOLE, selectinload(Booking.sale))
            .order_by(Booking.id)
        ).all()

    def find_by_user_id(
        self, traveller_id: UUID, page: int = 1, limit: int = 50
    ) -> tuple[Sequence[Booking], int]:
        """A traveller's bookings, newest first."""
        return self._page(select(Booking).where(Booking.traveller_id == traveller_id), page, limit)

    def find_by_vendor_id(
        self, vendor_id: UUID, page: int = 1, limit: int = 50
    ) -> tuple[Sequence[Booking], int]:
        """Bookings of a vendor's departures, newest first."""
        return self._page(select(Booking).where(Booking.vendor_id == vendor_id), page, limit)

    def _page(self, query: Select[Booking], page: int, limit: int) -> tuple[Sequence[Booking], int]:
        limit = min(limit, MOST)
        total = self.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        query = query.order_by(Booking.id.desc()).offset((page - 1) * limit).limit(limit).options(*_WHOLE)
        return self.session.scalars(query).all(), total

    def sit_down(self, booking: Booking) -> bool:
        """Have the booking's lines take their seats of the grant; False, and nothing changed, if they are gone."""
        try:
            with self.session.begin_nested():
                for line in booking.lines:
                    line.occupies = line.takes_seat and line.ended_at is None
                self.session.flush()
        except IntegrityError as error:
            if "not_oversold" not in str(error.orig):
                raise
            for line in booking.lines:
                self.session.refresh(line)
            return False
        return True

    def count_by_status(self) -> dict[BookingState, int]:
        """How many bookings are in each state; a state that has none is there with 0."""
        found = {
            row[0]: row[1]
            for row in self.session.execute(select(Booking.state, func.count()).group_by(Booking.state))
        }
        return {state: found.get(state, 0) for state in BookingState}

    def confirmed_on(self, departure_id: UUID) -> Sequence[Booking]:
        """The confirmed bookings of a departure, each whole."""
        return self.session.scalars(
            select(Booking)
            .where(Booking.departure_id == departure_id, Booking.state == BookingState.CONFIRMED)
            .options(*_WHOLE)
            .order_by(Booking.id)
        ).all()
