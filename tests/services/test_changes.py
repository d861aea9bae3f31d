"""Changing a booking after its sale: who joins, leaves or is of another type, and another departure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from helpers.books import balances, charged, entries, ops, refund_states, seats
from helpers.changing import (
    ADULT,
    CHILD,
    INFANT,
    becoming,
    change,
    euros,
    joining,
    leaving,
    lines,
    price,
    to,
)
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk
from helpers.provider import NO_FUNDS, SLOW_REFUNDS
from helpers.seated import add_numbered
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import CurrencyMismatch, Money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import DepartureState, RefundState, advance
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import (
    InvalidInput,
    KeyReused,
    NotFound,
    NotPermitted,
    Refusal,
    SalesClosed,
    SeatsGone,
    WrongState,
)
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.changes import ChangeState
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.planning import AddTravellers, CancelTravellers, Change
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.commits import Commit

DECLINED = PayChoice(Way.CARD, NO_FUNDS)
SOON = date(2026, 6, 23)  # in five days: strict keeps half
LATER = date(2026, 7, 5)


# who joins


def test_a_traveller_joins_for_cash(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    booking = desk.sold(departure, adult=2).bookings[0].id
    outcome = change(desk, booking, joining(CHILD))
    assert (outcome.state, outcome.difference) == (ChangeState.DONE, euros(2700))
    assert lines(desk, booking) == [
        (1, "adult", 4500, 0, True),
        (2, "adult", 4500, 0, True),
        (3, "child", 2700, 0, True),
    ]
    assert seats(desk, departure) == (4, 3)
    assert entries(desk, booking)[1:] == [("payment", "till", "traveller_funds", 2700)]
    assert balances(desk) == {"stripe": 9000, "till": 2700, "traveller_funds": 11700}


def test_a_traveller_joins_by_card(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    booking = desk.sold(departure, adult=2).bookings[0].id
    outcome = change(desk, booking, joining(ADULT, INFANT), CARD)
    assert (outcome.state, outcome.payment_label) == (ChangeState.DONE, "Visa ending 4242")
    assert seats(desk, departure) == (4, 3)
    assert charged(desk) == (13500, 0)


# who leaves


def test_one_of_three_leaves_by_the_policy(desk: Desk) -> None:
    """Half of 45.00 is kept five days before: 22.50, of which 20 % are the agency's."""
    strict = desk.add_trip("Half kept", policy="strict")
    departure = desk.add_departure(strict, day=SOON, capacity=4)
    booking = desk.sold(departure, adult=3).bookings[0].id
    outcome = change(desk, booking, leaving(desk, booking, 2))
    assert (outcome.difference, len(outcome.refunds)) == (euros(-2250), 1)
    assert lines(desk, booking)[1] == (2, "adult", 4500, 2250, False)
    assert price(desk, booking) == 9000
    assert seats(desk, departure) == (4, 2)
    assert entries(desk, booking)[1:] == [
        ("kept", "traveller_funds", "vendor_payable", 1800),
        ("kept", "traveller_funds", "cancellation_revenue", 450),
        ("refund_approved", "traveller_funds", "refunds_payable", 2250),
        ("refund_accepted", "refunds_payable", "stripe", 2250),
    ]
    assert charged(desk) == (13500, 2250)


def test_what_is_kept_one_by_one_is_what_is_kept_at_once(desk: Desk) -> None:
    """Half of 33.33 is 16.67; 20 % of three times that are 10.00, of each by itself 3.33."""
    strict = desk.add_trip("Odd", policy="strict", adult=3333)
    booking = desk.sold(desk.add_departure(strict, day=SOON), adult=4).bookings[0].id
    for position in (1, 2, 3):
        change(desk, booking, leaving(desk, booking, position))
    assert balances(desk)["cancellation_revenue"] == 1000
    desk.cancel(booking)
    kept = 4 * 1667
    assert balances(desk) == {"stripe": kept, "vendor_payable": kept - 1334, "cancellation_revenue": 1334}


def test_a_manager_goes_beyond_the_policy_with_a_reason(desk: Desk) -> None:
    strict = desk.add_trip("Half kept", policy="strict")
    booking = desk.sold(desk.add_departure(strict, day=SOON), adult=3).bookings[0].id
    outcome = change(desk, booking, leaving(desk, booking, 2, waive=True), actor=desk.admin)
    assert outcome.difference == euros(-4500)


