"""What is played of a till in a process that is killed on the way (`helpers.crashes`): a day from float to Z."""

from __future__ import annotations

from helpers.crash_sales import departures, key, sold
from helpers.desk import CASH, Desk
from helpers.tilling import close_till, euros, move, open_till
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.till import MoveKind, TillState


def opened(desk: Desk) -> None:
    """A till in which there is money of a sale."""
    departures(desk)
    open_till(desk, from_safe=20_000, key=key("till"))
    sold(desk, CASH, 0)


def short(desk: Desk) -> None:
    """It is closed with less than there should be; then opened for the next day with what stayed, and closed again."""
    service = desk.services.till
    status = service.status(desk.agent)
    if status.open is not None and status.open.number == 1:
        expected = status.open.figures[0].expected.minor
        close_till(desk, expected - 250, reason="Miscounted change")
    opened_again = open_till(desk, 20_000, from_safe=0, key=key("the next day"))
    if opened_again.state is TillState.OPEN:
        close_till(desk)
    assert [row.number for row in service.history(desk.agent)] == [2, 1]


def day(desk: Desk) -> None:
    """The same forms with the same keys, however often: a till is opened once, emptied once, closed once."""
    opened = open_till(desk, from_safe=20_000, key=key("till"))
    if opened.state is TillState.OPEN:
        sold(desk, CASH, 0)
        move(desk, MoveKind.PAY_OUT, 1_250, key=key("courier"))
        desk.services.till.keep_x(desk.agent, key=key("look"))
        move(desk, MoveKind.DROP, 5_000, Account.SAFE, key=key("drop"))
        closed = close_till(desk)
    else:  # the program died between the close and its answer
        closed = opened
    (row,) = desk.services.till.history(desk.agent)
    assert (row.number, row.difference) == (closed.number, euros(0))
