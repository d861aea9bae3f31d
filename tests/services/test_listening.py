"""Hearing the provider's events: each is a reason to read again, none is missed, and none does anything twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from helpers.clock import HandClock
from helpers.desk import VISA, Desk, desk_again, desk_at
from helpers.disputed import apart, at, closed, known, opened, over_http, set_cursor, sold
from helpers.raw import raw
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import DisputeState, PaymentState, RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.payments.gateway import GatewayUnreachable, OutcomeUnknown, PaymentRequest
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.listening import LOOK_AGAIN, Heard
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.storage.commits import Commit, Moment, set_failpoint

LINK = PayChoice(Way.LINK)
SLOW_REFUNDS = PayChoice(Way.CARD, "pm_card_pendingRefund")
EVENTS, DISPUTE, REFUND = Operation.EVENT_LIST, Operation.DISPUTE_RETRIEVE, Operation.REFUND_RETRIEVE


def poll(desk: Desk) -> Heard:
    return desk.services.listening.poll()


def arm(desk: Desk, operation: Operation, kind: FaultKind) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(operation, kind)


def heard(desk: Desk) -> list[tuple[str, bool]]:
    """The events that are remembered, and which of them are done."""
    query = "SELECT ref, done_at IS NOT NULL FROM provider_events ORDER BY created_at, ref"
    with desk.database.read() as view:
        return [(row[0], bool(row[1])) for row in view.connection.exec_driver_sql(query)]


def refund_state(desk: Desk, booking_id: UUID) -> RefundState:
    with desk.database.read() as view:
        (refund,) = view.refunds.find_by_booking_id(booking_id)
        return refund.state


@contextmanager
def dies(commit: Commit, moment: Moment) -> Iterator[None]:
    """The program falls over at a commit, as far as one can in a process that goes on."""

    class Dead(BaseException):
        pass

    def here(name: Commit, at: Moment) -> None:
        if (name, at) == (commit, moment):
            raise Dead

    set_failpoint(here)
    try:
        with pytest.raises(Dead):
            yield
    finally:
        set_failpoint(None)


def test_nothing_is_asked_before_the_first_card_payment(desk: Desk) -> None:
    arm(desk, EVENTS, FaultKind.UNREACHABLE)
    assert poll(desk) == Heard()
    assert heard(desk) == []


def test_the_first_turn_reads_everything_and_the_next_only_hears(desk: Desk) -> None:
    sold(desk)
    assert poll(desk).in_full
    turn = poll(desk)
    assert not turn.in_full
    assert turn.new == 1  # the charge, which was recorded long ago
    assert poll(desk) == Heard()


def test_a_turn_that_hears_nothing_writes_nothing(desk: Desk) -> None:
    sold(desk)
    poll(desk)
    poll(desk)
    with raw(desk.profile.database) as beside:
        before = beside.execute("PRAGMA data_version").fetchone()
        poll(desk)
        assert beside.execute("PRAGMA data_version").fetchone() == before


def test_a_link_that_was_paid_is_found_by_its_event(desk: Desk) -> None:
    sold(desk)
    poll(desk)
    sale = desk.sold(desk.add_departure(), pay=LINK, adult=2)
    assert sale.link is not None
    with desk.sandbox() as sandbox:
        sandbox.pay_link(sale.link.ref, VISA)
    poll(desk)
    assert desk.services.sales.outcome(desk.agent, sale.sale_id).paid == sale.total


def test_a_charge_whose_answer_was_lost_is_found_by_its_event(desk: Desk) -> None:
    sold(desk)
    poll(desk)
    arm(desk, Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    sale = desk.sold(desk.add_departure(), adult=2)
    assert sale.payment_id is not None
    with desk.database.read() as view:
        assert view.payments.get(sale.payment_id).state is PaymentState.UNKNOWN
    poll(desk)
    with desk.database.read() as view:
        assert view.payments.get(sale.payment_id).state is PaymentState.COMPLETED


def test_a_refund_that_comes_back_after_it_had_arrived_is_owed_again(desk: Desk, clock: HandClock) -> None:
    sale = sold(desk, pay=SLOW_REFUNDS)
    poll(desk)
    desk.cancel(sale.booking_id)
    with desk.database.read() as view:
        (refund,) = view.refunds.find_by_booking_id(sale.booking_id)
        ref = refund.provider_ref
    assert ref is not None
    before = apart(desk)
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(ref)
    poll(desk)
    assert refund_state(desk, sale.booking_id) is RefundState.COMPLETED
    clock.forward(timedelta(days=9))
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(ref, failure="lost_or_stolen_card")
    poll(desk)
    assert refund_state(desk, sale.booking_id) is RefundState.FAILED
    assert at(desk, Account.REFUNDS_PAYABLE) == -9000
    assert apart(desk) == before


@pytest.mark.parametrize("kind", [FaultKind.UNREACHABLE, FaultKind.REPLY_LOST_BEFORE, FaultKind.TRUNCATED])
def test_a_turn_without_an_answer_is_taken_again_from_where_it_was(desk: Desk, kind: FaultKind) -> None:
    sale = sold(desk)
    poll(desk)
    ref = opened(desk, sale)
    arm(desk, EVENTS, kind)
    with pytest.raises((GatewayUnreachable, OutcomeUnknown)):
        poll(desk)
    poll(desk)
    assert known(desk, ref).state is DisputeState.OPEN


@pytest.mark.parametrize("kind", [FaultKind.UNREACHABLE, FaultKind.REPLY_LOST_AFTER])
def test_what_cannot_be_read_now_is_read_later_and_keeps_nobody_waiting(
    desk: Desk, clock: HandClock, kind: FaultKind
) -> None:
    first, second = sold(desk), sold(desk)
    poll(desk)
    poll(desk)
    refs = [opened(desk, each) for each in (first, second)]
    arm(desk, DISPUTE, kind)
    turn = poll(desk)
    assert turn.left >= 1
    clock.forward(timedelta(minutes=2))
    assert poll(desk).left == 0
    assert [known(desk, ref).state for ref in refs] == [DisputeState.OPEN, DisputeState.OPEN]


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("commit", [Commit.EVENTS_HEAR, Commit.DISPUTE_RECORD, Commit.EVENTS_DONE])
def test_whoever_dies_in_a_turn_leaves_it_to_be_taken_again(
    desk: Desk, clock: HandClock, commit: Commit, moment: Moment
) -> None:
    sale = sold(desk)
    poll(desk)
    before = apart(desk)
    ref = opened(desk, sale)
    with dies(commit, moment):
        poll(desk)
    clock.forward(timedelta(minutes=2))
    poll(desk)
    assert known(desk, ref).state is DisputeState.OPEN
    assert at(desk, Account.DISPUTED_FUNDS) == 9000
    assert apart(desk) == before
    assert all(done for _, done in heard(desk))


def test_the_naive_way_of_moving_the_cursor_first_loses_what_it_then_dies_over(desk: Desk) -> None:
    """The control of the test before: the cursor goes on, and nothing is written of what there is to read."""
    sale = sold(desk)
    poll(desk)
    ref = opened(desk, sale)
    newest = desk.program.gateway.events()[-1].ref
    set_cursor(desk, newest)  # and here it falls over
    poll(desk)
    with desk.database.read() as view:
        assert view.disputes.find_by_ref(ref) is None
    set_cursor(desk, "evt_unknown")  # so that the books are right at the end
    poll(desk)


def test_events_that_come_again_and_out_of_order_change_nothing(desk: Desk) -> None:
    sale = sold(desk)
    poll(desk)
    ref = opened(desk, sale)
    poll(desk)
    closed(desk, ref, won=True)
    poll(desk)
    with desk.database.read() as view:
        entries = view.ledger.count()
    with desk.database.write(Commit.EVENTS_DONE, SYSTEM) as work:  # as if none had ever been seen
        work.connection.exec_driver_sql("DELETE FROM provider_events")
        work.commit()
    set_cursor(desk, None)
    turn = poll(desk)
    assert turn.new > 4
    with desk.database.read() as view:
        assert view.ledger.count() == entries
    assert known(desk, ref).state is DisputeState.WON


def test_who_is_away_longer_than_events_are_kept_reads_everything(desk: Desk, clock: HandClock) -> None:
    first, second = sold(desk), sold(desk, pay=SLOW_REFUNDS)
    poll(desk)
    desk.cancel(second.booking_id)
    set_cursor(desk, "evt_forgotten")
    ref = opened(desk, first)
    clock.forward(timedelta(days=31))
    with desk.database.read() as view:
        (refund,) = view.refunds.find_by_booking_id(second.booking_id)
    assert refund.provider_ref is not None
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(refund.provider_ref)
    turn = poll(desk)
    assert turn.in_full
    assert known(desk, ref).state is DisputeState.OPEN
    assert refund_state(desk, second.booking_id) is RefundState.COMPLETED
    assert not poll(desk).in_full


def test_a_cursor_that_the_provider_does_not_know_leads_to_reading_everything(desk: Desk) -> None:
    sale = sold(desk)
    poll(desk)
    set_cursor(desk, "evt_of_somebody_else")
    ref = opened(desk, sale)
    assert poll(desk).in_full
    assert known(desk, ref).state is DisputeState.OPEN


def test_a_dispute_whose_event_never_came_is_read_all_the_same(desk: Desk, clock: HandClock) -> None:
    sale = sold(desk)
    poll(desk)
    ref = opened(desk, sale)
    poll(desk)
    closed(desk, ref, won=False)
    with desk.database.write(Commit.EVENTS_HEAR, SYSTEM) as work:  # all of them passed by
        row = work.heard.cursor()
        assert row is not None
        row.after = desk.program.gateway.events()[-1].ref
        work.commit()
    poll(desk)
    assert known(desk, ref).state is DisputeState.OPEN
    clock.forward(LOOK_AGAIN)
    poll(desk)
    assert known(desk, ref).state is DisputeState.LOST


def test_one_of_several_windows_listens_and_another_goes_on_when_it_is_closed(tmp_path: Path) -> None:
    clock = HandClock()
    with desk_at(tmp_path, clock) as first:
        sale = sold(first)
        assert not poll(first).elsewhere
        with desk_again(tmp_path, clock) as second:
            assert poll(second).elsewhere
            ref = opened(first, sale)
            first.program.close()
            assert not poll(second).elsewhere
            assert known(second, ref).state is DisputeState.OPEN


def test_a_window_that_cannot_listen_leaves_it_to_another(tmp_path: Path) -> None:
    clock = HandClock()
    with desk_at(tmp_path, clock) as first:
        sale = sold(first)
        poll(first)
        arm(first, EVENTS, FaultKind.UNREACHABLE)
        with pytest.raises(GatewayUnreachable):
            poll(first)
        with desk_again(tmp_path, clock) as second:
            ref = opened(first, sale)
            assert not poll(second).elsewhere
            assert known(second, ref).state is DisputeState.OPEN
            assert poll(first).elsewhere


def test_a_dispute_of_somebody_elses_payment_is_nothing_to_us(desk: Desk) -> None:
    """The agency's account is charged by others too: its own shop on the web, for one."""
    sold(desk)
    poll(desk)
    gateway = desk.program.gateway
    payment = gateway.prepare_payment(PaymentRequest(new_id(), Money(500, "EUR"), "Mug", {}), key="mug")
    gateway.process_payment(payment.ref, payment_method=VISA, key="pay the mug")
    with desk.sandbox() as sandbox:
        sandbox.open_dispute(payment.ref)
    assert poll(desk).left == 0
    assert desk.services.disputes.count(desk.admin).undecided == 0
    assert at(desk, Account.DISPUTED_FUNDS) == 0


def test_a_dispute_is_heard_before_its_charge_was_recorded(desk: Desk) -> None:
    """The answer to the charge was lost, and the bank is fast."""
    sold(desk)
    poll(desk)
    arm(desk, Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    sale = desk.sold(desk.add_departure(), adult=2)
    assert sale.payment_id is not None
    with desk.database.read() as view:
        payment_ref = view.payments.get(sale.payment_id).provider_ref
    assert payment_ref is not None
    with desk.sandbox() as sandbox:
        ref = sandbox.open_dispute(payment_ref)
    poll(desk)
    assert known(desk, ref).state is DisputeState.OPEN


def test_everything_is_the_same_over_a_socket(desk: Desk) -> None:
    sale = sold(desk)
    before = apart(desk)
    with over_http(desk):
        poll(desk)
        ref = opened(desk, sale)
        poll(desk)
        assert known(desk, ref).state is DisputeState.OPEN
        closed(desk, ref, won=True)
        arm(desk, EVENTS, FaultKind.REPLY_LOST_AFTER)
        with pytest.raises(OutcomeUnknown):
            poll(desk)
        poll(desk)
    assert known(desk, ref).state is DisputeState.WON
    assert apart(desk) == before
