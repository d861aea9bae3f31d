"""The job that hears the provider's events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.desk import Desk, desk_again, desk_at
from helpers.disputed import known, opened, sold
from travellr_desktop.domain.states import DisputeState
from travellr_desktop.jobs.runner import Runner
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation

NAME = "Hear the provider's events"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


def test_it_says_what_it_heard_and_what_keeps_it_from_hearing(desk: Desk) -> None:
    runner = Runner(desk.services)
    sale = sold(desk)
    runner.run_now(NAME)
    ref = opened(desk, sale)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.EVENT_LIST, FaultKind.UNREACHABLE)
    silent = runner.run_now(NAME)
    assert silent.failed is None  # offline is no failure of the program, and is not logged every ten seconds
    assert silent.said
    heard = runner.run_now(NAME)
    assert heard.said.endswith("0 to be read")
    assert known(desk, ref).state is DisputeState.OPEN


def test_of_two_windows_one_says_that_the_other_listens(desk: Desk) -> None:
    sold(desk)
    Runner(desk.services).run_now(NAME)
    with desk_again(desk.profile.folder, desk.clock) as other:
        assert Runner(other.services).run_now(NAME).said == "another window listens"
