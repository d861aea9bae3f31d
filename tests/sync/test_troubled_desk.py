"""Desks with a clock that is a year off, with a full disk, and with two programs on one file."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from threading import Event as Flag
from uuid import UUID

import pytest

from helpers.children import beside, child_of, little_room
from helpers.clock import START, HandClock
from helpers.desk import CASH, Desk, desk_again
from helpers.hub_kills import a_turn, url_of
from helpers.hub_proofs import cursor_is_honest, one_outcome_each, same_rows
from helpers.naive_sync import cursor_apart
from helpers.three_towns import ThreeTowns, Town
from travellr_desktop.events import Event
from travellr_desktop.services.authority import DeskAlone
from travellr_desktop.services.central.link import Link, LinkState
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.storage.uow import Database
from travellr_desktop.storage.workers import Workers
from travellr_desktop.sync.connecting import connect
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.worker import Worker

PATIENCE_S = 120.0
YEAR = timedelta(days=365)

# clocks


def set_phone(town: Town, phone: str) -> UUID:
    found = UUID(town.lies("SELECT id FROM travellers ORDER BY id LIMIT 1")[0][0])
    town.desk.services.travellers.update(
        town.desk.agent, found, TravellerDraft("Nora Lindqvist", phone=phone)
    )
    return found


def phones(here: ThreeTowns, traveller: UUID) -> list[str]:
    query = "SELECT phone FROM travellers WHERE id = ?"
    return [town.lies(query, traveller.hex)[0][0] for town in here.towns]


@pytest.fixture
def years_apart(here: ThreeTowns) -> tuple[ThreeTowns, Town, Town]:
    """One desk's clock is a year ahead, another one's a year behind."""
    ahead, behind, _ = here.towns
    ahead.clock.at(START + YEAR)
    behind.clock.at(START - YEAR)
    return here, ahead, behind


def test_clocks_decide_nothing(years_apart: tuple[ThreeTowns, Town, Town]) -> None:
    here, ahead, behind = years_apart
    traveller = set_phone(ahead, "+382 67 000 001")
    for town in here.towns:
        town.turn()
    set_phone(behind, "+382 67 000 002")  # later, and knowing the other
    ahead.desk.sold(ahead.departure(), pay=CASH, adult=2)
    behind.desk.sold(ahead.departure(), pay=CASH, adult=2)
    for town in [*here.towns, *here.towns]:
        town.turn()
    assert phones(here, traveller) == ["+382 67 000 002"] * 3
    for town in here.towns:
        one_outcome_each(here.place, town)
        cursor_is_honest(here.place, town.desk.database.path)
        assert town.desk.services.check.run().problems == ()
    same_rows(here.place, *here.towns)


def test_by_the_clocks_the_later_word_is_lost_and_never_read(
    years_apart: tuple[ThreeTowns, Town, Town],
) -> None:
    """Who takes the newest by its clock, and who reads what is newer than what was read."""
    here, ahead, behind = years_apart
    set_phone(ahead, "+382 67 000 001")
    for town in here.towns:
        town.turn()
    read_up_to = here.place.one("SELECT max(at) FROM hub.ops")
    traveller = set_phone(behind, "+382 67 000 002")
    for town in [*here.towns, *here.towns]:
        town.turn()
    newest = (
        "SELECT c.f ->> 'phone' FROM hub.changes c JOIN hub.ops o USING (desk_id, op_no) "
        "WHERE c.row_id = %s AND c.f ? 'phone' ORDER BY o.at DESC LIMIT 1"
    )
    assert here.place.one(newest, traveller) == "+382 67 000 001"
    assert phones(here, traveller) == ["+382 67 000 002"] * 3
    assert here.place.one("SELECT count(*) FROM hub.ops WHERE at > %s", read_up_to) == 0


# the disk


def with_room(here: ThreeTowns, town: Town, room: int, work: Callable[[Desk, Hub], object]) -> str:
    """What `work` met in a process of its own in which no file may grow beyond `room` bytes."""

    def child() -> str:
        gc.freeze()
        url = url_of(here.place, town.sign_in)
        with (
            desk_again(town.folder, town.clock, authority=DeskAlone()) as desk,
            closing(Hub(connect(url, insecure_loopback=True))) as hub,
        ):
            little_room(room)()
            work(desk, hub)
        return "done"

    town.desk.program.close()
    said, _ = child_of(child)
    return said


def much_is_published(here: ThreeTowns) -> None:
    other = here.towns[1]
    for number in range(60):
        other.desk.traveller(f"Olga {number}", phone=f"+382 67 {number:06}")
    other.turn()


@pytest.mark.parametrize("room", [4_000, 30_000, 80_000])
def test_a_full_disk_is_said_nothing_is_half_written_and_it_goes_on_later(
    here: ThreeTowns, room: int
) -> None:
    one = here.towns[0]
    much_is_published(here)
    before = one.lies("SELECT cursor FROM this_desk")
    said = with_room(here, one, room, a_turn)
    assert said.startswith("DiskFull") and "Make room" in said
    assert one.lies("SELECT cursor FROM this_desk") == before
    assert one.lies("SELECT count(*) FROM travellers WHERE name LIKE 'Olga %'") == [(0,)]
    cursor_is_honest(here.place, one.folder / "travellr.db")
    here.again(one)
    assert one.desk.services.check.run().problems == ()
    one.turn()
    one_outcome_each(here.place, one)
    same_rows(here.place, one)


def test_a_cursor_that_is_committed_apart_passes_what_the_disk_did_not_take(here: ThreeTowns) -> None:
    one = here.towns[0]
    much_is_published(here)
    said = with_room(here, one, 30_000, cursor_apart)
    assert said.startswith("DiskFull")
    with pytest.raises(AssertionError, match=r"is not here|published was"):
        cursor_is_honest(here.place, one.folder / "travellr.db")
    here.again(one)


# two programs


@contextmanager
def keeping_in_touch(
    database: Database, url: str, told: Callable[[Link], object] = lambda _: None
) -> Iterator[Worker]:
    def tell(link: Link) -> None:
        told(link)

    worker = Worker(database, lambda: Hub(connect(url, insecure_loopback=True)), told=tell, every=0.2)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def another_program(here: ThreeTowns, town: Town) -> Callable[[Callable[[str], object]], object]:
    """What a second program on the desk's file does: it keeps in touch, and says how that stands."""
    url = url_of(here.place, town.sign_in)

    def work(say: Callable[[str], object]) -> None:
        gc.freeze()
        clock = HandClock(START)
        with (
            desk_again(town.folder, clock, authority=DeskAlone()) as desk,
            keeping_in_touch(desk.database, url, lambda link: say(link.state.value)),
        ):
            signal.pause()

    return work


