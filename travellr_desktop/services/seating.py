"""Numbered seats of holds and bookings, within the caller's transaction. Departures without a plan have none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from travellr_desktop.domain.party import Party, TravellerType
from travellr_desktop.domain.seat_places import best_together
from travellr_desktop.domain.seating import Layout
from travellr_desktop.errors import InvalidInput, SeatsGone
from travellr_desktop.services import seat_granting
from travellr_desktop.storage.models import Booking, BookingLine, Departure, Hold
from travellr_desktop.storage.uow import Reading, UnitOfWork

OTHERS = "Choose other seats on the plan."


def layout_of(reading: Reading, plan_id: UUID) -> Layout:
    """The plan of that id. Raises `NotFound`."""
    return Layout.from_json(reading.seats.get(plan_id).layout)


def sitters(reading: Reading, hold: Hold, departure: Departure) -> list[tuple[int, TravellerType]]:
    """Those of a hold's party who take a seat, each with the position in the party, from 1."""
    laps = reading.seats.on_laps(departure.trip_id)
    party = Party.of({TravellerType(kind): count for kind, count in hold.party.items()})
    return [(position, kind) for position, kind in enumerate(party, 1) if kind not in laps]


def take(
    work: UnitOfWork,
    hold: Hold,
    departure: Departure,
    labels: Sequence[str] = (),
    *,
    beside: Collection[str] = (),
) -> None:
    """Take numbered seats for a hold that was just written: those with these labels, one for each traveller who
    sits in the order of the party, or without labels the best together, near to the seats `beside` of those whom
    they join.

    Raises `SeatsGone` where one of them is taken, or too few are left; `InvalidInput` for labels that the plan
    does not sell, or as many as do not fit the party."""
    if departure.plan_id is None:
        if labels:
            raise InvalidInput(
                "Seats of this departure have no numbers.", field="labels", hint="Leave them out."
            )
        return
    layout = layout_of(work, departure.plan_id)
    sitting = sitters(work, hold, departure)
    taken = work.seats.taken(departure.id)
    kinds = [kind for _position, kind in sitting]
    theirs = seat_granting.elsewhere(work, departure, layout)
    if labels:
        refuse_theirs(labels, theirs)
        chosen = checked(layout, taken, labels, kinds)
    else:
        chosen = best(layout, taken.union(theirs), kinds, beside)
    positions = [position for position, _kind in sitting]
    work.seats.take_for_hold(departure.id, hold.id, list(zip(chosen, positions, strict=True)))
    hold.labels = list(chosen)
    work.session.flush()


def refuse_theirs(labels: Sequence[str], theirs: Mapping[str, str]) -> None:
    """Raises `SeatsGone` naming the seats that this desk may not sell."""
    if lost := [f"{label} ({theirs[label]})" for label in labels if label in theirs]:
        raise SeatsGone(f"This desk may not sell {' and '.join(lost)}.", hint=OTHERS)


def best(
    layout: Layout, taken: set[str], kinds: Sequence[TravellerType], beside: Collection[str] = ()
) -> tuple[str, ...]:
    """The best seats together for those who sit. Raises `SeatsGone`."""
    chosen = best_together(layout, taken, [kind is TravellerType.CHILD for kind in kinds], beside)
    if chosen is None:
        raise SeatsGone("Fewer numbered seats are free than that.")
    return chosen


def checked(
    layout: Layout, taken: set[str], labels: Sequence[str], kinds: Sequence[TravellerType]
) -> tuple[str, ...]:
    """The labels, if they can be taken. Raises `SeatsGone` naming who would have to stand, `InvalidInput`."""
    if len(labels) != len(kinds):
        raise InvalidInput(
            f"{len(kinds)} who sit need as many seats; {len(labels)} were chosen.",
            field="labels",
            hint="Choose a seat for each of them.",
        )
    if len(set(labels)) != len(labels):
        raise InvalidInput("The same seat was chosen twice.", field="labels", hint=OTHERS)
    for label in labels:
        seat = layout.by_label.get(label)
        if seat is None or seat.blocked:
            why = f"is kept for {seat.blocked}" if seat is not None else "is not on the plan"
            raise InvalidInput(f"Seat {label} {why}.", field="labels", hint=OTHERS)
    if lost := [(label, kind) for label, kind in zip(labels, kinds, strict=True) if label in taken]:
        who = " and ".join(f"{label} (the {kind.value}’s)" for label, kind in lost)
        verb = "was" if len(lost) == 1 else "were"
        raise SeatsGone(f"{who} {verb} taken by somebody else.", hint=OTHERS)
    return tuple(labels)


def seat_lines(work: UnitOfWork, booking: Booking, departure: Departure, hold: Hold | None = None) -> bool:
    """See that each line of a booking that sits has its numbered seat: those of the booking's hold (or of `hold`)
    go to lines that have none; where it has lapsed the same are taken again if they are free, or others.
    False, and nothing changed, where too few are left."""
    if departure.plan_id is None:
        return True
    lines = [line for line in booking.lines if line.takes_seat and line.ended_at is None]
    seated = work.seats.of_lines([line.id for line in lines])
    standing = [line for line in lines if line.id not in seated]
    if not standing:
        return True
    hold = hold or booking.hold
    held = [label for label, _position in work.seats.of_hold(hold.id)] if hold is not None else []
    if hold is not None and len(held) == len(standing):
        places = [(label, line.id, line.position) for label, line in zip(held, standing, strict=True)]
        work.seats.hand_over(hold.id, places)
        return True
    return _sit_anew(work, departure, hold, standing, held, set(seated.values()))


def _sit_anew(
    work: UnitOfWork,
    departure: Departure,
    hold: Hold | None,
    standing: list[BookingLine],
    held: list[str],
    beside: Collection[str],
) -> bool:
    assert departure.plan_id is not None
    layout = layout_of(work, departure.plan_id)
    taken = work.seats.taken(departure.id) - set(held)
    taken = taken.union(seat_granting.elsewhere(work, departure, layout))
    before = list(hold.labels) if hold is not None else []
    free = {seat.label for seat in layout.seats if not seat.blocked} - taken
    if len(before) == len(standing) and free.issuperset(before):
        chosen: Sequence[str] | None = before
    else:
        children = [line.traveller_type is TravellerType.CHILD for line in standing]
        chosen = best_together(layout, taken, children, beside)
    if chosen is None:
        return False
    if hold is not None and held:
        work.seats.free_hold(hold.id)
    places = [(label, line.id, line.position) for label, line in zip(chosen, standing, strict=True)]
    work.seats.take_for_lines(departure.id, places)
    return True


def give_up(work: UnitOfWork, *, hold_id: UUID | None = None, line_ids: Sequence[UUID] = ()) -> None:
    """Free the numbered seats of a hold or of lines; nothing happens where they have none."""
    if hold_id is not None:
        work.seats.free_hold(hold_id)
    if line_ids:
        work.seats.free_lines(line_ids)


def labels_of(reading: Reading, line_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The numbered seat of each line that has one."""
    return reading.seats.of_lines(line_ids)
