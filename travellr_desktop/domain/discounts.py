"""What is taken off a price: how much, who bears it, and how it is spread over the travellers.

Amounts are minor units of one currency. A *list price* is what a traveller would pay without any discount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from travellr_desktop.domain.money import WHOLE_BPS, share, spread
from travellr_desktop.errors import InvalidInput


class DiscountKind(StrEnum):
    PERCENT = "percent"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Terms:
    """A discount as it is given: `bps` of the price, or `amount`; exactly one of the two is above zero.

    `own`: the agency alone bears it; else the vendor bears their share of it. Raises `InvalidInput`.
    """

    kind: DiscountKind
    bps: int = 0
    amount: int = 0
    own: bool = False

    def __post_init__(self) -> None:
        value, other = (
            (self.bps, self.amount) if self.kind is DiscountKind.PERCENT else (self.amount, self.bps)
        )
        if type(value) is not int or value <= 0 or other != 0:
            raise InvalidInput("A discount takes something off.", field="discount")
        if self.bps > WHOLE_BPS:
            raise InvalidInput("A discount is 100 % at the most.", field="discount")


@dataclass(frozen=True, slots=True)
class Off:
    """What is taken off one line: all of it, and the part that the agency alone bears."""

    discount: int = 0
    own: int = 0


def spread_over(terms: Terms, prices: Sequence[int]) -> list[int]:
    """What `terms` take off each of these prices: reckoned on their sum, spread over them by largest remainder,
    never more than a price itself."""
    whole = sum(prices)
    total = share(whole, terms.bps) if terms.kind is DiscountKind.PERCENT else min(terms.amount, whole)
    return spread(total, prices)


def combine(parts: Sequence[tuple[Terms, Sequence[int]]], lines: int) -> list[Off]:
    """What several discounts take off each of a number of lines together; each has a part a line."""
    found = [Off() for _ in range(lines)]
    for terms, taken in parts:
        found = [
            Off(off.discount + part, off.own + (part if terms.own else 0))
            for off, part in zip(found, taken, strict=True)
        ]
    return found


def taken_again(
    given: Sequence[tuple[Terms, Mapping[int, int]]], prices: Mapping[int, int]
) -> list[dict[int, int]]:
    """What the discounts of a booking take off lines whose list price is now another one: for each discount its new
    part on each of these lines.

    `given` are the discounts in the order in which they were given, each with its part on every line by the
    line's position; `prices` the new list prices by position. A percentage is reckoned anew, also for a line
    that had no part yet; an amount stays what it was on each line, as far as the price allows.
    """
    positions = list(prices)
    left = [prices[position] for position in positions]
    again: list[dict[int, int]] = []
    for terms, parts in given:
        if terms.kind is DiscountKind.PERCENT:
            taken = spread_over(terms, left)
        else:
            had = [parts.get(position, 0) for position in positions]
            taken = [min(part, price) for part, price in zip(had, left, strict=True)]
        left = [price - part for price, part in zip(left, taken, strict=True)]
        again.append(dict(zip(positions, taken, strict=True)))
    return again


def in_bps(discount: int, price: int) -> int:
    """How much of a list price a discount is, in basis points, rounded up: 0 where there is no price."""
    return -(-discount * WHOLE_BPS // price) if price else 0


def most_own(price: int, bps: int) -> int:
    """The most that the agency can bear alone of a price after all other discounts: its commission."""
    return share(price, bps)
