"""The list of disputes: its columns and its filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.lists import DisputeListRow
from travellr_desktop.ui.disputes.words import BADGES, REASONS, due_words, reason_words
from travellr_desktop.ui.records.words import NOTHING, Words
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords

WORDS = ListWords(
    "Disputes",
    "disputes",
    "shield-alert",
    "What a traveller's bank asks back is listed here, as soon as the provider says so.",
)


def dispute_columns(words: Words, clock: Clock) -> tuple[Column[DisputeListRow], ...]:
    def due(row: DisputeListRow) -> str:
        return due_words(words, row.due_by, clock.now(), decided=row.ended is not None, short=True)

    def due_tone(row: DisputeListRow) -> str:
        if row.ended is not None:
            return "text_muted"
        return "bad" if row.is_late(clock.now()) else ""

    return (
        Column(
            "opened",
            "Opened",
            lambda row: words.stamp(row.opened, clock.now()),
            Kind.DATE,
            width=104,
            descending_first=True,
        ),
        Column(
            "state",
            "Status",
            lambda row: BADGES[row.state][1],
            Kind.BADGE,
            badge=lambda row: BADGES[row.state][0],
            width=96,
        ),
        Column("due", "Answer by", due, width=132, min_width=104, tone=due_tone),
        Column("sale", "Sale", lambda row: row.sale, Kind.REFERENCE, width=132),
        Column(
            "traveller", "Traveller", lambda row: row.traveller, width=140, min_width=84, stretch=3, yields=1
        ),
        Column(
            "reason",
            "Reason",
            lambda row: reason_words(row.reason),
            width=170,
            min_width=96,
            stretch=2,
            sortable=False,
            yields=2,
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
            "fee",
            "Fee",
            lambda row: words.money(row.fee) if row.fee.minor else NOTHING,
            Kind.MONEY,
            width=80,
            sortable=False,
            sum="fee",
            yields=3,
        ),
        Column("bookings", "Bookings", lambda row: row.bookings, width=180, sortable=False, hidden=True),
        Column(
            "ref",
            "Provider's reference",
            lambda row: row.ref,
            Kind.REFERENCE,
            width=200,
            sortable=False,
            hidden=True,
        ),
    )


def dispute_filters(days: Callable[[], Sequence[Choice]]) -> tuple[ListFilter, ...]:
    """`days` offers the days behind."""
    return (
        ListFilter(
            "undecided",
            "Decision",
            (Choice(True, "Waited for"), Choice(False, "Made")),
            many=False,
            pinned=True,
        ),
        ListFilter(
            "state", "Status", tuple(Choice(state.value, word) for state, (_, word) in BADGES.items())
        ),
        ListFilter("reason", "Reason", tuple(Choice(reason, word) for reason, word in REASONS.items())),
        ListFilter("opened", "Opened", days, many=False),
    )
