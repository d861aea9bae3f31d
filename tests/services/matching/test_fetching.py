"""How the provider's movements are fetched: each posted once, from the oldest on, by few statements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from helpers.clock import HandClock
from helpers.desk import Desk, desk_at
from helpers.movements import twice_there
from helpers.tampering import by_hand
from travellr_desktop.domain.ledger import Account
from travellr_desktop.services.matching.fetching import AT_ONCE, SPAN
from travellr_desktop.services.matching.kept import ONCE_IN


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        yield desk


def test_a_payment_that_two_new_movements_brought_in_has_its_fee_posted_once(desk: Desk) -> None:
    """Both are fetched at once, before anything was posted of either."""
    desk.sold(desk.add_departure(), adult=1)
    twice_there(desk)
    assert desk.services.matching.fetch() == 2
    with by_hand(desk.database.path) as file:
        (fees,) = file.execute("SELECT count(*) FROM ledger WHERE event = 'processor_fee'").fetchone()
        kept = file.execute("SELECT count(*), sum(is_open) FROM provider_moves").fetchone()
    assert (fees, tuple(kept)) == (1, (2, 1))


def test_however_long_nobody_looked_all_that_is_new_is_fetched_once(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure(day=date(2027, 1, 4))
    for _ in range(4):
        desk.sold(departure, adult=1)
        clock.forward(SPAN + timedelta(days=3))
    assert desk.services.matching.fetch() == 4
    assert desk.services.matching.fetch() == 0
    desk.sold(departure, adult=1)
    assert desk.services.matching.fetch() == 1
    with desk.database.read() as view, desk.sandbox() as sandbox:
        assert view.ledger.balance(Account.STRIPE, "EUR") == sandbox.balances()["eur"]


def test_however_many_movements_come_they_are_read_by_a_few_statements(desk: Desk, clock: HandClock) -> None:
    """A page of them costs what one costs, but for the entries of each, which are written one by one."""
    departure = desk.add_departure(capacity=100)

    def statements(sales: int) -> int:
        for _ in range(sales):
            desk.sold(departure, adult=1)
        clock.forward(ONCE_IN)
        asked: list[str] = []
        listening = (desk.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        event.listen(*listening)
        try:
            desk.services.matching.match(desk.admin, clock.now().date(), clock.now().date())
        finally:
            event.remove(*listening)
        return len([each for each in asked if not each.startswith("INSERT INTO ledger")])

    assert AT_ONCE > 20
    assert statements(2) == statements(20)
