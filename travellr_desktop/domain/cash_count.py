"""What lies in a till: counted by notes and coins, against what should be there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd
from types import MappingProxyType

from travellr_desktop.domain.money import Money, decimals
from travellr_desktop.errors import InvalidInput

MOST_PIECES = 1_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A note or a coin of `minor` minor units: the dollar is both."""

    minor: int
    coin: bool = False


def _pieces(notes: str, coins: str) -> tuple[Piece, ...]:
    return tuple(
        [Piece(int(note)) for note in notes.split()] + [Piece(int(coin), coin=True) for coin in coins.split()]
    )


# What is paid with today, in minor units: currencies with two decimals in hundredths, the dinar of Kuwait in fils.
PIECES: Mapping[str, tuple[Piece, ...]] = MappingProxyType(
    {
        "ALL": _pieces("1000000 500000 200000 100000 50000 20000", "10000 5000 2000 1000 500"),
        "AUD": _pieces("10000 5000 2000 1000 500", "200 100 50 20 10 5"),
        "BAM": _pieces("20000 10000 5000 2000 1000", "500 200 100 50 20 10 5"),
        "CAD": _pieces("10000 5000 2000 1000 500", "200 100 25 10 5"),
        "CHF": _pieces("100000 20000 10000 5000 2000 1000", "500 200 100 50 20 10 5"),
        "CZK": _pieces("500000 200000 100000 50000 20000 10000", "5000 2000 1000 500 200 100"),
        "DKK": _pieces("50000 20000 10000 5000", "2000 1000 500 200 100 50"),
        "EUR": _pieces("20000 10000 5000 2000 1000 500", "200 100 50 20 10 5 2 1"),
        "GBP": _pieces("5000 2000 1000 500", "200 100 50 20 10 5 2 1"),
        "HUF": _pieces("2000000 1000000 500000 200000 100000 50000", "20000 10000 5000 2000 1000 500"),
        "JPY": _pieces("10000 5000 2000 1000", "500 100 50 10 5 1"),
        "KWD": _pieces("20000 10000 5000 1000 500 250", "100 50 20 10 5"),
        "MKD": _pieces("200000 100000 50000 20000 10000 5000 1000", "5000 1000 500 200 100"),
        "NOK": _pieces("100000 50000 20000 10000 5000", "2000 1000 500 100"),
        "PLN": _pieces("50000 20000 10000 5000 2000 1000", "500 200 100 50 20 10 5 2 1"),
        "RSD": _pieces("500000 200000 100000 50000 20000 10000 5000 2000 1000", "2000 1000 500 200 100"),
        "SEK": _pieces("100000 50000 20000 10000 5000 2000", "1000 500 200 100"),
        "USD": _pieces("10000 5000 2000 1000 500 200 100", "100 50 25 10 5 1"),
    }
)
"""Notes and coins of the currencies that tills have, the largest first. Others are counted by their amount."""


@dataclass(frozen=True, slots=True)
class CashCount:
    """What was counted: pieces, and `loose` minor units of what the table does not know (a 500 euro note).

    Raises `InvalidInput` for a piece that the currency has not, or for counts and amounts below zero.
    """

    currency: str
    pieces: Mapping[Piece, int]
    loose: int = 0

    def __post_init__(self) -> None:
        decimals(self.currency)
        known = PIECES.get(self.currency, ())
        for piece, count in self.pieces.items():
            if piece not in known:
                raise InvalidInput(f"{self.currency} has no such note or coin.", field="count")
            if type(count) is not int or not 0 <= count <= MOST_PIECES:
                raise InvalidInput("A count is a whole number from 0.", field="count")
        if type(self.loose) is not int or self.loose < 0:
            raise InvalidInput("An amount that was counted is not below zero.", field="count")

    @property
    def notes(self) -> Money:
        return self._sum(coins=False)

    @property
    def coins(self) -> Money:
        return self._sum(coins=True)

    @property
    def total(self) -> Money:
        return self.notes + self.coins + Money(self.loose, self.currency)

    def _sum(self, *, coins: bool) -> Money:
        found = sum(piece.minor * count for piece, count in self.pieces.items() if piece.coin is coins)
        return Money(found, self.currency)


@dataclass(frozen=True, slots=True)
class TillDay:
    """What a till session has seen, all of one currency and none below zero."""

    opened_with: Money
    cash_sales: Money
    cash_refunds: Money
    paid_out: Money
    dropped: Money
    added: Money

    def __post_init__(self) -> None:
        moved = (self.cash_sales, self.cash_refunds, self.paid_out, self.dropped, self.added)
        if any(amount < Money.zero(self.opened_with.currency) for amount in (self.opened_with, *moved)):
            raise InvalidInput("What came in or went out is not below zero.", field="amount")

    @property
    def expected(self) -> Money:
        """What should be in the till. Below zero, something was written down wrong."""
        came = self.opened_with + self.cash_sales + self.added
        return came - self.cash_refunds - self.paid_out - self.dropped


@dataclass(frozen=True, slots=True)
class DayClose:
    """A till at its close: `stays` is what is left in it for the next day, the rest of what was counted goes to
    the safe. Raises `InvalidInput` where more stays than was counted."""

    expected: Money
    counted: Money
    stays: Money

    def __post_init__(self) -> None:
        if not Money.zero(self.counted.currency) <= self.stays <= self.counted:
            raise InvalidInput("No more can stay in the till than was counted.", field="stays")

    @property
    def difference(self) -> Money:
        """Above zero it is over, below zero short."""
        return self.counted - self.expected

    @property
    def needs_reason(self) -> bool:
        return bool(self.difference)

    @property
    def to_safe(self) -> Money:
        return self.counted - self.stays


def stays(count: CashCount, wanted: Money) -> CashCount:
    """Which of the counted pieces stay in the till so that they come to `wanted`: as few large ones as possible,
    because the small ones are the change of the next day. What cannot be made up of them exactly is undercut by as
    little as possible. Loose amounts do not stay.

    Raises `CurrencyMismatch` for another currency.
    """
    unit = gcd(*(piece.minor for piece in count.pieces)) or 1
    goal = max(min(wanted, count.total).minor // unit, 0)
    pieces = sorted(count.pieces, key=lambda piece: (piece.minor, piece.coin))
    # reachable[i]: the sums that the i smallest kinds can make, one bit each
    reachable = [1]
    for piece in pieces:
        reachable.append(_sums_with(reachable[-1], piece.minor // unit, count.pieces[piece], goal))
    left = reachable[-1].bit_length() - 1
    kept: dict[Piece, int] = {}
    for i in range(len(pieces) - 1, -1, -1):
        value, number = pieces[i].minor // unit, 0
        while not reachable[i] >> (left - number * value) & 1:
            number += 1
        kept[pieces[i]] = number
        left -= number * value
    return CashCount(count.currency, kept)


def _sums_with(sums: int, value: int, number: int, most: int) -> int:
    """The sums up to `most` that can be made with up to `number` pieces of a value more."""
    within = (1 << (most + 1)) - 1
    step = 1
    while number:
        taken = min(step, number)
        sums |= (sums << (taken * value)) & within if taken * value <= most else 0
        number -= taken
        step *= 2
    return sums
