"""What is played of deposits and balances in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from datetime import timedelta

from helpers import crash_sales as sales
from helpers.clock import START
from helpers.desk import VISA, Desk
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import WrongState
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


def deposit_paid(desk: Desk) -> None:
    far_departure(desk)
    sales.sold(desk, DEPOSIT, 0)


def balance_by_link(desk: Desk) -> None:
    """The traveller pays the rest by a link; by another where the first was given up before anybody saw it."""
    sale = desk.services.sales.outcome(desk.agent, sales.sold_sale(desk))
    word = "a link"
    for _ in range(2):
        if not sale.due.minor:
            return
        desk.services.sales.pay(desk.agent, sale.sale_id, PayChoice(Way.LINK), key=sales.key(word))
        sale = desk.services.sales.outcome(desk.agent, sale.sale_id)
        if sale.link is not None:
            with desk.sandbox() as sandbox:
                try:
                    sandbox.pay_link(sale.link.ref, VISA)
                except WrongState:
                    pass  # it was paid before the program was killed
            desk.services.links.poll()
        sale = desk.services.sales.outcome(desk.agent, sale.sale_id)
        word = f"a link after {sale.payment_id}"
