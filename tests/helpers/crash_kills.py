"""Stories of money in which a process is really killed at every boundary, by what they are about."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.crash_runner import CrashRunner
from helpers.crashes import Boundary
from travellr_desktop.storage.commits import Commit

SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "charge": (
        "card",
        "cash",
        "cash for a sale of before",
        "recovery of cash",
        "declined",
        "no connection",
        "reply lost after the charge",
        "reply lost before the charge",
        "recovery of a charge",
        "recovery of what was not charged",
        "link",
        "link and a slow bank",
        "link cancelled",
        "link cancelled too late",
        "link lapsed",
        "link not answered",
        "recovery of a link",
        "recovery of a link that nobody saw",
        "recovery of a cancelled link",
        "reader",
        "reader and a declined card",
        "reader cancelled",
        "reader cancelled too late",
        "reader that nobody comes to",
        "reader silent",
        "reader not answered",
        "reader off",
        "recovery of a reader",
        "recovery of a reader that was not asked",
        "card kept",
        "kept card charged",
        "kept card forgotten",
        "deposit and balance",
        "balance by link",
        "changed by card",
        "changed for cash",
        "changed after a decline",
        "change not answered",
        "change not charged",
        "recovery of a change",
        "too much is used",
        "debt given up, paid after all",
    ),
    "refund": (
        "cancel",
        "cancel two bookings",
        "cancel cash",
        "cancel a deposit",
        "cancel what a link paid",
        "paid by link too late",
        "paid too late",
        "change too late",
        "one of three leaves",
        "refund not answered",
        "refund not sent",
        "slow refund",
        "recovery of a refund",
        "refund that waits",
        "refund approved",
        "refund turned down",
        "refund taken back",
        "cheaper departure approved",
        "refund approved, not answered",
        "refund beyond the policy",
        "refund to credit, spent",
        "refund of one, then the other",
        "refund of what credit paid",
        "refund sent back, again",
        "refund sent back, as credit",
        "refund that comes back",
        "too much goes back",
    ),
    "dispute": (
        "dispute lost",
        "dispute won",
        "dispute that was an inquiry",
        "dispute during a refund",
    ),
    "transfer": (
        "payouts",
        "payout not answered",
        "payout not sent",
        "recovery of a payout",
        "payout tried again",
        "payout tried again, not answered",
        "payout taken back",
        "payout taken back, not answered",
        "payout taken back elsewhere",
    ),
    "payout": (
        "batch drafted",
        "batch approved",
        "bank file",
        "bank file refused",
    ),
    "day close": ("till", "till that is short"),
    "books": ("matching", "fetching"),
}

OF_MONEY = frozenset(story for stories in SUBJECTS.values() for story in stories)

MONEYS = (
    "payment",
    "refund",
    "dispute",
    "payout",
    "take_back",
    "batch",
    "till",
    "debt",
    "excess",
    "moves",
    "match",
)
COMMITS_OF_MONEY = frozenset(
    {
        *(commit for commit in Commit if commit.partition(".")[0] in MONEYS),
        *(
            Commit.SALE_PLACE,
            Commit.BOOKING_CANCEL,
            Commit.BOOKING_AMEND,
            Commit.AMENDMENT_END,
            Commit.CARD_SAVE,
        ),
    }
)
"""Of every one of these a process is killed before and after, in one story at least."""

LOST = (
    *("charged and not ours", "ours and not charged", "open payments"),
    *("paid out and not ours", "ours and not paid out", "open payouts"),
)
DOUBLED = ("charged twice", "given back twice", "paid out twice", "taken back twice")


@dataclass
class Deaths:
    """How often processes were killed in earnest, and what of it was lost or doubled, counted in the provider's file
    and in ours. `at` are the commits before and after which they were."""

    kills: int = 0
    at: set[tuple[str, str]] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def count(self, story: str, at: Boundary, stands: Mapping[str, Any]) -> None:
        where = f"{story}, killed {at}"
        self.kills += 1
        self.at.add((at.name, at.moment))
        self.lost += [f"{where}: {what} {stands[what]}" for what in LOST if stands[what]]
        self.doubled += [f"{where}: {what} {stands[what]}" for what in DOUBLED if stands[what]]


def counted(stands: Mapping[str, Any]) -> dict[str, Any]:
    """How everything stands, without the ids that are others each time."""
    return {
        name: len(value) if any(word in name for word in ("charged", "paid out", "twice")) else value
        for name, value in stands.items()
    }


def kill_everywhere(runner: CrashRunner, story: str) -> Deaths:
    """Kill a process at every boundary of a story. Each leaves just what was kept of the boundary when nobody died, and
    ends, once the program was started again, as the story does."""
    told = Deaths()
    boundaries, _, expected = runner.undisturbed(story)
    kept = runner.left_behind(story)
    assert sorted(map(str, boundaries)) == sorted(str(at) for together, _ in kept for at in together)
    for together, folder in kept:
        stands = counted(runner.left(story, folder)["stands"])
        for at in together:
            _kill_at(runner, story, at, stands, expected, told)
        shutil.rmtree(folder)  # hundreds of copies of an agency take more room than memory has
    shutil.rmtree(runner.beginning(story))
    return told


def _kill_at(
    runner: CrashRunner,
    story: str,
    at: Boundary,
    left: Mapping[str, Any],
    expected: Mapping[str, Any],
    told: Deaths,
) -> None:
    dead = runner.dead(story, at)
    assert counted(runner.left(story, dead)["stands"]) == left, f"{story}, killed {at}"
    after = runner.after(story, dead)
    told.count(story, at, after["stands"])
    assert after["problems"] == [], f"{story}, killed {at}"
    assert after["stands"] == expected["stands"], f"{story}, killed {at}"
