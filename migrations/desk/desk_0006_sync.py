"""What a file knows of its hub: where it stands there, what an op had seen, which events go with it, the rows that came
from there; and triggers that keep silent while a page of the hub is written.

Revision ID: desk_0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime
from travellr_desktop.storage.muting import mute
from travellr_desktop.storage.widening import widen

revision = "desk_0006"
down_revision = "desk_0005"
branch_labels = None
depends_on = ("core_0013",)

KINDS = "CONSTRAINT ck_changes_kind_known CHECK (kind IN ('I', 'U', 'D'))"
WIDER = (
    "CONSTRAINT ck_changes_kind_known CHECK (kind IN ('I', 'U', 'D', 'P', 'X')), "
    "CONSTRAINT ck_changes_of_an_op_or_taken_in CHECK ((op_no IS NULL) = (kind IN ('P', 'X')))"
)

ONE_ROW = "CONSTRAINT ck_this_desk_one_row CHECK (one = 1)"
NEVER_LEFT_PULLING = (
    "CONSTRAINT fk_this_desk_pulling FOREIGN KEY(pulling) REFERENCES not_pulling (zero) "
    "DEFERRABLE INITIALLY DEFERRED"
)

SEALED = "outbox_2"
"""The trigger that takes changes of the op that is being written, and no others."""


def upgrade() -> None:
    tables()
    connection = op.get_bind()
    for column in (
        "hub_id CHAR(32)",
        "epoch INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_this_desk_epoch_not_negative CHECK (epoch >= 0)",
        "cursor INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_this_desk_cursor_not_negative CHECK (cursor >= 0)",
        "acked INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_this_desk_acked_is_written "
        "CHECK (acked >= 0 AND acked < next_op)",
        "pulling INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_this_desk_pulling_or_not CHECK (pulling IN (0, 1))",
        "first_synced BOOLEAN DEFAULT 0 NOT NULL",
    ):
        op.execute(f"ALTER TABLE this_desk ADD COLUMN {column}")
    op.execute("ALTER TABLE ops ADD COLUMN seen INTEGER DEFAULT 0 NOT NULL")
    op.execute("ALTER TABLE outbox_events ADD COLUMN op_no INTEGER")
    op.create_index(
        "ix_outbox_events_op_no", "outbox_events", ["op_no"], sqlite_where=sa.text("op_no IS NOT NULL")
    )
    # a column with a key of its own cannot be added to a table with rows, but its text may say so
    widen(connection, "this_desk", ONE_ROW, f"{ONE_ROW}, {NEVER_LEFT_PULLING}")
    widen(connection, "changes", "op_no INTEGER NOT NULL", "op_no INTEGER")
    widen(connection, "changes", KINDS, WIDER)
    op.execute(f"DROP TRIGGER {SEALED}")
    for name, body in guards().items():
        op.execute(f"CREATE TRIGGER {name} {body}")
    mute(connection)


def guards() -> dict[str, str]:
    """Of a page only what belongs to no op is written down. Where the file stands at its hub never goes back."""
    same = "NEW.hub_id IS OLD.hub_id AND NEW.epoch = OLD.epoch"
    return {
        SEALED: "BEFORE INSERT ON changes WHEN NEW.op_no IS NOT "
        "(SELECT CASE pulling WHEN 1 THEN NULL ELSE next_op END FROM this_desk) "
        "BEGIN SELECT RAISE(ABORT, 'this op is sealed'); END",
        "this_desk_acked": f"BEFORE UPDATE OF acked ON this_desk WHEN NEW.acked < OLD.acked AND {same} "
        "BEGIN SELECT RAISE(ABORT, 'an op that has its outcome keeps it'); END",
        "this_desk_cursor": f"BEFORE UPDATE OF cursor ON this_desk WHEN NEW.cursor < OLD.cursor AND {same} "
        "BEGIN SELECT RAISE(ABORT, 'what was taken in is not taken in again'); END",
    }


def tables() -> None:
    op.create_table(
        "not_pulling",
        sa.Column("zero", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("zero = 0", name=op.f("ck_not_pulling_zero")),
        sa.PrimaryKeyConstraint("zero", name=op.f("pk_not_pulling")),
    )
    op.execute("INSERT INTO not_pulling (zero) VALUES (0)")
    op.create_table(
        "hub_copies",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hub_copies")),
    )
    op.create_table(
        "already",
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("op_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("desk_id", "op_no", name=op.f("pk_already")),
    )
