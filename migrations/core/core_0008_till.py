"""The till: its sessions, what moves in it, and its counts; and what the agency asks of whoever takes cash.

Revision ID: core_0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None

ONE_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    needs = sa.Column("cash_needs_till", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("agencies", needs)
    limit = sa.Column("pay_out_limit", sa.Integer(), server_default=sa.text("10000"), nullable=False)
    op.add_column("agencies", limit)
    sessions()
    counts()
    moves()
    reads()


def keys() -> tuple[sa.Column[object], sa.Column[int]]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def sessions() -> None:
    op.create_table(
        "till_sessions",
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("opened_seq", sa.Integer(), nullable=False),
        sa.Column("counted_seq", sa.Integer(), nullable=True),
        sa.Column("closed_seq", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_reason", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=False),
        *keys(),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_till_sessions_state_known")),
        sa.CheckConstraint("number > 0", name=op.f("ck_till_sessions_number_positive")),
        sa.CheckConstraint(
            "from_seq >= 0 AND opened_seq >= from_seq", name=op.f("ck_till_sessions_opened_in_order")
        ),
        sa.CheckConstraint(
            "(state = 'open' AND closed_at IS NULL AND counted_seq IS NULL AND closed_seq IS NULL) OR "
            "(state = 'closed' AND closed_at IS NOT NULL AND counted_seq >= opened_seq "
            "AND closed_seq >= counted_seq)",
            name=op.f("ck_till_sessions_closed_whole"),
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_till_sessions_desk_id"),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name="fk_till_sessions_opened_by"),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name="fk_till_sessions_closed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_till_sessions"),
        sa.UniqueConstraint("desk_id", "number", name="uq_till_sessions_desk_id_number"),
    )
    op.create_index(
        "uq_till_sessions_open",
        "till_sessions",
        ["desk_id"],
        unique=True,
        sqlite_where=ONE_OPEN,
        postgresql_where=ONE_OPEN,
    )


def counts() -> None:
    amounts = ("expected", "counted", "difference", "safe", "stays")
    op.create_table(
        "till_counts",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in amounts),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("stays_pieces", sa.JSON(), nullable=False),
        *keys(),
        sa.CheckConstraint("kind IN ('float', 'close')", name=op.f("ck_till_counts_kind_known")),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_till_counts_counted_positive")),
        sa.CheckConstraint("difference = counted - expected", name=op.f("ck_till_counts_difference_agrees")),
        sa.CheckConstraint(
            "(kind = 'float' AND stays = counted) OR (kind = 'close' AND stays BETWEEN 0 AND counted "
            "AND safe = stays - counted)",
            name=op.f("ck_till_counts_stays_agrees"),
        ),
        sa.ForeignKeyConstraint(["session_id"], ["till_sessions.id"], name="fk_till_counts_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_till_counts"),
        sa.UniqueConstraint("session_id", "kind", "currency", name="uq_till_counts_session_id_kind_currency"),
    )


def reads() -> None:
    op.create_table(
        "till_reads",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        *keys(),
        sa.CheckConstraint("number > 0", name=op.f("ck_till_reads_number_positive")),
        sa.ForeignKeyConstraint(["session_id"], ["till_sessions.id"], name="fk_till_reads_session_id"),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name="fk_till_reads_by"),
        sa.PrimaryKeyConstraint("id", name="pk_till_reads"),
        sa.UniqueConstraint("session_id", "number", name="uq_till_reads_session_id_number"),
    )


def moves() -> None:
    kinds = "'pay_in', 'pay_out', 'drop', 'pickup'"
    op.create_table(
        "till_moves",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        *keys(),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_till_moves_kind_known")),
        sa.CheckConstraint(
            "account IN ('safe', 'bank', 'own_funds', 'office_expenses')",
            name=op.f("ck_till_moves_account_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_till_moves_amount_positive")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 200", name=op.f("ck_till_moves_reason_length")),
        sa.ForeignKeyConstraint(["session_id"], ["till_sessions.id"], name="fk_till_moves_session_id"),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name="fk_till_moves_by"),
        sa.PrimaryKeyConstraint("id", name="pk_till_moves"),
        sa.UniqueConstraint("session_id", "seq", name="uq_till_moves_session_id_seq"),
    )
