"""A sale that is paid by a payment link: made, waited for, paid, ended; and what the provider's silence does to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from helpers.changing import change, joining
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, VISA, Desk, desk_again, desk_at
from helpers.raw import raw
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import BookingState, HoldState, PaymentState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput, WrongState
from travellr_desktop.payments.gateway import GatewayUnreachable, OutcomeUnknown
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.linking import LASTS
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import PayChoice

LINK = PayChoice(Way.LINK)
CREATE, READ, EXPIRE = Operation.SESSION_CREATE, Operation.SESSION_RETRIEVE, Operation.SESSION_EXPIRE
SLOW, NO_FUNDS = "pm_card_slow", "pm_card_visa_chargeDeclinedInsufficientFunds"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        yield desk


def by_link(desk: Desk, adult: int = 2) -> SaleOutcome:
    return desk.sold(desk.add_departure(capacity=4), pay=LINK, adult=adult)


def ref_of(sale: SaleOutcome) -> str:
    assert sale.link is not None
    return sale.link.ref


def payment_of(sale: SaleOutcome) -> UUID:
    assert sale.payment_id is not None
    return sale.payment_id


def pays(desk: Desk, sale: SaleOutcome, card: str = VISA) -> None:
    """The traveller does, on their telephone."""
    with desk.sandbox() as sandbox:
        sandbox.pay_link(ref_of(sale), card)


def now(desk: Desk, sale: SaleOutcome) -> SaleOutcome:
    return desk.services.sales.outcome(desk.agent, sale.sale_id)


def arm(desk: Desk, operation: Operation, kind: FaultKind) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(operation, kind)


def charged(desk: Desk) -> int:
    with desk.sandbox() as sandbox:
        return sandbox.counts().charges


def open_at_the_provider(desk: Desk) -> int:
    with desk.sandbox() as sandbox:
        sandbox.shift_clock(timedelta())  # what is due by now has happened
        return sandbox.counts().links.get("open", 0)


def in_order(desk: Desk) -> bool:
    return desk.services.check.run().problems == ()


# made and paid


def test_the_sale_waits_with_the_address_of_its_link(desk: Desk, clock: HandClock) -> None:
    sale = by_link(desk)
    assert sale.state is OutcomeState.WAITING
    assert sale.link is not None
    assert sale.link.url.startswith("http")
    assert not sale.link.used
    assert sale.link.expires_at == clock.now() + LASTS
    assert [booking.state for booking in sale.bookings] == [BookingState.PENDING]
    assert in_order(desk)


def test_the_seats_are_held_for_as_long_as_the_link_is_open(desk: Desk, clock: HandClock) -> None:
    sale = by_link(desk)
    assert sale.link is not None
    assert sale.hold_expires_at == sale.link.expires_at
    clock.forward(timedelta(minutes=34))
    desk.services.upkeep.expire_holds()
    assert now(desk, sale).state is OutcomeState.WAITING


def test_it_is_paid_once_the_traveller_has_paid(desk: Desk) -> None:
    sale = by_link(desk)
    desk.services.links.poll()
    assert now(desk, sale).state is OutcomeState.WAITING
    pays(desk, sale)
    desk.services.payments.read_now(desk.agent, payment_of(sale))
    paid = now(desk, sale)
    assert paid.state is OutcomeState.PAID
    assert paid.paid == paid.total
    assert paid.payment_label == "Visa ending 4242"
    assert paid.link is None
    assert [booking.state for booking in paid.bookings] == [BookingState.CONFIRMED]
    assert in_order(desk)


def test_a_card_that_is_declined_leaves_the_link_open_for_another(desk: Desk) -> None:
    sale = by_link(desk)
    pays(desk, sale, NO_FUNDS)
    desk.services.payments.read_now(desk.agent, payment_of(sale))
    assert now(desk, sale) == sale
    pays(desk, sale)
    desk.services.payments.read_now(desk.agent, payment_of(sale))
    assert now(desk, sale).state is OutcomeState.PAID


def test_it_is_not_paid_while_the_bank_has_not_decided(desk: Desk, clock: HandClock) -> None:
    sale = by_link(desk)
    pays(desk, sale, SLOW)
    desk.services.payments.read_now(desk.agent, payment_of(sale))
    used = now(desk, sale)
    assert used.state is OutcomeState.WAITING
    assert used.link is not None
    assert used.link.used
    with desk.sandbox() as sandbox:
        intent = sandbox_intent(desk, sale)
        sandbox.settle_payment(intent)
    clock.forward(timedelta(seconds=30))
    desk.services.links.poll()
    assert now(desk, sale).state is OutcomeState.PAID
    assert in_order(desk)


def sandbox_intent(desk: Desk, sale: SaleOutcome) -> str:
    ref = desk.program.gateway.get_link(ref_of(sale)).payment_ref
    assert ref is not None
    return ref


def test_the_bank_may_say_no_later_and_the_link_ends_unpaid(desk: Desk, clock: HandClock) -> None:
    sale = by_link(desk)
    pays(desk, sale, SLOW)
    desk.services.links.poll()
    with desk.sandbox() as sandbox:
        sandbox.settle_payment(sandbox_intent(desk, sale), declined=True)
    clock.forward(timedelta(seconds=20))
    desk.services.links.poll()
    ended = now(desk, sale)
    assert ended.state is OutcomeState.DECLINED
    assert ended.refusal is not None
    assert ended.refusal.code == "LINK_DECLINED"
    assert charged(desk) == 0
    assert in_order(desk)


def test_what_was_paid_by_link_goes_back_to_the_card(desk: Desk) -> None:
    sale = by_link(desk)
    pays(desk, sale)
    desk.services.links.poll()
    desk.cancel(*[booking.id for booking in sale.bookings])
    with desk.sandbox() as sandbox:
        assert sandbox.counts().refunded == {"eur": 9000}
    assert in_order(desk)


# reading


def test_a_link_that_somebody_looks_at_is_read_more_often(desk: Desk, clock: HandClock) -> None:
    sale = by_link(desk)
    links = desk.services.links
    assert [links.poll(), links.poll()] == [1, 0]
    clock.forward(timedelta(seconds=2))
    assert links.poll() == 0
    links.watch(payment_of(sale))
    assert links.poll() == 1
    links.unwatch(payment_of(sale))
    clock.forward(timedelta(seconds=19))
    assert links.poll() == 0
    clock.forward(timedelta(seconds=1))
    assert links.poll() == 1


def test_reading_an_open_link_writes_nothing(desk: Desk, clock: HandClock) -> None:
    by_link(desk)
    with raw(desk.profile.database) as file:
        before = file.execute("SELECT max(op_no) FROM ops").fetchone()
    for _ in range(5):
        clock.forward(timedelta(seconds=20))
        assert desk.services.links.poll() == 1
    with raw(desk.profile.database) as file:
        assert file.execute("SELECT max(op_no) FROM ops").fetchone() == before


def test_nothing_is_unknown_while_an_open_link_cannot_be_read(desk: Desk, clock: HandClock) -> None:
    sale = by_link(desk)
    arm(desk, READ, FaultKind.UNREACHABLE)
    desk.services.links.poll()
    assert now(desk, sale).state is OutcomeState.WAITING
    pays(desk, sale)
    clock.forward(timedelta(minutes=1))
    desk.services.links.poll()
    assert now(desk, sale).state is OutcomeState.PAID


def test_a_link_whose_time_is_over_is_unknown_until_it_can_be_read(desk: Desk, clock: HandClock) -> None:
    sale = by_link(desk)
    pays(desk, sale)
    clock.forward(LASTS)
    with desk.sandbox() as sandbox:
        sandbox.arm(READ, FaultKind.UNREACHABLE, until_disarmed=True)
    desk.services.payments.recover()
    desk.services.upkeep.expire_holds()
    assert now(desk, sale).state is OutcomeState.UNKNOWN
    with desk.sandbox() as sandbox:
        sandbox.disarm()
    clock.forward(timedelta(minutes=1))
    desk.services.payments.recover()
    assert now(desk, sale).state is OutcomeState.PAID
    assert in_order(desk)


def test_what_waits_is_listed_until_it_is_paid(desk: Desk) -> None:
    first, second = by_link(desk), by_link(desk, adult=1)
    waiting = desk.services.links.waiting(desk.agent)
    assert [each.sale_reference for each in waiting] == [first.reference, second.reference]
    assert [each.amount for each in waiting] == [first.total, second.total]
    assert waiting[0].link == first.link
    pays(desk, first)
    desk.services.links.poll()
    assert [each.sale_id for each in desk.services.links.waiting(desk.agent)] == [second.sale_id]


# its end


def test_what_is_not_paid_in_time_gives_its_seats_back(desk: Desk, clock: HandClock) -> None:
    sale = by_link(desk, adult=4)
    clock.forward(LASTS)
    desk.services.payments.recover()
    desk.services.upkeep.expire_holds()
    over = now(desk, sale)
    assert over.state is OutcomeState.LAPSED
    with desk.database.read() as view:
        assert [hold.state for hold in view.holds.find_all()[0]] == [HoldState.EXPIRED]
        assert view.payments.get(payment_of(sale)).decline_code == "LINK_LAPSED"
    assert open_at_the_provider(desk) == 0
    assert in_order(desk)


def test_a_cancelled_link_can_never_be_paid_and_the_seats_stay_held(desk: Desk) -> None:
    sale = by_link(desk)
    ended = desk.services.links.cancel(desk.agent, payment_of(sale))
    assert ended.state is OutcomeState.DECLINED
    assert ended.refusal is not None
    assert ended.refusal.code == "LINK_CANCELLED"
    assert ended.hold_expires_at == sale.hold_expires_at
    with pytest.raises(WrongState):
        pays(desk, sale)
    paid = desk.services.sales.pay(desk.agent, sale.sale_id, CASH, key=uuid4())
    assert paid.state is OutcomeState.PAID
    assert in_order(desk)


def test_another_link_can_follow_a_cancelled_one(desk: Desk, clock: HandClock) -> None:
    sale = by_link(desk)
    desk.services.links.cancel(desk.agent, payment_of(sale))
    clock.forward(timedelta(minutes=10))
    second = desk.services.sales.pay(desk.agent, sale.sale_id, LINK, key=uuid4())
    assert second.link is not None
    assert second.link.ref != ref_of(sale)
    assert second.hold_expires_at == second.link.expires_at == clock.now() + LASTS
    pays(desk, second)
    desk.services.links.poll()
    assert now(desk, sale).state is OutcomeState.PAID
    assert charged(desk) == 1


def test_who_cancels_while_it_is_being_paid_finds_it_paid(desk: Desk) -> None:
    sale = by_link(desk)
    pays(desk, sale)
    assert desk.services.links.cancel(desk.agent, payment_of(sale)).state is OutcomeState.PAID
    assert charged(desk) == 1
    assert in_order(desk)


def test_a_link_that_the_bank_still_decides_on_cannot_be_cancelled(desk: Desk) -> None:
    sale = by_link(desk)
    pays(desk, sale, SLOW)
    with pytest.raises(WrongState, match="paying at this moment"):
        desk.services.links.cancel(desk.agent, payment_of(sale))
    assert now(desk, sale).state is OutcomeState.WAITING


def test_a_cancellation_without_an_answer_is_settled_by_the_next_reading(
    desk: Desk, clock: HandClock
) -> None:
    sale = by_link(desk)
    arm(desk, EXPIRE, FaultKind.REPLY_LOST_AFTER)
    with pytest.raises(OutcomeUnknown):
        desk.services.links.cancel(desk.agent, payment_of(sale))
    assert now(desk, sale).state is OutcomeState.WAITING
    clock.forward(timedelta(seconds=20))
    desk.services.links.poll()
    ended = now(desk, sale)
    assert ended.refusal is not None
    assert ended.refusal.code == "LINK_CANCELLED"
    assert in_order(desk)


def test_a_cancellation_that_was_never_sent_leaves_the_link_open(desk: Desk) -> None:
    sale = by_link(desk)
    arm(desk, EXPIRE, FaultKind.UNREACHABLE)
    with pytest.raises(GatewayUnreachable):
        desk.services.links.cancel(desk.agent, payment_of(sale))
    assert now(desk, sale) == sale
    assert desk.services.links.cancel(desk.agent, payment_of(sale)).link is None


def test_what_is_paid_or_over_is_no_link_to_cancel(desk: Desk) -> None:
    sale = by_link(desk)
    desk.services.links.cancel(desk.agent, payment_of(sale))
    card = desk.sold(desk.add_departure(), pay=CARD)
    for ended in (sale, card):
        with pytest.raises(WrongState, match="no open payment link"):
            desk.services.links.cancel(desk.agent, payment_of(ended))


# making it


def test_a_link_whose_reply_was_lost_is_found_by_its_key(desk: Desk) -> None:
    arm(desk, CREATE, FaultKind.TRUNCATED)
    sale = by_link(desk)
    assert sale.link is not None
    assert open_at_the_provider(desk) == 1


def test_without_a_connection_there_is_no_link_and_cash_can_be_taken(desk: Desk) -> None:
    arm(desk, CREATE, FaultKind.UNREACHABLE)
    sale = by_link(desk)
    assert sale.state is OutcomeState.DECLINED
    assert sale.refusal is not None
    assert sale.refusal.code == "NO_CONNECTION"
    assert desk.services.sales.pay(desk.agent, sale.sale_id, CASH, key=uuid4()).state is OutcomeState.PAID
    assert in_order(desk)


@pytest.mark.parametrize(
    "kind", [FaultKind.REPLY_LOST_AFTER, FaultKind.REPLY_LOST_BEFORE, FaultKind.SERVER_ERROR_AFTER]
)
def test_a_link_that_was_never_learnt_is_ended_and_none_stays_open(
    desk: Desk, clock: HandClock, kind: FaultKind
) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(CREATE, kind, until_disarmed=True)
    sale = by_link(desk)
    assert sale.state is OutcomeState.WAITING
    assert sale.link is None
    with desk.sandbox() as sandbox:
        sandbox.disarm()
    clock.forward(timedelta(seconds=5))
    desk.services.payments.recover()
    if kind is FaultKind.SERVER_ERROR_AFTER:  # kept under the key: it is over when its time is
        assert now(desk, sale).state is OutcomeState.WAITING
        clock.forward(LASTS)
        desk.services.payments.recover()
    ended = now(desk, sale)
    assert ended.state is OutcomeState.DECLINED
    assert ended.refusal is not None
    assert ended.refusal.code == "LINK_NEVER_MADE"
    assert open_at_the_provider(desk) == 0
    assert charged(desk) == 0
    assert in_order(desk)


def test_a_link_that_never_reached_the_provider_is_given_up_after_its_time(
    desk: Desk, clock: HandClock
) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(CREATE, FaultKind.REPLY_LOST_BEFORE, until_disarmed=True)
    sale = by_link(desk)
    with desk.sandbox() as sandbox:
        sandbox.disarm()
    clock.forward(LASTS)
    desk.services.payments.recover()
    with desk.database.read() as view:
        row = view.payments.get(payment_of(sale))
        assert (row.state, row.decline_code) == (PaymentState.ABANDONED, "LINK_NEVER_MADE")
    with desk.sandbox() as sandbox:
        assert sandbox.counts().links == {}


# beside other things


def test_the_same_form_gives_the_same_link(desk: Desk) -> None:
    hold, buyer, key = desk.hold(desk.add_departure()), desk.traveller(), uuid4()
    first = desk.sell(hold, pay=LINK, traveller=buyer, key=key)
    assert desk.sell(hold, pay=LINK, traveller=buyer, key=key) == first
    assert open_at_the_provider(desk) == 1


def test_nothing_else_is_paid_given_up_or_cancelled_while_a_link_is_out(desk: Desk) -> None:
    sale = by_link(desk)
    pays(desk, sale)  # nobody here knows yet
    ids = [booking.id for booking in sale.bookings]
    with pytest.raises(WrongState):
        desk.services.sales.pay(desk.agent, sale.sale_id, CASH, key=uuid4())
    with pytest.raises(WrongState):
        desk.services.sales.release(desk.agent, sale.sale_id)
    with pytest.raises(WrongState):
        desk.cancel(*ids)
    desk.services.links.poll()
    desk.cancel(*ids)
    with desk.sandbox() as sandbox:
        counts = sandbox.counts()
    assert (counts.charges, counts.refunds) == (1, 1)
    assert in_order(desk)


def test_a_link_goes_on_when_the_program_ends(tmp_path: Path, clock: HandClock) -> None:
    with desk_at(tmp_path, clock) as desk:
        sale = by_link(desk)
    with desk_again(tmp_path, clock) as desk:
        pays(desk, sale)
        desk.services.payments.recover(start_up=True)
        assert now(desk, sale).state is OutcomeState.PAID
        assert in_order(desk)


def test_two_programs_that_read_the_same_link_record_it_once(tmp_path: Path, clock: HandClock) -> None:
    with desk_at(tmp_path, clock) as one, desk_again(tmp_path, clock) as two:
        sale = by_link(one)
        pays(one, sale)
        one.services.links.poll()
        two.services.links.poll()
        assert now(two, sale).state is OutcomeState.PAID
        assert in_order(two)


def test_what_leaves_before_the_link_would_end_is_not_sold_by_link(desk: Desk, clock: HandClock) -> None:
    soon = desk.add_departure(cutoff=timedelta(0))
    with desk.database.read() as view:
        starts_at = view.departures.get(soon).starts_at
    clock.at(starts_at - LASTS + timedelta(seconds=1))
    hold = desk.hold(soon)
    with pytest.raises(InvalidInput, match="leaves before"):
        desk.sell(hold, pay=LINK)
    placed = desk.sell(hold, pay=None)
    with pytest.raises(InvalidInput, match="leaves before"):
        desk.services.sales.pay(desk.agent, placed.sale_id, LINK, key=uuid4())
    assert open_at_the_provider(desk) == 0
    assert desk.services.sales.pay(desk.agent, placed.sale_id, CASH, key=uuid4()).state is OutcomeState.PAID


def test_a_free_sale_needs_no_link(desk: Desk) -> None:
    free = desk.add_departure(desk.add_trip("Walk", adult=0))
    assert desk.sold(free, pay=LINK).state is OutcomeState.PAID
    assert open_at_the_provider(desk) == 0


def test_a_change_is_not_paid_by_link(desk: Desk) -> None:
    sale = desk.sold(desk.add_departure(), pay=CASH)
    with pytest.raises(InvalidInput, match="by card or in cash"):
        change(desk, sale.bookings[0].id, joining(TravellerType.ADULT), LINK)


def test_the_traveller_can_be_played_in_the_sandbox(desk: Desk) -> None:
    sale = by_link(desk)
    sandbox = desk.services.sandbox
    assert VISA in {card.payment_method for card in sandbox.link_cards(desk.agent)}
    refused = sandbox.pay_link(desk.agent, ref_of(sale), NO_FUNDS)
    assert (refused.paid, refused.declined) == (False, "insufficient_funds")
    assert sandbox.pay_link(desk.agent, ref_of(sale), VISA).paid
    with pytest.raises(WrongState):
        sandbox.pay_link(desk.agent, ref_of(sale), VISA)
