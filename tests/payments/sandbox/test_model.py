"""Whatever is done in whatever order: nothing is charged twice, nothing goes back beyond what was paid, and the balance
is the sum of what moved. A plain reckoning goes along and is compared after every step."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import stripe
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from helpers.clock import HandClock
from helpers.provider import SLOW_REFUNDS
from helpers.stripe_side import ASKS, NO_FUNDS, VISA, link, reader, to_be_held
from travellr_desktop.errors import WrongState
from travellr_desktop.payments.factory import SANDBOX_KEY
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.transport import Transport
from travellr_desktop.payments.stripe_gateway_http import SandboxClient

AMOUNTS = st.integers(min_value=1, max_value=50_000)
PARTS = st.sampled_from([0.1, 0.5, 1, 1, 1.01])
"""How much of what is left is asked for."""
CARDS = st.sampled_from([VISA, NO_FUNDS, SLOW_REFUNDS, ASKS])


def fee_of(amount: int) -> int:
    return min((amount * 150 + 5_000) // 10_000 + 25, amount)


class Provider(RuleBasedStateMachine):
    intents: Bundle[str] = Bundle("intents")
    links: Bundle[str] = Bundle("links")
    payments: Bundle[str] = Bundle("payments")
    refunds: Bundle[str] = Bundle("refunds")
    transfers: Bundle[str] = Bundle("transfers")
    disputes: Bundle[str] = Bundle("disputes")

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        file = Path(self._folder.name) / "sandbox.db"
        self.clock = HandClock()
        self.wire = SandboxClient(Transport(Sandbox(file, clock=self.clock)))
        self.api = stripe.StripeClient(SANDBOX_KEY, http_client=self.wire, max_network_retries=0).v1
        self.outside = SandboxControl(file, clock=self.clock)
        self.vendor = self.outside.open_account("Bokeška Plovidba")
        self.riva = str(reader(self.api).id)
        self.keys = 0
        # the reckoning
        self.paid: dict[str, int] = {}
        self.back: dict[str, int] = {}
        self.given: dict[str, tuple[str, int]] = {}
        self.sent: dict[str, int] = {}
        self.taken_by_banks: dict[str, tuple[str, int]] = {}
        self.blocked: set[str] = set()
        self.balance = 0

    def teardown(self) -> None:
        self.wire.close()
        self.outside.close()
        self._folder.cleanup()

    def _options(self) -> Any:
        self.keys += 1
        return {"idempotency_key": f"k{self.keys}"}

    def _twice(self, call: Callable[[Any], Any], lost: FaultKind | None, operation: Operation) -> Any:
        """The call with a key of its own; its first reply may be lost, then it is sent again."""
        options = self._options()
        if lost is not None:
            self.outside.arm(operation, lost, times=1)
            with pytest.raises(stripe.APIConnectionError):
                call(options)
        first = call(options)
        assert call(options).to_dict() == first.to_dict()
        return first

    def _has_paid(self, intent: str, amount: int) -> None:
        assert intent not in self.paid
        self.paid[intent], self.back[intent] = amount, 0
        self.balance += amount - fee_of(amount)

    # paying

    @rule(target=payments, amount=AMOUNTS, card=st.sampled_from([VISA, SLOW_REFUNDS]))
    def sell(self, amount: int, card: str) -> str:
        intent = self.api.payment_intents.create(
            {"amount": amount, "currency": "eur", "payment_method": card, "confirm": True}, self._options()
        )
        self._has_paid(intent.id, amount)
        return intent.id

    @rule(target=intents, amount=AMOUNTS)
    def prepare(self, amount: int) -> str:
        return self.api.payment_intents.create({"amount": amount, "currency": "eur"}, self._options()).id

    @rule(intent=intents, card=CARDS, lost=st.sampled_from([None, FaultKind.REPLY_LOST_AFTER]))
    def confirm(self, intent: str, card: str, lost: FaultKind | None) -> None:
        was = self.api.payment_intents.retrieve(intent)
        open_to_cards = was.status in ("requires_payment_method", "requires_action")

        def call(options: Any) -> stripe.PaymentIntent:
            return self.api.payment_intents.confirm(
                intent, {"payment_method": card, "error_on_requires_action": True}, options
            )

        if open_to_cards and card in (VISA, SLOW_REFUNDS):
            assert self._twice(call, lost, Operation.INTENT_CONFIRM).status == "succeeded"
            self._has_paid(intent, was.amount)
        else:
            with pytest.raises(stripe.CardError if open_to_cards else stripe.InvalidRequestError):
                call(self._options())

    @rule(intent=intents)
    def cancel(self, intent: str) -> None:
        if intent in self.paid or self.api.payment_intents.retrieve(intent).status == "canceled":
            with pytest.raises(stripe.InvalidRequestError):
                self.api.payment_intents.cancel(intent)
        else:
            assert self.api.payment_intents.cancel(intent).status == "canceled"

    @rule(target=payments, amount=AMOUNTS, card=st.sampled_from([VISA, NO_FUNDS, None]))
    def hold_to_reader(self, amount: int, card: str | None) -> Any:
        intent = to_be_held(self.api, amount).id
        self.api.terminal.readers.process_payment_intent(self.riva, {"payment_intent": intent})
        if card is None:
            self.api.terminal.readers.cancel_action(self.riva)
        elif self.outside.hold_card(self.riva, card):
            assert card == VISA
            self._has_paid(intent, amount)
            return intent
        return multiple()

    @rule(target=links, amount=AMOUNTS)
    def make_link(self, amount: int) -> str:
        return str(link(self.api, amount).id)

    @rule(target=payments, ref=links, card=CARDS)
    def pay_link(self, ref: str, card: str) -> Any:
        session = self.api.checkout.sessions.retrieve(ref)
        if session.status != "open":
            with pytest.raises(WrongState):
                self.outside.pay_link(ref, card)
            return multiple()
        tried = self.outside.pay_link(ref, card)
        assert tried.is_paid is (card != NO_FUNDS)
        if not tried.is_paid:
            return multiple()
        self._has_paid(tried.intent, session.amount_total or 0)
        return tried.intent

    @rule(ref=links)
    def end_link(self, ref: str) -> None:
        if self.api.checkout.sessions.retrieve(ref).status == "open":
            assert self.api.checkout.sessions.expire(ref).status == "expired"
        else:
            with pytest.raises(stripe.InvalidRequestError):
                self.api.checkout.sessions.expire(ref)

    @rule(hours=st.integers(min_value=1, max_value=13))
    def wait(self, hours: int) -> None:
        self.clock.forward(timedelta(hours=hours))

    # giving back

    @rule(
        target=refunds,
        intent=payments,
        part=PARTS,
        lost=st.sampled_from([None, FaultKind.REPLY_LOST_AFTER, FaultKind.REPLY_LOST_BEFORE]),
    )
    def refund(self, intent: str, part: float, lost: FaultKind | None) -> Any:
        left = self.paid[intent] - self.back[intent]
        amount = math.ceil(left * part) or 1

        def call(options: Any) -> stripe.Refund:
            return self.api.refunds.create({"payment_intent": intent, "amount": amount}, options)

        if amount > left or intent in self.blocked:
            with pytest.raises(stripe.InvalidRequestError):
                call(self._options())
            return multiple()
        made = self._twice(call, lost, Operation.REFUND_CREATE)
        self.back[intent] += amount
        self.given[made.id] = (intent, amount)
        self.balance -= amount
        return str(made.id)

    @rule(ref=consumes(refunds))
    def refund_fails_late(self, ref: str) -> None:
        intent, amount = self.given.pop(ref)
        self.outside.settle_refund(ref, failure="declined")
        self.back[intent] -= amount
        self.balance += amount

    # banks

    @rule(target=disputes, intent=payments, inquiry=st.booleans())
    def dispute(self, intent: str, inquiry: bool) -> Any:
        left = self.paid[intent] - self.back[intent]
        known = {of for of, _ in self.taken_by_banks.values()}
        if left < 1 or intent in known:
            with pytest.raises(WrongState):
                self.outside.open_dispute(intent, inquiry=inquiry)
            return multiple()
        ref = self.outside.open_dispute(intent, inquiry=inquiry)
        self.taken_by_banks[ref] = (intent, left)
        if not inquiry:
            self.blocked.add(intent)
            self.balance -= left + 1_500
        return ref

    @rule(ref=consumes(disputes), won=st.booleans())
    def decide(self, ref: str, won: bool) -> None:
        if self.api.disputes.retrieve(ref).status == "warning_closed":
            return
        intent, amount = self.taken_by_banks[ref]
        inquiry = self.api.disputes.retrieve(ref).status.startswith("warning")
        self.outside.close_dispute(ref, won=won)
        if not inquiry and won:
            self.balance += amount
            self.blocked.discard(intent)

    # passing on

    @rule(target=transfers, part=PARTS)
    def transfer(self, part: float) -> Any:
        amount = max(math.ceil(self.balance * part), 1)

        def call(options: Any) -> stripe.Transfer:
            return self.api.transfers.create(
                {"amount": amount, "currency": "eur", "destination": self.vendor}, options
            )

        if amount > self.balance:
            with pytest.raises(stripe.InvalidRequestError, match="insufficient"):
                call(self._options())
            return multiple()
        made = self._twice(call, None, Operation.TRANSFER_CREATE)
        self.sent[made.id] = amount
        self.balance -= amount
        return str(made.id)

    @rule(ref=transfers, part=PARTS)
    def reverse(self, ref: str, part: float) -> None:
        amount = math.ceil(self.sent[ref] * part) or 1
        if amount > self.sent[ref]:
            with pytest.raises(stripe.InvalidRequestError):
                self.api.transfers.reversals.create(ref, {"amount": amount})
            return
        self.api.transfers.reversals.create(ref, {"amount": amount})
        self.sent[ref] -= amount
        self.balance += amount

    @rule(arrives=st.booleans())
    def pay_out(self, arrives: bool) -> None:
        if self.balance < 1:
            with pytest.raises(WrongState):
                self.outside.pay_out("eur")
            return
        ref = self.outside.pay_out("eur")
        self.outside.settle_payout(ref, failure=None if arrives else "account_closed")
        self.balance = 0 if arrives else self.balance

    # what holds after every step

    @invariant()
    def it_adds_up(self) -> None:
        assert self.outside.problems() == ()
        assert self.outside.balances().get("eur", 0) == self.balance
        told = {part.currency: part.amount for part in self.api.balance.retrieve().available}
        assert told.get("eur", 0) == self.balance

    @invariant()
    def nothing_is_paid_twice_or_given_back_beyond_it(self) -> None:
        counts = self.outside.counts()
        assert counts.charges == len(self.paid)
        assert counts.charged.get("eur", 0) == sum(self.paid.values())
        assert counts.refunded.get("eur", 0) == sum(self.back.values())
        assert counts.transferred.get("eur", 0) == sum(self.sent.values())


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Provider,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],  # looking for a shorter example takes minutes
        ),
    )


def test_whatever_is_done_it_adds_up() -> None:
    _run(examples=12, steps=40)


@pytest.mark.soak
def test_whatever_is_done_for_long_it_adds_up() -> None:
    _run(examples=200, steps=120)
