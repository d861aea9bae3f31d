"""What a file has to tell its hub: whole ops in their order with what happened, each until it has its outcome."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from helpers.desk import CASH, Desk, desk_at
from helpers.raw import rows
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import StorageRefusal
from travellr_desktop.events import Event
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.engine import make_engine
from travellr_desktop.storage.outgoing import Outgoing, OutgoingOp, Standing
from travellr_desktop.storage.seal import body_hash
from travellr_desktop.storage.startup import make_empty

ALL = 10**9
HUB, OTHER = uuid4(), uuid4()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


def standing(desk: Desk) -> Standing:
    with desk.database.read() as view:
        return Outgoing(view.connection).standing()


def told(desk: Desk, after: int = 0, most: int = ALL, most_bytes: int = ALL) -> list[OutgoingOp]:
    with desk.database.read() as view:
        return list(Outgoing(view.connection).ops(after, most, most_bytes))


def acknowledge(desk: Desk, op_no: int) -> None:
    with desk.database.write(Commit.SYNC_PUSHED, SYSTEM) as work:
        Outgoing(work.connection).acknowledge(op_no)
        work.commit()


def belong(desk: Desk, hub: UUID, epoch: int, known: int, cursor: int = 0) -> None:
    with desk.database.write(Commit.SYNC_JOINED, SYSTEM) as work:
        Outgoing(work.connection).belong(hub, epoch, known, cursor)
        work.commit()


def test_every_op_is_told_whole_and_in_order(desk: Desk) -> None:
    desk.sold(desk.add_departure(), pay=CASH)
    found = told(desk)
    assert [op.op_no for op in found] == list(range(1, standing(desk).last_op + 1))
    for op in found:
        kept = rows(
            desk.database.path,
            "SELECT table_name, row_id, kind, fields FROM changes WHERE op_no = ? ORDER BY id",
            op.op_no,
        )
        assert [(one.table, one.row_id, one.kind, one.fields) for one in op.changes] == kept != []


def test_an_op_brings_what_happened_and_says_who_did_it(desk: Desk) -> None:
    last = standing(desk).last_op
    departure = desk.add_departure()
    sold: list[Event] = []
    with desk.services.bus.subscribe("*", sold.append):
        desk.sold(departure, pay=CASH)
    found = [op for op in told(desk, last) if op.events]
    assert [Event.from_json(one) for op in found for one in op.events if op is not found[0]] == sold
    assert {op.actor_id for op in found[1:]} == {desk.agent.user_id}
    assert [op.name for op in found[-2:]] == [Commit.SALE_PLACE, Commit.PAYMENT_COMPLETE]


def test_an_event_without_a_change_goes_nowhere(desk: Desk) -> None:
    before = standing(desk).last_op
    desk.services.upkeep.note_told()
    with desk.database.write(Commit.CLEAN_UP, SYSTEM) as work:
        work.publish(
            Event.from_json(
                {
                    "event_name": "TravellerChanged",
                    "aggregate_id": str(uuid4()),
                    "timestamp": work.now.isoformat(),
                    "payload": {"change": "updated"},
                }
            )
        )
        work.commit()
    assert standing(desk).last_op == before
    assert rows(desk.database.path, "SELECT op_no FROM outbox_events ORDER BY rowid DESC LIMIT 1") == [
        (None,)
    ]


def test_what_happened_is_kept_until_the_hub_was_told(desk: Desk) -> None:
    """Events are forgotten after a while, but not those that are still to go out."""
    belong(desk, HUB, 1, standing(desk).last_op)
    desk.traveller()
    desk.services.upkeep.note_told()
    late = desk.clock.now() + timedelta(days=400)

    def forget() -> None:
        with desk.database.write(Commit.CLEAN_UP, SYSTEM) as work:
            work.journal.forget_events_before(late)
            work.commit()

    forget()
    assert [len(op.events) for op in told(desk)][-1:] == [1]
    desk.traveller()  # the last event of all stays anyhow
    desk.services.upkeep.note_told()
    acknowledge(desk, standing(desk).last_op)
    forget()
    assert [len(op.events) for op in told(desk)][-2:] == [0, 1]


def test_ops_come_in_pages_of_so_many_and_of_so_much(desk: Desk) -> None:
    desk.sold(desk.add_departure(), pay=CASH)
    whole = told(desk)
    assert [op.op_no for op in told(desk, 2, 3)] == [3, 4, 5]
    assert told(desk, whole[-1].op_no) == []
    pages, after = [], 0
    while page := told(desk, after, ALL, 2_000):
        pages.append(page)
        after = page[-1].op_no
    assert [op for page in pages for op in page] == whole
    assert len(pages) > 2
    for page, following in pairwise(pages):
        assert size(*page) <= 2_000 or len(page) == 1
        assert size(*page, following[0]) > 2_000


def size(*ops: OutgoingOp) -> int:
    return sum(
        sum(len(one.fields) for one in op.changes) + sum(len(json.dumps(one["payload"])) for one in op.events)
        for op in ops
    )


def test_an_op_says_what_its_desk_had_seen(desk: Desk) -> None:
    desk.add_departure()
    belong(desk, HUB, 1, standing(desk).last_op, cursor=41)
    desk.traveller()
    assert told(desk)[-1].seen == 41
    assert {op.seen for op in told(desk)[:-1]} == {0}


def test_the_hash_is_that_of_the_changes(desk: Desk) -> None:
    """As it was sealed: what an op had seen is beside it, not in it."""

    class Row:
        def __init__(self, values: tuple[object, ...]) -> None:
            self.table_name, self.row_id, self.kind, self.base_version, self.fields = values

    desk.add_departure()
    for op in told(desk):
        found = rows(
            desk.database.path,
            "SELECT table_name, row_id, kind, base_version, fields FROM changes WHERE op_no = ? ORDER BY id",
            op.op_no,
        )
        assert op.body_hash == body_hash(map(Row, found))


def test_outcomes_are_noted_once_and_never_of_what_is_not_written(desk: Desk) -> None:
    last = standing(desk).last_op
    acknowledge(desk, 2)
    acknowledge(desk, 1)
    assert standing(desk).acked == 2
    with pytest.raises(IntegrityError, match="acked_is_written"):
        acknowledge(desk, last + 1)
    acknowledge(desk, last)
    assert standing(desk).acked == standing(desk).last_op == last  # noting it is no op


def test_a_file_joins_a_hub_twice_as_once_and_another_anew(desk: Desk) -> None:
    last = standing(desk).last_op
    belong(desk, HUB, 1, last)
    desk.traveller()
    acknowledge(desk, last + 1)
    belong(desk, HUB, 1, last)
    found = standing(desk)
    assert (found.hub_id, found.epoch, found.acked, found.cursor) == (HUB, 1, last + 1, 0)
    belong(desk, OTHER, 3, 0)
    found = standing(desk)
    assert (found.hub_id, found.epoch, found.acked) == (OTHER, 3, 0)


def test_who_leaves_keeps_everything_but_what_the_hub_said(desk: Desk) -> None:
    belong(desk, HUB, 1, standing(desk).last_op, 9)
    with desk.database.write(Commit.SYNC_LOOKED, SYSTEM) as work:
        Outgoing(work.connection).keep_copy("standing", '{"desks": 2}', work.now)
        work.commit()
    before = told(desk)
    with desk.database.write(Commit.SYNC_LEFT, SYSTEM) as work:
        Outgoing(work.connection).leave()
        work.commit()
    found = standing(desk)
    assert (found.hub_id, found.epoch, found.acked, found.cursor) == (None, 0, found.last_op, 0)
    assert told(desk) == before
    with desk.database.read() as view:
        assert Outgoing(view.connection).copy("standing") is None


def test_what_the_hub_said_last_is_kept_as_it_was_said(desk: Desk) -> None:
    for said in ('{"desks": 2}', '{"desks": 3}'):
        with desk.database.write(Commit.SYNC_LOOKED, SYSTEM) as work:
            outgoing = Outgoing(work.connection)
            outgoing.keep_copy("standing", said, work.now)
            assert outgoing.copied_at("standing") == work.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            work.commit()
    with desk.database.read() as view:
        assert Outgoing(view.connection).copy("standing") == said
        assert Outgoing(view.connection).copy("other") is None


def test_a_file_of_nobody_stands_nowhere(tmp_path: Path) -> None:
    make_empty(tmp_path / "new.db")
    engine = make_engine(tmp_path / "new.db")
    try:
        with engine.connect() as connection, pytest.raises(StorageRefusal):
            Outgoing(connection).standing()
    finally:
        engine.dispose()
