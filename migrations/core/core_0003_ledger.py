"""The ledger: two accounts more, and indexes that hold what is summed over an account, a vendor or a booking. What
stands on a grant is found when a departure is removed.

Revision ID: core_0003
"""

from __future__ import annotations

from alembic import op

from travellr_desktop.storage.widening import widen

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None

LAST_ACCOUNT = "'cash_over_short'"
NEW_ACCOUNTS = "'office_expenses', 'own_funds'"
INDEXES = {
    "ix_ledger_debit": ["debit", "vendor_id", "currency", "at", "amount"],
    "ix_ledger_credit": ["credit", "vendor_id", "currency", "at", "amount"],
    "ix_ledger_booking_id": ["booking_id", "currency", "debit", "credit", "at", "amount"],
}


def upgrade() -> None:
    widen(op.get_bind(), "ledger", f"{LAST_ACCOUNT})", f"{LAST_ACCOUNT}, {NEW_ACCOUNTS})")
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="ledger")
        op.create_index(name, "ledger", columns, unique=False)
    for table in ("bookings", "holds"):
        op.create_index(f"ix_{table}_grant_id", table, ["grant_id"], unique=False)
