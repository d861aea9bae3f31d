"""Vendors: who can be paid, what was sent, what came back."""

from __future__ import annotations

from contextlib import closing

import pytest

from helpers.canned import canned, stripe_error
from helpers.gateway_hand import AMOUNT, HALF, Hand, new_key
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import NotFound, Refusal
from travellr_desktop.payments.gateway import (
    AccountNotReady,
    AmountNotPossible,
    BalanceTooLow,
    GatewayBusy,
    GatewayRefused,
    KeyNotAllowed,
    OutcomeUnknown,
    ReversalBeyondTransfer,
    ReversalRequest,
    TransferRefused,
    TransferRequest,
)
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def request_to(account: str, amount: Money = HALF, group: str = "payout") -> TransferRequest:
    return TransferRequest(new_id(), account, amount, group)


def test_an_account_says_whether_it_can_be_paid(hand: Hand) -> None:
    ref = hand.control.open_account("Perast Boats", transfers="pending")
    waiting = hand.gateway.account(ref)
    assert (waiting.ref, waiting.name) == (ref, "Perast Boats")
    assert (waiting.transfers_active, waiting.past_due, waiting.is_ready) == (False, (), False)
    hand.control.change_account(ref, transfers="active", past_due=("individual.verification.document",))
    wanted = hand.gateway.account(ref)
    assert (wanted.transfers_active, wanted.is_ready) == (True, False)
    assert wanted.past_due == ("individual.verification.document",)
    hand.control.change_account(ref, past_due=())
    assert hand.gateway.account(ref).is_ready
    with pytest.raises(NotFound):
        hand.gateway.account("acct_none")


def test_a_transfer_carries_our_payout_and_is_read_and_found_by_its_group(hand: Hand) -> None:
    hand.paid()
    account = hand.control.open_account("Perast Boats")
    request = request_to(account, group="payout-7")
    made = hand.gateway.create_transfer(request, key=new_key())
    assert (made.account_ref, made.amount, made.reversed) == (account, HALF, eur(0))
    assert (made.group, made.payout_id) == ("payout-7", request.payout_id)
    assert made.created_at.tzinfo is not None
    assert hand.gateway.get_transfer(made.ref) == made
    assert hand.gateway.find_transfers("payout-7") == (made,)
    assert hand.gateway.find_transfers("payout-8") == ()
    assert hand.control.counts().transferred == {"eur": HALF.minor}


def test_a_lost_transfer_is_found_before_anything_is_sent_again(hand: Hand) -> None:
    hand.paid()
    request, key = request_to(hand.control.open_account("Perast Boats"), group="payout-7"), new_key()
    hand.control.arm(Operation.TRANSFER_CREATE, FaultKind.SERVER_ERROR_AFTER)
    for _ in range(2):  # the provider keeps the error under the key: only the list can tell
        with pytest.raises(OutcomeUnknown):
            hand.gateway.create_transfer(request, key=key)
    (found,) = hand.gateway.find_transfers("payout-7")
    assert found.payout_id == request.payout_id
    assert hand.control.counted("transfer", "payout_id") == {str(request.payout_id): 1}


def test_a_transfer_is_found_beyond_the_first_page(hand: Hand) -> None:
    hand.paid()
    account = hand.control.open_account("Perast Boats")
    first = hand.gateway.create_transfer(request_to(account, eur(1)), key=new_key())
    for _ in range(100):
        hand.gateway.create_transfer(request_to(account, eur(1)), key=new_key())
    found = hand.gateway.find_transfers("payout")
    assert len(found) == 101 and found[-1] == first


def test_an_account_that_is_not_ready_or_not_there_gets_nothing(hand: Hand) -> None:
    hand.paid()
    for account in (hand.control.open_account("Perast Boats", transfers="inactive"), "acct_none"):
        with pytest.raises(AccountNotReady):
            hand.gateway.create_transfer(request_to(account), key=new_key())
    assert hand.control.counts().transferred == {}


def test_no_more_is_sent_than_is_available(hand: Hand) -> None:
    account = hand.control.open_account("Perast Boats")
    hand.paid()
    with pytest.raises(BalanceTooLow):
        hand.gateway.create_transfer(request_to(account, AMOUNT), key=new_key())  # the fee is missing
    hand.control.set_settling(2)
    hand.paid()
    with pytest.raises(BalanceTooLow):
        hand.gateway.create_transfer(request_to(account, AMOUNT), key=new_key())
    with pytest.raises(AmountNotPossible):
        hand.gateway.create_transfer(request_to(account, eur(0)), key=new_key())
    assert hand.control.counts().transferred == {}


