"""Two windows and the same money at the same moment, each with a program of its own on one file: one outcome.

What is sent twice from one window is in `test_refunds`, two links and two readers in `test_links_faults` and
`test_readers_faults`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpers.at_once import at_once, done
from helpers.clock import START, HandClock
from helpers.desk import CARD, CASH, VISA, Desk, desk_again
from helpers.disputed import closed, opened, sold
from helpers.refunding import colleague, limit, proved, refunded
from helpers.tilling import euros, in_ledger, made_of, open_till
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import RefundOrderState, RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import ChangedMeanwhile, DisputeOpen, Refusal, WrongState
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.till_forms import CloseCount

TIMES = pytest.mark.parametrize(
    "attempt", [0, *(pytest.param(number, marks=pytest.mark.soak) for number in range(1, 8))]
)
"""Who is first is for the machine to say: often for `make soak`."""


@pytest.fixture
def other(desk: Desk, clock: HandClock) -> Iterator[Desk]:
    """The window beside, another program."""
    with desk_again(desk.profile.folder, clock) as made:
        yield made


def booked(desk: Desk, pay: PayChoice = CARD) -> UUID:
    """For two at 45.00, early enough for all of it to go back."""
    return desk.sold(desk.add_departure(), pay=pay, adult=2).bookings[0].id


def ask_for_all(desk: Desk, booking: UUID, minor: int = 9000, key: UUID | None = None) -> object:
    return desk.services.refunds.request(desk.agent, RefundAsk((booking,)), euros(minor), key=key or uuid4())


def refunds_of(desk: Desk, booking: UUID) -> list[tuple[RefundState, int]]:
    with desk.database.read() as view:
        return [(each.state, each.amount) for each in view.refunds.find_by_booking_id(booking)]


def given_back(desk: Desk) -> int:
    """By the provider's own count."""
    with desk.sandbox() as sandbox:
        assert set(sandbox.refunds_by_id().values()) <= {1}
        return sandbox.counts().refunded.get("eur", 0)


@TIMES
def test_two_agents_refund_one_booking(desk: Desk, other: Desk, attempt: int) -> None:
    booking = booked(desk)
    found = at_once(lambda: ask_for_all(desk, booking), lambda: ask_for_all(other, booking))
    assert len(done(found)) == 1
    assert refunds_of(desk, booking) == [(RefundState.COMPLETED, 9000)]
    assert given_back(desk) == 9000
    proved(desk)


@TIMES
def test_one_form_from_two_windows(desk: Desk, other: Desk, attempt: int) -> None:
    """A double click, with another program in between: both are told of the one refund, or one to wait for it."""
    booking, key = booked(desk), uuid4()
    at_once(lambda: ask_for_all(desk, booking, key=key), lambda: ask_for_all(other, booking, key=key))
    assert refunds_of(desk, booking) == [(RefundState.COMPLETED, 9000)]
    assert given_back(desk) == 9000
    proved(desk)


@TIMES
def test_one_approves_while_another_turns_it_down(desk: Desk, other: Desk, attempt: int) -> None:
    booking, manager = booked(desk), colleague(desk)
    limit(desk, 0)
    ask_for_all(desk, booking)
    (order,) = desk.services.refunds.orders(desk.admin)
    approved, rejected = at_once(
        lambda: desk.services.refunds.approve(desk.admin, order.id, key=uuid4()),
        lambda: other.services.refunds.reject(manager, order.id, "Rebook them"),
    )
    assert isinstance(approved, WrongState) is not isinstance(rejected, WrongState)
    now = desk.services.refunds.order(desk.admin, order.id).state
    if isinstance(approved, Refusal):
        assert (now, refunds_of(desk, booking), given_back(desk)) == (RefundOrderState.REJECTED, [], 0)
    else:
        assert now is RefundOrderState.APPROVED
        assert refunds_of(desk, booking) == [(RefundState.COMPLETED, 9000)]
        assert given_back(desk) == 9000
    proved(desk)


@TIMES
def test_it_is_refunded_while_the_traveller_pays_the_balance_by_link(
    desk: Desk, other: Desk, attempt: int
) -> None:
    """Whoever refunds waits for the link; what goes back in the end is what came in, not the deposit alone."""
    far = desk.add_departure(day=(START + timedelta(days=90)).date())
    sale = desk.sell(desk.hold(far), pay=PayChoice(Way.CARD, VISA, deposit=True))
    booking = sale.bookings[0].id
    deposit, all_of_it = sale.paid.minor, sale.total.minor
    asked = desk.services.sales.pay(desk.agent, sale.sale_id, PayChoice(Way.LINK), key=uuid4())
    assert asked.link is not None
    ref = asked.link.ref

    def pays() -> object:
        with other.sandbox() as sandbox:
            sandbox.pay_link(ref, VISA)
        return other.services.links.poll()

    found = at_once(lambda: ask_for_all(desk, booking, deposit), pays)
    assert isinstance(found[0], WrongState)
    assert refunds_of(desk, booking) == []
    assert desk.services.sales.read_now(desk.agent, sale.sale_id).paid == euros(all_of_it)
    refunded(desk, booking)
    assert given_back(desk) == all_of_it
    proved(desk)


