"""The list of bookings: its columns, its filters, and the views that set several at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.periods import day_bounds, month_of, week_of
from travellr_desktop.services.lists import BookingListRow
from travellr_desktop.ui.bookings.words import Words
from travellr_desktop.ui.tables import Column, Kind
from travellr_desktop.ui.tables.filters import Choice, ListFilter
from travellr_desktop.ui.tables.nothing import ListWords

STATES = (
    Choice("pending", "Pending"),
    Choice("confirmed", "Confirmed"),
    Choice("completed", "Completed"),
    Choice("cancelled", "Cancelled"),
    Choice("no_show", "No-show"),
)
WORDS = ListWords(
    "Bookings",
    "bookings",
    "ticket",
    "What is sold at the desk is listed here, with what was paid and what is due.",
    first_action="New booking",
)
Range = tuple[datetime | None, datetime | None]


def booking_columns(words: Words, clock: Clock) -> tuple[Column[BookingListRow], ...]:
    def due_tone(row: BookingListRow) -> str:
        return "" if row.due is None else "text"

    return (
        Column("reference", "Reference", lambda row: row.reference, Kind.REFERENCE, width=132),
        Column("traveller", "Traveller", lambda row: row.traveller, width=126, min_width=96, stretch=2),
        Column("trip", "Trip", lambda row: row.trip, width=150, min_width=84, stretch=3),
        Column(
            "departs",
            "Departs",
            lambda row: words.departs(row.departs, row.zone, clock.now()),
            Kind.DATE,
            width=132,
        ),
        Column("pax", "Pax", lambda row: f"{row.pax:,}", Kind.NUMBER, width=42, descending_first=True),
        Column("status", "Status", kind=Kind.BADGE, badge=lambda row: row.status, width=128),
        Column(
            "total",
            "Total",
            lambda row: words.money(row.total),
            Kind.MONEY,
            width=72,
            descending_first=True,
            sum="total",
        ),
        Column(
            "due",
            "Due",
            lambda row: words.or_nothing(row.due),
            Kind.MONEY,
            width=72,
            sortable=False,
            tone=due_tone,
            sum="due",
        ),
        Column("vendor", "Vendor", lambda row: row.vendor, width=120, hidden=True),
        Column(
            "sale",
            "Sale",
            lambda row: row.sale_reference,
            Kind.REFERENCE,
            width=132,
            sortable=False,
            hidden=True,
        ),
        Column(
            "booked",
            "Booked",
            lambda row: words.stamp(row.booked, clock.now()),
            Kind.DATE,
            width=112,
            descending_first=True,
            hidden=True,
        ),
    )


class Days:
    """Ranges of days on the desk's calendar, as a list's query takes them."""

    def __init__(self, words: Words, clock: Clock) -> None:
        self._words, self._clock = words, clock

    @property
    def today(self) -> date:
        return self._words.formats.local(self._clock.now(), self._words.formats.zone).date()

    def range(self, first: date | None, last: date | None) -> Range:
        """From the start of one day to the end of another; None leaves a side open."""
        zone = self._words.formats.zone
        return (
            None if first is None else day_bounds(first, zone)[0],
            None if last is None else day_bounds(last, zone)[1],
        )

    def coming(self) -> Range:
        return self.range(self.today, None)

    def ahead(self) -> Sequence[Choice]:
        """Choices for what is to come."""
        today = self.today
        tomorrow = today + timedelta(days=1)
        week, month = week_of(today), month_of(today)
        return (
            Choice(self.range(today, today), "Today"),
            Choice(self.range(tomorrow, tomorrow), "Tomorrow"),
            Choice(self.range(week.first, week.last), "This week"),
            Choice(self.range(today, today + timedelta(days=6)), "Next 7 days"),
            Choice(self.range(today, today + timedelta(days=29)), "Next 30 days"),
            Choice(self.range(month.first, month.last), "This month"),
            Choice(self.coming(), "Today and later"),
            Choice(self.range(None, today - timedelta(days=1)), "Before today"),
        )

    def behind(self) -> Sequence[Choice]:
        """Choices for what has been."""
        today = self.today
        before = today - timedelta(days=1)
        week, month = week_of(today), month_of(today)
        return (
            Choice(self.range(today, today), "Today"),
            Choice(self.range(before, before), "Yesterday"),
            Choice(self.range(week.first, week.last), "This week"),
            Choice(self.range(today - timedelta(days=6), today), "Last 7 days"),
            Choice(self.range(today - timedelta(days=29), today), "Last 30 days"),
            Choice(self.range(month.first, month.last), "This month"),
        )


def booking_filters(days: Days) -> tuple[ListFilter, ...]:
    return (
        ListFilter("departs", "Departs", days.ahead, many=False, pinned=True),
        ListFilter("state", "Status", STATES, pinned=True),
        ListFilter(
            "act", "Payment", (Choice(True, "Unpaid"), Choice(False, "Nothing due")), many=False, pinned=False
        ),
        ListFilter("booked", "Booked", days.behind, many=False),
    )


@dataclass(frozen=True, slots=True)
class SavedView:
    """Filters under one name. `filters` are asked for when it is chosen: days move on."""

    key: str
    words: str
    filters: Callable[[], Mapping[str, object]]


def booking_views(days: Days) -> tuple[SavedView, ...]:
    def today() -> Mapping[str, object]:
        return {"departs": days.range(days.today, days.today)}

    return (
        SavedView("coming", "Coming up", lambda: {"departs": days.coming()}),
        SavedView("unpaid", "Unpaid and coming up", lambda: {"departs": days.coming(), "act": True}),
        SavedView("today", "Leaving today", today),
        SavedView("cancelled", "Cancelled", partial(dict, state=("cancelled",))),
        SavedView("all", "All bookings", dict),
    )
