"""What the database refuses and writes down of refunds, credit, disputes, the till, invoices and matching.

Revision ID: desk_0004
"""

from __future__ import annotations

from alembic import op

from travellr_desktop.storage.capture import capture, recapture

revision = "desk_0004"
down_revision = "desk_0003"
branch_labels = None
depends_on = ("core_0010",)

NEW: tuple[str, ...] = ()
"""Synced tables that are new: every change of their rows is written down."""

CHANGED: tuple[str, ...] = ()
"""Synced tables that have more columns than before."""


def upgrade() -> None:
    connection = op.get_bind()
    for table in CHANGED:
        recapture(connection, table)
    for table in NEW:
        capture(connection, table)
    profile_kind()


def profile_kind() -> None:
    """What the machine is for. A file from before is that of an agency's only machine."""
    op.execute(
        "ALTER TABLE this_desk ADD COLUMN profile_kind VARCHAR(40) DEFAULT 'standalone' NOT NULL "
        "CONSTRAINT ck_this_desk_profile_kind_known CHECK (profile_kind IN ('desk', 'office', 'standalone'))"
    )
