"""What a statement says of its money, as its payout goes on."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from helpers.desk import Desk
from helpers.paying_out import SHARE, approved, owed, payouts, plenty
from travellr_desktop.domain.payouts.statement import StatementState
from travellr_desktop.domain.payouts.words import LineKind
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.statements.views import Outcome, StatementDetail
from travellr_desktop.storage.models import Statement


@pytest.fixture
def batch(desk: Desk) -> UUID:
    """One vendor's share, approved."""
    plenty(desk)
    owed(desk, "Perast Boats")
    return approved(desk)


def newest(desk: Desk) -> StatementDetail:
    with desk.database.read() as view:
        ids = view.session.scalars(select(Statement.id).order_by(Statement.id)).all()
    return desk.services.statements.detail(desk.admin, ids[-1])


def refuse(desk: Desk, *, on: bool = True) -> None:
    with desk.sandbox() as sandbox:
        if on:
            sandbox.arm(Operation.TRANSFER_CREATE, FaultKind.BALANCE_INSUFFICIENT)
        else:
            sandbox.disarm()


def test_it_is_open_until_the_payout_has_left(desk: Desk, batch: UUID) -> None:
    before = newest(desk)
    assert (before.state, before.outcome, before.total.minor) == (StatementState.APPROVED, None, SHARE)
    desk.services.payout_runs.run(desk.admin, batch)
    after = newest(desk)
    assert (after.state, after.outcome, after.outcome_at) == (
        StatementState.PAID,
        Outcome.PAID,
        desk.clock.now(),
    )


def test_one_that_failed_is_paid_by_the_try_that_stands_for_it(desk: Desk, batch: UUID) -> None:
    refuse(desk)
    desk.services.payout_runs.run(desk.admin, batch)
    refuse(desk, on=False)
    assert (newest(desk).payout, newest(desk).outcome) == (PayoutState.FAILED, Outcome.FAILED)
    desk.services.payout_runs.retry(desk.admin, payouts(desk)[0].id)
    assert (newest(desk).payout, newest(desk).outcome) == (PayoutState.PAID, Outcome.PAID)
    assert newest(desk).outcome_at == desk.clock.now()
    with desk.database.read() as view:
        assert len(view.session.scalars(select(Statement)).all()) == 1


def test_one_that_is_not_tried_again_stands_on_the_next_statement(desk: Desk, batch: UUID) -> None:
    refuse(desk)
    desk.services.payout_runs.run(desk.admin, batch)
    refuse(desk, on=False)
    first = newest(desk)
    approved(desk)
    second = newest(desk)
    (line,) = second.lines
    assert (line.kind, line.reference, line.net.minor) == (LineKind.RETURNED, first.number, SHARE)
    assert line.title.endswith("Payout that did not arrive")
    assert (second.adjustments.minor, second.total.minor) == (SHARE, SHARE)
    assert desk.services.statements.detail(desk.admin, first.id).outcome is Outcome.FAILED
