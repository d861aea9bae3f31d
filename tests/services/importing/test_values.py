"""What a cell says, in the many ways in which people write it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.importing import values
from travellr_desktop.services.importing.columns import (
    FIELDS,
    ImportKind,
    guess,
    likely_kind,
    mapping_of,
    missing,
)

GOOD: list[tuple[Callable[[str], Any], str, Any]] = [
    (values.day, "2026-07-04", date(2026, 7, 4)),
    (values.day, "2026-07-04 00:00:00", date(2026, 7, 4)),
    (values.day, "4.7.2026", date(2026, 7, 4)),
    (values.day, "04.07.2026.", date(2026, 7, 4)),
    (values.day, "04/07/2026", date(2026, 7, 4)),
    (values.clock, "8:30", time(8, 30)),
    (values.clock, "08.30", time(8, 30)),
    (values.clock, "8h30", time(8, 30)),
    (values.clock, "8:30 pm", time(20, 30)),
    (values.clock, "12:05 a.m.", time(0, 5)),
    (values.whole, "24", 24),
    (values.whole, "1 200", 1200),
    (values.whole, "24.0", 24),
    (values.minutes, "180", 180),
    (values.minutes, "90 min", 90),
    (values.minutes, "3:15", 195),
    (values.minutes, "2.5 hours", 150),
    (values.minutes, "3 h", 180),
    (values.share, "20 %", 2000),
    (values.share, "12,5", 1250),
    (values.share, "0", 0),
    (values.lines, "Guide | Boat\nLunch", ("Guide", "Boat", "Lunch")),
    (values.country, "ME", "ME"),
    (values.country, "montenegro", "ME"),
    (values.language, "German", "de"),
]
BAD: list[tuple[Callable[[str], Any], str]] = [
    (values.day, "07/14/2026"),
    (values.day, "31.2.2026"),
    (values.day, "soon"),
    (values.day, "4.7.26"),
    (values.clock, "25:00"),
    (values.clock, "13:00 pm"),
    (values.clock, "noon"),
    (values.whole, "-3"),
    (values.whole, "1.5"),
    (values.whole, "9" * 12),
    (values.minutes, "a day"),
    (values.share, "120"),
    (values.share, "-5"),
    (values.share, "a fifth"),
    (values.country, "Atlantis"),
    (values.language, "Elvish"),
]


@pytest.mark.parametrize(("reader", "text", "value"), GOOD)
def test_what_people_write_is_read(reader: Callable[[str], Any], text: str, value: Any) -> None:
    assert reader(text) == value


@pytest.mark.parametrize(("reader", "text"), BAD)
def test_what_says_nothing_is_refused_in_words(reader: Callable[[str], Any], text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        reader(text)
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("45", "EUR", 4500),
        ("45.00", "EUR", 4500),
        ("45,00", "EUR", 4500),
        ("45,5", "EUR", 4550),
        ("1.250,00", "EUR", 125_000),
        ("1,250.00", "EUR", 125_000),
        ("1.250", "EUR", 125_000),
        ("1 250,00", "EUR", 125_000),
        ("1'250.50", "CHF", 125_050),
        ("€45", "EUR", 4500),
        ("45 EUR", "EUR", 4500),
        ("6,000", "JPY", 6000),
        ("12.345", "KWD", 12_345),
        ("0", "EUR", 0),
    ],
)
def test_amounts_are_read_with_either_mark(text: str, currency: str, minor: int) -> None:
    assert values.amount(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("-45", "EUR"),
        ("45 USD", "EUR"),
        ("free", "EUR"),
        ("45.000.00", "EUR"),
        ("4,50,00", "EUR"),
        ("45.5", "JPY"),
        ("45 or 50", "EUR"),
        ("9" * 20, "EUR"),
    ],
)
def test_amounts_that_may_mean_anything_are_refused(text: str, currency: str) -> None:
    with pytest.raises(InvalidInput):
        values.amount(text, currency)


# columns


@pytest.mark.parametrize(
    ("kind", "header", "fields"),
    [
        (
            ImportKind.TRAVELLERS,
            ["Vorname", "Nachname", "E-Mail", "Telefon", "Geburtsdatum"],
            ["first_name", "last_name", "email", "phone", "born"],
        ),
        (ImportKind.TRAVELLERS, ["ime i prezime", "GSM", "Država"], ["name", "phone", "country"]),
        (
            ImportKind.TRIPS,
            ["Tour code", "Operator", "Tour", "City", "Price", "Dauer"],
            ["code", "vendor", "title", "place", "adult", "duration_min"],
        ),
        (
            ImportKind.DEPARTURES,
            ["Trip", "Datum", "Uhrzeit", "Plätze", "Bemerkung"],
            ["trip", "day", "at", "capacity", "note"],
        ),
        (
            ImportKind.VENDORS,
            ["Company", "VENDOR_CODE", "Commission %", "Stars"],
            ["name", "code", "commission_bps", None],
        ),
    ],
)
def test_columns_are_guessed_from_names_in_several_spellings(
    kind: ImportKind, header: list[str], fields: list[str | None]
) -> None:
    found = {place: field for field, place in guess(kind, header).items()}
    assert [found.get(place) for place in range(len(header))] == fields


def test_an_exact_name_wins_over_a_like_one() -> None:
    assert guess(ImportKind.TRIPS, ["Name", "Title"])["title"] == 1
    assert guess(ImportKind.VENDORS, ["Id", "Code"])["code"] == 1


def test_a_person_says_which_column_it_is() -> None:
    header = ["Name", "Alias", "Mail"]
    found = mapping_of(ImportKind.TRAVELLERS, header, {"name": "Alias", "email": ""})
    assert found == {"name": 1}
    for wrong in ({"nickname": "Alias"}, {"name": "Nobody"}):
        with pytest.raises(InvalidInput) as refusal:
            mapping_of(ImportKind.TRAVELLERS, header, wrong)
        assert refusal.value.field == "map"


def test_what_every_row_needs_and_no_column_holds() -> None:
    assert [each.name for each in missing(ImportKind.TRAVELLERS, {"email": 0})] == ["name"]
    assert missing(ImportKind.TRAVELLERS, {"last_name": 0}) == ()
    assert [each.name for each in missing(ImportKind.DEPARTURES, {})] == ["trip", "day", "at", "capacity"]


def test_no_spelling_means_two_fields_of_a_kind_at_first_hand() -> None:
    for kind, fields in FIELDS.items():
        own = [field.spellings[0] for field in fields]
        assert len(set(own)) == len(own), kind


def test_what_a_file_holds_is_seen_from_its_columns() -> None:
    assert likely_kind(["Name", "Code", "Email", "Commission"]) is ImportKind.VENDORS
    assert likely_kind(["Company", "Email", "Phone"]) is ImportKind.VENDORS
    assert likely_kind(["vendor", "title", "place", "duration", "adult"]) is ImportKind.TRIPS
    assert likely_kind(["Code", "Datum", "Uhrzeit", "Plätze"]) is ImportKind.DEPARTURES
    assert likely_kind(["Vorname", "Nachname", "E-Mail"]) is ImportKind.TRAVELLERS
    assert likely_kind(["Name", "E-Mail", "Telefon"]) is ImportKind.TRAVELLERS, "people, not companies"
    assert likely_kind(["Name", "Email"], [ImportKind.VENDORS, ImportKind.TRIPS]) is ImportKind.VENDORS
    assert likely_kind(["title", "duration", "currency"]) is ImportKind.TRIPS, "what lacks is chosen by hand"
    assert likely_kind(["Wer", "Nummer"]) is None
