"""Who sits beside whom on a plan, where the cursor goes, and which seats a party takes.

Two seats are beside each other where nothing but a narrow gap is between them, across the way the deck goes: who
sits in front or behind is no neighbour. At a table all are neighbours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations, takewhile
from types import MappingProxyType

from travellr_desktop.domain.seating import SEAT, Area, Deck, Layout, Seat, Side

NARROW = 4
"""The widest gap, in units, between two who sit beside each other."""
AISLE = 25
"""The widest gap over which two are neighbours still."""
ROW_WEIGHT = 1.3
"""How much further apart the seat in front is than the one beside, at the same distance."""
OTHER_DECK = 40 * SEAT
TRIED = 4
"""From how many near seats, for each one wanted, a group is picked."""
BEGUN = 120
"""From about how many seats at the most a group is begun."""


class Nearness(StrEnum):
    BESIDE = "beside"
    TABLE = "table"
    AISLE = "aisle"  # over the aisle


@dataclass(frozen=True, slots=True)
class Neighbour:
    label: str
    nearness: Nearness


Neighbours = Mapping[str, tuple[Neighbour, ...]]


@lru_cache(maxsize=32)
def neighbours(layout: Layout) -> Neighbours:
    """For each seat those beside it or at its table, then those over the aisle; nearest first."""
    found: dict[str, list[tuple[int, Neighbour]]] = {seat.label: [] for seat in layout.seats}
    for deck in layout.decks:
        for one, other, gap, how in (*_at_tables(deck), *_in_rows(deck)):
            found[one.label].append((gap, Neighbour(other.label, how)))
            found[other.label].append((gap, Neighbour(one.label, how)))
    return MappingProxyType(
        {
            label: tuple(each for _gap, each in sorted(near, key=lambda pair: pair[0]))
            for label, near in found.items()
        }
    )


def _at_tables(deck: Deck) -> Iterator[tuple[Seat, Seat, int, Nearness]]:
    tables: dict[str, list[Seat]] = {}
    for seat in deck.seats:
        if seat.table:
            tables.setdefault(seat.table, []).append(seat)
    for there in tables.values():
        for one, other in combinations(there, 2):
            yield one, other, 0, Nearness.TABLE


def _in_rows(deck: Deck) -> Iterator[tuple[Seat, Seat, int, Nearness]]:
    """Those who sit across from each other, none between them: the deck turned so that it goes up, row by row."""
    placed = sorted(
        ((_across(deck, seat), seat) for seat in deck.seats), key=lambda place: (place[0].y, place[0].x)
    )
    for at, (area, one) in enumerate(placed):
        row = list(takewhile(lambda place, area=area: place[0].y < area.bottom, placed[at + 1 :]))  # type: ignore[misc]
        for there, other in row:
            if one.table and one.table == other.table:
                continue
            first, second = sorted((area, there), key=lambda each: each.x)
            gap = second.x - first.right
            between = Area(first.right, max(first.y, second.y), max(gap, 1), 1)
            if gap <= NARROW:
                yield one, other, gap, Nearness.BESIDE
            elif gap <= AISLE and not any(each.overlaps(between) for each, _seat in row):
                yield one, other, gap, Nearness.AISLE


def _across(deck: Deck, seat: Seat) -> Area:
    """The place of a seat on a drawing turned so that the deck goes up."""
    area = seat.area
    return Area(area.y, area.x, area.height, area.width) if deck.along else area


# moving


def step(layout: Layout, label: str, side: Side) -> str:
    """The nearest seat on that side of one, whatever its row; the same where there is none."""
    here = layout.areas[label]
    best: tuple[float, str] | None = None
    for other, area in layout.areas.items():
        ahead, aside = _way(here, area, side)
        if ahead <= 0:
            continue
        cost = ahead + 3 * aside
        if best is None or cost < best[0]:
            best = cost, other
    return label if best is None else best[1]


def _way(here: Area, there: Area, side: Side) -> tuple[float, float]:
    """How far `there` is ahead on that side, middle to middle, and how far off the straight line its edge is."""
    (x, y), (to_x, to_y) = here.middle, there.middle
    dx, dy = to_x - x, to_y - y
    off_x = max(there.x - here.right, here.x - there.right, 0) + abs(dx) / 8
    off_y = max(there.y - here.bottom, here.y - there.bottom, 0) + abs(dy) / 8
    return {
        Side.LEFT: (-dx, off_y),
        Side.RIGHT: (dx, off_y),
        Side.TOP: (-dy, off_x),
        Side.BOTTOM: (dy, off_x),
    }[side]


def free_seats(layout: Layout, taken: Collection[str]) -> list[str]:
    """Seats that can be sold still, in the plan's order."""
    return [seat.label for seat in layout.seats if not seat.blocked and seat.label not in taken]


def next_free(layout: Layout, taken: Collection[str], after: str) -> str | None:
    """The next free seat in the plan's order, from the beginning again after the last; None where all is taken."""
    order = [seat.label for seat in layout.seats]
    at = order.index(after) + 1
    free = set(free_seats(layout, taken))
    return next((label for label in [*order[at:], *order[:at]] if label in free), None)


# a party


def best_together(
    layout: Layout, taken: Collection[str], children: Sequence[bool], beside: Collection[str] = ()
) -> tuple[str, ...] | None:
    """Free seats near each other for as many as `children` has entries, one for each who sits in the order of the
    party, true for a child: each child beside one who is none, where the seats allow it. `beside` are seats of
    those whom they join, to be near to. None where too few are free."""
    free = free_seats(layout, taken)
    if len(free) < len(children):
        return None
    if not children:
        return ()
    near = neighbours(layout)
    group = _nearest_group(layout, free, len(children), near, beside)
    return _seat_party(group, children, near)


