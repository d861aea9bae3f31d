"""Card readers, cards that are kept, deposits and what is due when.

Revision ID: core_0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime
from travellr_desktop.storage.widening import widen

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None

WAYS, MORE_WAYS = "'card', 'cash', 'link'", "'card', 'cash', 'link', 'reader', 'saved', 'bank'"


def upgrade() -> None:
    op.add_column("payments", sa.Column("reader_ref", sa.Text(), nullable=True))
    op.add_column("desks", sa.Column("reader_ref", sa.Text(), nullable=True))
    op.add_column("desks", sa.Column("reader_label", sa.Text(), nullable=True))
    widen(op.get_bind(), "payments", WAYS, MORE_WAYS)
    op.execute("ALTER TABLE payments ADD COLUMN keeps_card BOOLEAN DEFAULT 0 NOT NULL")
    op.add_column("payments", sa.Column("customer_ref", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("card_ref", sa.Text(), nullable=True))
    kept_cards()
    op.execute(
        "ALTER TABLE trips ADD COLUMN balance_days INTEGER DEFAULT 30 NOT NULL "
        "CONSTRAINT ck_trips_balance_days_known CHECK (balance_days BETWEEN 0 AND 1000)"
    )
    op.add_column("bookings", sa.Column("balance_due_at", UtcDateTime(), nullable=True))
    given = sa.text("balance_due_at IS NOT NULL")
    op.create_index(
        "ix_bookings_balance_due_at",
        "bookings",
        ["balance_due_at"],
        sqlite_where=given,
        postgresql_where=given,
    )


def kept_cards() -> None:
    op.create_table(
        "traveller_accounts",
        sa.Column("traveller_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("customer_ref", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('sandbox', 'test', 'live')", name=op.f("ck_traveller_accounts_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["traveller_id"], ["travellers.id"], name="fk_traveller_accounts_traveller_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_traveller_accounts"),
        sa.UniqueConstraint("customer_ref", name="uq_traveller_accounts_customer_ref"),
    )
    op.create_index("ix_traveller_accounts_traveller_id", "traveller_accounts", ["traveller_id"])
    op.create_table(
        "saved_cards",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("card_ref", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("expires_year", sa.Integer(), nullable=False),
        sa.Column("expires_month", sa.Integer(), nullable=False),
        sa.Column("agreed_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_with", sa.Uuid(), nullable=True),
        sa.Column("forgotten_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("expires_month BETWEEN 1 AND 12", name=op.f("ck_saved_cards_expires_in_a_month")),
        sa.ForeignKeyConstraint(["account_id"], ["traveller_accounts.id"], name="fk_saved_cards_account_id"),
        sa.ForeignKeyConstraint(["agreed_with"], ["users.id"], name="fk_saved_cards_agreed_with"),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name="fk_saved_cards_payment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_cards"),
        sa.UniqueConstraint("card_ref", name="uq_saved_cards_card_ref"),
    )
    op.create_index("ix_saved_cards_account_id", "saved_cards", ["account_id"])
    op.create_index("ix_saved_cards_payment_id", "saved_cards", ["payment_id"])
