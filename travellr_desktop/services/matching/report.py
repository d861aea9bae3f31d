"""Some days matched, as the command says it: in JSON for programs, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.periods import week_of
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.till import CountKind
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.matching.service import DifferenceRow, Matched
from travellr_desktop.services.matching.till_days import TillDay

if TYPE_CHECKING:
    from travellr_desktop.services.registry import Services

_NAMES = {CountKind.FLOAT: "opened", CountKind.CLOSE: "closed"}


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What `travellr reconcile` says. Amounts are plain decimals. It is not well while a difference is open."""

    found: Matched
    tills: tuple[TillDay, ...] = ()

    @property
    def ok(self) -> bool:
        explained = all(row.explained is not None for row in self.found.differences)
        return explained and not any(till.is_open for till in self.tills)

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
            "tills": [_till(row) for row in self.tills],
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
        yield from self._tills()
        yield ""
        yield "All of it agrees, or is explained." if self.ok else "Not all of it agrees."

    def _tills(self) -> Iterator[str]:
        if self.tills:
            yield ""
            yield f"{'till':<12}{'':<8}{'':<5}{'expected':>16}{'counted':>16}{'difference':>14}"
        for row in self.tills:
            amounts = f"{_text(row.expected):>16}{_text(row.counted):>16}{_text(row.difference):>14}"
            yield f"{row.day!s:<12}{_NAMES[row.kind]:<8}{row.expected.currency:<5}{amounts}"
            if row.is_open:
                yield f"  {row.cause}"
            elif row.explained is not None:
                yield f"  {row.explained.by}: {row.explained.reason}"


def reconcile(services: Services, first: date | None = None, last: date | None = None) -> MatchReport:
    """Match these days; without a last one up to today, without a first one from the beginning of that week. Raises as
    `MatchingService.match`."""
    agency = services.agency.view()
    if last is None:
        place = zone_of(agency.zone if agency is not None else "UTC")
        last = services.clock.now().astimezone(place).date()
    if first is None:
        first = week_of(last).first
    found = services.matching.match(SYSTEM, first, last)
    return MatchReport(found, services.matching.till(SYSTEM, first, last))


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


def _till(row: TillDay) -> dict[str, Any]:
    return {
        "day": row.day.isoformat(),
        "number": row.number,
        "count": row.kind.value,
        "by": row.by,
        "currency": row.expected.currency,
        "expected": _text(row.expected),
        "counted": _text(row.counted),
        "difference": _text(row.difference),
        "books": _text(row.in_books),
        "open": row.is_open,
        "cause": row.cause or None,
        "explained": None if row.explained is None else row.explained.reason,
    }


def _text(amount: Money) -> str:
    return plain_decimal(amount)
