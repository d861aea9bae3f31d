"""Some days matched, as the command says it: in JSON for programs, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from travellr_desktop.domain.money import Money
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.matching.service import DifferenceRow, Matched


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What `travellr reconcile` says. Amounts are plain decimals. It is not well while a difference is open."""

    found: Matched

    @property
    def ok(self) -> bool:
        return all(row.explained is not None for row in self.found.differences)

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": self.ok,
            "first": self.found.first.isoformat(),
            "last": self.found.last.isoformat(),
            "zone": self.found.zone,
            "movements": self.found.movements,
            "days": [
                {
                    "day": day.day.isoformat(),
                    "currency": day.currency,
                    "books": _text(day.here),
                    "provider": _text(day.there),
                    "open": day.open,
                    "explained": day.explained,
                }
                for day in self.found.days
            ],
            "differences": [_row(row) for row in self.found.differences],
        }

    def as_text(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        found = self.found
        yield f"From {found.first} to {found.last} in {found.zone}, {found.movements:,} movements"
        yield ""
        yield f"{'day':<12}{'':<5}{'books':>16}{'provider':>16}{'open':>7}{'explained':>11}"
        for day in found.days:
            amounts = f"{_text(day.here):>16}{_text(day.there):>16}"
            yield f"{day.day!s:<12}{day.currency:<5}{amounts}{day.open:>7}{day.explained:>11}"
        for row in found.differences:
            yield ""
            here = _text(row.here) if row.here is not None else "nothing"
            there = _text(row.there) if row.there is not None else "nothing"
            yield f"{row.day} {row.kind.value} {row.moved.value} {row.ref}: {here} here, {there} there"
            yield f"  {row.cause}"
            if row.explained is not None:
                yield f"  {row.explained.by}: {row.explained.reason}"
        yield ""
        yield "All of it agrees, or is explained." if self.ok else "Not all of it agrees."


def _row(row: DifferenceRow) -> dict[str, Any]:
    return {
        "day": row.day.isoformat(),
        "kind": row.kind.value,
        "moved": row.moved.value,
        "ref": row.ref,
        "books": None if row.here is None else _text(row.here),
        "provider": None if row.there is None else _text(row.there),
        "currency": (row.there or row.here or Money(0, "EUR")).currency,
        "cause": row.cause,
        "correction": None if row.correction is None else row.correction.value,
        "explained": None if row.explained is None else row.explained.reason,
    }


def _text(amount: Money) -> str:
    return plain_decimal(amount)
