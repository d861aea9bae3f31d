"""A desk is killed at every boundary of a turn with its hub: every op has one outcome, the cursor passes nothing, and
after the restart desk and hub are of one mind. Three naive turns, killed at the same places, are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from helpers.desk import CASH, Desk
from helpers.hub_kills import a_turn, play
from helpers.hub_proofs import cursor_is_honest, one_outcome_each, same_rows
from helpers.naive_sync import acknowledged_first, cursor_apart, no_ledger_of_ops
from helpers.three_towns import DAY, ThreeTowns, Town
from travellr_desktop.jobs.runner import start_up
from travellr_desktop.sync import cycle
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.refusals import HubRestored

SHORT = (
    "before api.push #1",
    "after api.push #1",
    "before sync.pushed #1",
    "after sync.pushed #1",
    "after api.publish #1",
    "after api.pull #1",
    "in a page, after travellers #1",
    "before sync.taken_in #1",
    "after sync.taken_in #1",
    "before sync.looked #1",
)
"""Where most can go wrong; all the others are soak."""


class Dying:
    """One desk that dies, another one that goes on selling meanwhile."""

    def __init__(self, here: ThreeTowns) -> None:
        self.here = here
        self.one, self.other, _ = here.towns
        self.departure = self.one.desk.add_departure(self._trip(), day=DAY + timedelta(days=1), capacity=900)
        for town in here.towns * 2:
            town.turn()
        self._numbers = count(1)

    def _trip(self) -> UUID:
        return UUID(self.one.lies("SELECT id FROM trips")[0][0])

    @contextmanager
    def closed(self) -> Iterator[None]:
        """The program of the one desk is closed, and opened again afterwards."""
        self.one.online = False
        self.one.desk.program.close()
        yield
        self.here.again(self.one)
        self.one.online = True

    def sell(self, desk: Desk) -> None:
        desk.sold(self.departure, pay=CASH, adult=1)

    def a_day(self, desk: Desk, hub: Hub) -> None:
        """It sells, and takes a turn."""
        self.sell(desk)
        a_turn(desk, hub)

    def meanwhile(self) -> None:
        """What the other desk does, so that there is something to take in."""
        self.sell(self.other.desk)
        traveller = self.other.desk.traveller(f"Olga {next(self._numbers)}")
        self.other.desk.services.notes.add(self.other.desk.agent, "Brings ice", traveller_id=traveller.id)
        self.other.turn()

    def killed(self, at: str) -> None:
        self.meanwhile()
        with self.closed():
            play(self.here, self.one, self.a_day, at)
            cursor_is_honest(self.here.place, self.one.folder / "travellr.db")
        start_up(self.one.desk.services)
        self.one.turn()
        cursor_is_honest(self.here.place, self.one.desk.database.path)
        one_outcome_each(self.here.place, self.one)
        same_rows(self.here.place, self.one)

    def passed(self, work: Callable[[Desk, Hub], object]) -> list[str]:
        """What a turn passes that nobody disturbs."""
        self.meanwhile()
        with self.closed():
            return play(self.here, self.one, work)

    def of_one_mind(self) -> None:
        for town in self.here.towns * 2:
            town.turn()
        same_rows(self.here.place, *self.here.towns)
        for town in self.here.towns:
            one_outcome_each(self.here.place, town)
            assert town.desk.services.check.run().problems == ()


@pytest.fixture
def dying(here: ThreeTowns) -> Dying:
    return Dying(here)


def test_a_turn_that_is_killed_is_gone_on_with(dying: Dying) -> None:
    assert set(SHORT) <= set(dying.passed(dying.a_day)), "a boundary is not passed any more"
    for at in SHORT:
        dying.killed(at)
    dying.of_one_mind()


@pytest.mark.soak
def test_a_sale_and_a_turn_may_be_killed_anywhere(dying: Dying) -> None:
    everywhere = dying.passed(dying.a_day)
    assert len(everywhere) > 30
    for at in everywhere:
        dying.killed(at)
    dying.of_one_mind()


# the naive ways


def killed_in(dying: Dying, naive: Callable[[Desk, Hub], object], at: str) -> Town:
    """The one desk after a naive turn that was killed; its program is open again."""
    dying.meanwhile()
    dying.sell(dying.one.desk)
    with dying.closed():
        play(dying.here, dying.one, naive, at)
    return dying.one


def test_a_cursor_that_is_committed_apart_passes_rows_that_are_not_there(dying: Dying) -> None:
    one = killed_in(dying, cursor_apart, "after sync.taken_in #1")
    with pytest.raises(AssertionError, match=r"is not here|published was"):
        cursor_is_honest(dying.here.place, one.desk.database.path)
    one.turn()
    with pytest.raises(AssertionError, match="has other rows"):
        same_rows(dying.here.place, one)


def test_ops_that_are_acknowledged_before_they_are_told_have_no_outcome(dying: Dying) -> None:
    one = killed_in(dying, acknowledged_first, "before api.push #1")
    with pytest.raises(HubRestored):  # it is seen, at least, that the hub has less than was written down
        one.turn()
    cycle.turn(one.desk.database, one.hub)
    with pytest.raises(AssertionError, match="without an outcome"):
        one_outcome_each(dying.here.place, one)


def test_without_a_ledger_of_ops_one_that_is_told_again_is_judged_again(dying: Dying) -> None:
    no_ledger_of_ops(dying.here.place)
    one = killed_in(dying, a_turn, "after api.push #1")
    one.turn()
    with pytest.raises(AssertionError, match=r"judged otherwise|applied twice"):
        one_outcome_each(dying.here.place, one)
