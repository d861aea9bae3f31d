"""Statements: what a vendor was told of one batch, in one currency, as it was then."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.payouts.words import LineKind
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of
from travellr_desktop.storage.models.people import Vendor


class Statement(Synced):
    """Amounts are minor units with the sign with which they count: total = charges + refunds + adjustments + commission
    + carried_in, and carried_out is what of it was not paid by `payout_id`.

    `seller` and `vendor` are what both said of themselves, frozen with `locale`. `outcome` and `outcome_at` are written
    once: what became of its payout."""

    __tablename__ = "statements"
    __table_args__ = (
        UniqueConstraint("batch_id", "vendor_id", "currency"),
        CheckConstraint("total = charges + refunds + adjustments + commission + carried_in", name="adds_up"),
        CheckConstraint(
            "carried_out = CASE WHEN payout_id IS NULL THEN total ELSE 0 END", name="paid_or_carried"
        ),
        Index("ix_statements_vendor_id", "vendor_id", "currency", "cutoff_at"),
        {"info": BOTH},
    )

    number: Mapped[str] = mapped_column(unique=True)  # ST-2026-000107
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("payout_batches.id"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    payout_id: Mapped[UUID | None] = mapped_column(ForeignKey("payouts.id"), unique=True)
    currency: Mapped[Currency]
    first: Mapped[date]
    last: Mapped[date]
    cutoff_at: Mapped[datetime]
    zone: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(index=True)
    locale: Mapped[str]
    charges: Mapped[int]
    refunds: Mapped[int]
    adjustments: Mapped[int]  # written by hand, and payouts that did not arrive
    commission: Mapped[int]
    carried_in: Mapped[int]
    total: Mapped[int]
    carried_out: Mapped[int]
    carried_from: Mapped[str] = mapped_column(default="")  # the number of the statement before it
    left_out: Mapped[str] = mapped_column(default="")  # why nothing is paid, as a word of `LeftOut`
    minimum: Mapped[int | None]
    bookings: Mapped[int]
    seller: Mapped[dict[str, Any]]
    vendor_data: Mapped[dict[str, Any]]
    outcome: Mapped[str] = mapped_column(default="")  # paid, failed
    outcome_at: Mapped[datetime | None]

    vendor: Mapped[Vendor] = relationship(lazy="raise_on_sql")
    lines: Mapped[list[StatementLine]] = relationship(
        lazy="raise_on_sql", back_populates="statement", order_by="StatementLine.position"
    )


class StatementLine(Synced):
    """A booking's share, what was taken back of it, or what else is on a statement. Words are as they were then;
    amounts have the sign with which they count, net = retail + commission."""

    __tablename__ = "statement_lines"
    __table_args__ = (
        UniqueConstraint("statement_id", "position"),
        one_of("kind", LineKind),
        CheckConstraint("net = retail + commission", name="adds_up"),
        {"info": BOTH},
    )

    statement_id: Mapped[UUID] = mapped_column(ForeignKey("statements.id"))
    position: Mapped[int]
    kind: Mapped[LineKind] = mapped_column(EnumText(LineKind))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    reference: Mapped[str]
    title: Mapped[str]
    departs_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(default="")
    pax: Mapped[int] = mapped_column(default=0)
    retail: Mapped[int]
    commission: Mapped[int]
    net: Mapped[int]

    statement: Mapped[Statement] = relationship(lazy="raise_on_sql", back_populates="lines")


class StatementEntry(Synced):
    """A vendor's line of the ledger that stands on a statement as new: on one statement, for ever. Where the next finds
    it unpaid, it is carried forward."""

    __tablename__ = "statement_entries"
    __table_args__ = ({"info": BOTH},)

    statement_id: Mapped[UUID] = mapped_column(ForeignKey("statements.id"), index=True)
    ledger_id: Mapped[UUID] = mapped_column(ForeignKey("ledger.id"), unique=True)
