"""Who is on a departure, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from travellr_desktop.domain.states import BookingState, DepartureState
from travellr_desktop.storage.models import Booking, BookingLine, Departure, Note, Seat, Trip


class ManifestRepository:
    """Reads bookings of one departure with all that a manifest says of them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def departure(self, departure_id: UUID) -> Departure | None:
        """The departure with its trip, and that with its vendor."""
        return self.session.scalar(
            select(Departure)
            .where(Departure.id == departure_id)
            .options(selectinload(Departure.trip).selectinload(Trip.vendor))
        )

    def bookings(self, departure_id: UUID) -> Sequence[Booking]:
        """The bookings of a departure that were not cancelled, by reference, with lines and traveller."""
        return self.session.scalars(
            select(Booking)
            .where(Booking.departure_id == departure_id, Booking.state != BookingState.CANCELLED)
            .options(selectinload(Booking.lines), selectinload(Booking.traveller))
            .order_by(Booking.reference)
        ).all()

    def seats(self, departure_id: UUID) -> dict[UUID, str]:
        """The label of each line that has a numbered seat."""
        query = select(Seat.line_id, Seat.label).where(
            Seat.departure_id == departure_id, Seat.line_id.is_not(None)
        )
        return {row[0]: row[1] for row in self.session.execute(query) if row[0] is not None}

    def notes(self, departure_id: UUID) -> dict[UUID, int]:
        """How many notes each booking of a departure has; without any it is not in it."""
        query = (
            select(Note.booking_id, func.count())
            .join(Booking, Booking.id == Note.booking_id)
            .where(Booking.departure_id == departure_id)
            .group_by(Note.booking_id)
        )
        return {row[0]: row[1] for row in self.session.execute(query) if row[0] is not None}

    def over(self, ended_by: datetime, limit: int) -> Sequence[UUID]:
        """Departures that ended by then and have bookings that are confirmed still, the first that ended first."""
        query = (
            select(Departure.id)
            .join(Booking, Booking.departure_id == Departure.id)
            .where(
                Booking.state == BookingState.CONFIRMED,
                Departure.ends_at <= ended_by,
                Departure.state != DepartureState.CANCELLED,
            )
            .group_by(Departure.id)
            .order_by(Departure.ends_at, Departure.id)
            .limit(limit)
        )
        return self.session.scalars(query).all()

    def lines(self, line_ids: Sequence[UUID]) -> Sequence[BookingLine]:
        """Lines with their booking, that with its departure; those that are there."""
        return self.session.scalars(
            select(BookingLine)
            .join(BookingLine.booking)
            .where(BookingLine.id.in_(line_ids))
            .options(contains_eager(BookingLine.booking).selectinload(Booking.departure))
            .order_by(BookingLine.booking_id, BookingLine.position)
        ).all()

    def by_code(self, *, reference: str = "", voucher_code: str = "") -> Booking | None:
        """The booking of a reference or voucher code, with its departure and trip; whatever its state."""
        query = select(Booking).options(selectinload(Booking.departure), selectinload(Booking.trip))
        if reference:
            return self.session.scalar(query.where(Booking.reference == reference))
        return self.session.scalar(query.where(Booking.voucher_code == voucher_code))
