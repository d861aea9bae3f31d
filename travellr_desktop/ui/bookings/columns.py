"""The list of bookings: its columns, its filters, and the views that set several at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.states import BookingState
from travellr_desktop.services.instalments import last_day
from travellr_desktop.services.lists import BookingListRow
from travellr_desktop.ui.days import Days
from travellr_desktop.ui.records.views import SavedView
from travellr_desktop.ui.records.words import NOTHING, Words
from travellr_desktop.ui.tables import Column, Kind
from travellr_desktop.ui.tables.filters import Choice, ListFilter
from travellr_desktop.ui.tables.nothing import ListWords

STATES: Mapping[BookingState, str] = {
    BookingState.PENDING: "Pending",
    BookingState.CONFIRMED: "Confirmed",
    BookingState.COMPLETED: "Completed",
    BookingState.CANCELLED: "Cancelled",
    BookingState.NO_SHOW: "No-show",
}
WORDS = ListWords(
    "Bookings",
    "bookings",
    "ticket",
    "What is sold at the desk is listed here, with what was paid and what is due.",
    first_action="New booking",
)


def booking_columns(words: Words, clock: Clock) -> tuple[Column[BookingListRow], ...]:
    """What yields to the panel of the row with the cursor stands in that panel."""

    def due_tone(row: BookingListRow) -> str:
        if row.is_overdue(clock.now()):
            return "bad"
        return "" if row.due is None else "text"

    def balance(row: BookingListRow) -> str:
        if row.balance_due_at is None:
            return NOTHING
        return words.short_day(last_day(row.balance_due_at, row.zone))

    return (
        Column("reference", "Reference", lambda row: row.reference, Kind.REFERENCE, width=132),
        Column("traveller", "Traveller", lambda row: row.traveller, width=126, min_width=120, stretch=2),
        Column("trip", "Trip", lambda row: row.trip, width=150, min_width=112, stretch=3, yields=1),
        Column(
            "departs",
            "Departs",
            lambda row: words.departs(row.departs, row.zone, clock.now()),
            Kind.DATE,
            width=132,
            yields=3,
        ),
        Column(
            "pax", "Pax", lambda row: f"{row.pax:,}", Kind.NUMBER, width=42, descending_first=True, yields=4
        ),
        Column("status", "Status", kind=Kind.BADGE, badge=lambda row: row.status, width=128),
        Column(
            "total",
            "Total",
            lambda row: words.money(row.total),
            Kind.MONEY,
            width=72,
            descending_first=True,
            yields=2,
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
            yields=5,
            sum="due",
        ),
        Column("balance", "Balance until", balance, Kind.DATE, width=112, tone=due_tone, hidden=True),
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


def booking_filters(days: Days, counts: Mapping[BookingState, int]) -> tuple[ListFilter, ...]:
    """`counts` are looked at when the states are offered; empty for those who may not know them."""

    def overdue() -> object:
        return days.range(days.today, None)[0]

    def states() -> tuple[Choice, ...]:
        return tuple(Choice(state.value, words, counts.get(state)) for state, words in STATES.items())

    return (
        ListFilter("departs", "Departs", days.ahead, many=False, pinned=True),
        ListFilter("state", "Status", states, pinned=True),
        ListFilter(
            "act", "Payment", (Choice(True, "Unpaid"), Choice(False, "Nothing due")), many=False, pinned=False
        ),
        ListFilter("overdue", "Balance", lambda: (Choice(overdue(), "Overdue"),), many=False),
        ListFilter("owed", "After the trip", (Choice(True, "Still owed"),), many=False),
        ListFilter("booked", "Booked", days.behind, many=False),
    )


def booking_views(days: Days) -> tuple[SavedView, ...]:
    def today() -> Mapping[str, object]:
        return {"departs": days.range(days.today, days.today)}

    return (
        SavedView("coming", "Coming up", lambda: {"departs": days.coming()}),
        SavedView("unpaid", "Unpaid and coming up", lambda: {"departs": days.coming(), "act": True}),
        SavedView("overdue", "Balance overdue", lambda: {"overdue": days.range(days.today, None)[0]}),
        SavedView("owed", "Owed after the trip", partial(dict, owed=True)),
        SavedView("today", "Leaving today", today),
        SavedView("cancelled", "Cancelled", partial(dict, state=("cancelled",))),
        SavedView("all", "All bookings", dict),
    )
