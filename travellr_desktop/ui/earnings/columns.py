"""The list of lines of a vendor's earnings: its columns, its filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.lists import EarningListRow
from travellr_desktop.ui.earnings.words import ABOUT, BADGES, upper_first, when_and_why
from travellr_desktop.ui.records.words import NOTHING, Words
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords

WORDS = ListWords(
    "Bookings",
    "lines",
    "ticket",
    "Each booking is listed here once it is paid for, with its share and the day on which that becomes free.",
    search="Reference, trip",
)


def earning_columns(
    words: Words, clock: Clock, goes_out: Callable[[], date | None], *, own: bool
) -> tuple[Column[EarningListRow], ...]:
    """`goes_out` is the day on which what is free is paid at the earliest; `own`: the vendor's own person reads it."""

    def about(row: EarningListRow) -> str:
        return row.trip or (ABOUT.get(row.event, "") if row.event is not None else "")

    return (
        Column(
            "reference",
            "Booking",
            lambda row: row.reference or NOTHING,
            Kind.REFERENCE,
            width=144,
            strong=True,
        ),
        Column(
            "departs",
            "Departed or departs",
            lambda row: NOTHING if row.departs is None else words.departs(row.departs, row.zone, clock.now()),
            Kind.DATE,
            width=168,
            descending_first=True,
        ),
        Column("trip", "Trip", about, width=170, min_width=88, stretch=3, yields=1),
        Column(
            "pax",
            "Pax",
            lambda row: NOTHING if row.pax is None else str(row.pax),
            Kind.NUMBER,
            width=44,
            min_width=40,
            sortable=False,
            yields=3,
        ),
        Column(
            "retail",
            "Retail",
            lambda row: words.or_nothing(row.retail),
            Kind.MONEY,
            width=108,
            descending_first=True,
            sum="retail",
        ),
        Column(
            "commission",
            "Commission",
            lambda row: words.or_nothing(row.commission),
            Kind.MONEY,
            width=108,
            sum="commission",
            yields=2,
        ),
        Column(
            "share",
            "Your share" if own else "Vendor's share",
            lambda row: words.money(row.share),
            Kind.MONEY,
            width=108,
            descending_first=True,
            sum="share",
        ),
        Column(
            "state",
            "State",
            lambda row: BADGES[row.place][1],
            Kind.BADGE,
            badge=lambda row: BADGES[row.place][0],
            width=124,
        ),
        Column(
            "free",
            "When and why",
            lambda row: upper_first(when_and_why(row, words, goes_out())),
            width=190,
            min_width=110,
            stretch=2,
        ),
    )


def earning_filters(
    months: Callable[[], Sequence[Choice]], trips: Callable[[], Sequence[Choice]]
) -> tuple[ListFilter, ...]:
    """`months` and `trips` are asked for each time they are offered."""
    return (
        ListFilter(
            "state",
            "State",
            tuple(Choice(place.value, word) for place, (_, word) in BADGES.items()),
            pinned=True,
        ),
        ListFilter("travel", "Travel month", months, many=False, pinned=True),
        ListFilter("trip", "Trip", trips, many=False),
        ListFilter("payout", "Payout", (), many=False),
    )