def until(true: Callable[[], bool], heard: Flag, what: str) -> None:
    for _ in range(int(PATIENCE_S * 20)):
        if true():
            return
        heard.wait(0.05)
        heard.clear()
    pytest.fail(f"it did not come: {what}")


def connected(here: ThreeTowns, town: Town) -> int:
    """Programs that keep in touch as that desk: two connections each, beside the one that the test has."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
    return (int(here.place.one(query, town.sign_in.login)) - 1) // 2


def test_of_two_programs_on_a_file_one_tells_and_both_hear(here: ThreeTowns) -> None:
    one, other, _ = here.towns
    one.desk.program.close()
    with beside(another_program(here, one)) as second, ExitStack() as stack:
        second.until(LinkState.ONLINE.value)
        here.again(one)
        desk, heard, events = one.desk, Flag(), list[Event]()

        def hears(event: Event) -> None:
            events.append(event)
            heard.set()

        desk.program.runner.start()
        stack.enter_context(desk.database.bus.subscribe("*", hears))
        url = url_of(here.place, one.sign_in)
        worker = stack.enter_context(keeping_in_touch(desk.database, url, lambda _link: heard.set()))
        until(lambda: worker.link.state is LinkState.ELSEWHERE, heard, "the other one has it")
        desk.traveller("Jonas Ek")
        told = "SELECT count(*) FROM agency.travellers WHERE name = 'Jonas Ek'"
        until(lambda: here.place.one(told) == 1, heard, "told by the other program")
        events.clear()
        traveller = other.desk.traveller("Olga Petrova")
        other.turn()
        until(lambda: any(event.aggregate_id == traveller.id for event in events), heard, "heard by this one")
        assert connected(here, one) == 1
        second.kill()
        until(lambda: worker.link.state is LinkState.ONLINE, heard, "it is this one's turn now")
        desk.traveller("Petra Novak")
        told = told.replace("Jonas Ek", "Petra Novak")
        until(lambda: here.place.one(told) == 1, heard, "told by this one")
    one.turn()
    one_outcome_each(here.place, one)
    same_rows(here.place, one)


def test_without_the_lock_both_would_tell(here: ThreeTowns, monkeypatch: pytest.MonkeyPatch) -> None:
    one = here.towns[0]
    one.desk.program.close()
    with beside(another_program(here, one)) as second:
        second.until(LinkState.ONLINE.value)
        here.again(one)
        monkeypatch.setattr(Workers, "only", lambda *_: True)
        heard = Flag()
        url = url_of(here.place, one.sign_in)
        with keeping_in_touch(one.desk.database, url, lambda _link: heard.set()) as worker:
            until(lambda: worker.link.state is LinkState.ONLINE, heard, "this one is at it too")
            assert connected(here, one) == 2
