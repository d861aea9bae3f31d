"""Vendors at Stripe: connected accounts, transfers and their reversals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travellr_desktop.payments.gateway import (
    AccountStatus,
    ReversalRequest,
    ReversalStatus,
    TransferRequest,
    TransferStatus,
)
from travellr_desktop.payments.stripe_amounts import from_stripe, to_stripe
from travellr_desktop.payments.stripe_gateway.calling import PAGE, Calling
from travellr_desktop.payments.stripe_gateway.reading import moment, our_id, reads, ref_of

if TYPE_CHECKING:
    import stripe
    from stripe.params import TransferListParams, TransferReversalListParams


class VendorPart(Calling):
    def account(self, ref: str) -> AccountStatus:
        from travellr_desktop.payments.stripe_gateway_errors import account_refusal_of

        return _account(
            self._call(lambda: self._client.v1.accounts.retrieve(ref), refusal=account_refusal_of)
        )

    def create_transfer(self, request: TransferRequest, *, key: str) -> TransferStatus:
        from travellr_desktop.payments.stripe_gateway_errors import transfer_refusal_of

        amount = to_stripe(request.amount)
        transfer = self._call(
            lambda: self._client.v1.transfers.create(
                {
                    "amount": amount,
                    "currency": request.amount.currency.lower(),
                    "destination": request.account_ref,
                    "transfer_group": request.group,
                    "metadata": {"payout_id": str(request.payout_id)},
                },
                {"idempotency_key": key},
            ),
            refusal=transfer_refusal_of,
        )
        return _transfer(transfer)

    def get_transfer(self, ref: str) -> TransferStatus:
        return _transfer(self._call(lambda: self._client.v1.transfers.retrieve(ref)))

    def find_transfers(self, group: str) -> tuple[TransferStatus, ...]:
        params: TransferListParams = {"transfer_group": group, "limit": PAGE}
        listed = self._each(lambda turn: self._client.v1.transfers.list({**params, **turn}))
        return tuple(_transfer(transfer) for transfer in listed)

    def reverse_transfer(self, request: ReversalRequest, *, key: str) -> ReversalStatus:
        from travellr_desktop.payments.stripe_gateway_errors import reversal_refusal_of

        amount = to_stripe(request.amount)
        reversal = self._call(
            lambda: self._client.v1.transfers.reversals.create(
                request.transfer_ref,
                {"amount": amount, "metadata": {"reversal_id": str(request.reversal_id)}},
                {"idempotency_key": key},
            ),
            refusal=reversal_refusal_of,
        )
        return _reversal(reversal)

    def find_reversals(self, transfer_ref: str) -> tuple[ReversalStatus, ...]:
        params: TransferReversalListParams = {"limit": PAGE}
        listed = self._each(
            lambda turn: self._client.v1.transfers.reversals.list(transfer_ref, {**params, **turn})
        )
        return tuple(_reversal(reversal) for reversal in listed)


@reads
def _account(account: stripe.Account) -> AccountStatus:
    capabilities = getattr(account, "capabilities", None)
    wanted = getattr(account, "requirements", None)
    return AccountStatus(
        ref=account.id,
        name=getattr(getattr(account, "business_profile", None), "name", None),
        transfers_active=getattr(capabilities, "transfers", None) == "active",
        past_due=tuple(getattr(wanted, "past_due", None) or ()),
    )


@reads
def _transfer(transfer: stripe.Transfer) -> TransferStatus:
    return TransferStatus(
        ref=transfer.id,
        account_ref=ref_of(transfer.destination) or "",
        amount=from_stripe(transfer.amount, transfer.currency),
        reversed=from_stripe(transfer.amount_reversed, transfer.currency),
        group=transfer.transfer_group,
        payout_id=our_id(transfer, "payout_id"),
        created_at=moment(transfer.created),
    )


@reads
def _reversal(reversal: stripe.TransferReversal) -> ReversalStatus:
    return ReversalStatus(
        ref=reversal.id,
        transfer_ref=ref_of(reversal.transfer) or "",
        amount=from_stripe(reversal.amount, reversal.currency),
        reversal_id=our_id(reversal, "reversal_id"),
    )
