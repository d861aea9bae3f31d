"""X reads are kept: who read when, and the figures of that moment, whatever happens afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_at
from helpers.tilling import close_till, euros, move, open_till
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.till import CountKind, MoveKind
from travellr_desktop.errors import NotFound, TillNotOpen


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        yield desk


def test_what_was_read_is_the_same_after_sales_and_after_the_close(desk: Desk, clock: HandClock) -> None:
    till, departure = desk.services.till, desk.add_departure()
    open_till(desk)
    desk.sold(departure, pay=CASH, adult=1)
    read = till.keep_x(desk.agent, key=uuid4())
    clock.forward(timedelta(hours=1))
    desk.sold(departure, pay=CASH, adult=2)
    move(desk, MoveKind.DROP, 9_000, Account.SAFE)
    close_till(desk, 24_400, reason="A coin too few")
    assert read.read_id is not None
    again = till.kept_x(desk.agent, read.read_id)
    assert again == read
    assert (again.name, again.read_by, again.read_at) == (
        "X 0001-1",
        "Ana Vuković",
        clock.now() - timedelta(hours=1),
    )
    assert again.figures[0].expected == euros(24_500)
    assert again.figures[0].receipts == 1
    assert again.is_open and again.closed_at is None and again.counted(CountKind.CLOSE, "EUR") is None
    assert [(way.payments, way.taken) for way in again.ways] == [(1, euros(4_500))]
    closed = till.report(desk.agent, again.session_id)
    assert (closed.name, closed.figures[0].expected) == ("Z 0001", euros(24_500))


def test_reads_are_listed_newest_first_with_what_was_expected(desk: Desk, clock: HandClock) -> None:
    till, departure = desk.services.till, desk.add_departure()
    open_till(desk)
    for _ in range(2):
        desk.sold(departure, pay=CASH, adult=1)
        till.keep_x(desk.agent, key=uuid4())
        clock.forward(timedelta(minutes=5))
    close_till(desk)
    open_till(desk, 20_000, from_safe=0)
    till.keep_x(desk.admin, key=uuid4())
    rows = till.x_reads(desk.agent)
    assert [(row.number, row.x_number) for row in rows] == [(2, 1), (1, 2), (1, 1)]
    assert [row.expected for row in rows] == [euros(20_000), euros(29_000), euros(24_500)]
    assert [row.read_by for row in rows] == ["Mira Kovač", "Ana Vuković", "Ana Vuković"]
    assert till.x_reads(desk.agent, most=1) == rows[:1]
    assert desk.services.check.run().problems == ()


def test_other_currencies_are_told(desk: Desk) -> None:
    open_till(desk)
    dollars = desk.add_departure(desk.add_trip("In dollars", currency="USD", adult=9_900))
    desk.sold(dollars, pay=CASH, adult=1)
    desk.services.till.keep_x(desk.agent, key=uuid4())
    (row,) = desk.services.till.x_reads(desk.agent)
    assert (row.expected, row.others) == (euros(20_000), True)


def test_the_same_read_twice_is_kept_once(desk: Desk) -> None:
    open_till(desk)
    key = uuid4()
    first = desk.services.till.keep_x(desk.agent, key=key)
    assert desk.services.till.keep_x(desk.agent, key=key) == first
    close_till(desk)
    assert desk.services.till.keep_x(desk.agent, key=key) == first, (
        "also when the answer was lost and the till closed"
    )
    assert len(desk.services.till.x_reads(desk.agent)) == 1


def test_a_till_that_is_not_open_has_no_x(desk: Desk) -> None:
    with pytest.raises(TillNotOpen):
        desk.services.till.keep_x(desk.agent, key=uuid4())
    with pytest.raises(NotFound):
        desk.services.till.kept_x(desk.agent, uuid4())
    assert desk.services.till.x_reads(desk.agent) == ()
