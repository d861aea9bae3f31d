"""What was asked to be given back and who allowed it, whom each refund is for, and travellers' credit."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import RefundOrderState
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of, text_length
from travellr_desktop.storage.models.payments import Payment, Refund
from travellr_desktop.storage.models.sales import BookingLine, Sale


class RefundOrder(Synced):
    """Money of one sale that somebody wants to give back. `asked` says of which bookings and travellers, as it was
    asked; it is reckoned as of `requested_at`, however long a second person takes.

    `amount` goes back, `policy_amount` is what the policy alone gives; `borne_by` bears the rest, both parties by the
    commission rate where it is None. `approval_above` is the agency's limit then, None for no limit, and `counted`
    what is held against it: this amount, and what went back of the same bookings before. Minor units."""

    __tablename__ = "refund_orders"
    __table_args__ = (
        one_of("state", RefundOrderState),
        one_of("destination", RefundTo),
        one_of("borne_by", Bearer),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("policy_amount BETWEEN 0 AND amount", name="policy_of_amount"),
        CheckConstraint("counted >= amount", name="counted_whole"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("state <> 'requested' OR decided_at IS NULL", name="undecided_waits"),
        text_length("reason", 500, 0),
        Index("ix_refund_orders_state_requested_at", "state", "requested_at"),
        {"info": BOTH},
    )

    sale_id: Mapped[UUID] = mapped_column(ForeignKey("sales.id"), index=True)
    state: Mapped[RefundOrderState] = mapped_column(EnumText(RefundOrderState))
    asked: Mapped[dict[str, Any]]
    amount: Mapped[int]
    policy_amount: Mapped[int]
    currency: Mapped[Currency]
    borne_by: Mapped[Bearer | None] = mapped_column(EnumText(Bearer))
    destination: Mapped[RefundTo] = mapped_column(EnumText(RefundTo))
    reason: Mapped[str]
    approval_above: Mapped[int | None]
    counted: Mapped[int]
    requested_at: Mapped[datetime]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decision: Mapped[str] = mapped_column(default="")

    sale: Mapped[Sale] = relationship(lazy="raise_on_sql")


class RefundLine(Synced):
    """What of a refund is one traveller's. The lines of a refund add up to it."""

    __tablename__ = "refund_lines"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("uq_refund_lines_refund_id_line_id", "refund_id", "line_id", unique=True),
        {"info": BOTH},
    )

    refund_id: Mapped[UUID] = mapped_column(ForeignKey("refunds.id"))
    line_id: Mapped[UUID] = mapped_column(ForeignKey("booking_lines.id"), index=True)
    amount: Mapped[int]

    refund: Mapped[Refund] = relationship(lazy="raise_on_sql")
    line: Mapped[BookingLine] = relationship(lazy="raise_on_sql")


class CreditMove(Synced):
    """Credit of a traveller with the agency: given by a refund (above zero) or spent by a payment (below). What they
    have is the sum. The database refuses to spend more."""

    __tablename__ = "credit_moves"
    __table_args__ = (
        CheckConstraint(
            "(refund_id IS NOT NULL AND payment_id IS NULL AND amount > 0) "
            "OR (refund_id IS NULL AND payment_id IS NOT NULL AND amount < 0)",
            name="given_or_spent",
        ),
        Index("ix_credit_moves_traveller_id_currency", "traveller_id", "currency"),
        Index("uq_credit_moves_refund_id", "refund_id", unique=True),
        Index("uq_credit_moves_payment_id", "payment_id", unique=True),
        {"info": BOTH},
    )

    traveller_id: Mapped[UUID] = mapped_column(ForeignKey("travellers.id"))
    currency: Mapped[Currency]
    amount: Mapped[int]
    refund_id: Mapped[UUID | None] = mapped_column(ForeignKey("refunds.id"))
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payments.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    refund: Mapped[Refund | None] = relationship(lazy="raise_on_sql")
    payment: Mapped[Payment | None] = relationship(lazy="raise_on_sql")
