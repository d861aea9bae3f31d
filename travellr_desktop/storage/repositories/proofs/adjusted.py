"""Adjustments of vendors beside the entries that say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.reading import Reader


@dataclass(frozen=True, slots=True)
class AdjustmentProblem:
    """An adjustment and its entry that differ, or one of them without the other. Amounts count for the vendor, in minor
    units; `adjusted` None: no row, `posted` None: no entry."""

    table: str
    id: str
    adjusted: int | None
    posted: int | None


_SIGNED = "CASE WHEN l.credit = 'vendor_payable' THEN l.amount ELSE -l.amount END"


class AdjustmentProofs(Reader):
    def wrong(self) -> Iterator[AdjustmentProblem]:
        """Each adjustment has one entry, of its vendor, currency and amount; no such entry is without one."""
        same = (
            f"l.event = 'vendor_adjusted' AND l.vendor_id = a.vendor_id AND l.currency = a.currency "
            f"AND {_SIGNED} = a.amount"
        )
        sql = (
            f"SELECT 'vendor_adjustments', a.id, a.amount, {_SIGNED} FROM vendor_adjustments a "
            f"LEFT JOIN ledger l ON l.id = a.ledger_id WHERE l.id IS NULL OR NOT ({same}) "
            f"UNION ALL SELECT 'ledger', l.id, NULL, {_SIGNED} FROM ledger l WHERE l.event = 'vendor_adjusted' "
            "AND l.id NOT IN (SELECT ledger_id FROM vendor_adjustments)"
        )
        yield from self._each(AdjustmentProblem, sql)
