"""Changes that cannot be made or paid: said clearly, and nothing is half done."""

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
from travellr_desktop.domain.money import CurrencyMismatch
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
from travellr_desktop.services.planning import AddTravellers, CancelTravellers, Change
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.commits import Commit

DECLINED = PayChoice(Way.CARD, NO_FUNDS)
LATER = date(2026, 7, 5)


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


def test_past_the_cut_off_nobody_takes_another_seat_whether_they_join_or_have_grown(
    desk: Desk, clock: HandClock
) -> None:
    hold = desk.hold(desk.add_departure(), adult=2, infant=1)
    booking = desk.sell(hold).bookings[0].id
    clock.at(datetime(2026, 7, 4, 6, 15, tzinfo=UTC))
    refused(desk, booking, joining(CHILD), SalesClosed, "Sales of this departure have closed")
    refused(
        desk, booking, becoming(desk, booking, 3, CHILD), SalesClosed, "Sales of this departure have closed"
    )
    assert change(desk, booking, becoming(desk, booking, 2, CHILD)).state is ChangeState.DONE
    assert change(desk, booking, becoming(desk, booking, 2, INFANT)).state is ChangeState.DONE


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
