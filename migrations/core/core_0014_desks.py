"""What belongs to which of several desks: numbered seats, who takes a payment, sends a refund or a payout, and at which
desk somebody waits; until when a desk keeps seats that it has not sold. Rows from before say nothing: they are of the
only desk there was.

Revision ID: core_0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0014"
down_revision = "core_0013"
branch_labels = None
depends_on = None

OF_A_DESK = ("payments", "refunds", "payouts", "take_backs", "waiting_list")


def upgrade() -> None:
    for table in OF_A_DESK:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN desk_id CHAR(32) "
            f"CONSTRAINT fk_{table}_desk_id REFERENCES desks (id)"
        )
    for table in ("agencies", "departures"):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN release_days INTEGER "
            f"CONSTRAINT ck_{table}_release_days_known CHECK (release_days BETWEEN 0 AND 365)"
        )
    op.create_table(
        "seat_grants",
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["departure_id"], ["departures.id"], name=op.f("fk_seat_grants_departure_id")
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_seat_grants_desk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_grants")),
        sa.UniqueConstraint("departure_id", "label", name=op.f("uq_seat_grants_departure_id_label")),
    )
