"""What is played of deposits and balances in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from datetime import timedelta

from helpers import crash_sales as sales
from helpers.clock import START
from helpers.desk import VISA, Desk
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.sales import PayChoice

DEPOSIT = PayChoice(Way.CARD, VISA, deposit=True)


def far_departure(desk: Desk) -> None:
    desk.add_departure(capacity=4, day=(START + timedelta(days=90)).date())
    sales.buyer(desk)


def deposit_then_balance(desk: Desk) -> None:
    """The deposit by card, a part of the rest in cash, and what is left by card."""
    sale = sales.paid(desk, sales.sold(desk, DEPOSIT, 0), DEPOSIT)
    cash = PayChoice(Way.CASH, amount=2300)
    after = desk.services.sales.pay(desk.agent, sale.sale_id, cash, key=sales.key("a part"))
    if after.due.minor:
        rest = PayChoice(Way.CARD, VISA, amount=4000)
        tried = desk.services.sales.pay(desk.agent, sale.sale_id, rest, key=sales.key("the rest"))
        now = desk.services.sales.outcome(desk.agent, sale.sale_id)
        if now.due.minor and tried.payment_id is not None:
            again = sales.key(f"the rest after {now.payment_id}")
            desk.services.sales.pay(desk.agent, sale.sale_id, rest, key=again)
