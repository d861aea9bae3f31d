"""The agency's balance at the provider: what there is, every movement on it, and what goes to the agency's bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from travellr_desktop.domain.money import Money

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list. `next` is handed in as `after` to read on; None where this was the last part."""

    items: tuple[T, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Balance:
    """An amount per currency, in the order of their codes; below zero where more left than came in. `pending` becomes
    available by itself."""

    available: tuple[Money, ...]
    pending: tuple[Money, ...]


class MoveKind(StrEnum):
    CHARGE = "charge"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    DISPUTE_REVERSED = "dispute_reversed"
    TRANSFER = "transfer"
    TRANSFER_REVERSED = "transfer_reversed"
    PAYOUT = "payout"
    PAYOUT_REVERSED = "payout_reversed"
    FEE = "fee"  # a bill of the provider's own
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class BalanceMove:
    """One movement. `amount` is below zero for money that leaves, `fee` is what the provider kept of it, `net` the
    difference, all in the currency of the balance.

    `source_ref` is the object it belongs to, `source_amount` what that is about in the currency of the sale, above zero
    whichever way it went. `payment_ref` is the payment that it goes back to, if any. `our_id` is our row, as the
    object's metadata says: a payment, a refund, a payout or a reversal, by `kind`."""

    ref: str
    kind: MoveKind
    amount: Money
    fee: Money
    net: Money
    source_ref: str | None
    source_amount: Money | None
    payment_ref: str | None
    our_id: UUID | None
    created_at: datetime
    available_at: datetime
    is_available: bool


class BankPayoutState(StrEnum):
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BankPayout:
    """Money that the provider sent to the agency's own bank. `arrives_on` is the day at the provider, in UTC. One that
    `is_automatic` is made of the movements that `balance_transactions(payout_ref=…)` lists."""

    ref: str
    state: BankPayoutState
    amount: Money
    created_at: datetime
    arrives_on: date
    is_automatic: bool
    failure_code: str | None


class BalanceCalls(Protocol):
    """See `payments.gateway.PaymentGateway` for what every call may raise. A desk's key may do none of these."""

    def balance(self) -> Balance: ...

    def balance_transactions(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        payout_ref: str | None = None,
        after: str | None = None,
    ) -> Page[BalanceMove]:
        """Movements from `since` to before `until`, newest first, a hundred at a time."""
        ...

    def payment_move(self, payment_ref: str) -> BalanceMove | None:
        """The movement by which a payment came in, with its fee; None while nothing was paid. Raises `NotFound`."""
        ...

    def bank_payouts(self, *, since: datetime | None = None, after: str | None = None) -> Page[BankPayout]:
        """What went to the agency's bank from `since` on, newest first, a hundred at a time."""
        ...

    def get_bank_payout(self, ref: str) -> BankPayout:
        """Raises `NotFound`."""
        ...
