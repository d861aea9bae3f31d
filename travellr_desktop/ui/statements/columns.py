"""The list of statements: its columns, its filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.money import Money
from travellr_desktop.services.lists import StatementListRow
from travellr_desktop.ui.records.words import NOTHING, Words
from travellr_desktop.ui.statements.words import BADGES, period
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords

OFFICE = ListWords(
    "Statements",
    "statements",
    "receipt-text",
    "Each vendor gets one when a batch of payouts is approved.",
    search="Number, vendor, batch",
)
OWN = ListWords(
    "Statements",
    "statements",
    "receipt-text",
    "You get one each time the agency approves what you are paid.",
    search="Number, batch",
)


def statement_columns(words: Words, clock: Clock, *, own: bool) -> tuple[Column[StatementListRow], ...]:
    """Without the vendor for a vendor's person (`own`): all are theirs."""

    vendor: Column[StatementListRow] = Column(
        "vendor", "Vendor", lambda row: row.vendor, width=176, min_width=176, stretch=3, strong=True
    )
    columns: tuple[Column[StatementListRow], ...] = (
        Column(
            "at",
            "Issued",
            lambda row: words.stamp(row.at, clock.now()),
            Kind.DATE,
            width=104,
            descending_first=True,
        ),
        Column("number", "Number", lambda row: row.number, Kind.REFERENCE, width=132),
        vendor,
        Column(
            "last",
            "Days",
            lambda row: period(row.first, row.last, words),
            width=132,
            min_width=104,
            stretch=1,
            descending_first=True,
            yields=1,
        ),
        Column(
            "state",
            "Status",
            lambda row: BADGES[row.state][1],
            Kind.BADGE,
            badge=lambda row: BADGES[row.state][0],
            width=112,
            sortable=False,
        ),
        Column(
            "bookings",
            "Bookings",
            lambda row: f"{row.bookings:,}",
            Kind.NUMBER,
            width=72,
            sortable=False,
            yields=3,
        ),
        _amount("charges", "Charges", lambda row: words.money(row.charges), width=96, hidden=False, yields=2),
        _amount("refunds", "Refunds", lambda row: _or_nothing(words, row.refunds)),
        _amount("commission", "Commission", lambda row: _or_nothing(words, row.commission), width=96),
        _amount("carried_in", "Carried in", lambda row: _or_nothing(words, row.carried_in)),
        Column(
            "total",
            "Total",
            lambda row: words.money(row.total),
            Kind.MONEY,
            width=96,
            descending_first=True,
            sum="total",
        ),
        Column(
            "batch", "Batch", lambda row: row.batch, Kind.REFERENCE, width=132, sortable=False, hidden=True
        ),
    )
    return tuple(column for column in columns if not (own and column is vendor))


def _amount(
    key: str,
    title: str,
    text: Callable[[StatementListRow], str],
    *,
    width: int = 88,
    hidden: bool = True,
    yields: int = 0,
) -> Column[StatementListRow]:
    """A part of the total, with its sum below the list."""
    return Column(key, title, text, Kind.MONEY, width, sortable=False, hidden=hidden, yields=yields, sum=key)


def _or_nothing(words: Words, amount: Money) -> str:
    return words.money(amount) if amount else NOTHING


def statement_filters(
    years: Callable[[], Sequence[Choice]], vendors: Callable[[], Sequence[Choice]], *, own: bool
) -> tuple[ListFilter, ...]:
    """`years` and `vendors` are asked for each time they are offered."""
    filters = (
        ListFilter("vendor", "Vendor", vendors, many=False, pinned=True),
        ListFilter("year", "Year", years, many=False, pinned=True),
        ListFilter(
            "state", "Status", tuple(Choice(state, word) for state, (_, word) in BADGES.items()), pinned=True
        ),
    )
    return tuple(each for each in filters if not (own and each.key == "vendor"))
