"""Who waits in a test, and whether everybody was offered seats in their turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from helpers.desk import Desk
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.states import WaitingState
from travellr_desktop.services.waiting_list import WaitingView


def join(desk: Desk, departure_id: UUID, seats: int, name: str = "Henrik") -> WaitingView:
    traveller = desk.traveller(name)
    return desk.services.waiting_list.join(
        desk.agent, departure_id, traveller.id, Party(adult=seats), key=uuid4()
    )


def state(desk: Desk, entry: WaitingView) -> WaitingState:
    return desk.services.waiting_list.detail(desk.agent, entry.id).state


def free(desk: Desk, departure_id: UUID) -> int:
    return desk.services.overbooking.read(desk.agent, departure_id).free


@dataclass(frozen=True)
class Waits:
    """One entry of the list: its place in the order of joining, and how many seats it needs."""

    place: int
    seats: int


def out_of_turn(offered: Sequence[Waits], still: Sequence[Waits], free_after: int) -> list[str]:
    """Whom an offer passed over although the seats would have done for them.

    `offered` are those who were, in the order in which they were; `still` those who wait afterwards, `free_after` the
    seats that were left in the end. While an offer was made, there were free what it took, what the offers after it
    took, and what was left."""
    wrong = []
    for number, offer in enumerate(offered):
        was_free = free_after + sum(each.seats for each in offered[number:])
        later = [*still, *offered[number + 1 :]]
        wrong += [
            f"{each.seats} seats would have done for no. {each.place}, before no. {offer.place}"
            for each in later
            if each.place < offer.place and each.seats <= was_free
        ]
    return wrong
