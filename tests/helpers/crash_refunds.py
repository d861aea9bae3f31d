"""What is played of refunds that wait for a second person, of credit and of refunds that failed, in a process that is
killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from helpers import crash_sales as sales
from helpers.clock import START
from helpers.desk import CARD, Desk
from helpers.refunding import limit
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import RefundOrderState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import WrongState
from travellr_desktop.services.planning import Rebook
from travellr_desktop.services.refund_asks import Beyond, RefundAsk
from travellr_desktop.services.sales import PayChoice, Sell, SellLine


def _bookings(desk: Desk) -> tuple[UUID, ...]:
    sale = desk.services.sales.outcome(desk.agent, sales.sold_sale(desk))
    return tuple(booking.id for booking in sale.bookings)


def _ask(desk: Desk, to: RefundTo = RefundTo.PAYMENT) -> None:
    """Half of it, as the policy has it."""
    back, key = Money(4500, "EUR"), sales.key("ask")
    desk.services.refunds.request(desk.agent, RefundAsk(_bookings(desk), to=to), back, key=key)


def limited(desk: Desk) -> None:
    """A booking of 90.00, and nothing goes back without a second person."""
    sales.ready_and_sold(CARD, 1)(desk)
    limit(desk, 0)


def asked(desk: Desk) -> None:
    """It is asked for, and waits."""
    limited(desk)
    _ask(desk)


def ask(desk: Desk) -> None:
    _ask(desk)


def _order(desk: Desk) -> UUID:
    return desk.services.refunds.orders(desk.admin)[0].id


def approve(desk: Desk) -> None:
    desk.services.refunds.approve(desk.admin, _order(desk), key=sales.key("approve"))


def reject(desk: Desk) -> None:
    """Turned down; who sees that it was turned down already leaves it."""
    try:
        desk.services.refunds.reject(desk.admin, _order(desk), "Rebook them")
    except WrongState:
        order = desk.services.refunds.order(desk.admin, _order(desk))
        assert order.state is RefundOrderState.REJECTED


def withdraw(desk: Desk) -> None:
    """Taken back by who asked; who sees that it was taken back already leaves it."""
    try:
        desk.services.refunds.withdraw(desk.agent, _order(desk))
    except WrongState:
        order = desk.services.refunds.order(desk.agent, _order(desk))
        assert order.state is RefundOrderState.WITHDRAWN


def cheaper_asked(desk: Desk) -> None:
    """Two travellers of 45.00 are to go at 40.00, and that waits for a second person."""
    limited(desk)
    trip = desk.add_trip("Short", adult=4000, child=2000)
    there = desk.add_departure(trip, day=(START + timedelta(days=21)).date())
    wanted, back = RefundAsk(_bookings(desk), change=Rebook(there)), Money(1000, "EUR")
    desk.services.refunds.request(desk.agent, wanted, back, key=sales.key("ask"))


def beyond(desk: Desk) -> None:
    """More than the policy gives, at the agency's cost."""
    back = Money(6000, "EUR")
    wanted = RefundAsk(_bookings(desk), beyond=Beyond(back, Bearer.AGENCY), reason="The engine failed")
    desk.services.refunds.request(desk.admin, wanted, back, key=sales.key("beyond"))


def to_credit_and_spent(desk: Desk) -> None:
    """It becomes credit, which pays for a seat of the other departure."""
    _ask(desk, RefundTo.CREDIT)
    hold = sales.held(desk, 0, adult=1, word="with credit")
    order = Sell((SellLine(hold.id),), sales.buyer(desk).id, PayChoice(Way.CREDIT))
    desk.services.sales.sell(desk.agent, order, key=sales.key("spend"))


def one_of_two(desk: Desk) -> None:
    """One traveller of two leaves, and then, in the same week, the other."""
    (booking,) = _bookings(desk)
    for number in range(2):
        with desk.database.read() as view:
            line = view.bookings.get_full(booking).lines[number].id
        wanted = RefundAsk((booking,), (line,))
        desk.services.refunds.request(
            desk.agent, wanted, Money(2250, "EUR"), key=sales.key(f"traveller {number}")
        )


def paid_with_credit(desk: Desk) -> None:
    sales.ready_and_sold(CARD, 1)(desk)
    to_credit_and_spent(desk)


def credit_back(desk: Desk) -> None:
    """What was paid with credit is cancelled, and is credit again."""
    with desk.database.read() as view:
        (spent,) = (each for each in view.payments.find_all()[0] if each.way is Way.CREDIT)
        sale_id = spent.sale_id
    sale = desk.services.sales.outcome(desk.agent, sale_id)
    wanted = RefundAsk(tuple(booking.id for booking in sale.bookings))
    desk.services.refunds.request(desk.agent, wanted, Money(4500, "EUR"), key=sales.key("credit back"))


def sent_back(desk: Desk) -> None:
    """A refund that was on its way, and that the traveller's bank sent back."""
    sales.ready_and_sold(sales.SLOW_REFUNDS, 1)(desk)
    sales.cancel(4500)(desk)
    with desk.database.read() as view:
        ref = view.refunds.find_all()[0][0].provider_ref
    assert ref is not None
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(ref, failure="expired_or_canceled_card")
    desk.services.payments.recover(start_up=True)


def again(to: RefundTo) -> Callable[[Desk], object]:
    """What failed is sent once more, or left as credit."""

    def play(desk: Desk) -> None:
        with desk.database.read() as view:
            (failed,) = (each.id for each in view.refunds.find_all()[0] if each.retry_of is None)
        desk.services.refunds.retry(desk.agent, failed, to, key=sales.key("again"))

    return play
