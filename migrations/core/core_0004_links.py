"""Payment links: a way to pay of its own, and what the program knows of each link.

Revision ID: core_0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime
from travellr_desktop.storage.widening import widen

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None

WAYS, MORE_WAYS = "way IN ('card', 'cash')", "way IN ('card', 'cash', 'link')"


def upgrade() -> None:
    op.add_column("payments", sa.Column("link_ref", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("link_url", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("link_expires_at", UtcDateTime(), nullable=True))
    widen(op.get_bind(), "payments", WAYS, MORE_WAYS)
    op.create_index("ix_payments_link_ref", "payments", ["link_ref"], unique=True)
