"""The columns of the differences, and what the list is called."""

from __future__ import annotations

from travellr_desktop.ui.reconciliation.rows import OneRow
from travellr_desktop.ui.reconciliation.words import say
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords

WORDS = ListWords(
    "Differences",
    "differences",
    "scale",
    "What the books and the provider or a till do not say alike will be here.",
    search="Find a difference",
)

OPEN = "open"


def filters() -> tuple[ListFilter, ...]:
    choices = (Choice(True, "Open"), Choice(False, "Explained"))
    return (ListFilter(OPEN, "Status", choices, many=False),)


def columns(words: Words) -> tuple[Column[OneRow], ...]:
    return (
        Column(
            "what",
            say("Difference"),
            lambda row: row.what,
            Kind.TWO_LINE,
            width=168,
            min_width=112,
            stretch=1,
            sortable=False,
            second=lambda row: row.about,
            strong=True,
        ),
        Column("day", say("Day"), lambda row: words.short_day(row.day), Kind.DATE, 64, sortable=False),
        Column("here", say("Books"), lambda row: words.or_nothing(row.here), Kind.MONEY, 88, sortable=False),
        Column(
            "there",
            say("Provider, till"),
            lambda row: words.or_nothing(row.there),
            Kind.MONEY,
            88,
            sortable=False,
        ),
        Column(
            "state",
            say("Status"),
            lambda row: say("Open") if row.is_open else say("Explained"),
            width=84,
            sortable=False,
            yields=1,
            tone=lambda row: "wait" if row.is_open else "text_secondary",
        ),
    )
