"""A plan is taken as it is or refused in words: nothing in it is guessed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from travellr_desktop.domain.seat_presets import PRESETS, boat_with_decks, boat_with_tables, coach
from travellr_desktop.domain.seating import (
    MOST_SEATS,
    Area,
    Deck,
    Layout,
    Mark,
    MarkKind,
    Outline,
    PlanKind,
    Seat,
    SeatKind,
    Side,
    sellable,
    twice_in,
)
from travellr_desktop.errors import InvalidInput


def deck(*labels: str, width: int = 100, **more: Any) -> Deck:
    return Deck(width, 20, tuple(Seat(label, Area(11 * at, 0)) for at, label in enumerate(labels)), **more)


def given() -> Any:
    """A small plan as JSON, to be spoilt."""
    seats = (Seat("1A", Area(0, 0), SeatKind.TABLE, table="3"), Seat("1B", Area(0, 12), blocked="guide"))
    marks = (Mark(MarkKind.TABLE, Area(12, 0, 4, 22), "3"),)
    return Layout((Deck(40, 30, seats, marks, Outline.BOAT, Side.RIGHT, "Main"),), "1A 1B").to_json()


@pytest.mark.parametrize("kind", PlanKind)
def test_a_plan_survives_json(kind: PlanKind) -> None:
    layout = PRESETS[kind]()
    again = Layout.from_json(json.loads(json.dumps(layout.to_json())))
    assert again == layout
    assert again.text == layout.text


def test_the_presets_have_the_seats_they_promise() -> None:
    assert sellable(coach()) == 49
    assert sellable(coach(2)) == 13
    assert sellable(boat_with_tables()) == 40
    assert sellable(boat_with_tables(3)) == 12
    assert sellable(boat_with_decks()) == 44
    assert len(boat_with_decks().decks) == 2


def test_seats_are_found_by_label_deck_and_place() -> None:
    layout = Layout((deck("1A", "1B"), deck("2A", width=140)))
    assert [seat.label for seat in layout.seats] == ["1A", "1B", "2A"]
    assert layout.by_label["1B"].area.x == 11
    assert layout.deck_of == {"1A": 0, "1B": 0, "2A": 1}
    assert layout.areas["2A"].y == 20 + 12, "below the first deck, with room for a name"
    assert (layout.width, layout.height) == (140, 52)


def test_a_seat_twice_is_refused_over_all_decks_and_whatever_its_case() -> None:
    with pytest.raises(InvalidInput, match="1A is on the plan more than once") as told:
        Layout((deck("1A", "1B"), deck("1a")))
    assert told.value.field == "layout"
    with pytest.raises(InvalidInput, match="1A, 2B are on the plan more than once"):
        Layout((deck("1A", "2B"), deck("2B", "1A")))
    assert twice_in(["c", "C", "d"]) == ["C"]


@pytest.mark.parametrize(
    ("decks", "says"),
    [
        ((), "1 to 4 decks"),
        ((deck("1A"),) * 5, "1 to 4 decks"),
        ((deck(),), "no seat that could be sold"),
        ((Deck(20, 20, (Seat("1A", Area(0, 0), blocked="guide"),)),), "no seat that could be sold"),
    ],
)
def test_a_plan_without_seats_or_decks_is_refused(decks: tuple[Deck, ...], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        Layout(decks)


def test_more_seats_than_anybody_sells_are_refused() -> None:
    seats = tuple(Seat(f"S{n}", Area(11 * (n % 30), 11 * (n // 30))) for n in range(MOST_SEATS + 1))
    with pytest.raises(InvalidInput, match="601 seats; 600 is the most"):
        Layout((Deck(340, 400, seats),))


@pytest.mark.parametrize(
    ("seats", "says"),
    [
        ((Seat("1A", Area(35, 0)),), "Seat 1A is outside"),
        ((Seat("1A", Area(35, 0)), Seat("1B", Area(0, 35))), "Seats 1A, 1B are outside"),
        ((Seat("1A", Area(0, 0)), Seat("2A", Area(20, 0)), Seat("1B", Area(5, 5))), "1A and 1B overlap"),
    ],
)
def test_seats_outside_or_on_each_other_are_refused(seats: tuple[Seat, ...], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        Deck(40, 40, seats)


def test_a_mark_outside_is_refused() -> None:
    with pytest.raises(InvalidInput, match="mark stands outside"):
        Deck(40, 40, (), (Mark(MarkKind.WC, Area(35, 0)),))


@pytest.mark.parametrize("label", ["", "-", "1 A", "ÄB", "1234567", "1A!"])
def test_names_that_are_none_are_refused(label: str) -> None:
    with pytest.raises(InvalidInput, match="no name of a seat"):
        Seat(label, Area(0, 0))


@pytest.mark.parametrize(
    "area", [(-1, 0, 1, 1), (0, 0, 0, 1), (0, 0, 1, 4001), (0, 1.5, 1, 1), (True, 0, 1, 1)]
)
def test_places_are_whole_numbers_within_bounds(area: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidInput, match="whole number"):
        Area(*area)


def spoilt(path: str, value: Any) -> Any:
    """The small plan with one value of it replaced, or taken away for None."""
    data = given()
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at: Any = data
    for step in way:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("decks", {}, "no list"),
        ("decks", None, "needs decks"),
        ("text", 5, "text of a plan"),
        ("more", 1, "has no more"),
        ("decks.0", [], "not a deck"),
        ("decks.0.front", "ahead", "none of left, right"),
        ("decks.0.outline", 4, "no text"),
        ("decks.0.name", None, "needs name"),
        ("decks.0.seats", "1A", "no list"),
        ("decks.0.seats.0.x", "1", "whole number"),
        ("decks.0.seats.0.kind", "bed", "none of window"),
        ("decks.0.seats.0.label", 7, "no text"),
        ("decks.0.seats.0.size", 7, "has no size"),
        ("decks.0.marks.0.kind", "pool", "none of door"),
        ("decks.0.marks.0.words", None, "needs words"),
    ],
)
def test_anything_but_a_plan_is_refused(path: str, value: Any, says: str) -> None:
    assert Layout.from_json(given()).by_label["1B"].blocked == "guide"
    with pytest.raises(InvalidInput, match=says):
        Layout.from_json(spoilt(path, value))


def test_something_that_is_no_object_is_no_plan() -> None:
    with pytest.raises(InvalidInput, match="not a plan"):
        Layout.from_json(["decks"])
