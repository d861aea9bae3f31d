"""What other programs commit to the file is heard: all of it, once, in the order of the commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import Desk, desk_again, desk_at
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.events import Change, Event, TravellerChanged
from travellr_desktop.storage import neighbours
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.neighbours import Neighbours
from travellr_desktop.storage.paging import read_connection
from travellr_desktop.storage.uow import Database


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


@pytest.fixture
def there(here: Desk, tmp_path: Path) -> Iterator[Desk]:
    """Another program on the same file."""
    with desk_again(tmp_path) as desk:
        assert desk.database.workers.id != here.database.workers.id
        yield desk


@pytest.fixture
def ears(here: Desk) -> Iterator[Neighbours]:
    with closing(Neighbours(here.database.path, here.database.workers.id)) as ears:
        yield ears


def publish(database: Database, *ids: UUID) -> None:
    """Commit that these travellers changed."""
    with database.write(Commit.TRAVELLER_SAVE, SYSTEM) as work:
        for one in ids:
            work.publish(TravellerChanged(aggregate_id=one, timestamp=work.now, change=Change.UPDATED))
        work.commit()


def heard(ears: Neighbours) -> list[UUID]:
    return [UUID(told["aggregate_id"]) for told in ears.news()]


def test_what_the_other_program_did_is_heard_once_and_in_order(there: Desk, ears: Neighbours) -> None:
    ids = [uuid4() for _ in range(5)]
    publish(there.database, *ids[:2])
    publish(there.database, ids[2])
    assert heard(ears) == ids[:3]
    assert heard(ears) == []
    publish(there.database, *ids[3:])
    assert heard(ears) == ids[3:]


def test_own_commits_are_not_heard_whatever_stands_around_them(
    here: Desk, there: Desk, ears: Neighbours
) -> None:
    mine, others = [uuid4() for _ in range(3)], [uuid4() for _ in range(2)]
    for one, other in zip(mine, [*others, None], strict=True):
        publish(here.database, one)
        if other is not None:
            publish(there.database, other)
    assert heard(ears) == others


def test_what_was_there_before_is_known_and_not_told(here: Desk, there: Desk) -> None:
    publish(there.database, uuid4())
    with closing(Neighbours(here.database.path, here.database.workers.id)) as late:
        assert heard(late) == []


def test_an_event_says_what_it_said_where_it_was_published(there: Desk, ears: Neighbours) -> None:
    sold: list[Event] = []
    with there.services.bus.subscribe("*", sold.append):
        there.sold(there.add_departure(), adult=2)
    assert [Event.from_json(told) for told in ears.news()] == sold


def insert(path: Path, event_id: UUID, aggregate: UUID) -> None:
    """An event of a third program, with an id of its choice."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "INSERT INTO outbox_events (id, event_name, aggregate_id, timestamp, payload, worker) "
            "VALUES (?, 'TravellerChanged', ?, '2026-06-18T08:42:00.000000Z', '{\"change\": \"updated\"}', 'third')",
            (event_id.hex, aggregate.hex),
        )
        db.commit()


def test_a_commit_whose_event_was_made_earlier_is_not_missed(
    here: Desk, there: Desk, ears: Neighbours
) -> None:
    """A mark of ids, the negative control, misses it: the id holds the time at which the event was made."""
    publish(there.database, uuid4())
    assert len(heard(ears)) == 1
    with here.database.read() as view:
        newest = view.journal.events(limit=1)[0].id
    slow = uuid4()
    insert(here.database.path, UUID(int=newest.int - 1), slow)
    with closing(sqlite3.connect(here.database.path)) as db:
        by_id = db.execute("SELECT count(*) FROM outbox_events WHERE id > ?", (newest.hex,)).fetchone()
    assert by_id == (0,)
    assert heard(ears) == [slow]


def test_forgetting_old_events_keeps_the_mark(here: Desk, there: Desk, ears: Neighbours) -> None:
    publish(there.database, uuid4(), uuid4())
    for program in (here, there):
        program.database.flush_published(SYSTEM)
    assert len(heard(ears)) == 2
    assert isinstance(there.clock, HandClock)
    there.clock.forward(timedelta(days=40))
    there.services.upkeep.clean_up()
    with closing(sqlite3.connect(here.database.path)) as db:
        assert db.execute("SELECT count(*) FROM outbox_events").fetchone() == (1,)
    new = uuid4()
    publish(there.database, new)
    assert heard(ears) == [new]


def test_without_the_last_event_the_next_would_be_missed(here: Desk, there: Desk, ears: Neighbours) -> None:
    """The negative control of the test before: SQLite gives the rowid of a deleted last row again."""
    publish(there.database, uuid4(), uuid4())
    assert len(heard(ears)) == 2
    with closing(sqlite3.connect(here.database.path)) as db:
        db.execute("DELETE FROM outbox_events")
        db.commit()
    publish(there.database, uuid4())
    assert heard(ears) == []


def test_more_than_one_reading_takes_come_one_after_the_other(
    there: Desk, ears: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "AT_ONCE", 3)
    ids = [uuid4() for _ in range(8)]
    publish(there.database, *ids)
    assert [heard(ears) for _ in range(4)] == [ids[:3], ids[3:6], ids[6:], []]


def test_a_file_in_which_nothing_happened_is_not_read(
    here: Desk, there: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []
    connect = read_connection

    def traced(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        connection.set_trace_callback(statements.append)
        return connection

    monkeypatch.setattr(neighbours, "read_connection", traced)
    with ExitStack() as stack:
        ears = stack.enter_context(closing(Neighbours(here.database.path, here.database.workers.id)))
        statements.clear()
        for _ in range(3):
            ears.news()
        assert statements == ["PRAGMA data_version"] * 3
        publish(there.database, uuid4())
        assert len(ears.news()) == 1
        assert len(statements) == 5
