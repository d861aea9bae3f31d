"""The till: its sessions, what moves in it, and its counts.

Revision ID: core_0008
"""

from __future__ import annotations

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
