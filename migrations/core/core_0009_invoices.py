"""Invoices and credit notes.

Revision ID: core_0009
"""

from __future__ import annotations

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
