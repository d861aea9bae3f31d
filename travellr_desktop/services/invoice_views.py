"""What is told of invoices: who issues them and to whom, what would be issued, what was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain.invoicing import InvoiceKind, Item
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import Refusal, WrongState


class SellerIncomplete(Refusal):
    """The agency has not said enough of itself to issue an invoice; `field` is the first that is missing."""

    hint = "Fill it in, in Settings, Invoices."


class NothingToInvoice(WrongState):
    """All that the bookings come to is invoiced, and nothing of it is to be credited."""

    hint = "See their invoices."


@dataclass(frozen=True, slots=True)
class Seller:
    """Who issues, as it stands on the document for ever. `address` and `bank` have lines; `sandbox`: the profile pays
    into the sandbox, and the document is not valid."""

    name: str
    desk: str
    legal: str
    address: str
    country: str
    tax_number: str
    registration: str
    contact: str
    bank: str
    footer: str
    zone: str
    issued_by: str
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Buyer:
    """To whom: a traveller or a company. `address` has lines."""

    name: str
    address: str = ""
    country: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceTerms:
    """What the agency says of itself on invoices, beside its legal name and tax number. `by_itself`: what is confirmed
    is invoiced without being asked, and what a lost dispute takes is credited."""

    address: str
    country: str
    registration: str
    bank: str
    footer: str
    by_itself: bool


@dataclass(frozen=True, slots=True)
class InvoiceSettings:
    """The terms as they stand, and what is missing of `legal`, `address`, `country` and `tax_number`."""

    terms: InvoiceTerms
    legal: str
    tax_number: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """A line: `title` and `about` of which booking, `text` for whom; the gross amount has `tax` in it."""

    booking_id: UUID
    title: str
    about: str
    text: str
    item: Item
    quantity: int
    tax_bps: int
    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class RateView:
    """What a document has at one rate."""

    tax_bps: int
    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class DocumentPreview:
    """A document that would be issued; `of` is the number of the invoice that a credit note is of, else ""."""

    kind: InvoiceKind
    of: str
    lines: tuple[LineView, ...]
    rates: tuple[RateView, ...]
    net: Money
    tax: Money
    gross: Money
    paid: Money


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """A document that was issued, in short."""

    id: UUID
    number: str
    kind: InvoiceKind
    issued_on: date
    gross: Money


@dataclass(frozen=True, slots=True)
class InvoicePreview:
    """What would be issued for some bookings of one sale. `invoice` and `credit` are to be handed to `issue`, which
    refuses if they have changed; `missing` is what the agency has not said of itself; `earlier` was issued before."""

    sale_id: UUID
    sale_reference: str
    booking_ids: tuple[UUID, ...]
    buyer: Buyer
    documents: tuple[DocumentPreview, ...]
    invoice: Money
    credit: Money
    missing: tuple[str, ...]
    earlier: tuple[InvoiceRow, ...]

    @property
    def nothing(self) -> bool:
        return not self.documents


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued, credit notes first."""

    sale_id: UUID
    documents: tuple[InvoiceRow, ...]


@dataclass(frozen=True, slots=True)
class BookingInvoices:
    """The documents of one booking, oldest first, and what is open of it on either side."""

    documents: tuple[InvoiceRow, ...]
    to_invoice: Money
    to_credit: Money


@dataclass(frozen=True, slots=True)
class InvoiceDetail:
    """A document as it was issued. `left` is what of an invoice was not credited; `credits` are its credit notes, `of`
    the invoice that a credit note is of."""

    id: UUID
    number: str
    kind: InvoiceKind
    of: InvoiceRow | None
    credits: tuple[InvoiceRow, ...]
    sale_id: UUID
    sale_reference: str
    bookings: tuple[tuple[UUID, str], ...]
    issued_at: datetime
    issued_on: date
    seller: Seller
    buyer: Buyer
    lines: tuple[LineView, ...]
    rates: tuple[RateView, ...]
    net: Money
    tax: Money
    gross: Money
    paid: Money
    left: Money
    reason: str

    @property
    def can_credit(self) -> bool:
        return self.kind is InvoiceKind.INVOICE and self.left.minor > 0


NAMES = {
    "legal": "the legal name",
    "address": "the address",
    "country": "the country",
    "tax_number": "the tax number",
}


def incomplete(missing: Sequence[str]) -> SellerIncomplete:
    """The refusal for what the agency has not said of itself, with one for each field."""
    words = [NAMES[name] for name in missing]
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    refusal = SellerIncomplete(
        f"An invoice needs {listed} of the agency.",
        field=missing[0],
    )
    refusal.others = tuple(
        SellerIncomplete(f"An invoice needs {NAMES[name]} of the agency.", field=name) for name in missing[1:]
    )
    return refusal
