"""Yearly totals of vendors beside the thresholds of tax forms: figures for an adviser, no advice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from travellr_desktop.errors import InvalidInput


class Counts(StrEnum):
    """What a threshold looks at: all that travellers paid, before refunds; or what was paid out to the vendor."""

    GROSS = "gross"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A form of a country's tax office, for the years `first` to `last`. Minor units. `reached_at` is whether the
    amount itself counts as reached, or only more than it; `transactions` is how many payments must be exceeded
    besides."""

    form: str
    country: str
    currency: str
    first: int
    last: int
    counts: Counts
    amount: int
    reached_at: bool = False
    transactions: int = 0

    def __post_init__(self) -> None:
        if self.last < self.first or self.amount < 0 or self.transactions < 0:
            raise InvalidInput(f"{self.form} has no years, or is below zero.", field="threshold")


@dataclass(frozen=True, slots=True)
class YearTotal:
    """A vendor's year in one currency, in minor units. `gross` is what travellers paid for their bookings, before any
    refund, in `transactions` payments; `paid` what left for the vendor, less `back`, which came back."""

    currency: str
    gross: int = 0
    transactions: int = 0
    sent: int = 0
    back: int = 0

    @property
    def paid(self) -> int:
        return self.sent - self.back


def of_year(thresholds: Iterable[Threshold], year: int) -> tuple[Threshold, ...]:
    """Those that hold for a year. None is no word that nothing has to be told: only that nothing is known here."""
    return tuple(each for each in thresholds if each.first <= year <= each.last)


def reached(threshold: Threshold, total: YearTotal) -> bool:
    """Whether a total in the currency of the threshold is beyond it."""
    if total.currency != threshold.currency or total.transactions <= threshold.transactions > 0:
        return False
    amount = total.gross if threshold.counts is Counts.GROSS else total.paid
    return amount > threshold.amount or (threshold.reached_at and amount == threshold.amount)
