"""A batch that was approved, in sums and in rows: what a window shows of it while it is sent, however many it pays.

Sums are read whole, and cost about the same for ten payouts as for thousands; rows are read a page at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.figures import Figures
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.paged import ListQuery, PagedRows
from travellr_desktop.services.payouts.batch_views import row_of
from travellr_desktop.services.payouts.run_views import RunFigures, figures_of
from travellr_desktop.services.payouts.views import BatchRow
from travellr_desktop.storage.paging import Snapshot, read_connection
from travellr_desktop.storage.repositories.lists_payouts import (
    DOWN,
    LAST_TRIES,
    LEFT_OUT,
    LEFT_OUT_OF_BATCH,
    PAYOUTS,
    PAYOUTS_OF_BATCH,
    LeftOutListRow,
    PayoutListRow,
    row_id,
)
from travellr_desktop.storage.repositories.payouts import ToldSum
from travellr_desktop.storage.uow import Database

__all__ = ["DOWN", "BatchRowService", "BatchSums", "LeftOutListRow", "PayoutListRow", "StateSum", "row_id"]


@dataclass(frozen=True, slots=True)
class StateSum:
    """Payouts in one state, by one way: how many, and what they come to."""

    state: PayoutState
    way: PayoutWay
    payouts: int
    amount: Money


@dataclass(frozen=True, slots=True)
class CurrencySums:
    """A batch in one currency. `told` adds up what the statements of its payouts say, and `parts` names the figures
    that are not nothing for at least one of them. `left` were left out, with `left_amount`."""

    currency: str
    states: tuple[StateSum, ...]
    told: Figures
    parts: frozenset[str]
    left: int
    left_amount: Money

    @property
    def payouts(self) -> int:
        return sum(each.payouts for each in self.states)

    @property
    def amount(self) -> Money:
        return self.amount_in(PayoutState)

    def amount_in(self, among: Iterable[PayoutState]) -> Money:
        """What of the payouts is in these states."""
        states = frozenset(among)
        return Money(sum(each.amount.minor for each in self.states if each.state in states), self.currency)


@dataclass(frozen=True, slots=True)
class BatchSums:
    """A batch as it stands. A payout that failed and its retry count as one."""

    batch: BatchRow
    figures: RunFigures
    currencies: tuple[CurrencySums, ...]


class BatchRowService:
    def __init__(self, database: Database) -> None:
        self._db = database
        self._connect = partial(read_connection, database.path)

    def sums(self, actor: Actor, batch_id: UUID) -> BatchSums:
        """Raises `NotFound`. A draft has none."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            row = row_of(view, view.batches.get(batch_id))
            states: dict[str, list[StateSum]] = {}
            for each in view.batches.paid_sums([batch_id]).get(batch_id, []):
                amount = Money(each.amount, each.currency)
                one = StateSum(each.state, each.way, each.count, amount)
                states.setdefault(each.currency, []).append(one)
            left = view.batches.left_sums(batch_id)
            told = view.batches.told_sums(batch_id)
            figures = figures_of(view, batch_id)
        return BatchSums(
            row,
            figures,
            tuple(
                CurrencySums(
                    code,
                    tuple(states.get(code, ())),
                    *_told(told.get(code)),
                    left.get(code, (0, 0))[0],
                    Money(left.get(code, (0, 0))[1], code),
                )
                for code in sorted({*states, *left})
            ),
        )

    def payouts(self, actor: Actor, batch_id: UUID, query: ListQuery) -> PagedRows[PayoutListRow]:
        """Its payouts, of each the last try. Columns of figures are sorted downwards by their key with `DOWN`."""
        require(actor, Permission.PAYOUT_READ)
        return Snapshot(self._connect, PAYOUTS, query, scope=(PAYOUTS_OF_BATCH(batch_id), LAST_TRIES))

    def left_out(self, actor: Actor, batch_id: UUID, query: ListQuery) -> PagedRows[LeftOutListRow]:
        """Who was left out when it was approved. Sorted as `payouts`."""
        require(actor, Permission.PAYOUT_READ)
        return Snapshot(self._connect, LEFT_OUT, query, scope=(LEFT_OUT_OF_BATCH(batch_id),))


def _told(found: ToldSum | None) -> tuple[Figures, frozenset[str]]:
    return (Figures(), frozenset()) if found is None else (found.figures, found.parts)
