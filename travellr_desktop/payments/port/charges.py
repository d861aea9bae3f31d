"""Payments: made first, which moves nothing, then charged, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from travellr_desktop.domain.money import Money


class ProviderPaymentState(StrEnum):
    """How far a payment object is at the provider."""

    WAITING = "waiting"  # made, nothing charged: no card yet, or not confirmed, or declined and open to another card
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class TestCard:
    """One of the sandbox's cards, chosen by name on the desk."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    name: str  # "Visa", "Declined: not enough funds"
    payment_method: str  # "pm_card_visa"
    hint: str  # "ending 4242, always succeeds"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """What is to be charged. `amount` is positive; `payment_id` is our row, written before the call. `customer_ref`
    names whose saved card is to be charged, or who the payment is kept with; None is nobody."""

    payment_id: UUID
    amount: Money
    description: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    customer_ref: str | None = None


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


class ChargeCalls(Protocol):
    """See `payments.gateway.PaymentGateway` for what every call may raise."""

    def prepare_payment(self, request: PaymentRequest, *, key: str) -> PreparedPayment:
        """Make the object that moves no money yet, for a card that is given or saved."""
        ...

    def process_payment(self, ref: str, *, payment_method: str, key: str) -> PaymentStatus:
        """Act on what was prepared. Raises a `PaymentRefused` child on a definite no, `NotFound` if the provider has
        none of that id. What had been paid before is read and returned as SUCCEEDED, never charged again."""
        ...

    def charge_saved(self, ref: str, *, card_ref: str, key: str) -> PaymentStatus:
        """The same with a card that is kept for the customer of what was prepared, who is not there to approve.
        Raises `AuthenticationRequired` where the bank wants that: the payment can still be cancelled, and a link sent
        in its place."""
        ...

    def cancel_payment(self, ref: str, *, key: str) -> PaymentStatus:
        """Make sure that it can never be charged any more, then read it: SUCCEEDED means that it was too late. A
        payment of a link is cancelled by `expire_link` instead."""
        ...

    def get_payment_status(self, ref: str) -> PaymentStatus:
        """Read the object. Raises `NotFound` if the provider has none of that id."""
        ...
