"""The books are read by sums: over an account, a vendor, a booking, up to a moment. Their indexes hold what is summed.

Revision ID: core_0003
"""

from __future__ import annotations

from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_ledger_debit": ["debit", "vendor_id", "currency", "at", "amount"],
    "ix_ledger_credit": ["credit", "vendor_id", "currency", "at", "amount"],
    "ix_ledger_booking_id": ["booking_id", "currency", "debit", "credit", "at", "amount"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="ledger")
        op.create_index(name, "ledger", columns, unique=False)
