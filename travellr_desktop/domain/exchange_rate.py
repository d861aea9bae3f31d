"""Exchange rates as ratios of whole numbers, so that an amount is rounded once and nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from travellr_desktop.domain.money import Money, decimals, round_ratio
from travellr_desktop.errors import InvalidInput

_PLAIN = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """`num` / `den` units of `target` for one unit of `source`: whole euros, dinars, yen, not their minor units.

    It is kept in lowest terms, so that equal rates are equal. Raises `InvalidInput` for a rate that is not above
    zero, or for one currency.
    """

    source: str
    target: str
    num: int
    den: int = 1

    def __post_init__(self) -> None:
        decimals(self.source)
        decimals(self.target)
        if self.source == self.target:
            raise InvalidInput("A rate is between two currencies.", field="currency")
        if type(self.num) is not int or type(self.den) is not int or self.num <= 0 or self.den <= 0:
            raise InvalidInput("A rate is a ratio of two whole numbers above zero.", field="rate")
        common = gcd(self.num, self.den)
        object.__setattr__(self, "num", self.num // common)
        object.__setattr__(self, "den", self.den // common)

    @classmethod
    def of(cls, text: str, source: str, target: str) -> ExchangeRate:
        """The rate that figures say exactly: `117.1684` with a point, no sign, no exponent."""
        if not _PLAIN.fullmatch(text):
            raise InvalidInput(f"{text[:40]!r} is not a rate.", hint="Write it like 1.0842.", field="rate")
        exact = Fraction(text)
        return cls(source, target, exact.numerator, exact.denominator)

    @classmethod
    def between(cls, gave: Money, got: Money) -> ExchangeRate:
        """The rate at which one actual amount became another; both are above zero."""
        return cls(
            gave.currency,
            got.currency,
            got.minor * 10 ** decimals(gave.currency),
            gave.minor * 10 ** decimals(got.currency),
        )

    @property
    def inverse(self) -> ExchangeRate:
        return ExchangeRate(self.target, self.source, self.den, self.num)

    def convert(self, money: Money) -> Money:
        """The amount in the target currency, rounded once to its minor unit, halves away from zero.

        Raises `InvalidInput` for an amount in any other currency than `source`.
        """
        if money.currency != self.source:
            raise InvalidInput(f"This rate is for {self.source}, not {money.currency}.", field="currency")
        top = money.minor * self.num * 10 ** decimals(self.target)
        return Money(round_ratio(top, self.den * 10 ** decimals(self.source)), self.target)
