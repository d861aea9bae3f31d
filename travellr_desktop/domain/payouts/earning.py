"""Where what a vendor has earned is: held, free to be paid, on its way, paid. Minor units of one currency.

Earned is the vendor's share of what travellers paid for trips to come, and everything that the books gave the vendor
or took back. Each part of it is in exactly one place, so the places always add up to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.states import PayoutState


class Whereabouts(StrEnum):
    """Where a vendor's line, or a share of what was paid for a trip to come, is.

    CAME_BACK: the payout that was to bring it did not arrive, or was taken back; the money is the vendor's again in a
    line of its own, and counts there."""

    NOT_TRAVELLED = "not_travelled"
    HOLDBACK = "holdback"
    DISPUTED = "disputed"
    AVAILABLE = "available"
    APPROVED = "approved"  # in a payout that was approved and not sent yet
    IN_TRANSIT = "in_transit"
    PAID = "paid"
    CAME_BACK = "came_back"


HELD = (Whereabouts.NOT_TRAVELLED, Whereabouts.HOLDBACK, Whereabouts.DISPUTED)
"""What a vendor waits for, in the order in which it is told."""

OF_PAYOUT: Mapping[PayoutState, Whereabouts] = {
    PayoutState.APPROVED: Whereabouts.APPROVED,
    PayoutState.SENDING: Whereabouts.IN_TRANSIT,
    PayoutState.UNKNOWN: Whereabouts.IN_TRANSIT,
    PayoutState.PAID: Whereabouts.PAID,
    PayoutState.FAILED: Whereabouts.CAME_BACK,
    PayoutState.RETURNED: Whereabouts.CAME_BACK,
    PayoutState.REVERSED: Whereabouts.CAME_BACK,
}
"""Where the lines of a payout are, as it stands."""

_LEAST_SETTLED = (Whereabouts.AVAILABLE, Whereabouts.APPROVED, Whereabouts.IN_TRANSIT, Whereabouts.PAID)


@dataclass(frozen=True, slots=True)
class PayoutFate:
    """A payout as it stands, and the payouts that its money went into after it had come back: None for each line of
    it that is open."""

    state: PayoutState
    again: tuple[UUID | None, ...] = ()


def fates(payouts: Mapping[UUID, PayoutFate]) -> dict[UUID, Whereabouts]:
    """Where the money of each payout is in the end, through everything that came back of it and was paid again. Of one
    that went into several, the place that is least settled."""
    found: dict[UUID, Whereabouts] = {}

    def follow(payout_id: UUID) -> Whereabouts:
        if payout_id not in found:
            fate = payouts[payout_id]
            place = OF_PAYOUT[fate.state]
            if place is Whereabouts.CAME_BACK:
                places = [Whereabouts.AVAILABLE if each is None else follow(each) for each in fate.again]
                place = min(places, key=_LEAST_SETTLED.index, default=Whereabouts.AVAILABLE)
            found[payout_id] = place
        return found[payout_id]

    for payout_id in payouts:
        follow(payout_id)
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """`approved` is part of what is free: it is the vendor's until it is sent."""

    not_travelled: int = 0
    holdback: int = 0
    disputed: int = 0
    available: int = 0
    approved: int = 0
    in_transit: int = 0
    paid: int = 0

    @property
    def held(self) -> int:
        return self.not_travelled + self.holdback + self.disputed

    @property
    def free(self) -> int:
        """What may be paid out now, what was approved already included. May be below zero."""
        return self.available + self.approved

    @property
    def earned(self) -> int:
        return self.held + self.free + self.in_transit + self.paid
