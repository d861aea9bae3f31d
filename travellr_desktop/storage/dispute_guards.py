"""What the database refuses of disputes, as the bodies of triggers; and the tables in which a desk keeps what it has
heard of the provider's events. Used by a migration: what is here stays as it was released."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime

STEPS = (
    "inquiry>open inquiry>won inquiry>lost inquiry>closed open>won open>lost "
    "closed>open closed>won closed>lost"
)


def _refuse(when: str, words: str) -> str:
    return f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _triggers() -> list[str]:
    steps = ", ".join(f"'{step}'" for step in STEPS.split())
    parts = (
        "(SELECT coalesce(sum(amount), 0) FROM dispute_parts WHERE dispute_id = NEW.dispute_id "
        "AND id <> NEW.id)"
    )
    whole = "(SELECT amount FROM disputes WHERE id = NEW.dispute_id)"
    payment = "(SELECT {0} FROM payments WHERE id = NEW.payment_id)"
    beyond = _refuse(f"NEW.amount + {parts} > {whole}", "parts beyond the dispute")
    return [
        "BEFORE UPDATE OF state ON disputes "
        + _refuse(
            f"NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({steps})",
            "disputes: no such step",
        ),
        "BEFORE INSERT ON disputes "
        + _refuse(
            f"{payment.format('state')} <> 'completed' OR {payment.format('currency')} <> NEW.currency",
            "only what was paid is disputed, in its own currency",
        ),
        "BEFORE UPDATE OF ref, payment_id, currency, amount ON disputes "
        + _refuse(
            "NEW.ref <> OLD.ref OR NEW.payment_id <> OLD.payment_id OR NEW.currency <> OLD.currency "
            "OR (NEW.amount <> OLD.amount AND OLD.taken_at IS NOT NULL)",
            "a dispute stays about what it is about",
        ),
        f"BEFORE INSERT ON dispute_parts {beyond}",
        f"BEFORE UPDATE OF amount ON dispute_parts {beyond}",
        "BEFORE UPDATE OF amount, dispute_id, booking_id ON dispute_parts "
        + _refuse(
            "NEW.dispute_id <> OLD.dispute_id OR NEW.booking_id <> OLD.booking_id OR (NEW.amount <> OLD.amount "
            "AND (SELECT taken_at FROM disputes WHERE id = NEW.dispute_id) IS NOT NULL)",
            "a part stays as it was disputed",
        ),
        "BEFORE INSERT ON dispute_parts "
        + _refuse(
            "NOT EXISTS (SELECT 1 FROM disputes d JOIN payment_shares s ON s.payment_id = d.payment_id "
            "WHERE d.id = NEW.dispute_id AND s.booking_id = NEW.booking_id)",
            "a dispute is about what its payment was for",
        ),
        *(
            f"BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, "
            f"'a row of {table} is ended, never deleted'); END"
            for table in ("disputes", "dispute_parts")
        ),
    ]


def guard_disputes() -> None:
    """Make the triggers."""
    for number, statement in enumerate(_triggers(), 1):
        op.execute(f"CREATE TRIGGER disputes_{number} {statement}")


def make_heard() -> None:
    """Make the tables of what a desk has heard. They are its own: nothing of them travels."""
    op.create_table(
        "provider_events",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("ref", name="pk_provider_events"),
    )
    op.create_index("ix_provider_events_done_at", "provider_events", ["done_at", "next_try_at"], unique=False)
    op.create_table(
        "event_cursor",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("ck_event_cursor_one_row")),
        sa.PrimaryKeyConstraint("one", name="pk_event_cursor"),
    )
