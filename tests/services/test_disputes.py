"""A traveller's bank asks a payment back: heard of, written into the books, decided; and what may not be done
meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from helpers.changing import joining, leaving
from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from helpers.disputed import Sold, answered, apart, at, closed, escalated, known, opened, sold
from helpers.refunding import proved, refunded
from travellr_desktop.domain.ledger import Account, Bearer
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import BookingState, DisputeState, RefundState
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import DisputeOpen, NotFound, NotPermitted, WrongState
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.disputed import held_of_vendor
from travellr_desktop.services.disputes import page_of
from travellr_desktop.services.outcomes import OutcomeState
from travellr_desktop.services.refund_asks import RefundAsk, RefundPreview
from travellr_desktop.storage.models import LedgerRow

FEE = 1500

ACCOUNTS = (
    Account.DISPUTED_FUNDS,
    Account.PROCESSOR_FEES,
    Account.TRAVELLER_FUNDS,
    Account.REFUNDS_PAYABLE,
    Account.TRAVELLER_RECEIVABLE,
    Account.VENDOR_PAYABLE,
    Account.COMMISSION,
    Account.CANCELLATION_REVENUE,
)


def poll(desk: Desk) -> None:
    desk.services.listening.poll()


def books(desk: Desk) -> dict[Account, int]:
    """What grows by debits above zero, what grows by credits below it; nothing is left out."""
    return {account: balance for account in ACCOUNTS if (balance := at(desk, account))}


def test_an_inquiry_is_known_and_moves_no_money(desk: Desk) -> None:
    sale = sold(desk)
    ref = opened(desk, sale, inquiry=True)
    poll(desk)
    row = known(desk, ref)
    assert (row.state, row.amount, row.fee, row.taken_at) == (DisputeState.INQUIRY, 9000, 0, None)
    assert [part.amount for part in row.parts] == [9000]
    assert books(desk) == {Account.TRAVELLER_FUNDS: -9000}


def test_a_dispute_takes_the_money_and_its_fee(desk: Desk) -> None:
    sale = sold(desk)
    before = apart(desk)
    ref = opened(desk, sale)
    poll(desk)
    assert known(desk, ref).state is DisputeState.OPEN
    assert books(desk) == {
        Account.DISPUTED_FUNDS: 9000,
        Account.PROCESSOR_FEES: FEE,
        Account.TRAVELLER_FUNDS: -9000,
    }
    assert apart(desk) == before


def test_a_dispute_that_is_won_brings_the_money_back_and_not_the_fee(desk: Desk) -> None:
    sale = sold(desk)
    before = apart(desk)
    ref = opened(desk, sale)
    poll(desk)
    answered(desk, ref)
    closed(desk, ref, won=True)
    poll(desk)
    assert known(desk, ref).state is DisputeState.WON
    assert books(desk) == {Account.PROCESSOR_FEES: FEE, Account.TRAVELLER_FUNDS: -9000}
    assert apart(desk) == before


def test_a_dispute_that_is_lost_before_the_trip_leaves_the_price_unpaid(desk: Desk) -> None:
    sale = sold(desk)
    before = apart(desk)
    ref = opened(desk, sale, amount=6000)
    poll(desk)
    closed(desk, ref, won=False)
    poll(desk)
    assert known(desk, ref).state is DisputeState.LOST
    assert books(desk) == {Account.PROCESSOR_FEES: FEE, Account.TRAVELLER_FUNDS: -3000}
    assert apart(desk) == before


def test_what_was_lost_is_owed_when_the_trip_was_taken_all_the_same(desk: Desk, clock: HandClock) -> None:
    sale = sold(desk)
    ref = opened(desk, sale)
    closed(desk, ref, won=False)
    poll(desk)
    clock.forward(timedelta(days=30))
    _been(desk, sale)
    assert at(desk, Account.TRAVELLER_RECEIVABLE) == 9000
    assert at(desk, Account.VENDOR_PAYABLE) + at(desk, Account.COMMISSION) == -9000


def test_what_is_lost_after_the_trip_is_borne_by_vendor_and_agency(desk: Desk, clock: HandClock) -> None:
    sale = sold(desk)
    clock.forward(timedelta(days=30))
    _been(desk, sale)
    ref = opened(desk, sale)
    closed(desk, ref, won=False)
    poll(desk)
    assert books(desk) == {Account.PROCESSOR_FEES: FEE}


def test_a_dispute_is_spread_over_the_bookings_of_its_payment(desk: Desk) -> None:
    second = desk.add_departure(desk.add_trip("Old town by night", adult=2250))
    sale = sold(desk, desk.add_departure(), second)
    ref = opened(desk, sale, amount=900)
    poll(desk)
    parts = sorted(part.amount for part in known(desk, ref).parts)
    assert parts == [300, 600]
    assert at(desk, Account.DISPUTED_FUNDS) == 900


STEPS: dict[str, tuple[Callable[[Desk, str], object], ...]] = {
    "won": (answered, lambda desk, ref: closed(desk, ref, won=True)),
    "lost": (lambda desk, ref: closed(desk, ref, won=False),),
    "open": (answered,),
}


@pytest.mark.parametrize("end", STEPS)
@pytest.mark.parametrize("inquiry", [True, False], ids=["inquiry", "dispute"])
def test_it_ends_the_same_whether_it_was_heard_step_by_step_or_once(
    desk: Desk, end: str, inquiry: bool
) -> None:
    each, once = sold(desk), sold(desk)
    refs = [opened(desk, sale, inquiry=inquiry) for sale in (each, once)]
    for number, (sale, ref) in enumerate(zip((each, once), refs, strict=True)):
        steps = (escalated, *STEPS[end]) if inquiry else STEPS[end]
        for step in steps:
            if number == 0:
                desk.services.listening.poll()
            step(desk, ref)
        assert sale.ref
    poll(desk)
    first, second = (known(desk, ref) for ref in refs)
    assert first.state is second.state
    assert (first.amount, first.fee) == (second.amount, second.fee)
    entries = [
        sorted((row.event, row.debit, row.credit, row.amount) for row in _entries(desk, sale.booking_id))
        for sale in (each, once)
    ]
    assert entries[0] == entries[1]


def _been(desk: Desk, sale: Sold) -> None:
    """The trip is over, and is earned."""
    with desk.database.read() as view:
        departure = view.bookings.get(sale.booking_id).departure_id
    desk.services.bookings.complete(desk.agent, departure)


def _entries(desk: Desk, booking_id: UUID) -> Sequence[LedgerRow]:
    with desk.database.read() as view:
        return view.ledger.of_booking(booking_id)


def test_reading_a_dispute_again_writes_nothing(desk: Desk) -> None:
    sale = sold(desk)
    ref = opened(desk, sale)
    poll(desk)
    row = known(desk, ref)
    with desk.database.read() as view:
        entries = view.ledger.count()
    desk.services.disputes.read_now(desk.admin, row.id)
    desk.services.disputes.read_now(desk.admin, row.id)
    assert known(desk, ref).version == row.version
    with desk.database.read() as view:
        assert view.ledger.count() == entries


def test_nothing_is_given_back_while_the_bank_has_the_money(desk: Desk) -> None:
    sale = sold(desk)
    shown = desk.services.cancellations.preview(desk.agent, [sale.booking_id])
    opened(desk, sale)
    poll(desk)
    with pytest.raises(DisputeOpen, match=sale.sale.bookings[0].reference):
        desk.services.cancellations.preview(desk.agent, [sale.booking_id])
    with pytest.raises(DisputeOpen):
        desk.services.cancellations.cancel(desk.agent, [sale.booking_id], "", shown.back, key=uuid4())
    with desk.database.read() as view:
        assert view.refunds.find_by_booking_id(sale.booking_id) == []


def test_what_keeps_everything_is_cancelled_all_the_same(desk: Desk) -> None:
    """Its policy gives nothing back this late: the seats are free again, and the bank goes on."""
    soon = desk.add_departure(desk.add_trip("Tomorrow", policy="tour"), day=_in(desk, 1))
    sale = sold(desk, soon)
    ref = opened(desk, sale)
    poll(desk)
    desk.cancel(sale.booking_id)
    with desk.database.read() as view:
        assert view.bookings.get(sale.booking_id).state is BookingState.CANCELLED
    closed(desk, ref, won=False)
    poll(desk)
    assert books(desk) == {Account.PROCESSOR_FEES: FEE}


def kept(desk: Desk, *sales: Sold, who: tuple[UUID, ...] = ()) -> RefundPreview:
    """Cancel what a bank has the money of, with all of it kept for now."""
    ask = RefundAsk(tuple(sale.booking_id for sale in sales), who, keep_disputed=True)
    shown = desk.services.refunds.preview(desk.agent, ask)
    desk.services.refunds.request(desk.agent, ask, shown.back, key=uuid4())
    return shown


@pytest.mark.parametrize("won", [True, False])
def test_a_booking_is_cancelled_with_all_kept_while_the_bank_has_the_money(desk: Desk, won: bool) -> None:
    """Early enough for all of it: 90.00 are kept for now, 72.00 of them the vendor's. Lost, nobody has anything; won,
    they stay kept, and going back is somebody's goodwill."""
    sale = sold(desk)
    ref = opened(desk, sale)
    poll(desk)
    shown = kept(desk, sale)
    (booking,) = shown.bookings
    assert (shown.back.minor, shown.kept.minor, shown.ways, shown.seats) == (0, 9000, (), 2)
    assert (booking.held, booking.next_change, shown.steps) == (True, None, ())
    with desk.database.read() as view:
        assert view.bookings.get(sale.booking_id).state is BookingState.CANCELLED
        assert view.refunds.find_by_booking_id(sale.booking_id) == []
    proved(desk)
    closed(desk, ref, won=won)
    poll(desk)
    proved(desk)
    if not won:
        assert books(desk) == {Account.PROCESSOR_FEES: FEE}
        return
    refunded(desk, sale.booking_id, back=9000, borne_by=Bearer.AGENCY)
    proved(desk)
    assert (at(desk, Account.GOODWILL), at(desk, Account.VENDOR_PAYABLE)) == (9000, -7200)


