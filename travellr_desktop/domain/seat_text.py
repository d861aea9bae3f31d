"""Plans as text: what a person writes to make one, and what it says where that cannot be read.

A line is a row across the way the coach or boat goes, read from the left edge of the drawing (from the top, where the
front is up or down). In a row:

    12A          a seat
    12A:crew     a seat that is never sold, and why (a _ stands for a space)
    _            room, as for an aisle; the widest row sets the width, and room grows in the others
    [wc]         a mark: door, driver, wc, stairs, bar, bow, or words of its own
    [3*2]        a table, called 3, over two places: those beside it sit at it

A row of marks alone is shallow. An empty line is half a row of room. A line that begins with = begins a deck:
`= boat, front right, Sun deck`. What follows # is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from travellr_desktop.domain.seating import (
    LONGEST_LABEL,
    MOST_DECKS,
    SEAT,
    Area,
    Deck,
    Layout,
    Mark,
    MarkKind,
    Outline,
    Seat,
    SeatKind,
    Side,
)
from travellr_desktop.errors import InvalidInput

GAP = 1
"""Between two seats of a row, and of what room grows."""
ROOM = 8
"""How wide a `_` is at the least."""
BEHIND = 2
"""Between two rows."""
TABLE = 4
"""How deep a row of tables is."""
EDGE = 4
"""Between the outer seats and the wall."""
BOW = 26
"""What the front of a boat needs beyond its first row."""

_TOKEN = re.compile(r"\[[^\]]*\]?|[^\s\[]+")
_SEAT = re.compile(rf"([A-Za-z0-9-]{{1,{LONGEST_LABEL}}})(?::(\S{{1,40}}))?")
_MARK = re.compile(r"\[\s*([^\]*]{1,40}?)\s*(?:\*\s*([1-9]))?\s*\]")


@dataclass(frozen=True, slots=True)
class TextProblem:
    """What cannot be read. `line` counts from 1, 0 for the plan as a whole; `start` and `end` are characters of
    that line."""

    says: str
    line: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class TextPlan:
    """What a text comes to: a plan, or why it is none."""

    layout: Layout | None
    problems: tuple[TextProblem, ...]


@dataclass(slots=True, eq=False)
class _Item:
    """One thing in a row. `places` is how many seats wide it is; room is neither seat nor mark."""

    places: int = 1
    seat: Seat | None = None
    mark: MarkKind | None = None
    words: str = ""
    at: int = 0  # from the edge across, once the row is laid out
    wide: int = 0


@dataclass(slots=True)
class _Row:
    items: list[_Item] = field(default_factory=list)

    @property
    def depth(self) -> int:
        if not self.items:
            return SEAT // 2 - BEHIND
        if any(item.seat is not None for item in self.items):
            return SEAT
        tables = all(item.mark in (None, MarkKind.TABLE) for item in self.items)
        return TABLE if tables else SEAT


@dataclass(slots=True)
class _DeckText:
    outline: Outline = Outline.COACH
    front: Side = Side.LEFT
    name: str = ""
    rows: list[_Row] = field(default_factory=list)


def read_plan(text: str) -> TextPlan:
    """The plan that a text describes, or everything in it that cannot be read."""
    decks: list[_DeckText] = []
    problems: list[TextProblem] = []
    there: dict[str, int] = {}
    for number, whole in enumerate(text.splitlines(), 1):
        line = whole.split("#", 1)[0].rstrip()
        if line.lstrip().startswith("="):
            decks.append(_DeckText())
            problems += _head(line, number, decks[-1])
            continue
        if not line.strip() and (whole.strip() or not decks or not decks[-1].rows):
            continue  # a comment, or room before the first row
        if not decks:
            decks.append(_DeckText())
        row, found = _row(line, number, there)
        problems += found
        decks[-1].rows.append(row)
    if problems:
        return TextPlan(None, tuple(problems))
    try:
        return TextPlan(_layout(decks, text), ())
    except InvalidInput as refusal:
        return TextPlan(None, (TextProblem(str(refusal)),))


def plan_from(text: str) -> Layout:
    """The same for a text that must be right. Raises `InvalidInput` with the first problem and its line."""
    plan = read_plan(text)
    if plan.layout is None:
        first = plan.problems[0]
        where = f"Line {first.line}: " if first.line else ""
        raise InvalidInput(f"{where}{first.says}", field="layout", hint="Correct the text of the plan.")
    return plan.layout


def _layout(decks: list[_DeckText], text: str) -> Layout:
    if len(decks) > MOST_DECKS:
        raise InvalidInput(f"A plan has {MOST_DECKS} decks at most.", field="layout")
    whole = "\n".join(text.splitlines())
    return Layout(tuple(_deck(deck) for deck in decks if deck.rows), whole)


# reading


def _head(line: str, number: int, deck: _DeckText) -> list[TextProblem]:
    names: list[str] = []
    for part in line.lstrip().lstrip("=").split(","):
        words = part.split()
        if len(words) == 1 and words[0].lower() in set(Outline):
            deck.outline = Outline(words[0].lower())
            if deck.outline is Outline.BOAT:
                deck.front = Side.RIGHT
        elif words and words[0].lower() == "front":
            side = " ".join(words[1:]).lower()
            if side not in set(Side):
                says = f"The front is {', '.join(Side)}; not “{side}”."
                return [TextProblem(says, number, 0, len(line))]
            deck.front = Side(side)
        elif words:
            names.append(" ".join(words))
    deck.name = ", ".join(names)[:60]
    return []


def _row(line: str, number: int, there: dict[str, int]) -> tuple[_Row, list[TextProblem]]:
    row, problems = _Row(), []
    for token in _TOKEN.finditer(line):
        item, says = _item(token.group(), number, there)
        if says:
            problems.append(TextProblem(says, number, token.start(), token.end()))
        row.items.append(item)
    return row, problems


def _item(word: str, number: int, there: dict[str, int]) -> tuple[_Item, str]:
    if word == "_":
        return _Item(), ""
    if word.startswith("["):
        return _mark_item(word)
    seat = _SEAT.fullmatch(word)
    if seat is None or not seat.group(1).replace("-", ""):
        return _Item(), f"“{word}” is neither a seat, as 12A, nor room (_) nor a mark, as [wc]."
    label = seat.group(1).upper()
    if label in there:
        first = there[label]
        where = "twice in this line" if first == number else f"on line {first} already"
        return _Item(), f"Seat {label} is {where}."
    there[label] = number
    blocked = (seat.group(2) or "").replace("_", " ").strip()
    return _Item(seat=Seat(label, Area(0, 0), blocked=blocked)), ""


def _mark_item(word: str) -> tuple[_Item, str]:
    found = _MARK.fullmatch(word)
    if found is None:
        return _Item(), "A mark stands in brackets, as [wc], with how many places it takes, as [3*2]."
    words, places = found.group(1), int(found.group(2) or 1)
    plain = words.lower()
    if plain in set(MarkKind) - {MarkKind.WORDS, MarkKind.TABLE}:
        return _Item(places, mark=MarkKind(plain), words=words), ""
    table = plain.removeprefix("table").strip()
    if table != plain or len(plain) <= 3:
        return _Item(places, mark=MarkKind.TABLE, words=table), ""
    return _Item(places, mark=MarkKind.WORDS, words=words), ""


# laying out


def _deck(text: _DeckText) -> Deck:
    across = max(_natural(row) for row in text.rows)
    boat = text.outline is Outline.BOAT
    first = EDGE + (BOW if boat and text.front in (Side.LEFT, Side.TOP) else 0)
    last = EDGE + (BOW if boat and text.front in (Side.RIGHT, Side.BOTTOM) else 0)
    seats: list[Seat] = []
    marks: list[Mark] = []
    at = first
    placed: list[tuple[int, _Row]] = []
    for row in text.rows:
        _spread(row, across)
        placed.append((at, row))
        at += row.depth + BEHIND
    along = text.front in (Side.LEFT, Side.RIGHT)
    for number, (start, row) in enumerate(placed):
        tables = [
            item
            for near in placed[max(number - 1, 0) : number + 2]
            for item in near[1].items
            if item.mark is MarkKind.TABLE
        ]
        for position, item in enumerate(row.items):
            area = _area(item, start, row.depth, along)
            if item.seat is not None:
                seats.append(_kind(replace(item.seat, area=area), row, position, tables, item))
            elif item.mark is not None:
                marks.append(Mark(item.mark, area, item.words))
    length, wide = at - BEHIND + last, across + 2 * EDGE
    return Deck(
        width=length if along else wide,
        height=wide if along else length,
        seats=tuple(seats),
        marks=tuple(marks),
        outline=text.outline,
        front=text.front,
        name=text.name,
    )


def _is_room(item: _Item) -> bool:
    return item.seat is None and item.mark is None


def _width(item: _Item) -> int:
    return ROOM if _is_room(item) else item.places * (SEAT + GAP) - GAP


def _natural(row: _Row) -> int:
    return sum(_width(item) for item in row.items) + GAP * max(len(row.items) - 1, 0)


def _spread(row: _Row, across: int) -> None:
    """Place the items of a row over the whole width: what is too wide goes into its room, or between its seats."""
    spare = across - _natural(row)
    rooms = [item for item in row.items if _is_room(item)]
    gaps = 0 if rooms else max(len(row.items) - 1, 0)
    at = 0 if rooms or gaps else spare // 2
    for number, item in enumerate(row.items):
        item.wide = _width(item)
        if _is_room(item):
            nth = rooms.index(item)
            item.wide += spare * (nth + 1) // len(rooms) - spare * nth // len(rooms)
        item.at = at + (spare * number // gaps if gaps else 0)
        at += item.wide + GAP


def _area(item: _Item, start: int, depth: int, along: bool) -> Area:
    across = item.at + EDGE
    return Area(start, across, depth, item.wide) if along else Area(across, start, item.wide, depth)


def _kind(seat: Seat, row: _Row, position: int, tables: list[_Item], item: _Item) -> Seat:
    """Where somebody sits: at a table in this row or the next, at the wall, at room, or between others."""
    for table in tables:
        if table.at < item.at + item.wide and item.at < table.at + table.wide:
            return replace(seat, kind=SeatKind.TABLE, table=table.words)
    beside = [row.items[at] for at in (position - 1, position + 1) if 0 <= at < len(row.items)]
    if table_beside := next((each for each in beside if each.mark is MarkKind.TABLE), None):
        return replace(seat, kind=SeatKind.TABLE, table=table_beside.words)
    if position in (0, len(row.items) - 1):
        return replace(seat, kind=SeatKind.WINDOW)
    if any(each.seat is None for each in beside):
        return replace(seat, kind=SeatKind.AISLE)
    return seat
