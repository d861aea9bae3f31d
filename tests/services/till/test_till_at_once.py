"""Two windows of one desk at the same moment: one outcome, and every sale in one session."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import uuid4

from helpers.desk import CASH, Desk
from helpers.tilling import euros, in_ledger, made_of, open_till
from travellr_desktop.errors import ChangedMeanwhile, Refusal, WrongState
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.till_figures import TillReport
from travellr_desktop.services.till_forms import CloseCount, FloatCount

FLOAT = 20_000


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each gives, begun at the same moment."""
    start = Barrier(len(works))

    def begun(work: Callable[[], object]) -> object:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(begun, work) for work in works]]


def closing(desk: Desk, session: TillReport, amount: int) -> TillReport | Refusal:
    counts = (CloseCount(made_of(euros(amount)), euros(FLOAT)),)
    try:
        shown = desk.services.till.preview(desk.agent, session.session_id, counts).expected
        return desk.services.till.close(desk.agent, session.session_id, counts, "", shown)
    except Refusal as refusal:
        return refusal


def test_two_who_close_at_once_close_once(desk: Desk) -> None:
    for number in range(6):
        opened = open_till(desk, FLOAT, from_safe=FLOAT if number == 0 else 0)
        close = partial(closing, desk, opened, FLOAT)
        found = at_once(close, close)
        reports = [each for each in found if isinstance(each, TillReport)]
        assert len(reports) == 1 and sum(isinstance(each, WrongState) for each in found) == 1
    assert [row.number for row in desk.services.till.history(desk.agent)] == [6, 5, 4, 3, 2, 1]


def test_two_who_open_at_once_open_once(desk: Desk) -> None:
    def opening() -> TillReport | Refusal:
        try:
            count = FloatCount(made_of(euros(FLOAT)), euros(FLOAT))
            return desk.services.till.open(desk.agent, (count,), key=uuid4())
        except Refusal as refusal:
            return refusal

    found = at_once(opening, opening)
    assert sorted(isinstance(each, WrongState) for each in found) == [False, True]
    assert in_ledger(desk) == FLOAT


def test_a_sale_at_the_moment_of_the_close_is_in_exactly_one_session(desk: Desk) -> None:
    departure = desk.add_departure(capacity=50)
    reports: list[TillReport] = []
    opened = open_till(desk, FLOAT)
    for _ in range(8):
        hold, buyer = desk.hold(departure, adult=1), desk.traveller()
        amount = desk.services.till.x_read(desk.agent).figures[0].expected.minor
        sale, ended = at_once(
            partial(desk.sell, hold, pay=CASH, traveller=buyer), partial(closing, desk, opened, amount)
        )
        assert isinstance(sale, SaleOutcome)
        assert sale.state.value == "paid"
        if isinstance(ended, Refusal):  # the sale was first: it is of this one
            assert isinstance(ended, ChangedMeanwhile) or getattr(ended, "field", "") == "reason"
            amount += 4_500
            ended = closing(desk, opened, amount)
        assert isinstance(ended, TillReport)
        reports.append(ended)
        drawer = desk.services.till.status(desk.agent).drawers[0].expected.minor
        opened = open_till(desk, drawer, from_safe=0)
    reports.append(opened)

    sold_in = [m.about for report in reports for m in report.movements if m.about.startswith("SA-")]
    assert len(sold_in) == len(set(sold_in)) == 8
    assert sum(report.figures[0].day.cash_sales.minor for report in reports) == 8 * 4_500
