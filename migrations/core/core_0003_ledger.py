"""The ledger: two accounts more, and indexes that hold what is summed over an account, a vendor or a booking. What
stands on a grant is found when a departure is removed.

Revision ID: core_0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

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


def widen(table: str, known: str, wider: str) -> None:
    """Let the CHECKs of a table that take `known` take `wider`. Rows that were taken before still are, so SQLite's way
    for constraints alone will do: the text of the table is changed, its rows and triggers are not touched."""
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
    widen("ledger", f"{LAST_ACCOUNT})", f"{LAST_ACCOUNT}, {NEW_ACCOUNTS})")
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="ledger")
        op.create_index(name, "ledger", columns, unique=False)
    for table in ("bookings", "holds"):
        op.create_index(f"ix_{table}_grant_id", table, ["grant_id"], unique=False)
