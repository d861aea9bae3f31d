"""A sale that is written by hand: as few statements as agreed, and the same as anybody reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from helpers.clock import HandClock
from helpers.desk import CASH, DAY, Desk
from helpers.raw import rows, value
from helpers.whole import layout
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.sales import PayChoice, Sell, SellLine
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import NumberSeries, SeatPlan

MOST = 25
"""Statements that read or write. Beginning and committing are not among them: see `CONTROL`."""
CONTROL = ("BEGIN IMMEDIATE", "BEGIN", "COMMIT")


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    """What the driver is sent: a call for many rows is one, beginning and committing are one each."""
    seen: list[str] = []

    def executed(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    def committed(_connection: Any) -> None:
        seen.append("COMMIT")

    event.listen(desk.database.engine, "before_cursor_execute", executed)
    event.listen(desk.database.engine, "commit", committed)
    yield seen
    event.remove(desk.database.engine, "before_cursor_execute", executed)
    event.remove(desk.database.engine, "commit", committed)


def test_a_cash_sale_sends_no_more_statements_than_agreed(desk: Desk) -> None:
    departure, buyer = desk.add_departure(), desk.traveller()
    desk.sold(departure, pay=CASH, adult=1)
    with statements(desk) as seen:
        hold = desk.services.holds.hold(desk.agent, departure, Party(adult=2, child=1), key=uuid4())
        order = Sell((SellLine(hold.id),), buyer.id, CASH)
        desk.services.sales.sell(desk.agent, order, key=uuid4())
    assert [each for each in seen if each in CONTROL] == 3 * ["BEGIN IMMEDIATE", "COMMIT"]
    assert len(seen) - 6 <= MOST, seen


def test_more_bookings_and_travellers_send_no_more_statements(desk: Desk) -> None:
    departures = [desk.add_departure(day=DAY + timedelta(days=number)) for number in range(4)]
    buyer = desk.traveller()
    desk.sold(departures[0], pay=CASH, adult=1)
    counts = []
    for some in (departures[:1], departures):
        holds = tuple(SellLine(desk.hold(departure, adult=2).id) for departure in some)
        with statements(desk) as seen:
            desk.services.sales.sell(desk.agent, Sell(holds, buyer.id, CASH), key=uuid4())
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("pay", [CASH, None])
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("discount", [None, DiscountAsk(DiscountKind.PERCENT, bps=1000, reason="Friends")])
def test_the_outcome_that_is_told_is_the_one_that_is_read(
    pay: PayChoice | None, count: int, discount: DiscountAsk | None, desk: Desk, clock: HandClock
) -> None:
    lines = []
    for number in range(count):
        departure = desk.add_departure(day=DAY + timedelta(days=number))
        lines.append(SellLine(desk.hold(departure, adult=2, child=1, infant=1).id))
        clock.forward(timedelta(minutes=1))
    order = Sell(tuple(lines), desk.traveller().id, pay, discount=discount)
    told = desk.services.sales.sell(desk.agent, order, key=uuid4())
    assert told == desk.services.sales.outcome(desk.agent, told.sale_id)


def test_what_costs_nothing_is_told_as_it_is_read(desk: Desk) -> None:
    trip = desk.add_trip("Old town on foot", adult=0)
    told = desk.sold(desk.add_departure(trip), pay=CASH, adult=2)
    assert told == desk.services.sales.outcome(desk.agent, told.sale_id)


def test_the_hold_that_is_told_is_the_one_that_is_read(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure(), adult=2, infant=1)
    assert desk.services.holds.mine(desk.agent) == (hold,)


def test_numbered_seats_are_handed_over_at_once(desk: Desk) -> None:
    departure = desk.add_departure(capacity=3)
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        plan = SeatPlan(name="Small coach", kind=PlanKind.COACH, layout=layout().to_json())
        work.session.add(plan)
        work.session.flush()
        work.departures.get(departure).plan_id = plan.id
        work.commit()
    hold = desk.services.holds.hold(desk.agent, departure, Party(adult=2), key=uuid4(), labels=("2A", "1A"))
    assert hold.labels == ("2A", "1A")
    desk.sell(hold, pay=CASH)
    found = rows(
        desk.database.path,
        "SELECT l.position, s.label, s.hold_id FROM seats s JOIN booking_lines l ON l.id = s.line_id ORDER BY 1",
    )
    assert found == [(1, "2A", None), (2, "1A", None)]


# numbers


def references(desk: Desk, table: str) -> list[str]:
    return [row[0] for row in rows(desk.database.path, f"SELECT reference FROM {table} ORDER BY rowid")]


def test_numbers_are_given_without_a_gap_and_begin_anew_each_year(desk: Desk, clock: HandClock) -> None:
    departures = [desk.add_departure(day=DAY.replace(year=2027) + timedelta(days=n)) for n in range(3)]
    desk.sell(*(desk.hold(departure, adult=1) for departure in departures), pay=CASH)
    desk.sold(departures[0], pay=CASH, adult=1)
    clock.at(clock.now().replace(year=2027, month=1))
    desk.sold(departures[0], pay=CASH, adult=1)
    assert references(desk, "sales") == ["SA-2026-000001", "SA-2026-000002", "SA-2027-000001"]
    assert references(desk, "bookings") == [
        *(f"BK-2026-{number:06}" for number in range(1, 5)),
        "BK-2027-000001",
    ]


def test_the_next_block_is_begun_when_one_is_used_up(desk: Desk) -> None:
    departure = desk.add_departure()
    desk.sold(departure, pay=CASH, adult=1)
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        for series in work.session.query(NumberSeries).filter_by(kind="BK"):
            series.last = 2
        work.session.flush()
        work.session.add(
            NumberSeries(desk_id=work.desk_id, kind="BK", year=2026, first=5000, last=5999, next=5000)
        )
        work.commit()
    desk.sold(departure, pay=CASH, adult=1)
    desk.sold(departure, pay=CASH, adult=1)
    assert references(desk, "bookings") == ["BK-2026-000001", "BK-2026-000002", "BK-2026-005000"]


def test_a_buyer_who_was_merged_twice_is_the_one_that_is_left(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure(), adult=1)
    people = [desk.traveller(name) for name in ("First", "Second", "Third")]
    for one, into in pairwise(people):
        desk.services.duplicates.merge(desk.agent, into.id, one.id, key=uuid4())
    sale = desk.sell(hold, pay=CASH, traveller=people[0])
    assert sale.traveller_name == "Third"
    assert UUID(value(desk.database.path, "SELECT traveller_id FROM sales")) == people[2].id


# growth


SMALL_FOR_EVER = {"this_desk", "agencies", "d", "asked", "json_each", "buyer", "b", "CONSTANT"}
"""What a plan may scan: the one row of this desk and that of the agency, what was asked for, and those a buyer was
merged into."""


def test_no_statement_of_a_sale_reads_through_a_table(desk: Desk) -> None:
    """So that a sale takes as long whether there are a thousand bookings or a million."""
    sent: list[tuple[str, Any]] = []

    def executed(_c: Any, _u: Any, statement: str, values: Any, _x: Any, many: bool) -> None:
        sent.append((statement, values[0] if many else values))

    departure = desk.add_departure()
    desk.sold(departure, pay=CASH, adult=1)
    buyer = desk.traveller()
    event.listen(desk.database.engine, "before_cursor_execute", executed)
    hold = desk.services.holds.hold(desk.agent, departure, Party(adult=2), key=uuid4())
    desk.services.sales.sell(desk.agent, Sell((SellLine(hold.id),), buyer.id, CASH), key=uuid4())
    event.remove(desk.database.engine, "before_cursor_execute", executed)
    with desk.database.read() as view:
        for statement, values in sent:
            writes = " VALUES (" in statement and "RETURNING" not in statement  # those look for keys only
            if statement.startswith("BEGIN") or writes:
                continue
            plan = view.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            scans = [row[3].split()[1] for row in plan if row[3].startswith("SCAN")]
            assert set(scans) <= SMALL_FOR_EVER, (statement, plan)
