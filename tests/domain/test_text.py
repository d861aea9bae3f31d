from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.text import (
    clean_email,
    clean_line,
    clean_lines,
    clean_name,
    clean_phone,
    fold,
    is_rtl,
    isolate,
    name_key,
    phone_key,
    search_text,
    search_words,
    without_bidi,
)
from travellr_desktop.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Đorđe\t Šćepanović ", "dorde scepanovic"),
        ("Łódź", "lodz"),
        ("SØREN", "soren"),
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("İstanbul", "istanbul"),
        ("ısı", "isi"),
        ("Zoë", "zoe"),
        ("Zoe\u0308", "zoe"),
        ("ﬁne Ｗｉｄｅ", "fine wide"),
        ("Ελλάς", "ελλασ"),
        ("हिन्दी", "हिनदी"),
        ("", ""),
        ("🙂 Ana", "🙂 ana"),
    ],
)
def test_folding_forgets_what_people_leave_out(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folding_knows_no_case_for_letters_that_have_one(text: str) -> None:
    assert fold(text.casefold()) == fold(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Blue   Cave ", "Blue Cave"),
        ("one\ntwo\tthree", "one two three"),
        ("a\x00b\x1bc", "abc"),
        ("a\u202eb", "ab"),
        ("e\u0301", "\u00e9"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("\ud800x", "x"),
    ],
)
def test_a_line_is_kept_without_what_cannot_be_seen(text: str, kept: str) -> None:
    assert clean_line(text, "title", 40) == kept


@given(st.text(st.characters()))
def test_a_cleaned_line_stays_as_it_is(text: str) -> None:
    once = clean_line(text, "title", 10_000, required=False)
    assert clean_line(once, "title", 10_000, required=False) == once
    once.encode()  # no lone surrogate is left


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d", "\x00", "\u00a0"])
def test_an_empty_line_is_refused_where_one_is_needed(text: str) -> None:
    with pytest.raises(InvalidInput, match="empty") as refusal:
        clean_line(text, "title", 40)
    assert refusal.value.field == "title"
    assert clean_line(text, "title", 40, required=False) == ""


def test_a_line_of_the_longest_length_is_taken_and_one_more_is_not() -> None:
    assert clean_line("x" * 40, "title", 40) == "x" * 40
    with pytest.raises(InvalidInput, match="41 characters, 40 at most") as refusal:
        clean_line("x" * 41, "title", 40)
    assert refusal.value.field == "title"


@pytest.mark.parametrize(
    "name", ["Ana", "محمد علي", "דנה", "李小龍", "Ana 🙂", "O’Neill-Šćepanović", "नेहा", "\u200fمحمد\u200f"]
)
def test_names_of_any_script_are_kept(name: str) -> None:
    assert clean_name(f"  {name} ") == name


@pytest.mark.parametrize("name", ["Ana\u202egnp", "Ana\x00", "\u2066Ana\u2069", "A\x1b[31mna", "\udc80"])
def test_names_with_hidden_controls_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="control") as refusal:
        clean_name(name)
    assert refusal.value.field == "name"


def test_empty_and_endless_names_are_refused() -> None:
    with pytest.raises(InvalidInput, match="empty"):
        clean_name(" \u200b ")
    with pytest.raises(InvalidInput, match="121 characters"):
        clean_name("x" * 121)


@pytest.mark.parametrize(
    ("text", "email"),
    [
        (" Ana@Example.COM ", "ana@example.com"),
        ("a.b+c@sub.example.co", "a.b+c@sub.example.co"),
        ("josé@españa.es", "josé@españa.es"),
    ],
)
def test_addresses_are_kept_in_lower_case(text: str, email: str) -> None:
    assert clean_email(text) == email


