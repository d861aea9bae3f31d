"""The provider's transfers to vendors against ours: each payout once, of its amount, to its account, and back as much
as was taken back. Asks, and moves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.states import PayoutState
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.gateway import GatewayRefused, PaymentGateway, TransferStatus
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.services.payouts.paying import group_of
from travellr_desktop.storage.repositories.proofs import open_proofs
from travellr_desktop.storage.repositories.proofs.paid_out import TransferAsKept
from travellr_desktop.storage.uow import Database

_GONE = (PayoutState.PAID, PayoutState.REVERSED)


class TransferCheck:
    def __init__(self, database: Database, gateway: PaymentGateway, since: datetime | None) -> None:
        """`since` None compares everything; else what is not settled, and what was made after it."""
        self._db = database
        self._gateway = gateway
        self._since = since

    def problems(self) -> Iterator[Problem]:
        """What does not agree. What differs is read once more on both sides first. A key that may not read transfers is
        no problem of the books."""
        try:
            yield from self._all()
        except GatewayRefused:
            return
        except Refusal as refusal:
            yield Problem(
                "provider.unreachable", "payouts", "-", f"the provider could not be asked: {refusal}"
            )

    def _all(self) -> Iterator[Problem]:
        after = ""
        while True:
            with open_proofs(self._db) as proofs:
                rows = proofs.paid_out.transfers(after, self._since)
            if not rows:
                return
            for row in rows:
                if not self._compare(row):
                    continue
                with open_proofs(self._db) as proofs:
                    now = proofs.paid_out.transfer(row.id)
                yield from self._compare(now) if now is not None else []
            after = rows[-1].id

    def _compare(self, row: TransferAsKept) -> list[Problem]:
        found = self._gateway.find_transfers(group_of(UUID(row.root_id)))
        if row.id == row.root_id:
            with open_proofs(self._db) as proofs:
                ours = {UUID(each) for each in proofs.paid_out.of_root(row.root_id)}
            strange = [each for each in found if each.payout_id not in ours]
        else:
            strange = []
        own = [each for each in found if each.payout_id == UUID(row.id)]
        says = [*_differences(row, own, busy=self._is_busy(row))]
        says += [f"a transfer of its group, {each.ref}, is of no payout here" for each in strange]
        return [Problem("provider.transfer", "payouts", row.id, each, row.reference) for each in says]

    def _is_busy(self, row: TransferAsKept) -> bool:
        """Whether a running program is at it now."""
        return self._db.workers.busy(row.worker, UUID(row.id))


def _differences(row: TransferAsKept, found: Sequence[TransferStatus], *, busy: bool) -> Iterator[str]:
    if len(found) > 1:
        yield f"it was sent {len(found)} times: {', '.join(each.ref for each in found)}"
        return
    if row.state not in _GONE:
        if found and not busy:
            yield f"it went at the provider, and is not recorded here: it is {row.state}"
        return
    if not found:
        yield f"it is {row.state} here, and not among the provider's transfers"
        return
    (transfer,) = found
    if transfer.ref != row.provider_ref:
        yield f"it is {row.provider_ref} here, {transfer.ref} at the provider"
    if (transfer.amount.minor, transfer.amount.currency) != (row.amount, row.currency):
        yield f"it is {row.amount} {row.currency} here, {transfer.amount} at the provider"
    if transfer.account_ref != row.account_ref:
        yield f"it went to {row.account_ref} here, to {transfer.account_ref} at the provider"
    if not row.taken <= transfer.reversed.minor <= row.taken + row.taking:
        yield f"{row.taken} of it was taken back here, {transfer.reversed.minor} at the provider"
