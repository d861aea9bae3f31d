"""Which share the agency has of what is sold on a day, where rates change from days on.

A rate agreed for a trip goes before one for all of a vendor's trips, whichever began later; among those of one kind the
one that began last counts, and of two that begin on one day the one that was agreed last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AgreedRate:
    """`bps` basis points from `from_day` on, the day in the agency's zone; `of_trip`: for one trip alone."""

    from_day: date
    bps: int
    of_trip: bool = False


def rate_on(day: date, rates: Sequence[AgreedRate], otherwise: int) -> int:
    """The basis points of a sale on `day`. `rates` are those for its trip and those for its vendor, in the order in
    which they were agreed; `otherwise` is what holds where none has begun."""
    begun = [rate for rate in rates if rate.from_day <= day]
    for of_trip in (True, False):
        found = [rate for rate in begun if rate.of_trip is of_trip]
        if found:
            newest = max(rate.from_day for rate in found)
            return [rate for rate in found if rate.from_day == newest][-1].bps
    return otherwise
