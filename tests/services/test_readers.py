"""A sale that is paid at a card reader: asked for, waited for, paid, ended; and what a silent reader does to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from helpers.changing import change, joining
from helpers.clock import HandClock
from helpers.desk import CASH, VISA, Desk, desk_again, desk_at
from helpers.raw import raw
from helpers.readers import READER, with_reader
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import BookingState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.payments.gateway import ReaderRefused
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.asking import LASTS
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome

NO_FUNDS = "pm_card_visa_chargeDeclinedInsufficientFunds"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        with_reader(desk)
        yield desk


def asked(desk: Desk, adult: int = 2) -> SaleOutcome:
    return desk.sold(desk.add_departure(capacity=4), pay=READER, adult=adult)


def payment_of(sale: SaleOutcome) -> UUID:
    assert sale.payment_id is not None
    return sale.payment_id


def now(desk: Desk, sale: SaleOutcome) -> SaleOutcome:
    return desk.services.sales.outcome(desk.agent, sale.sale_id)


def present(desk: Desk, sale: SaleOutcome, card: str = VISA) -> SaleOutcome:
    return desk.services.readers.present(desk.agent, payment_of(sale), card)


def cancel(desk: Desk, sale: SaleOutcome) -> SaleOutcome:
    return desk.services.readers.cancel(desk.agent, payment_of(sale))


def holds_card(desk: Desk, card: str = VISA) -> None:
    """The traveller does, and the program hears nothing of it yet."""
    here = desk.services.readers.here(desk.agent)
    assert here is not None
    with desk.sandbox() as sandbox:
        sandbox.hold_card(here.ref, card)


def arm(desk: Desk, operation: Operation, kind: FaultKind, *, for_long: bool = False) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(operation, kind, until_disarmed=for_long)


def disarm(desk: Desk) -> None:
    with desk.sandbox() as sandbox:
        sandbox.disarm()


def charged(desk: Desk) -> int:
    with desk.sandbox() as sandbox:
        return sandbox.counts().charges


def code_of(sale: SaleOutcome) -> str:
    assert sale.refusal is not None
    return sale.refusal.code


def in_order(desk: Desk) -> bool:
    return desk.services.check.run().problems == ()


# which reader


def test_a_desk_without_a_reader_does_not_offer_one(tmp_path: Path, clock: HandClock) -> None:
    with desk_at(tmp_path, clock) as desk:
        assert Way.READER not in [each.way for each in desk.services.sales.ways(desk.agent)]
        with pytest.raises(WrongState, match="no card reader"):
            desk.sold(desk.add_departure(), pay=READER)


def test_the_desk_remembers_its_reader(tmp_path: Path, clock: HandClock) -> None:
    with desk_at(tmp_path, clock) as desk:
        with_reader(desk, "Counter")
    with desk_again(tmp_path, clock) as desk:
        offer = next(each for each in desk.services.sales.ways(desk.agent) if each.way is Way.READER)
        assert offer.reader == "Counter"
        desk.services.readers.choose(desk.admin, None)
        assert Way.READER not in [each.way for each in desk.services.sales.ways(desk.agent)]


def test_readers_say_where_they_stand_and_what_they_are_at(desk: Desk) -> None:
    other = desk.services.readers.add_simulated(desk.admin, "Back office")
    asked(desk)
    rows = {each.label: each for each in desk.services.readers.readers(desk.agent)}
    assert (rows["Counter"].is_here, rows["Counter"].is_asking) == (True, True)
    assert (rows["Back office"].is_here, rows["Back office"].is_asking) == (False, False)
    assert other.is_simulated
    assert other.is_online


def test_a_reader_that_the_agency_does_not_have_is_not_chosen(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.services.readers.choose(desk.admin, "tmr_of_nobody")


# asked and paid


def test_the_reader_asks_and_the_sale_waits(desk: Desk, clock: HandClock) -> None:
    sale = asked(desk)
    assert sale.state is OutcomeState.WAITING
    assert sale.reader is not None
    assert sale.reader.label == "Counter"
    assert sale.reader.asks_until == clock.now() + LASTS
    assert [booking.state for booking in sale.bookings] == [BookingState.PENDING]
    assert in_order(desk)


def test_it_is_paid_once_a_card_was_presented(desk: Desk) -> None:
    paid = present(desk, asked(desk))
    assert paid.state is OutcomeState.PAID
    assert paid.paid == paid.total
    assert paid.payment_label == "Visa ending 4242"
    assert paid.reader is None
    assert in_order(desk)


def test_a_card_that_was_presented_is_found_by_polling(desk: Desk, clock: HandClock) -> None:
    sale = asked(desk)
    assert desk.services.readers.poll() == 1
    holds_card(desk)
    clock.forward(timedelta(seconds=20))
    desk.services.readers.poll()
    assert now(desk, sale).state is OutcomeState.PAID
    assert in_order(desk)


def test_a_declined_card_ends_the_asking_and_another_can_be_tried(desk: Desk) -> None:
    sale = asked(desk)
    declined = present(desk, sale, NO_FUNDS)
    assert declined.state is OutcomeState.DECLINED
    assert code_of(declined) == "INSUFFICIENT_FUNDS"
    again = desk.services.sales.pay(desk.agent, sale.sale_id, READER, key=uuid4())
    assert again.reader is not None
    assert again.payment_id != sale.payment_id
    assert present(desk, again).state is OutcomeState.PAID
    assert charged(desk) == 1
    assert in_order(desk)


def test_the_traveller_may_press_cancel_on_the_reader(desk: Desk) -> None:
    sale = asked(desk)
    with desk.sandbox() as sandbox:
        assert sale.reader is not None
        sandbox.leave_reader(sale.reader.ref)
    desk.services.readers.poll()
    ended = now(desk, sale)
    assert ended.state is OutcomeState.DECLINED
    assert code_of(ended) == "CANCELLED_ON_READER"
    assert in_order(desk)


def test_what_was_paid_at_a_reader_goes_back_to_the_card(desk: Desk) -> None:
    sale = present(desk, asked(desk))
    desk.cancel(*[booking.id for booking in sale.bookings])
    with desk.sandbox() as sandbox:
        assert sandbox.counts().refunded == {"eur": 9000}
    assert in_order(desk)


# cancelled, or left alone


def test_a_cancelled_asking_leaves_the_seats_held_for_another_way(desk: Desk) -> None:
    sale = asked(desk)
    ended = cancel(desk, sale)
    assert ended.state is OutcomeState.DECLINED
    assert code_of(ended) == "READER_CANCELLED"
    assert ended.hold_expires_at == sale.hold_expires_at
    with pytest.raises(ReaderRefused):
        present(desk, sale)
    assert desk.services.sales.pay(desk.agent, sale.sale_id, CASH, key=uuid4()).state is OutcomeState.PAID
    assert in_order(desk)


def test_who_cancels_after_a_card_was_presented_finds_it_paid(desk: Desk) -> None:
    sale = asked(desk)
    holds_card(desk)
    assert cancel(desk, sale).state is OutcomeState.PAID
    assert charged(desk) == 1
    assert in_order(desk)


def test_a_card_that_is_being_charged_is_not_cancelled(desk: Desk) -> None:
    sale = asked(desk)
    arm(desk, Operation.READER_CANCEL, FaultKind.READER_BUSY)
    with pytest.raises(WrongState, match="being charged"):
        cancel(desk, sale)
    assert now(desk, sale) == sale
    assert present(desk, sale).state is OutcomeState.PAID


def test_a_reader_that_is_off_cannot_be_told_and_the_payment_is_closed_all_the_same(desk: Desk) -> None:
    sale = asked(desk)
    arm(desk, Operation.READER_CANCEL, FaultKind.READER_OFFLINE)
    assert code_of(cancel(desk, sale)) == "READER_CANCELLED"
    holds_card(desk)  # the reader still shows the amount; the payment behind it is closed
    assert charged(desk) == 0


def test_cancelling_one_payment_leaves_another_at_the_same_reader_alone(
    tmp_path: Path, clock: HandClock
) -> None:
    with desk_at(tmp_path / "one", clock) as one:
        with_reader(one)
        sale = asked(one)
        cancel(one, sale)
        other = one.services.sales.pay(one.agent, sale.sale_id, READER, key=uuid4())
        with pytest.raises(WrongState):
            cancel(one, sale)
        assert present(one, other).state is OutcomeState.PAID


def test_a_reader_that_nobody_comes_to_is_told_to_stop(desk: Desk, clock: HandClock) -> None:
    sale = asked(desk)
    clock.forward(LASTS)
    desk.services.payments.recover()
    ended = now(desk, sale)
    assert code_of(ended) == "READER_LAPSED"
    with pytest.raises(ReaderRefused):
        present(desk, sale)
    assert in_order(desk)


def test_reading_a_reader_that_asks_writes_nothing(desk: Desk, clock: HandClock) -> None:
    asked(desk)
    with raw(desk.profile.database) as file:
        before = file.execute("SELECT max(op_no) FROM ops").fetchone()
    for _ in range(5):
        clock.forward(timedelta(seconds=20))
        assert desk.services.readers.poll() == 1
    with raw(desk.profile.database) as file:
        assert file.execute("SELECT max(op_no) FROM ops").fetchone() == before


def test_a_payment_that_somebody_looks_at_is_read_more_often(desk: Desk, clock: HandClock) -> None:
    sale = asked(desk)
    readers = desk.services.readers
    assert [readers.poll(), readers.poll()] == [1, 0]
    readers.watch(payment_of(sale))
    clock.forward(timedelta(seconds=2))
    assert readers.poll() == 1
    readers.unwatch(payment_of(sale))
    clock.forward(timedelta(seconds=19))
    assert readers.poll() == 0


# trouble with the reader


@pytest.mark.parametrize(
    ("kind", "code"),
    [(FaultKind.READER_OFFLINE, "READER_OFFLINE"), (FaultKind.READER_BUSY, "READER_BUSY")],
)
def test_a_reader_that_is_off_or_busy_is_a_refusal_and_can_be_asked_again(
    desk: Desk, kind: FaultKind, code: str
) -> None:
    arm(desk, Operation.READER_PROCESS, kind)
    sale = asked(desk)
    assert sale.state is OutcomeState.DECLINED
    assert code_of(sale) == code
    again = desk.services.sales.pay(desk.agent, sale.sale_id, READER, key=uuid4())
    assert present(desk, again).state is OutcomeState.PAID
    assert in_order(desk)


def test_a_time_out_of_the_reader_is_no_failure(desk: Desk) -> None:
    """What takes it for one would take the money another way as well: the card is charged all the same."""
    arm(desk, Operation.READER_PROCESS, FaultKind.READER_TIMEOUT)
    sale = asked(desk)
    assert sale.state is OutcomeState.WAITING
    with pytest.raises(WrongState, match="still under way"):
        desk.services.sales.pay(desk.agent, sale.sale_id, CASH, key=uuid4())
    holds_card(desk)
    desk.services.readers.poll()
    assert now(desk, sale).state is OutcomeState.PAID
    assert charged(desk) == 1
    assert in_order(desk)


def test_a_reader_that_never_heard_of_it_is_found_out(desk: Desk, clock: HandClock) -> None:
    arm(desk, Operation.READER_PROCESS, FaultKind.REPLY_LOST_BEFORE)
    sale = asked(desk)
    assert sale.state is OutcomeState.WAITING
    desk.services.readers.poll()
    ended = now(desk, sale)
    assert code_of(ended) == "READER_STOPPED"
    assert charged(desk) == 0
    assert in_order(desk)


def test_without_a_connection_the_reader_is_not_asked(desk: Desk) -> None:
    arm(desk, Operation.READER_PROCESS, FaultKind.UNREACHABLE)
    sale = asked(desk)
    assert code_of(sale) == "NO_CONNECTION"
    assert desk.services.sales.pay(desk.agent, sale.sale_id, CASH, key=uuid4()).state is OutcomeState.PAID
    assert in_order(desk)


def test_nothing_is_unknown_while_the_reader_asks_and_cannot_be_read(desk: Desk, clock: HandClock) -> None:
    sale = asked(desk)
    arm(desk, Operation.READER_RETRIEVE, FaultKind.UNREACHABLE, for_long=True)
    desk.services.readers.poll()
    assert now(desk, sale).state is OutcomeState.WAITING
    clock.forward(LASTS)
    desk.services.payments.recover()
    assert now(desk, sale).state is OutcomeState.UNKNOWN
    disarm(desk)
    clock.forward(timedelta(minutes=1))
    desk.services.payments.recover()
    assert code_of(now(desk, sale)) == "READER_LAPSED"
    assert in_order(desk)


# beside other things


def test_a_reader_asks_for_one_card_at_a_time(desk: Desk) -> None:
    asked(desk)
    with pytest.raises(WrongState, match="at another payment"):
        asked(desk)
    assert in_order(desk)


def test_a_change_is_not_paid_at_a_reader(desk: Desk) -> None:
    sale = desk.sold(desk.add_departure(), pay=CASH)
    with pytest.raises(InvalidInput, match="by card or in cash"):
        change(desk, sale.bookings[0].id, joining(TravellerType.ADULT), READER)


def test_only_cards_that_can_be_held_to_a_reader_are_offered(desk: Desk) -> None:
    cards = [each.payment_method for each in desk.services.readers.test_cards(desk.agent)]
    assert VISA in cards
    assert "pm_card_authenticationRequired" not in cards
