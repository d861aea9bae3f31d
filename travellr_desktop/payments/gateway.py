"""The port to the payment provider: `Money` in, frozen results out, refusals as named errors.

Three answers are told apart, because what must be done next differs:

* a refusal (`PaymentRefused` and its children): definitely nothing moved;
* a wait (`GatewayBusy`): this call moved nothing, the same call with the same key may be repeated later;
* *unknown* (`OutcomeUnknown`): it may have moved; only reading can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import Refusal


class ProviderPaymentState(StrEnum):
    """How far a payment object is at the provider."""

    WAITING = "waiting"  # made, nothing charged: no card yet, or not confirmed, or declined and open to another card
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"


class ProviderRefundState(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TestCard:
    """One of the sandbox's cards, chosen by name on the desk."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    name: str  # "Visa", "Declined: not enough funds"
    payment_method: str  # "pm_card_visa"
    hint: str  # "ending 4242, always succeeds"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """What is to be charged. `amount` is positive; `payment_id` is our row, written before the call."""

    payment_id: UUID
    amount: Money
    description: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PreparedPayment:
    """The object at the provider that has moved no money yet."""

    ref: str


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """A payment as the provider has it."""

    ref: str
    state: ProviderPaymentState
    amount: Money
    received: Money
    refunded: Money
    card_label: str | None  # "Visa ending 4242"
    decline_code: str | None  # of the last attempt: "INSUFFICIENT_FUNDS", "CARD_DECLINED", "EXPIRED_CARD", …
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money to go back. `refund_id` is our row; it travels in the metadata, so that it can be found again."""

    refund_id: UUID
    payment_ref: str
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundStatus:
    ref: str
    payment_ref: str
    state: ProviderRefundState
    amount: Money
    refund_id: UUID | None  # read back from the metadata
    failure_code: str | None


class PaymentRefused(Refusal):
    """A definite no. Nothing was charged. `decline_code` is the stable word shown after the sentence."""

    decline_code = "PAYMENT_REFUSED"
    hint = "Ask for another card or another way to pay."


class CardDeclined(PaymentRefused):
    decline_code = "CARD_DECLINED"


class InsufficientFunds(PaymentRefused):
    decline_code = "INSUFFICIENT_FUNDS"


class ExpiredCard(PaymentRefused):
    decline_code = "EXPIRED_CARD"


class AuthenticationRequired(PaymentRefused):
    decline_code = "AUTHENTICATION_REQUIRED"
    hint = "This card needs the traveller's own approval. Take another card."


class PaymentCancelled(PaymentRefused):
    """The object was cancelled at the provider; it can never be charged."""

    decline_code = "PAYMENT_CANCELLED"


class RefundRefused(Refusal):
    """A definite no to a refund. Nothing went back."""

    hint = "See what was already given back on this payment."


class RefundBeyondPaid(RefundRefused):
    """More than is left on the payment."""


class GatewayRefused(Refusal):
    """The provider would not take the request at all: a wrong key, a parameter it does not accept."""

    hint = "Check the payment key in Settings."


class AmountNotPossible(GatewayRefused):
    """The provider has no such amount: too small, too large, a step or a currency it does not take."""

    hint = "Change the amount, or take the payment another way."


class GatewayBusy(Refusal):
    """Too many requests, or the key is still in use by an earlier call: try again, with the same key only."""

    hint = "It is tried again by itself."


class GatewayUnreachable(GatewayBusy):
    """There was no connection at all: nothing was sent, nothing moved."""

    hint = "Check the network, then try again."


class OutcomeUnknown(Refusal):
    """The answer never arrived, or could not be read: it may have moved. Only reading can tell."""

    hint = "Do not take the money another way. The program reads the payment again by itself."


class PaymentGateway(Protocol):
    """A provider. Every call may raise `OutcomeUnknown`, `GatewayBusy` or `GatewayRefused`; `key` is the
    idempotency key (same key, same effect, for 24 hours) and was committed before the call."""

    @property
    def kind(self) -> PaymentsKind:
        """Where its payments go."""
        ...

    @property
    def is_sandbox(self) -> bool:
        """Whether the provider is the program's own sandbox."""
        ...

    def test_cards(self) -> tuple[TestCard, ...]:
        """The cards that may be picked by name; empty in a live profile."""
        ...

    def prepare_payment(self, request: PaymentRequest, *, key: str) -> PreparedPayment:
        """Make the object that moves no money yet."""
        ...

    def process_payment(self, ref: str, *, payment_method: str, key: str) -> PaymentStatus:
        """Act on what was prepared. Raises a `PaymentRefused` child on a definite no, `NotFound` if the provider has
        none of that id. What had been paid before is read and returned as SUCCEEDED, never charged again."""
        ...

    def cancel_payment(self, ref: str, *, key: str) -> PaymentStatus:
        """Make sure that it can never be charged any more, then read it: SUCCEEDED means that it was too late."""
        ...

    def get_payment_status(self, ref: str) -> PaymentStatus:
        """Read the object. Raises `NotFound` if the provider has none of that id."""
        ...

    def refund_payment(self, request: RefundRequest, *, key: str) -> RefundStatus:
        """Send money back. Raises `RefundRefused` or a child of it on a definite no."""
        ...

    def get_refund_status(self, ref: str) -> RefundStatus:
        """Read the refund. Raises `NotFound` if the provider has none of that id."""
        ...

    def find_refund(self, payment_ref: str, refund_id: UUID) -> RefundStatus | None:
        """The refund of that payment that carries our id, or None: listed, never searched (search lags)."""
        ...

    def close(self) -> None:
        """Let go of connections and files. No call after it."""
        ...
