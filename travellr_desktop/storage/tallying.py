"""How much there is of everything that travels, to be held against what a hub has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from travellr_desktop.storage.wire import synced

_LEDGER = "SELECT currency, sum(amount) FROM ledger GROUP BY currency"
_GRANTED = "SELECT desk_id, sum(seats) FROM grants GROUP BY desk_id"

Execute = Callable[[str], Iterable[Any]]
"""A statement to its rows, all within one transaction."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows by table; the sums of the ledger by currency, in minor units; seats granted by desk, its id as 32
    digits."""

    rows: Mapping[str, int]
    ledger: Mapping[str, int]
    granted: Mapping[str, int]

    def differs(self, other: Tally) -> str:
        """In what, in a few words with both figures; empty where in nothing."""
        for what, here, there in (
            ("rows of {}", self.rows, other.rows),
            ("the ledger in {}", self.ledger, other.ledger),
            ("seats granted to desk {}", self.granted, other.granted),
        ):
            for name in sorted({*here, *there}):
                if here.get(name, 0) != there.get(name, 0):
                    return f"{what.format(name)}: {here.get(name, 0)}, not {there.get(name, 0)}"
        return ""


def tally(execute: Execute) -> Tally:
    """What a file has."""
    return Tally(_of(execute(_counts())), _of(execute(_LEDGER)), _of(execute(_GRANTED)))


def _of(rows: Iterable[Any]) -> dict[str, int]:
    return {row[0]: int(row[1]) for row in rows}


@cache
def _counts() -> str:
    return " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in synced())
