"""What a vendor's open lines come to in a batch. Minor units of one currency, with the sign with which they count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from travellr_desktop.domain.payouts.words import LinePart


class PartSum(NamedTuple):
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
    share of what was taken back; `adjustments` what was agreed by hand, earlier payouts that did not arrive, and what
    was less than the provider pays and went from one payout to the next. What stood on an earlier statement counts in
    `carried_in` alone, and its bookings are not counted again."""

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

    def in_steps(self, step: int) -> Figures:
        """What can be paid of it where only whole steps are: the rest is taken off, and goes to the next payout."""
        rest = self.to_pay % step if self.to_pay > 0 else 0
        return replace(self, adjustments=self.adjustments - rest) if rest else self

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


_GIVEN = (LinePart.CHARGE, LinePart.MORE, LinePart.AGAIN)


def figures(sums: Iterable[PartSum], *, again: int = 0) -> Figures:
    """What sums of a vendor's lines come to. `again`: bookings whose first line is not here, only what they gave at
    another time."""
    bookings, lines, gross, commission, refunds, adjustments, carried_in = again, 0, 0, 0, 0, 0, 0
    for each in sums:
        lines += each.lines
        part = each.part
        if each.carried:
            carried_in += each.amount
        elif part in _GIVEN:
            bookings += each.lines if part is LinePart.CHARGE else 0
            gross += each.amount + each.commission
            commission += each.commission
        elif part is LinePart.REFUND:
            refunds += each.amount
        else:
            adjustments += each.amount
    return Figures(bookings, lines, gross, -commission, refunds, adjustments, carried_in)


def total(every: Iterable[Figures]) -> Figures:
    """The foot of a table; all of one currency."""
    return sum(every, Figures())


@dataclass(frozen=True, slots=True)
class Apart:
    """Open lines that are in no batch now: how many, and what they come to."""

    amount: int = 0
    lines: int = 0


NONE_APART = Apart()
