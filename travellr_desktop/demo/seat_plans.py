"""The coaches and boats of the demonstration whose seats have numbers."""

from __future__ import annotations

from dataclasses import dataclass

from travellr_desktop.domain.seat_presets import boat_with_decks, boat_with_tables, coach
from travellr_desktop.domain.seating import Layout, PlanKind


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """A plan by its name. `size` is rows of a coach or tables of a boat; boats with decks are all alike."""

    name: str
    kind: PlanKind
    size: int

    def layout(self) -> Layout:
        if self.kind is PlanKind.COACH:
            return coach(self.size)
        return boat_with_tables(self.size) if self.kind is PlanKind.BOAT else boat_with_decks()
