"""What the seat map says: plain functions, no widgets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.seat_places import Nearness
from travellr_desktop.domain.seating import PlanKind, Side
from travellr_desktop.services.seats import SeatMap, SeatNow, SeatState
from travellr_desktop.ui.desk.seats_state import LinePlan, Sitter
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.seat_paint import SeatTone
from travellr_desktop.ui.parts.seatmeter import Seats
from travellr_desktop.ui.parts.seatplan import SeatLook

ICONS = {PlanKind.COACH: "bus", PlanKind.BOAT: "ship", PlanKind.DECKS: "ship"}
OPEN_ICON = "armchair"


def tr(text: str) -> str:
    return QCoreApplication.translate("Seats", text)


def person(sitter: Sitter) -> str:
    """The name, or `adult 2` by the number on the seat."""
    return sitter.name or f"{kind(sitter)} {sitter.letter}"


def named(sitter: Sitter) -> str:
    """The same at the beginning of a sentence."""
    name = person(sitter)
    return name[:1].upper() + name[1:]


def kind(sitter: Sitter) -> str:
    return {"adult": tr("adult"), "child": tr("child"), "infant": tr("infant")}[sitter.kind.value]


def labels(seats: Sequence[str]) -> str:
    return ", ".join(seats)


def place(plan: SeatMap) -> str:
    """`the coach`, `the boat`."""
    return tr("the coach") if plan.kind is PlanKind.COACH else tr("the boat")


def about(plan: SeatMap, formats: Formats) -> str:
    """When, which plan, and how it lies."""
    front = plan.layout.decks[0].front
    lies = {
        Side.LEFT: tr("front at the left"),
        Side.RIGHT: tr("front at the right"),
        Side.TOP: tr("front at the top"),
        Side.BOTTOM: tr("front at the bottom"),
    }[front]
    when = formats.when(plan.starts_at, plan.zone)
    return " · ".join((when, plan.plan_name, lies))


def meter(plan: SeatMap) -> Seats:
    counts = {state: plan.count(state) for state in SeatState}
    whole = len(plan.seats) - counts[SeatState.BLOCKED]
    return Seats(whole, counts[SeatState.SOLD], counts[SeatState.HELD], counts[SeatState.YOURS])


def yours_and_free(plan: SeatMap) -> str:
    free = plan.count(SeatState.FREE)
    said = tr("{0} free").format(free) if free and plan.to_sell else tr("full")
    if 0 < plan.to_sell < free:
        said = tr("{0} of {1} free to sell").format(plan.to_sell, free)
    yours = plan.count(SeatState.YOURS)
    return tr("{0} yours · {1}").format(yours, said) if yours else said


def state(plan: LinePlan, seat: SeatNow) -> str:
    """One word, or two, for how a seat is."""
    if seat.state is SeatState.YOURS:
        return tr("yours") if seat.hold_id == plan.line.hold.id else tr("yours, another line")
    return {
        SeatState.FREE: tr("free"),
        SeatState.HELD: tr("held"),
        SeatState.SOLD: tr("sold"),
        SeatState.BLOCKED: tr("not sold"),
    }[seat.state]


def looks(plan: LinePlan) -> dict[str, SeatLook]:
    """How each seat is shown, and said."""
    found: dict[str, SeatLook] = {}
    there = {each.label: each for each in plan.sitters}
    for seat in plan.map.seats:
        sitter = there.get(seat.label)
        words = state(plan, seat)
        who = person(sitter) if sitter is not None else seat.who
        tone = SeatTone(seat.state.value)
        if seat.state is SeatState.YOURS and sitter is None:
            tone = SeatTone.HELD
        letter = sitter.letter if sitter is not None else ""
        found[seat.label] = SeatLook(tone, letter, f"{words}, {who}" if who else words)
    return found


def who_has(plan: LinePlan, seat: SeatNow) -> str:
    """A sentence about whoever has a seat, or about who would sit beside it."""
    if seat.label in plan.lost:
        return tr("Was yours until the hold lapsed.")
    if seat.state is SeatState.BLOCKED:
        return tr("Kept for: {0}").format(seat.who)
    if seat.state in (SeatState.HELD, SeatState.SOLD) and seat.who:
        return seat.who
    return beside(plan, seat.label)


def beside(plan: LinePlan, label: str) -> str:
    """Who of the party is near a seat."""
    near = plan.near(label)
    if not near:
        return tr("Nobody of the party beside it")
    said = {
        Nearness.BESIDE: tr("Beside {0}"),
        Nearness.TABLE: tr("At the table of {0}"),
        Nearness.AISLE: tr("Beside {0}, over the aisle"),
    }
    first = near[0][0].nearness
    names = [person(sitter) for neighbour, sitter in near if neighbour.nearness is first]
    return said[first].format(_and(names))


def alone(plan: LinePlan, sitter: Sitter) -> str:
    return tr("{0} sits alone on {1}").format(named(sitter), place(plan.map))


def _and(names: Sequence[str]) -> str:
    return tr("{0} and {1}").format(", ".join(names[:-1]), names[-1]) if len(names) > 1 else names[0]
