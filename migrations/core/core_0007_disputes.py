"""Disputes.

Revision ID: core_0007
"""

from __future__ import annotations

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
