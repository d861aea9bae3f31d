"""What the provider says moved, to be matched with the books.

Revision ID: core_0010
"""

from __future__ import annotations

revision = "core_0010"
down_revision = "core_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
