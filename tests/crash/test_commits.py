"""Killed at every commit boundary and at every reply of the provider: after the restart nothing is lost or doubled.

The boundaries are not written down here. A first playing of each story lists what the unit of work commits, and
keeps the files as they are at each of them, which is what a process that is killed there leaves behind; the program is
started again in each copy, for `make test` in every second one. That a killed process leaves just this behind is shown
by killing one, in `KILLED` at every boundary of the story, for `make soak` in all of them: those of money in
`test_kills`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from helpers.crash_kills import DOUBLED, LOST, OF_MONEY, kill_everywhere
from helpers.crash_runner import CrashRunner
from helpers.crashes import STORIES, VARIANTS, Boundary
from travellr_desktop.storage.commits import Commit

Undisturbed = tuple[list[Boundary], dict[str, Any], dict[str, Any]]

KILLED = ("card", "cancel", "payout taken back", "till that is short")
"""The stories in which a process is really killed at every boundary in `make test`: money that comes in and goes back,
a payout, the close of a day. The others are soak; what is kept there in place of a death is looked at for each."""
ELSEWHERE = {Commit.AGENCY_SETUP: "in test_the_first_start_is_whole_or_not_at_all"}
"""What no story reaches, and where it is."""


class Stories:
    """Two servers that share the work, and how each story goes when nobody dies."""

    def __init__(self, folder: Path) -> None:
        self.runners = [CrashRunner(folder / "one"), CrashRunner(folder / "two")]
        self._played: dict[str, Undisturbed] = {}

    def undisturbed(self, story: str) -> Undisturbed:
        if story not in self._played:
            self._played[story] = self.runners[0].undisturbed(story)
        return self._played[story]

    def deaths(self, story: str, *, every: int = 1) -> list[tuple[str, dict[str, Any]]]:
        """Where it died, and how everything stands after that death. What is left behind the same stands once. `every`
        so many boundaries one is looked at, beginning with another in the next story."""
        left = self.runners[0].left_behind(story)
        left = left[list(STORIES).index(story) % every :: every] or left
        with ThreadPoolExecutor(len(self.runners)) as pool:
            shares = [left[number :: len(self.runners)] for number in range(len(self.runners))]
            found = pool.map(partial(_deaths, story), self.runners, shares)
            return [each for share in found for each in share]


def _deaths(
    story: str, runner: CrashRunner, left: list[tuple[list[Boundary], Path]]
) -> list[tuple[str, dict[str, Any]]]:
    return [(" or ".join(map(str, at)), runner.after(story, folder)) for at, folder in left]


@pytest.fixture(scope="module")
def stories() -> Iterator[Stories]:
    # in memory where there is such a place: a killed process leaves the same behind, and no disk is waited for
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        made = Stories(Path(folder))
        yield made
        for runner in made.runners:
            runner.close()


@pytest.mark.parametrize("story", [story for story in STORIES if story not in VARIANTS])
def test_nothing_is_lost_or_doubled(story: str, stories: Stories) -> None:
    """At every second boundary: most commits are made in several stories."""
    nothing_is_lost_or_doubled(story, stories, every=2)


@pytest.mark.soak
@pytest.mark.parametrize("story", STORIES)
def test_nothing_is_lost_or_doubled_at_any_boundary(story: str, stories: Stories) -> None:
    nothing_is_lost_or_doubled(story, stories, every=1)


def nothing_is_lost_or_doubled(story: str, stories: Stories, *, every: int) -> None:
    boundaries, told, expected = stories.undisturbed(story)
    assert told["unnamed"] == [], "a commit without a name"
    assert expected["problems"] == []
    for wrong in (*LOST, *DOUBLED):
        assert expected["stands"][wrong] == [], wrong
    assert boundaries
    for at, found in stories.deaths(story, every=every):
        assert found["problems"] == [], f"{story}, killed {at}"
        assert found["stands"] == expected["stands"], f"{story}, killed {at}"


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(story, marks=() if story in KILLED else pytest.mark.soak)
        for story in STORIES
        if story in KILLED or story not in OF_MONEY
    ],
)
def test_a_killed_process_leaves_just_what_was_kept(story: str, stories: Stories) -> None:
    found = kill_everywhere(stories.runners[0], story)
    assert found.kills
    assert (found.lost, found.doubled) == ([], [])


def test_every_commit_is_reached(stories: Stories) -> None:
    played = STORIES.keys() - VARIANTS
    reached = {Commit(name) for story in played for name in stories.undisturbed(story)[1]["commits"]}
    assert set(Commit) - reached == set(ELSEWHERE)


def test_the_first_start_is_whole_or_not_at_all(stories: Stories) -> None:
    runner = stories.runners[0]
    told = runner.play("first start", runner.folder / "first")["told"]
    assert told["commits"] == [Commit.AGENCY_SETUP, Commit.OUTBOX_PUBLISH]
    assert told["problems"] == []
    for number, name in enumerate(told["commits"]):
        for moment in ("before", "after"):
            folder = runner.folder / f"first {moment} {name}"
            died = runner.play("first start", folder, at=Boundary(number, moment))
            assert died["signal"] == signal.SIGKILL
            again = runner.play("first start", folder)["told"]
            assert again["problems"] == []
            was_made = (number, moment) != (0, "before")
            assert (Commit.AGENCY_SETUP in again["commits"]) is not was_made


def test_a_naive_recovery_charges_twice_and_is_seen(stories: Stories) -> None:
    """The negative control: who charges again what is not finished, under a fresh key, charges some twice."""
    runner = stories.runners[0]
    boundaries, _, expected = stories.undisturbed("card")
    found = [runner.killed("card", at, "naive")["stands"] for at in boundaries]
    assert any(stands["charged twice"] for stands in found)
    assert any(stands["provider"][0] > expected["stands"]["provider"][0] for stands in found)


def test_a_naive_recovery_gives_back_twice_and_is_seen(stories: Stories) -> None:
    """The negative control of money that goes back."""
    runner = stories.runners[0]
    boundaries, _, expected = stories.undisturbed("cancel")
    found = [runner.killed("cancel", at, "naive")["stands"] for at in boundaries if at.moment != "before"]
    assert any(stands["given back twice"] for stands in found)
    assert any(stands["provider"][2] > expected["stands"]["provider"][2] for stands in found)


def test_a_naive_recovery_pays_vendors_twice_and_is_seen(stories: Stories) -> None:
    """The negative control of payouts."""
    runner = stories.runners[0]
    boundaries, _, expected = stories.undisturbed("payouts")
    sent = [at for at in boundaries if str(at).startswith("before payout.record")]
    found = [runner.killed("payouts", at, "naive")["stands"] for at in sent]
    assert [len(stands["paid out twice"]) for stands in found] == [1, 1]
    assert found[-1]["transferred"]["eur"] > expected["stands"]["transferred"]["eur"]


def test_a_recovery_that_leaves_cash_alone_strands_it_and_is_seen(stories: Stories) -> None:
    """The negative control: between the word that it is there and the books, money is in the drawer of which the books
    know nothing."""
    runner = stories.runners[0]
    boundaries, _, expected = stories.undisturbed("cash")
    between = [at for at in boundaries if str(at).startswith(("after sale.place", "before payment.complete"))]
    assert len(between) == 2
    for at in between:
        stands = runner.killed("cash", at, "cash left alone")["stands"]
        assert stands["open payments"] == [["created"]]
        assert stands["paid"] != expected["stands"]["paid"]