@TIMES
@pytest.mark.parametrize("won", [False, True])
def test_a_bank_takes_the_money_while_it_goes_back(desk: Desk, other: Desk, won: bool, attempt: int) -> None:
    """Whichever was first: the traveller has it once, and what the books still owe is nothing."""
    known = sold(desk)
    desk.services.listening.poll()

    def taken() -> object:
        ref = opened(other, known)
        other.services.listening.poll()
        return ref

    asked, ref = at_once(lambda: ask_for_all(desk, known.booking_id), taken)
    clock = desk.clock
    assert isinstance(clock, HandClock)
    if isinstance(ref, Refusal):  # nothing of it was left for a bank to take
        assert refunds_of(desk, known.booking_id) == [(RefundState.COMPLETED, 9000)]
        proved(desk)
        return
    assert isinstance(ref, str)
    assert isinstance(asked, DisputeOpen) or refunds_of(desk, known.booking_id)
    closed(desk, ref, won=won)
    for _ in range(3):
        clock.forward(timedelta(minutes=10))
        desk.services.listening.poll()
        desk.services.payments.recover()
    if won and not isinstance(asked, Refusal):
        with desk.database.read() as view:
            failed = [each.id for each in view.refunds.find_all()[0] if each.state is RefundState.FAILED]
        for refund_id in failed:
            desk.services.refunds.retry(desk.admin, refund_id, RefundTo.PAYMENT, key=uuid4())
        assert given_back(desk) == 9000
    with desk.database.read() as view:
        assert view.ledger.balance(Account.REFUNDS_PAYABLE, "EUR") == 0
        assert view.ledger.balance(Account.TRAVELLER_RECEIVABLE, "EUR") == 0
    proved(desk)


@TIMES
def test_credit_is_spent_from_two_windows(desk: Desk, other: Desk, attempt: int) -> None:
    buyer = desk.traveller()
    place = desk.add_departure()
    refunded(desk, desk.sell(desk.hold(place), traveller=buyer).bookings[0].id, to=RefundTo.CREDIT)
    holds, credit = [desk.hold(place) for _ in range(2)], PayChoice(Way.CREDIT)
    found = at_once(
        *(
            lambda at=at, hold=hold: at.sell(hold, pay=credit, traveller=buyer)
            for at, hold in zip((desk, other), holds, strict=True)
        )
    )
    assert len(done(found)) == 1
    assert desk.services.credit.of_traveller(desk.agent, buyer.id).of("EUR") == euros(0)
    assert in_ledger(desk, Account.AGENCY_CREDIT) == 0
    proved(desk)


@TIMES
def test_what_failed_is_sent_again_from_two_windows(desk: Desk, other: Desk, attempt: int) -> None:
    """One sends it to the card again, the other leaves it as credit: it is owed once."""
    booking = booked(desk, PayChoice(Way.CARD, "pm_card_pendingRefund"))
    refunded(desk, booking)
    with desk.database.read() as view:
        (refund,) = view.refunds.find_all()[0]
    assert refund.provider_ref is not None
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(refund.provider_ref, failure="expired_or_canceled_card")
    desk.services.payments.recover(start_up=True)
    found = at_once(
        lambda: desk.services.refunds.retry(desk.admin, refund.id, RefundTo.PAYMENT, key=uuid4()),
        lambda: other.services.refunds.retry(other.agent, refund.id, RefundTo.CREDIT, key=uuid4()),
    )
    assert len(done(found)) == 1
    assert (
        sum(amount for state, amount in refunds_of(desk, booking) if state is not RefundState.FAILED) == 9000
    )
    assert in_ledger(desk, Account.REFUNDS_PAYABLE) == 0
    proved(desk)


@TIMES
def test_two_windows_close_a_till_into_which_a_third_sells(desk: Desk, other: Desk, attempt: int) -> None:
    """Closed once or, where the sale was faster, not at all; the sale is in this session or the next, never in both."""
    place = desk.add_departure()
    session = open_till(desk, 20_000)
    counts = (CloseCount(made_of(euros(20_000)), euros(20_000)),)

    def close(at: Desk) -> object:
        shown = (euros(20_000),)
        return at.services.till.close(at.agent, session.session_id, counts, "", shown)

    found = at_once(
        lambda: close(desk), lambda: close(other), lambda: desk.sold(place, pay=CASH, adult=1).reference
    )
    assert isinstance(found[2], str)
    assert len(done(found[:2])) <= 1
    assert all(
        isinstance(each, WrongState | ChangedMeanwhile) for each in found[:2] if each not in done(found)
    )
    assert in_ledger(desk) == 24_500
    if done(found[:2]):
        open_till(desk, 24_500, from_safe=0)
    report = desk.services.till.x_read(desk.agent)
    assert report.figures[0].expected == euros(24_500)
    assert report.figures[0].day.cash_sales == euros(4_500)
    assert [row.number for row in desk.services.till.history(desk.agent)] == [1] * len(done(found[:2]))
    proved(desk)
