"""How a price is divided between the agency and the vendor.

A discount that the agency alone bears leaves the vendor's part as if it had not been given: both are reckoned on
the price before it, and the agency pays the discount out of its commission.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from travellr_desktop.domain.money import round_ratio, share
from travellr_desktop.errors import InvalidInput

DEFAULT_BPS = 2_000
"""The agency's share where nothing else is agreed: 20 %, in basis points."""


@dataclass(frozen=True, slots=True)
class Split:
    """The two parts of an amount, in its minor units: what the agency earns, and what the vendor gets."""

    commission: int
    net: int


def split(price: int, bps: int = DEFAULT_BPS, own: int = 0) -> Split:
    """Divide `price` (minor units, zero or more), from which `own` was taken off at the agency's cost: the
    commission is rounded once, the vendor has the rest. The vendor never has more than the price."""
    if price < 0 or own < 0:
        raise InvalidInput("A price below zero has no commission.", field="price")
    before = price + own
    net = min(before - share(before, bps), price)
    return Split(price - net, net)


def own_part(part: int, price: int, own: int) -> int:
    """What of the agency's own discount `own` on `price` goes with `part` of it, in proportion."""
    if not 0 <= part <= price:
        raise InvalidInput(f"{part} is not a part of {price}.", field="price")
    return round_ratio(own * part, price) if price else 0


def split_part(part: int, price: int, bps: int = DEFAULT_BPS, own: int = 0) -> Split:
    """Divide what is left of a price: `part` of `price`, from which `own` was taken off at the agency's cost."""
    return split(part, bps, own_part(part, price, own))


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of a price, or of a traveller's: `kept` of `price`, in which `fixed_fee` is wholly the agency's;
    `own` is the discount on that price that the agency alone bears. Minor units."""

    kept: int
    price: int
    fixed_fee: int = 0
    own: int = 0


def kept_share(parts: Iterable[Kept], commission_bps: int) -> int:
    """What the vendor gets of everything that was kept of a booking: reckoned once on the sum, so that many small
    parts give what one big one would."""
    whole, own = 0, 0
    for part in parts:
        whole += part.kept - part.fixed_fee
        own += own_part(part.kept - part.fixed_fee, part.price, part.own)
    return split(whole, commission_bps, own).net


def kept_split(now: Kept, before: Sequence[Kept], already: int, commission_bps: int) -> Split:
    """How what is kept now is divided, after `before` of the same booking, of which the vendor has `already`:
    cumulatively, never less than nothing to either."""
    due = kept_share((*before, now), commission_bps) - already
    net = max(min(due, now.kept - now.fixed_fee), 0)
    return Split(now.kept - net, net)
