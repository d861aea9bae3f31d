"""The ledger: one row is one entry between two accounts. Rows are added, never changed or deleted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of


class LedgerRow(Synced):
    """An entry, in a chain of its desk: `seq` is dense, `prev_hash` is the hash of the row before it."""

    __tablename__ = "ledger"
    __table_args__ = (
        UniqueConstraint("desk_id", "seq"),
        one_of("debit", Account),
        one_of("credit", Account),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit <> credit", name="two_accounts"),
        # what a sum over an account, a vendor or a booking asks for stands in the index, so the rows are not read
        Index("ix_ledger_debit", "debit", "vendor_id", "currency", "at", "amount"),
        Index("ix_ledger_credit", "credit", "vendor_id", "currency", "at", "amount"),
        Index("ix_ledger_booking_id", "booking_id", "currency", "debit", "credit", "at", "amount"),
        {"info": BOTH},
    )

    desk_id: Mapped[UUID] = mapped_column(ForeignKey("desks.id"))
    seq: Mapped[int]
    event: Mapped[LedgerEvent] = mapped_column(EnumText(LedgerEvent))
    debit: Mapped[Account] = mapped_column(EnumText(Account))
    credit: Mapped[Account] = mapped_column(EnumText(Account))
    amount: Mapped[int]
    currency: Mapped[Currency]
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id"))
    vendor_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendors.id"))
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payments.id"), index=True)
    refund_id: Mapped[UUID | None] = mapped_column(ForeignKey("refunds.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    available_at: Mapped[datetime | None]  # when a vendor's line may be paid out
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
