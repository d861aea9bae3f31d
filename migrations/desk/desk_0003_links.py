"""A payment by link waits for its traveller from the moment its link is there; what is known of links is written down
like everything else of a payment.

Revision ID: desk_0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.capture import recapture

revision = "desk_0003"
down_revision = "desk_0002"
branch_labels = None
depends_on = ("core_0004",)

REPLACED = "steps_3"
"""The trigger that knew no step from created to requires_action."""

STEPS = (
    "created>processing created>requires_action created>completed created>failed created>abandoned "
    "processing>requires_action processing>unknown processing>completed processing>failed processing>abandoned "
    "requires_action>processing requires_action>unknown requires_action>completed requires_action>failed "
    "requires_action>abandoned unknown>completed unknown>failed unknown>abandoned"
)


def upgrade() -> None:
    allowed = ", ".join(f"'{step}'" for step in STEPS.split())
    op.execute(f"DROP TRIGGER {REPLACED}")
    op.execute(
        sa.DDL(
            "CREATE TRIGGER payment_steps_1 BEFORE UPDATE OF state ON payments WHEN NEW.state <> OLD.state "
            f"AND (OLD.state || '>' || NEW.state) NOT IN ({allowed}) "
            "BEGIN SELECT RAISE(ABORT, 'payments: no such step'); END"
        )
    )
    recapture(op.get_bind(), "payments")
