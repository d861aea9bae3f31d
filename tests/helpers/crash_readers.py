"""What is played of card readers in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from collections.abc import Callable

from helpers import crash_sales as sales
from helpers.desk import CASH, VISA, Desk
from helpers.readers import READER, with_reader
from travellr_desktop.errors import Refusal, WrongState
from travellr_desktop.payments.gateway import ReaderRefused
from travellr_desktop.services.outcomes import SaleOutcome

NO_FUNDS = "pm_card_visa_chargeDeclinedInsufficientFunds"


def departures(desk: Desk) -> None:
    sales.departures(desk)
    with_reader(desk)


def _asked(desk: Desk, *numbers: int) -> SaleOutcome:
    """A sale that a reader asks for; asked again where the first asking came to nothing."""
    return sales.paid(desk, sales.sold(desk, READER, *numbers), READER)


def _presents(desk: Desk, sale: SaleOutcome, card: str = VISA) -> None:
    """The traveller does, where the reader asks."""
    if sale.reader is None:
        return
    with desk.sandbox() as sandbox:
        try:
            sandbox.hold_card(sale.reader.ref, card)
        except Refusal:
            pass  # it was held there before the program was killed


def paid(*numbers: int) -> Callable[[Desk], object]:
    def play(desk: Desk) -> None:
        sale = _asked(desk, *numbers)
        _presents(desk, sale)
        desk.services.sales.read_now(desk.agent, sale.sale_id)

    return play


def declined_then_paid(desk: Desk) -> None:
    sale = sales.sold(desk, READER, 0)
    _presents(desk, desk.services.sales.outcome(desk.agent, sale.sale_id), NO_FUNDS)
    desk.services.sales.read_now(desk.agent, sale.sale_id)
    paid(0)(desk)


def _cancel(desk: Desk, sale: SaleOutcome) -> None:
    if sale.reader is not None and sale.payment_id is not None:
        try:
            desk.services.readers.cancel(desk.agent, sale.payment_id)
        except (WrongState, ReaderRefused):
            pass  # it had ended before the program was killed


def cancelled_then_cash(desk: Desk) -> None:
    sale = sales.sold(desk, READER, 0)
    _cancel(desk, desk.services.sales.outcome(desk.agent, sale.sale_id))
    sales.paid(desk, sale, CASH)


def cancelled_too_late(desk: Desk) -> None:
    """It is cancelled when a card was presented already."""
    sale = _asked(desk, 0)
    _presents(desk, sale)
    _cancel(desk, sale)


def asking(desk: Desk) -> None:
    departures(desk)
    _asked(desk, 0)


def lapsed_then_cash(desk: Desk) -> None:
    sales.recover(desk)
    sales.paid(desk, sales.sold(desk, READER, 0), CASH)
