"""What is played of debts that are given up, and of what was paid too much, in a process that is killed on the way
(`helpers.crashes`)."""

from __future__ import annotations

from uuid import UUID

from helpers import crash_sales as sales
from helpers.changing import change, joining
from helpers.desk import CARD, CASH, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import BookingState
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.services.sales import PayChoice

MORE = Money(2000, "EUR")
OWED = Money(6300, "EUR")


def _bookings(desk: Desk) -> list[UUID]:
    sale = desk.services.sales.outcome(desk.agent, sales.sold_sale(desk))
    return [booking.id for booking in sale.bookings]


def given_up_and_paid(desk: Desk) -> None:
    """Nobody came, 63.00 are owed and given up; then a part is paid after all, and the rest."""
    (booking,) = _bookings(desk)
    if desk.services.bookings.detail(desk.agent, booking).state is BookingState.CONFIRMED:
        desk.services.bookings.no_show(desk.admin, booking)
    key = sales.key("give up")
    desk.services.debts.write_off(desk.admin, booking, OWED, "They moved away", key=key)
    for word, choice in (
        ("a part", PayChoice(Way.CASH, amount=2000)),
        ("the rest", PayChoice(Way.BANK, amount=4300, reference="Statement 7")),
    ):
        desk.services.sales.pay(desk.agent, sales.sold_sale(desk), choice, key=sales.key(word))


def _too_much(desk: Desk) -> None:
    choice = PayChoice(Way.BANK, amount=MORE.minor, reference="Statement 8", excess=MORE.minor)
    desk.services.sales.pay(desk.agent, sales.sold_sale(desk), choice, key=sales.key("too much"))


def too_much(desk: Desk) -> None:
    """A booking that is paid, for which 20.00 came in once more."""
    sales.ready_and_sold(CARD, 0)(desk)
    _too_much(desk)


def back(desk: Desk) -> None:
    """It goes back to where it came from."""
    ask = RefundAsk(tuple(_bookings(desk)), excess=True)
    desk.services.refunds.request(desk.agent, ask, MORE, key=sales.key("excess back"))


def too_much_and_due(desk: Desk) -> None:
    """Two bookings in cash and 20.00 once more; a third traveller joined the second, and a bank took that back."""
    sales.ready_and_sold(CASH, 0, 1)(desk)
    second = _bookings(desk)[1]
    made = change(desk, second, joining(TravellerType.ADULT), CARD, key=sales.key("join"))
    _too_much(desk)
    assert made.payment_id is not None
    ref = desk.services.payments.detail(desk.agent, made.payment_id).provider_ref
    assert ref is not None
    desk.services.listening.poll()
    with desk.sandbox() as sandbox:
        sandbox.close_dispute(sandbox.open_dispute(ref), won=False)
    desk.services.listening.poll()


def used(desk: Desk) -> None:
    """It pays a part of what is due of the second."""
    sale = sales.sold_sale(desk)
    desk.services.excess.use(desk.agent, sale, MORE, key=sales.key("use it"))
