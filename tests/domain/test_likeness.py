from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.likeness import LIKELY, Likeness, Marks, Why, likeness
from travellr_desktop.domain.text import name_key, phone_key

BORN = date(1988, 3, 14)


def person(name: str, phone: str = "", email: str = "", born: date | None = None) -> Marks:
    return Marks(name_key(name), email, phone_key(phone), born)


JOVANA = person("Jovana Đukić", "+382 69 555 410", "jovana@example.org", BORN)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (person("Jovana Djukic", "069 555 410", born=BORN), {Why.PHONE, Why.NAME, Why.BORN}),
        (person("Đukić Jovana", "069555410"), {Why.PHONE, Why.NAME}),
        (person("J. Đukić", "069555410"), {Why.PHONE, Why.NAME_ALIKE}),
        (person("Jovanna Đukić", "069555410"), {Why.PHONE, Why.NAME_ALIKE}),
        (person("Jovana Marija Đukić", email="jovana@example.org"), {Why.EMAIL, Why.NAME_ALIKE}),
        (person("JOVANA DJUKIC", born=BORN), {Why.NAME, Why.BORN}),
    ],
)
def test_one_person_under_two_spellings_is_likely_the_same(other: Marks, why: set[Why]) -> None:
    alike = likeness(JOVANA, other)
    assert alike.likely
    assert set(alike.why) == why


@pytest.mark.parametrize(
    "other",
    [
        person("Dragan Đukić", "+382 69 555 410"),  # of one household
        person("Jovana Đukić"),  # of that name there are several
        person("Jovana Đukić", "+382 69 555 410", born=date(1961, 1, 2)),  # mother and daughter
        person("Dragan Petrović", "+382 67 555 093", born=BORN),
        person("", "", ""),
    ],
)
def test_a_shared_contact_or_a_shared_name_alone_is_not(other: Marks) -> None:
    assert not likeness(JOVANA, other).likely


def test_an_initial_may_be_a_letter_that_is_written_as_two() -> None:
    one = person("Đorđe Šćepanović", "+382 67 555 119")
    assert likeness(one, person("Đ. Šćepanović", "067 555 119")).likely


def test_records_that_say_nothing_are_not_alike() -> None:
    assert likeness(Marks("a"), Marks("b")) == Likeness(0, (Why.OTHER_NAME,))


marks = st.builds(
    Marks,
    st.sampled_from(("ana vukovic", "a vukovic", "anna vukovic", "ana", "", "王小明", "marko ilic")),
    st.sampled_from(("", "a@example.org", "b@example.org")),
    st.sampled_from(("", "69555410", "67555093")),
    st.sampled_from((None, BORN, date(2000, 1, 1))),
)


@given(marks, marks)
def test_it_is_the_same_either_way_round_and_within_bounds(one: Marks, other: Marks) -> None:
    alike = likeness(one, other)
    assert alike == likeness(other, one)
    assert 0 <= alike.score <= 99
    assert alike.likely == (alike.score >= LIKELY)


@given(marks, marks)
def test_a_contact_more_in_common_never_makes_it_less_likely(one: Marks, other: Marks) -> None:
    shared = likeness(replace(one, email="c@example.org"), replace(other, email="c@example.org"))
    assert shared.score >= likeness(replace(one, email=""), replace(other, email="")).score
