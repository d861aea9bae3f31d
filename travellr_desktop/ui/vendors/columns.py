"""The list of vendors: its columns, filters and words."""

from __future__ import annotations

from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.services.lists import VendorListRow
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords


def list_words() -> ListWords:
    return ListWords(
        say("Vendors"),
        say("vendors"),
        "store",
        say("Who runs the trips is listed here, with the agency's share."),
        first_action=say("New vendor"),
    )


def vendor_columns() -> tuple[Column[VendorListRow], ...]:
    def trips(row: VendorListRow) -> str:
        return f"{row.trips:,}" if row.trips else "–"

    return (
        Column("name", say("Name"), lambda row: row.name, width=180, min_width=110, stretch=3, strong=True),
        Column("code", say("Code"), lambda row: row.code or "–", width=168, min_width=92),
        Column(
            "commission",
            say("Rate"),
            lambda row: f"{format_percent(row.rate_bps)} %",
            Kind.NUMBER,
            width=64,
        ),
        Column(
            "holdback", say("Holdback"), lambda row: f"{row.holdback_days} d", Kind.NUMBER, width=80, yields=2
        ),
        Column("trips", say("Trips"), trips, Kind.NUMBER, width=60, descending_first=True, yields=1),
        Column("status", say("Status"), status_word, Kind.BADGE, badge=status, width=118),
        Column("phone", say("Phone"), lambda row: row.phone or "–", width=130, sortable=False, hidden=True),
        Column(
            "email",
            say("Email"),
            lambda row: row.email or "–",
            width=180,
            stretch=1,
            sortable=False,
            hidden=True,
        ),
    )


def status(row: VendorListRow) -> str:
    """The badge of a vendor or a trip."""
    return badge_of(row.active)


def badge_of(active: bool) -> str:
    return "confirmed" if active else "cancelled"


def status_word(row: VendorListRow) -> str:
    return word_of(row.active)


def word_of(active: bool) -> str:
    return say("Offered") if active else say("Deactivated")


def active_filter() -> ListFilter:
    return ListFilter(
        "active",
        say("Status"),
        (Choice(True, say("Offered")), Choice(False, say("Deactivated"))),
        many=False,
        pinned=True,
    )


def vendor_filters() -> tuple[ListFilter, ...]:
    return (active_filter(),)
