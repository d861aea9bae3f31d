"""Money in and money back: payments, their spread over bookings, every attempt, refunds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import PaymentState, RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of
from travellr_desktop.storage.models.sales import Booking, Sale


class Payment(Synced):
    """Money taken for a sale in one way. The row, with its key, is there before the provider is asked.

    `provider_ref` is the object at the provider, committed before it is acted on; `worker` is the running
    program that acts on it now (not synced); `next_read_at` is when recovery reads it again.

    Of a payment by link `link_expires_at` is committed before the link is asked for, `link_ref` and `link_url` as soon
    as they are known; its `provider_ref` is there once the traveller has paid. Of a payment at a card reader
    `reader_ref` is the reader, committed before it is asked.

    `desk_id` is the desk that takes it, and that alone finds out what became of it; None is that of its sale.

    `keeps_card`: the traveller agreed, when it was created, that the card is kept for later. `customer_ref` is who they
    are at the provider, committed before the link is asked for; `card_ref` the kept card that is charged."""

    __tablename__ = "payments"
    __table_args__ = (
        one_of("state", PaymentState),
        one_of("way", Way),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_payments_state_next_read_at", "state", "next_read_at"),
        Index("ix_payments_link_ref", "link_ref", unique=True),
        {"info": BOTH},
    )

    sale_id: Mapped[UUID] = mapped_column(ForeignKey("sales.id"), index=True)
    way: Mapped[Way] = mapped_column(EnumText(Way))
    amount: Mapped[int]
    currency: Mapped[Currency]
    state: Mapped[PaymentState] = mapped_column(EnumText(PaymentState), default=PaymentState.CREATED)
    provider_ref: Mapped[str | None] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(default="")  # "Visa ending 4242"
    decline_code: Mapped[str | None]
    decline_message: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    reads: Mapped[int] = mapped_column(default=0)
    next_read_at: Mapped[datetime | None]
    worker: Mapped[str | None]
    link_ref: Mapped[str | None]
    link_url: Mapped[str | None]
    link_expires_at: Mapped[datetime | None]
    reader_ref: Mapped[str | None]
    keeps_card: Mapped[bool] = mapped_column(default=False)
    customer_ref: Mapped[str | None]
    card_ref: Mapped[str | None]
    desk_id: Mapped[UUID | None] = mapped_column(ForeignKey("desks.id"))

    sale: Mapped[Sale] = relationship(lazy="raise_on_sql")
    shares: Mapped[list[PaymentShare]] = relationship(
        lazy="raise_on_sql", back_populates="payment", order_by="PaymentShare.booking_id"
    )


class PaymentShare(Synced):
    """How much of a payment was taken for one booking. The shares of a payment add up to it.

    What it was used for is written when the payment is completed: `owed` paid what was owed after the trip, `excess`
    was more than all that was due, and the rest is for the price (minor units)."""

    __tablename__ = "payment_shares"
    __table_args__ = (
        UniqueConstraint("payment_id", "booking_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("owed >= 0 AND excess >= 0 AND owed + excess <= amount", name="parts_of_amount"),
        {"info": BOTH},
    )

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"), index=True)
    amount: Mapped[int]
    owed: Mapped[int] = mapped_column(default=0, server_default="0")
    excess: Mapped[int] = mapped_column(default=0, server_default="0")

    payment: Mapped[Payment] = relationship(lazy="raise_on_sql", back_populates="shares")
    booking: Mapped[Booking] = relationship(lazy="raise_on_sql")

    @property
    def for_price(self) -> int:
        return self.amount - self.owed - self.excess


class Refund(Synced):
    """Money of one booking that goes back to one payment. One row, one key; never sent under another.

    `beyond` (minor units) is the part of `amount` that does not come out of what is there for the booking: given back
    beyond the policy at one party's cost, or after the trip; all of it where `excess` says that it comes out of what
    was paid too much. `retry_of` is the refund that failed and that this one stands for: nothing more is promised by
    it. With `destination` CREDIT it becomes the traveller's credit. `desk_id` is the desk that sends it; None is that
    of its sale."""

    __tablename__ = "refunds"
    __table_args__ = (
        one_of("state", RefundState),
        one_of("destination", RefundTo),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("beyond = 0 OR beyond BETWEEN 0 AND amount", name="beyond_of_amount"),
        CheckConstraint("NOT excess OR beyond = amount", name="excess_is_beyond"),
        Index("ix_refunds_state_next_read_at", "state", "next_read_at"),
        Index("ix_refunds_order_id", "order_id"),
        Index("uq_refunds_retry_of", "retry_of", unique=True),
        {"info": BOTH},
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"), index=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    amount: Mapped[int]
    currency: Mapped[Currency]
    state: Mapped[RefundState] = mapped_column(EnumText(RefundState), default=RefundState.REQUESTED)
    reason: Mapped[str] = mapped_column(default="")
    provider_ref: Mapped[str | None] = mapped_column(unique=True)
    failure: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    first_sent_at: Mapped[datetime | None]  # the key is good for 24 h from here
    ended_at: Mapped[datetime | None]
    reads: Mapped[int] = mapped_column(default=0)
    next_read_at: Mapped[datetime | None]
    worker: Mapped[str | None]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("refund_orders.id"))
    destination: Mapped[RefundTo] = mapped_column(
        EnumText(RefundTo), default=RefundTo.PAYMENT, server_default=RefundTo.PAYMENT.value
    )
    beyond: Mapped[int] = mapped_column(default=0, server_default="0")
    retry_of: Mapped[UUID | None] = mapped_column(ForeignKey("refunds.id"))
    excess: Mapped[bool] = mapped_column(default=False, server_default=false())
    desk_id: Mapped[UUID | None] = mapped_column(ForeignKey("desks.id"))

    booking: Mapped[Booking] = relationship(lazy="raise_on_sql")
    payment: Mapped[Payment] = relationship(lazy="raise_on_sql")


class Attempt(Synced):
    """One call to a provider about a payment or a refund, and what came of it. Never deleted."""

    __tablename__ = "attempts"
    __table_args__ = (
        CheckConstraint("(payment_id IS NULL) <> (refund_id IS NULL)", name="one_owner"),
        {"info": BOTH},
    )

    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payments.id"), index=True)
    refund_id: Mapped[UUID | None] = mapped_column(ForeignKey("refunds.id"), index=True)
    action: Mapped[str]  # prepare, charge, link, ask, read, cancel, refund
    key: Mapped[str | None]
    at: Mapped[datetime]
    outcome: Mapped[str]  # sent, completed, declined, unknown, …
    detail: Mapped[str] = mapped_column(default="")
