"""Travellers: nothing hangs on a record that was merged, and each merge that stands is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.reading import Reader
from travellr_desktop.storage.repositories.traveller_moves import MOVED


@dataclass(frozen=True, slots=True)
class Astray:
    """A row that hangs on a record which was merged into another."""

    table: str
    id: str
    traveller_id: str


@dataclass(frozen=True, slots=True)
class MergeProblem:
    """A traveller whose row and merges do not say the same: `into` is what the row says, `told` what the merge that
    stands does; either may be None."""

    traveller_id: str
    into: str | None
    told: str | None


class PeopleProofs(Reader):
    def astray(self) -> Iterator[Astray]:
        for table, (_model, column) in MOVED.items():
            sql = (
                f"SELECT '{table}', x.id, t.id FROM travellers t JOIN {table} x ON x.{column.key} = t.id "
                "WHERE t.merged_into IS NOT NULL ORDER BY x.id"
            )
            yield from self._each(Astray, sql)

    def merges(self) -> Iterator[MergeProblem]:
        standing = "SELECT other_id, kept_id FROM traveller_merges WHERE undone_at IS NULL"
        sql = (
            f"SELECT t.id, t.merged_into, m.kept_id FROM travellers t LEFT JOIN ({standing}) m ON m.other_id = t.id "
            "WHERE t.merged_into IS NOT NULL AND t.merged_into IS NOT m.kept_id "
            f"UNION SELECT t.id, t.merged_into, m.kept_id FROM ({standing}) m JOIN travellers t ON t.id = m.other_id "
            "WHERE t.merged_into IS NOT m.kept_id ORDER BY 1"
        )
        yield from self._each(MergeProblem, sql)
