"""The list of payments: its columns, its filters and its views."""

from __future__ import annotations

from functools import partial

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.lists import PaymentListRow
from travellr_desktop.ui.days import Days
from travellr_desktop.ui.records.views import SavedView
from travellr_desktop.ui.records.words import PAYMENT_BADGES, WAY_ICONS, WAY_WORDS, Words
from travellr_desktop.ui.tables import Column, Kind
from travellr_desktop.ui.tables.filters import Choice, ListFilter
from travellr_desktop.ui.tables.nothing import ListWords

WAYS = {way.value: word for way, word in WAY_WORDS.items()}
STATES = tuple(
    Choice(state, word) for state, (_, word) in PAYMENT_BADGES.items() if state not in ("refunded", "created")
)
WORDS = ListWords(
    "Payments",
    "payments",
    "credit-card",
    "Every payment that was tried is listed here, with what came of it.",
    search="Filter these rows",
)


def way_words(row: PaymentListRow) -> str:
    """`Visa ending 4242`, `Cash`; the plain way where no card is known, as before a charge."""
    return row.label or WAYS.get(row.way, row.way)


def way_icon(row: PaymentListRow) -> str:
    return WAY_ICONS[Way(row.way)]


def payment_columns(words: Words, clock: Clock) -> tuple[Column[PaymentListRow], ...]:
    return (
        Column(
            "at",
            "When",
            lambda row: words.stamp(row.at, clock.now()),
            Kind.DATE,
            width=104,
            descending_first=True,
        ),
        Column("sale", "Sale", lambda row: row.sale_reference, Kind.REFERENCE, width=132),
        Column("traveller", "Traveller", lambda row: row.traveller, width=140, min_width=84, stretch=3),
        Column("way", "Way", way_words, width=150, min_width=100, stretch=2, icon=way_icon),
        Column(
            "status",
            "Status",
            lambda row: PAYMENT_BADGES[row.status][1],
            Kind.BADGE,
            badge=lambda row: PAYMENT_BADGES[row.status][0],
            width=120,
        ),
        Column(
            "amount",
            "Amount",
            lambda row: words.money(row.amount),
            Kind.MONEY,
            width=92,
            descending_first=True,
            sum="amount",
        ),
        Column(
            "refunded",
            "Refunded",
            lambda row: words.or_nothing(row.refunded),
            Kind.MONEY,
            width=92,
            sortable=False,
            sum="refunded",
        ),
        Column(
            "ref",
            "Provider's reference",
            lambda row: row.provider_ref or "–",
            Kind.REFERENCE,
            width=200,
            sortable=False,
            hidden=True,
        ),
    )


def payment_filters(days: Days) -> tuple[ListFilter, ...]:
    return (
        ListFilter("at", "When", days.behind, many=False, pinned=True),
        ListFilter("state", "Status", STATES, pinned=True),
        ListFilter("way", "Way", tuple(Choice(way, word) for way, word in WAYS.items())),
        ListFilter("act", "Outcome", (Choice(True, "Open"), Choice(False, "Settled")), many=False),
    )


def payment_views(days: Days) -> tuple[SavedView, ...]:
    return (
        SavedView("all", "All payments", dict),
        SavedView("today", "Today", lambda: {"at": days.range(days.today, days.today)}),
        SavedView("open", "Outcome open", partial(dict, act=True)),
        SavedView("declined", "Declined", partial(dict, state=("failed",))),
    )
