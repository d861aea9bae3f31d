"""Card readers, cards that are kept, deposits and what is due when.

Revision ID: core_0006
"""

from __future__ import annotations

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
