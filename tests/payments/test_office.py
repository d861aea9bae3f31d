"""The agency's balance at the provider, every movement on it, payouts to its bank, and disputes."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from helpers.canned import canned
from helpers.gateway_hand import AMOUNT, HALF, Hand, new_key
from helpers.provider import SLOW_REFUNDS
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import NotFound
from travellr_desktop.payments.gateway import (
    Balance,
    BalanceMove,
    BankPayoutState,
    MoveKind,
    PaymentDisputed,
    PaymentRequest,
    ProviderDisputeState,
    RefundRequest,
    ReversalRequest,
    TransferRequest,
)
from travellr_desktop.payments.sandbox.settings import FeeRule

FEE = Money(175, "EUR")  # 1.5 % of 100.00, and 0.25
DISPUTE_FEE = Money(1_500, "EUR")


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def all_moves(hand: Hand) -> list[BalanceMove]:
    """Oldest first."""
    found, after = list[BalanceMove](), None
    while True:
        page = hand.gateway.balance_transactions(after=after)
        found += page.items
        if page.next is None:
            return found[::-1]
        after = page.next


def test_the_balance_is_told_per_currency_in_our_units(hand: Hand) -> None:
    hand.control.set_fee_rule(FeeRule(0, 0, 0))
    assert hand.gateway.balance() == Balance((), ())
    for amount in (Money(500, "JPY"), Money(7, "ISK"), AMOUNT):
        ref = hand.prepared_in(amount)
        hand.gateway.process_payment(ref, payment_method="pm_card_visa", key=new_key())
    hand.control.set_settling(2)
    hand.paid()
    balance = hand.gateway.balance()
    assert balance.available == (AMOUNT, Money(7, "ISK"), Money(500, "JPY"))
    assert balance.pending == (AMOUNT, Money(0, "ISK"), Money(0, "JPY"))


def test_every_movement_is_told_with_what_it_belongs_to(hand: Hand) -> None:
    payment_id, refund_id, payout_id, reversal_id = (new_id() for _ in range(4))
    request = PaymentRequest(payment_id, AMOUNT, "Lagoon by kayak")
    payment = hand.gateway.prepare_payment(request, key=new_key()).ref
    hand.gateway.process_payment(payment, payment_method=SLOW_REFUNDS, key=new_key())
    refund = hand.gateway.refund_payment(RefundRequest(refund_id, payment, eur(1_000)), key=new_key())
    hand.control.settle_refund(refund.ref, failure="expired_or_canceled_card")
    account = hand.control.open_account("Perast Boats")
    transfer = hand.gateway.create_transfer(TransferRequest(payout_id, account, HALF, "g"), key=new_key())
    reversal = hand.gateway.reverse_transfer(ReversalRequest(reversal_id, transfer.ref, HALF), key=new_key())
    dispute = hand.control.open_dispute(payment, amount=2_000)
    hand.control.close_dispute(dispute, won=True)
    payout = hand.control.pay_out("eur", 3_000)
    hand.control.settle_payout(payout, failure="account_closed")

    moves = all_moves(hand)
    assert [(m.kind, m.amount, m.fee, m.our_id) for m in moves] == [
        (MoveKind.CHARGE, AMOUNT, FEE, payment_id),
        (MoveKind.REFUND, eur(-1_000), eur(0), refund_id),
        (MoveKind.REFUND_FAILED, eur(1_000), eur(0), refund_id),
        (MoveKind.TRANSFER, eur(-5_000), eur(0), payout_id),
        (MoveKind.TRANSFER_REVERSED, eur(5_000), eur(0), reversal_id),
        (MoveKind.DISPUTE, eur(-2_000), DISPUTE_FEE, None),
        (MoveKind.DISPUTE_REVERSED, eur(2_000), eur(0), None),
        (MoveKind.PAYOUT, eur(-3_000), eur(0), None),
        (MoveKind.PAYOUT_REVERSED, eur(3_000), eur(0), None),
    ]
    assert [m.payment_ref for m in moves] == [payment] * 3 + [None, None] + [payment] * 2 + [None, None]
    assert [m.source_ref for m in moves][1:5] == [refund.ref, refund.ref, transfer.ref, reversal.ref]
    assert moves[0].source_amount == AMOUNT
    assert all(m.net == eur(m.amount.minor - m.fee.minor) and m.is_available for m in moves)
    assert sum(m.net.minor for m in moves) == hand.control.balances()["eur"]


def test_movements_come_in_pages_and_by_time_and_none_is_missed(hand: Hand) -> None:
    begin = datetime.now(UTC).replace(microsecond=0)
    hand.paid()
    for n in range(1, 121):
        request = TransferRequest(new_id(), _vendor(hand), eur(n), "g")
        hand.gateway.create_transfer(request, key=new_key())
    first = hand.gateway.balance_transactions()
    assert len(first.items) == 100 and first.next == first.items[-1].ref
    moves = all_moves(hand)
    assert [m.amount.minor for m in moves[1:]] == [-n for n in range(1, 121)]
    assert hand.gateway.balance_transactions(until=begin).items == ()
    assert hand.gateway.balance_transactions(since=begin + timedelta(days=1)).items == ()
    day = hand.gateway.balance_transactions(since=begin, until=begin + timedelta(days=1))
    assert day == first


def _vendor(hand: Hand) -> str:
    vendor = getattr(hand, "vendor", None) or hand.control.open_account("Perast Boats")
    hand.vendor = vendor  # type: ignore[attr-defined]
    return str(vendor)


def test_the_fee_of_a_payment_is_read_by_the_payment(hand: Hand) -> None:
    payment_id = new_id()
    request = PaymentRequest(payment_id, AMOUNT, "Lagoon by kayak")
    ref = hand.gateway.prepare_payment(request, key=new_key()).ref
    assert hand.gateway.payment_move(ref) is None
    hand.gateway.process_payment(ref, payment_method="pm_card_visa", key=new_key())
    move = hand.gateway.payment_move(ref)
    assert move is not None
    assert (move.kind, move.amount, move.fee, move.net) == (MoveKind.CHARGE, AMOUNT, FEE, eur(9_825))
    assert (move.payment_ref, move.our_id, move.source_amount) == (ref, payment_id, AMOUNT)
    with pytest.raises(NotFound):
        hand.gateway.payment_move("pi_none")


def test_what_settles_in_another_currency_is_told_in_both(hand: Hand) -> None:
    hand.control.set_exchange("USD", "EUR", Decimal("0.9"))
    hand.control.set_fee_rule(FeeRule(0, 0, 1_500))
    payment = hand.prepared_in(Money(12_000, "USD"))
    hand.gateway.process_payment(payment, payment_method="pm_card_visa", key=new_key())
    hand.control.set_exchange("USD", "EUR", Decimal("0.8"))
    hand.gateway.refund_payment(RefundRequest(new_id(), payment, Money(2_000, "USD")), key=new_key())
    dispute = hand.control.open_dispute(payment, amount=1_000)
    assert [(m.amount, m.source_amount) for m in all_moves(hand)] == [
        (eur(10_800), Money(12_000, "USD")),
        (eur(-1_600), Money(2_000, "USD")),
        (eur(-800), Money(1_000, "USD")),
    ]
    asked = hand.gateway.get_dispute(dispute)
    assert (asked.amount, asked.taken, asked.fee) == (Money(1_000, "USD"), eur(800), DISPUTE_FEE)
    assert hand.gateway.balance().available == (eur(10_800 - 1_600 - 800 - 1_500),)


def test_money_that_settles_later_says_when(hand: Hand) -> None:
    hand.control.set_settling(3)
    hand.paid()
    (move,) = all_moves(hand)
    assert not move.is_available
    assert move.available_at - move.created_at == timedelta(days=3)
    hand.control.shift_clock(timedelta(days=3, minutes=1))
    assert all_moves(hand)[0].is_available


def test_a_payout_to_the_bank_is_followed_and_names_its_movements(hand: Hand) -> None:
    hand.paid()
    ref = hand.control.pay_out("eur")
    hand.paid()  # which the next payout will be made of
    sent = hand.gateway.get_bank_payout(ref)
    assert (sent.state, sent.amount, sent.is_automatic) == (BankPayoutState.ON_THE_WAY, eur(9_825), True)
    assert sent.arrives_on > sent.created_at.date()
    of_it = hand.gateway.balance_transactions(payout_ref=ref).items
    assert [m.kind for m in of_it] == [MoveKind.PAYOUT, MoveKind.CHARGE]
    assert sum(m.net.minor for m in of_it) == 0
    hand.control.settle_payout(ref)
    assert hand.gateway.get_bank_payout(ref).state is BankPayoutState.ARRIVED
    hand.control.settle_payout(ref, failure="account_closed")
    back = hand.gateway.get_bank_payout(ref)
    assert (back.state, back.failure_code) == (BankPayoutState.FAILED, "account_closed")
    page = hand.gateway.bank_payouts(since=sent.created_at)
    assert (page.items, page.next) == ((back,), None)
    assert hand.gateway.bank_payouts(since=sent.created_at + timedelta(days=1)).items == ()
    with pytest.raises(NotFound):
        hand.gateway.get_bank_payout("po_none")


def test_payouts_come_in_pages(hand: Hand) -> None:
    hand.paid()
    made = [hand.control.pay_out("eur", 1) for _ in range(101)]
    first = hand.gateway.bank_payouts()
    rest = hand.gateway.bank_payouts(after=first.next)
    assert [p.ref for p in (*first.items, *rest.items)] == made[::-1]
    assert (len(first.items), rest.next) == (100, None)


# disputes


def test_an_inquiry_moves_nothing_until_it_becomes_a_dispute(hand: Hand) -> None:
    payment = hand.paid()
    ref = hand.control.open_dispute(payment, inquiry=True, reason="product_not_received")
    asked = hand.gateway.get_dispute(ref)
    assert (asked.state, asked.payment_ref) == (ProviderDisputeState.INQUIRY, payment)
    assert (asked.amount, asked.taken, asked.fee) == (AMOUNT, None, None)
    assert asked.reason == "product_not_received" and asked.state.is_open
    assert asked.respond_by is not None and asked.respond_by > asked.created_at
    hand.control.escalate_dispute(ref)
    taken = hand.gateway.get_dispute(ref)
    assert (taken.state, taken.taken, taken.fee) == (
        ProviderDisputeState.NEEDS_RESPONSE,
        AMOUNT,
        DISPUTE_FEE,
    )


@pytest.mark.parametrize(
    ("won", "state", "taken"),
    [(True, ProviderDisputeState.WON, eur(0)), (False, ProviderDisputeState.LOST, AMOUNT)],
)
def test_a_dispute_is_won_or_lost_and_its_fee_stays(
    hand: Hand, won: bool, state: ProviderDisputeState, taken: Money
) -> None:
    ref = hand.control.open_dispute(hand.paid())
    hand.control.answer_dispute(ref)
    assert hand.gateway.get_dispute(ref).state is ProviderDisputeState.UNDER_REVIEW
    hand.control.close_dispute(ref, won=won)
    closed = hand.gateway.get_dispute(ref)
    assert (closed.state, closed.taken, closed.fee) == (state, taken, DISPUTE_FEE)
    assert not closed.state.is_open


def test_a_disputed_payment_is_not_refunded_as_well(hand: Hand) -> None:
    payment = hand.paid()
    assert hand.gateway.dispute_of(payment) is None
    ref = hand.control.open_dispute(payment)
    found = hand.gateway.dispute_of(payment)
    assert found is not None and found.ref == ref
    with pytest.raises(PaymentDisputed):
        hand.gateway.refund_payment(RefundRequest(new_id(), payment, HALF), key=new_key())
    assert hand.control.counts().refunds == 0


def test_an_inquiry_is_closed_by_a_full_refund(hand: Hand) -> None:
    payment = hand.paid()
    ref = hand.control.open_dispute(payment, inquiry=True)
    hand.refunded(payment)
    assert hand.gateway.get_dispute(ref).state is ProviderDisputeState.INQUIRY_CLOSED


def test_disputes_are_listed_by_when_they_were_opened(hand: Hand) -> None:
    first, second = (hand.control.open_dispute(hand.paid()) for _ in range(2))
    listed = hand.gateway.disputes()
    assert [each.ref for each in listed] == [second, first]
    assert hand.gateway.disputes(since=listed[0].created_at) == listed
    assert hand.gateway.disputes(since=listed[0].created_at + timedelta(days=1)) == ()
    with pytest.raises(NotFound):
        hand.gateway.get_dispute("du_none")


# what the sandbox does not have

MOVE = {
    "id": "txn_1",
    "object": "balance_transaction",
    "amount": 11_000,
    "available_on": 1_700_000_000,
    "created": 1_700_000_000,
    "currency": "eur",
    "fee": 0,
    "net": 11_000,
    "reporting_category": "charge",
    "source": None,
    "status": "available",
}
DISPUTE = {
    "id": "du_1",
    "object": "dispute",
    "amount": 100,
    "balance_transactions": [],
    "created": 1_700_000_000,
    "currency": "eur",
    "evidence_details": {"due_by": 0},
    "payment_intent": None,
    "reason": "general",
    "status": "lost",
}


@pytest.mark.parametrize(
    ("category", "kind"),
    [("fee", MoveKind.FEE), ("reserve_hold", MoveKind.OTHER), ("made_up_later", MoveKind.OTHER)],
)
def test_movements_of_other_kinds_are_told_as_such(category: str, kind: MoveKind) -> None:
    body = {"object": "list", "data": [MOVE | {"reporting_category": category}], "has_more": False}
    with closing(canned(200, body)) as gateway:
        (move,) = gateway.balance_transactions().items
    assert (move.kind, move.source_ref, move.source_amount, move.our_id) == (kind, None, None, None)


def test_a_sale_in_another_currency_is_told_in_both() -> None:
    charge = {"id": "ch_1", "object": "charge", "amount": 12_000, "currency": "usd", "metadata": {}}
    body = {"object": "list", "data": [MOVE | {"source": charge}], "has_more": False}
    with closing(canned(200, body)) as gateway:
        (move,) = gateway.balance_transactions().items
    assert (move.amount, move.source_amount) == (eur(11_000), Money(12_000, "USD"))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("prevented", ProviderDisputeState.INQUIRY_CLOSED),
        ("appeal_needs_response", ProviderDisputeState.NEEDS_RESPONSE),
        ("appeal_under_review", ProviderDisputeState.UNDER_REVIEW),
        ("warning_under_review", ProviderDisputeState.INQUIRY),
    ],
)
def test_disputes_in_all_of_stripes_states_are_read(status: str, state: ProviderDisputeState) -> None:
    with closing(canned(200, DISPUTE | {"status": status})) as gateway:
        dispute = gateway.get_dispute("du_1")
    assert (dispute.state, dispute.respond_by, dispute.payment_ref) == (state, None, "")
