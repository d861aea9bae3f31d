"""Giving money back beyond the policy, of some travellers, after the trip, as credit, with a second person, and again
after it failed. Amounts are in cents of euro."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from helpers.books import balance, balances, booking_state, charged, entries, refund_states, seats
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk, desk_again
from helpers.refunding import approved, colleague, limit, proved, refunded
from helpers.selling import SLOW_REFUNDS
from travellr_desktop.domain.ledger import Account, Bearer
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import BookingState, RefundOrderState, RefundState
from travellr_desktop.errors import (
    AlreadyRefunded,
    InvalidInput,
    NotFound,
    NotPermitted,
    Refusal,
    RequestInProgress,
    WrongState,
)
from travellr_desktop.services.planning import CancelTravellers
from travellr_desktop.services.refund_asks import Beyond, RefundAsk

SOON = date(2026, 6, 23)  # in five days: strict keeps half
LATER = datetime(2026, 7, 20, tzinfo=UTC)


def euros(cents: int) -> Money:
    return Money(cents, "EUR")


def strict(desk: Desk, *, adult: int = 2, pay: object = CARD) -> UUID:
    """A booking of which half is kept."""
    trip = desk.add_trip("Half kept", policy="strict")
    return desk.sold(desk.add_departure(trip, day=SOON), pay=pay, adult=adult).bookings[0].id  # type: ignore[arg-type]


def lines(desk: Desk, booking: UUID) -> list[UUID]:
    return [
        line.id for line in desk.services.refunds.preview(desk.agent, RefundAsk((booking,))).bookings[0].lines
    ]


def done(desk: Desk, clock: HandClock, *, adult: int = 2, pay: object = CARD) -> UUID:
    """A booking whose trip has been: 90.00 for two, of which 18.00 are the agency's."""
    departure = desk.add_departure()
    booking = desk.sold(departure, pay=pay, adult=adult).bookings[0].id  # type: ignore[arg-type]
    clock.at(LATER)
    desk.services.bookings.complete(desk.agent, departure)
    return booking


# beyond the policy


def test_both_bear_it_by_keeping_less(desk: Desk) -> None:
    """Half of 90.00 is kept; 60.00 go back instead of 45.00: 30.00 are kept, 24.00 of them the vendor's."""
    booking = strict(desk)
    refunded(desk, booking, back=6000)
    assert charged(desk) == (9000, 6000)
    assert balances(desk) == {"stripe": 3000, "vendor_payable": 2400, "cancellation_revenue": 600}
    proved(desk)


@pytest.mark.parametrize(
    ("bearer", "left"),
    [
        (Bearer.AGENCY, {"vendor_payable": 3600, "cancellation_revenue": 900, "goodwill": 1500}),
        (Bearer.VENDOR, {"vendor_payable": 2100, "cancellation_revenue": 900}),
    ],
)
def test_one_party_bears_it_alone(desk: Desk, bearer: Bearer, left: dict[str, int]) -> None:
    booking = strict(desk)
    refunded(desk, booking, back=6000, borne_by=bearer)
    assert balances(desk) == {"stripe": 3000, **left}
    proved(desk)


def test_the_preview_is_what_is_done(desk: Desk) -> None:
    """Every entry and every party's balance, the vendor's too."""
    booking = strict(desk)
    before = len(entries(desk, booking))
    ask = RefundAsk((booking,), beyond=Beyond(euros(7000), Bearer.VENDOR), reason="Engine failed")
    shown = desk.services.refunds.preview(desk.admin, ask)
    assert (shown.policy_back, shown.back, shown.most) == (euros(4500), euros(7000), euros(9000))
    assert booking_state(desk, booking) is BookingState.CONFIRMED  # nothing has moved
    desk.services.refunds.request(desk.admin, ask, shown.back, key=uuid4())
    told = [(e.event.value, e.debit.value, e.credit.value, e.amount.minor) for e in shown.entries]
    assert told == entries(desk, booking)[before:]
    after = {row.whose: row.after for row in shown.balances}
    assert after["Bokeška Plovidba"] == euros(1100)  # 36.00 of what was kept, less 25.00
    assert balance(desk, Account.VENDOR_PAYABLE) == 1100
    owed = [row for row in shown.balances if row.note not in ("Cash", "With the provider")]
    assert sum((row.after - row.before).minor for row in owed) == -7000
    proved(desk)


