"""What a person writes becomes a plan, or every place in it that cannot be read is named."""

from __future__ import annotations

import pytest

from travellr_desktop.domain.seat_text import TextProblem, plan_from, read_plan
from travellr_desktop.domain.seating import MarkKind, Outline, SeatKind, Side
from travellr_desktop.errors import InvalidInput


def problems(text: str) -> list[tuple[str, int, int, int]]:
    plan = read_plan(text)
    assert (plan.layout is None) == bool(plan.problems)
    return [(each.says, each.line, each.start, each.end) for each in plan.problems]


def test_rows_are_read_across_and_seats_know_where_they_are() -> None:
    layout = plan_from("1a 1B _ 1C 1D\n2A 2B _ 2C 2D")
    assert [seat.label for seat in layout.seats] == ["1A", "1B", "1C", "1D", "2A", "2B", "2C", "2D"]
    kinds = {seat.label: seat.kind for seat in layout.seats}
    assert kinds["1A"] is kinds["1D"] is SeatKind.WINDOW
    assert kinds["1B"] is kinds["1C"] is SeatKind.AISLE
    deck = layout.decks[0]
    assert (deck.outline, deck.front) == (Outline.COACH, Side.LEFT)
    assert layout.areas["2A"].x - layout.areas["1A"].right == 2
    assert layout.areas["1C"].y - layout.areas["1B"].bottom >= 8


def test_a_row_of_three_has_one_in_the_middle() -> None:
    assert plan_from("1A 1B 1C").by_label["1B"].kind is SeatKind.MIDDLE


def test_the_front_may_be_up() -> None:
    layout = plan_from("= coach, front top\n1A _ 1B\n2A _ 2B")
    assert layout.areas["2A"].y > layout.areas["1A"].y
    assert layout.areas["1B"].x > layout.areas["1A"].x


@pytest.mark.parametrize("front", Side)
def test_a_boat_has_room_for_its_bow_at_the_front(front: Side) -> None:
    layout = plan_from(f"= boat, front {front}\n1A 1B")
    seat, deck = layout.areas["1A"], layout.decks[0]
    free = {
        Side.LEFT: seat.x,
        Side.RIGHT: deck.width - seat.right,
        Side.TOP: seat.y,
        Side.BOTTOM: deck.height - seat.bottom,
    }
    assert free[front] == 30
    assert min(free.values()) == 4


def test_seats_that_are_never_sold_say_why() -> None:
    assert plan_from("1A 1B:tour_guide").by_label["1B"].blocked == "tour guide"


def test_those_at_a_table_sit_at_it() -> None:
    layout = plan_from("1A 1C _\n[1*2] _\n1B 1D 2A")
    assert {seat.label: (seat.kind, seat.table) for seat in layout.seats} == {
        **dict.fromkeys(("1A", "1B", "1C", "1D"), (SeatKind.TABLE, "1")),
        "2A": (SeatKind.WINDOW, ""),
    }
    beside = plan_from("1A [table 9] 1B _ 1C")
    assert beside.by_label["1A"].table == beside.by_label["1B"].table == "9"
    assert beside.by_label["1C"].table == ""


def test_marks_are_known_by_their_word_or_keep_it() -> None:
    marks = plan_from("[door] _ [wc] [Luggage]\n1A 1B 1C 1D").decks[0].marks
    assert [(mark.kind, mark.words) for mark in marks] == [
        (MarkKind.DOOR, "door"),
        (MarkKind.WC, "wc"),
        (MarkKind.WORDS, "Luggage"),
    ]


def test_a_wider_row_sets_the_width_and_others_grow_in_their_room_or_between_seats() -> None:
    layout = plan_from("1A 1B _ 1C 1D\n2A 2B 2C 2D 2E\n3A _ _ 3B\n4A")
    ends = {row: layout.areas[last].bottom for row, last in ((1, "1D"), (2, "2E"), (3, "3B"))}
    assert len(set(ends.values())) == 1
    assert layout.areas["2B"].y - layout.areas["2A"].bottom >= 1
    lonely = layout.areas["4A"]
    assert lonely.y - 4 == layout.decks[0].height - 4 - lonely.bottom, "one alone stands in the middle"


def test_an_empty_line_is_room_and_a_comment_is_nothing() -> None:
    plain, apart = plan_from("1A\n2A"), plan_from("\n1A # the first\n# no room\n\n2A")
    assert plain.areas["2A"].x == 16
    assert apart.areas["2A"].x == 16 + 5


def test_decks_begin_with_a_head() -> None:
    layout = plan_from("= boat, Saloon\n1A\n= boat, front left, Sun deck, aft\nU1")
    assert [(deck.name, deck.outline, deck.front) for deck in layout.decks] == [
        ("Saloon", Outline.BOAT, Side.RIGHT),
        ("Sun deck, aft", Outline.BOAT, Side.LEFT),
    ]
    assert plan_from("= ,\n1A").decks[0].name == ""


def test_every_mistake_is_named_at_its_place() -> None:
    assert problems("1A 1B 1A\n_ 2!\n1b [wc 2A") == [
        ("Seat 1A is twice in this line.", 1, 6, 8),
        ("“2!” is neither a seat, as 12A, nor room (_) nor a mark, as [wc].", 2, 2, 4),
        ("Seat 1B is on line 1 already.", 3, 0, 2),
        ("A mark stands in brackets, as [wc], with how many places it takes, as [3*2].", 3, 3, 9),
    ]
    assert problems("-- 1A")[0][2:] == (0, 2)


def test_a_front_that_is_none_is_named() -> None:
    says, line, _start, _end = problems("= coach, front ahead\n1A")[0]
    assert "not “ahead”" in says
    assert line == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1 to 4 decks"),
        ("1A:guide", "no seat that could be sold"),
        ("= a\n1A\n= b\n1B\n= c\n1C\n= d\n1D\n= e\n1E", "4 decks at most"),
        ("1A [table of the captain and crew]", "too long"),
    ],
)
def test_a_text_that_makes_no_plan_says_why_as_a_whole(text: str, says: str) -> None:
    found = read_plan(text).problems
    assert [each.line for each in found] == [0]
    assert says in found[0].says
    with pytest.raises(InvalidInput, match=says):
        plan_from(text)


def test_the_first_mistake_is_raised_with_its_line() -> None:
    with pytest.raises(InvalidInput, match="Line 2: Seat 1A is on line 1 already"):
        plan_from("1A\n1A")
    assert read_plan("1A\n1A").problems == (TextProblem("Seat 1A is on line 1 already.", 2, 0, 2),)
