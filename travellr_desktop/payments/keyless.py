"""Stands in for Stripe on a profile that has no key for it now, or one that must not be used.

Nothing is charged. What is under way waits, and is not called failed: with a key again it can be read, and sent.
"""

# ruff: noqa: ARG001 - what is called with is what the port says, and is not looked at

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.payments.gateway import GatewayBusy, GatewayRefused, PaymentGateway, TestCard

P = ParamSpec("P")
R = TypeVar("R")

_WORDS = "No payment key is set. Nothing was sent to Stripe."
_HINT = "Enter the Stripe key in Settings."


class KeyMissing(GatewayBusy):
    """There is no key to ask with: with one, the same call can be made again."""

    hint = _HINT


def _waits(call: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[KeylessGateway, P], R]:
    """The same call of the port, which may be made again once there is a key."""

    def wait(gateway: KeylessGateway, /, *args: P.args, **kwargs: P.kwargs) -> R:
        raise KeyMissing(gateway.words, hint=gateway.hint)

    return wait


def _begins_nothing(call: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[KeylessGateway, P], R]:
    """The same call of the port, with which something would begin: that is refused, so that nothing waits for it."""

    def refuse(gateway: KeylessGateway, /, *args: P.args, **kwargs: P.kwargs) -> R:
        raise GatewayRefused(gateway.words, hint=gateway.hint)

    return refuse


class KeylessGateway:
    """A `PaymentGateway` that sends nothing."""

    def __init__(self, kind: PaymentsKind, words: str = _WORDS, hint: str = _HINT) -> None:
        """`words` say why, and that nothing was sent."""
        self._kind = kind
        self.words, self.hint = words, hint

    @property
    def kind(self) -> PaymentsKind:
        return self._kind

    @property
    def is_sandbox(self) -> bool:
        return False

    @property
    def begins_payments(self) -> bool:
        return False

    def test_cards(self) -> tuple[TestCard, ...]:
        return ()

    def close(self) -> None:
        pass

    prepare_payment = _begins_nothing(PaymentGateway.prepare_payment)
    process_payment = _waits(PaymentGateway.process_payment)
    charge_saved = _waits(PaymentGateway.charge_saved)
    cancel_payment = _waits(PaymentGateway.cancel_payment)
    get_payment_status = _waits(PaymentGateway.get_payment_status)

    refund_payment = _waits(PaymentGateway.refund_payment)
    get_refund_status = _waits(PaymentGateway.get_refund_status)
    find_refund = _waits(PaymentGateway.find_refund)

    create_link = _begins_nothing(PaymentGateway.create_link)
    get_link = _waits(PaymentGateway.get_link)
    expire_link = _waits(PaymentGateway.expire_link)

    readers = _waits(PaymentGateway.readers)
    get_reader = _waits(PaymentGateway.get_reader)
    prepare_reader_payment = _begins_nothing(PaymentGateway.prepare_reader_payment)
    process_on_reader = _waits(PaymentGateway.process_on_reader)
    cancel_on_reader = _waits(PaymentGateway.cancel_on_reader)
    add_simulated_reader = _begins_nothing(PaymentGateway.add_simulated_reader)
    present_card = _waits(PaymentGateway.present_card)

    create_customer = _begins_nothing(PaymentGateway.create_customer)
    update_customer = _waits(PaymentGateway.update_customer)
    get_customer = _waits(PaymentGateway.get_customer)
    saved_cards = _waits(PaymentGateway.saved_cards)
    attach_card = _begins_nothing(PaymentGateway.attach_card)
    detach_card = _waits(PaymentGateway.detach_card)

    account = _waits(PaymentGateway.account)
    create_transfer = _waits(PaymentGateway.create_transfer)
    get_transfer = _waits(PaymentGateway.get_transfer)
    find_transfers = _waits(PaymentGateway.find_transfers)
    reverse_transfer = _waits(PaymentGateway.reverse_transfer)
    find_reversals = _waits(PaymentGateway.find_reversals)

    balance = _waits(PaymentGateway.balance)
    balance_transactions = _waits(PaymentGateway.balance_transactions)
    payment_move = _waits(PaymentGateway.payment_move)
    bank_payouts = _waits(PaymentGateway.bank_payouts)
    get_bank_payout = _waits(PaymentGateway.get_bank_payout)

    disputes = _waits(PaymentGateway.disputes)
    get_dispute = _waits(PaymentGateway.get_dispute)
    dispute_of = _waits(PaymentGateway.dispute_of)

    events = _waits(PaymentGateway.events)

    probe_key = _begins_nothing(PaymentGateway.probe_key)
