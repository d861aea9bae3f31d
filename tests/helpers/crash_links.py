"""What is played of payment links in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from helpers import crash_sales as sales
from helpers.clock import HandClock
from helpers.desk import CASH, VISA, Desk
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import HoldState, advance
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import WrongState
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import PayChoice, Sell, SellLine
from travellr_desktop.storage.commits import Commit

LINK = PayChoice(Way.LINK)
SLOW = "pm_card_slow"


def _now(desk: Desk, sale: SaleOutcome) -> SaleOutcome:
    return desk.services.sales.outcome(desk.agent, sale.sale_id)


def _with_a_link(desk: Desk, *numbers: int) -> SaleOutcome:
    """A sale whose link is out; another link where the first was given up before anybody saw it."""
    return sales.paid(desk, sales.sold(desk, LINK, *numbers), LINK)


def _traveller_pays(desk: Desk, sale: SaleOutcome, card: str = VISA) -> None:
    if sale.link is None:
        return
    with desk.sandbox() as sandbox:
        try:
            sandbox.pay_link(sale.link.ref, card)
        except WrongState:
            pass  # they have paid already


def paid(*numbers: int) -> Callable[[Desk], object]:
    def play(desk: Desk) -> None:
        _traveller_pays(desk, _with_a_link(desk, *numbers))
        desk.services.links.poll()

    return play


def paid_slowly(desk: Desk) -> None:
    """The traveller pays, and their bank thinks about it."""
    sale = _with_a_link(desk, 0)
    _traveller_pays(desk, sale, SLOW)
    desk.services.links.poll()
    assert isinstance(desk.clock, HandClock)
    if sale.link is not None:
        ref = desk.program.gateway.get_link(sale.link.ref).payment_ref
        assert ref is not None
        with desk.sandbox() as sandbox:
            try:
                sandbox.settle_payment(ref)
            except WrongState:
                pass  # it has decided already
    desk.clock.forward(timedelta(minutes=2))
    desk.services.links.poll()


def cancelled_then_cash(desk: Desk) -> None:
    sale = _now(desk, sales.sold(desk, LINK, 0))
    if sale.link is not None and sale.payment_id is not None:
        desk.services.links.cancel(desk.agent, sale.payment_id)
    sales.paid(desk, sale, CASH)


def cancelled_too_late(desk: Desk) -> None:
    """It is cancelled while it is being paid."""
    sale = _with_a_link(desk, 0)
    _traveller_pays(desk, sale)
    if sale.link is not None and sale.payment_id is not None:
        desk.services.links.cancel(desk.agent, sale.payment_id)


def out(desk: Desk) -> None:
    """A link that nobody pays."""
    sales.departures(desk)
    _with_a_link(desk, 0)


def lapse(desk: Desk) -> None:
    desk.services.payments.recover()
    desk.services.upkeep.expire_holds()


def ready_and_paid(desk: Desk) -> None:
    sales.departures(desk)
    paid(1)(desk)


def paid_too_late(desk: Desk) -> None:
    """Two bookings whose link is paid after their holds were written off, as only an office may, and the seats of one
    were sold to somebody else."""
    sales.departures(desk)
    sale = _with_a_link(desk, 0, 1)
    with desk.database.write(Commit.HOLD_EXPIRE, SYSTEM) as work:
        for hold in work.holds.find_all()[0]:
            hold.state = advance(hold.state, HoldState.EXPIRED)
        work.commit()
    here = sales.departure(desk, 0)
    others = desk.services.holds.hold(desk.agent, here, Party(adult=4), key=sales.key("hold them"))
    order = Sell((SellLine(others.id),), sales.buyer(desk).id, CASH)
    desk.services.sales.sell(desk.agent, order, key=sales.key("sell to others"))
    _traveller_pays(desk, sale)
