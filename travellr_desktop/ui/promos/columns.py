"""The list of promo codes: its columns, filters and words."""

from __future__ import annotations

from datetime import date

from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.services.lists import PromoListRow
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords
from travellr_desktop.ui.vendors.columns import badge_of


def list_words() -> ListWords:
    return ListWords(
        say("Promo codes"),
        say("codes"),
        "tag",
        say("Words that take something off a sale are listed here."),
        first_action=say("New code"),
    )


def promo_columns(formats: Formats) -> tuple[Column[PromoListRow], ...]:
    def value(row: PromoListRow) -> str:
        return f"{format_percent(row.bps)} %" if row.amount is None else formats.money(row.amount)

    def uses(row: PromoListRow) -> str:
        return f"{row.uses:,}" if row.most_uses is None else f"{row.uses:,} / {row.most_uses:,}"

    return (
        Column("code", say("Code"), lambda row: row.code, width=110, min_width=90, strong=True),
        Column("value", say("Takes off"), value, Kind.NUMBER, width=90),
        Column("bearer", say("Borne by"), bearer, width=84, sortable=False),
        Column("first", say("From"), lambda row: day(row.first_day, formats), Kind.DATE, width=104),
        Column("last", say("Until"), lambda row: day(row.last_day, formats), Kind.DATE, width=104),
        Column("uses", say("Used"), uses, Kind.NUMBER, width=70, descending_first=True),
        Column("where", say("Only for"), lambda row: row.where or "–", width=150, min_width=70, stretch=2),
        Column("status", say("Status"), status_word, Kind.BADGE, badge=status, width=118),
        Column(
            "name",
            say("Note"),
            lambda row: row.name or "–",
            width=150,
            stretch=1,
            sortable=False,
            hidden=True,
        ),
    )


def day(value: date, formats: Formats) -> str:
    """`1 Jun 2026`."""
    return f"{formats.day_of_year(value)} {value.year}"


def bearer(row: PromoListRow) -> str:
    return say("Agency") if row.own else say("Shared")


def status(row: PromoListRow) -> str:
    """The badge of a code."""
    return badge_of(row.active)


def status_word(row: PromoListRow) -> str:
    return word_of(row.active)


def word_of(active: bool) -> str:
    return say("Given") if active else say("Deactivated")


def promo_filters() -> tuple[ListFilter, ...]:
    return (
        ListFilter(
            "active",
            say("Status"),
            (Choice(True, say("Given")), Choice(False, say("Deactivated"))),
            many=False,
            pinned=True,
        ),
    )
