"""Documents that were issued, or would be, in the words of `invoice_views`; read within the caller's view."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from travellr_desktop.domain.invoicing import Position, by_rate
from travellr_desktop.domain.money import Money
from travellr_desktop.services import keys
from travellr_desktop.services.invoice_views import (
    Buyer,
    DocumentPreview,
    InvoiceDetail,
    InvoiceRow,
    LineView,
    RateView,
    Seller,
)
from travellr_desktop.services.invoicing import Draft
from travellr_desktop.storage.models import Invoice
from travellr_desktop.storage.uow import Reading


def row_of(invoice: Invoice) -> InvoiceRow:
    money = Money(invoice.gross, invoice.currency)
    return InvoiceRow(invoice.id, invoice.number, invoice.kind, invoice.issued_on, money)


def previewed(draft: Draft, currency: str) -> DocumentPreview:
    lines = tuple(
        _line(each.booking_id, each.title, each.about, each.text, each.position, currency)
        for each in draft.lines
    )
    return DocumentPreview(
        kind=draft.kind,
        of="" if draft.of is None else draft.of.number,
        lines=lines,
        rates=_rates([each.position for each in draft.lines], currency),
        net=Money(draft.gross - draft.tax, currency),
        tax=Money(draft.tax, currency),
        gross=Money(draft.gross, currency),
        paid=Money(draft.paid, currency),
    )


def _line(booking: UUID, title: str, about: str, text: str, position: Position, currency: str) -> LineView:
    return LineView(
        booking_id=booking,
        title=title,
        about=about,
        text=text,
        item=position.item,
        quantity=position.quantity,
        tax_bps=position.tax_bps,
        net=Money(position.net, currency),
        tax=Money(position.tax, currency),
        gross=Money(position.gross, currency),
    )


def _rates(positions: Sequence[Position], currency: str) -> tuple[RateView, ...]:
    return tuple(
        RateView(
            rate.tax_bps, Money(rate.net, currency), Money(rate.tax, currency), Money(rate.gross, currency)
        )
        for rate in by_rate(positions)
    )


def detail_of(view: Reading, invoice: Invoice) -> InvoiceDetail:
    """A document that was read whole."""

    def money(minor: int) -> Money:
        return Money(minor, invoice.currency)

    positions = [
        Position(each.item, each.quantity, each.tax_bps, each.gross, each.tax) for each in invoice.lines
    ]
    credited = view.invoices.credits_of(invoice.id)
    bookings = view.bookings.find_many([line.booking_id for line in invoice.lines])
    return InvoiceDetail(
        id=invoice.id,
        number=invoice.number,
        kind=invoice.kind,
        of=None if invoice.of is None else row_of(invoice.of),
        credits=tuple(map(row_of, credited)),
        sale_id=invoice.sale_id,
        sale_reference=invoice.sale.reference,
        bookings=tuple((booking.id, booking.reference) for booking in bookings),
        issued_at=invoice.issued_at,
        issued_on=invoice.issued_on,
        seller=keys.from_json(Seller, invoice.seller),
        buyer=keys.from_json(Buyer, invoice.buyer),
        lines=tuple(
            _line(line.booking_id, line.title, line.about, line.text, position, invoice.currency)
            for line, position in zip(invoice.lines, positions, strict=True)
        ),
        rates=_rates(positions, invoice.currency),
        net=money(invoice.net),
        tax=money(invoice.tax),
        gross=money(invoice.gross),
        paid=money(invoice.paid),
        left=money(invoice.gross - sum(credit.gross for credit in credited)),
        reason=invoice.reason,
    )
