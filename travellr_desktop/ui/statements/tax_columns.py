"""The list of yearly totals: its columns, and what may be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from travellr_desktop.domain.text import fold
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.tax_totals import TaxRow
from travellr_desktop.ui.records.words import NOTHING, Words
from travellr_desktop.ui.statements.words import say
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords

ABOVE = "above"

WORDS = ListWords(
    "Tax totals",
    "vendors",
    "landmark",
    "A vendor is listed here who took in or was paid anything in the year.",
    search="Vendor, tax number",
)

_ORDERS: dict[str, Callable[[TaxRow], Any]] = {
    "vendor": lambda row: fold(row.vendor),
    "transactions": lambda row: row.transactions,
    "gross": lambda row: (row.gross.currency, row.gross.minor),
    "paid_out": lambda row: (row.paid_out.currency, row.paid_out.minor),
}


def tax_filters() -> tuple[ListFilter, ...]:
    choices = (Choice(True, say("Above one")), Choice(False, say("Above none")))
    return (ListFilter(ABOVE, say("Threshold"), choices, many=False, pinned=True),)


def tax_rows(rows: Iterable[TaxRow], query: ListQuery) -> list[TaxRow]:
    """The rows that are asked for, in the order that is asked for."""
    words, above = fold(query.text).split(), query.filters.get(ABOVE)
    found = [
        row
        for row in rows
        if (above is None or bool(row.forms) is above)
        and all(word in fold(f"{row.vendor} {row.legal} {row.code} {row.tax_number}") for word in words)
    ]
    order = _ORDERS.get(query.sort)
    return found if order is None else sorted(found, key=order, reverse=query.descending)


def tax_columns(words: Words) -> tuple[Column[TaxRow], ...]:
    return (
        Column(
            "vendor",
            say("Vendor"),
            lambda row: row.vendor,
            width=180,
            min_width=110,
            stretch=3,
            strong=True,
        ),
        Column(
            "tax_number",
            say("Tax number"),
            lambda row: row.tax_number or NOTHING,
            width=120,
            sortable=False,
            yields=2,
        ),
        Column(
            "country",
            say("Country"),
            lambda row: row.country or NOTHING,
            width=110,
            min_width=72,
            stretch=1,
            sortable=False,
            yields=3,
        ),
        Column(
            "gross",
            say("Gross, before refunds"),
            lambda row: words.money(row.gross),
            Kind.MONEY,
            width=150,
            descending_first=True,
        ),
        Column(
            "transactions",
            say("Payments"),
            lambda row: f"{row.transactions:,}",
            Kind.NUMBER,
            width=84,
            descending_first=True,
        ),
        Column(
            "paid_out",
            say("Paid out"),
            lambda row: words.money(row.paid_out),
            Kind.MONEY,
            width=104,
            descending_first=True,
        ),
        Column(
            "above",
            say("Above threshold of"),
            lambda row: ", ".join(row.forms) or NOTHING,
            width=140,
            min_width=96,
            sortable=False,
            tone=lambda row: "wait" if row.forms else "text_muted",
            yields=1,
        ),
    )
