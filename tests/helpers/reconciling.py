"""Days to be matched, and the page on which they are."""

from __future__ import annotations

from datetime import timedelta

from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from helpers.tampering import by_hand
from helpers.tilling import close_till, open_till
from helpers.workplace import Workplace
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.reconciliation.page import ReconciliationPage


def later(desk: Desk) -> None:
    """So that what moved is old enough to be matched."""
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(minutes=5))


def trade(desk: Desk) -> None:
    """Two sales by card, one in cash, and the till closed two euros short."""
    open_till(desk)
    departure = desk.add_departure(capacity=20)
    desk.sold(departure, adult=2)
    desk.sold(departure, adult=1)
    desk.sold(departure, pay=CASH, adult=2)
    close_till(desk, 28_800, reason="Change given twice")
    later(desk)
    desk.services.matching.fetch()


def theirs(desk: Desk, statement: str) -> None:
    with by_hand(desk.profile.sandbox) as file:
        file.execute(statement)


def dearer(desk: Desk) -> None:
    """The provider took 25 cents more for the first payment than was posted."""
    trade(desk)
    theirs(desk, "UPDATE balance_transactions SET fee = fee + 25 WHERE seq = 1")


def screen_of(place: Workplace) -> PaymentsScreen:
    screen = place.work.go("payments")
    assert isinstance(screen, PaymentsScreen)
    return screen


def opened(place: Workplace) -> ReconciliationPage:
    screen = screen_of(place)
    screen.go_view("reconciliation")
    page = screen.reconciliation
    assert page is not None
    place.quiet()
    place.until(lambda: page.found.matched is not None)
    place.quiet()
    return page


def days(page: ReconciliationPage) -> list[tuple[str, ...]]:
    """What the days say, cell by cell."""
    table = page.days.table
    return [tuple(column.says(row) for column in table.rows_model.columns) for row in table.rows]


def whats(page: ReconciliationPage) -> list[str]:
    """What differs, row by row."""
    rows = (page.lists.model.row(at) for at in range(page.lists.model.rowCount()))
    return [row.what for row in rows if row is not None]


def said(page: ReconciliationPage) -> list[str]:
    return [label.text() for label in page.panel.findChildren(Label) if label.text()]
