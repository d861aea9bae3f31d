"""The waiting list is served in order: nobody is offered seats while one who came earlier, and whom they would do,
still waits. The rule is watched over thousands of steps; a list that is served otherwise is found out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from helpers.books import seats as seats_of
from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_again
from helpers.search import examples
from helpers.waiting import Waits, out_of_turn
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.states import HoldState, WaitingState
from travellr_desktop.errors import InvalidInput, SeatsGone
from travellr_desktop.events import Event, WaitingChanged
from travellr_desktop.services.holds import HoldView
from travellr_desktop.storage.models import WaitingEntry
from travellr_desktop.storage.repositories import WaitingRepository

CAPACITY = 6


class Queue(RuleBasedStateMachine):
    """A departure that fills up and empties, with people who wait for it."""

    agency: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "profile"
        shutil.copytree(self.agency, folder)
        self.clock = HandClock()
        self.desk: Desk = self.stack.enter_context(desk_again(folder, self.clock))
        self.entries: dict[UUID, Waits] = {}
        self.held: list[HoldView] = []
        self.sold: list[UUID] = []
        self.offered: list[UUID] = []
        self.heard = self.desk.services.bus.subscribe(WaitingChanged, self.hear)
        self.allowed = 0

    def hear(self, event: Event) -> None:
        assert isinstance(event, WaitingChanged)
        if event.state is WaitingState.OFFERED:
            self.offered.append(event.aggregate_id)

    @initialize()
    def full(self) -> None:
        self.buyer = self.desk.traveller()
        self.departure = self.desk.add_departure(capacity=CAPACITY)
        for count in (1, 2, 3):
            self.held.append(self.desk.hold(self.departure, adult=count))

    def teardown(self) -> None:
        try:
            assert self.desk.services.check.run().problems == ()
        finally:
            self.stack.close()

    @rule(count=st.integers(1, 5))
    def join(self, count: int) -> None:
        traveller = self.desk.traveller(f"Traveller {len(self.entries)}")
        try:
            entry = self.desk.services.waiting_list.join(
                self.desk.agent, self.departure, traveller.id, Party(adult=count), key=uuid4()
            )
        except InvalidInput:
            assert count <= self.free()
            return
        self.entries[entry.id] = Waits(len(self.entries), count)

    @rule(count=st.integers(1, 3))
    def hold(self, count: int) -> None:
        try:
            self.held.append(self.desk.hold(self.departure, adult=count))
        except SeatsGone:
            assert count > self.free()

    @rule(which=st.integers(0, 9))
    def release(self, which: int) -> None:
        if self.held:
            hold = self.held.pop(which % len(self.held))
            self.desk.services.holds.release(self.desk.agent, hold.id)

    @rule(which=st.integers(0, 9))
    def sell(self, which: int) -> None:
        if self.held:
            hold = self.held.pop(which % len(self.held))
            if hold.expires_at > self.clock.now():
                self.sold.append(self.desk.sell(hold, pay=CASH, traveller=self.buyer).bookings[0].id)

    @rule(which=st.integers(0, 9))
    def cancel(self, which: int) -> None:
        if self.sold:
            self.desk.cancel(self.sold.pop(which % len(self.sold)))

    @rule(which=st.integers(0, 9))
    def take_up(self, which: int) -> None:
        due = [
            each for each in self.desk.services.options.due(self.desk.agent) if each.until > self.clock.now()
        ]
        if due:
            option = due[which % len(due)]
            self.held.append(self.desk.services.options.take_up(self.desk.agent, option.id, key=uuid4()))

    @rule(which=st.integers(0, 9))
    def refuse_offer(self, which: int) -> None:
        due = self.desk.services.options.due(self.desk.agent)
        if due:
            self.desk.services.options.release(self.desk.agent, due[which % len(due)].id)

    @rule(which=st.integers(0, 9))
    def withdraw(self, which: int) -> None:
        waiting = self.in_state(WaitingState.WAITING)
        if waiting:
            self.desk.services.waiting_list.withdraw(self.desk.agent, waiting[which % len(waiting)])

    @rule()
    def overbook(self) -> None:
        if self.allowed < 2:
            self.allowed += 1
            self.desk.services.overbooking.allow(
                self.desk.admin, self.departure, 1, "A regular guest", key=uuid4()
            )

    @rule(minutes=st.sampled_from([5, 20, 25 * 60]))
    def wait(self, minutes: int) -> None:
        self.clock.forward(timedelta(minutes=minutes))
        self.desk.services.upkeep.expire_holds()
        self.desk.services.waiting_list.keep_up()
        now = self.clock.now()
        self.held = [hold for hold in self.held if hold.expires_at > now]

    # what must always hold

    @invariant()
    def in_turn(self) -> None:
        offered = [self.entries[each] for each in self.offered]
        still = [self.entries[each] for each in self.in_state(WaitingState.WAITING)]
        self.offered.clear()
        assert out_of_turn(offered, still, self.free()) == []

    @invariant()
    def nobody_waits_for_what_is_free(self) -> None:
        waiting = [self.entries[each] for each in self.in_state(WaitingState.WAITING)]
        assert [each for each in waiting if each.seats <= self.free()] == []

    @invariant()
    def an_offer_has_its_hold(self) -> None:
        with self.desk.database.read() as view:
            for entry in view.waiting.of_departure(self.departure) if self.entries else ():
                hold = None if entry.hold_id is None else view.holds.get(entry.hold_id)
                active = hold is not None and hold.state is HoldState.ACTIVE
                assert active == (entry.state is WaitingState.OFFERED)
                if hold is not None and hold.state is HoldState.CONSUMED:
                    assert entry.state is WaitingState.TAKEN

    def in_state(self, state: WaitingState) -> list[UUID]:
        if not self.entries:
            return []
        with self.desk.database.read() as view:
            return [each.id for each in view.waiting.of_departure(self.departure) if each.state is state]

    def free(self) -> int:
        if not hasattr(self, "departure"):
            return 0
        granted, taken = seats_of(self.desk, self.departure)
        return granted - taken


def test_whatever_happens_the_list_is_served_in_order(agency: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Queue, "agency", agency, raising=False)
    run_state_machine_as_test(
        Queue, settings=settings(max_examples=examples(15, ordinary=6), stateful_step_count=25, deadline=None)
    )


@pytest.mark.soak  # `test_desk_model` finds out another
def test_a_list_that_is_served_from_its_end_is_found_out(
    agency: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the last to come is offered the seats first."""
    in_order = WaitingRepository.waiting

    def from_the_end(
        repository: WaitingRepository, departure_id: UUID, *, at_this_desk: bool = False
    ) -> Sequence[WaitingEntry]:
        return in_order(repository, departure_id, at_this_desk=at_this_desk)[::-1]

    monkeypatch.setattr(Queue, "agency", agency, raising=False)
    monkeypatch.setattr(WaitingRepository, "waiting", from_the_end)
    with pytest.raises(AssertionError, match="would have done for"):
        run_state_machine_as_test(
            Queue,
            settings=settings(
                max_examples=60, stateful_step_count=25, deadline=None, phases=[Phase.generate], database=None
            ),
        )


@pytest.mark.parametrize(
    ("offered", "still", "free", "wrong"),
    [
        ([], [Waits(0, 4)], 3, 0),
        ([Waits(1, 2)], [Waits(0, 4)], 1, 0),  # four were never free
        ([Waits(1, 2)], [Waits(0, 4)], 2, 1),  # four were
        ([Waits(1, 2), Waits(2, 2)], [Waits(0, 4)], 0, 1),  # both together would have done
        ([Waits(1, 2), Waits(0, 2)], [], 0, 1),  # both were served, the later one first
        ([Waits(0, 2), Waits(1, 2)], [Waits(2, 1)], 0, 0),
    ],
)
def test_the_rule_itself(offered: list[Waits], still: list[Waits], free: int, wrong: int) -> None:
    assert len(out_of_turn(offered, still, free)) == wrong
