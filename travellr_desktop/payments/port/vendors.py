"""Vendors: their accounts at the provider, what is transferred to them, and what is taken back of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from travellr_desktop.domain.money import Money


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """A vendor's account. `past_due` names what the provider still wants, by its own names of fields."""

    ref: str
    name: str | None
    transfers_active: bool
    past_due: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        """Whether money may be sent there."""
        return self.transfers_active and not self.past_due


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """Money for a vendor. `payout_id` is our row, and travels in the metadata; `group` is what `find_transfers` lists
    by, the same for every attempt at one payout."""

    payout_id: UUID
    account_ref: str
    amount: Money
    group: str


@dataclass(frozen=True, slots=True)
class TransferStatus:
    ref: str
    account_ref: str
    amount: Money
    reversed: Money
    group: str | None
    payout_id: UUID | None  # read back from the metadata
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReversalRequest:
    """Money to come back from a vendor's account. `reversal_id` is our row, and travels in the metadata."""

    reversal_id: UUID
    transfer_ref: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ReversalStatus:
    ref: str
    transfer_ref: str
    amount: Money
    reversal_id: UUID | None  # read back from the metadata


class VendorCalls(Protocol):
    """See `payments.gateway.PaymentGateway` for what every call may raise."""

    def account(self, ref: str) -> AccountStatus:
        """Whether a vendor can be paid. Raises `NotFound`."""
        ...

    def create_transfer(self, request: TransferRequest, *, key: str) -> TransferStatus:
        """Send money. Raises `AccountNotReady`, `BalanceTooLow` or another `TransferRefused` on a definite no.

        Nothing can be prepared here: after `OutcomeUnknown` the same key within 24 hours, later `find_transfers`."""
        ...

    def get_transfer(self, ref: str) -> TransferStatus:
        """Raises `NotFound`."""
        ...

    def find_transfers(self, group: str) -> tuple[TransferStatus, ...]:
        """All transfers of a group, newest first: listed, never searched (search lags)."""
        ...

    def reverse_transfer(self, request: ReversalRequest, *, key: str) -> ReversalStatus:
        """Take money back. Raises `ReversalBeyondTransfer`, `BalanceTooLow` or another `TransferRefused`."""
        ...

    def find_reversals(self, transfer_ref: str) -> tuple[ReversalStatus, ...]:
        """All reversals of a transfer, newest first. Raises `NotFound`."""
        ...
