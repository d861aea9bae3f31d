"""The chain of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from travellr_desktop.domain.ledger import Account, chain_hash
from travellr_desktop.storage.repositories.ledger import CHAINED
from travellr_desktop.storage.repositories.proofs.reading import Reader, marks, moment

_IDS = frozenset({"id", "desk_id", "booking_id", "vendor_id", "payment_id", "refund_id"})
_MOMENTS = frozenset({"at", "available_at"})


@dataclass(frozen=True, slots=True)
class Link:
    """A ledger row in its chain. `recomputed` is the hash that its values ask for, None where they are no values
    of a ledger row at all."""

    id: str
    desk_id: str
    seq: int
    prev_hash: str
    hash: str
    recomputed: str | None


class ChainProofs(Reader):
    def links(self) -> Iterator[Link]:
        """Every row, desk by desk, in the order of the chain."""
        columns = ", ".join(CHAINED)
        for row in self._rows(f"SELECT prev_hash, hash, {columns} FROM ledger ORDER BY desk_id, seq"):
            yield Link(row.id, row.desk_id, row.seq, row.prev_hash, row.hash, _recomputed(row))

    def count(self) -> int:
        return int(self._value("SELECT count(*) FROM ledger"))

    def sums(self) -> Iterator[tuple[str, int]]:
        """For each currency what all accounts of the books add up to: debits less credits, in minor units."""
        accounts = tuple(account.value for account in Account)
        known = marks(len(accounts))
        for currency, total in self._rows(
            f"SELECT currency, sum(amount * (debit IN ({known}))) - sum(amount * (credit IN ({known}))) "
            "FROM ledger GROUP BY currency",
            *accounts,
            *accounts,
        ):
            yield str(currency), int(total)


def _recomputed(row: Row[Any]) -> str | None:
    try:
        return chain_hash(row.prev_hash, {name: _typed(name, getattr(row, name)) for name in CHAINED})
    except (ValueError, TypeError, AttributeError):
        return None


def _typed(name: str, value: Any) -> object:
    if value is None:
        return None
    if name in _IDS:
        return UUID(value)
    if name in _MOMENTS:
        return moment(value)
    if not isinstance(value, int | str):
        raise TypeError(f"{name} is neither a number nor text")
    return value
