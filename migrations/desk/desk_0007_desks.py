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
    for table in ("seats", "seat_grants"):
        mute(connection, table)