# another departure


def test_rebooked_to_a_dearer_day(desk: Desk) -> None:
    first = desk.add_departure(capacity=4)
    dear = desk.add_departure(desk.add_trip("Sunset", adult=6000, child=3000), day=LATER, capacity=4)
    booking = desk.sold(first, adult=2, child=1).bookings[0].id
    outcome = change(desk, booking, to(dear), CARD)
    assert (outcome.state, outcome.difference) == (ChangeState.DONE, euros(3300))
    assert seats(desk, first) == (4, 0)
    assert seats(desk, dear) == (4, 3)
    assert price(desk, booking) == 15000
    assert charged(desk) == (15000, 0)


def test_rebooked_to_a_cheaper_day_the_difference_goes_back(desk: Desk) -> None:
    cheap = desk.add_departure(desk.add_trip("Short", adult=4000, child=2000), day=LATER, capacity=4)
    booking = desk.sold(desk.add_departure(), adult=2, child=1).bookings[0].id
    outcome = change(desk, booking, to(cheap))
    assert outcome.difference == euros(-1700)
    assert refund_states(desk, booking) == [(RefundState.COMPLETED, 1700)]


# another type


def test_an_infant_becomes_a_child_and_takes_a_seat(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    booking = desk.sold(departure, adult=2, infant=1).bookings[0].id
    assert seats(desk, departure) == (4, 2)
    outcome = change(desk, booking, becoming(desk, booking, 3, CHILD, "Mila", 4), CARD)
    assert outcome.difference == euros(2700)
    assert seats(desk, departure) == (4, 3)
    outcome = change(desk, booking, becoming(desk, booking, 3, INFANT, "Mila", 1))
    assert outcome.difference == euros(-2700)
    assert seats(desk, departure) == (4, 2)


# what cannot be done: said clearly, and nothing is half done


def refused(
    desk: Desk, booking: UUID, wanted: Change, kind: type[Refusal], words: str, expected: int = 0
) -> Refusal:
    """Preview and command say the same, and nothing is written."""
    before = ops(desk)
    with pytest.raises(kind, match=words) as shown:
        desk.services.changes.preview(desk.agent, booking, wanted)
    with pytest.raises(kind, match=words):
        desk.services.changes.apply(desk.agent, booking, wanted, euros(expected), CASH, key=uuid4())
    assert ops(desk) == before
    return shown.value


def test_not_into_the_past_nor_past_its_cut_off_nor_where_nothing_is_sold(
    desk: Desk, clock: HandClock
) -> None:
    gone = desk.add_departure(day=date(2026, 6, 20))
    booking = desk.sold(desk.add_departure(day=date(2026, 8, 1)), adult=2).bookings[0].id
    clock.at(datetime(2026, 6, 20, 6, 15, tzinfo=UTC))
    refused(desk, booking, to(gone), SalesClosed, "Sales of this departure have closed")
    clock.at(datetime(2026, 6, 21, tzinfo=UTC))
    refusal = refused(desk, booking, to(gone), SalesClosed, "has left")
    assert refusal.field == "departure"
    stopped = desk.add_departure(day=LATER)
    desk.services.timetable.stop(desk.admin, [stopped], "Storm")
    refused(desk, booking, to(stopped), SalesClosed, "not sold")


def test_not_into_another_currency_nor_to_another_vendor_nor_to_where_it_is(desk: Desk) -> None:
    here = desk.add_departure()
    booking = desk.sold(here, adult=2).bookings[0].id
    yen = desk.add_departure(desk.add_trip("Night market", currency="JPY", zone="Asia/Tokyo", adult=6000))
    refused(desk, booking, to(yen), CurrencyMismatch, "in EUR, this trip in JPY")
    vendor = desk.services.vendors.create(desk.admin, VendorDraft("Another"))
    other = desk.add_departure(desk.add_trip("Theirs", vendor_id=vendor))
    refused(desk, booking, to(other), InvalidInput, "another vendor")
    refused(desk, booking, to(here), InvalidInput, "on this departure already")
    refused(desk, booking, to(uuid4()), NotFound, "no such departure")


def test_not_where_there_are_too_few_seats(desk: Desk) -> None:
    small = desk.add_departure(day=LATER, capacity=2)
    full = desk.add_departure(capacity=3)
    booking = desk.sold(full, adult=3).bookings[0].id
    refused(desk, booking, to(small), SeatsGone, "Fewer seats")
    refused(desk, booking, joining(ADULT), SeatsGone, "Fewer seats", 4500)
    assert seats(desk, small) == (2, 0)
    assert seats(desk, full) == (3, 3)


def test_somebody_must_stay_and_take_a_seat(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=1, infant=1).bookings[0].id
    refused(desk, booking, leaving(desk, booking), InvalidInput, "all travellers")
    refused(desk, booking, leaving(desk, booking, 1), InvalidInput, "takes a seat")
    refused(desk, booking, becoming(desk, booking, 1, INFANT), InvalidInput, "take a seat")
    refused(desk, booking, CancelTravellers(()), InvalidInput, "Say who is cancelled")
    refused(desk, booking, AddTravellers(()), InvalidInput, "Say who joins")
    refused(desk, booking, CancelTravellers((uuid4(),)), NotFound, "no such traveller")
    refused(desk, booking, becoming(desk, booking, 1, ADULT), InvalidInput, "Nothing was changed")
    refused(desk, booking, becoming(desk, booking, 1, ADULT, "X", 131), InvalidInput, "between 0 and 130")


def test_going_beyond_the_policy_needs_the_permission_and_a_reason(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    refused(
        desk, booking, leaving(desk, booking, 1, waive=True), NotPermitted, "beyond the cancellation policy"
    )
    without = replace(leaving(desk, booking, 1, waive=True), reason=" ")
    with pytest.raises(InvalidInput) as refusal:
        desk.services.changes.preview(desk.admin, booking, without)
    assert refusal.value.field == "reason"


def test_only_a_confirmed_booking_is_changed_and_after_the_departure_only_names(
    desk: Desk, clock: HandClock
) -> None:
    departure = desk.add_departure()
    pending = desk.sold(departure, pay=DECLINED).bookings[0].id
    refused(desk, pending, joining(ADULT), WrongState, "is pending")
    booking = desk.sold(departure, adult=2).bookings[0].id
    desk.sold(departure, adult=1)
    clock.at(datetime(2026, 7, 4, 7, 0, tzinfo=UTC))
    refused(desk, booking, joining(ADULT), SalesClosed, "has left already")
    refused(desk, booking, leaving(desk, booking, 1), SalesClosed, "has left already")
    refused(desk, booking, becoming(desk, booking, 1, CHILD), SalesClosed, "has left already")
    outcome = change(desk, booking, becoming(desk, booking, 1, ADULT, "Jonas Hall"))
    assert (outcome.state, outcome.difference) == (ChangeState.DONE, euros(0))


def test_what_was_shown_is_what_is_done(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    wanted = joining(CHILD)
    shown = desk.services.changes.preview(desk.agent, booking, wanted)
    with pytest.raises(WrongState, match="has changed since it was shown"):
        desk.services.changes.apply(desk.agent, booking, wanted, euros(2600), CASH, key=uuid4())
    with pytest.raises(InvalidInput) as refusal:
        desk.services.changes.apply(desk.agent, booking, wanted, shown.difference, None, key=uuid4())
    assert refusal.value.field == "pay"
    with pytest.raises(InvalidInput, match="Choose a card"):
        desk.services.changes.apply(
            desk.agent, booking, wanted, shown.difference, PayChoice(Way.CARD), key=uuid4()
        )
    change(desk, booking, wanted)
    found = [(e.event.value, e.debit.value, e.credit.value, e.amount.minor) for e in shown.entries]
    assert entries(desk, booking)[-len(found) :] == found
    after = {row.note: row.after for row in shown.balances}
    assert after["Cash"] == euros(balances(desk)["till"])
    assert after["Paid, still to travel"] == euros(balances(desk)["traveller_funds"])


def test_the_same_form_has_one_effect(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(capacity=5), adult=2).bookings[0].id
    key = uuid4()
    first = change(desk, booking, joining(ADULT), CARD, key=key)
    wanted, expected = joining(ADULT), euros(4500)
    again = desk.services.changes.apply(desk.agent, booking, wanted, expected, CARD, key=key)
    assert again == first
    assert charged(desk) == (13500, 0)
    with pytest.raises(KeyReused):
        desk.services.changes.apply(desk.agent, booking, joining(CHILD), euros(2700), CARD, key=key)


# payments that do not come off


def test_a_declined_card_leaves_all_as_it_was(desk: Desk) -> None:
    first, dear = (
        desk.add_departure(capacity=4),
        desk.add_departure(desk.add_trip("Dear", adult=6000), day=LATER),
    )
    booking = desk.sold(first, adult=2).bookings[0].id
    before = lines(desk, booking)
    outcome = change(desk, booking, to(dear), DECLINED)
    assert (outcome.state, outcome.refusal is not None) == (ChangeState.DECLINED, True)
    assert lines(desk, booking) == before
    assert (seats(desk, first), seats(desk, dear)[1]) == ((4, 2), 0)
    assert change(desk, booking, to(dear), CASH).state is ChangeState.DONE


def test_while_a_payment_is_unknown_the_seats_stay_and_nothing_else_is_changed(
    desk: Desk, clock: HandClock
) -> None:
    first, dear = (
        desk.add_departure(capacity=4),
        desk.add_departure(desk.add_trip("Dear", adult=6000), day=LATER),
    )
    booking = desk.sold(first, pay=CASH, adult=2).bookings[0].id
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    outcome = change(desk, booking, to(dear), CARD)
    assert outcome.state is ChangeState.UNKNOWN
    assert (seats(desk, first)[1], seats(desk, dear)[1]) == (2, 2)
    clock.forward(timedelta(hours=3))
    desk.services.upkeep.expire_holds()
    assert seats(desk, dear)[1] == 2
    assert desk.services.holds.mine(desk.agent) == ()
    refused(desk, booking, joining(ADULT), WrongState, "waits for its payment")
    with pytest.raises(WrongState, match="still under way"):
        desk.cancel(booking)
    waiting = desk.services.changes.waiting(desk.agent, booking)
    assert waiting is not None
    assert desk.services.bookings.detail(desk.agent, booking).changing == waiting.amendment_id
    found = desk.services.changes.read_now(desk.agent, waiting.amendment_id)
    assert found.state is ChangeState.DONE
    assert (seats(desk, first)[1], seats(desk, dear)[1]) == (0, 2)
    assert desk.services.changes.waiting(desk.agent, booking) is None


def test_paid_but_the_day_was_called_off_the_money_goes_back(desk: Desk) -> None:
    first, dear = (
        desk.add_departure(capacity=4),
        desk.add_departure(desk.add_trip("Dear", adult=6000), day=LATER),
    )
    booking = desk.sold(first, pay=CASH, adult=2).bookings[0].id
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    outcome = change(desk, booking, to(dear), CARD)
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        departure = work.departures.get(dear)
        departure.state = advance(departure.state, DepartureState.CANCELLED)
        work.commit()
    found = desk.services.changes.read_now(desk.agent, outcome.amendment_id)
    assert found.state is ChangeState.GIVEN_BACK
    assert [refund.amount for refund in found.refunds] == [euros(3000)]
    assert charged(desk) == (3000, 3000)
    assert (seats(desk, first)[1], seats(desk, dear)[1]) == (2, 0)
    assert price(desk, booking) == 9000


def test_paid_after_the_trip_was_done_only_that_money_goes_back(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure(capacity=4)
    booking = desk.sold(departure, pay=CASH, adult=2).bookings[0].id
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    outcome = change(desk, booking, joining(ADULT), CARD)
    clock.at(datetime(2026, 7, 6, tzinfo=UTC))
    desk.services.bookings.complete(desk.admin, departure)
    found = desk.services.changes.read_now(desk.agent, outcome.amendment_id)
    assert found.state is ChangeState.GIVEN_BACK
    assert charged(desk) == (4500, 4500)
    assert balances(desk) == {"till": 9000, "vendor_payable": 7200, "commission": 1800}


def test_a_refund_that_fails_stays_owed_and_is_not_given_back_twice(desk: Desk) -> None:
    departure = desk.add_departure()
    booking = desk.sold(departure, pay=PayChoice(Way.CARD, SLOW_REFUNDS), adult=3).bookings[0].id
    outcome = change(desk, booking, leaving(desk, booking, 1))
    with desk.database.read() as view:
        ref = view.refunds.get(outcome.refunds[0].id).provider_ref
    assert ref is not None
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(ref, failure="expired_or_canceled_card")
    desk.services.payments.recover(start_up=True)
    assert refund_states(desk, booking) == [(RefundState.FAILED, 4500)]
    assert desk.services.cancellations.preview(desk.agent, [booking]).back == euros(9000)
    assert balances(desk)["refunds_payable"] == 4500


# terms


def test_percentages_hold_for_who_joins_and_amounts_stay_with_who_had_them(desk: Desk) -> None:
    tenth = DiscountAsk(DiscountKind.PERCENT, bps=1_000, reason="They come each year")
    booking = desk.sold(desk.add_departure(capacity=9), discount=tenth, adult=2).bookings[0].id
    assert change(desk, booking, joining(ADULT)).difference == euros(4050)
    once = DiscountAsk(DiscountKind.AMOUNT, amount=Money(800, "EUR"), reason="Rain")
    booking = desk.sold(desk.add_departure(capacity=9), discount=once, adult=2).bookings[0].id
    assert change(desk, booking, joining(ADULT)).difference == euros(4500)
    cheap = desk.add_departure(desk.add_trip("Cheap", adult=300), day=LATER)
    change(desk, booking, to(cheap))
    assert [line[2] for line in lines(desk, booking)] == [0, 0, 300]


def test_to_a_day_of_the_same_price_nothing_moves(desk: Desk) -> None:
    third = DiscountAsk(DiscountKind.PERCENT, bps=333, reason="They come each year")
    booking = desk.sold(desk.add_departure(), discount=third, adult=4).bookings[0].id
    change(desk, booking, leaving(desk, booking, 1))
    before = len(entries(desk, booking))
    outcome = change(desk, booking, to(desk.add_departure(day=LATER)))
    assert (outcome.difference, len(entries(desk, booking))) == (euros(0), before)


def test_where_a_booking_can_go(desk: Desk) -> None:
    here = desk.add_departure(capacity=4)
    dear = desk.add_departure(desk.add_trip("Dear", adult=6000), day=LATER)
    small = desk.add_departure(day=LATER, capacity=1)
    booking = desk.sold(here, adult=2).bookings[0].id
    found = desk.services.changes.destinations(desk.agent, booking, date(2026, 7, 1), date(2026, 7, 31))
    said = {each.departure_id: (each.free, each.difference, each.why_not) for each in found}
    assert said[dear] == (10, euros(3000), "")
    assert said[small] == (1, euros(0), "Too few seats")
    assert said[here][2] == "The booking is on this departure already."


def test_who_is_changed_and_how_stands_in_the_audit_trail(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    change(desk, booking, joining(CHILD))
    with desk.database.read() as view:
        row = next(row for row in view.journal.audit_of(booking) if row.action == "booking.change")
    assert row.actor_id == desk.agent.user_id
    assert (row.detail["was"]["price"], row.detail["now"]["price"]) == (9000, 11700)
    assert len(row.detail["now"]["travellers"]) == 3
    kinds = [item.kind for item in desk.services.bookings.detail(desk.agent, booking).timeline]
    assert "changed" in kinds


def test_numbered_seats_follow_the_travellers(desk: Desk) -> None:
    coach = add_numbered(desk)
    other = desk.add_departure(day=LATER)
    booking = desk.sold(coach, adult=2).bookings[0].id

    def labels() -> list[str]:
        return [line.seat for line in desk.services.bookings.detail(desk.agent, booking).lines]

    assert all(labels())
    change(desk, booking, joining(CHILD), CARD)
    assert len(set(labels())) == 3
    change(desk, booking, leaving(desk, booking, 1))
    assert sum(bool(label) for label in labels()) == 2
    change(desk, booking, to(other))
    assert not any(labels())
    change(desk, booking, to(coach))
    assert sum(bool(label) for label in labels()) == 2


def test_a_voucher_of_before_is_marked_and_a_new_one_is_made(desk: Desk, clock: HandClock) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    desk.services.documents.voucher(desk.agent, booking)
    assert not desk.services.bookings.detail(desk.agent, booking).voucher_old
    clock.forward(timedelta(minutes=1))
    change(desk, booking, joining(CHILD))
    assert desk.services.bookings.detail(desk.agent, booking).voucher_old
    with desk.database.read() as view:
        (row,) = [row for row in view.journal.audit_of(booking) if row.action == "voucher.out_of_date"]
    assert len(row.detail["printed"]) == 1
    clock.forward(timedelta(minutes=1))
    desk.services.documents.voucher(desk.agent, booking)
    assert not desk.services.bookings.detail(desk.agent, booking).voucher_old
