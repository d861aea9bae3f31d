"""The list of invoices and credit notes: its columns, its filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.invoicing import InvoiceKind
from travellr_desktop.services.lists import InvoiceListRow
from travellr_desktop.ui.records.words import NOTHING, Words
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords

WORDS = ListWords(
    "Invoices",
    "invoices",
    "file-text",
    "Issue one from a booking, or at the desk after a sale.",
    first_action="Go to Bookings",
    search="Number, buyer, sale",
)

KINDS = {InvoiceKind.INVOICE: "Invoice", InvoiceKind.CREDIT_NOTE: "Credit note"}


def invoice_columns(words: Words, clock: Clock) -> tuple[Column[InvoiceListRow], ...]:
    return (
        Column(
            "at",
            "Issued",
            lambda row: words.stamp(row.at, clock.now()),
            Kind.DATE,
            width=104,
            descending_first=True,
        ),
        Column("number", "Number", lambda row: row.number, Kind.REFERENCE, width=132),
        Column("kind", "Kind", lambda row: KINDS[row.kind], width=92, sortable=False),
        Column("buyer", "Buyer", lambda row: row.buyer, width=160, min_width=96, stretch=3),
        Column("sale", "Sale", lambda row: row.sale, Kind.REFERENCE, width=132),
        Column(
            "of",
            "Credit of",
            lambda row: row.of or NOTHING,
            Kind.REFERENCE,
            width=132,
            sortable=False,
            hidden=True,
        ),
        Column(
            "net",
            "Net",
            lambda row: words.money(row.net),
            Kind.MONEY,
            width=92,
            sortable=False,
            sum="net",
            hidden=True,
        ),
        Column(
            "tax", "Tax", lambda row: words.money(row.tax), Kind.MONEY, width=84, sortable=False, sum="tax"
        ),
        Column(
            "gross",
            "Amount",
            lambda row: words.money(row.gross),
            Kind.MONEY,
            width=96,
            descending_first=True,
            sum="gross",
        ),
        Column("by", "Issued by", lambda row: row.by or NOTHING, width=120, sortable=False, hidden=True),
    )


def invoice_filters(days: Callable[[], Sequence[Choice]]) -> tuple[ListFilter, ...]:
    return (
        ListFilter("at", "Issued", days, many=False, pinned=True),
        ListFilter("kind", "Kind", tuple(Choice(kind, word) for kind, word in KINDS.items()), pinned=True),
    )
