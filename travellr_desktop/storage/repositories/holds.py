"""Holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from travellr_desktop.domain.states import BookingState, HoldKind, HoldState, PaymentState, open_states
from travellr_desktop.storage.models import Amendment, Booking, Hold, Payment
from travellr_desktop.storage.repositories.base import Repository
from travellr_desktop.storage.repositories.here import holds_here


class HoldRepository(Repository[Hold]):
    model = Hold
    word = "hold"

    def active_of(self, user_id: UUID) -> Sequence[Hold]:
        """What is in a person's basket at this desk: held now, and not sold yet."""
        booked = select(Booking.hold_id).where(Booking.hold_id.is_not(None))
        return self.session.scalars(
            select(Hold)
            .where(Hold.created_by == user_id, Hold.state == HoldState.ACTIVE, Hold.kind == HoldKind.HOLD)
            .where(Hold.id.not_in(booked), holds_here())
            .order_by(Hold.id)
        ).all()

    def lapsed(self, now: datetime, limit: int = 100) -> Sequence[tuple[Hold, Booking | None]]:
        """Active holds of this desk past their time, with the pending booking that waits on each. Those whose sale,
        or change, has a payment in flight are left out: they stay until its outcome is known."""
        in_flight = select(Payment.sale_id).where(Payment.state.in_(open_states(PaymentState)))
        changing = (
            select(Amendment.hold_id)
            .join(Payment, Payment.id == Amendment.payment_id)
            .where(Amendment.hold_id.is_not(None), Payment.state.in_(open_states(PaymentState)))
        )
        query = (
            select(Hold, Booking)
            .outerjoin(Booking, (Booking.hold_id == Hold.id) & (Booking.state == BookingState.PENDING))
            .where(Hold.state == HoldState.ACTIVE, Hold.expires_at <= now, holds_here())
            .where(Booking.id.is_(None) | Booking.sale_id.not_in(in_flight))
            .where((Hold.kind != HoldKind.CHANGE) | Hold.id.not_in(changing))
            .order_by(Hold.expires_at)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in self.session.execute(query)]

    def is_here(self, hold_id: UUID) -> bool:
        """Whether the seats of a hold are this desk's."""
        return self.session.scalar(select(Hold.id).where(Hold.id == hold_id, holds_here())) is not None

    def booking_of(self, hold_id: UUID) -> Booking | None:
        """The booking that waits on a hold, or was made from it."""
        return self.session.scalar(select(Booking).where(Booking.hold_id == hold_id))
