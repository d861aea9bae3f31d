"""What proving the books found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from travellr_desktop.storage.repositories.proofs import Proofs


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not agree. `row` is the row's id as it stands in the file (32 hex digits), or what else
    names it in `table`; `reference` is the booking or sale that a person knows it by."""

    kind: str
    table: str
    row: str
    says: str
    reference: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "table": self.table,
            "row": self.row,
            "reference": self.reference,
            "says": self.says,
        }

    def __str__(self) -> str:
        reference = f" ({self.reference})" if self.reference else ""
        return f"{self.table} {self.row}{reference}: {self.says} [{self.kind}]"


Proof = Callable[[Proofs], Iterator[Problem]]
"""One proof: what it finds wrong in a view of the file, nothing where all is well."""


@dataclass(frozen=True, slots=True)
class LedgerCount:
    """How many entries there are, and how many rows were found that do not agree with the ledger."""

    entries: int
    out_of_balance: int

    def as_json(self) -> dict[str, int]:
        return {"entries": self.entries, "out_of_balance": self.out_of_balance}


@dataclass(frozen=True, slots=True)
class CheckReport:
    problems: tuple[Problem, ...]
    ledger: LedgerCount
    beside: str = ""
    """Of a vendor's file: whether it was compared with the central database, a sentence."""

    @property
    def ok(self) -> bool:
        return not self.problems

    def as_json(self) -> Mapping[str, Any]:
        beside = {"beside": self.beside} if self.beside else {}
        return {"ok": self.ok, "problems": [problem.as_json() for problem in self.problems], **beside}

    def as_text(self) -> str:
        if self.ok and self.beside:
            entries = self.ledger.entries
            return (
                f"The vendor's file is right: {entries} ledger entries, nothing out of place. {self.beside}"
            )
        if self.ok:
            return f"The books are right: {self.ledger.entries} ledger entries, nothing out of place."
        count = len(self.problems)
        head = "One thing does not agree:" if count == 1 else f"{count} things do not agree:"
        return "\n".join([head, *(f"  {problem}" for problem in self.problems)])
