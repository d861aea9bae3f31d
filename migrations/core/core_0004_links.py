"""Payment links: a way to pay of its own, and what the program knows of each link.

Revision ID: core_0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None

WAYS, MORE_WAYS = "way IN ('card', 'cash')", "way IN ('card', 'cash', 'link')"


def widen(table: str, known: str, wider: str) -> None:
    """Let the CHECKs of a table that take `known` take `wider`. Rows that were taken before still are, so the text of
    the table is changed; its rows and triggers are not touched."""
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :known, :wider) WHERE type = 'table' AND name = :table"
        ),
        {"known": known, "wider": wider, "table": table},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def upgrade() -> None:
    op.add_column("payments", sa.Column("link_ref", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("link_url", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("link_expires_at", UtcDateTime(), nullable=True))
    widen("payments", WAYS, MORE_WAYS)
    op.create_index("ix_payments_link_ref", "payments", ["link_ref"], unique=True)
