"""Five hundred deaths: in every story of money a process is killed at every boundary, in earnest, and counted."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from helpers.crash_kills import COMMITS_OF_MONEY, OF_MONEY, SUBJECTS, Deaths, kill_everywhere
from helpers.crash_runner import CrashRunner
from helpers.crashes import STORIES
from travellr_desktop.storage.commits import Moment

AT_LEAST = 500


@pytest.fixture
def runners() -> Iterator[list[CrashRunner]]:
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        made = [CrashRunner(Path(folder) / name) for name in ("one", "two")]
        yield made
        for runner in made:
            runner.close()


def test_every_subject_has_stories_that_are_played() -> None:
    assert set(STORIES) >= OF_MONEY
    assert all(SUBJECTS.values())


@pytest.mark.soak
def test_five_hundred_deaths_lose_and_double_nothing(runners: list[CrashRunner]) -> None:
    """Every commit and every reply of the provider, of charges, refunds, transfers, disputes, payouts, the close of a
    day and of matching; processes that are really killed, and what they leave counted in the provider's own file."""
    waiting = deque((subject, story) for subject, stories in SUBJECTS.items() for story in stories)
    found: list[tuple[str, Deaths]] = []

    def work(runner: CrashRunner) -> None:
        while True:
            try:
                subject, story = waiting.popleft()
            except IndexError:
                return
            deaths = kill_everywhere(runner, story)
            found.append((subject, deaths))
            print(f"{subject}: {story}, {deaths.kills} deaths", flush=True)

    with ThreadPoolExecutor(len(runners)) as pool:
        for done in [pool.submit(work, runner) for runner in runners]:
            done.result()
    assert [death for _, each in found for death in (*each.lost, *each.doubled)] == []
    kills: Counter[str] = Counter()
    for subject, each in found:
        kills[subject] += each.kills
    print(f"{kills.total()} deaths: {dict(kills)}")
    assert set(kills) == set(SUBJECTS)
    killed = {at for _, each in found for at in each.at}
    around = {(commit.value, moment.value) for commit in COMMITS_OF_MONEY for moment in Moment}
    assert around <= killed, around - killed
    assert kills.total() >= AT_LEAST
