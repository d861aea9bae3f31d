"""What is agreed with vendors about money: rates, adjustments, papers, how they are paid.

Revision ID: core_0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime
from travellr_desktop.storage.widening import widen

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None

LAST_ACCOUNT = "'own_funds'"


def upgrade() -> None:
    widen(op.get_bind(), "ledger", f"{LAST_ACCOUNT})", f"{LAST_ACCOUNT}, 'vendor_adjustments')")
    agency()
    vendor()
    commission_rates()
    vendor_adjustments()
    vendor_documents()


def commission_rates() -> None:
    op.create_table(
        "commission_rates",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("trip_id", sa.Uuid(), nullable=True),
        sa.Column("bps", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("bps BETWEEN 0 AND 10000", name=op.f("ck_commission_rates_commission_share")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_commission_rates_created_by")),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name=op.f("fk_commission_rates_trip_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_commission_rates_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_rates")),
    )
    op.create_index("ix_commission_rates_trip_id", "commission_rates", ["trip_id"])
    op.create_index("ix_commission_rates_vendor_id", "commission_rates", ["vendor_id", "trip_id", "from_day"])


def vendor_adjustments() -> None:
    op.create_table(
        "vendor_adjustments",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_vendor_adjustments_amount_not_nothing")),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_vendor_adjustments_by")),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_vendor_adjustments_ledger_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_vendor_adjustments_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_adjustments")),
        sa.UniqueConstraint("ledger_id", name=op.f("uq_vendor_adjustments_ledger_id")),
    )
    op.create_index("ix_vendor_adjustments_vendor_id", "vendor_adjustments", ["vendor_id"])


def vendor_documents() -> None:
    op.create_table(
        "vendor_documents",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('contract', 'tax_form', 'licence', 'insurance', 'identity')",
            name=op.f("ck_vendor_documents_kind_known"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_vendor_documents_created_by")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_vendor_documents_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_documents")),
    )
    op.create_index("ix_vendor_documents_vendor_id", "vendor_documents", ["vendor_id"])


def agency() -> None:
    for name, kind in (
        ("payout_minimums", "JSON DEFAULT '{}' NOT NULL"),
        ("payout_papers", "JSON DEFAULT '[]' NOT NULL"),
        ("payout_weekday", "INTEGER DEFAULT 0 NOT NULL"),
        ("payouts_alone", "BOOLEAN DEFAULT 0 NOT NULL"),
        ("payouts_run", "BOOLEAN DEFAULT 0 NOT NULL"),
        ("iban", "TEXT DEFAULT '' NOT NULL"),
        ("bic", "TEXT DEFAULT '' NOT NULL"),
        ("completes_after", "INTEGER"),
    ):
        op.execute(f"ALTER TABLE agencies ADD COLUMN {name} {kind}")


def vendor() -> None:
    for name, kind in (
        (
            "schedule",
            "VARCHAR(40) DEFAULT 'weekly' NOT NULL "
            "CONSTRAINT ck_vendors_schedule_known CHECK (schedule IN ('weekly', 'monthly'))",
        ),
        (
            "payout_way",
            "VARCHAR(40) CONSTRAINT ck_vendors_payout_way_known "
            "CHECK (payout_way IS NULL OR payout_way IN ('transfer', 'bank'))",
        ),
        ("account_ref", "TEXT"),
        ("payout_minimums", "JSON DEFAULT '{}' NOT NULL"),
    ):
        op.execute(f"ALTER TABLE vendors ADD COLUMN {name} {kind}")
    for name in ("iban", "bic", "holder", "address", "country", "tax_number"):
        op.execute(f"ALTER TABLE vendors ADD COLUMN {name} TEXT DEFAULT '' NOT NULL")
