"""The list of entries: its columns, its filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.services.lists import LedgerListRow
from travellr_desktop.ui.ledger.words import EVENTS, account_name
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords
from travellr_desktop.ui.tables.columns import NOTHING

WORDS = ListWords(
    "Entries",
    "entries",
    "scale",
    "Every payment, refund and trip that was done is written here, to the last cent.",
    search="Find a booking or sale",
)

Choices = Callable[[], Sequence[Choice]]


def entry_columns(words: Words, clock: Clock) -> tuple[Column[LedgerListRow], ...]:
    return (
        Column(
            "at",
            "When",
            lambda row: words.stamp(row.at, clock.now()),
            Kind.DATE,
            width=100,
            descending_first=True,
        ),
        Column("event", "Event", lambda row: EVENTS[row.event], width=124, min_width=88, stretch=2),
        Column(
            "booking",
            "Booking or sale",
            lambda row: row.booking or row.sale or NOTHING,
            Kind.REFERENCE,
            width=128,
        ),
        Column(
            "debit",
            "Debit",
            lambda row: account_name(row.debit),
            width=124,
            min_width=84,
            stretch=2,
            sum="debit",
        ),
        Column(
            "credit",
            "Credit",
            lambda row: account_name(row.credit),
            width=124,
            min_width=84,
            stretch=2,
            sum="credit",
        ),
        Column(
            "amount",
            "Amount",
            lambda row: words.money(row.amount),
            Kind.MONEY,
            width=84,
            descending_first=True,
            sum="amount",
        ),
        Column("vendor", "Vendor", lambda row: row.vendor or NOTHING, width=140, sortable=False, hidden=True),
        Column(
            "number",
            "Entry",
            lambda row: f"{row.number:,}",
            Kind.NUMBER,
            width=72,
            sortable=False,
            hidden=True,
        ),
    )


def entry_filters(days: Choices, currencies: Choices, vendors: Choices) -> tuple[ListFilter, ...]:
    return (
        ListFilter(
            "account",
            "Account",
            tuple(Choice(account, account_name(account)) for account in Account),
            many=False,
            pinned=True,
        ),
        ListFilter("at", "When", days, many=False, pinned=True),
        ListFilter("event", "Event", tuple(Choice(event, EVENTS[event]) for event in LedgerEvent)),
        ListFilter("currency", "Currency", currencies, many=False),
        ListFilter("vendor", "Vendor", vendors, many=False),
    )
