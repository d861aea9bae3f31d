"""What a manager has prepared for after the season: dearer weeks, and a series that leaves one day out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from travellr_desktop.demo.season import Slot
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.registry import Services
from travellr_desktop.services.timetable import SeriesDraft
from travellr_desktop.services.trips import SeasonDraft

PREPARED = 4
"""Of how many trips."""

IN_THE_SERIES = 27
"""How many departures the series of a trip makes: four weeks, but for one day."""

_WEEKS = timedelta(weeks=4)
_DEARER = 15  # per cent
_STEP = 100  # prices are whole ones, in the currencies of the demonstration


def prepare_next(
    services: Services, manager: Actor, trip_id: UUID, slots: Sequence[Slot], plan_id: UUID | None
) -> None:
    """A season of four weeks after the last departure that is there, and a daily series in it."""
    first = max(slot.day for slot in slots) + timedelta(days=7)
    last = first + _WEEKS - timedelta(days=1)
    draft = services.trips.detail(manager, trip_id).draft
    prices = {
        kind: -(-amount * (100 + _DEARER) // 100 // _STEP) * _STEP for kind, amount in draft.prices.items()
    }
    season = SeasonDraft("Late season", first, last, prices)
    services.trips.update(manager, trip_id, replace(draft, seasons=(season,)))
    usual = slots[0]
    services.timetable.add_series(
        manager,
        trip_id,
        SeriesDraft(
            weekdays=frozenset(range(7)),
            at=usual.at,
            first_day=first,
            last_day=last,
            capacity=usual.capacity,
            cutoff=usual.cutoff,
            plan_id=plan_id,
            except_days=frozenset({first + timedelta(days=13)}),
        ),
    )
