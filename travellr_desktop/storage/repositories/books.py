"""The books read by sums: accounts, vendors and bookings at a moment; and one entry with what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from travellr_desktop.domain.ledger import Account, Place, Sums
from travellr_desktop.storage.models import (
    Booking,
    Change,
    Desk,
    LedgerRow,
    Op,
    Payment,
    Refund,
    Sale,
    Traveller,
    Vendor,
)


@dataclass(frozen=True, slots=True)
class BookingSum:
    """What an account holds for a booking: debits less credits, in minor units. No reference: entries of none."""

    booking_id: UUID | None
    reference: str
    traveller: str
    balance: int


@dataclass(frozen=True, slots=True)
class BookingSums:
    """The largest, and what the others come to: how many, and debits less credits."""

    largest: tuple[BookingSum, ...]
    others: int
    others_balance: int


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an entry. Each name is "" and each reference None where it has none."""

    desk: str
    vendor: str
    booking: str
    traveller: str
    sale: str
    payment_label: str
    payment_ref: str | None
    refund_ref: str | None
    actor_id: UUID | None


class BooksRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def sums(self, before: datetime) -> tuple[dict[Place, Sums], int]:
        """Debits and credits before a moment of each account, currency and vendor, and of how many entries. Read from
        two indexes, no row: `ix_ledger_debit`, `ix_ledger_credit`."""
        found: dict[Place, Sums] = {}
        entries = 0
        for debits in (True, False):
            side = LedgerRow.debit if debits else LedgerRow.credit
            query = (
                select(
                    side, LedgerRow.vendor_id, LedgerRow.currency, func.sum(LedgerRow.amount), func.count()
                )
                .where(LedgerRow.at < before)
                .group_by(side, LedgerRow.vendor_id, LedgerRow.currency)
            )
            for account, vendor_id, currency, minor, count in self.session.execute(query):
                place = Place(account, currency, vendor_id=vendor_id)
                had = found.get(place, Sums())
                found[place] = Sums(had.debits + minor * debits, had.credits + minor * (not debits))
                entries += count * debits
        return found, entries

    def of_bookings(self, account: Account, currency: str, before: datetime, most: int) -> BookingSums:
        """What an account holds for each booking before a moment, the largest `most` of them. Bookings for which it
        holds nothing are left out. Read from `ix_ledger_booking_id`."""
        signed = case(
            (LedgerRow.debit == account, LedgerRow.amount),
            (LedgerRow.credit == account, -LedgerRow.amount),
            else_=0,
        )
        balance = func.sum(signed)
        each = (
            select(LedgerRow.booking_id.label("booking_id"), balance.label("balance"))
            .where(LedgerRow.currency == currency, LedgerRow.at < before)
            .group_by(LedgerRow.booking_id)
            .having(balance != 0)
            .cte("each")
        )
        size = func.abs(each.c.balance)
        top = (
            select(each.c.booking_id, each.c.balance)
            .order_by(size.desc(), each.c.booking_id)
            .limit(most)
            .cte("top")
        )
        rows = self.session.execute(
            select(top.c.booking_id, Booking.reference, Traveller.name, top.c.balance)
            .join_from(top, Booking, Booking.id == top.c.booking_id, isouter=True)
            .join(Traveller, Traveller.id == Booking.traveller_id, isouter=True)
            .order_by(func.abs(top.c.balance).desc(), top.c.booking_id)
        ).all()
        largest = tuple(
            BookingSum(booking, ref or "", name or "", minor) for booking, ref, name, minor in rows
        )
        if len(largest) < most:
            return BookingSums(largest, 0, 0)
        count, whole = self.session.execute(
            select(func.count(), func.sum(each.c.balance)).select_from(each)
        ).one()
        return BookingSums(largest, count - len(largest), whole - sum(row.balance for row in largest))

    def vendor_names(self, vendor_ids: Sequence[UUID]) -> dict[UUID, str]:
        query = select(Vendor.id, Vendor.name).where(Vendor.id.in_(vendor_ids))
        return {row.id: row.name for row in self.session.execute(query)}

    def find(self, entry_id: UUID) -> LedgerRow | None:
        return self.session.get(LedgerRow, entry_id)

    def around(self, row: LedgerRow) -> Around:
        """What an entry belongs to, and who wrote it: the actor of the op in which it was made."""
        sale = aliased(Sale)
        query = (
            select(
                Desk.name,
                Vendor.name,
                Booking.reference,
                Traveller.name,
                func.coalesce(Sale.reference, sale.reference),
                Payment.label,
                Payment.provider_ref,
                Refund.provider_ref,
            )
            .select_from(LedgerRow)
            .join(Desk, Desk.id == LedgerRow.desk_id)
            .join(Vendor, Vendor.id == LedgerRow.vendor_id, isouter=True)
            .join(Booking, Booking.id == LedgerRow.booking_id, isouter=True)
            .join(Traveller, Traveller.id == Booking.traveller_id, isouter=True)
            .join(Sale, Sale.id == Booking.sale_id, isouter=True)
            .join(Payment, Payment.id == LedgerRow.payment_id, isouter=True)
            .join(sale, sale.id == Payment.sale_id, isouter=True)
            .join(Refund, Refund.id == LedgerRow.refund_id, isouter=True)
            .where(LedgerRow.id == row.id)
        )
        desk, vendor, booking, traveller, of_sale, label, payment_ref, refund_ref = self.session.execute(
            query
        ).one()
        return Around(
            desk=desk,
            vendor=vendor or "",
            booking=booking or "",
            traveller=traveller or "",
            sale=of_sale or "",
            payment_label=label or "",
            payment_ref=payment_ref,
            refund_ref=refund_ref,
            actor_id=self._actor(row),
        )

    def together(self, row: LedgerRow) -> Sequence[LedgerRow]:
        """The entries of the same happening, in the order of their chain: written at the same moment about the same
        booking, payment or refund; of none of these, for the same event."""
        shared = [
            getattr(LedgerRow, name) == value
            for name in ("booking_id", "payment_id", "refund_id")
            if (value := getattr(row, name)) is not None
        ]
        query = (
            select(LedgerRow)
            .where(LedgerRow.at == row.at, LedgerRow.desk_id == row.desk_id)
            .where(or_(*shared) if shared else LedgerRow.event == row.event)
            .order_by(LedgerRow.seq)
        )
        return self.session.scalars(query).all()

    def _actor(self, row: LedgerRow) -> UUID | None:
        query = (
            select(Op.actor_id)
            .join(Change, Change.op_no == Op.op_no)
            .where(Change.table_name == "ledger", Change.row_id == row.id.hex, Change.kind == "I")
        )
        return self.session.scalar(query)
