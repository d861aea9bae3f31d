"""Three desks and a hub, whatever they do in whatever order: whenever all is quiet they are of one mind, and nothing is
sold twice, paid back twice or lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from helpers.three_towns import Met, met
from helpers.towns_played import Towns
from postgres import Postgres


@pytest.fixture(scope="module")
def made(cluster: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    with met(cluster, tmp_path_factory.mktemp("met")) as found:
        yield found


@pytest.fixture
def towns(made: Met, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Towns, "made", made, raising=False)
    monkeypatch.setattr(Towns, "scratch", tmp_path, raising=False)


def play(*, count: int, steps: int, again: bool = True) -> None:
    """The same steps each time, but for `again` False."""
    run_state_machine_as_test(
        Towns,
        settings=settings(
            max_examples=count,
            stateful_step_count=steps,
            deadline=None,
            derandomize=again,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        ),
    )


def test_three_desks_are_of_one_mind_whenever_all_is_quiet(towns: None) -> None:
    play(count=4, steps=25)


@pytest.mark.soak
@pytest.mark.parametrize("attempt", range(20))
def test_they_still_are_after_thousands_of_steps(towns: None, attempt: int) -> None:
    play(count=5, steps=50, again=False)
