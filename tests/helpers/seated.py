"""Departures whose seats have numbers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from helpers.desk import Desk
from travellr_desktop.domain.seat_text import plan_from
from travellr_desktop.domain.seating import Layout, PlanKind, sellable
from travellr_desktop.services.plans import PlanDraft

SMALL = """
1A 1B _ 1C 1D
2A 2B _ 2C 2D
3A 3B:guide _ 3C 3D
"""
"""A minibus of eleven seats to sell and one for the guide."""


def small() -> Layout:
    return plan_from(SMALL)


def add_plan(
    desk: Desk, layout: Layout | None = None, *, name: str = "Minibus", kind: PlanKind = PlanKind.COACH
) -> UUID:
    return desk.services.plans.save(desk.admin, PlanDraft(name, kind, layout or small()))


def add_numbered(
    desk: Desk, layout: Layout | None = None, *, plan_id: UUID | None = None, **more: Any
) -> UUID:
    """A departure on a plan, which is made for it unless one is given. As many seats as the plan has."""
    plan_id = plan_id or add_plan(desk, layout, name=f"Plan {len(desk.services.plans.list(desk.admin)) + 1}")
    capacity = more.pop("capacity", sellable(layout or small()))
    return desk.add_departure(capacity=capacity, plan_id=plan_id, **more)


def seats_of(desk: Desk, departure_id: UUID) -> dict[str, str]:
    """Whose each taken seat is: `hold` or `line` with the position."""
    with desk.database.read() as view:
        return {
            seat.label: f"{'hold' if seat.hold_id else 'line'} {seat.position}"
            for seat in view.seats.taken_by(departure_id)
        }
