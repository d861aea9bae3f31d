"""Amounts as Stripe counts them, from and to ours.

Ours follow ISO 4217; Stripe has its own list of currencies without decimals, keeps two decimals for some that have
none, and takes three-decimal amounts only where the last digit is zero (https://docs.stripe.com/currencies).
"""

from __future__ import annotations

from travellr_desktop.domain.money import Money, decimals
from travellr_desktop.payments.gateway import AmountNotPossible

_NO_DECIMALS = frozenset(
    {
        *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"),
        *("PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"),
    }
)
_THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
# nothing below a whole unit is taken, although the amount is sent with two decimals
_TWO_DECIMALS_IN_NAME = frozenset({"ISK", "UGX"})


def to_stripe(money: Money) -> int:
    """The amount in Stripe's units. Raises `AmountNotPossible` where it is not above zero or Stripe has no such
    amount."""
    if type(money.minor) is not int:  # the library would send a float as it is
        raise AmountNotPossible("An amount is a whole number of minor units.")
    if money.minor <= 0:
        raise AmountNotPossible("The amount must be above zero.")
    ours, theirs = decimals(money.currency), _decimals_at_stripe(money.currency)
    amount, rest = _scaled(money.minor, ours, theirs)
    if rest or amount % _step(money.currency):
        raise AmountNotPossible(
            f"The payment service takes {money.currency} in larger steps than this amount has.",
            hint="Round the amount.",
        )
    return amount


def step_of(currency: str) -> int:
    """The step, in our minor units, in which Stripe takes amounts of a currency. Raises `AmountNotPossible` where it
    takes none."""
    ours, theirs = decimals(currency), _decimals_at_stripe(currency)
    if ours >= theirs:
        return int(_step(currency) * 10 ** (ours - theirs))
    return max(int(_step(currency) // 10 ** (theirs - ours)), 1)


def from_stripe(amount: int, currency: str) -> Money:
    """Our amount for what Stripe sent. Raises `AmountNotPossible` where ours has no such amount."""
    code = currency.upper()
    ours, theirs = decimals(code), _decimals_at_stripe(code)
    minor, rest = _scaled(amount, theirs, ours)
    if rest:
        raise AmountNotPossible(
            f"The payment service sent {amount} {code}, which is not a whole amount here."
        )
    return Money(minor, code)


def _scaled(amount: int, from_decimals: int, to_decimals: int) -> tuple[int, int]:
    up, down = 10 ** max(to_decimals - from_decimals, 0), 10 ** max(from_decimals - to_decimals, 0)
    whole, rest = divmod(amount * int(up), int(down))
    return whole, rest


def _decimals_at_stripe(currency: str) -> int:
    if currency in _NO_DECIMALS:
        return 0
    if currency in _THREE_DECIMALS:
        return 3
    if currency in _TWO_DECIMALS_IN_NAME or decimals(currency) == 2:
        return 2
    raise AmountNotPossible(
        f"The payment service does not take {currency}.", hint="Take the payment another way."
    )


def _step(currency: str) -> int:
    if currency in _TWO_DECIMALS_IN_NAME:
        return 100
    return 10 if currency in _THREE_DECIMALS else 1
