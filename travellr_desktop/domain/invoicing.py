"""What is to be invoiced of a booking, and what of its invoices is to be credited: always the difference between what
it comes to and what was invoiced of it so far.

Amounts are gross minor units of one currency. A price has its tax in it. The tax of a booking at a rate is rounded
once, on all that is invoiced of it by then, and a document has what is new of that: so many small documents state the
tax that one large one would, to the unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.money import WHOLE_BPS, check_bps, round_ratio, spread
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.errors import InvalidInput


class InvoiceKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


SERIES: Mapping[InvoiceKind, str] = {InvoiceKind.INVOICE: "IV", InvoiceKind.CREDIT_NOTE: "CN"}
"""The number series of each: `IV-2026-000001`."""


class Item(StrEnum):
    """What a line is for: travellers of a type, what was kept of a price that is not travelled for, or a change that
    cannot be told line by line."""

    ADULT = "adult"
    CHILD = "child"
    INFANT = "infant"
    KEPT = "kept"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Worth:
    """`quantity` of one item come to `gross`."""

    item: Item
    quantity: int
    gross: int


@dataclass(frozen=True, slots=True)
class Position:
    """A line of a document: `gross` with `tax` in it, which is `tax_bps` of the net amount. In what was invoiced so
    far, a line of a credit note has quantity and amounts below zero."""

    item: Item
    quantity: int
    tax_bps: int
    gross: int
    tax: int

    @property
    def net(self) -> int:
        return self.gross - self.tax


@dataclass(frozen=True, slots=True)
class OpenOf:
    """What is open of one booking: to be invoiced, and to be credited; amounts above zero on either side."""

    invoice: tuple[Position, ...] = ()
    credit: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class RateSum:
    """All that a document has at one rate."""

    tax_bps: int
    net: int
    tax: int
    gross: int


def included_tax(gross: int, tax_bps: int) -> int:
    """The tax within a gross amount, rounded once."""
    return round_ratio(gross * check_bps(tax_bps), WHOLE_BPS + tax_bps)


def worth(
    prices: Iterable[tuple[TravellerType, int]], *, kept: int = 0, given_back: int = 0
) -> tuple[Worth, ...]:
    """What a booking comes to: the prices of who travels, by type, and what was kept of who does not; what was given
    back beyond that makes each of it less, in proportion. What costs nothing is no line. Raises `InvalidInput` for
    an amount below zero."""
    counted: dict[Item, tuple[int, int]] = {}
    for kind, price in prices:
        number, gross = counted.get(Item(kind.value), (0, 0))
        counted[Item(kind.value)] = (number + 1, gross + price)
    counted[Item.KEPT] = (1, kept)
    if given_back < 0 or any(gross < 0 for _number, gross in counted.values()):
        raise InvalidInput("Nothing below zero is invoiced.", field="amount")
    found = [Worth(item, *counted[item]) for item in Item if item in counted and counted[item][1]]
    whole = sum(each.gross for each in found)
    left = spread(max(whole - given_back, 0), [each.gross for each in found])
    return tuple(
        Worth(each.item, each.quantity, gross) for each, gross in zip(found, left, strict=True) if gross
    )


def open_of(now: Sequence[Worth], tax_bps: int, so_far: Sequence[Position]) -> OpenOf:
    """What is to be invoiced and credited for a booking that comes to `now` at the rate `tax_bps`, when `so_far` is on
    its invoices and credit notes. A booking whose rate became another one is credited at the old rate and invoiced at
    the new one."""
    invoice: list[Position] = []
    credit: list[Position] = []
    rates = {tax_bps, *(each.tax_bps for each in so_far)}
    for rate in sorted(rates, reverse=True):
        wanted = now if rate == tax_bps else ()
        done = [each for each in so_far if each.tax_bps == rate]
        before = sum(each.gross for each in done)
        change = sum(each.gross for each in wanted) - before
        if not change:
            continue
        tax = included_tax(before + change, rate) - sum(each.tax for each in done)
        parts = _parts(wanted, done, change)
        tax = min(max(tax if change > 0 else -tax, 0), abs(change))
        (invoice if change > 0 else credit).extend(_taxed(parts, rate, tax))
    return OpenOf(tuple(invoice), tuple(credit))


def _parts(wanted: Sequence[Worth], done: Sequence[Position], change: int) -> list[Worth]:
    """A difference item by item, where all of them went the same way; else in one line."""
    numbers: defaultdict[Item, int] = defaultdict(int)
    amounts: defaultdict[Item, int] = defaultdict(int)
    for each in wanted:
        numbers[each.item] += each.quantity
        amounts[each.item] += each.gross
    for before in done:
        numbers[before.item] -= before.quantity
        amounts[before.item] -= before.gross
    moved = [item for item in Item if amounts[item]]
    if any((amounts[item] > 0) is not (change > 0) for item in moved):
        return [Worth(Item.CHANGE, 1, abs(change))]
    told = all(numbers[item] and (numbers[item] > 0) is (change > 0) for item in moved)
    if not told:  # the same travellers at another price
        return [Worth(Item.CHANGE, 1, abs(change))]
    return [Worth(item, abs(numbers[item]), abs(amounts[item])) for item in moved]


def _taxed(parts: Sequence[Worth], tax_bps: int, tax: int) -> list[Position]:
    taxes = spread(tax, [each.gross for each in parts])
    return [
        Position(each.item, each.quantity, tax_bps, each.gross, part)
        for each, part in zip(parts, taxes, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Left:
    """What of a booking at a rate is left on one invoice, after its credit notes."""

    invoice_id: UUID
    gross: int
    tax: int


def credited_on(wanted: Sequence[Position], lefts: Sequence[Left]) -> tuple[tuple[UUID, Position], ...]:
    """On which invoices what is to be credited of one booking at one rate is credited: `lefts` in their order, on
    none more than is left on it. Raises `InvalidInput` where together there is not as much left."""
    gross, tax = sum(each.gross for each in wanted), sum(each.tax for each in wanted)
    if not wanted or gross > sum(each.gross for each in lefts):
        raise InvalidInput("There is not that much left on any invoice.", field="amount")
    found: list[tuple[UUID, Position]] = []
    for left in lefts:
        part = min(gross, left.gross)
        if not part:
            continue
        # what is credited to the end leaves no tax behind; what is left of it is never less than its tax
        least = left.tax - (left.gross - part)
        own = max(min(max(tax, 0), left.tax, part), least)
        if part == gross and not found:
            same = _taxed([Worth(p.item, p.quantity, p.gross) for p in wanted], wanted[0].tax_bps, own)
            return tuple((left.invoice_id, position) for position in same)
        found.append((left.invoice_id, Position(Item.CHANGE, 1, wanted[0].tax_bps, part, own)))
        gross, tax = gross - part, tax - own
    return tuple(found)


def by_rate(lines: Iterable[Position]) -> tuple[RateSum, ...]:
    """The table at the foot of a document: net, tax and gross at each rate, the highest first."""
    sums: dict[int, tuple[int, int]] = {}
    for line in lines:
        gross, tax = sums.get(line.tax_bps, (0, 0))
        sums[line.tax_bps] = (gross + line.gross, tax + line.tax)
    return tuple(
        RateSum(rate, gross - tax, tax, gross) for rate, (gross, tax) in sorted(sums.items(), reverse=True)
    )
