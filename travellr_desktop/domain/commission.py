"""How a price is divided between the agency and the vendor."""

from __future__ import annotations

from dataclasses import dataclass

from travellr_desktop.domain.money import share
from travellr_desktop.errors import InvalidInput

DEFAULT_BPS = 2_000
"""The agency's share where nothing else is agreed: 20 %, in basis points."""


@dataclass(frozen=True, slots=True)
class Split:
    """The two parts of an amount, in its minor units: what the agency earns, and what the vendor gets."""

    commission: int
    net: int


def split(price: int, bps: int = DEFAULT_BPS) -> Split:
    """Divide `price` (minor units, zero or more): the commission is rounded once, the vendor has the rest."""
    if price < 0:
        raise InvalidInput("A price below zero has no commission.", field="price")
    commission = share(price, bps)
    return Split(commission, price - commission)
