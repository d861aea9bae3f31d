"""The list of trips: its columns, filters and words."""

from __future__ import annotations

from travellr_desktop.services.lists import TripListRow
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.formats import Formats, duration
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords
from travellr_desktop.ui.vendors.columns import active_filter, badge_of, word_of


def list_words() -> ListWords:
    return ListWords(
        say("Trips"),
        say("trips"),
        "map",
        say("What vendors run and the desk sells is listed here."),
        first_action=say("New trip"),
    )


def trip_columns(formats: Formats) -> tuple[Column[TripListRow], ...]:
    def price(row: TripListRow) -> str:
        return "–" if row.price is None else formats.money(row.price)

    def coming(row: TripListRow) -> str:
        return f"{row.departures:,}" if row.departures else "–"

    return (
        Column(
            "title", say("Title"), lambda row: row.title, width=190, min_width=110, stretch=4, strong=True
        ),
        Column("vendor", say("Vendor"), lambda row: row.vendor, width=130, min_width=80, stretch=2),
        Column("place", say("Place"), lambda row: row.place, width=92, min_width=64, stretch=1),
        Column("price", say("Adult"), price, Kind.MONEY, width=80),
        Column("departures", say("Departures"), coming, Kind.NUMBER, width=96, descending_first=True),
        Column(
            "status",
            say("Status"),
            lambda row: word_of(row.active),
            Kind.BADGE,
            badge=lambda row: badge_of(row.active),
            width=118,
        ),
        Column("code", say("Code"), lambda row: row.code or "–", width=110, hidden=True),
        Column(
            "duration",
            say("Duration"),
            lambda row: duration(row.duration_min),
            Kind.NUMBER,
            width=84,
            hidden=True,
        ),
    )


def trip_filters() -> tuple[ListFilter, ...]:
    return (
        active_filter(),
        ListFilter(
            "coming",
            say("Departures"),
            (Choice(True, say("To come")), Choice(False, say("None"))),
            many=False,
            pinned=True,
        ),
    )
