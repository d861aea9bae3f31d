"""How near one trip comes to another that cannot be had: by place, length, price and day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from travellr_desktop.domain.money import Money

OTHER_PLACE, OTHER_COUNTRY = 1.0, 2.0
"""How far another place is, within the country and beyond it: as far as a trip of e times the length or price."""
A_DAY = 0.4
OTHER_CURRENCY = 1.0
"""Amounts in two currencies are not compared."""
FURTHEST = 3.0
"""No more than this for length, and for price, so that one of them does not decide alone."""


@dataclass(frozen=True, slots=True)
class TripLike:
    """What is compared. `price` is that of one adult on the day; `minutes` is how long the trip takes."""

    place: str
    country: str
    minutes: int
    price: Money
    day: date


def distance(wanted: TripLike, other: TripLike) -> float:
    """0 for the same in every respect, more the less alike; the same from either side."""
    return (
        _place(wanted, other)
        + _ratio(wanted.minutes, other.minutes)
        + _price(wanted.price, other.price)
        + A_DAY * abs((wanted.day - other.day).days)
    )


def _place(wanted: TripLike, other: TripLike) -> float:
    if wanted.country != other.country:
        return OTHER_COUNTRY
    return 0.0 if wanted.place == other.place else OTHER_PLACE


def _price(wanted: Money, other: Money) -> float:
    if wanted.currency != other.currency:
        return OTHER_CURRENCY
    return _ratio(wanted.minor, other.minor)


def _ratio(one: int, two: int) -> float:
    """How often one goes into the other, as a power of e: 50 and 100 are as far apart as 100 and 200."""
    if one == two:
        return 0.0
    if min(one, two) <= 0:
        return FURTHEST
    return min(math.log(max(one, two) / min(one, two)), FURTHEST)
