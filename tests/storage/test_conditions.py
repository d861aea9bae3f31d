"""The conditions of lists: words that are looked for, and values as the columns hold them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import pytest

from travellr_desktop.errors import InvalidInput
from travellr_desktop.storage.conditions import contains, stored


def test_every_word_must_stand_somewhere_and_signs_are_taken_as_they_are() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, words TEXT)")
        people = ["goran petrovic", "jovana djukic", 'o"brian 50%', "li wei"]
        db.executemany("INSERT INTO person (words) VALUES (?)", [(words,) for words in people])
        for text in ("petro", "PETRO gor", "li", "li wei", 'o"b', "50%", "5_%", "zzz", "an dju"):
            condition = contains("p.words")(text)
            found = db.execute(
                f"SELECT p.id FROM person p WHERE {condition.sql}", condition.values
            ).fetchall()
            expected = [
                (number,)
                for number, words in enumerate(people, start=1)
                if all(word in words for word in text.casefold().split())
            ]
            assert found == expected, text


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (UUID(int=255), "000000000000000000000000000000ff"),
        (Colour.RED, "red"),
        (True, 1),
        (date(2026, 6, 18), "2026-06-18"),
        (datetime(2026, 6, 18, 8, 42, tzinfo=UTC), "2026-06-18T08:42:00.000000Z"),
        ("plain", "plain"),
        (7, 7),
    ],
)
def test_values_are_given_as_the_columns_hold_them(value: object, expected: object) -> None:
    assert stored(value) == expected
    assert type(stored(value)) in (str, int)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput):
        stored(datetime(2026, 6, 18, 8, 42))  # noqa: DTZ001 - the naive time is the point
