"""Drafts of payout batches make themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.batches import given, vendor
from helpers.clock import HandClock
from helpers.desk import Desk, desk_at
from travellr_desktop.domain.states import BatchState
from travellr_desktop.jobs.runner import Runner


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


def test_drafts_are_prepared_when_their_days_are_over_and_pay_nobody(desk: Desk) -> None:
    given(desk, vendor(desk, "Boats"), 6_000)
    assert isinstance(desk.clock, HandClock)
    jobs = Runner(desk.services)
    assert jobs.run_now("Prepare payouts").said == "0 drafts"
    desk.clock.forward(timedelta(days=7))
    assert jobs.run_now("Prepare payouts").said == "1 drafts"
    assert jobs.run_now("Prepare payouts").said == "0 drafts"
    (batch,) = desk.services.payouts.batches(desk.admin)
    assert (batch.state, batch.sums) == (BatchState.DRAFT, ())
