"""Invoices and credit notes: what would be issued, issuing it, and what was.

What is issued is always the difference between what the bookings come to and what was invoiced of them so far
(`services.invoicing`). So whoever asks first issues it, and whoever asks at the same moment is told that it is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain import lengths
from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.invoicing import InvoiceKind
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.domain.states import BookingState
from travellr_desktop.domain.text import clean_line, clean_lines
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.events import SettingsChanged
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services import invoicing, keys
from travellr_desktop.services.invoice_reading import detail_of, previewed, row_of
from travellr_desktop.services.invoice_views import (
    BookingInvoices,
    Buyer,
    InvoiceDetail,
    InvoicePreview,
    InvoiceRow,
    InvoiceSettings,
    InvoiceTerms,
    Issued,
    NothingToInvoice,
    Seller,
    incomplete,
)
from travellr_desktop.services.invoicing import Draft
from travellr_desktop.services.typeset import template_words
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Agency, Booking
from travellr_desktop.storage.uow import Database, Reading

LONGEST_ADDRESS, LONGEST_BANK, LONGEST_FOOTER, LONGEST_NUMBER = 300, 300, 500, 80
AT_ONCE = 50
"""How many sales are invoiced by themselves in one go."""


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """What a form asks for: `invoice` and `credit` as the preview showed them, `reason` for what is credited."""

    booking_ids: tuple[UUID, ...]
    buyer: Buyer
    invoice: Money
    credit: Money
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Credit:
    invoice_id: UUID
    booking_ids: tuple[UUID, ...]
    reason: str


class InvoiceService:
    def __init__(self, database: Database, gateway: PaymentGateway, *, locale: str) -> None:
        """`locale` is that of what is printed from now on; what was issued keeps its own."""
        self._db = database
        self._gateway = gateway
        self._locale = locale

    # what the agency says of itself

    def settings(self, actor: Actor) -> InvoiceSettings:
        """What stands on invoices, and what is missing to issue one."""
        require(actor, Permission.INVOICE_ISSUE)
        with self._db.read() as view:
            agency = view.agency.get()
            terms = InvoiceTerms(
                agency.address,
                agency.country,
                agency.registration,
                agency.bank,
                agency.invoice_footer,
                agency.invoiced_since is not None,
            )
            return InvoiceSettings(terms, agency.legal, agency.tax_number, _missing(agency))

    def save_settings(self, actor: Actor, terms: InvoiceTerms) -> None:
        """What was issued stays as it is. Raises `InvalidInput` naming every field at fault."""
        require(actor, Permission.SETTINGS_WRITE)
        faults = Faults()
        fresh = {
            "address": faults.read("", clean_lines, terms.address, "address", LONGEST_ADDRESS),
            "country": faults.read("", clean_line, terms.country, "country", lengths.COUNTRY, False),
            "registration": faults.read(
                "", clean_line, terms.registration, "registration", LONGEST_NUMBER, False
            ),
            "bank": faults.read("", clean_lines, terms.bank, "bank", LONGEST_BANK),
            "invoice_footer": faults.read("", clean_lines, terms.footer, "footer", LONGEST_FOOTER),
        }
        faults.end()
        with self._db.write(Commit.SETTINGS_SAVE, actor) as work:
            agency = work.agency.get()
            changed = tuple(name for name, value in fresh.items() if getattr(agency, name) != value)
            for name in changed:
                setattr(agency, name, fresh[name])
            if terms.by_itself != (agency.invoiced_since is not None):
                agency.invoiced_since = work.now if terms.by_itself else None
                changed = (*changed, "invoiced_since")
            if changed:
                work.audit("settings.save", "agency", agency.id, names=list(changed))
                work.publish(SettingsChanged(aggregate_id=agency.id, timestamp=work.now, names=changed))
            work.commit()

    # issuing

    def preview(self, actor: Actor, booking_ids: Sequence[UUID]) -> InvoicePreview:
        """What would be issued now for bookings of one sale, to whoever bought. Nothing is written. Raises `NotFound`,
        `InvalidInput` where they are of several sales, `WrongState` where none of them is sold."""
        require(actor, Permission.INVOICE_ISSUE)
        with self._db.read() as view:
            return self._preview(view, _load(view, booking_ids))

    def preview_sale(self, actor: Actor, sale_id: UUID) -> InvoicePreview:
        """The same for all bookings of a sale that are sold."""
        require(actor, Permission.INVOICE_ISSUE)
        with self._db.read() as view:
            bookings = view.sales.get_full(sale_id).bookings
            sold = [b.id for b in bookings if b.state is not BookingState.PENDING]
            return self._preview(view, _load(view, sold or [b.id for b in bookings]))

    def issue(self, actor: Actor, order: IssueOrder, *, key: UUID) -> Issued:
        """Issue what the preview showed: an invoice of what is new, credit notes of what is too much. Raises
        `SellerIncomplete`, `NothingToInvoice`, `WrongState` where it has changed since it was shown, `InvalidInput` of
        the buyer's fields, and as `preview`; `KeyReused`."""
        require(actor, Permission.INVOICE_ISSUE)
        buyer, reason = _checked(order.buyer), clean_line(order.reason, "reason", 500, required=False)
        with self._db.write(Commit.INVOICE_ISSUE, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "invoice.issue", order)
            if earlier is not None:
                assert earlier.result is not None  # kept in the transaction that issues
                return keys.from_json(Issued, earlier.result)
            bookings = _load(work, order.booking_ids)
            drafted = invoicing.drafts(work, bookings, self._locale)
            if not drafted:
                raise NothingToInvoice(_done_words(work, bookings))
            currency = bookings[0].currency
            if (order.invoice, order.credit) != _sums(drafted, currency):
                raise WrongState("What is to be invoiced has changed since it was shown.", hint="Look again.")
            rows = invoicing.write(
                work,
                bookings[0].sale_id,
                currency,
                drafted,
                self._seller(work, actor),
                buyer,
                locale=self._locale,
                reason=reason,
            )
            issued = Issued(bookings[0].sale_id, tuple(map(row_of, rows)))
            keys.finish(work, key, issued, issued.sale_id)
            work.commit()
        return issued

    def credit(
        self,
        actor: Actor,
        invoice_id: UUID,
        *,
        reason: str,
        key: UUID,
        booking_ids: Sequence[UUID] = (),
    ) -> Issued:
        """Credit all that is left of an invoice, or of some bookings on it, whatever they come to: what stood on it
        can be invoiced again, to another buyer for example. Raises `NotFound`, `InvalidInput` for no reason,
        `WrongState` where nothing is left, `SellerIncomplete`, `KeyReused`."""
        require(actor, Permission.INVOICE_ISSUE)
        asked = _Credit(invoice_id, tuple(sorted(booking_ids)), clean_line(reason, "reason", 500))
        with self._db.write(Commit.INVOICE_CREDIT, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "invoice.credit", asked)
            if earlier is not None:
                assert earlier.result is not None  # kept in the transaction that credits
                return keys.from_json(Issued, earlier.result)
            invoice = work.invoices.get_full(invoice_id)
            if invoice.kind is not InvoiceKind.INVOICE:
                raise WrongState(f"{invoice.number} is a credit note.", hint="Credit the invoice it is of.")
            draft = invoicing.credit_draft(work, invoice, asked.booking_ids)
            if draft is None:
                raise WrongState(
                    f"Nothing is left of {invoice.number} to be credited.", hint="See its credit notes."
                )
            rows = invoicing.write(
                work,
                invoice.sale_id,
                invoice.currency,
                [draft],
                self._seller(work, actor),
                keys.from_json(Buyer, invoice.buyer),
                locale=self._locale,
                reason=asked.reason,
            )
            issued = Issued(invoice.sale_id, tuple(map(row_of, rows)))
            keys.finish(work, key, issued, issued.sale_id)
            work.commit()
        return issued

    def issue_due(self) -> int:
        """Invoice what was confirmed since the agency wished that to be done by itself, to whoever bought, and credit
        what disputes that were lost since then have taken of what was invoiced; returns of how many sales and bookings.
        The program's own doing: nobody is asked. Nothing where the agency has not said all of itself."""
        with self._db.read() as view:
            agency = view.agency.find()
            if agency is None or agency.invoiced_since is None or _missing(agency):
                return 0
            desk, since = view.agency.this_desk().id, agency.invoiced_since
            sales = view.invoices.not_invoiced(desk, since, AT_ONCE)
            lost = view.invoices.lost_since(desk, since, invoicing.EARNED, AT_ONCE)
        issued = [self._issue_due(sale_id, InvoiceKind.INVOICE) for sale_id in sales]
        issued += [
            self._issue_due(sale_id, InvoiceKind.CREDIT_NOTE, only=booking) for sale_id, booking in lost
        ]
        return sum(issued)

    def _issue_due(self, sale_id: UUID, kind: InvoiceKind, only: UUID | None = None) -> bool:
        """Documents of one kind of a sale, or of one booking of it."""
        with self._db.write(Commit.INVOICE_ISSUE, SYSTEM) as work:
            sale = work.sales.get_full(sale_id)
            bookings = [b for b in sale.bookings if b.state is not BookingState.PENDING]
            whole = work.bookings.find_many([b.id for b in bookings if only in (None, b.id)])
            drafted = [d for d in invoicing.drafts(work, whole, self._locale) if d.kind is kind]
            if not drafted:
                return False
            buyer, seller = _buyer(whole[0]), self._seller(work, SYSTEM)
            reason = "" if only is None else str(template_words(self._locale, "invoice")["dispute_lost"])
            invoicing.write(
                work, sale.id, sale.currency, drafted, seller, buyer, locale=self._locale, reason=reason
            )
            work.commit()
        return True

    # what was issued

    def detail(self, actor: Actor, invoice_id: UUID) -> InvoiceDetail:
        """Raises `NotFound`."""
        require(actor, Permission.INVOICE_ISSUE)
        with self._db.read() as view:
            return detail_of(view, view.invoices.get_full(invoice_id))

    def find(self, actor: Actor, number: str) -> InvoiceDetail:
        """A document by its number. Raises `NotFound`."""
        require(actor, Permission.INVOICE_ISSUE)
        with self._db.read() as view:
            found = view.invoices.find_by_number(number.strip().upper())
            if found is None:
                raise NotFound(f"There is no invoice {number}.")
            return detail_of(view, view.invoices.get_full(found.id))

    def of_booking(self, actor: Actor, booking_id: UUID) -> BookingInvoices:
        """The documents of a booking, and what is open of it. Raises `NotFound`."""
        require(actor, Permission.INVOICE_ISSUE)
        with self._db.read() as view:
            booking = view.bookings.get_full(booking_id)
            drafted = invoicing.drafts(view, (booking,), self._locale)
            to_invoice, to_credit = _sums(drafted, booking.currency)
            rows = tuple(map(row_of, view.invoices.of_booking(booking_id)))
            return BookingInvoices(rows, to_invoice, to_credit)

    def of_sale(self, actor: Actor, sale_id: UUID) -> tuple[InvoiceRow, ...]:
        """The documents of a sale, the oldest first. Raises `NotFound`."""
        require(actor, Permission.INVOICE_ISSUE)
        with self._db.read() as view:
            return tuple(map(row_of, view.invoices.of_sale(view.sales.get(sale_id).id)))

    # parts

    def _preview(self, view: Reading, bookings: Sequence[Booking]) -> InvoicePreview:
        first = bookings[0]
        if all(booking.state is BookingState.PENDING for booking in bookings):
            raise WrongState(
                f"{first.reference} is not sold yet.", hint="An invoice is for what is confirmed."
            )
        drafted = invoicing.drafts(view, bookings, self._locale)
        invoice, credit = _sums(drafted, first.currency)
        return InvoicePreview(
            sale_id=first.sale_id,
            sale_reference=first.sale.reference,
            booking_ids=tuple(booking.id for booking in bookings),
            buyer=_buyer(first),
            documents=tuple(previewed(draft, first.currency) for draft in drafted),
            invoice=invoice,
            credit=credit,
            missing=_missing(view.agency.get()),
            earlier=tuple(map(row_of, view.invoices.of_sale(first.sale_id))),
        )

    def _seller(self, view: Reading, actor: Actor) -> Seller:
        agency, desk = view.agency.get(), view.agency.this_desk()
        if missing := _missing(agency):
            raise incomplete(missing)
        return Seller(
            name=agency.name,
            desk=desk.name,
            legal=agency.legal,
            address=agency.address,
            country=agency.country,
            tax_number=agency.tax_number,
            registration=agency.registration,
            contact=agency.contact,
            bank=agency.bank,
            footer=agency.invoice_footer,
            zone=agency.zone,
            issued_by=actor.name,
            sandbox=not self._gateway.kind.is_real,
        )


