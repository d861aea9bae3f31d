"""Dates, times and durations as the screens write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from travellr_desktop.domain.money import Money
from travellr_desktop.ui.formats import Formats, clock, duration

NOON = datetime(2026, 6, 20, 10, 0, tzinfo=UTC)


def test_a_moment_is_told_on_the_clock_of_its_place() -> None:
    formats = Formats("en_GB", "Europe/Podgorica")
    assert formats.when(NOON, "Europe/Podgorica") == "Sat 20 Jun, 12:00"
    assert formats.when(NOON, "Europe/Lisbon") == "Sat 20 Jun, 11:00 (Lisbon time)"
    assert formats.desk_time(NOON) == "12:00:00"


def test_a_place_with_the_same_clock_is_not_named() -> None:
    formats = Formats("en_GB", "Europe/Podgorica")
    assert formats.elsewhere(NOON, "Europe/Vienna") == ""
    assert formats.elsewhere(NOON, "America/Argentina/Buenos_Aires") == "Buenos Aires time"


def test_a_place_is_named_only_while_its_clock_differs() -> None:
    formats = Formats("en_GB", "Europe/London")
    winter = datetime(2026, 12, 20, 10, 0, tzinfo=UTC)
    assert formats.elsewhere(winter, "Africa/Abidjan") == ""
    assert formats.elsewhere(NOON, "Africa/Abidjan") == "Abidjan time"


@pytest.mark.parametrize(
    ("locale", "short", "long"),
    [
        ("en_GB", "Sat 20 Jun", "Saturday 20 June"),
        ("de_DE", "Sa., 20. Juni", "Samstag, 20. Juni"),
        ("fr_FR", "sam. 20 juin", "samedi 20 juin"),
        ("en_US", "Sat, Jun 20", "Saturday, June 20"),
    ],
)
def test_days_are_written_as_the_locale_does(locale: str, short: str, long: str) -> None:
    formats = Formats(locale)
    assert formats.day(date(2026, 6, 20)) == short
    assert formats.day_long(date(2026, 6, 20)) == long


def test_money_follows_the_locale() -> None:
    assert Formats("de_DE").money(Money(123456, "EUR")) == "1.234,56\u00a0€"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (45, "45 min"),
        (60, "1 h"),
        (150, "2 h 30"),
        (185, "3 h 05"),
        (660, "11 h"),
        (1440, "1 d"),
        (4320, "3 d"),
    ],
)
def test_a_duration_is_told_in_few_words(minutes: int, words: str) -> None:
    assert duration(minutes) == words


@pytest.mark.parametrize(("seconds", "words"), [(-5, "0:00"), (5.9, "0:05"), (192, "3:12"), (3900, "1 h 05")])
def test_what_is_left_counts_down_to_nothing(seconds: float, words: str) -> None:
    assert clock(seconds) == words
