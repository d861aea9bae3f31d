"""What is agreed with vendors about money, and their open lines of the ledger."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.payouts.words import LinePart, VendorPaper
from travellr_desktop.storage.base import BOTH, DESK, Base, Currency, EnumText, Synced, one_of

OPEN = text("payout_id IS NULL")


class CommissionRate(Synced):
    """The agency's share agreed with a vendor from a day on, for one trip or (without `trip_id`) for all that have no
    rate of their own. Bookings keep the rate at which they were sold."""

    __tablename__ = "commission_rates"
    __table_args__ = (
        CheckConstraint("bps BETWEEN 0 AND 10000", name="commission_share"),
        Index("ix_commission_rates_vendor_id", "vendor_id", "trip_id", "from_day"),
        {"info": BOTH},
    )

    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    trip_id: Mapped[UUID | None] = mapped_column(ForeignKey("trips.id"), index=True)
    bps: Mapped[int]
    from_day: Mapped[date]  # in the agency's zone
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]  # taken back before it began


class VendorAdjustment(Synced):
    """Money a vendor gets (above zero) or gives up (below) by agreement: the entry that says so."""

    __tablename__ = "vendor_adjustments"
    __table_args__ = (CheckConstraint("amount <> 0", name="amount_not_nothing"), {"info": BOTH})

    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"), index=True)
    ledger_id: Mapped[UUID] = mapped_column(ForeignKey("ledger.id"), unique=True)
    currency: Mapped[Currency]
    amount: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class VendorDocument(Synced):
    """A paper that a vendor handed in; good until the end of `expires_on` in the agency's zone."""

    __tablename__ = "vendor_documents"
    __table_args__ = (one_of("kind", VendorPaper), {"info": BOTH})

    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"), index=True)
    kind: Mapped[VendorPaper] = mapped_column(EnumText(VendorPaper))
    received_on: Mapped[date]
    expires_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]


class VendorLine(Base):
    """What an entry of the ledger gives a vendor, or takes back: kept by triggers from `ledger`, `payout_lines` and
    `statement_entries`, so that what is open is read without its history. Never written by hand.

    Minor units, with the sign with which they count for the vendor. `commission` is the agency's part that goes with
    it, `free_at` from when it may be paid: its own date, or of what is taken back the booking's. `part` is where it
    counts; `ix_vendor_lines_open` is in the order in which open lines are summed. (`payout_id` stands in these indexes
    although it is always empty there: without it SQLite does not see that they hold all that is asked.)"""

    __tablename__ = "vendor_lines"
    __table_args__ = (
        Index(
            "ix_vendor_lines_open",
            *(
                "vendor_id",
                "currency",
                "part",
                "statement_id",
                "free_at",
                "amount",
                "commission",
                "payout_id",
            ),
            sqlite_where=OPEN,
        ),
        Index(
            "ix_vendor_lines_free_at",
            *("free_at", "vendor_id", "currency", "amount", "payout_id"),
            sqlite_where=OPEN,
        ),
        Index("ix_vendor_lines_booking_id", "booking_id"),
        Index("ix_vendor_lines_payout_id", "payout_id", sqlite_where=text("payout_id IS NOT NULL")),
        Index("ix_vendor_lines_vendor_id", "vendor_id", "currency", "at"),
        {"info": DESK},
    )

    ledger_id: Mapped[UUID] = mapped_column(primary_key=True)
    vendor_id: Mapped[UUID]
    currency: Mapped[Currency]
    booking_id: Mapped[UUID | None]
    event: Mapped[LedgerEvent] = mapped_column(EnumText(LedgerEvent))
    part: Mapped[LinePart] = mapped_column(EnumText(LinePart))
    amount: Mapped[int]
    commission: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    free_at: Mapped[datetime]
    payout_id: Mapped[UUID | None]
    statement_id: Mapped[UUID | None]
