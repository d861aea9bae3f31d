"""The lists of options and of those who wait: columns, filters, and what each status is called."""

from __future__ import annotations

from datetime import datetime

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.lists import OptionListRow, WaitingListRow
from travellr_desktop.ui.days import Days
from travellr_desktop.ui.records.words import NOTHING, Words
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords

OPTIONS, WAITING = "options", "waiting"
"""The two views."""

OPTION_WORDS = ListWords(
    "Options",
    "options",
    "bookmark",
    "Seats kept to a date for travellers who have not decided are listed here. Press O at the desk to keep some.",
    first_action="Go to the desk",
)
WAITING_WORDS = ListWords(
    "Waiting list",
    "entries",
    "users",
    "Travellers who wait for seats of a full departure are listed here. Press W at the desk to add one.",
    first_action="Go to the desk",
)

STANDING = ("option", "offer")
OPEN = ("waiting", "offered")

_KEPT = {"option": "Option", "offer": "Offer", "released": "Released", "expired": "Lapsed"}
_WAITING = {
    "waiting": "Waiting",
    "offered": "Offered",
    "taken": "Sold",
    "withdrawn": "Withdrawn",
    "lapsed": "Lapsed",
}
_BADGES = {
    "option": "option",
    "hold": "option",
    "offer": "offer",
    "due": "due",
    "released": "released",
    "expired": "expired",
    "consumed": "consumed",
    "waiting": "on_list",
    "offered": "offer",
    "taken": "consumed",
    "withdrawn": "released",
    "lapsed": "expired",
}


def kept_badge(status: str, remind: datetime | None, now: datetime) -> tuple[str, str]:
    """Badge and word of something kept, by its kind or, once it has ended, by its state; an option whose reminder has
    come is due, and what is a hold again was taken up."""
    if status == "option" and remind is not None and remind <= now:
        return _BADGES["due"], "Due"
    return _BADGES[status], {**_KEPT, "hold": "Taken up", "consumed": "Sold"}[status]


def waiting_badge(status: str) -> tuple[str, str]:
    return _BADGES[status], _WAITING[status]


def option_columns(words: Words, clock: Clock) -> tuple[Column[OptionListRow], ...]:
    def badge(row: OptionListRow) -> tuple[str, str]:
        return kept_badge(row.status, row.remind, clock.now())

    def until_tone(row: OptionListRow) -> str:
        return "" if row.status in STANDING else "text_muted"

    def stamp(at: datetime | None) -> str:
        return NOTHING if at is None else words.stamp(at, clock.now())

    return (
        Column(
            "status",
            "Status",
            lambda row: badge(row)[1],
            Kind.BADGE,
            badge=lambda row: badge(row)[0],
            width=104,
        ),
        Column("traveller", "Traveller", lambda row: row.traveller, width=140, min_width=96, stretch=3),
        Column("trip", "Trip", lambda row: row.trip, width=160, min_width=84, stretch=3),
        Column(
            "departs",
            "Departs",
            lambda row: words.departs(row.departs, row.zone, clock.now()),
            Kind.DATE,
            width=132,
        ),
        Column("seats", "Seats", lambda row: f"{row.seats:,}", Kind.NUMBER, width=52, descending_first=True),
        Column("until", "Until", lambda row: stamp(row.until), Kind.DATE, width=104, tone=until_tone),
        Column("remind", "Remind", lambda row: stamp(row.remind), Kind.DATE, width=104, tone=until_tone),
        Column(
            "note",
            "Note",
            lambda row: row.note,
            width=140,
            min_width=60,
            stretch=2,
            sortable=False,
            hidden=True,
        ),
        Column("phone", "Phone", lambda row: row.phone, width=130, sortable=False, hidden=True),
        Column(
            "keeper",
            "Kept by",
            lambda row: row.kept_by or "Waiting list",
            width=120,
            sortable=False,
            hidden=True,
        ),
        Column(
            "kept", "Kept", lambda row: stamp(row.kept_at), Kind.DATE, 104, descending_first=True, hidden=True
        ),
    )


def waiting_columns(words: Words, clock: Clock) -> tuple[Column[WaitingListRow], ...]:
    def stamp(at: datetime | None) -> str:
        return NOTHING if at is None else words.stamp(at, clock.now())

    return (
        Column(
            "status",
            "Status",
            lambda row: waiting_badge(row.status)[1],
            Kind.BADGE,
            badge=lambda row: waiting_badge(row.status)[0],
            width=112,
        ),
        Column("place", "No.", lambda row: f"{row.place:,}" if row.place else NOTHING, Kind.NUMBER, width=44),
        Column("traveller", "Traveller", lambda row: row.traveller, width=140, min_width=96, stretch=3),
        Column("trip", "Trip", lambda row: row.trip, width=160, min_width=84, stretch=3),
        Column(
            "departs",
            "Departs",
            lambda row: words.departs(row.departs, row.zone, clock.now()),
            Kind.DATE,
            width=132,
        ),
        Column("seats", "Seats", lambda row: f"{row.seats:,}", Kind.NUMBER, width=52, descending_first=True),
        Column("joined", "Waits since", lambda row: stamp(row.joined), Kind.DATE, width=104),
        Column("offer", "Offer until", lambda row: stamp(row.until), Kind.DATE, width=104, sortable=False),
        Column(
            "note",
            "Note",
            lambda row: row.note,
            width=140,
            min_width=60,
            stretch=2,
            sortable=False,
            hidden=True,
        ),
        Column("phone", "Phone", lambda row: row.phone, width=130, sortable=False, hidden=True),
    )


def option_filters(days: Days) -> tuple[ListFilter, ...]:
    return (
        ListFilter("status", "Status", tuple(Choice(key, word) for key, word in _KEPT.items()), pinned=True),
        ListFilter("until", "Until", days.ahead, many=False, pinned=True),
        ListFilter("departs", "Departs", days.ahead, many=False),
    )


def waiting_filters(days: Days) -> tuple[ListFilter, ...]:
    return (
        ListFilter(
            "status", "Status", tuple(Choice(key, word) for key, word in _WAITING.items()), pinned=True
        ),
        ListFilter("departs", "Departs", days.ahead, many=False, pinned=True),
        ListFilter("joined", "Waits since", days.behind, many=False),
    )