def test_going_beyond_needs_leave_and_a_reason(desk: Desk) -> None:
    booking = strict(desk)
    ask = RefundAsk((booking,), beyond=Beyond(euros(6000)))
    with pytest.raises(NotPermitted):
        desk.services.refunds.preview(desk.agent, ask)
    with pytest.raises(InvalidInput) as refused:
        desk.services.refunds.request(desk.admin, ask, euros(6000), key=uuid4())
    assert refused.value.field == "reason"
    for back in (4499, 9001):
        with pytest.raises(InvalidInput) as refused:
            desk.services.refunds.preview(desk.admin, RefundAsk((booking,), beyond=Beyond(euros(back))))
        assert refused.value.field == "give_back"
    assert charged(desk) == (9000, 0)


def test_it_is_spread_over_the_bookings_by_what_is_kept_of_each(desk: Desk) -> None:
    trip = desk.add_trip("Half kept", policy="strict")
    near = desk.add_departure(trip, day=SOON)
    sale = desk.sell(desk.hold(near, adult=2), desk.hold(desk.add_departure(), adult=1))
    ids = [each.id for each in sale.bookings]
    refunded(desk, *ids, back=4500 + 4500 + 1000)
    assert [refund_states(desk, each) for each in ids] == [
        [(RefundState.COMPLETED, 5500)],
        [(RefundState.COMPLETED, 4500)],
    ]
    proved(desk)


# some travellers


def test_some_travellers_leave_and_the_others_stay(desk: Desk) -> None:
    booking = strict(desk, adult=3)
    first, _second, third = lines(desk, booking)
    ask = RefundAsk((booking,), (first, third))
    shown = desk.services.refunds.preview(desk.agent, ask)
    assert [(line.chosen, line.back.minor) for line in shown.bookings[0].lines] == [
        (True, 2250),
        (False, 0),
        (True, 2250),
    ]
    assert (shown.back, shown.seats, shown.bookings[0].whole) == (euros(4500), 2, False)
    desk.services.refunds.request(desk.agent, ask, shown.back, key=uuid4())
    assert booking_state(desk, booking) is BookingState.CONFIRMED
    assert whose(desk, booking) == [{first: 2250, third: 2250}]
    assert balances(desk) == {
        "stripe": 9000,
        "traveller_funds": 4500,
        "vendor_payable": 3600,
        "cancellation_revenue": 900,
    }
    proved(desk)


@pytest.mark.parametrize("bearer", [None, Bearer.AGENCY, Bearer.VENDOR])
def test_some_travellers_get_more_than_the_policy_gives(desk: Desk, bearer: Bearer | None) -> None:
    booking = strict(desk, adult=2)
    first, second = lines(desk, booking)
    refunded(desk, booking, back=4000, borne_by=bearer, who=(first,))
    assert charged(desk) == (9000, 4000)
    proved(desk)
    refunded(desk, booking, back=2250)  # the other one, by the policy
    assert charged(desk) == (9000, 6250)
    assert booking_state(desk, booking) is BookingState.CANCELLED
    assert whose(desk, booking) == [{first: 4000}, {second: 2250}]
    proved(desk)


def test_a_traveller_of_another_booking_is_not_found(desk: Desk) -> None:
    booking, other = strict(desk), desk.sold(desk.add_departure(), adult=1).bookings[0].id
    with pytest.raises(NotFound):
        desk.services.refunds.preview(desk.agent, RefundAsk((booking,), (lines(desk, other)[0],)))


# what if


