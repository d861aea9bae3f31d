"""Rates agreed with vendors, and what was sold that keeps an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from travellr_desktop.domain.agreed_rates import AgreedRate
from travellr_desktop.storage.models import Booking, CommissionRate, Trip, User
from travellr_desktop.storage.repositories.base import Repository


class RateRepository(Repository[CommissionRate]):
    model = CommissionRate
    word = "rate"

    def of_trip(self, trip: Trip) -> tuple[AgreedRate, ...]:
        """Those that a sale of the trip is decided by, in the order in which they were agreed."""
        rows = self._standing(trip.vendor_id, or_(CommissionRate.trip_id.is_(None), self._for(trip.id)))
        return tuple(AgreedRate(row.from_day, row.bps, row.trip_id is not None) for row in rows)

    def standing(self, vendor_id: UUID) -> Sequence[tuple[CommissionRate, str | None, str | None]]:
        """Those of a vendor that were not taken back, in the order in which they were agreed, each with the title of
        its trip and with who wrote it down."""
        query = (
            select(CommissionRate, Trip.title, User.name)
            .outerjoin(Trip, Trip.id == CommissionRate.trip_id)
            .outerjoin(User, User.id == CommissionRate.created_by)
            .where(CommissionRate.vendor_id == vendor_id, CommissionRate.ended_at.is_(None))
            .order_by(CommissionRate.id)
        )
        return [(row, title, name) for row, title, name in self.session.execute(query)]

    def alike(self, vendor_id: UUID, trip_id: UUID | None) -> Sequence[CommissionRate]:
        """Those that stand for exactly this trip, or for all of the vendor's, in their order."""
        mine = CommissionRate.trip_id.is_(None) if trip_id is None else self._for(trip_id)
        return self._standing(vendor_id, mine)

    def sold_since(self, vendor_id: UUID, trip_id: UUID | None, since: datetime) -> int:
        """How many bookings of a vendor, or of one of their trips, were sold from a moment on."""
        query = select(func.count()).where(Booking.vendor_id == vendor_id, Booking.created_at >= since)
        if trip_id is not None:
            query = query.where(Booking.trip_id == trip_id)
        return self.session.scalar(query) or 0

    def _standing(self, vendor_id: UUID, which: ColumnElement[bool]) -> Sequence[CommissionRate]:
        return self.session.scalars(
            select(CommissionRate)
            .where(CommissionRate.vendor_id == vendor_id, CommissionRate.ended_at.is_(None), which)
            .order_by(CommissionRate.id)
        ).all()

    @staticmethod
    def _for(trip_id: UUID) -> ColumnElement[bool]:
        return CommissionRate.trip_id == trip_id
