"""Invoices and credit notes: what was issued of which booking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from travellr_desktop.domain.invoicing import InvoiceKind
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.states import BookingState
from travellr_desktop.storage.models import Booking, Invoice, InvoiceLine, LedgerRow, Sale
from travellr_desktop.storage.repositories.base import Repository


class InvoiceRepository(Repository[Invoice]):
    """Whole: with lines, sale, and the invoice that a credit note is of."""

    model = Invoice
    word = "invoice"
    whole = (selectinload(Invoice.lines), selectinload(Invoice.sale), selectinload(Invoice.of))

    def lines_of(self, booking_ids: Sequence[UUID]) -> Sequence[InvoiceLine]:
        """All that was invoiced and credited of some bookings, in the order in which it was issued, each line with its
        document."""
        return self.session.scalars(
            select(InvoiceLine)
            .where(InvoiceLine.booking_id.in_(booking_ids))
            .options(selectinload(InvoiceLine.invoice))
            .order_by(InvoiceLine.id)
        ).all()

    def of_booking(self, booking_id: UUID) -> Sequence[Invoice]:
        """The documents that have a line of a booking, oldest first."""
        lines = select(InvoiceLine.invoice_id).where(InvoiceLine.booking_id == booking_id)
        return self.session.scalars(select(Invoice).where(Invoice.id.in_(lines)).order_by(Invoice.id)).all()

    def newest_number(self, booking_id: UUID) -> str:
        """The number of a booking's last invoice, "" where there is none."""
        invoices = [row for row in self.of_booking(booking_id) if row.kind is InvoiceKind.INVOICE]
        return invoices[-1].number if invoices else ""

    def of_sale(self, sale_id: UUID) -> Sequence[Invoice]:
        """The documents of a sale, oldest first."""
        return self.session.scalars(
            select(Invoice).where(Invoice.sale_id == sale_id).order_by(Invoice.id)
        ).all()

    def credits_of(self, invoice_id: UUID) -> Sequence[Invoice]:
        """The credit notes of an invoice, oldest first, with their lines."""
        return self.session.scalars(
            select(Invoice)
            .where(Invoice.of_id == invoice_id)
            .options(selectinload(Invoice.lines))
            .order_by(Invoice.id)
        ).all()

    def find_by_number(self, number: str) -> Invoice | None:
        return self.session.scalar(select(Invoice).where(Invoice.number == number))

    def not_invoiced(self, desk_id: UUID, since: datetime, most: int) -> Sequence[UUID]:
        """Sales of a desk that have bookings confirmed from `since` on, none of which was ever invoiced; the oldest
        first."""
        invoiced = select(InvoiceLine.id).where(InvoiceLine.booking_id == Booking.id).exists()
        query = (
            select(Booking.sale_id)
            .join(Sale, Sale.id == Booking.sale_id)
            .where(
                Booking.confirmed_at >= since,
                Booking.state != BookingState.CANCELLED,
                Booking.price > 0,
                Sale.desk_id == desk_id,
                ~invoiced,
            )
            .group_by(Booking.sale_id)
            .order_by(func.min(Booking.id))
            .limit(most)
        )
        return self.session.scalars(query).all()

    def lost_since(
        self, desk_id: UUID, since: datetime, out_of: Collection[Account], most: int
    ) -> Sequence[tuple[UUID, UUID]]:
        """The bookings (sale, booking) of a desk's sales that had been invoiced when a dispute was lost, from `since`
        on, which took `out_of` these accounts; only those of which nothing was issued after that. The oldest
        first."""
        documents = (
            select(InvoiceLine.id)
            .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
            .where(InvoiceLine.booking_id == LedgerRow.booking_id)
        )
        query = (
            select(Booking.sale_id, Booking.id)
            .join(LedgerRow, LedgerRow.booking_id == Booking.id)
            .join(Sale, Sale.id == Booking.sale_id)
            .where(
                LedgerRow.event == LedgerEvent.DISPUTE_LOST,
                LedgerRow.debit.in_(out_of),
                LedgerRow.at >= since,
                Sale.desk_id == desk_id,
                documents.exists(),
                ~documents.where(Invoice.issued_at >= LedgerRow.at).exists(),
            )
            .group_by(Booking.sale_id, Booking.id)
            .order_by(func.min(LedgerRow.at), Booking.id)
            .limit(most)
        )
        return [(sale_id, booking_id) for sale_id, booking_id in self.session.execute(query)]
