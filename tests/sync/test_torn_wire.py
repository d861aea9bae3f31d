"""Between a desk and its hub a wire tears, answers are lost, come late or twice: what was told is done once, what was
published is taken in once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from uuid import UUID

import pytest

from helpers.at_once import at_once
from helpers.hub_kills import a_turn, url_of
from helpers.hub_proofs import cursor_is_honest, one_outcome_each, same_rows
from helpers.naive_sync import no_ledger_of_ops
from helpers.three_towns import ThreeTowns, Town
from helpers.wire import PATIENCE_S, Fate, Wire, wire
from travellr_desktop.storage.outgoing import Outgoing, OutgoingOp
from travellr_desktop.sync.connecting import HubSilent, connect
from travellr_desktop.sync.hub import Hub

TORN = (Fate.LOST, Fate.CUT, Fate.UNHEARD, Fate.HALF_HEARD)
CALLS = ("api.push", "api.pull")
"""Those that move something."""
OTHER_CALLS = ("api.hello", "api.publish", "api.asked_of_me", "api.status")
"""And all else that a turn asks."""


@dataclass
class Torn:
    """One desk whose hub is at the other end of the wire; another one with a wire that holds."""

    here: ThreeTowns
    wire: Wire
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def one(self) -> Town:
        return self.here.towns[0]

    @property
    def other(self) -> Town:
        return self.here.towns[1]

    def both_work(self) -> None:
        """There is something to tell, and something to take in."""
        self.other.desk.traveller(f"Olga {next(self.numbers)}")
        self.other.turn()
        self.one.desk.traveller(f"Nora {next(self.numbers)}")

    def over_the_wire(self) -> Hub:
        url = url_of(self.here.place, self.one.sign_in, self.wire.port)
        return Hub(connect(url, insecure_loopback=True))

    def turn(self) -> None:
        """On a connection of its own."""
        with closing(self.over_the_wire()) as hub:
            a_turn(self.one.desk, hub)

    def untold(self) -> list[OutgoingOp]:
        with self.one.desk.database.read() as view:
            outgoing = Outgoing(view.connection)
            return list(outgoing.ops(outgoing.standing().acked, 50, 1_000_000))

    def proved(self) -> None:
        cursor_is_honest(self.here.place, self.one.desk.database.path)
        one_outcome_each(self.here.place, self.one)
        same_rows(self.here.place, self.one)


@pytest.fixture
def torn(here: ThreeTowns) -> Iterator[Torn]:
    with wire(here.place.central.server.port) as line:
        yield Torn(here, line)


@pytest.mark.parametrize(
    "call", [*CALLS, *(pytest.param(call, marks=pytest.mark.soak) for call in OTHER_CALLS)]
)
def test_wherever_the_wire_tears_it_is_done_once(call: str, torn: Torn) -> None:
    for fate in TORN:
        torn.both_work()
        torn.wire.plan(call, fate)
        with pytest.raises(HubSilent):
            torn.turn()
        assert torn.wire.all_happened, f"{call} was not called"
        cursor_is_honest(torn.here.place, torn.one.desk.database.path)
        torn.turn()
    torn.proved()
    assert torn.one.desk.services.check.run().problems == ()


def test_what_arrives_twice_is_answered_the_same_and_done_once(torn: Torn) -> None:
    torn.both_work()
    torn.wire.plan("api.push", Fate.TWICE)
    torn.turn()
    ((first, second),) = torn.wire.answers
    assert b"applied" in first and first == second
    torn.proved()


def test_what_arrives_long_after_it_was_told_again_changes_nothing(torn: Torn) -> None:
    """Told, told again, gone on from, changed by another desk; then the first telling arrives."""
    traveller = UUID(torn.one.lies("SELECT id FROM travellers ORDER BY id LIMIT 1")[0][0])
    torn.one.desk.services.notes.add(torn.one.desk.agent, "Brings ice", traveller_id=traveller)
    torn.wire.plan("api.push", Fate.LATE)
    with pytest.raises(HubSilent):
        torn.turn()
    torn.turn()
    torn.other.turn()
    (note,) = torn.other.lies("SELECT id FROM notes")[-1]
    torn.other.desk.services.notes.remove(torn.other.desk.agent, UUID(note))
    torn.both_work()
    torn.turn()
    before = torn.here.place.dump()
    (said,) = torn.wire.arrive()
    assert b"applied" in said
    assert torn.here.place.dump() == before
    torn.turn()
    torn.proved()


def test_an_answer_that_is_held_holds_nobody_else(torn: Torn) -> None:
    torn.both_work()
    torn.wire.plan("api.push", Fate.HELD)

    def others() -> None:
        assert torn.wire.held.wait(PATIENCE_S)
        torn.other.desk.traveller("Petra Novak")
        assert torn.other.turn().pulled > 0  # also what the held one has told
        torn.wire.let_go()

    at_once(torn.turn, others)
    torn.turn()
    torn.proved()


def test_two_connections_that_tell_the_same_at_once_are_both_answered(torn: Torn) -> None:
    torn.both_work()
    ops = torn.untold()
    with closing(torn.over_the_wire()) as first, closing(torn.over_the_wire()) as second:
        one, other = at_once(partial(first.push, ops), partial(second.push, ops))
    assert one == other
    torn.turn()
    torn.proved()


def test_without_a_ledger_of_ops_a_lost_answer_is_an_op_judged_twice(torn: Torn) -> None:
    no_ledger_of_ops(torn.here.place)
    torn.both_work()
    torn.wire.plan("api.push", Fate.UNHEARD)
    with pytest.raises(HubSilent):
        torn.turn()
    torn.turn()
    with pytest.raises(AssertionError, match=r"judged otherwise|applied twice"):
        one_outcome_each(torn.here.place, torn.one)
