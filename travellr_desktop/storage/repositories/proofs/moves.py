"""What was posted from the provider's movements: every such entry is known to one, and each has all of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.reading import POSTED, POSTED_IDS, Reader


@dataclass(frozen=True, slots=True)
class OwnerlessEntry:
    id: str
    event: str


@dataclass(frozen=True, slots=True)
class MoveProblem:
    """A payment's movement beside what was posted from it: `fee` is what the provider took, `posted` what the entries
    come to, in minor units; `gone` how many of them are not in the ledger."""

    id: str
    ref: str
    fee: int
    posted: int
    gone: int


class MoveProofs(Reader):
    def ownerless(self) -> Iterator[OwnerlessEntry]:
        """Entries of fees and exchanges that no movement knows of. A reversal of such an entry is not among them."""
        sql = (
            "SELECT id, event FROM ledger WHERE event IN ('processor_fee', 'exchanged') "
            f"AND id NOT IN ({POSTED_IDS}) ORDER BY id"
        )
        yield from self._each(OwnerlessEntry, sql)

    def wrong(self) -> Iterator[MoveProblem]:
        """Movements whose entries do not come to what the provider took."""
        fee = (
            "coalesce(sum(CASE WHEN l.debit = 'processor_fees' THEN l.amount "
            "WHEN l.credit = 'processor_fees' THEN -l.amount END), 0)"
        )
        gone = "sum(p.value IS NOT NULL AND l.id IS NULL)"
        sql = (
            f"SELECT m.id, m.ref, m.fee, {fee} AS come_to, {gone} AS gone FROM provider_moves m "
            f"LEFT JOIN json_each({POSTED}) p LEFT JOIN ledger l ON l.id = p.value "
            "WHERE m.kind = 'payment' AND NOT m.is_open GROUP BY m.id "
            "HAVING come_to <> m.fee OR gone ORDER BY m.id"
        )
        yield from self._each(MoveProblem, sql)
