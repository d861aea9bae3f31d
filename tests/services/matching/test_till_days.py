"""The books beside the tills: a clean close says nothing, what was planted in the raw file is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_at
from helpers.tampering import by_hand, forge, without_triggers
from helpers.tilling import close_till, euros, open_till
from travellr_desktop.domain.till import CountKind
from travellr_desktop.errors import InvalidInput, NotPermitted, WrongState
from travellr_desktop.services.matching.till_days import TillDay


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        yield desk


def today(desk: Desk) -> date:
    return desk.clock.now().date()


def tills(desk: Desk, first: date | None = None, last: date | None = None) -> tuple[TillDay, ...]:
    day = today(desk)
    return desk.services.matching.till(desk.admin, first or day, last or day)


def a_day(desk: Desk, *, counted: int | None = None, reason: str = "") -> None:
    """A till opened with € 200, a sale of € 90 in cash, and the close."""
    open_till(desk, 20_000, from_safe=None)
    desk.sold(desk.add_departure(), pay=CASH, adult=2)
    close_till(desk, counted, reason=reason)


def changed(desk: Desk, table: str, statement: str) -> None:
    with by_hand(desk.database.path) as file, without_triggers(file, table, refusing=True):
        file.execute(statement)


def test_a_close_that_agrees_is_a_row_without_a_difference(desk: Desk) -> None:
    a_day(desk)
    (row,) = tills(desk)
    assert (row.kind, row.day, row.number, row.by) == (CountKind.CLOSE, today(desk), 1, "Ana Vuković")
    assert (row.expected, row.counted, row.in_books) == (euros(29_000), euros(29_000), euros(29_000))
    assert (row.differs, row.is_open, row.cause) == (False, False, "")


def test_a_till_that_was_short_is_explained_by_the_reason_of_its_close(desk: Desk) -> None:
    a_day(desk, counted=28_800, reason="Change given twice")
    (row,) = tills(desk)
    assert (row.difference, row.posted, row.cause) == (
        euros(-200),
        euros(-200),
        "The till was counted short.",
    )
    assert row.explained is not None and row.explained.reason == "Change given twice"
    assert (row.differs, row.is_open) == (True, False)


def test_a_reason_that_is_gone_leaves_the_difference_open_until_somebody_explains_it(desk: Desk) -> None:
    a_day(desk, counted=29_300, reason="Somebody left a coin")
    with by_hand(desk.database.path) as file:
        (session,) = file.execute("SELECT id FROM till_sessions").fetchone()
        forge(file, "till_sessions", session, "closed_reason", "")
    (row,) = tills(desk)
    assert (row.is_open, row.cause) == (True, "The till was counted over.")
    desk.services.matching.explain(desk.admin, row, "Asked Ana: a coin was left")
    (again,) = tills(desk)
    assert again.explained is not None
    assert (again.explained.by, again.explained.reason) == ("Mira Kovač", "Asked Ana: a coin was left")
    assert not again.is_open
    with pytest.raises(WrongState):
        desk.services.matching.explain(desk.admin, again, "Once more")


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("till_counts", "UPDATE till_counts SET expected = expected - 200, difference = 0, counted = expected - 200,"
         " safe = stays - expected + 200 WHERE kind = 'close'"),
        ("till_counts", "UPDATE till_counts SET counted = expected, difference = 0, safe = stays - expected"
         " WHERE kind = 'close'"),
        ("ledger", "UPDATE ledger SET amount = amount - 100 WHERE event = 'payment'"),
        ("ledger", "DELETE FROM ledger WHERE debit = 'cash_over_short'"),
    ],
    ids=["expected less", "counted in full", "a sale less", "no shortage posted"],
)  # fmt: skip
def test_a_close_or_a_ledger_that_was_changed_afterwards_is_found(
    desk: Desk, table: str, statement: str
) -> None:
    a_day(desk, counted=28_800, reason="Change given twice")
    assert not tills(desk)[0].is_open
    changed(desk, table, statement)
    (row,) = tills(desk)
    assert row.is_changed and row.is_open
    assert "was changed since" in row.cause


def test_a_float_that_differed_is_told_and_one_that_did_not_is_not(desk: Desk, clock: HandClock) -> None:
    a_day(desk)
    clock.forward(timedelta(days=1))
    open_till(desk, 19_000, from_safe=0, reason="A ten is missing")
    (row,) = tills(desk)
    assert (row.kind, row.number, row.difference) == (CountKind.FLOAT, 2, euros(-1_000))
    assert row.in_books == euros(20_000)
    assert row.explained is not None and not row.is_changed


def test_each_session_of_several_days_goes_by_its_own_stretch_of_the_ledger(
    desk: Desk, clock: HandClock
) -> None:
    first = today(desk)
    for short in (0, 500, 0):
        a_day(desk, counted=29_000 - short, reason="Short" if short else "")
        clock.forward(timedelta(days=1))
    rows = tills(desk, first, today(desk))
    assert [(row.day, row.difference.minor, row.is_changed) for row in rows] == [
        (first, 0, False),
        (first + timedelta(days=1), -500, False),
        (first + timedelta(days=2), 0, False),
    ]
    assert tills(desk, first + timedelta(days=1), first + timedelta(days=1)) == rows[1:2]


def test_only_who_may_read_the_ledger_sees_tills_here(desk: Desk) -> None:
    with pytest.raises(NotPermitted):
        desk.services.matching.till(desk.agent, today(desk), today(desk))
    with pytest.raises(InvalidInput) as refused:
        tills(desk, today(desk), today(desk) - timedelta(days=1))
    assert refused.value.field == "last"
