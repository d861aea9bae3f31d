"""Short ways to invoice in tests."""

from __future__ import annotations

from uuid import UUID, uuid4

from helpers.desk import Desk
from travellr_desktop.domain.invoicing import InvoiceKind
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.invoice_views import (
    Buyer,
    InvoiceDetail,
    InvoicePreview,
    InvoiceTerms,
    Issued,
)
from travellr_desktop.services.invoices import IssueOrder

TERMS = InvoiceTerms(
    address="Riva 4\n85330 Kotor",
    country="Montenegro",
    registration="5-0123456",
    bank="CKB Kotor\nIBAN ME25 5100 0000 0012 3456 78",
    footer="",
    by_itself=False,
)
COMPANY = Buyer("Nordlys Reiser AS", "Kongens gate 12\n0153 Oslo", "Norway", "NO 987 654 321 MVA")


def ready(desk: Desk, terms: InvoiceTerms = TERMS) -> None:
    """The agency says all of itself that an invoice needs."""
    view = desk.services.agency.view()
    assert view is not None
    draft = AgencyDraft(
        view.name, view.desk_name, "Kotor Riva d.o.o.", "02345678", "+382 32 555 010", view.zone
    )
    desk.services.agency.save(desk.admin, draft)
    desk.services.invoices.save_settings(desk.admin, terms)


def order_of(shown: InvoicePreview, buyer: Buyer | None = None, reason: str = "") -> IssueOrder:
    """What a form asks for that shows this preview."""
    return IssueOrder(shown.booking_ids, buyer or shown.buyer, shown.invoice, shown.credit, reason)


def issue(
    desk: Desk,
    *booking_ids: UUID,
    buyer: Buyer | None = None,
    actor: Actor | None = None,
    key: UUID | None = None,
) -> Issued:
    """Preview, then issue what it shows."""
    who = actor or desk.agent
    shown = desk.services.invoices.preview(who, booking_ids)
    return desk.services.invoices.issue(who, order_of(shown, buyer), key=key or uuid4())


def details(desk: Desk, issued: Issued) -> list[InvoiceDetail]:
    return [desk.services.invoices.detail(desk.agent, row.id) for row in issued.documents]


def numbers(issued: Issued) -> list[str]:
    return [row.number for row in issued.documents]


def amounts(issued: Issued) -> list[tuple[InvoiceKind, int]]:
    return [(row.kind, row.gross.minor) for row in issued.documents]
