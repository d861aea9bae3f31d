"""Reckoning and writing invoices, within the caller's transaction: what the bookings come to now, less what was
invoiced of them so far.

So nothing is invoiced twice, whoever asks and how often, and a booking that was changed, cancelled or given back in
part leads to an invoice of the difference or to a credit note of what its invoices have too much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.invoicing import (
    SERIES,
    InvoiceKind,
    Item,
    Left,
    Position,
    Worth,
    credited_on,
    open_of,
    worth,
)
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.states import BookingState
from travellr_desktop.events import InvoiceIssued
from travellr_desktop.services import keys
from travellr_desktop.services.invoice_views import Buyer, Seller
from travellr_desktop.services.paper_words import PaperWords
from travellr_desktop.services.typeset import template_words
from travellr_desktop.storage.models import Booking, Invoice, InvoiceLine, LedgerRow
from travellr_desktop.storage.uow import Reading, UnitOfWork

_GIVEN_BACK = (LedgerEvent.GOODWILL, LedgerEvent.REFUND_APPROVED_AFTER_TRIP)
"""What goes back beyond what the price and the policy say."""

EARNED = (Account.VENDOR_PAYABLE, Account.COMMISSION, Account.CANCELLATION_REVENUE)
"""Of these a dispute that was lost takes what had been earned or kept. What it takes of a booking that has not been
leaves it unpaid, and what was sold stays sold."""

_Key = tuple[UUID, int]  # a booking, a rate


@dataclass(frozen=True, slots=True)
class DraftLine:
    booking_id: UUID
    title: str
    about: str
    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class Draft:
    """A document before it is issued; `of` is the invoice that a credit note is of. Minor units."""

    kind: InvoiceKind
    lines: tuple[DraftLine, ...]
    paid: int = 0
    of: Invoice | None = None

    @property
    def gross(self) -> int:
        return sum(line.position.gross for line in self.lines)

    @property
    def tax(self) -> int:
        return sum(line.position.tax for line in self.lines)


def worth_of(view: Reading, booking: Booking) -> tuple[Worth, ...]:
    """What a booking comes to as the books have it: nothing while it is pending, the price of who goes, what was kept
    of who does not, less what was given back beyond that."""
    if booking.state is BookingState.PENDING:
        return ()
    rows = view.ledger.of_booking(booking.id)
    gone = booking.state is BookingState.CANCELLED
    standing = () if gone else [line for line in booking.lines if line.ended_at is None]
    return worth(
        [(line.traveller_type, line.price) for line in standing],
        kept=sum(row.amount for row in rows if row.event is LedgerEvent.KEPT),
        given_back=sum(row.amount for row in rows if _is_given_back(row)),
    )


def _is_given_back(row: LedgerRow) -> bool:
    lost = row.event is LedgerEvent.DISPUTE_LOST and row.debit in EARNED
    return lost or row.event in _GIVEN_BACK


def drafts(view: Reading, bookings: Sequence[Booking], locale: str) -> list[Draft]:
    """What is to be issued for bookings of one sale, read whole: credit notes, then an invoice; [] for nothing."""
    lines = view.invoices.lines_of([booking.id for booking in bookings])
    words = PaperWords(template_words(locale, "invoice"), locale)
    invoice: list[DraftLine] = []
    credited: dict[UUID, list[DraftLine]] = defaultdict(list)
    paid = 0
    for booking in bookings:
        own = [line for line in lines if line.booking_id == booking.id]
        found = open_of(worth_of(view, booking), booking.tax_bps, [_signed(line) for line in own])
        invoice += [_line(words, booking, position) for position in found.invoice]
        paid += _paid(view, booking, own, sum(position.gross for position in found.invoice))
        for rate in {position.tax_bps for position in found.credit}:
            wanted = [position for position in found.credit if position.tax_bps == rate]
            for invoice_id, position in credited_on(wanted, _lefts(own, rate)):
                credited[invoice_id].append(_line(words, booking, position))
    made = [
        Draft(InvoiceKind.CREDIT_NOTE, tuple(parts), of=view.invoices.get_full(invoice_id))
        for invoice_id, parts in sorted(credited.items())
    ]
    return [*made, Draft(InvoiceKind.INVOICE, tuple(invoice), paid)] if invoice else made


def credit_draft(view: Reading, invoice: Invoice, booking_ids: Sequence[UUID] = ()) -> Draft | None:
    """A credit note of all that is left of an invoice, read whole, or of what is left of some bookings on it. None
    where nothing is left."""
    before = view.invoices.credits_of(invoice.id)
    back: dict[_Key, list[InvoiceLine]] = defaultdict(list)
    for credit in before:
        for line in credit.lines:
            back[(line.booking_id, line.tax_bps)].append(line)
    whole: dict[_Key, list[InvoiceLine]] = defaultdict(list)
    for line in invoice.lines:
        if not booking_ids or line.booking_id in booking_ids:
            whole[(line.booking_id, line.tax_bps)].append(line)
    words = PaperWords(template_words(invoice.locale, "invoice"), invoice.locale)
    parts: list[DraftLine] = []
    for key, lines in whole.items():
        gross = sum(line.gross for line in lines) - sum(line.gross for line in back[key])
        tax = sum(line.tax for line in lines) - sum(line.tax for line in back[key])
        if not back[key]:
            parts += [_again(line) for line in lines]
        elif gross:
            rest = Position(Item.CHANGE, 1, key[1], gross, tax)
            parts.append(DraftLine(key[0], lines[0].title, lines[0].about, words("rest"), rest))
    return Draft(InvoiceKind.CREDIT_NOTE, tuple(parts), of=invoice) if parts else None


def write(
    work: UnitOfWork,
    sale_id: UUID,
    currency: str,
    drafted: Sequence[Draft],
    seller: Seller,
    buyer: Buyer,
    *,
    locale: str,
    reason: str = "",
) -> list[Invoice]:
    """Issue documents: each takes the next number of its series of this desk and year, in this transaction, so that
    none is left out. The year is that of the agency's day. A credit note has the buyer of its invoice."""
    today = work.now.astimezone(zone_of(seller.zone)).date()
    issued: list[Invoice] = []
    for draft in drafted:
        series = SERIES[draft.kind]
        row = Invoice(
            number=work.selling.take_numbers(work.desk_id, today.year, {series: 1})[series][0],
            kind=draft.kind,
            desk_id=work.desk_id,
            sale_id=sale_id,
            of_id=None if draft.of is None else draft.of.id,
            issued_at=work.now,
            issued_on=today,
            issued_by=work.actor.user_id,
            locale=locale if draft.of is None else draft.of.locale,
            currency=currency,
            net=draft.gross - draft.tax,
            tax=draft.tax,
            gross=draft.gross,
            paid=draft.paid,
            seller=keys.to_json(seller),
            buyer=keys.to_json(buyer) if draft.of is None else dict(draft.of.buyer),
            reason="" if draft.of is None else reason,
        )
        work.invoices.save(row)
        for number, line in enumerate(draft.lines, 1):
            work.session.add(_row(row, number, line))
        work.flush()
        of = {} if draft.of is None else {"of": draft.of.number}
        work.audit(f"{draft.kind.value}.issue", "invoice", row.id, number=row.number, gross=row.gross, **of)
        work.publish(
            InvoiceIssued(aggregate_id=row.id, timestamp=work.now, number=row.number, sale_id=sale_id)
        )
        issued.append(row)
    return issued


