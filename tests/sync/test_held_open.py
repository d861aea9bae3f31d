"""A transaction that stays open at the hub while others commit, and a hub that is killed in the middle of one: no
cursor passes anything, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from uuid import UUID

import psycopg
import pytest

from helpers.at_once import at_once
from helpers.hub_kills import url_of
from helpers.hub_proofs import cursor_is_honest, one_outcome_each, same_rows
from helpers.naive_sync import acknowledged_first, numbered_when_written
from helpers.three_towns import ThreeTowns, Town
from helpers.wire import Fate, wire
from travellr_desktop.storage.outgoing import Outgoing, OutgoingOp
from travellr_desktop.sync import cycle
from travellr_desktop.sync.connecting import HubSilent, connect
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.refusals import HubRestored

AT_ONCE = 50
WAITS = (
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%api.push%')"
)


def untold(town: Town) -> list[OutgoingOp]:
    with town.desk.database.read() as view:
        outgoing = Outgoing(view.connection)
        return list(outgoing.ops(outgoing.standing().acked, 500, 10**7))


def names(town: Town) -> set[str]:
    return {row[0] for row in town.lies("SELECT name FROM travellers")}


def note(town: Town, text: str) -> None:
    traveller = UUID(town.lies("SELECT id FROM travellers ORDER BY id LIMIT 1")[0][0])
    town.desk.services.notes.add(town.desk.agent, text, traveller_id=traveller)


def held_open_while(here: ThreeTowns, commits: int) -> None:
    """One desk's ops are written at the hub and not committed, while another one commits so often and a third reads;
    then they are."""
    one, other, third = here.towns
    one.desk.traveller("Late Lindqvist")
    with closing(psycopg.connect(url_of(here.place, one.sign_in))) as open_one:
        assert Hub(open_one).push(untold(one))
        for done in range(0, commits, AT_ONCE):
            for number in range(done, done + AT_ONCE):
                note(other, f"Note {number}")
            other.turn()
            third.turn()
            cursor_is_honest(here.place, third.desk.database.path)
        assert third.lies("SELECT count(*) FROM notes") == [(commits,)]
        assert "Late Lindqvist" not in names(third)
        open_one.commit()
    third.turn()


@pytest.mark.parametrize("commits", [200, pytest.param(4_000, marks=pytest.mark.soak)])
def test_a_transaction_that_is_held_open_is_passed_by_nobody(here: ThreeTowns, commits: int) -> None:
    held_open_while(here, commits)
    third = here.towns[2]
    assert "Late Lindqvist" in names(third)
    cursor_is_honest(here.place, third.desk.database.path)
    for town in here.towns:
        town.turn()
    for town in here.towns:
        town.turn()
        one_outcome_each(here.place, town)
    same_rows(here.place, *here.towns)
    dense = "SELECT count(*) = max(pub) AND count(*) = count(DISTINCT pub) FROM hub.ops WHERE pub IS NOT NULL"
    assert here.place.one(dense)


def test_numbers_of_the_moment_of_writing_make_cursors_pass_it(here: ThreeTowns) -> None:
    numbered_when_written(here.place)
    held_open_while(here, AT_ONCE)
    assert "Late Lindqvist" not in names(here.towns[2])
    with pytest.raises(AssertionError, match="is not here"):
        cursor_is_honest(here.place, here.towns[2].desk.database.path)


# the hub is killed


def killed_while(here: ThreeTowns, town: Town, tell: Callable[[], object]) -> object:
    """The server is killed, all of it, while `tell` is in the middle of an op; then it runs again. Returns what `tell`
    met."""
    note(town, "Brings ice")
    with closing(here.place.central.connect()) as lock:
        lock.execute("BEGIN")
        lock.execute("LOCK TABLE agency.notes IN ACCESS EXCLUSIVE MODE")

        def kill() -> None:
            while here.place.connection.execute(WAITS).fetchone() != (True,):
                pass
            here.made.server.kill()

        met, _ = at_once(tell, kill)
    here.kill_hub()
    return met


def test_a_hub_that_is_killed_in_the_middle_of_a_push_has_lost_nothing(here: ThreeTowns) -> None:
    one = here.towns[0]
    one.desk.traveller("Jonas Ek")
    met = killed_while(here, one, one.turn)
    assert isinstance(met, HubSilent)
    assert "Jonas Ek" not in {
        row[0] for row in here.place.connection.execute("SELECT name FROM agency.travellers")
    }
    one.turn()
    one_outcome_each(here.place, one)
    for town in here.towns:
        town.turn()
    same_rows(here.place, *here.towns)


def test_a_hub_that_is_killed_before_its_answer_is_heard_has_it_still(here: ThreeTowns) -> None:
    one = here.towns[0]
    one.desk.traveller("Jonas Ek")
    with wire(here.place.central.server.port) as line:
        line.plan("api.push", Fate.UNHEARD)
        url = url_of(here.place, one.sign_in, line.port)
        with closing(Hub(connect(url, insecure_loopback=True))) as hub, pytest.raises(HubSilent):
            cycle.turn(one.desk.database, hub)
    here.kill_hub()
    assert here.place.one("SELECT count(*) FROM agency.travellers WHERE name = 'Jonas Ek'") == 1
    one.turn()
    one_outcome_each(here.place, one)
    same_rows(here.place, one)


def test_what_is_acknowledged_before_it_is_told_is_lost_with_the_hub(here: ThreeTowns) -> None:
    one = here.towns[0]
    met = killed_while(here, one, lambda: acknowledged_first(one.desk, one.hub))
    assert isinstance(met, HubSilent)
    with pytest.raises(HubRestored):
        one.turn()
    cycle.turn(one.desk.database, one.hub)
    with pytest.raises(AssertionError, match="without an outcome"):
        one_outcome_each(here.place, one)
