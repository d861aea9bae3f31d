"""Invoices and credit notes; and what the agency says of itself on them.

Revision ID: core_0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None

AGREE = "gross > 0 AND tax BETWEEN 0 AND gross AND net = gross - tax"


def upgrade() -> None:
    for name in ("address", "country", "registration", "bank", "invoice_footer"):
        op.execute(f"ALTER TABLE agencies ADD COLUMN {name} TEXT DEFAULT '' NOT NULL")
    op.add_column("agencies", sa.Column("invoiced_since", UtcDateTime(), nullable=True))
    invoices()
    lines()


def invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("of_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("net", "tax", "gross", "paid")),
        sa.Column("seller", sa.JSON(), nullable=False),
        sa.Column("buyer", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_invoices_kind_known")),
        sa.CheckConstraint("length(number) BETWEEN 8 AND 40", name=op.f("ck_invoices_number_length")),
        sa.CheckConstraint("length(locale) BETWEEN 2 AND 40", name=op.f("ck_invoices_locale_length")),
        sa.CheckConstraint(AGREE, name=op.f("ck_invoices_amounts_agree")),
        sa.CheckConstraint("paid BETWEEN 0 AND gross", name=op.f("ck_invoices_paid_of_gross")),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (of_id IS NOT NULL)", name=op.f("ck_invoices_credit_of_something")
        ),
        sa.CheckConstraint("of_id IS NULL OR of_id <> id", name=op.f("ck_invoices_not_of_itself")),
        sa.CheckConstraint(
            "json_valid(seller) AND json_valid(buyer)", name=op.f("ck_invoices_parties_are_json")
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_invoices_desk_id"),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name="fk_invoices_sale_id"),
        sa.ForeignKeyConstraint(["of_id"], ["invoices.id"], name="fk_invoices_of_id"),
        sa.ForeignKeyConstraint(["issued_by"], ["users.id"], name="fk_invoices_issued_by"),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
        sa.UniqueConstraint("number", name="uq_invoices_number"),
    )
    for column in ("issued_at", "of_id", "sale_id"):
        op.create_index(f"ix_invoices_{column}", "invoices", [column])


def lines() -> None:
    items = "'adult', 'child', 'infant', 'kept', 'change'"
    numbers = ("quantity", "net", "tax_bps", "tax", "gross")
    op.create_table(
        "invoice_lines",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("title", "about", "text")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"item IN ({items})", name=op.f("ck_invoice_lines_item_known")),
        sa.CheckConstraint("position > 0 AND quantity > 0", name=op.f("ck_invoice_lines_counts_positive")),
        sa.CheckConstraint(AGREE, name=op.f("ck_invoice_lines_amounts_agree")),
        sa.CheckConstraint("tax_bps BETWEEN 0 AND 10000", name=op.f("ck_invoice_lines_tax_share")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name="fk_invoice_lines_invoice_id"),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="fk_invoice_lines_booking_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_lines"),
        sa.UniqueConstraint("invoice_id", "position", name="uq_invoice_lines_invoice_id_position"),
    )
    op.create_index("ix_invoice_lines_booking_id", "invoice_lines", ["booking_id"])