@pytest.mark.parametrize(
    "text",
    [
        *("ana", "ana@", "@example.com", "ana@example", "a b@example.com", "ana@@example.com", "ana@-x.com"),
        *(
            ".ana@example.com",
            "ana.@example.com",
            "a..b@example.com",
            "ana@example..com",
            "<ana@example.com>",
        ),
        *("ana@example.com, b@example.com", "x" * 250 + "@example.com"),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        clean_email(text)
    assert refusal.value.field == "email"


def test_address_and_number_may_be_left_out_where_they_are_not_needed() -> None:
    assert clean_email("  ", required=False) == ""
    assert clean_phone("", required=False) == ""
    with pytest.raises(InvalidInput, match="empty"):
        clean_email("")
    with pytest.raises(InvalidInput, match="empty"):
        clean_phone(" ")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+382 69 555 812", "+382 69 555 812"),
        ("(030) 123-456/7", "(030) 123-456/7"),
        ("+971 ٥٠ ١٢٣ ٤٥٦٧", "+971 50 123 4567"),
        ("555 0100 ext. 12", "555 0100 ext. 12"),
        ("555 0100 x12", "555 0100 x12"),
        ("\u202a+382 69 555 812\u202c", "+382 69 555 812"),
    ],
)
def test_numbers_are_kept_as_they_are_grouped(text: str, phone: str) -> None:
    assert clean_phone(text) == phone


@pytest.mark.parametrize("text", ["call me", "12", "1" * 21, "+382+69", "555-0100; rm", "²²²²²²"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a telephone number") as refusal:
        clean_phone(text)
    assert refusal.value.field == "phone"


def test_direction_can_be_told_set_and_taken_away() -> None:
    assert is_rtl("Ana דנה")
    assert is_rtl("محمد")
    assert not is_rtl("Ana 123")
    assert without_bidi(isolate("12\u200f.50\u061c")) == "12.50"


def fits(typed: str, name: str, email: str = "", phone: str = "") -> bool:
    text = search_text(name, email, phone)
    return all(any(way in text for way in ways) for ways in search_words(typed))


@pytest.mark.parametrize("typed", ["djuk", "duk", "đuk", "Đukić", "Djukic", "DUKIC"])
@pytest.mark.parametrize("name", ["Đukić", "Djukic"])
def test_a_letter_is_found_however_it_is_written(typed: str, name: str) -> None:
    assert fits(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("müller", "Mueller"),
        ("mueller", "Müller"),
        ("muller", "Müller"),
        ("oeystein", "Øystein"),
        ("thor", "Þór"),
    ],
)
def test_letters_are_found_as_other_keyboards_write_them(typed: str, name: str) -> None:
    assert fits(typed, name)


@pytest.mark.parametrize(
    "typed", ["069555410", "069/555-410", "+38269555410", "38269555410", "69 555 410", "5541"]
)
def test_a_number_is_found_however_it_is_grouped(typed: str) -> None:
    assert fits(typed, "Ana", phone="+382 69 555 410")


def test_every_word_has_to_fit() -> None:
    assert fits("vuk ana", "Ana Vuković")
    assert not fits("vuk marko", "Ana Vuković")
    assert search_words("  ") == ()


@given(st.text(max_size=30))
def test_a_name_is_found_by_itself(name: str) -> None:
    assert fits(name, name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Đukić Jovana", "jovana DJUKIC"), ("Müller, Hans", "Hans Mueller"), ("O'Neil", "o neil"), ("", " - ")],
)
def test_a_name_has_one_key_however_it_is_written(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_a_number_has_one_key_with_its_country_and_without() -> None:
    assert phone_key("+382 69 555 410") == phone_key("069/555-410") == phone_key("٠٦٩٥٥٥٤١٠") == "69555410"
    assert phone_key("1234") == phone_key("") == ""


def test_lines_are_kept_each_clean_and_none_empty() -> None:
    assert clean_lines("  Riva 4 \n\n 85330   Kotor\u202e\n", "address", 40) == "Riva 4\n85330 Kotor"
    assert clean_lines("\n \n", "address", 40) == ""
    with pytest.raises(InvalidInput) as raised:
        clean_lines("12345\n12345", "address", 10)
    assert raised.value.field == "address"
