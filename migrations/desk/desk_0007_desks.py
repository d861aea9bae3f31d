"""What a file writes down and refuses of what belongs to one desk of several.

Revision ID: desk_0007
"""

from __future__ import annotations

from alembic import op

from travellr_desktop.storage.capture import capture, recapture
from travellr_desktop.storage.muting import mute
from travellr_desktop.storage.seat_grant_guards import seat_grant_guards

revision = "desk_0007"
down_revision = "desk_0006"
branch_labels = None
depends_on = ("core_0014",)

CHANGED = ("payments", "refunds", "payouts", "take_backs", "waiting_list", "agencies", "departures")
"""Synced tables that have more columns than before."""


def upgrade() -> None:
    connection = op.get_bind()
    for table in CHANGED:
        recapture(connection, table)
    capture(connection, "seat_grants")
    for name, body in seat_grant_guards():
        op.execute(f"CREATE TRIGGER {name} {body}")
    op.execute("DROP TRIGGER capacity_2")
    op.execute(f"CREATE TRIGGER capacity_2 {granted_more()}")
    for table in ("seats", "seat_grants", "grants"):
        mute(connection, table)


def granted_more() -> str:
    """Fewer seats are always granted, also of a departure whose capacity was cut here and not at the hub."""
    of_departure = "WHERE departure_id = NEW.departure_id"
    has = (
        "(SELECT capacity FROM departures WHERE id = NEW.departure_id) + "
        f"coalesce((SELECT sum(seats) FROM allowances {of_departure}), 0)"
    )
    others = f"coalesce((SELECT sum(seats) FROM grants {of_departure} AND id <> NEW.id), 0)"
    return (
        f"BEFORE UPDATE OF seats ON grants WHEN NEW.seats > OLD.seats AND NEW.seats + {others} > {has} "
        "BEGIN SELECT RAISE(ABORT, 'more seats granted than the departure has'); END"
    )