def test_a_transfer_is_reversed_in_parts_and_never_beyond(hand: Hand) -> None:
    ref = hand.transferred()
    first = ReversalRequest(new_id(), ref, eur(2_000))
    made = hand.gateway.reverse_transfer(first, key=new_key())
    assert (made.transfer_ref, made.amount, made.reversal_id) == (ref, eur(2_000), first.reversal_id)
    with pytest.raises(ReversalBeyondTransfer):
        hand.gateway.reverse_transfer(ReversalRequest(new_id(), ref, eur(3_001)), key=new_key())
    rest = hand.gateway.reverse_transfer(ReversalRequest(new_id(), ref, eur(3_000)), key=new_key())
    with pytest.raises(TransferRefused):
        hand.gateway.reverse_transfer(ReversalRequest(new_id(), ref, eur(1)), key=new_key())
    assert hand.gateway.get_transfer(ref).reversed == HALF
    assert hand.gateway.find_reversals(ref) == (rest, made)


def test_a_lost_reversal_is_found(hand: Hand) -> None:
    request = ReversalRequest(new_id(), hand.transferred(), eur(500))
    hand.control.arm(Operation.REVERSAL_CREATE, FaultKind.REPLY_LOST_AFTER)
    with pytest.raises(OutcomeUnknown):
        hand.gateway.reverse_transfer(request, key=new_key())
    (found,) = hand.gateway.find_reversals(request.transfer_ref)
    assert (found.reversal_id, found.amount) == (request.reversal_id, eur(500))


def test_transfers_that_are_not_there_are_not_found(hand: Hand) -> None:
    for call in (
        lambda: hand.gateway.get_transfer("tr_none"),
        lambda: hand.gateway.find_reversals("tr_none"),
        lambda: hand.gateway.reverse_transfer(ReversalRequest(new_id(), "tr_none", HALF), key=new_key()),
    ):
        with pytest.raises(NotFound):
            call()


@pytest.mark.parametrize(
    ("amount", "wire"), [(Money(500, "JPY"), 500), (Money(12_340, "KWD"), 12_340), (Money(7, "ISK"), 700)]
)
def test_transfers_are_counted_as_stripe_counts(hand: Hand, amount: Money, wire: int) -> None:
    currency = amount.currency.lower()
    ref = hand.prepared_in(Money(amount.minor * 10, amount.currency))
    hand.gateway.process_payment(ref, payment_method="pm_card_visa", key=new_key())
    account = hand.control.open_account("Perast Boats", currency=amount.currency)
    made = hand.gateway.create_transfer(request_to(account, amount), key=new_key())
    assert made.amount == amount
    assert hand.control.counts().transferred == {currency: wire}


@pytest.mark.parametrize(
    ("status", "body", "heard"),
    [
        (400, stripe_error("balance_insufficient"), BalanceTooLow),
        (400, stripe_error("insufficient_capabilities_for_transfer"), AccountNotReady),
        (400, stripe_error("account_closed"), AccountNotReady),
        (400, stripe_error("resource_missing", param="destination"), AccountNotReady),
        (403, stripe_error("account_invalid"), AccountNotReady),
        (400, stripe_error("amount_too_large", param="amount"), AmountNotPossible),
        (400, stripe_error(param="amount"), AmountNotPossible),
        (400, stripe_error(), TransferRefused),
        (400, stripe_error("parameter_missing", param="currency"), GatewayRefused),
        (403, stripe_error("more_permissions_required"), KeyNotAllowed),
        (429, stripe_error("rate_limit"), GatewayBusy),
        (500, stripe_error(kind="api_error"), OutcomeUnknown),
    ],
)
def test_a_refusal_of_a_transfer_is_told_for_what_it_is(
    status: int, body: object, heard: type[Refusal]
) -> None:
    with closing(canned(status, body)) as gateway, pytest.raises(heard) as caught:
        gateway.create_transfer(request_to("acct_1"), key="k")
    assert type(caught.value) is heard
    assert caught.value.hint


@pytest.mark.parametrize(
    ("status", "body", "heard"),
    [
        (400, stripe_error("balance_insufficient"), BalanceTooLow),
        (400, stripe_error(param="amount"), ReversalBeyondTransfer),
        (400, stripe_error(), TransferRefused),
        (404, stripe_error("resource_missing", param="id"), NotFound),
    ],
)
def test_a_refusal_of_a_reversal_is_told_for_what_it_is(
    status: int, body: object, heard: type[Refusal]
) -> None:
    with closing(canned(status, body)) as gateway, pytest.raises(heard) as caught:
        gateway.reverse_transfer(ReversalRequest(new_id(), "tr_1", HALF), key="k")
    assert type(caught.value) is heard


def test_an_account_of_somebody_else_is_none() -> None:
    with closing(canned(403, stripe_error("account_invalid"))) as gateway, pytest.raises(NotFound):
        gateway.account("acct_1")
    with closing(canned(403, stripe_error())) as gateway, pytest.raises(KeyNotAllowed):
        gateway.account("acct_1")


def test_an_account_that_has_not_begun_is_not_ready() -> None:
    with closing(canned(200, {"id": "acct_1", "object": "account", "capabilities": {}})) as gateway:
        account = gateway.account("acct_1")
    assert (account.name, account.is_ready, account.past_due) == (None, False, ())
