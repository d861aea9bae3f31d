"""Disputes: a traveller's bank asks back what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from travellr_desktop.domain.money import Money


class ProviderDisputeState(StrEnum):
    """An inquiry moves no money; the others took it, and `WON` gives it back."""

    INQUIRY = "inquiry"
    INQUIRY_CLOSED = "inquiry_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"

    @property
    def is_open(self) -> bool:
        """Whether the bank has yet to decide."""
        return self in (
            ProviderDisputeState.INQUIRY,
            ProviderDisputeState.NEEDS_RESPONSE,
            ProviderDisputeState.UNDER_REVIEW,
        )


@dataclass(frozen=True, slots=True)
class DisputeStatus:
    """A dispute as the provider has it. `amount` is what the bank asks about, in the currency of the sale.

    `taken` is what is gone from the balance now, less what was given back; `fee` is what the dispute cost. Both are
    in the currency of the balance, and None while no money moved."""

    ref: str
    payment_ref: str
    state: ProviderDisputeState
    amount: Money
    taken: Money | None
    fee: Money | None
    reason: str  # "fraudulent", "product_not_received", …
    respond_by: datetime | None
    created_at: datetime


class DisputeCalls(Protocol):
    """See `payments.gateway.PaymentGateway` for what every call may raise."""

    def disputes(self, *, since: datetime | None = None) -> tuple[DisputeStatus, ...]:
        """All that were opened from `since` on, newest first."""
        ...

    def get_dispute(self, ref: str) -> DisputeStatus:
        """Raises `NotFound`."""
        ...

    def dispute_of(self, payment_ref: str) -> DisputeStatus | None:
        """The newest dispute of a payment, or None."""
        ...
