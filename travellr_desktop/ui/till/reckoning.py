"""What a count comes to, reckoned while it is typed: no service is asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from travellr_desktop.domain.cash_count import CashCount
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.till import left_in
from travellr_desktop.services.till_forms import CloseCount, FloatCount, TillStatus


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One currency. Of a till that is opened `safe` came from the safe and everything `stays`; of one that is closed
    `safe` goes there and `stays` are the pieces that are left."""

    count: CashCount
    expected: Money
    safe: Money
    stays: CashCount

    @property
    def counted(self) -> Money:
        return self.count.total

    @property
    def difference(self) -> Money:
        return self.counted - self.expected


def opening(status: TillStatus, count: CashCount, from_safe: Money | None) -> Reckoned:
    """A till that is to be opened. Without `from_safe` what is more than the books say has come from there; of the
    first till, also what is less went there."""
    books = next(
        (each.expected for each in status.drawers if each.stayed.currency == count.currency),
        Money.zero(count.currency),
    )
    safe = from_safe
    if safe is None:
        surplus = count.total - books
        safe = surplus if surplus.minor > 0 or status.first else Money.zero(count.currency)
    return Reckoned(count, books + safe, safe, count)


def closing(status: TillStatus, count: CashCount, wanted: Money | None) -> Reckoned:
    """A till that is to be closed. Without `wanted` as much stays as it was opened with."""
    figures = status.open.of(count.currency) if status.open is not None else None
    nothing = Money.zero(count.currency)
    keep = wanted if wanted is not None else figures.day.opened_with if figures is not None else nothing
    stays = left_in(count, min(keep, count.total))
    expected = figures.expected if figures is not None else nothing
    return Reckoned(count, expected, count.total - stays.total, stays)


def floats(reckoned: Mapping[str, Reckoned]) -> tuple[FloatCount, ...]:
    """The form of an opening."""
    return tuple(FloatCount(each.count, each.safe) for each in reckoned.values())


def closes(reckoned: Mapping[str, Reckoned]) -> tuple[CloseCount, ...]:
    """The form of a close."""
    return tuple(CloseCount(each.count, each.stays.total) for each in reckoned.values())
