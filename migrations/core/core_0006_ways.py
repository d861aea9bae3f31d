"""Card readers, cards that are kept, deposits and what is due when.

Revision ID: core_0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.widening import widen

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None

WAYS, MORE_WAYS = "'card', 'cash', 'link'", "'card', 'cash', 'link', 'reader'"


def upgrade() -> None:
    op.add_column("payments", sa.Column("reader_ref", sa.Text(), nullable=True))
    op.add_column("desks", sa.Column("reader_ref", sa.Text(), nullable=True))
    op.add_column("desks", sa.Column("reader_label", sa.Text(), nullable=True))
    widen(op.get_bind(), "payments", WAYS, MORE_WAYS)
