"""The port to the payment provider: `Money` in, frozen results out, refusals as named errors.

Its parts lie in `payments.port`, a module a subject; everybody else imports them from here.
"""

from __future__ import annotations

from typing import Protocol

from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.payments.port.balance import (
    Balance,
    BalanceCalls,
    BalanceMove,
    BankPayout,
    BankPayoutState,
    MoveKind,
    Page,
)
from travellr_desktop.payments.port.charges import (
    ChargeCalls,
    PaymentRequest,
    PaymentStatus,
    PreparedPayment,
    ProviderPaymentState,
    TestCard,
)
from travellr_desktop.payments.port.customers import Customer, CustomerCalls, CustomerRequest, SavedCard
from travellr_desktop.payments.port.disputes import DisputeCalls, DisputeStatus, ProviderDisputeState
from travellr_desktop.payments.port.events import EventCalls, EventSubject, ProviderEvent, turn_from
from travellr_desktop.payments.port.keys import (
    KeyCalls,
    KeyFitness,
    KeyProbe,
    KeyTooStrong,
    Power,
    fitness,
    refuse_unfit,
)
from travellr_desktop.payments.port.links import LinkCalls, LinkRequest, LinkState, PaymentLink
from travellr_desktop.payments.port.readers import Reader, ReaderAction, ReaderActionState, ReaderCalls
from travellr_desktop.payments.port.refunds import (
    ProviderRefundState,
    RefundCalls,
    RefundRequest,
    RefundStatus,
)
from travellr_desktop.payments.port.refusals import (
    AccountNotReady,
    AmountNotPossible,
    AuthenticationRequired,
    BalanceTooLow,
    CardDeclined,
    CardNotKept,
    ExpiredCard,
    GatewayBusy,
    GatewayRefused,
    GatewayUnreachable,
    InsufficientFunds,
    KeyAwaited,
    KeyNotAllowed,
    KeyRefused,
    LinkRefused,
    OnlyInTests,
    OutcomeUnknown,
    PaymentCancelled,
    PaymentDisputed,
    PaymentRefused,
    ReaderBusy,
    ReaderOffline,
    ReaderRefused,
    RefundBeyondPaid,
    RefundRefused,
    ReversalBeyondTransfer,
    TransferRefused,
)
from travellr_desktop.payments.port.vendors import (
    AccountStatus,
    ReversalRequest,
    ReversalStatus,
    TransferRequest,
    TransferStatus,
    VendorCalls,
)

__all__ = [
    "AccountNotReady",
    "AccountStatus",
    "AmountNotPossible",
    "AuthenticationRequired",
    "Balance",
    "BalanceMove",
    "BalanceTooLow",
    "BankPayout",
    "BankPayoutState",
    "CardDeclined",
    "CardNotKept",
    "Customer",
    "CustomerRequest",
    "DisputeStatus",
    "EventSubject",
    "ExpiredCard",
    "GatewayBusy",
    "GatewayRefused",
    "GatewayUnreachable",
    "InsufficientFunds",
    "KeyAwaited",
    "KeyFitness",
    "KeyNotAllowed",
    "KeyProbe",
    "KeyRefused",
    "KeyTooStrong",
    "LinkRefused",
    "LinkRequest",
    "LinkState",
    "MoveKind",
    "OnlyInTests",
    "OutcomeUnknown",
    "Page",
    "PaymentCancelled",
    "PaymentDisputed",
    "PaymentGateway",
    "PaymentLink",
    "PaymentRefused",
    "PaymentRequest",
    "PaymentStatus",
    "Power",
    "PreparedPayment",
    "ProviderDisputeState",
    "ProviderEvent",
    "ProviderPaymentState",
    "ProviderRefundState",
    "Reader",
    "ReaderAction",
    "ReaderActionState",
    "ReaderBusy",
    "ReaderOffline",
    "ReaderRefused",
    "RefundBeyondPaid",
    "RefundRefused",
    "RefundRequest",
    "RefundStatus",
    "ReversalBeyondTransfer",
    "ReversalRequest",
    "ReversalStatus",
    "SavedCard",
    "TestCard",
    "TransferRefused",
    "TransferRequest",
    "TransferStatus",
    "fitness",
    "refuse_unfit",
    "turn_from",
]


class PaymentGateway(
    ChargeCalls,
    RefundCalls,
    LinkCalls,
    ReaderCalls,
    CustomerCalls,
    VendorCalls,
    BalanceCalls,
    DisputeCalls,
    EventCalls,
    KeyCalls,
    Protocol,
):
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

    @property
    def begins_payments(self) -> bool:
        """Whether a payment can be begun: not where the key that it needs is missing."""
        ...

    def test_cards(self) -> tuple[TestCard, ...]:
        """The cards that may be picked by name; empty in a live profile."""
        ...

    def close(self) -> None:
        """Let go of connections and files. No call after it."""
        ...
