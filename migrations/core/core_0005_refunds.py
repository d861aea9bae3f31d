"""Refunds that are asked for and approved, and credit with the agency.

Revision ID: core_0005
"""

from __future__ import annotations

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
