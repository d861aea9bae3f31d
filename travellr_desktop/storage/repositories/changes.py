"""Promo codes, discounts, changes of bookings, notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from travellr_desktop.domain.states import AmendmentState, BookingState, DepartureState
from travellr_desktop.storage.models import (
    Amendment,
    Booking,
    Departure,
    Discount,
    Grant,
    Note,
    PromoCode,
    Trip,
)
from travellr_desktop.storage.repositories.base import MOST, Repository
from travellr_desktop.storage.repositories.free_seats import free


class PromoRepository(Repository[PromoCode]):
    model = PromoCode
    word = "promo code"

    def find_by_code(self, code: str) -> PromoCode | None:
        return self.session.scalar(select(PromoCode).where(PromoCode.code == code))

    def all_by_code(self) -> Sequence[PromoCode]:
        return self.session.scalars(select(PromoCode).order_by(PromoCode.code)).all()

    def trips(self) -> Sequence[tuple[UUID, str]]:
        """The trips that are sold, by title."""
        query = select(Trip.id, Trip.title).where(Trip.active).order_by(func.lower(Trip.title), Trip.id)
        return [(row[0], row[1]) for row in self.session.execute(query)]

    def uses(self, promo_ids: Sequence[UUID]) -> dict[UUID, int]:
        """How many sales have used each code; one whose bookings are all cancelled gave its use back."""
        query = (
            select(Discount.promo_id, func.count(Discount.sale_id.distinct()))
            .join(Booking, Booking.id == Discount.booking_id)
            .where(Discount.promo_id.in_(promo_ids), Booking.state != BookingState.CANCELLED)
            .group_by(Discount.promo_id)
        )
        found = {row[0]: row[1] for row in self.session.execute(query)}
        return {promo_id: found.get(promo_id, 0) for promo_id in promo_ids}


class DiscountRepository(Repository[Discount]):
    model = Discount
    word = "discount"

    def of_booking(self, booking_id: UUID) -> Sequence[Discount]:
        """The discounts of a booking in the order in which they were given."""
        return self.session.scalars(
            select(Discount).where(Discount.booking_id == booking_id).order_by(Discount.id)
        ).all()


class AmendmentRepository(Repository[Amendment]):
    model = Amendment
    word = "change"

    def of_booking(self, booking_id: UUID) -> Sequence[Amendment]:
        """The changes of a booking, oldest first."""
        return self.session.scalars(
            select(Amendment).where(Amendment.booking_id == booking_id).order_by(Amendment.id)
        ).all()

    def pending(self, booking_id: UUID) -> Amendment | None:
        """The change of a booking that waits for its payment, if there is one."""
        return self.session.scalar(
            select(Amendment)
            .where(Amendment.booking_id == booking_id, Amendment.state == AmendmentState.PENDING)
            .limit(1)
        )

    def destinations(
        self, vendor_id: UUID, first: date, last: date, desk_id: UUID, *, asks: bool = False
    ) -> Sequence[tuple[Departure, int]]:
        """A vendor's departures on these local days that were not cancelled, with the seats that a desk can
        have, by the day and time on their own clocks."""
        query = (
            select(Departure, free(asks=asks))
            .join(Trip, Trip.id == Departure.trip_id)
            .outerjoin(Grant, (Grant.departure_id == Departure.id) & (Grant.desk_id == desk_id))
            .where(Trip.vendor_id == vendor_id, Departure.local_day.between(first, last))
            .where(Departure.state.in_((DepartureState.OPEN, DepartureState.STOPPED)))
            .order_by(Departure.local_day, Departure.local_time, Departure.id)
            .limit(MOST)
        )
        return [(row[0], row[1]) for row in self.session.execute(query)]

    def waiting_for(self, payment_id: UUID) -> Sequence[Amendment]:
        """The changes that wait for a payment."""
        return self.session.scalars(
            select(Amendment)
            .where(Amendment.payment_id == payment_id, Amendment.state == AmendmentState.PENDING)
            .order_by(Amendment.id)
        ).all()


class NoteRepository(Repository[Note]):
    model = Note
    word = "note"

    def of_booking(self, booking_id: UUID) -> Sequence[Note]:
        """The notes of a booking, newest first."""
        return self.session.scalars(
            select(Note).where(Note.booking_id == booking_id).order_by(Note.id.desc())
        ).all()

    def of_traveller(self, traveller_id: UUID) -> Sequence[Note]:
        """The notes of a traveller, newest first."""
        return self.session.scalars(
            select(Note).where(Note.traveller_id == traveller_id).order_by(Note.id.desc())
        ).all()