def signed_sum(lines: Sequence[InvoiceLine]) -> int:
    """What was invoiced less what was credited, gross minor units."""
    return sum(_signed(line).gross for line in lines)


def _row(invoice: Invoice, number: int, line: DraftLine) -> InvoiceLine:
    position = line.position
    return InvoiceLine(
        invoice_id=invoice.id,
        position=number,
        booking_id=line.booking_id,
        item=position.item,
        title=line.title,
        about=line.about,
        text=line.text,
        quantity=position.quantity,
        net=position.net,
        tax_bps=position.tax_bps,
        tax=position.tax,
        gross=position.gross,
    )


def _signed(line: InvoiceLine) -> Position:
    sign = 1 if line.invoice.kind is InvoiceKind.INVOICE else -1
    return Position(line.item, sign * line.quantity, line.tax_bps, sign * line.gross, sign * line.tax)


def _again(line: InvoiceLine) -> DraftLine:
    position = Position(line.item, line.quantity, line.tax_bps, line.gross, line.tax)
    return DraftLine(line.booking_id, line.title, line.about, line.text, position)


def _lefts(lines: Sequence[InvoiceLine], rate: int) -> list[Left]:
    """What is left of one booking at a rate on each of its invoices, the newest first."""
    sums: dict[UUID, tuple[int, int]] = {}
    for line in lines:
        if line.tax_bps != rate:
            continue
        signed = _signed(line)
        on = line.invoice.of_id or line.invoice_id
        gross, tax = sums.get(on, (0, 0))
        sums[on] = (gross + signed.gross, tax + signed.tax)
    return [Left(invoice, *sums[invoice]) for invoice in sorted(sums, reverse=True)]


def _paid(view: Reading, booking: Booking, lines: Sequence[InvoiceLine], gross: int) -> int:
    """What has been paid of an invoice of that much: what is there for the booking beyond its earlier invoices."""
    if not gross:
        return 0
    there = view.payments.settled([booking.id])[booking.id] - view.refunds.approved([booking.id])[booking.id]
    return min(max(there - signed_sum(lines), 0), gross)


def _line(words: PaperWords, booking: Booking, position: Position) -> DraftLine:
    local = booking.departure.starts_at.astimezone(zone_of(booking.departure.zone))
    day = f"{words.date('day', local)}, {words.date('time', local)}"
    kept = position.item is Item.KEPT and booking.state is BookingState.CANCELLED
    return DraftLine(
        booking_id=booking.id,
        title=booking.trip.title,
        about=f"{booking.reference} · {day}",
        text=words("kept_all" if kept else position.item.value),
        position=position,
    )
