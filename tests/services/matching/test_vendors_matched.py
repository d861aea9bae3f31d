"""Transfers to vendors and what came back of them, beside the provider's list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from helpers.clock import HandClock
from helpers.desk import Desk, desk_at
from helpers.paying_out import approved, owed, payouts, plenty, runs
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.matching import DifferenceKind, Moved
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.payments.gateway import ReversalRequest
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.matching.service import DifferenceRow
from travellr_desktop.storage.models import ProviderMove


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    """A vendor who is owed 76.50, in a batch that is approved."""
    with desk_at(tmp_path, clock) as desk:
        plenty(desk)
        owed(desk, "Perast Boats")
        approved(desk)
        desk.services.matching.fetch()
        yield desk


def found(desk: Desk, first: date, last: date | None = None) -> tuple[DifferenceRow, ...]:
    desk.clock.forward(timedelta(minutes=5))  # type: ignore[attr-defined]  # old enough to be matched
    return desk.services.matching.match(desk.admin, first, last or first).differences


def today(desk: Desk) -> date:
    return desk.clock.now().date()


def run(desk: Desk) -> None:
    runs(desk).run(desk.admin, payouts(desk)[0].batch_id)


def waiting(desk: Desk) -> int:
    """How many movements something is still awaited of."""
    desk.services.matching.fetch()
    with desk.database.read() as view:
        query = select(func.count()).select_from(ProviderMove).where(ProviderMove.is_open.is_(True))
        return view.session.scalar(query) or 0


def test_what_was_paid_and_taken_back_is_no_difference_and_nothing_is_awaited_of_it(desk: Desk) -> None:
    day = today(desk)
    run(desk)
    for _ in range(2):
        runs(desk).take_back(
            desk.admin, payouts(desk)[0].id, Money(2000, "EUR"), "Paid too much", key=uuid4()
        )
    assert found(desk, day) == ()
    assert waiting(desk) == 0


def test_a_payout_whose_answer_was_lost_is_unknown_until_it_is_looked_up(desk: Desk) -> None:
    day = today(desk)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.TRANSFER_CREATE, FaultKind.REPLY_LOST_AFTER)
    run(desk)
    (row,) = found(desk, day)
    assert (row.kind, row.moved) == (DifferenceKind.UNKNOWN, Moved.TRANSFER)
    assert "looked up by itself" in row.cause
    assert waiting(desk) == 1
    desk.services.payments.recover(start_up=True)
    assert found(desk, day) == ()
    assert waiting(desk) == 0


def test_found_the_day_after_it_is_the_same_movement_on_another_day(desk: Desk, clock: HandClock) -> None:
    day = today(desk)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.TRANSFER_CREATE, FaultKind.REPLY_LOST_AFTER)
    run(desk)
    clock.forward(timedelta(days=2))
    desk.services.payments.recover(start_up=True)
    for first in (day, day + timedelta(days=2)):
        (row,) = found(desk, first)
        assert (row.kind, row.moved) == (DifferenceKind.DAY, Moved.TRANSFER)


def test_what_was_taken_back_at_the_provider_is_unknown_until_it_is_heard_of(desk: Desk) -> None:
    day = today(desk)
    run(desk)
    ref = payouts(desk)[0].provider_ref
    assert ref is not None
    desk.program.gateway.reverse_transfer(ReversalRequest(new_id(), ref, Money(500, "EUR")), key="there")
    (row,) = found(desk, day)
    assert (row.kind, row.moved) == (
        DifferenceKind.UNKNOWN,
        Moved.TRANSFER_REVERSED,
    )
    runs(desk).read_now(SYSTEM, payouts(desk)[0].id)
    assert found(desk, day) == ()
