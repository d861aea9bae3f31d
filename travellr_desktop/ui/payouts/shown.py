"""A batch in sums, whether it is a draft or was approved: what its head, its totals and its tickets say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.figures import Figures
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.payouts.batch_rows import BatchSums, CurrencySums, StateSum
from travellr_desktop.services.payouts.views import CurrencyRun, DryRun

GONE = frozenset({PayoutState.PAID, PayoutState.REVERSED, PayoutState.RETURNED})
PARTS = ("refunds", "adjustments", "carried_in")
"""Figures whose columns are shown where there is something in them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A batch in one currency: how many are `paid` and `left` out. `parts` names the figures that are not nothing for
    at least one who is paid. A draft has no `states` yet; `apart` is what of its vendors is held or disputed,
    and `rest` what is less than the provider pays and goes to the next batch."""

    currency: str
    paid: int = 0
    left: int = 0
    total: Figures = field(default_factory=Figures)
    amount_minor: int = 0
    left_minor: int = 0
    parts: frozenset[str] = frozenset()
    by_bank: int = 0
    states: tuple[StateSum, ...] = ()
    apart_minor: int = 0
    rest_minor: int = 0

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def left_amount(self) -> Money:
        return Money(self.left_minor, self.currency)

    @property
    def apart(self) -> Money:
        return Money(self.apart_minor, self.currency)

    @property
    def rest(self) -> Money:
        return Money(self.rest_minor, self.currency)

    def amount_in(self, among: Iterable[PayoutState], way: PayoutWay | None = None) -> Money:
        """What of the payouts is in these states, and goes that way."""
        return Money(sum(each.amount.minor for each in self._in(among, way)), self.currency)

    def number_in(self, among: Iterable[PayoutState], way: PayoutWay | None = None) -> int:
        return sum(each.payouts for each in self._in(among, way))

    def _in(self, among: Iterable[PayoutState], way: PayoutWay | None) -> list[StateSum]:
        states = frozenset(among)
        return [each for each in self.states if each.state in states and way in (None, each.way)]


def of_draft(run: DryRun) -> tuple[Shown, ...]:
    """A dry run by currency; that in which most are paid first. Goes over all rows: not for the window's thread."""
    return _sorted(_of_run(each) for each in run.currencies)


def of_batch(sums: BatchSums) -> tuple[Shown, ...]:
    """An approved batch by currency, in the same order."""
    return _sorted(_of_sums(each) for each in sums.currencies)


def _of_run(run: CurrencyRun) -> Shown:
    return Shown(
        run.currency,
        paid=len(run.rows),
        left=len(run.left),
        total=run.total,
        amount_minor=run.to_pay.minor,
        left_minor=run.would_be.minor,
        parts=frozenset(name for name in PARTS if any(getattr(row.figures, name) for row in run.rows)),
        by_bank=sum(row.way is PayoutWay.BANK for row in run.rows),
        apart_minor=sum(row.held.minor + row.disputed.minor for row in run.rows),
        rest_minor=sum(row.rest.minor for row in run.rows),
    )


def _of_sums(sums: CurrencySums) -> Shown:
    return Shown(
        sums.currency,
        paid=sums.payouts,
        left=sums.left,
        total=sums.told,
        amount_minor=sums.amount.minor,
        left_minor=sums.left_amount.minor,
        parts=sums.parts,
        by_bank=sum(each.payouts for each in sums.states if each.way is PayoutWay.BANK),
        states=sums.states,
    )


def _sorted(found: Iterable[Shown]) -> tuple[Shown, ...]:
    return tuple(sorted(found, key=lambda each: (-each.paid, -each.left, each.currency)))
