"""A booking's money in plain numbers, kept without the books."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from uuid import UUID

from travellr_desktop.domain.commission import Split
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import RefundedSoFar
from travellr_desktop.domain.states import BookingState


def rounded(exact: Fraction) -> int:
    """Of an amount that is not below zero."""
    return floor(exact + Fraction(1, 2))


@dataclass
class Known:
    """`earned` is the price of a trip that was done, `taken_back` what went back of it; `by_card` is what a bank may
    still take back; `charged` the part of `lost` that was promised already; `written_off` is each debt that was, the
    newest last."""

    price: int
    rate: int
    id: UUID = field(default_factory=new_id)
    state: BookingState = BookingState.CONFIRMED
    paid: int = 0
    by_card: int = 0
    funds: int = 0
    receivable: int = 0
    kept: int = 0
    promised: int = 0
    owed: int = 0
    sent: int = 0
    credited: int = 0
    disputed: int = 0
    lost: int = 0
    charged: int = 0
    goodwill: int = 0
    earned: int = 0
    taken_back: int = 0
    overpaid: int = 0
    written_off: list[int] = field(default_factory=list)
    kept_split: Split = field(default_factory=lambda: Split(0, 0))
    kept_lost: Split = field(default_factory=lambda: Split(0, 0))

    @property
    def is_open(self) -> bool:
        return self.state is BookingState.CONFIRMED

    @property
    def unpaid(self) -> int:
        return max(self.price - self.funds, 0) if self.is_open else 0

    @property
    def due(self) -> int:
        return self.unpaid + self.receivable

    @property
    def refundable(self) -> int:
        return 0 if self.disputed else max(self.paid - self.promised - self.lost + self.charged, 0)

    @property
    def may_be_promised(self) -> int:
        """Of one that stands."""
        return min(self.funds, self.refundable) if self.is_open else 0

    @property
    def may_be_given_up(self) -> int:
        return min(self.earned - self.taken_back, self.refundable)

    @property
    def may_be_kind(self) -> int:
        return 0 if self.is_open else self.refundable

    @property
    def may_be_disputed(self) -> int:
        return 0 if self.disputed else self.by_card

    @property
    def kept_left(self) -> int:
        return self.kept - self.kept_lost.net - self.kept_lost.commission

    @property
    def commission_given_up(self) -> int:
        """Of what was taken back, as if at once; with the last of it all."""
        whole = rounded(Fraction(self.earned * self.rate, 10_000))
        if self.taken_back == self.earned:
            return whole
        return min(rounded(Fraction(self.taken_back * self.rate, 10_000)), whole)

    @property
    def before(self) -> RefundedSoFar:
        return RefundedSoFar(self.taken_back, self.commission_given_up)

    def promise(self, amount: int) -> None:
        self.promised += amount
        self.owed += amount

    def lose(self, kept_by_vendor: int) -> None:
        """The open dispute is lost, `kept_by_vendor` of it out of what the vendor had of what was kept."""
        amount, self.disputed = self.disputed, 0
        self.by_card -= amount
        self.lost += amount
        part = min(amount, self.owed)
        self.charged += part
        self.owed -= part
        amount -= part
        part = min(amount, self.overpaid)
        self.overpaid -= part
        amount -= part
        part = min(amount, self.funds)
        self.funds -= part
        amount -= part
        part = min(amount, self.earned - self.taken_back)
        self.taken_back += part
        amount -= part
        part = min(amount, self.kept_left)
        had = self.kept_lost
        self.kept_lost = Split(had.commission + part - kept_by_vendor, had.net + kept_by_vendor)
        self.receivable += amount - part
