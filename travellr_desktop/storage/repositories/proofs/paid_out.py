"""Transfers to vendors as the file has them, for what is compared with the provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.repositories.proofs.reading import Reader

PAGE = 100
"""How many are read at a time: the file is not kept in view while the provider is asked."""


@dataclass(frozen=True, slots=True)
class TransferAsKept:
    """A payout by transfer that the provider knows, or may know, but for what another desk is at. `taken` is what was
    taken back of it, `taking` what may be besides; minor units."""

    id: str
    root_id: str
    state: str
    amount: int
    currency: str
    account_ref: str | None
    provider_ref: str | None
    worker: str | None
    reference: str | None
    taken: int
    taking: int


_TAKEN = "coalesce((SELECT sum(t.amount) FROM take_backs t WHERE t.payout_id = p.id AND t.state IN ({0})), 0)"

_TRANSFERS = f"""
SELECT p.id, p.root_id, p.state, p.amount, p.currency, p.account_ref, p.provider_ref, p.worker, b.reference,
       {_TAKEN.format("'done'")}, {_TAKEN.format("'sending', 'unknown'")}
FROM payouts p LEFT JOIN payout_batches b ON b.id = p.batch_id
WHERE p.way = 'transfer' AND (p.provider_ref IS NOT NULL OR p.first_sent_at IS NOT NULL)
  AND (p.state NOT IN ('sending', 'unknown') OR p.desk_id IS NULL OR p.desk_id = (SELECT desk_id FROM this_desk))
"""


class PaidOutProofs(Reader):
    def transfers(self, after: str, since: datetime | None) -> Sequence[TransferAsKept]:
        """The next transfers after the one of id `after`, oldest first; none where there are no more. With `since`
        those that are not settled, and those made after it."""
        values: list[object] = [after]
        sql = f"{_TRANSFERS} AND p.id > ?"
        if since is not None:
            sql = f"{sql} AND (p.state IN ('sending', 'unknown') OR p.created_at > ?)"
            values.append(utc_text(since))
        return list(self._each(TransferAsKept, f"{sql} ORDER BY p.id LIMIT {PAGE}", *values))

    def transfer(self, payout_id: str) -> TransferAsKept | None:
        """One of them, as it is now."""
        return next(self._each(TransferAsKept, f"{_TRANSFERS} AND p.id = ?", payout_id), None)

    def of_root(self, root_id: str) -> frozenset[str]:
        """The ids of a payout and its retries."""
        rows = self._each(_Id, "SELECT id FROM payouts WHERE root_id = ?", root_id)
        return frozenset(row.id for row in rows)


@dataclass(frozen=True, slots=True)
class _Id:
    id: str
