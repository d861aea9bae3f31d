"""Money as whole minor units of a currency, and the few sums that are allowed on it.

There is one rounding function here, `round_ratio`; everything that divides money goes through it or through
`spread`, so that parts always add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from travellr_desktop.errors import InvalidInput

WHOLE_BPS = 10_000
"""Basis points in a whole: 2 000 are 20 %."""


def _table() -> Mapping[str, int]:
    # Minor units as ISO 4217 lists them. Metals, bond units and the like have none there: no money here.
    by_decimals = {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        2: """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
            CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
            GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD
            LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB
            PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
            SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW
            ZWG
        """,
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }
    return MappingProxyType({code: places for places, codes in by_decimals.items() for code in codes.split()})


CURRENCIES: Mapping[str, int] = _table()
"""Every active ISO 4217 currency and its number of decimals.

This is the standard's own figure. Display libraries round some of them to what is customary (RSD, IQD), and
payment providers have exceptions (ISK, UGX); neither belongs here.
"""


class CurrencyMismatch(InvalidInput):
    """Two currencies where one was needed."""

    hint = "Use one currency for the whole sale."


def decimals(currency: str) -> int:
    """How many decimals a currency has. Raises `InvalidInput` for a code that is not in `CURRENCIES`."""
    places = CURRENCIES.get(currency)
    if places is None:
        raise InvalidInput(
            f"{currency!r} is not a currency.", hint="Use a three-letter code, such as EUR.", field="currency"
        )
    return places


def _whole(value: int, what: str) -> int:
    if type(value) is not int:  # a bool is an int to Python, a float is never an amount
        raise InvalidInput(f"{what} must be a whole number, not {value!r}.", field="amount")
    return value


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: `minor` whole minor units (cents of EUR, fils of KWD, yen) of `currency`.

    May be negative. Compares and adds with the same currency only; anything else raises `CurrencyMismatch`.
    `Money * n` takes a whole number. It is true unless zero.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        _whole(self.minor, "An amount in minor units")
        decimals(self.currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(
                f"{self.currency} and {other.currency} cannot be put together.", field="currency"
            )
        return other.minor

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            return NotImplemented
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor >= self._same(other)


def sum_money(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero of `currency` if there are none. Raises `CurrencyMismatch` for any other currency."""
    total = Money.zero(currency)
    for amount in amounts:
        total += amount
    return total


def round_ratio(num: int, den: int) -> int:
    """`num / den` rounded to a whole number, halves away from zero. Exact at any size; `den` > 0."""
    if den <= 0:
        raise InvalidInput(f"Nothing can be divided by {den}.")
    half_up = (2 * abs(num) + den) // (2 * den)
    return half_up if num >= 0 else -half_up


def check_bps(bps: int, field: str = "rate") -> int:
    """`bps` itself if it is from 0 to 10 000; raises `InvalidInput(field)` otherwise."""
    if type(bps) is not int or not 0 <= bps <= WHOLE_BPS:
        raise InvalidInput(f"A share is from 0 to {WHOLE_BPS} basis points, not {bps!r}.", field=field)
    return bps


def share(amount: int, bps: int) -> int:
    """`bps` basis points of `amount`, rounded once."""
    return round_ratio(amount * check_bps(bps), WHOLE_BPS)


def cumulative_part(
    rate_bps: int, *, part: int, so_far: int, already: int, total: int, total_share: int
) -> int:
    """What of a share goes with one more part of a total, so that the shares of all parts add up exactly.

    `so_far` of `total` was handed out before, and `already` of `total_share` with it; now `part` more. The
    answer is the rate of all that is out by then, less what went before; the part that completes the total
    takes what is left of the share. Never negative, never beyond the share. Raises `InvalidInput` where the
    parts are negative or exceed their totals.
    """
    out = so_far + part
    if part < 0 or so_far < 0 or out > total:
        raise InvalidInput(f"{part} after {so_far} is not a part of {total}.", field="amount")
    if not 0 <= already <= total_share:
        raise InvalidInput(f"{already} is not a part of a share of {total_share}.", field="amount")
    due = total_share if out == total else min(share(out, rate_bps), total_share)
    return max(due - already, 0)


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Divide `total` in proportion to `weights` by largest remainder; the first of equals is served first.

    The parts add up to `total` exactly, and none exceeds its weight when `total` is at most their sum.
    Raises `InvalidInput` for a negative total or weight, or if there is a total and nothing to put it on.
    """
    whole = sum(weights)
    if total < 0 or any(weight < 0 for weight in weights):
        raise InvalidInput("Only amounts of zero or more can be spread.", field="amount")
    if total == 0:
        return [0] * len(weights)
    if whole == 0:
        raise InvalidInput(f"There is nothing to spread {total} over.", field="amount")
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
