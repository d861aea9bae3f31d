"""Neighbours, the way of the cursor, and the seats that a party takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.seat_places import (
    Nearness,
    Neighbour,
    best_together,
    children_alone,
    free_seats,
    mending_seat,
    neighbours,
    next_free,
    step,
)
from travellr_desktop.domain.seat_presets import PRESETS, boat_with_decks, boat_with_tables, coach
from travellr_desktop.domain.seat_text import plan_from
from travellr_desktop.domain.seating import Layout, PlanKind, Side

BUS = plan_from("1A 1B _ 1C 1D\n2A 2B _ 2C 2D\n3A 3B:guide _ 3C 3D")
PLANS = {kind: PRESETS[kind]() for kind in PlanKind}


def near(layout: Layout, label: str) -> dict[str, Nearness]:
    return {each.label: each.nearness for each in neighbours(layout)[label]}


def test_who_sits_beside_and_over_the_aisle_are_neighbours_and_nobody_in_front() -> None:
    assert near(BUS, "2B") == {"2A": Nearness.BESIDE, "2C": Nearness.AISLE}
    assert near(BUS, "2A") == {"2B": Nearness.BESIDE}, "one further on is none over somebody's head"
    assert neighbours(BUS)["2B"][0] == Neighbour("2A", Nearness.BESIDE), "the nearest first"


def test_the_same_where_the_front_is_up() -> None:
    up = plan_from("= coach, front top\n1A 1B _ 1C 1D\n2A 2B _ 2C 2D")
    assert near(up, "2B") == {"2A": Nearness.BESIDE, "2C": Nearness.AISLE}


def test_at_a_table_all_are_neighbours() -> None:
    boat = boat_with_tables()
    at_table = {label for label, how in near(boat, "3A").items() if how is Nearness.TABLE}
    assert at_table == {"3B", "3C", "3D"}


def test_decks_have_nobody_in_common() -> None:
    decks = boat_with_decks()
    assert not {label for label in near(decks, "1A") if label.startswith("U")}


@pytest.mark.parametrize("kind", PlanKind)
def test_neighbours_are_neighbours_of_each_other(kind: PlanKind) -> None:
    found = neighbours(PLANS[kind])
    for label, beside in found.items():
        for each in beside:
            assert Neighbour(label, each.nearness) in found[each.label]


def test_the_cursor_goes_by_where_seats_are() -> None:
    assert step(BUS, "1A", Side.RIGHT) == "2A"
    assert step(BUS, "2A", Side.LEFT) == "1A"
    assert step(BUS, "1B", Side.BOTTOM) == "1C", "over the aisle"
    assert step(BUS, "1C", Side.TOP) == "1B"
    assert step(BUS, "1A", Side.TOP) == "1A", "there is none"


def test_a_longer_back_row_is_reached_and_left() -> None:
    bus = coach()
    assert step(bus, "11B", Side.RIGHT) == "12B"
    assert step(bus, "12C", Side.LEFT) in ("11B", "11C")


@pytest.mark.parametrize("kind", PlanKind)
def test_the_cursor_reaches_every_seat_from_every_seat(kind: PlanKind) -> None:
    layout = PLANS[kind]
    ways = {label: {step(layout, label, side) for side in Side} for label in layout.areas}
    for start in layout.areas:
        seen, todo = {start}, [start]
        while todo:
            new = ways[todo.pop()] - seen
            seen |= new
            todo += new
        assert seen == set(layout.areas)


def test_the_next_free_seat_comes_round_to_the_beginning() -> None:
    taken = set(BUS.by_label) - {"1B", "2C", "3B"}
    assert next_free(BUS, taken, "1B") == "2C"
    assert next_free(BUS, taken, "2C") == "1B", "3B is never sold"
    assert next_free(BUS, set(BUS.by_label), "1A") is None
    assert free_seats(BUS, taken) == ["1B", "2C"]


def test_a_party_sits_together() -> None:
    assert best_together(BUS, (), [False, False]) == ("1A", "1B")
    four = best_together(BUS, (), [False] * 4)
    assert four is not None
    assert {label[0] for label in four} == {"1", "2"}, "two and two behind each other, not across the aisle"
    assert {label[1] for label in four} in ({"A", "B"}, {"C", "D"})


def test_a_party_sits_at_one_table() -> None:
    boat = boat_with_tables()
    three = best_together(boat, {"1A", "2B"}, [False] * 3)
    assert three is not None
    assert len({boat.by_label[label].table for label in three}) == 1


def test_one_alone_leaves_pairs_whole() -> None:
    assert best_together(BUS, {"2D"}, [False]) in (("2C",), ("3A",))


def test_nobody_needs_no_seat_and_too_few_are_none() -> None:
    assert best_together(BUS, (), []) == ()
    assert best_together(BUS, set(BUS.by_label) - {"1A"}, [False, False]) is None


def test_children_sit_beside_a_grown_up_where_seats_allow() -> None:
    party = [False, False, True, True]
    seats = best_together(BUS, (), party)
    assert seats is not None
    assert children_alone(seats, party, neighbours(BUS)) == ()


def test_children_whom_no_change_of_places_helps_stay_alone() -> None:
    taken = set(BUS.by_label) - {"1A", "2A", "3A"}
    party = [False, True, True]
    seats = best_together(BUS, taken, party)
    assert seats is not None
    assert children_alone(seats, party, neighbours(BUS)) == (1, 2)


def test_a_child_over_the_aisle_is_not_alone_and_one_in_front_is() -> None:
    beside = neighbours(BUS)
    assert children_alone(["1B", "1C"], [False, True], beside) == ()
    assert children_alone(["1B", "2B"], [False, True], beside) == (1,)
    assert children_alone(["1A", "3D"], [True, True], beside) == (), "nobody is there to sit beside"
    assert children_alone(["1B", None], [False, True], beside) == (), "who has no seat yet sits nowhere"


def test_the_seat_that_mends_it_is_the_closest_kind() -> None:
    beside = neighbours(BUS)
    seats, party = ["1B", "3D"], [False, True]
    assert mending_seat(BUS, {"1B", "3D"}, seats, party, 1, beside) == "1A"
    assert mending_seat(BUS, {"1B", "3D", "1A"}, seats, party, 1, beside) == "1C"
    assert mending_seat(BUS, {"1B", "3D", "1A", "1C"}, seats, party, 1, beside) is None
    assert mending_seat(BUS, {"1B"}, ["1B", None], party, 1, beside) is None


@given(
    kind=st.sampled_from(PlanKind),
    taken=st.sets(st.integers(0, 200)),
    party=st.lists(st.booleans(), max_size=9),
)
def test_a_party_gets_free_seats_of_the_plan_each_one_or_none(
    kind: PlanKind, taken: set[int], party: list[bool]
) -> None:
    layout = PLANS[kind]
    labels = {seat.label for at, seat in enumerate(layout.seats) if at in taken}
    seats = best_together(layout, labels, party)
    free = free_seats(layout, labels)
    if seats is None:
        assert len(free) < len(party)
    else:
        assert len(set(seats)) == len(seats) == len(party)
        assert set(seats) <= set(free)


def test_a_party_sits_in_one_row_whichever_way_the_front_is() -> None:
    up = plan_from("= coach, front top\n1A _ 1B 1C\n2A _ 2B 2C")
    assert best_together(up, {"1A"}, [False, False]) == ("1B", "1C")


def test_who_joins_others_sits_near_them() -> None:
    taken = {"3C", "3D"}
    assert best_together(BUS, taken, [False], beside=["3C"]) in (("2C",), ("3A",))
    assert best_together(BUS, {"2A"}, [False], beside=["2A"]) == ("2B",)
    boat = boat_with_tables()
    assert best_together(boat, {"9A", "9B"}, [True], beside=["9A", "9B"]) in (("9C",), ("9D",))


def test_a_large_plan_is_seated_as_well() -> None:
    rows = [f"{row}A {row}B _ {row}C {row}D" for row in range(1, 151)]
    large = plan_from("\n".join(rows))
    seats = best_together(large, set(list(large.by_label)[:300]), [False, False, True])
    assert seats is not None
    assert len({label.rstrip("ABCD") for label in seats}) <= 2