def test_some_travellers_leave_with_all_kept_while_the_bank_has_the_money(desk: Desk) -> None:
    sale = sold(desk)
    opened(desk, sale)
    poll(desk)
    with desk.database.read() as view:
        line = view.bookings.get_full(sale.booking_id).lines[0].id
    shown = kept(desk, sale, who=(line,))
    assert (shown.back.minor, shown.kept.minor, shown.bookings[0].whole) == (0, 4500, False)
    with desk.database.read() as view:
        assert view.bookings.get(sale.booking_id).price == 4500
    proved(desk)


def test_what_no_bank_has_goes_by_its_policy_all_the_same(desk: Desk) -> None:
    """Nothing is disputed: keeping what is disputed keeps nothing."""
    sale = sold(desk)
    ask = RefundAsk((sale.booking_id,), keep_disputed=True)
    assert desk.services.refunds.preview(desk.agent, ask).back.minor == 9000


def test_an_inquiry_does_not_keep_anybody_from_giving_back_and_ends_with_it(desk: Desk) -> None:
    sale = sold(desk)
    ref = opened(desk, sale, inquiry=True)
    poll(desk)
    desk.cancel(sale.booking_id)
    poll(desk)
    assert known(desk, ref).state is DisputeState.CLOSED
    assert books(desk) == {}


