"""What a traveller owes after the trip: shown everywhere alike, paid by any way and in parts, given up, and paid after
all. The books are proved after every test."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from helpers.books import balance, balances, charged, entries
from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from helpers.disputed import closed, opened, sold
from helpers.owed import (
    FAR,
    OWED,
    PAID,
    PRICE,
    agrees,
    amounts,
    been,
    by,
    deposited,
    euros,
    listed,
    owing_sale,
    take,
    write_off,
)
from helpers.refunding import refunded
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import HoldLapsed, InvalidInput, KeyReused, Refusal, WrongState


def owed(desk: Desk) -> int:
    return balance(desk, Account.TRAVELLER_RECEIVABLE)


@pytest.mark.parametrize("nobody_came", [False, True], ids=["been", "no-show"])
def test_what_is_unpaid_when_the_trip_ends_is_owed(desk: Desk, clock: HandClock, nobody_came: bool) -> None:
    sale = deposited(desk)
    booking = sale.bookings[0].id
    if nobody_came:
        clock.forward(timedelta(days=91))
        desk.services.bookings.no_show(desk.agent, booking)
    else:
        been(desk, clock, sale)
    detail = desk.services.bookings.detail(desk.agent, booking)
    assert (detail.due, detail.owed, detail.can_pay) == (euros(OWED), euros(OWED), True)
    assert owed(desk) == OWED
    agrees(desk, booking)


@pytest.mark.parametrize(
    ("way", "account"),
    [(Way.CASH, "till"), (Way.BANK, "bank"), (Way.CARD, "stripe"), (Way.CREDIT, "agency_credit")],
)
def test_it_is_paid_by_any_way(desk: Desk, clock: HandClock, way: Way, account: str) -> None:
    buyer = desk.traveller("Nora Lind")
    if way is Way.CREDIT:
        before = desk.sell(desk.hold(desk.add_departure(), adult=2), pay=CASH, traveller=buyer)
        refunded(desk, before.bookings[0].id, to=RefundTo.CREDIT)
    sale = owing_sale(desk, clock, buyer)
    paid = take(desk, sale, by(way))
    assert (paid.due, paid.paid) == (euros(0), euros(PRICE))
    event = "credit_spent" if way is Way.CREDIT else "receivable_collected"
    assert entries(desk, sale.bookings[0].id)[-1] == (event, account, "traveller_receivable", OWED)
    assert (owed(desk), balance(desk, Account.TRAVELLER_FUNDS)) == (0, 0)
    agrees(desk, sale.bookings[0].id)


def test_it_is_paid_by_a_link(desk: Desk, clock: HandClock) -> None:
    sale = owing_sale(desk, clock)
    linked = take(desk, sale, by(Way.LINK))
    assert linked.link is not None
    with desk.sandbox() as sandbox:
        sandbox.pay_link(linked.link.ref, "pm_card_visa")
    desk.services.links.poll()
    assert desk.services.sales.outcome(desk.agent, sale.sale_id).due == euros(0)
    assert owed(desk) == 0


def test_it_is_paid_in_parts(desk: Desk, clock: HandClock) -> None:
    sale = owing_sale(desk, clock)
    booking = sale.bookings[0].id
    for amount, left in ((2000, 4300), (4000, 300), (300, 0)):
        assert take(desk, sale, by(Way.CASH, amount)).due == euros(left)
        assert owed(desk) == left
        agrees(desk, booking)
    with pytest.raises(HoldLapsed):
        take(desk, sale, CASH)


def test_no_more_is_taken_than_is_owed(desk: Desk, clock: HandClock) -> None:
    sale = owing_sale(desk, clock)
    with pytest.raises(InvalidInput) as refused:
        take(desk, sale, by(Way.CARD, OWED + 1))
    assert refused.value.field == "amount"
    assert charged(desk) == (0, 0)


def test_a_link_that_was_out_when_the_trip_ended_pays_what_is_owed_then(desk: Desk, clock: HandClock) -> None:
    """It was made for the price, and is paid for the debt: nothing of it goes back."""
    sale = deposited(desk, desk.add_departure(day=FAR))
    clock.forward(timedelta(days=90, minutes=10))
    linked = take(desk, sale, by(Way.LINK))
    assert linked.link is not None
    desk.services.bookings.no_show(desk.agent, sale.bookings[0].id)
    assert owed(desk) == OWED
    with desk.sandbox() as sandbox:
        sandbox.pay_link(linked.link.ref, "pm_card_visa")
    desk.services.links.poll()
    after = desk.services.sales.outcome(desk.agent, sale.sale_id)
    assert (after.due, after.paid, owed(desk)) == (euros(0), euros(PRICE), 0)
    assert charged(desk) == (OWED, 0)
    agrees(desk, sale.bookings[0].id)


def test_what_was_paid_afterwards_can_be_given_back(desk: Desk, clock: HandClock) -> None:
    """To the payment that came last; vendor and agency bear it by the commission rate."""
    sale = owing_sale(desk, clock)
    booking = sale.bookings[0].id
    take(desk, sale, by(Way.CARD))
    refunded(desk, booking, back=3000)
    assert charged(desk) == (OWED, 3000)
    assert balance(desk, Account.VENDOR_PAYABLE) + balance(desk, Account.COMMISSION) == PRICE - 3000
    assert amounts(desk, booking).due == euros(0)
    agrees(desk, booking)


def test_several_bookings_are_paid_by_what_is_owed_on_each(desk: Desk, clock: HandClock) -> None:
    small = desk.add_trip("Old town by night", adult=2250)
    sale = deposited(desk, desk.add_departure(day=FAR), desk.add_departure(small, day=FAR))
    been(desk, clock, sale)
    take(desk, sale, by(Way.CASH, 900))
    left = [amounts(desk, each.id).due.minor for each in sale.bookings]
    assert left == [OWED - 600, OWED // 2 - 300]


# given up


def test_a_debt_is_written_off_with_a_reason(desk: Desk, clock: HandClock) -> None:
    sale = owing_sale(desk, clock)
    booking = sale.bookings[0].id
    vendor, commission = balance(desk, Account.VENDOR_PAYABLE), balance(desk, Account.COMMISSION)
    write_off(desk, booking)
    assert balances(desk) == {
        "till": PAID,
        "bad_debts": OWED,
        "vendor_payable": vendor,
        "commission": commission,
    }
    detail = desk.services.bookings.detail(desk.agent, booking)
    assert (detail.due, detail.written_off, detail.can_pay) == (euros(0), euros(OWED), False)
    (given,) = desk.services.debts.of_booking(desk.agent, booking)
    assert (given.amount, given.reason, given.by) == (euros(OWED), "They moved away", desk.admin.name)
    agrees(desk, booking)


def test_a_part_that_was_paid_is_not_written_off(desk: Desk, clock: HandClock) -> None:
    sale = owing_sale(desk, clock)
    take(desk, sale, by(Way.CASH, 2000))
    with pytest.raises(WrongState, match="Something else is owed"):
        write_off(desk, sale.bookings[0].id, OWED)
    write_off(desk, sale.bookings[0].id, OWED - 2000)
    assert balance(desk, Account.BAD_DEBTS) == OWED - 2000


def test_nothing_is_written_off_twice(desk: Desk, clock: HandClock) -> None:
    booking, key = owing_sale(desk, clock).bookings[0].id, uuid4()
    assert write_off(desk, booking, key=key) == write_off(desk, booking, key=key)
    with pytest.raises(WrongState, match="Nothing is owed"):
        write_off(desk, booking)
    with pytest.raises(KeyReused):
        write_off(desk, booking, 1, key=key)
    assert balance(desk, Account.BAD_DEBTS) == OWED


def test_a_reason_is_asked_for(desk: Desk, clock: HandClock) -> None:
    booking = owing_sale(desk, clock).bookings[0].id
    with pytest.raises(InvalidInput) as refused:
        desk.services.debts.write_off(desk.admin, booking, euros(OWED), "  ", key=uuid4())
    assert refused.value.field == "reason"


def test_nothing_is_written_off_before_the_trip_or_while_it_is_being_paid(
    desk: Desk, clock: HandClock
) -> None:
    before = deposited(desk)
    with pytest.raises(WrongState, match="Nothing is owed"):
        write_off(desk, before.bookings[0].id)
    been(desk, clock, before)
    take(desk, before, by(Way.LINK))
    with pytest.raises(WrongState, match="under way"):
        write_off(desk, before.bookings[0].id)


def test_two_people_write_it_off_and_it_is_done_once(desk: Desk, clock: HandClock) -> None:
    booking = owing_sale(desk, clock).bookings[0].id

    def tried(_number: int) -> str:
        try:
            write_off(desk, booking)
        except Refusal as refusal:
            return str(refusal)
        return "done"

    with ThreadPoolExecutor(2) as both:
        said = list(both.map(tried, range(2)))
    assert said.count("done") == 1
    assert balance(desk, Account.BAD_DEBTS) == OWED


def test_who_pays_after_all_undoes_the_write_off(desk: Desk, clock: HandClock) -> None:
    sale = owing_sale(desk, clock)
    booking = sale.bookings[0].id
    write_off(desk, booking)
    paid = take(desk, sale, by(Way.BANK, OWED))
    assert (paid.due, paid.paid) == (euros(0), euros(PRICE))
    assert entries(desk, booking)[-2:] == [
        ("reversal", "traveller_receivable", "bad_debts", OWED),
        ("receivable_collected", "bank", "traveller_receivable", OWED),
    ]
    assert (balance(desk, Account.BAD_DEBTS), owed(desk)) == (0, 0)
    (given,) = desk.services.debts.of_booking(desk.agent, booking)
    assert given.undone_at is not None
    agrees(desk, booking)


def test_who_pays_a_part_after_all_owes_the_rest_again(desk: Desk, clock: HandClock) -> None:
    sale = owing_sale(desk, clock)
    booking = sale.bookings[0].id
    write_off(desk, booking)
    assert take(desk, sale, by(Way.CASH, 2000)).due == euros(OWED - 2000)
    assert (balance(desk, Account.BAD_DEBTS), owed(desk)) == (0, OWED - 2000)
    agrees(desk, booking)
    write_off(desk, booking, OWED - 2000)
    assert balance(desk, Account.BAD_DEBTS) == OWED - 2000
    assert take(desk, sale, by(Way.CASH)).due == euros(0)
    assert balance(desk, Account.BAD_DEBTS) == 0
    agrees(desk, booking)


def test_a_write_off_that_was_a_mistake_is_undone(desk: Desk, clock: HandClock) -> None:
    sale = owing_sale(desk, clock)
    given = write_off(desk, sale.bookings[0].id)
    desk.services.debts.undo(desk.admin, given)
    assert (balance(desk, Account.BAD_DEBTS), owed(desk)) == (0, OWED)
    with pytest.raises(WrongState):
        desk.services.debts.undo(desk.admin, given)
    agrees(desk, sale.bookings[0].id)


def test_what_is_not_settled_is_told_with_the_traveller(desk: Desk, clock: HandClock) -> None:
    buyer = desk.traveller("Nora Lind")
    sale = owing_sale(desk, clock, buyer)
    (open_one,) = desk.services.debts.of_traveller(desk.agent, buyer.id)
    assert (open_one.reference, open_one.owed) == (sale.bookings[0].reference, euros(OWED))
    take(desk, sale, by(Way.CASH))
    assert desk.services.debts.of_traveller(desk.agent, buyer.id) == ()


def test_a_list_shows_who_owes_after_the_trip(desk: Desk, clock: HandClock) -> None:
    coming = deposited(desk, desk.add_departure(day=FAR + timedelta(days=200)))
    sale = owing_sale(desk, clock)
    debt, deposit = sale.bookings[0].reference, coming.bookings[0].reference
    assert [row.reference for row in listed(desk, owed=True)] == [debt]
    assert [row.reference for row in listed(desk, owed=False)] == [deposit]
    assert {row.reference for row in listed(desk, act=True)} == {debt, deposit}


def test_a_debt_that_a_lost_dispute_made_is_paid_like_any_other(desk: Desk) -> None:
    """The traveller left it as credit, and then had their bank give it to them: they have it twice."""
    paid = sold(desk)
    refunded(desk, paid.booking_id, to=RefundTo.CREDIT)
    ref = opened(desk, paid)
    closed(desk, ref, won=False)
    desk.services.listening.poll()
    assert owed(desk) == PRICE
    agrees(desk, paid.booking_id)
    sale = desk.services.sales.outcome(desk.agent, paid.sale.sale_id)
    assert sale.due == euros(PRICE)
    assert take(desk, sale, by(Way.CASH)).due == euros(0)
    assert owed(desk) == 0
    agrees(desk, paid.booking_id)
