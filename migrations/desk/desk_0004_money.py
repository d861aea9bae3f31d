"""What the database refuses and writes down of refunds, credit, disputes, the till, invoices and matching.

Revision ID: desk_0004
"""

from __future__ import annotations

from alembic import op

from travellr_desktop.storage.capture import capture, recapture
from travellr_desktop.storage.debt_guards import debt_guards
from travellr_desktop.storage.dispute_guards import guard_disputes, make_heard
from travellr_desktop.storage.invoice_guards import invoice_guards
from travellr_desktop.storage.matching_guards import matching_guards
from travellr_desktop.storage.refund_guards import refund_guards
from travellr_desktop.storage.till_guards import till_guards

revision = "desk_0004"
down_revision = "desk_0003"
branch_labels = None
depends_on = ("core_0010",)

NEW: tuple[str, ...] = (
    "invoice_lines",
    "invoices",
    "credit_moves",
    "match_notes",
    "provider_moves",
    "refund_lines",
    "refund_orders",
    "till_counts",
    "till_moves",
    "till_reads",
    "till_sessions",
    "disputes",
    "dispute_parts",
    "traveller_accounts",
    "saved_cards",
    "write_offs",
)
"""Synced tables that are new: every change of their rows is written down."""

CHANGED: tuple[str, ...] = (
    *("agencies", "bookings", "desks", "payment_shares", "payments", "refunds"),
    "trips",
)
"""Synced tables that have more columns than before."""


def upgrade() -> None:
    guard_disputes()
    make_heard()
    connection = op.get_bind()
    for table in CHANGED:
        recapture(connection, table)
    for table in NEW:
        capture(connection, table)
    profile_kind()
    for name, body in (
        *till_guards(),
        *matching_guards(),
        *invoice_guards(),
        *refund_guards(),
        *debt_guards(),
    ):
        op.execute(f"CREATE TRIGGER {name} {body}")


def profile_kind() -> None:
    """What the machine is for. A file from before is that of an agency's only machine."""
    op.execute(
        "ALTER TABLE this_desk ADD COLUMN profile_kind VARCHAR(40) DEFAULT 'standalone' NOT NULL "
        "CONSTRAINT ck_this_desk_profile_kind_known CHECK (profile_kind IN ('desk', 'office', 'standalone'))"
    )