def test_after_a_lost_dispute_only_what_is_left_is_given_back(desk: Desk) -> None:
    sale = sold(desk)
    ref = opened(desk, sale, amount=9000)
    closed(desk, ref, won=False)
    poll(desk)
    outcome = desk.cancel(sale.booking_id)
    assert outcome.back.minor == 0
    assert outcome.refunds == ()


# a dispute and a refund


def test_a_refund_that_was_on_its_way_first_is_not_lost_again(desk: Desk) -> None:
    """Half was given back before the bank took the rest."""
    sale = sold(desk, desk.add_departure(desk.add_trip("Half", policy="strict"), day=_in(desk, 5)))
    before = apart(desk)
    desk.cancel(sale.booking_id)
    ref = opened(desk, sale)
    closed(desk, ref, won=False)
    poll(desk)
    row = known(desk, ref)
    assert row.amount == 4500
    assert books(desk) == {Account.PROCESSOR_FEES: FEE}  # vendor and agency had kept it, and have lost it
    assert apart(desk) == before


def test_a_refund_that_is_sent_after_the_bank_took_the_money_fails_and_is_owed_until_it_decides(
    desk: Desk,
) -> None:
    """Cancelled, and before the refund has left the bank was faster: one of them gives the money, never both."""
    sale = sold(desk)
    before = apart(desk)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.REFUND_CREATE, FaultKind.UNREACHABLE)
    outcome = desk.cancel(sale.booking_id)
    assert [refund.state for refund in outcome.refunds] == [RefundState.APPROVED]
    ref = opened(desk, sale)
    poll(desk)
    desk.services.payments.recover(start_up=True)
    (refund,) = _refunds(desk, sale.booking_id)
    assert refund is RefundState.FAILED
    assert books(desk)[Account.REFUNDS_PAYABLE] == -9000
    closed(desk, ref, won=False)
    poll(desk)
    assert books(desk) == {Account.PROCESSOR_FEES: FEE}
    assert apart(desk) == before


