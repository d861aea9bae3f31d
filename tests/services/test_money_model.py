"""Whatever is sold, paid, given back, given up, changed, disputed and counted, in whatever order and at whatever hour:
every account holds what a plain account of it says, and the provider's balance is the books'."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from helpers.money_model import Afterwards, Money

SEED = "MONEY_MODEL_SEED"
"""What says which steps the long form plays; without it they are others each time."""


def play(
    agency: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    count: int,
    steps: int,
    by: str | None = None,
    begin: type[Money] = Money,
) -> None:
    """The same steps each time; others `by` a seed, which is printed and plays them again."""
    monkeypatch.setattr(Money, "agency", agency, raising=False)
    if by is not None:
        print(f"{by} of {SEED}={by.partition('-')[0]}")
        begin = seed(by)(type("Seeded", (begin,), {}))
    run_state_machine_as_test(
        begin,
        settings=settings(
            max_examples=count,
            stateful_step_count=steps,
            deadline=None,
            derandomize=by is None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        ),
    )


def test_every_account_holds_what_a_plain_one_says(agency: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play(agency, monkeypatch, count=2, steps=25)
    play(agency, monkeypatch, count=1, steps=25, begin=Afterwards)


def seed_of(attempt: int) -> str:
    return f"{os.environ.get(SEED) or secrets.token_hex(4)}-{attempt}"


@pytest.mark.soak
@pytest.mark.parametrize("attempt", range(10))
def test_it_still_does_after_thousands_of_steps(
    agency: Path, monkeypatch: pytest.MonkeyPatch, attempt: int
) -> None:
    play(agency, monkeypatch, count=8, steps=50, by=seed_of(attempt))


@pytest.mark.soak
@pytest.mark.parametrize("attempt", range(4))
def test_it_still_does_long_after_the_trips(
    agency: Path, monkeypatch: pytest.MonkeyPatch, attempt: int
) -> None:
    play(agency, monkeypatch, count=8, steps=50, by=seed_of(attempt), begin=Afterwards)
