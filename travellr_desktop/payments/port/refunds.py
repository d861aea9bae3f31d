"""Refunds: money that goes back to the card it came from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from travellr_desktop.domain.money import Money


class ProviderRefundState(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


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


class RefundCalls(Protocol):
    """See `payments.gateway.PaymentGateway` for what every call may raise."""

    def refund_payment(self, request: RefundRequest, *, key: str) -> RefundStatus:
        """Send money back. Raises `RefundRefused` or a child of it on a definite no."""
        ...

    def get_refund_status(self, ref: str) -> RefundStatus:
        """Read the refund. Raises `NotFound` if the provider has none of that id."""
        ...

    def find_refund(self, payment_ref: str, refund_id: UUID) -> RefundStatus | None:
        """The refund of that payment that carries our id, or None: listed, never searched (search lags)."""
        ...
