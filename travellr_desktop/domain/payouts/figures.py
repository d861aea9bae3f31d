"""What a vendor's open lines come to in a batch. Minor units of one currency, with the sign with which they count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from travellr_desktop.domain.payouts.words import LinePart

_GIVEN = frozenset({LinePart.CHARGE, LinePart.MORE})
_TAKEN = frozenset({LinePart.REFUND})


@dataclass(frozen=True, slots=True)
class PartSum:
    """Lines of one part added up: how many, the vendor's `amount` and the agency's `commission` that goes with it.
    `carried`: they stood on an earlier statement."""

    part: LinePart
    amount: int
    commission: int = 0
    lines: int = 1
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """How what is to be paid comes about: gross + commission + refunds + adjustments + carried in.

    `gross` is what travellers paid for; `commission`, below zero, what the agency keeps of it; `refunds` the vendor's
    share of what was taken back; `adjustments` what was agreed by hand, and earlier payouts that did not arrive. What
    stood on an earlier statement counts in `carried_in` alone, and its bookings are not counted again."""

    bookings: int = 0
    lines: int = 0
    gross: int = 0
    commission: int = 0
    refunds: int = 0
    adjustments: int = 0
    carried_in: int = 0

    @property
    def to_pay(self) -> int:
        return self.gross + self.commission + self.refunds + self.adjustments + self.carried_in

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.bookings + other.bookings,
            self.lines + other.lines,
            self.gross + other.gross,
            self.commission + other.commission,
            self.refunds + other.refunds,
            self.adjustments + other.adjustments,
            self.carried_in + other.carried_in,
        )


def figures(sums: Iterable[PartSum], *, more: int = 0) -> Figures:
    """What sums of a vendor's lines come to. `more`: bookings that are here with other lines than their first alone."""
    found = tuple(sums)
    new = [each for each in found if not each.carried]
    given = [each for each in new if each.part in _GIVEN]
    commission = sum(each.commission for each in given)
    return Figures(
        bookings=sum(each.lines for each in given if each.part is LinePart.CHARGE) + more,
        lines=sum(each.lines for each in found),
        gross=sum(each.amount for each in given) + commission,
        commission=-commission,
        refunds=sum(each.amount for each in new if each.part in _TAKEN),
        adjustments=sum(each.amount for each in new if each.part not in _GIVEN | _TAKEN),
        carried_in=sum(each.amount for each in found if each.carried),
    )


def total(every: Iterable[Figures]) -> Figures:
    """The foot of a table; all of one currency."""
    return sum(every, Figures())


@dataclass(frozen=True, slots=True)
class Apart:
    """Open lines that are in no batch now: how many, and what they come to."""

    amount: int = 0
    lines: int = 0


NONE_APART = Apart()
