"""Credit with the agency: given by a refund, spent on the traveller's own booking, never more than there is."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.books import balance, balances, booking_state, charged, entries, refund_states
from helpers.desk import CASH, Desk
from helpers.refunding import proved, refunded
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import BookingState, PaymentState, RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput, Refusal, WrongState
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import CreditMove, Payment

CREDIT = PayChoice(Way.CREDIT)


def euros(cents: int) -> Money:
    return Money(cents, "EUR")


def with_credit(desk: Desk, adults: int = 2, name: str = "Nora Lind") -> TravellerRow:
    """Somebody who has 45.00 of credit for each adult of a trip that was cancelled."""
    buyer = desk.traveller(name)
    sale = desk.sell(desk.hold(desk.add_departure(), adult=adults), pay=CASH, traveller=buyer)
    refunded(desk, sale.bookings[0].id, to=RefundTo.CREDIT)
    return buyer


def has(desk: Desk, traveller: UUID) -> int:
    return desk.services.credit.of_traveller(desk.agent, traveller).of("EUR").minor


def test_it_pays_for_another_trip_of_the_same_traveller(desk: Desk) -> None:
    buyer = with_credit(desk)
    sale = desk.sell(desk.hold(desk.add_departure(), adult=1), pay=CREDIT, traveller=buyer)
    booking = sale.bookings[0].id
    assert booking_state(desk, booking) is BookingState.CONFIRMED
    assert entries(desk, booking) == [("credit_spent", "agency_credit", "traveller_funds", 4500)]
    assert balances(desk) == {"till": 9000, "agency_credit": 4500, "traveller_funds": 4500}
    view = desk.services.credit.of_traveller(desk.agent, buyer.id)
    assert view.has == (euros(4500),)
    assert [(line.amount.minor, line.reference[:2]) for line in view.lines] == [(-4500, "SA"), (9000, "BK")]
    proved(desk)


def test_what_was_paid_with_credit_is_credit_again(desk: Desk) -> None:
    buyer = with_credit(desk)
    booking = desk.sell(desk.hold(desk.add_departure(), adult=2), pay=CREDIT, traveller=buyer).bookings[0].id
    assert has(desk, buyer.id) == 0
    desk.cancel(booking)
    assert refund_states(desk, booking) == [(RefundState.COMPLETED, 9000)]
    assert (has(desk, buyer.id), charged(desk)) == (9000, (0, 0))
    proved(desk)


def test_no_more_is_spent_than_there_is(desk: Desk) -> None:
    buyer = with_credit(desk, adults=1)
    hold = desk.hold(desk.add_departure(), adult=2)
    with pytest.raises(InvalidInput) as refused:
        desk.sell(hold, pay=CREDIT, traveller=buyer)
    assert refused.value.field == "pay"
    assert has(desk, buyer.id) == 4500
    desk.sell(hold, pay=CASH, traveller=buyer)  # nothing of the first try is left
    proved(desk)


def test_the_file_refuses_it_by_itself(desk: Desk) -> None:
    """Without the service's own look: a move of one cent more than there is."""
    buyer = with_credit(desk, adults=1)
    sale = desk.sell(desk.hold(desk.add_departure(), adult=1), pay=CASH, traveller=buyer)
    for more, refused in ((0, False), (1, True)):
        with desk.database.write(Commit.PAYMENT_CREATE, desk.agent) as work:
            payment = work.payments.save(
                Payment(
                    sale_id=sale.sale_id,
                    way=Way.CREDIT,
                    amount=4500 + more,
                    currency="EUR",
                    state=PaymentState.CREATED,
                    created_at=work.now,
                )
            )
            move = CreditMove(
                traveller_id=buyer.id,
                currency="EUR",
                amount=-payment.amount,
                payment_id=payment.id,
                created_at=work.now,
            )
            if refused:
                with pytest.raises(Exception, match="more credit than there is"):
                    work.credit.save(move)
            else:
                work.credit.save(move)  # not committed: the shape is right


def test_nobody_spends_the_credit_of_another(desk: Desk) -> None:
    with_credit(desk)
    with pytest.raises(InvalidInput):
        desk.sell(desk.hold(desk.add_departure(), adult=1), pay=CREDIT, traveller=desk.traveller("Somebody"))
    assert balance(desk, Account.AGENCY_CREDIT) == 9000


def test_two_who_spend_it_at_once_spend_it_once(desk: Desk) -> None:
    buyer = with_credit(desk, adults=2)
    holds = [desk.hold(desk.add_departure(capacity=4), adult=2) for _ in range(2)]
    together, results = threading.Barrier(2), []

    def spend(number: int) -> None:
        together.wait(30)
        try:
            desk.sell(holds[number], pay=CREDIT, traveller=buyer)
            results.append(True)
        except Refusal:
            results.append(False)

    threads = [threading.Thread(target=spend, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(results) == [False, True]
    assert has(desk, buyer.id) == 0
    proved(desk)


def test_it_goes_over_when_two_records_are_one_and_back_when_they_are_split(desk: Desk) -> None:
    kept, other = desk.traveller("Jon Hall"), with_credit(desk, name="John Hall")
    merged = desk.services.duplicates.merge(desk.agent, kept.id, other.id, key=uuid4())
    assert (has(desk, kept.id), balance(desk, Account.AGENCY_CREDIT)) == (9000, 9000)
    proved(desk)
    desk.services.duplicates.split(desk.agent, merged.merge_id)
    assert (has(desk, kept.id), has(desk, other.id)) == (0, 9000)
    proved(desk)


def test_records_that_spent_it_together_are_not_split(desk: Desk) -> None:
    kept, other = desk.traveller("Jon Hall"), with_credit(desk, name="John Hall")
    merged = desk.services.duplicates.merge(desk.agent, kept.id, other.id, key=uuid4())
    desk.sell(desk.hold(desk.add_departure(), adult=1), pay=CREDIT, traveller=kept)
    with pytest.raises(WrongState):
        desk.services.duplicates.split(desk.agent, merged.merge_id)
    assert has(desk, kept.id) == 4500
    proved(desk)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["give", "back", "spend"]), st.integers(1, 2)), max_size=6))
def test_what_is_owed_back_is_never_below_nothing(desk: Desk, steps: list[tuple[str, int]]) -> None:
    """Refunds to credit and to the till, and credit spent, in any order: nothing is owed in the end, and credit is what
    was given and not spent."""
    buyer = desk.traveller("Nora Lind")
    expected, before = 0, balance(desk, Account.AGENCY_CREDIT)
    for what, adults in steps:
        pay = CREDIT if what == "spend" else CASH
        hold = desk.hold(desk.add_departure(), adult=adults)
        if what == "spend" and expected < 4500 * adults:
            with pytest.raises(InvalidInput):
                desk.sell(hold, pay=pay, traveller=buyer)
            continue
        booking = desk.sell(hold, pay=pay, traveller=buyer).bookings[0].id
        if what == "spend":
            expected -= 4500 * adults
        else:
            to = RefundTo.CREDIT if what == "give" else RefundTo.PAYMENT
            refunded(desk, booking, to=to)
            expected += 4500 * adults if what == "give" else 0
        assert balance(desk, Account.REFUNDS_PAYABLE) == 0
        assert has(desk, buyer.id) == expected
    assert balance(desk, Account.AGENCY_CREDIT) - before == expected
    proved(desk)
