"""A desk that never opened a till: what the books have in it is known without going through all of them each time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_at
from helpers.tilling import euros, open_till
from travellr_desktop.domain.money import Money
from travellr_desktop.services.till_forms import TillRules
from travellr_desktop.services.till_reading import TillStanding


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        yield desk


def has(desk: Desk) -> list[Money]:
    return [each.expected for each in desk.services.till.status(desk.agent).drawers]


def sums(desk: Desk) -> list[tuple[str, Any]]:
    """The sums over the ledger that a look at the till asks for, with what they are asked with."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        if "sum(" in statement and "FROM ledger" in statement:
            asked.append((statement, given))

    event.listen(desk.database.engine, "before_cursor_execute", note)
    try:
        desk.services.till.status(desk.agent)
    finally:
        event.remove(desk.database.engine, "before_cursor_execute", note)
    return asked


def test_only_what_came_since_is_summed_when_it_is_asked_again(desk: Desk) -> None:
    departure = desk.add_departure()
    for _ in range(3):
        desk.sold(departure, pay=CASH, adult=1)
    with desk.database.read() as view:
        end = view.till.end(view.agency.this_desk().id)
    assert has(desk) == [euros(13_500)]
    desk.sold(departure, pay=CASH, adult=1)
    ((statement, given),) = sums(desk)
    assert "ledger.seq > ?" in statement and end in given
    assert has(desk) == [euros(18_000)]


def test_the_first_sum_goes_through_the_entries_of_the_till_alone(desk: Desk) -> None:
    desk.sold(desk.add_departure(), pay=CASH, adult=1)
    with desk.database.engine.connect() as connection:
        for statement, given in sums(desk):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).fetchall()
            assert any("ix_ledger_debit" in row[3] or "ix_ledger_credit" in row[3] for row in plan), plan


def test_an_opening_that_was_undone_leaves_nothing_behind(desk: Desk) -> None:
    """What it would have posted is no part of what is known."""
    desk.sold(desk.add_departure(), pay=CASH, adult=1)
    assert has(desk) == [euros(4_500)]
    with pytest.raises(Exception, match="not what the books say"):
        open_till(desk, 20_000, from_safe=10_000)
    assert has(desk) == [euros(4_500)]
    assert open_till(desk, 20_000).figures[0].expected == euros(20_000)


def test_the_frame_is_told_whether_cash_needs_it_and_since_when_it_is_open(
    desk: Desk, clock: HandClock
) -> None:
    till = desk.services.till
    assert till.standing() == TillStanding(False, None, "Europe/Podgorica")
    till.save_rules(desk.admin, TillRules(True, euros(10_000)))
    assert till.standing() == TillStanding(True, None, "Europe/Podgorica")
    clock.forward(timedelta(hours=1))
    opened = open_till(desk)
    assert till.standing() == TillStanding(True, opened.opened_at, "Europe/Podgorica")
