"""Disputes, and what this desk has heard of the provider's events."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.states import DisputeState
from travellr_desktop.storage.base import BOTH, DESK, Base, Currency, EnumText, Synced, one_of
from travellr_desktop.storage.models.payments import Payment
from travellr_desktop.storage.models.sales import Booking


class Dispute(Synced):
    """A traveller's bank asks a payment back. `ref` is the provider's.

    `amount` is what the bank asks about, in the currency of the payment; `fee` what the dispute has cost so far, in the
    currency of the balance. `opened_at` is the provider's moment, `taken_at` when it was written down that the money is
    gone, `ended_at` that it is decided."""

    __tablename__ = "disputes"
    __table_args__ = (
        one_of("state", DisputeState),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("fee >= 0", name="fee_not_negative"),
        Index("ix_disputes_state_due_by", "state", "due_by"),
        {"info": BOTH},
    )

    ref: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    amount: Mapped[int]
    currency: Mapped[Currency]
    fee: Mapped[int] = mapped_column(default=0)
    fee_currency: Mapped[Currency]
    reason: Mapped[str]  # the provider's word: fraudulent, product_not_received, …
    state: Mapped[DisputeState] = mapped_column(EnumText(DisputeState))
    due_by: Mapped[datetime | None]  # until when the bank takes evidence
    opened_at: Mapped[datetime] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    payment: Mapped[Payment] = relationship(lazy="raise_on_sql")
    parts: Mapped[list[DisputePart]] = relationship(
        lazy="raise_on_sql", back_populates="dispute", order_by="DisputePart.booking_id"
    )


class DisputePart(Synced):
    """How much of a dispute is about one booking. The parts of a dispute add up to it."""

    __tablename__ = "dispute_parts"
    __table_args__ = (
        UniqueConstraint("dispute_id", "booking_id"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        {"info": BOTH},
    )

    dispute_id: Mapped[UUID] = mapped_column(ForeignKey("disputes.id"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"), index=True)
    amount: Mapped[int]

    dispute: Mapped[Dispute] = relationship(lazy="raise_on_sql", back_populates="parts")
    booking: Mapped[Booking] = relationship(lazy="raise_on_sql")


class ProviderEventRow(Base):
    """An event of the provider that was seen: a reason to read `about` again, which is `done_at` some time. Kept for a
    while after that, so that seeing it again is no reason any more."""

    __tablename__ = "provider_events"
    __table_args__ = (
        Index("ix_provider_events_done_at", "done_at", "next_try_at"),
        {"info": DESK},
    )

    ref: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    about: Mapped[str]
    created_at: Mapped[datetime]  # by the provider's clock
    seen_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]


class EventCursor(Base):
    """How far this desk has heard the provider's events: one row. The next turn begins after the event `after`, or
    where there is none yet at `since`; `heard_at` is when the provider last answered, to the hour."""

    __tablename__ = "event_cursor"
    __table_args__ = (CheckConstraint("one = 1", name="one_row"), {"info": DESK})

    one: Mapped[int] = mapped_column(primary_key=True, default=1)
    after: Mapped[str | None]
    since: Mapped[datetime]
    heard_at: Mapped[datetime]
