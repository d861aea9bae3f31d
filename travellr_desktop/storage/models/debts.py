"""Debts that were written off."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.storage.base import BOTH, Currency, Synced
from travellr_desktop.storage.models.sales import Booking


class WriteOff(Synced):
    """What was owed for a booking and nobody waits for any more, and why; `amount` in minor units. It is undone whole:
    by the payment `payment_id` when the traveller pays after all, without one by somebody who was mistaken."""

    __tablename__ = "write_offs"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("length(trim(reason)) BETWEEN 1 AND 500", name="reason_given"),
        CheckConstraint("payment_id IS NULL OR undone_at IS NOT NULL", name="paid_is_undone"),
        {"info": BOTH},
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"), index=True)
    amount: Mapped[int]
    currency: Mapped[Currency]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payments.id"))

    booking: Mapped[Booking] = relationship(lazy="raise_on_sql")