def test_what_if_it_were_another_day(desk: Desk) -> None:
    """Strict in the departure's own zone: nothing kept until seven days before 08:30 in Podgorica, half until three,
    then all."""
    trip = desk.add_trip("Half kept", policy="strict")
    booking = desk.sold(desk.add_departure(trip), adult=2).bookings[0].id
    shown = desk.services.refunds.preview(desk.agent, RefundAsk((booking,)))
    assert [(step.until, step.back.minor) for step in shown.steps] == [
        (datetime(2026, 6, 27, 6, 30, tzinfo=UTC), 9000),
        (datetime(2026, 7, 1, 6, 30, tzinfo=UTC), 4500),
        (None, 0),
    ]
    at = datetime(2026, 6, 28, tzinfo=UTC)
    assert desk.services.refunds.preview(desk.agent, RefundAsk((booking,)), at=at).back == euros(4500)


def test_what_if_is_told_of_each_traveller_who_is_chosen(desk: Desk) -> None:
    booking = strict(desk, adult=3)
    first, _second, third = lines(desk, booking)
    shown = desk.services.refunds.preview(desk.agent, RefundAsk((booking,), (first, third)))
    assert [[(line.id, line.kept.minor, line.back.minor) for line in step.lines] for step in shown.steps] == [
        [(first, 2250, 2250), (third, 2250, 2250)],
        [(first, 4500, 0), (third, 4500, 0)],
    ]
    for step in shown.steps:
        assert sum(line.back.minor for line in step.lines) == step.back.minor


def test_the_deadline_is_that_of_the_departures_zone(desk: Desk, clock: HandClock) -> None:
    """The same clock time in Auckland is ten hours earlier."""
    far = desk.add_trip("Far", policy="strict", zone="Pacific/Auckland")
    booking = desk.sold(desk.add_departure(far), adult=1).bookings[0].id
    deadline = datetime(2026, 6, 26, 20, 30, tzinfo=UTC)
    clock.at(deadline)
    assert desk.services.refunds.preview(desk.agent, RefundAsk((booking,))).back == euros(4500)
    clock.at(deadline + timedelta(seconds=1))
    assert desk.services.refunds.preview(desk.agent, RefundAsk((booking,))).back == euros(2250)


# after the trip


def test_after_the_trip_vendor_and_agency_give_up_their_parts(desk: Desk, clock: HandClock) -> None:
    """Of 45.01 the agency gives up a fifth, rounded on the whole: 9.00; in two parts as well."""
    booking = done(desk, clock)
    refunded(desk, booking, back=1001)
    refunded(desk, booking, back=3500)
    assert balances(desk) == {"stripe": 4499, "vendor_payable": 7200 - 3601, "commission": 1800 - 900}
    assert booking_state(desk, booking) is BookingState.COMPLETED
    proved(desk)


@pytest.mark.parametrize(
    ("bearer", "left"),
    [
        (Bearer.AGENCY, {"vendor_payable": 7200, "commission": 1800, "goodwill": 4500}),
        (Bearer.VENDOR, {"vendor_payable": 2700, "commission": 1800}),
    ],
)
def test_after_the_trip_one_party_bears_it(
    desk: Desk, clock: HandClock, bearer: Bearer, left: dict[str, int]
) -> None:
    refunded(desk, done(desk, clock), back=4500, borne_by=bearer)
    assert balances(desk) == {"stripe": 4500, **left}
    proved(desk)


def test_what_was_kept_can_be_given_back_later(desk: Desk) -> None:
    """It is divided already, so somebody has to bear it."""
    booking = strict(desk)
    desk.cancel(booking)
    ask = RefundAsk((booking,), beyond=Beyond(euros(1000)), reason="They were ill")
    with pytest.raises(InvalidInput) as refused:
        desk.services.refunds.preview(desk.admin, ask)
    assert refused.value.field == "borne_by"
    refunded(desk, booking, back=1000, borne_by=Bearer.AGENCY)
    assert charged(desk) == (9000, 5500)
    proved(desk)