def _nearest_group(
    layout: Layout, free: list[str], wanted: int, near: Neighbours, beside: Collection[str]
) -> list[str]:
    """The group with the least distance between its members, and from each of them to the nearest of `beside`; of
    equal ones that which leaves the fewest seats alone, then the first. On a large plan not every seat is tried as
    the first of a group."""
    order = {label: at for at, label in enumerate(free)}
    joined = {label: min((_distance(layout, label, each) for each in beside), default=0.0) for label in free}
    best: tuple[float, int, int] | None = None
    chosen = free[:wanted]
    for start in free[:: len(free) // BEGUN + 1]:
        far = {other: _distance(layout, start, other) + joined[other] for other in free}
        far[start] = 0.0
        pool = sorted(free, key=lambda other: (far[other], order[other]))[: TRIED * wanted]
        group, spread = _grown(layout, pool, wanted, joined)
        score = (round(spread, 3), _left_alone(group, set(free), near), min(order[each] for each in group))
        if best is None or score < best:
            best, chosen = score, sorted(group, key=order.__getitem__)
    return chosen


def _grown(
    layout: Layout, pool: list[str], wanted: int, joined: Mapping[str, float]
) -> tuple[list[str], float]:
    """From the first of `pool`, each time with the one that is nearest to all that are in."""
    group, spread = [pool[0]], joined[pool[0]]
    away = {other: _distance(layout, pool[0], other) + joined[other] for other in pool[1:]}
    while len(group) < wanted:
        joining = min(away, key=lambda other: away[other])
        spread += away.pop(joining)
        group.append(joining)
        for other in away:
            away[other] += _distance(layout, joining, other)
    return group, spread


def _distance(layout: Layout, one: str, other: str) -> float:
    at, to = layout.deck_of[one], layout.deck_of[other]
    table, other_table = layout.by_label[one].table, layout.by_label[other].table
    if table and table == other_table:
        return float(SEAT)
    here, there = layout.areas[one].middle, layout.areas[other].middle
    dx, dy = abs(here[0] - there[0]), abs(here[1] - there[1])
    if layout.decks[at].along:
        dx *= ROW_WEIGHT
    else:
        dy *= ROW_WEIGHT
    apart = 2.0 * SEAT if table or other_table else 0.0
    return float((dx * dx + dy * dy) ** 0.5) + apart + OTHER_DECK * abs(at - to)


def _left_alone(group: Iterable[str], free: set[str], near: Neighbours) -> int:
    """How many free seats lose their last free neighbour to the group."""
    rest = free - set(group)
    beside = {
        each.label
        for label in group
        for each in near[label]
        if each.nearness is not Nearness.AISLE and each.label in rest
    }
    return sum(
        not any(other.label in rest and other.nearness is not Nearness.AISLE for other in near[label])
        for label in beside
    )


def _seat_party(group: list[str], children: Sequence[bool], near: Neighbours) -> tuple[str, ...]:
    """Hand the seats of a group out: in its order, then seats are changed as long as fewer children sit alone."""
    seats = list(group)
    alone = children_alone(seats, children, near)
    while alone:
        change = _mending(seats, children, near, alone)
        if change is None:
            break
        one, other = change
        seats[one], seats[other] = seats[other], seats[one]
        alone = children_alone(seats, children, near)
    return tuple(seats)


def _mending(
    seats: list[str], children: Sequence[bool], near: Neighbours, alone: Sequence[int]
) -> tuple[int, int] | None:
    """Two who change seats, so that fewer children sit alone."""
    grown = [at for at, child in enumerate(children) if not child]
    for child in alone:
        for adult in grown:
            tried = list(seats)
            tried[child], tried[adult] = tried[adult], tried[child]
            if len(children_alone(tried, children, near)) < len(alone):
                return child, adult
    return None


def children_alone(
    seats: Sequence[str | None], children: Sequence[bool], near: Neighbours
) -> tuple[int, ...]:
    """Which of the party, counted from 0, are children with nobody of the party who is none beside them, at their
    table or over the aisle. A party without grown-ups has none to sit beside, and whoever has no seat yet is left
    out. One entry a person in `seats` and `children`."""
    grown = {seat for seat, child in zip(seats, children, strict=True) if seat is not None and not child}
    if all(children):
        return ()
    return tuple(
        at
        for at, (seat, child) in enumerate(zip(seats, children, strict=True))
        if child and seat is not None and not any(each.label in grown for each in near[seat])
    )


def mending_seat(
    layout: Layout,
    taken: Collection[str],
    seats: Sequence[str | None],
    children: Sequence[bool],
    who: int,
    near: Neighbours,
) -> str | None:
    """The free seat to which a child who sits alone can move, to have a grown-up of the party beside; the closest
    kind of neighbour first. None where there is none."""
    free = set(free_seats(layout, taken))
    ranks = {Nearness.BESIDE: 0, Nearness.TABLE: 1, Nearness.AISLE: 2}
    found = [
        (ranks[each.nearness], each.label)
        for seat, child in zip(seats, children, strict=True)
        if seat is not None and not child
        for each in near[seat]
        if each.label in free
    ]
    order = list(layout.areas)
    if not found or seats[who] is None:
        return None
    return min(found, key=lambda pair: (pair[0], order.index(pair[1])))[1]
