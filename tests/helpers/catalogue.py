"""What is sold, for tests of the services that change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from helpers.desk import Desk
from travellr_desktop.services.timetable import SeriesDraft
from travellr_desktop.services.trips import TripDraft
from travellr_desktop.storage.models import AuditRow

MONDAYS = SeriesDraft(
    frozenset({0}), time(9, 0), date(2026, 7, 6), date(2026, 8, 3), 12, timedelta(minutes=30)
)
"""Five Mondays of July and August: 6, 13, 20, 27 July and 3 August."""


def the_trip(desk: Desk) -> UUID:
    return next(iter(desk.trips.values()))


def draft(desk: Desk, trip_id: UUID | None = None, **more: Any) -> TripDraft:
    """A trip as its form begins, with something else in it."""
    return replace(desk.services.trips.detail(desk.admin, trip_id or the_trip(desk)).draft, **more)


def audit_of(desk: Desk, entity_id: UUID) -> list[tuple[str, dict[str, Any]]]:
    """What was done to a thing, oldest first."""
    with desk.database.read() as view:
        rows = view.session.scalars(
            select(AuditRow).where(AuditRow.entity_id == entity_id).order_by(AuditRow.id)
        )
        return [(row.action, row.detail) for row in rows]


def days_of(desk: Desk, series_id: UUID | None = None) -> list[str]:
    """Local day and time of all departures, or of those of a series, in the order of their times."""
    with desk.database.read() as view:
        return [
            f"{row.local_day:%d.%m} {row.local_time} {row.capacity}"
            for row in sorted(view.departures.find_all(limit=500)[0], key=lambda row: row.starts_at)
            if series_id is None or row.series_id == series_id
        ]


def problems(desk: Desk) -> list[str]:
    """What the proof of the books finds."""
    return [str(problem) for problem in desk.services.check.run().problems]