def test_no_more_goes_back_than_was_paid(desk: Desk, clock: HandClock) -> None:
    booking = done(desk, clock)
    refunded(desk, booking, back=9000)
    with pytest.raises(AlreadyRefunded):
        desk.services.refunds.preview(desk.admin, RefundAsk((booking,), beyond=Beyond(euros(1))))
    assert balance(desk, Account.REFUNDS_PAYABLE) == 0
    proved(desk)


# a second person


def test_above_the_limit_nothing_moves_until_somebody_else_approves(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    booking = desk.sold(departure, adult=2).bookings[0].id
    limit(desk, 5000)
    shown = desk.services.refunds.preview(desk.agent, RefundAsk((booking,)))
    assert (shown.needs_second, shown.limit) == (True, euros(5000))
    outcome = desk.services.refunds.request(desk.agent, RefundAsk((booking,)), shown.back, key=uuid4())
    assert outcome.waits and outcome.refunds == ()
    assert booking_state(desk, booking) is BookingState.CONFIRMED
    assert (seats(desk, departure), charged(desk)) == ((4, 2), (9000, 0))
    assert len(entries(desk, booking)) == 1
    proved(desk)
    assert desk.services.refunds.to_approve(desk.agent) == 0
    assert desk.services.refunds.to_approve(desk.admin) == 1
    (order,) = desk.services.refunds.orders(desk.admin)
    assert (order.state, order.amount, order.mine) == (RefundOrderState.REQUESTED, euros(9000), False)
    approved(desk, order.id)
    assert charged(desk) == (9000, 9000)
    assert seats(desk, departure) == (4, 0)
    assert desk.services.refunds.to_approve(desk.admin) == 0
    proved(desk)


def test_nobody_approves_their_own(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    limit(desk, 0)
    order = desk.services.refunds.request(desk.admin, RefundAsk((booking,)), euros(9000), key=uuid4())
    assert order.order_id is not None
    with pytest.raises(NotPermitted):
        desk.services.refunds.approve(desk.admin, order.order_id, key=uuid4())
    with pytest.raises(NotPermitted):
        desk.services.refunds.approve(desk.agent, order.order_id, key=uuid4())
    assert charged(desk) == (9000, 0)
    desk.services.refunds.approve(colleague(desk), order.order_id, key=uuid4())
    assert charged(desk) == (9000, 9000)


def test_a_large_refund_is_not_made_of_small_ones(desk: Desk) -> None:
    """45.00 may go back alone, of each traveller; the second one waits."""
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    limit(desk, 4500)
    first, _second = lines(desk, booking)
    alone = desk.services.refunds.request(
        desk.agent, RefundAsk((booking,), (first,)), euros(4500), key=uuid4()
    )
    assert not alone.waits
    rest = desk.services.refunds.request(desk.agent, RefundAsk((booking,)), euros(4500), key=uuid4())
    assert rest.waits
    proved(desk)


def test_while_it_waits_nobody_asks_again_and_a_rejection_ends_it(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    limit(desk, 0)
    order = desk.services.refunds.request(
        desk.agent, RefundAsk((booking,)), euros(9000), key=uuid4()
    ).order_id
    assert order is not None
    with pytest.raises(WrongState):
        desk.services.refunds.preview(desk.agent, RefundAsk((booking,)))
    with pytest.raises(InvalidInput):
        desk.services.refunds.reject(desk.admin, order, " ")
    shown = desk.services.refunds.reject(desk.admin, order, "Rebook them instead")
    assert (shown.state, shown.decided_by) == (RefundOrderState.REJECTED, "Mira Kovač")
    for decide in (
        lambda: desk.services.refunds.approve(desk.admin, order, key=uuid4()),
        lambda: desk.services.refunds.reject(desk.admin, order, "again"),
        lambda: desk.services.refunds.order_preview(desk.admin, order),
    ):
        with pytest.raises(WrongState):
            decide()
    assert charged(desk) == (9000, 0)
    assert desk.services.refunds.preview(desk.agent, RefundAsk((booking,))).back == euros(9000)
    proved(desk)


def test_only_who_asked_takes_it_back_and_they_cannot_turn_it_down(desk: Desk) -> None:
    refunds, booking = desk.services.refunds, desk.sold(desk.add_departure(), adult=2).bookings[0].id
    limit(desk, 0)
    order = refunds.request(desk.agent, RefundAsk((booking,)), euros(9000), key=uuid4()).order_id
    assert order is not None
    with pytest.raises(NotPermitted):
        refunds.reject(desk.agent, order, "no")
    for other in (desk.admin, colleague(desk, role=Role.AGENT)):
        with pytest.raises(NotPermitted):
            refunds.withdraw(other, order)
    waits = desk.services.bookings.detail(desk.agent, booking).asked_back
    assert waits is not None
    assert (waits.order_id, waits.amount, waits.mine) == (order, euros(9000), True)
    shown = refunds.withdraw(desk.agent, order)
    assert (shown.state, shown.decided_by) == (RefundOrderState.WITHDRAWN, "Ana Vuković")
    with pytest.raises(WrongState):
        refunds.withdraw(desk.agent, order)
    with pytest.raises(WrongState):
        refunds.approve(desk.admin, order, key=uuid4())
    assert desk.services.bookings.detail(desk.agent, booking).asked_back is None
    assert charged(desk) == (9000, 0)
    again = refunds.request(desk.agent, RefundAsk((booking,)), euros(9000), key=uuid4())
    assert again.waits
    proved(desk)


def test_a_manager_cannot_turn_down_their_own(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    limit(desk, 0)
    order = desk.services.refunds.request(
        desk.admin, RefundAsk((booking,)), euros(9000), key=uuid4()
    ).order_id
    assert order is not None
    with pytest.raises(NotPermitted) as refused:
        desk.services.refunds.reject(desk.admin, order, "A mistake")
    assert refused.value.hint == "Take it back instead."
    assert desk.services.refunds.withdraw(desk.admin, order).state is RefundOrderState.WITHDRAWN


def test_the_deadline_that_counts_is_when_it_was_asked(desk: Desk, clock: HandClock) -> None:
    """A moment later half would be kept; and the colleague takes until then."""
    trip = desk.add_trip("Half kept", policy="strict")
    booking = desk.sold(desk.add_departure(trip), adult=2).bookings[0].id
    limit(desk, 0)
    clock.at(datetime(2026, 6, 27, 6, 30, tzinfo=UTC))
    order = desk.services.refunds.request(
        desk.agent, RefundAsk((booking,)), euros(9000), key=uuid4()
    ).order_id
    clock.forward(timedelta(hours=5))
    assert order is not None
    assert desk.services.refunds.order_preview(desk.admin, order).back == euros(9000)
    approved(desk, order)
    assert charged(desk) == (9000, 9000)
    proved(desk)


def test_what_was_changed_meanwhile_is_not_approved(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=3).bookings[0].id
    first = lines(desk, booking)[0]
    limit(desk, 9000)
    order = desk.services.refunds.request(
        desk.agent, RefundAsk((booking,)), euros(13500), key=uuid4()
    ).order_id
    assert order is not None
    desk.services.changes.apply(
        desk.agent, booking, CancelTravellers((first,)), euros(-4500), None, key=uuid4()
    )
    with pytest.raises(WrongState):
        approved(desk, order)
    assert charged(desk) == (13500, 4500)
    proved(desk)


# as credit


def test_credit_is_the_travellers_and_pays_for_another_trip(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    refunded(desk, booking, to=RefundTo.CREDIT)
    assert charged(desk) == (9000, 0)
    assert balances(desk) == {"stripe": 9000, "agency_credit": 9000}
    proved(desk)


# failures


def test_what_the_bank_sends_back_is_owed_and_can_be_tried_again(desk: Desk) -> None:
    """Pending first, then failed: shown, owed, and a new refund stands for it."""
    booking = desk.sold(desk.add_departure(), pay=SLOW_REFUNDS, adult=2).bookings[0].id
    desk.cancel(booking)
    assert refund_states(desk, booking) == [(RefundState.PENDING, 9000)]
    failed = bounce(desk, booking)
    assert refund_states(desk, booking) == [(RefundState.FAILED, 9000)]
    assert balance(desk, Account.REFUNDS_PAYABLE) == 9000
    proved(desk)
    key = uuid4()
    desk.services.refunds.retry(desk.agent, failed, RefundTo.CREDIT, key=key)
    desk.services.refunds.retry(desk.agent, failed, RefundTo.CREDIT, key=key)
    assert refund_states(desk, booking) == [(RefundState.FAILED, 9000), (RefundState.COMPLETED, 9000)]
    assert (balance(desk, Account.REFUNDS_PAYABLE), balance(desk, Account.AGENCY_CREDIT)) == (0, 9000)
    with pytest.raises(WrongState):
        desk.services.refunds.retry(desk.agent, failed, RefundTo.PAYMENT, key=uuid4())
    proved(desk)


def test_only_what_failed_is_tried_again(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    refund = desk.cancel(booking).refunds[0].id
    with pytest.raises(WrongState):
        desk.services.refunds.retry(desk.agent, refund, RefundTo.PAYMENT, key=uuid4())


def test_a_bank_may_send_it_back_after_it_arrived(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), pay=SLOW_REFUNDS, adult=2).bookings[0].id
    desk.cancel(booking)
    refund = settle(desk, booking, arrives=True)
    assert refund_states(desk, booking) == [(RefundState.COMPLETED, 9000)]
    desk.services.refunds.look_again(desk.agent, refund)
    assert refund_states(desk, booking) == [(RefundState.COMPLETED, 9000)]
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(provider_ref(desk, refund), failure="expired_or_canceled_card")
    desk.services.refunds.look_again(desk.agent, refund)
    assert refund_states(desk, booking) == [(RefundState.FAILED, 9000)]
    assert balances(desk) == {"stripe": 9000, "refunds_payable": 9000}
    proved(desk)
    desk.services.refunds.retry(desk.agent, refund, RefundTo.PAYMENT, key=uuid4())
    assert refund_states(desk, booking) == [(RefundState.FAILED, 9000), (RefundState.PENDING, 9000)]
    assert balances(desk) == {}
    proved(desk)


def test_what_failed_is_owed_and_not_there_to_be_given_back_beyond_the_policy(desk: Desk) -> None:
    """Of 90.00 half was kept; the other half came back from the bank and is owed."""
    booking = strict(desk, pay=SLOW_REFUNDS)
    refunded(desk, booking)
    with desk.database.read() as view:
        (refund,) = (each.id for each in view.refunds.find_all()[0])
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(provider_ref(desk, refund), failure="expired_or_canceled_card")
    desk.services.payments.recover(start_up=True)
    assert desk.services.refunds.preview(desk.admin, RefundAsk((booking,))).most == euros(4500)
    with pytest.raises(InvalidInput):
        refunded(desk, booking, back=4501, borne_by=Bearer.AGENCY)
    refunded(desk, booking, back=4500, borne_by=Bearer.AGENCY)
    with pytest.raises(AlreadyRefunded):
        refunded(desk, booking, back=1, borne_by=Bearer.AGENCY)
    desk.services.refunds.retry(desk.admin, refund, RefundTo.CREDIT, key=uuid4())
    assert balance(desk, Account.REFUNDS_PAYABLE) == 0
    proved(desk)


def test_after_the_trip_both_give_back_what_they_earned_and_not_what_was_kept_of_who_left(
    desk: Desk, clock: HandClock
) -> None:
    """Two of three travel: 90.00 was earned, and 22.50 kept of the third, which was divided when they left."""
    booking = strict(desk, adult=3)
    refunded(desk, booking, who=(lines(desk, booking)[0],))
    clock.at(LATER)
    with desk.database.read() as view:
        departure = view.bookings.get(booking).departure_id
    desk.services.bookings.complete(desk.agent, departure)
    assert desk.services.refunds.preview(desk.admin, RefundAsk((booking,))).most == euros(11250)
    with pytest.raises(InvalidInput) as refused:
        refunded(desk, booking, back=9001)
    assert refused.value.field == "borne_by"
    refunded(desk, booking, back=9000)
    with pytest.raises(InvalidInput):
        refunded(desk, booking, back=1)
    refunded(desk, booking, back=2250, borne_by=Bearer.AGENCY)
    assert charged(desk) == (13500, 13500)
    proved(desk)


# at once


def test_a_double_click_is_one_refund(desk: Desk) -> None:
    booking = strict(desk)
    ask, key = RefundAsk((booking,)), uuid4()
    together, results = threading.Barrier(2), []

    def click() -> None:
        together.wait(30)
        try:
            results.append(desk.services.refunds.request(desk.agent, ask, euros(4500), key=key).back)
        except RequestInProgress:
            results.append(euros(4500))

    both(click, click)
    assert results == [euros(4500)] * 2
    assert charged(desk) == (9000, 4500)
    assert len(refund_states(desk, booking)) == 1
    proved(desk)


def test_two_agents_on_one_file_refund_it_once(desk: Desk) -> None:
    """Each with a program of their own."""
    booking = strict(desk)
    together, results = threading.Barrier(2), []
    with desk_again(desk.profile.folder, desk.clock) as other:

        def refund(at: Desk) -> None:
            together.wait(30)
            try:
                done = at.services.refunds.request(at.agent, RefundAsk((booking,)), euros(4500), key=uuid4())
                results.append(done.back.minor)
            except Refusal:
                results.append(0)

        both(lambda: refund(desk), lambda: refund(other))
    assert sorted(results) == [0, 4500]
    assert charged(desk) == (9000, 4500)
    proved(desk)


def test_two_approve_at_once_and_it_goes_back_once(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    limit(desk, 0)
    order = desk.services.refunds.request(
        desk.agent, RefundAsk((booking,)), euros(9000), key=uuid4()
    ).order_id
    assert order is not None
    approvers, together, results = (desk.admin, colleague(desk)), threading.Barrier(2), []

    def approve(number: int) -> None:
        together.wait(30)
        try:
            desk.services.refunds.approve(approvers[number], order, key=uuid4())
            results.append(True)
        except WrongState:
            results.append(False)

    both(lambda: approve(0), lambda: approve(1))
    assert sorted(results) == [False, True]
    assert charged(desk) == (9000, 9000)
    proved(desk)


def test_cash_goes_back_over_the_counter_line_by_line(desk: Desk) -> None:
    booking = strict(desk, pay=CASH)
    first, second = lines(desk, booking)
    refunded(desk, booking)
    assert whose(desk, booking) == [{first: 2250, second: 2250}]


def whose(desk: Desk, booking: UUID) -> list[dict[UUID, int]]:
    """What of each refund is whose."""
    with desk.database.read() as view:
        ids = [refund.id for refund in view.refunds.find_by_booking_id(booking)]
        found = view.refund_orders.lines(ids)
    return [found[each] for each in ids]


def bounce(desk: Desk, booking: UUID) -> UUID:
    """The bank sends a refund back that was on its way."""
    return settle(desk, booking, arrives=False)


def settle(desk: Desk, booking: UUID, *, arrives: bool) -> UUID:
    with desk.database.read() as view:
        refund_id = view.refunds.find_by_booking_id(booking)[-1].id
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(
            provider_ref(desk, refund_id), failure=None if arrives else "expired_or_canceled_card"
        )
    desk.services.refunds.send_now(desk.agent, refund_id)
    return refund_id


def provider_ref(desk: Desk, refund_id: UUID) -> str:
    with desk.database.read() as view:
        ref = view.refunds.get(refund_id).provider_ref
    assert ref is not None
    return ref


def both(*works: object) -> None:
    threads = [threading.Thread(target=work) for work in works]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
