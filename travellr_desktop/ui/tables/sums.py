"""The sums of a list as words, in as many forms as there are widths to fit them into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from travellr_desktop.domain.money import decimals


@dataclass(frozen=True, slots=True)
class Sum:
    """One column's sums: its title, and an amount a currency, the one that matters most first."""

    title: str
    amounts: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{self.title} {' + '.join(self.amounts)}"


def sums_of(
    sums: Mapping[str, Mapping[str, int]],
    titles: Mapping[str, str],
    amount: Callable[[int, str], str],
    own: str = "",
) -> list[Sum]:
    """Columns in the order of `titles`; the agency's `own` currency first, then the largest figures.

    `amount` makes words of minor units and a currency. A sum of nothing is left out.
    """

    def rank(entry: tuple[str, int]) -> tuple[bool, float, str]:
        currency, minor = entry
        return currency != own, -abs(minor) / 10.0 ** decimals(currency), currency

    return [
        Sum(title, tuple(amount(minor, currency) for currency, minor in sorted(sums[key].items(), key=rank)))
        for key, title in titles.items()
        if sums.get(key)
    ]


def forms(sums: Sequence[Sum], more: Callable[[int], str]) -> Iterator[list[tuple[str, str]]]:
    """The sums as (title, words), the fullest form first: amounts go one by one, then the word for the rest,
    at last whole columns. No form cuts an amount. `more` says how many currencies are left out.
    """
    most = max((len(each.amounts) for each in sums), default=0)
    for shown in range(most, 0, -1):
        yield [(each.title, _shortened(each.amounts, shown, more)) for each in sums]
    for kept in range(len(sums) - 1 if most else 0, -1, -1):
        yield [(each.title, _shortened(each.amounts, 1, more)) for each in sums[:kept]]


def _shortened(amounts: Sequence[str], shown: int, more: Callable[[int], str]) -> str:
    left = len(amounts) - shown
    words = " + ".join(amounts[:shown])
    return f"{words} + {more(left)}" if left > 0 else words