def _missing(agency: Agency) -> tuple[str, ...]:
    return tuple(
        name for name in ("legal", "address", "country", "tax_number") if not getattr(agency, name).strip()
    )


def _load(view: Reading, booking_ids: Sequence[UUID]) -> list[Booking]:
    bookings = list(view.bookings.find_many(booking_ids))
    if not bookings or len(bookings) != len(set(booking_ids)):
        raise NotFound("There is no such booking.")
    if len({booking.sale_id for booking in bookings}) > 1:
        raise InvalidInput("These bookings are of several sales.", hint="Invoice one sale after the other.")
    return bookings


def _buyer(booking: Booking) -> Buyer:
    who = booking.traveller
    return Buyer(who.name, who.address, who.country)


def _checked(buyer: Buyer) -> Buyer:
    faults = Faults()
    checked = Buyer(
        faults.read("x", clean_line, buyer.name, "name", lengths.LEGAL),
        faults.read("", clean_lines, buyer.address, "address", LONGEST_ADDRESS),
        faults.read("", clean_line, buyer.country, "country", lengths.COUNTRY, False),
        faults.read("", clean_line, buyer.tax_number, "tax_number", LONGEST_NUMBER, False),
    )
    faults.end()
    return checked


def _sums(drafted: Sequence[Draft], currency: str) -> tuple[Money, Money]:
    """What is invoiced and what is credited."""
    sums = {InvoiceKind.INVOICE: 0, InvoiceKind.CREDIT_NOTE: 0}
    for draft in drafted:
        sums[draft.kind] += draft.gross
    return Money(sums[InvoiceKind.INVOICE], currency), Money(sums[InvoiceKind.CREDIT_NOTE], currency)


def _done_words(view: Reading, bookings: Sequence[Booking]) -> str:
    numbers = [row.number for booking in bookings for row in view.invoices.of_booking(booking.id)]
    if not numbers:
        return f"There is nothing to invoice of {bookings[0].reference}."
    listed = ", ".join(dict.fromkeys(numbers))
    return f"All of it is invoiced: {listed}."
