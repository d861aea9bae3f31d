"""An amount that belongs to several bookings, such as a provider's fee on a payment that was taken for them all."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from travellr_desktop.domain.money import Money, spread, sum_money

_Key = TypeVar("_Key", bound=Hashable)


def spread_over(amount: Money, parts: Mapping[_Key, Money]) -> dict[_Key, Money]:
    """`amount` in proportion to `parts`, by largest remainder: the parts add up to it exactly, and the first of
    equals is served first. Every key is in the answer, with zero where nothing falls to it.

    The parts may be in another currency than the amount (a fee is taken in the currency of settlement), but are
    all of one. Raises `CurrencyMismatch` if not, `InvalidInput` for amounts below zero, or where there is an
    amount and nothing to put it on.
    """
    weights = list(parts.values())
    if weights:
        sum_money(weights, weights[0].currency)  # of one currency
    shares = spread(amount.minor, [weight.minor for weight in weights])
    return {key: Money(share, amount.currency) for key, share in zip(parts, shares, strict=True)}
