"""A deposit confirms a booking; the balance is due before the departure, and is paid by any way, in parts."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pypdf
import pytest

from helpers.changing import change, joining
from helpers.clock import START, HandClock
from helpers.desk import CASH, VISA, Desk, desk_again, desk_at
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import BookingState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import HoldLapsed, InvalidInput, Refusal, WrongState
from travellr_desktop.services.lists import BookingListRow
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.sales import PayChoice

FAR = (START + timedelta(days=90)).date()
SOON = (START + timedelta(days=12)).date()
BY_CARD, IN_CASH = PayChoice(Way.CARD, VISA, deposit=True), PayChoice(Way.CASH, deposit=True)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        yield desk


def sold(desk: Desk, pay: PayChoice = BY_CARD, day: date = FAR) -> SaleOutcome:
    """Two adults, 90.00: the deposit is 27.00."""
    return desk.sold(desk.add_departure(day=day), pay=pay)


def take(desk: Desk, sale: SaleOutcome, choice: PayChoice, key: UUID | None = None) -> SaleOutcome:
    return desk.services.sales.pay(desk.agent, sale.sale_id, choice, key=key or uuid4())


def some(amount: int, way: Way = Way.CASH) -> PayChoice:
    return PayChoice(way, VISA if way is Way.CARD else None, amount=amount)


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def in_order(desk: Desk) -> bool:
    return desk.services.check.run().problems == ()


@pytest.mark.parametrize("pay", [BY_CARD, IN_CASH], ids=["card", "cash"])
def test_a_deposit_confirms_and_the_rest_is_due_before_the_departure(desk: Desk, pay: PayChoice) -> None:
    sale = sold(desk, pay)
    assert sale.state is OutcomeState.PAID
    assert (sale.paid, sale.due) == (euro(2700), euro(6300))
    assert sale.bookings[0].state is BookingState.CONFIRMED
    booking = desk.services.bookings.detail(desk.agent, sale.bookings[0].id)
    assert (booking.deposit, booking.due) == (euro(2700), euro(6300))
    assert booking.balance_due_at is not None
    last_day = booking.balance_due_at - timedelta(seconds=1)
    assert last_day.date() == FAR - timedelta(days=30)
    assert booking.can_pay
    assert not booking.overdue
    assert in_order(desk)


def test_who_books_late_pays_all_at_once(desk: Desk) -> None:
    sale = sold(desk, day=SOON)
    assert (sale.paid, sale.due) == (euro(9000), euro(0))
    assert desk.services.bookings.detail(desk.agent, sale.bookings[0].id).balance_due_at is None


def test_who_wishes_pays_all_of_it_at_once(desk: Desk) -> None:
    assert sold(desk, CASH).due == euro(0)


def test_the_balance_is_paid_in_parts_by_several_ways(desk: Desk) -> None:
    sale = sold(desk)
    assert take(desk, sale, some(1000)).due == euro(5300)
    assert take(desk, sale, some(2300, Way.CARD)).due == euro(3000)
    link = take(desk, sale, PayChoice(Way.LINK))
    assert link.link is not None
    with desk.sandbox() as sandbox:
        sandbox.pay_link(link.link.ref, VISA)
    paid = desk.services.sales.read_now(desk.agent, sale.sale_id)
    assert (paid.paid, paid.due) == (euro(9000), euro(0))
    detail = desk.services.bookings.detail(desk.agent, sale.bookings[0].id)
    assert [row.way for row in detail.paid] == [Way.CARD, Way.CASH, Way.CARD, Way.LINK]
    assert not detail.can_pay
    assert in_order(desk)


def test_a_balance_is_spread_by_what_is_due_on_each_booking(desk: Desk) -> None:
    near, far = desk.add_departure(day=SOON), desk.add_departure(day=FAR)
    other = desk.add_departure(day=FAR + timedelta(days=1))
    sale = desk.sell(desk.hold(near), desk.hold(far), desk.hold(other, adult=1), pay=BY_CARD)
    assert (sale.paid, sale.due) == (euro(9000 + 2700 + 1350), euro(6300 + 3150))
    take(desk, sale, some(3001))
    due = [desk.services.bookings.detail(desk.agent, each.id).due for each in sale.bookings]
    assert due == [euro(0), euro(6300 - 2001), euro(3150 - 1000)]
    assert in_order(desk)


def test_no_more_is_taken_than_is_due(desk: Desk) -> None:
    sale = sold(desk)
    for amount in (6301, 0, -1):
        with pytest.raises(InvalidInput) as refused:
            take(desk, sale, some(amount))
        assert refused.value.field == "amount"
    take(desk, sale, CASH)
    with pytest.raises(HoldLapsed):
        take(desk, sale, CASH)
    assert in_order(desk)


def test_a_balance_that_was_declined_stays_due_and_the_booking_stands(desk: Desk) -> None:
    sale = sold(desk)
    declined = PayChoice(Way.CARD, "pm_card_visa_chargeDeclinedInsufficientFunds")
    after = take(desk, sale, declined)
    assert after.due == euro(6300)
    assert after.bookings[0].state is BookingState.CONFIRMED
    assert take(desk, sale, CASH).due == euro(0)
    assert in_order(desk)


def test_a_deposit_that_was_declined_can_be_paid_as_deposit_again(desk: Desk) -> None:
    declined = PayChoice(Way.CARD, "pm_card_visa_chargeDeclinedInsufficientFunds", deposit=True)
    sale = sold(desk, declined)
    assert sale.state is OutcomeState.DECLINED
    assert take(desk, sale, IN_CASH).paid == euro(2700)
    assert in_order(desk)


def test_what_was_not_paid_in_time_is_overdue(desk: Desk, clock: HandClock) -> None:
    sale = sold(desk)
    clock.forward(timedelta(days=61))
    booking = desk.services.bookings.detail(desk.agent, sale.bookings[0].id)
    assert booking.overdue
    take(desk, sale, CASH)
    assert not desk.services.bookings.detail(desk.agent, sale.bookings[0].id).overdue


def test_a_booking_whose_balance_is_due_is_changed_after_it_was_paid(desk: Desk) -> None:
    sale = sold(desk)
    with pytest.raises(WrongState, match="balance"):
        change(desk, sale.bookings[0].id, joining(TravellerType.ADULT), CASH)
    take(desk, sale, CASH)
    change(desk, sale.bookings[0].id, joining(TravellerType.ADULT), CASH)
    assert in_order(desk)


def test_what_was_paid_of_a_cancelled_booking_goes_back_and_nothing_is_due(desk: Desk) -> None:
    sale = sold(desk)
    outcome = desk.cancel(sale.bookings[0].id)
    assert outcome is not None
    with desk.sandbox() as sandbox:
        assert sandbox.counts().refunded == {"eur": 2700}
    assert desk.services.bookings.detail(desk.agent, sale.bookings[0].id).due == euro(0)
    assert in_order(desk)


def test_what_is_owed_after_the_trip_is_a_receivable(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure(day=FAR)
    desk.sold(departure, pay=BY_CARD)
    clock.forward(timedelta(days=95))
    desk.services.bookings.complete(desk.admin, departure)
    assert in_order(desk)


@pytest.mark.parametrize("attempt", range(3))
def test_two_agents_take_the_same_balance_at_once(tmp_path: Path, clock: HandClock, attempt: int) -> None:
    with desk_at(tmp_path, clock) as desk, desk_again(tmp_path, clock) as other:
        sale = sold(desk)
        with ThreadPoolExecutor(2) as pool:
            both = [
                pool.submit(take, each, sale, some(6300, way))
                for each, way in ((desk, Way.CASH), (other, Way.CARD))
            ]
        errors = [each.exception() for each in both]
        assert sum(error is None for error in errors) == 1
        assert all(error is None or isinstance(error, Refusal) for error in errors)
        now = desk.services.sales.outcome(desk.agent, sale.sale_id)
        assert (now.paid, now.due) == (euro(9000), euro(0))
        assert in_order(desk)


def test_the_voucher_says_what_is_still_due_and_until_when(desk: Desk) -> None:
    sale = sold(desk)
    made = desk.services.documents.voucher(desk.agent, sale.bookings[0].id)
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(made).pages)
    last_day = FAR - timedelta(days=30)
    assert f"€63.00, until {last_day.day} {last_day:%b %Y}" in " ".join(text.split())


def test_a_bank_transfer_is_recorded_with_its_reference(desk: Desk) -> None:
    sale = sold(desk)
    assert Way.BANK in [each.way for each in desk.services.sales.ways(desk.agent, later=True)]
    with pytest.raises(InvalidInput) as refused:
        take(desk, sale, PayChoice(Way.BANK))
    assert refused.value.field == "reference"
    paid = take(desk, sale, PayChoice(Way.BANK, amount=6300, reference="RF18 5390 0754"))
    assert (paid.due, paid.payment_label) == (euro(0), "Bank transfer RF18 5390 0754")
    with desk.database.read() as view:
        debits = {row.debit for row in view.ledger.of_booking(sale.bookings[0].id)}
    assert debits == {Account.STRIPE, Account.BANK}
    assert in_order(desk)


def test_what_came_by_bank_transfer_goes_back_out_of_the_bank(desk: Desk) -> None:
    sale = sold(desk)
    take(desk, sale, PayChoice(Way.BANK, reference="RF18"))
    desk.cancel(sale.bookings[0].id)
    assert in_order(desk)


def listed(desk: Desk, query: ListQuery) -> list[BookingListRow]:
    with closing(desk.services.lists.bookings(desk.agent, query)) as rows:
        return [row for row in rows.page(0, rows.index()) if row is not None]


def test_the_list_says_until_when_the_balance_is_due_and_finds_who_is_late(
    desk: Desk, clock: HandClock
) -> None:
    """Late are those of which something is due when its last day is over: not who has paid, nor who may still pay, nor
    who was cancelled."""
    late, paid, gone = sold(desk), sold(desk), sold(desk)
    take(desk, paid, some(6300))
    desk.cancel(gone.bookings[0].id)
    in_time = sold(desk, day=FAR + timedelta(days=30))
    clock.forward(timedelta(days=61))
    rows = {row.sale_id: row for row in listed(desk, ListQuery())}
    assert [rows[sale.sale_id].is_overdue(clock.now()) for sale in (late, paid, gone, in_time)] == [
        True,
        False,
        False,
        False,
    ]
    assert rows[paid.sale_id].balance_due_at is None
    assert rows[late.sale_id].due == euro(6300)
    found = listed(desk, ListQuery(filters={"overdue": clock.now()}))
    assert [row.sale_id for row in found] == [late.sale_id]
    assert listed(desk, ListQuery(filters={"overdue": START})) == []
    first = listed(desk, ListQuery(sort="balance"))
    assert [row.sale_id for row in first][-1] == in_time.sale_id
