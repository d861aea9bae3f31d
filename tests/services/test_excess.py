"""More came in than was due: it is told apart, goes back to where it came from, becomes credit, or pays what else is
due. The books are proved after every test."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from helpers.books import balance, balances, charged, entries, refund_states
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk
from helpers.owed import (
    MORE,
    OWED,
    PRICE,
    agrees,
    amounts,
    been,
    by,
    deposited,
    euros,
    excess_and_due,
    lost,
    take,
    too_high,
)
from helpers.refunding import approved, limit, refunded
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import AlreadyRefunded, HoldLapsed, InvalidInput, Refusal, WrongState
from travellr_desktop.services import at_hand, new_payments
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.refund_asks import RefundAsk, RefundOutcome
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.storage.commits import Commit


def excess(desk: Desk) -> int:
    return balance(desk, Account.OVERPAYMENT)


def back(
    desk: Desk,
    sale: SaleOutcome,
    to: RefundTo = RefundTo.PAYMENT,
    amount: int = MORE,
    key: UUID | None = None,
) -> RefundOutcome:
    ask = RefundAsk(tuple(each.id for each in sale.bookings), to=to, excess=True)
    return desk.services.refunds.request(desk.agent, ask, euros(amount), key=key or uuid4())


@pytest.mark.parametrize(("way", "account"), [(Way.BANK, "bank"), (Way.CASH, "till")])
def test_what_is_more_than_due_is_told_apart(desk: Desk, way: Way, account: str) -> None:
    sale = too_high(desk, way)
    booking = sale.bookings[0].id
    assert (sale.due, sale.paid, sale.excess) == (euros(0), euros(PRICE + MORE), euros(MORE))
    assert entries(desk, booking)[-2:] == [
        ("payment", account, "traveller_funds", OWED),
        ("overpaid", account, "overpayment", MORE),
    ]
    assert desk.services.bookings.detail(desk.agent, booking).excess == euros(MORE)
    agrees(desk, booking)


def test_a_payment_says_what_of_it_was_owed_and_what_was_too_much(desk: Desk, clock: HandClock) -> None:
    sale = deposited(desk)
    been(desk, clock, sale)
    paid = take(desk, sale, by(Way.BANK, OWED + MORE, excess=MORE))
    assert paid.payment_id is not None
    detail = desk.services.payments.detail(desk.agent, paid.payment_id)
    assert (detail.amount, detail.owed, detail.excess) == (euros(OWED + MORE), euros(OWED), euros(MORE))


def test_it_is_taken_only_where_it_was_said(desk: Desk) -> None:
    sale = deposited(desk)
    for choice in (
        by(Way.BANK, OWED + MORE),
        by(Way.BANK, OWED + MORE, excess=MORE - 1),
        by(Way.BANK, OWED, excess=MORE),
        by(Way.CARD, OWED + MORE, excess=MORE),
        by(Way.LINK, OWED + MORE, excess=MORE),
        by(Way.BANK, OWED + MORE, excess=-1),
    ):
        with pytest.raises(InvalidInput) as refused:
            take(desk, sale, choice)
        assert refused.value.field == "amount"
    assert (excess(desk), charged(desk)) == (0, (0, 0))


def test_money_that_comes_in_once_more_is_all_too_much(desk: Desk) -> None:
    sale = desk.sold(desk.add_departure(), pay=CARD)
    with pytest.raises(HoldLapsed):
        take(desk, sale, CASH)
    paid = take(desk, sale, by(Way.BANK, PRICE, excess=PRICE))
    assert (paid.due, paid.excess) == (euros(0), euros(PRICE))
    assert excess(desk) == PRICE
    agrees(desk, sale.bookings[0].id)


def test_a_price_that_falls_while_a_payment_is_on_its_way_makes_it_too_much(
    desk: Desk, clock: HandClock
) -> None:
    """A link for what was owed is out; the debt is paid in cash at another desk, whose rows arrive meanwhile."""
    sale = deposited(desk)
    been(desk, clock, sale)
    linked = take(desk, sale, by(Way.LINK))
    assert linked.link is not None
    booking = sale.bookings[0].id
    _paid_elsewhere(desk, sale)
    with desk.sandbox() as sandbox:
        sandbox.pay_link(linked.link.ref, "pm_card_visa")
    desk.services.links.poll()
    assert desk.services.sales.outcome(desk.agent, sale.sale_id).excess == euros(OWED)
    assert (excess(desk), balance(desk, Account.TRAVELLER_RECEIVABLE)) == (OWED, 0)
    agrees(desk, booking)
    back(desk, sale, amount=OWED)
    assert charged(desk) == (OWED, OWED)


def _paid_elsewhere(desk: Desk, sale: SaleOutcome) -> None:
    """As `sales.pay` does it, but for its look at what is under way: no desk knows what another is about to do."""
    with desk.database.write(Commit.PAYMENT_CREATE, desk.agent) as work:
        row = work.sales.get_full(sale.sale_id)
        parts = [(row.bookings[0].id, OWED)]
        made, _ = new_payments.pay(work, row.id, row.reference, row.currency, row.traveller_id, CASH, parts)
        work.commit()
    refunding = Refunding(desk.database, desk.program.gateway)
    at_hand.AtHand(desk.database, refunding).complete(desk.agent, made.id, command=None)


# back


def test_it_goes_back_to_the_payment_it_came_by(desk: Desk) -> None:
    sale = too_high(desk)
    booking = sale.bookings[0].id
    ask = RefundAsk((booking,), excess=True)
    shown = desk.services.refunds.preview(desk.agent, ask)
    assert (shown.back, shown.kept, shown.seats) == (euros(MORE), euros(0), 0)
    assert [(way.way, way.amount) for way in shown.ways] == [(Way.BANK, euros(MORE))]
    too_much = next(each for each in shown.balances if each.note == "Paid too much")
    assert (too_much.before, too_much.after) == (euros(MORE), euros(0))
    back(desk, sale)
    assert refund_states(desk, booking) == [(RefundState.COMPLETED, MORE)]
    assert (excess(desk), balance(desk, Account.BANK)) == (0, OWED)
    assert desk.services.sales.outcome(desk.agent, sale.sale_id).excess is None
    agrees(desk, booking)
    with pytest.raises(AlreadyRefunded):
        back(desk, sale)


def test_the_booking_stands_as_it_did(desk: Desk) -> None:
    """Nobody is cancelled by it, and what the policy gives is reckoned on the price alone."""
    sale = too_high(desk)
    booking = sale.bookings[0].id
    before = desk.services.bookings.detail(desk.agent, booking)
    back(desk, sale)
    after = desk.services.bookings.detail(desk.agent, booking)
    assert (after.state, after.due, after.back_today) == (before.state, before.due, before.back_today)
    desk.cancel(booking)
    assert balance(desk, Account.REFUNDS_PAYABLE) == 0
    assert excess(desk) == 0


def test_cancelling_gives_back_the_price_and_leaves_what_was_too_much(desk: Desk) -> None:
    sale = too_high(desk)
    outcome = desk.cancel(sale.bookings[0].id)
    assert outcome.back == euros(PRICE)
    assert excess(desk) == MORE
    back(desk, sale)
    assert balances(desk) == {}


def test_what_was_too_much_is_not_given_back_as_part_of_the_trip(desk: Desk, clock: HandClock) -> None:
    sale = too_high(desk)
    booking = sale.bookings[0].id
    been(desk, clock, sale)
    refunded(desk, booking, back=PRICE)
    assert excess(desk) == MORE
    with pytest.raises(AlreadyRefunded):
        refunded(desk, booking, back=1)
    back(desk, sale)
    assert excess(desk) == 0


def test_it_becomes_credit(desk: Desk) -> None:
    sale = too_high(desk)
    back(desk, sale, RefundTo.CREDIT)
    assert (excess(desk), balance(desk, Account.AGENCY_CREDIT)) == (0, MORE)
    assert balance(desk, Account.BANK) == OWED + MORE


def test_above_the_limit_a_second_person_approves_it(desk: Desk) -> None:
    sale = too_high(desk)
    limit(desk, MORE - 1)
    outcome = back(desk, sale)
    assert outcome.waits
    assert excess(desk) == MORE
    assert outcome.order_id is not None
    approved(desk, outcome.order_id)
    assert excess(desk) == 0


def test_two_people_give_it_back_and_it_goes_once(desk: Desk) -> None:
    sale = too_high(desk)
    key = uuid4()

    def tried(which: UUID) -> str:
        try:
            back(desk, sale, key=which)
        except Refusal:
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as both:
        said = list(both.map(tried, (key, uuid4())))
    assert sorted(said) == ["done", "refused"]
    assert balance(desk, Account.BANK) == OWED


def test_something_else_than_was_shown_does_not_go_back(desk: Desk) -> None:
    sale = too_high(desk)
    with pytest.raises(WrongState):
        back(desk, sale, amount=MORE - 1)
    with pytest.raises(InvalidInput):
        desk.services.refunds.preview(
            desk.agent, RefundAsk((sale.bookings[0].id,), line_ids=(uuid4(),), excess=True)
        )


# used


def test_it_is_not_used_where_nothing_is_due(desk: Desk) -> None:
    sale = too_high(desk)
    assert desk.services.excess.preview(desk.agent, sale.sale_id).used == euros(0)
    with pytest.raises(WrongState, match="Nothing else"):
        desk.services.excess.use(desk.agent, sale.sale_id, euros(0), key=uuid4())
    assert excess(desk) == MORE


def test_it_pays_what_is_due_of_another_booking_once(desk: Desk) -> None:
    sale = excess_and_due(desk)
    shown = desk.services.excess.preview(desk.agent, sale.sale_id)
    assert (sale.due, shown.excess, shown.used) == (euros(4500), euros(MORE), euros(MORE))
    assert [(part.booking_id, part.amount) for part in shown.parts] == [(sale.bookings[1].id, euros(MORE))]
    key = uuid4()
    after = desk.services.excess.use(desk.agent, sale.sale_id, shown.used, key=key)
    assert (after.due, after.excess) == (euros(4500 - MORE), None)
    assert desk.services.excess.use(desk.agent, sale.sale_id, shown.used, key=key) == after
    with pytest.raises(WrongState):
        desk.services.excess.use(desk.agent, sale.sale_id, shown.used, key=uuid4())
    assert (excess(desk), balance(desk, Account.AGENCY_CREDIT)) == (0, 0)
    for each in sale.bookings:
        agrees(desk, each.id)


def test_two_people_use_it_and_it_is_used_once(desk: Desk) -> None:
    sale = excess_and_due(desk)

    def tried(_number: int) -> str:
        try:
            desk.services.excess.use(desk.agent, sale.sale_id, euros(MORE), key=uuid4())
        except Refusal:
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as both:
        said = list(both.map(tried, range(2)))
    assert sorted(said) == ["done", "refused"]
    assert desk.services.sales.outcome(desk.agent, sale.sale_id).due == euros(4500 - MORE)


def test_a_bank_takes_what_was_too_much_first(desk: Desk) -> None:
    """The traveller has it back that way, so it is not given back again."""
    sale = deposited(desk)
    paid = take(desk, sale, by(Way.CARD))
    assert paid.payment_id is not None
    take(desk, sale, by(Way.CASH, MORE, excess=MORE))
    ref = desk.services.payments.detail(desk.agent, paid.payment_id).provider_ref
    assert ref is not None
    lost(desk, ref)
    booking = sale.bookings[0].id
    assert excess(desk) == 0
    assert amounts(desk, booking).due == euros(OWED - MORE)
    with pytest.raises(AlreadyRefunded):
        back(desk, sale)
