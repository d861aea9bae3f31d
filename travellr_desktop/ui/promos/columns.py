"""The list of promo codes: its columns, filters and words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.domain.promos import PromoState
from travellr_desktop.services.lists import PromoListRow
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords


def list_words() -> ListWords:
    return ListWords(
        say("Promo codes"),
        say("codes"),
        "tag",
        say("Words that take something off a sale are listed here."),
        first_action=say("New code"),
    )


def promo_columns(formats: Formats, today: Callable[[], date]) -> tuple[Column[PromoListRow], ...]:
    """`today` is the day in the agency's zone, on which a code is valid or not."""

    def value(row: PromoListRow) -> str:
        return f"{format_percent(row.bps)} %" if row.amount is None else formats.money(row.amount)

    def uses(row: PromoListRow) -> str:
        return f"{row.uses:,}" if row.most_uses is None else f"{row.uses:,} / {row.most_uses:,}"

    return (
        Column("code", say("Code"), lambda row: row.code, width=132, min_width=110, stretch=1, strong=True),
        Column("value", say("Takes off"), value, Kind.NUMBER, width=90),
        Column("bearer", say("Borne by"), bearer, width=84, sortable=False, yields=2),
        Column("first", say("From"), lambda row: day(row.first_day, formats), Kind.DATE, width=104, yields=1),
        Column("last", say("Until"), lambda row: day(row.last_day, formats), Kind.DATE, width=104),
        Column("uses", say("Used"), uses, Kind.NUMBER, width=70, descending_first=True),
        Column(
            "where",
            say("Only for"),
            lambda row: row.where or "–",
            width=150,
            min_width=84,
            stretch=2,
            yields=3,
        ),
        Column(
            "status",
            say("Status"),
            lambda row: word_of(row.state(today())),
            Kind.BADGE,
            badge=lambda row: badge_of(row.state(today())),
            width=118,
            sortable=False,
        ),
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


def badge_of(state: PromoState) -> str:
    return {
        PromoState.VALID: "confirmed",
        PromoState.NOT_YET: "created",
        PromoState.EXPIRED: "abandoned",
        PromoState.USED_UP: "abandoned",
        PromoState.DEACTIVATED: "cancelled",
    }[state]


def word_of(state: PromoState) -> str:
    return {
        PromoState.VALID: say("Valid"),
        PromoState.NOT_YET: say("Not yet valid"),
        PromoState.EXPIRED: say("Expired"),
        PromoState.USED_UP: say("Used up"),
        PromoState.DEACTIVATED: say("Deactivated"),
    }[state]


def promo_filters() -> tuple[ListFilter, ...]:
    return (
        ListFilter(
            "active",
            say("Status"),
            (Choice(True, say("Not deactivated")), Choice(False, say("Deactivated"))),
            many=False,
            pinned=True,
        ),
    )
