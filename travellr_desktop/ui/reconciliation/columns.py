"""The columns of the differences, and what the list is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from travellr_desktop.ui.reconciliation.rows import OneRow
from travellr_desktop.ui.reconciliation.words import CHANGED, KINDS, OVER, SHORT, say
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords

WORDS = ListWords(
    "Differences",
    "differences",
    "scale",
    "What the books and the provider or a till do not say alike will be here.",
    search="Find a difference",
)

OPEN, WHAT = "open", "what"


def filters(counted: Callable[[], Mapping[str, int]]) -> tuple[ListFilter, ...]:
    """By status, and by what differs; `counted` gives how many differences of each there are."""
    choices = (Choice(True, "Open"), Choice(False, "Explained"))

    def whats() -> Sequence[Choice]:
        counts = counted()
        known = (say(words) for words in (*KINDS.values(), CHANGED, SHORT, OVER))
        return [Choice(words, words, counts[words]) for words in known if counts.get(words)]

    return (
        ListFilter(OPEN, "Status", choices, many=False),
        ListFilter(WHAT, "Difference", whats),
    )


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
            second=lambda row: row.about,
            strong=True,
        ),
        Column("day", say("Day"), lambda row: words.short_day(row.day), Kind.DATE, 64),
        Column(
            "here",
            say("Books"),
            lambda row: words.or_nothing(row.here),
            Kind.MONEY,
            88,
            descending_first=True,
        ),
        Column(
            "there",
            say("Provider, till"),
            lambda row: words.or_nothing(row.there),
            Kind.MONEY,
            88,
            descending_first=True,
        ),
        Column(
            "state",
            say("Status"),
            lambda row: say("Open") if row.is_open else say("Explained"),
            width=84,
            yields=1,
            tone=lambda row: "wait" if row.is_open else "text_secondary",
        ),
    )