def test_a_refund_whose_answer_was_lost_is_found_out_before_the_loss_is_written(desk: Desk) -> None:
    sale = sold(desk)
    before = apart(desk)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.REFUND_CREATE, FaultKind.UNREACHABLE)
    desk.cancel(sale.booking_id)
    ref = opened(desk, sale)
    closed(desk, ref, won=False)
    poll(desk)  # hears of it all at once: the refund is sent, refused, and what it owed is what the bank gave
    assert _refunds(desk, sale.booking_id) == [RefundState.FAILED]
    assert known(desk, ref).state is DisputeState.LOST
    assert books(desk) == {Account.PROCESSOR_FEES: FEE}
    assert apart(desk) == before


def _refunds(desk: Desk, booking_id: UUID) -> list[RefundState]:
    with desk.database.read() as view:
        return [refund.state for refund in view.refunds.find_by_booking_id(booking_id)]


def _in(desk: Desk, days: int) -> date:
    return (desk.clock.now() + timedelta(days=days)).date()


# who may know


def test_agents_do_not_read_disputes_and_know_of_them_at_their_bookings(desk: Desk) -> None:
    sale = sold(desk)
    ref = opened(desk, sale)
    poll(desk)
    detail = desk.services.disputes.detail(desk.admin, known(desk, ref).id)
    assert detail.bookings[0].reference == sale.sale.bookings[0].reference
    assert detail.held.minor == 9000
    assert detail.fee.minor == FEE
    with pytest.raises(NotPermitted):
        desk.services.disputes.detail(desk.agent, detail.id)
    with pytest.raises(NotFound):
        desk.services.disputes.detail(desk.admin, uuid4())


