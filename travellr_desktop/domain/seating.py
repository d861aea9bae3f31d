"""Plans of numbered seats: what stands where on the decks of a coach or boat, as a person looks down on it.

Lengths are whole units, ten to the width of a usual seat. A plan is one drawing: its decks stand below each other.
The order in which a plan lists its seats is the order in which people read it, take the next one, and count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput

SEAT = 10
"""How wide and deep a usual seat is, in units."""
BETWEEN_DECKS = 12
"""What is free above each deck after the first, for its name."""
MOST_SEATS = 600
MOST_DECKS = 4
LONGEST = 4_000
"""No deck is longer or wider, in units."""
LONGEST_LABEL = 6
FIELD = "layout"


class PlanKind(StrEnum):
    COACH = "coach"
    BOAT = "boat"
    DECKS = "decks"


class SeatKind(StrEnum):
    WINDOW = "window"
    AISLE = "aisle"
    MIDDLE = "middle"
    TABLE = "table"


class MarkKind(StrEnum):
    """What is on a deck beside seats."""

    DOOR = "door"
    DRIVER = "driver"
    TABLE = "table"
    BOW = "bow"
    STAIRS = "stairs"
    WC = "wc"
    BAR = "bar"
    WORDS = "words"


class Outline(StrEnum):
    """COACH is a box with round corners, BOAT runs into a bow at its front."""

    COACH = "coach"
    BOAT = "boat"


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Area:
    """A place on a deck, from its upper left corner."""

    x: int
    y: int
    width: int = SEAT
    height: int = SEAT

    def __post_init__(self) -> None:
        for name, value, least in (
            ("x", self.x, 0),
            ("y", self.y, 0),
            ("width", self.width, 1),
            ("height", self.height, 1),
        ):
            if type(value) is not int or not least <= value <= LONGEST:
                raise InvalidInput(
                    f"{name} is a whole number from {least} to {LONGEST:,}, not {value!r}.", field=FIELD
                )

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: Area) -> bool:
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def moved(self, x: int, y: int) -> Area:
        return Area(self.x + x, self.y + y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Seat:
    """`blocked` says why it is never sold; `table` is the name of the table it stands at."""

    label: str
    area: Area
    kind: SeatKind = SeatKind.MIDDLE
    blocked: str = ""
    table: str = ""

    def __post_init__(self) -> None:
        word = self.label.replace("-", "")
        if not word.isalnum() or not word.isascii() or len(self.label) > LONGEST_LABEL:
            raise InvalidInput(
                f"“{self.label}” is no name of a seat: up to {LONGEST_LABEL} letters and digits, as 12A.",
                field=FIELD,
            )
        clean_line(self.blocked, FIELD, 40, required=False)
        clean_line(self.table, FIELD, 20, required=False)


@dataclass(frozen=True, slots=True)
class Mark:
    kind: MarkKind
    area: Area
    words: str = ""

    def __post_init__(self) -> None:
        clean_line(self.words, FIELD, 40, required=False)


@dataclass(frozen=True, slots=True)
class Deck:
    """`front` is the side that goes ahead. Seats do not overlap, and stand inside."""

    width: int
    height: int
    seats: tuple[Seat, ...]
    marks: tuple[Mark, ...] = ()
    outline: Outline = Outline.COACH
    front: Side = Side.LEFT
    name: str = ""

    def __post_init__(self) -> None:
        floor = Area(0, 0, self.width, self.height)
        clean_line(self.name, FIELD, 60, required=False)
        places = [*((each.label, each.area) for each in self.seats)]
        outside = [label for label, area in places if not _within(area, floor)]
        if outside:
            raise InvalidInput(
                f"{_seats(outside)} outside the deck.", field=FIELD, hint="Make the deck larger or move them."
            )
        if any(not _within(mark.area, floor) for mark in self.marks):
            raise InvalidInput("A mark stands outside the deck.", field=FIELD)
        if pair := _overlapping(places):
            raise InvalidInput(
                f"Seats {pair[0]} and {pair[1]} overlap.", field=FIELD, hint="Move one of them."
            )

    @property
    def along(self) -> bool:
        """Whether it goes along the drawing, to the left or right; else up or down."""
        return self.front in (Side.LEFT, Side.RIGHT)


@dataclass(frozen=True)
class Layout:
    """A whole plan. No name of a seat comes twice, on whichever decks. `text` is what it was written as, where a
    person wrote it.

    Raises `InvalidInput` for a plan without a seat to sell, with one twice, or with more than anybody sells."""

    decks: tuple[Deck, ...]
    text: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.decks) <= MOST_DECKS:
            raise InvalidInput(f"A plan has 1 to {MOST_DECKS} decks.", field=FIELD)
        if not any(not seat.blocked for seat in self.seats):
            raise InvalidInput(
                "The plan has no seat that could be sold.", field=FIELD, hint="Put seats on it."
            )
        if len(self.seats) > MOST_SEATS:
            raise InvalidInput(
                f"The plan has {len(self.seats):,} seats; {MOST_SEATS} is the most.", field=FIELD
            )
        if twice := twice_in(seat.label for seat in self.seats):
            verb = "is" if len(twice) == 1 else "are"
            raise InvalidInput(
                f"{', '.join(twice)} {verb} on the plan more than once.",
                field=FIELD,
                hint="Give each seat a name of its own, over all decks.",
            )

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        return tuple(seat for deck in self.decks for seat in deck.seats)

    @cached_property
    def by_label(self) -> Mapping[str, Seat]:
        return MappingProxyType({seat.label: seat for seat in self.seats})

    @cached_property
    def deck_of(self) -> Mapping[str, int]:
        """On which deck each seat is, counted from 0."""
        return MappingProxyType({seat.label: at for at, deck in enumerate(self.decks) for seat in deck.seats})

    @cached_property
    def areas(self) -> Mapping[str, Area]:
        """Where each seat is on the whole drawing."""
        tops = self.tops
        return MappingProxyType(
            {
                seat.label: seat.area.moved(0, tops[at])
                for at, deck in enumerate(self.decks)
                for seat in deck.seats
            }
        )

    @cached_property
    def tops(self) -> tuple[int, ...]:
        """Where each deck begins on the whole drawing."""
        tops, at = [], 0
        for number, deck in enumerate(self.decks):
            at += BETWEEN_DECKS if number else 0
            tops.append(at)
            at += deck.height
        return tuple(tops)

    @property
    def width(self) -> int:
        return max(deck.width for deck in self.decks)

    @property
    def height(self) -> int:
        return self.tops[-1] + self.decks[-1].height

    @classmethod
    def from_json(cls, data: object) -> Layout:
        """The plan as `to_json` gave it. Raises `InvalidInput` for anything else, however near."""
        given = _given(data, "a plan", {"decks"}, {"text"})
        text = given.get("text", "")
        if not isinstance(text, str):
            raise InvalidInput("The text of a plan is text.", field=FIELD)
        return cls(tuple(_deck(each) for each in _list(given["decks"])), text)

    def to_json(self) -> dict[str, Any]:
        decks = [
            {
                "name": deck.name,
                "outline": deck.outline.value,
                "front": deck.front.value,
                "width": deck.width,
                "height": deck.height,
                "seats": [_seat_json(seat) for seat in deck.seats],
                "marks": [
                    {"kind": mark.kind.value, "words": mark.words, **_area_json(mark.area)}
                    for mark in deck.marks
                ],
            }
            for deck in self.decks
        ]
        return {"decks": decks, "text": self.text}


def sellable(layout: Layout) -> int:
    """How many seats of a plan can be sold: a departure with it has no greater capacity."""
    return sum(1 for seat in layout.seats if not seat.blocked)


def twice_in(labels: Iterable[str]) -> list[str]:
    """The names that come more than once, whatever their case, in the order in which they first came."""
    return [label for label, count in Counter(each.upper() for each in labels).items() if count > 1]


def _within(area: Area, floor: Area) -> bool:
    return area.right <= floor.right and area.bottom <= floor.bottom


def _overlapping(places: list[tuple[str, Area]]) -> tuple[str, str] | None:
    """Two that overlap, found from left to right."""
    open_: list[tuple[str, Area]] = []
    for label, area in sorted(places, key=lambda place: place[1].x):
        open_ = [other for other in open_ if other[1].right > area.x]
        for name, other in open_:
            if other.overlaps(area):
                return name, label
        open_.append((label, area))
    return None


def _seats(labels: list[str]) -> str:
    return f"Seat {labels[0]} is" if len(labels) == 1 else f"Seats {', '.join(labels)} are"


# JSON

_AREA = {"x", "y", "width", "height"}


def _area_json(area: Area) -> dict[str, int]:
    return {"x": area.x, "y": area.y, "width": area.width, "height": area.height}


def _seat_json(seat: Seat) -> dict[str, Any]:
    words = {"blocked": seat.blocked, "table": seat.table}
    return {
        "label": seat.label,
        "kind": seat.kind.value,
        **_area_json(seat.area),
        **{key: value for key, value in words.items() if value},
    }


def _deck(data: object) -> Deck:
    keys = {"name", "outline", "front", "width", "height", "seats", "marks"}
    given = _given(data, "a deck", keys, set())
    return Deck(
        width=given["width"],
        height=given["height"],
        seats=tuple(_seat(each) for each in _list(given["seats"])),
        marks=tuple(_mark(each) for each in _list(given["marks"])),
        outline=_one_of(Outline, given["outline"]),
        front=_one_of(Side, given["front"]),
        name=_text(given["name"]),
    )


def _seat(data: object) -> Seat:
    given = _given(data, "a seat", {"label", "kind", *_AREA}, {"blocked", "table"})
    return Seat(
        label=_text(given["label"]),
        area=Area(*_numbers(given)),
        kind=_one_of(SeatKind, given["kind"]),
        blocked=_text(given.get("blocked", "")),
        table=_text(given.get("table", "")),
    )


def _mark(data: object) -> Mark:
    given = _given(data, "a mark", {"kind", "words", *_AREA}, set())
    return Mark(_one_of(MarkKind, given["kind"]), Area(*_numbers(given)), _text(given["words"]))


def _numbers(given: Mapping[str, Any]) -> Iterator[int]:
    return (given[key] for key in ("x", "y", "width", "height"))


E = TypeVar("E", bound=StrEnum)


def _one_of(kind: type[E], value: object) -> E:
    try:
        return kind(_text(value))
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise InvalidInput(f"{value!r} is none of {known}.", field=FIELD) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{value!r} is no text.", field=FIELD)
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise InvalidInput(f"{value!r} is no list.", field=FIELD)
    return value


def _given(data: object, what: str, keys: set[str], optional: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise InvalidInput(f"This is not {what}: {data!r:.60}", field=FIELD)
    if missing := keys - data.keys():
        raise InvalidInput(f"{what} needs {', '.join(sorted(missing))}.".capitalize(), field=FIELD)
    if unknown := data.keys() - keys - optional:
        names = ", ".join(sorted(map(str, unknown)))
        raise InvalidInput(f"{what} has no {names}.".capitalize(), field=FIELD)
    return data
