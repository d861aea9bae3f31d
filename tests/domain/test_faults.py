"""A form is read to its end."""

from __future__ import annotations

import pytest

from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, Refusal


def fields(refusal: Refusal) -> list[str | None]:
    return [each.field for each in refusal.together]


def test_what_is_right_is_handed_on() -> None:
    faults = Faults()
    assert faults.read("", clean_line, " Blue  Cave ", "title", 200) == "Blue Cave"
    faults.check(clean_line, "Kotor", "place", 200)
    faults.end()


def test_all_faults_are_told_in_the_order_in_which_they_were_found() -> None:
    faults = Faults()
    assert faults.read("instead", clean_line, "", "title", 200) == "instead"
    faults.check(clean_line, "Kotor", "place", 3)
    with pytest.raises(InvalidInput, match="must not be empty") as told:
        faults.end()
    assert fields(told.value) == ["title", "place"]
    assert "3 at most" in str(told.value.others[0])


def test_of_a_field_and_its_parts_the_first_fault_counts() -> None:
    faults = Faults()
    for field in ("seasons.1.last", "seasons.1", "seasons.10", "prices", "prices.adult", "prices"):
        faults.add(InvalidInput("Wrong.", field=field))
    with pytest.raises(InvalidInput) as told:
        faults.end()
    assert fields(told.value) == ["seasons.1.last", "seasons.10", "prices"]


def test_faults_that_came_together_stay_together_and_those_of_no_field_are_all_kept() -> None:
    first = InvalidInput("One.", field="name")
    first.others = (InvalidInput("Two."), InvalidInput("Three."))
    faults = Faults()
    faults.add(first)
    with pytest.raises(InvalidInput) as told:
        faults.end()
    assert fields(told.value) == ["name", None, None]
    assert told.value.others[0].others == ()


def test_anything_else_than_a_fault_of_input_is_not_kept() -> None:
    def broken() -> str:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        Faults().read("", broken)