def test_what_wants_an_answer_is_counted_and_what_is_overdue(desk: Desk, clock: HandClock) -> None:
    first = opened(desk, sold(desk))
    clock.forward(timedelta(days=1))
    opened(desk, sold(desk), inquiry=True)
    poll(desk)
    count = desk.services.disputes.count(desk.admin)
    assert (count.undecided, count.late) == (2, 0)
    assert count.next_due == known(desk, first).due_by
    clock.forward(timedelta(days=6, hours=1))
    count = desk.services.disputes.count(desk.admin)
    assert (count.undecided, count.late) == (2, 1)


def test_agents_see_at_booking_and_payment_that_they_are_disputed(desk: Desk) -> None:
    sale = sold(desk)
    services = desk.services
    assert services.bookings.detail(desk.agent, sale.booking_id).dispute is None
    opened(desk, sale, amount=4000)
    poll(desk)
    for mark in (
        services.bookings.detail(desk.agent, sale.booking_id).dispute,
        services.payments.detail(desk.agent, sale.payment_id).dispute,
    ):
        assert mark is not None
        assert (mark.state, mark.amount.minor, mark.blocks_refunds) == (DisputeState.OPEN, 4000, True)


def test_a_change_that_gives_nothing_back_is_made_while_a_bank_has_the_money(desk: Desk) -> None:
    sale = sold(desk)
    opened(desk, sale)
    poll(desk)
    preview = desk.services.changes.preview
    with pytest.raises(DisputeOpen):
        preview(desk.agent, sale.booking_id, leaving(desk, sale.booking_id, 1))
    assert preview(desk.agent, sale.booking_id, joining(TravellerType.ADULT)).difference.minor == 4500


def test_what_a_failed_refund_owed_is_not_sent_again_once_the_bank_has_given_it(desk: Desk) -> None:
    sale = sold(desk)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.REFUND_CREATE, FaultKind.UNREACHABLE)
    desk.cancel(sale.booking_id)
    ref = opened(desk, sale)
    desk.services.payments.recover(start_up=True)
    poll(desk)
    with desk.database.read() as view:
        (refund,) = view.refunds.find_by_booking_id(sale.booking_id)
    for way in RefundTo:
        with pytest.raises(DisputeOpen):
            desk.services.refunds.retry(desk.agent, refund.id, way, key=uuid4())
    closed(desk, ref, won=False)
    poll(desk)
    for way in RefundTo:
        with pytest.raises(WrongState, match="given this in a dispute"):
            desk.services.refunds.retry(desk.agent, refund.id, way, key=uuid4())


def test_vendors_wait_for_what_a_bank_has(desk: Desk) -> None:
    sale = sold(desk)
    ref = opened(desk, sale)
    poll(desk)
    with desk.database.read() as view:
        assert held_of_vendor(view, desk.vendor_id) == {sale.booking_id: 9000}
    closed(desk, ref, won=True)
    poll(desk)
    with desk.database.read() as view:
        assert held_of_vendor(view, desk.vendor_id) == {}


def test_the_provider_shows_it_where_the_money_is_not_played_with() -> None:
    assert page_of(PaymentsKind.TEST, "pi_1") == "https://dashboard.stripe.com/test/payments/pi_1"
    assert page_of(PaymentsKind.LIVE, "pi_1") == "https://dashboard.stripe.com/payments/pi_1"
    assert page_of(PaymentsKind.SANDBOX, "pi_1") == ""
    assert page_of(None, None) == ""


def test_what_a_bank_kept_may_be_paid_another_way(desk: Desk) -> None:
    """They travel after all: the books know that it was paid twice and taken once."""
    mine = sold(desk)
    closed(desk, opened(desk, mine), won=False)
    desk.services.listening.poll()
    assert desk.services.bookings.detail(desk.agent, mine.booking_id).due == Money(9000, "EUR")
    after = desk.services.sales.pay(desk.agent, mine.sale.sale_id, CASH, key=uuid4())
    assert after.state is OutcomeState.PAID
    assert desk.services.bookings.detail(desk.agent, mine.booking_id).due == Money(0, "EUR")
    assert desk.services.check.run().problems == ()
