"""Days in fields: the order of the place, years of two digits, and what is no day."""

from __future__ import annotations

from datetime import date

import pytest

from travellr_desktop.errors import InvalidInput
from travellr_desktop.ui.day_text import day_of, parse_day, typed_day


@pytest.mark.parametrize("locale", ["en_GB", "en_US", "de_DE", "sr_Latn_ME", "ja_JP", "hu_HU"])
def test_a_day_is_read_as_it_is_written(locale: str) -> None:
    day = date(1988, 3, 4)
    assert parse_day(typed_day(day, locale), locale, 2026) == day
    assert parse_day("1988-03-04", locale, 2026) == day
    assert parse_day("  ", locale, 2026) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [("4.3.88", date(1988, 3, 4)), ("4/3/26", date(2026, 3, 4)), ("4-3-27", date(1927, 3, 4))],
)
def test_a_year_of_two_digits_is_of_this_hundred(text: str, read: date) -> None:
    assert parse_day(text, "en_GB", 2026) == read


@pytest.mark.parametrize(
    "text", ["yesterday", "31.2.1990", "1.1", "1.1.1.1", "99.99.9999", "4 Mar 1988", "0.0.0"]
)
def test_what_is_no_day_is_told(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever says so first
        parse_day(text, "en_GB", 2026)


@pytest.mark.parametrize(("locale", "like"), [("en_GB", "04/07/2026"), ("en_US", "07/04/2026")])
@pytest.mark.parametrize("text", ["", "soon", "31.2.2026"])
def test_a_field_without_a_day_shows_how_the_place_writes_one(locale: str, like: str, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        day_of(text, locale, "first_day")
    assert refused.value.field == "first_day"
    assert refused.value.hint == f"Write it like {like}."


def test_a_short_year_of_what_is_sold_lies_in_this_century() -> None:
    assert day_of("4.7.26", "en_GB", "first_day") == date(2026, 7, 4)
    assert day_of("4.7.99", "en_GB", "first_day") == date(2099, 7, 4)
