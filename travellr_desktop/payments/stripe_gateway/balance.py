"""The agency's balance at Stripe: what there is, balance transactions, and payouts to its own bank."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.payments.gateway import (
    Balance,
    BalanceMove,
    BankPayout,
    BankPayoutState,
    MoveKind,
    Page,
)
from travellr_desktop.payments.stripe_amounts import from_stripe
from travellr_desktop.payments.stripe_gateway.calling import PAGE, Calling, part_of
from travellr_desktop.payments.stripe_gateway.reading import moment, our_id, reads, ref_of, seconds, state_of

if TYPE_CHECKING:
    import stripe
    from stripe.params import (
        BalanceTransactionListParams,
        BalanceTransactionListParamsCreated,
        PayoutListParams,
    )

_KINDS = {
    "charge": MoveKind.CHARGE,
    "refund": MoveKind.REFUND,
    "refund_failure": MoveKind.REFUND_FAILED,
    "dispute": MoveKind.DISPUTE,
    "dispute_reversal": MoveKind.DISPUTE_REVERSED,
    "transfer": MoveKind.TRANSFER,
    "transfer_reversal": MoveKind.TRANSFER_REVERSED,
    "payout": MoveKind.PAYOUT,
    "payout_reversal": MoveKind.PAYOUT_REVERSED,
    "fee": MoveKind.FEE,
}
"""By Stripe's reporting categories; all others are `OTHER`."""

_OURS = {
    "charge": "payment_id",
    "refund": "refund_id",
    "transfer": "payout_id",
    "transfer_reversal": "reversal_id",
}
"""Under which name an object of a kind carries our id."""

_PAYOUT_STATES = {
    "pending": BankPayoutState.ON_THE_WAY,
    "in_transit": BankPayoutState.ON_THE_WAY,
    "paid": BankPayoutState.ARRIVED,
    "failed": BankPayoutState.FAILED,
    "canceled": BankPayoutState.FAILED,
}


class BalancePart(Calling):
    def balance(self) -> Balance:
        return _balance(self._call(self._client.v1.balance.retrieve))

    def balance_transactions(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        payout_ref: str | None = None,
        after: str | None = None,
    ) -> Page[BalanceMove]:
        params: BalanceTransactionListParams = {"limit": PAGE, "expand": ["data.source"]}
        created: BalanceTransactionListParamsCreated = {}
        if since is not None:
            created["gte"] = seconds(since)
        if until is not None:
            created["lt"] = seconds(until)
        if created:
            params["created"] = created
        if payout_ref is not None:
            params["payout"] = payout_ref
        if after is not None:
            params["starting_after"] = after
        part = self._call(lambda: self._client.v1.balance_transactions.list(params))
        items, after = part_of(part)
        return Page(tuple(_move(move) for move in items), after)

    def payment_move(self, payment_ref: str) -> BalanceMove | None:
        whole = ["latest_charge.balance_transaction.source"]
        intent = self._call(lambda: self._client.v1.payment_intents.retrieve(payment_ref, {"expand": whole}))
        return _move_of(intent)

    def bank_payouts(self, *, since: datetime | None = None, after: str | None = None) -> Page[BankPayout]:
        params: PayoutListParams = {"limit": PAGE}
        if since is not None:
            params["created"] = {"gte": seconds(since)}
        if after is not None:
            params["starting_after"] = after
        part = self._call(lambda: self._client.v1.payouts.list(params))
        items, after = part_of(part)
        return Page(tuple(_payout(payout) for payout in items), after)

    def get_bank_payout(self, ref: str) -> BankPayout:
        return _payout(self._call(lambda: self._client.v1.payouts.retrieve(ref)))


@reads
def _balance(balance: stripe.Balance) -> Balance:
    return Balance(_amounts(balance.available), _amounts(balance.pending))


def _amounts(
    parts: Iterable[stripe.Balance.Available] | Iterable[stripe.Balance.Pending],
) -> tuple[Money, ...]:
    amounts = (from_stripe(part.amount, part.currency) for part in parts)
    return tuple(sorted(amounts, key=lambda amount: amount.currency))


@reads
def _move_of(payment: stripe.PaymentIntent) -> BalanceMove | None:
    move = getattr(payment.latest_charge, "balance_transaction", None)
    return None if move is None else _move(move)


@reads
def _move(move: stripe.BalanceTransaction) -> BalanceMove:
    source = None if isinstance(move.source, str) else move.source
    return BalanceMove(
        ref=move.id,
        kind=_KINDS.get(move.reporting_category, MoveKind.OTHER),
        amount=from_stripe(move.amount, move.currency),
        fee=from_stripe(move.fee, move.currency),
        net=from_stripe(move.net, move.currency),
        source_ref=ref_of(move.source),
        source_amount=_amount_of(source),
        payment_ref=ref_of(getattr(source, "payment_intent", None)),
        our_id=_ours(source),
        created_at=moment(move.created),
        available_at=moment(move.available_on),
        is_available=move.status == "available",
    )


def _amount_of(source: Any) -> Money | None:
    amount, currency = getattr(source, "amount", None), getattr(source, "currency", None)
    return None if amount is None or currency is None else from_stripe(amount, currency)


def _ours(source: Any) -> UUID | None:
    name = _OURS.get(str(getattr(source, "object", "")))
    return None if name is None else our_id(source, name)


@reads
def _payout(payout: stripe.Payout) -> BankPayout:
    return BankPayout(
        ref=payout.id,
        state=state_of(_PAYOUT_STATES, payout.status),
        amount=from_stripe(payout.amount, payout.currency),
        created_at=moment(payout.created),
        arrives_on=moment(payout.arrival_date).date(),
        is_automatic=payout.automatic,
        failure_code=payout.failure_code,
    )
