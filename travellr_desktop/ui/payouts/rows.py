"""The rows of a batch, whether it is a draft or was approved: who is paid, and who is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.figures import Figures, total
from travellr_desktop.domain.payouts.words import LeftOut, PayoutWay
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.payouts.means import means
from travellr_desktop.services.payouts.views import (
    NEXT_STEP,
    BatchDetail,
    BatchLeft,
    BatchPayout,
    DryRun,
    LeftRow,
    NextStep,
    PayRow,
)
from travellr_desktop.ui.payouts.words import say
from travellr_desktop.ui.records.words import Words

GONE = frozenset({PayoutState.PAID, PayoutState.REVERSED, PayoutState.RETURNED})


@dataclass(frozen=True, slots=True)
class PaidRow:
    """A vendor who is paid, in one currency. `figures` are None of a payout without a statement; `payout` of a draft.
    `held` and `disputed` are beside it, in no batch now; `rest` is less than the provider pays, for the next."""

    id: tuple[UUID, str]
    vendor_id: UUID
    name: str
    currency: str
    amount: Money
    way: PayoutWay
    label: str
    figures: Figures | None
    payout: BatchPayout | None = None
    held: Money | None = None
    disputed: Money | None = None
    rest: Money | None = None
    free_at: datetime | None = None

    def part(self, name: str) -> Money | None:
        """One of the figures; None where it is not known, or nothing."""
        minor = 0 if self.figures is None else int(getattr(self.figures, name))
        return Money(minor, self.currency) if minor else None


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A vendor who is left out, in one currency. `says` is what it means; a batch that was approved asks for no next
    step any more."""

    id: tuple[UUID, str]
    vendor_id: UUID
    name: str
    amount: Money
    reason: LeftOut
    says: str
    step: NextStep
    dispute: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A batch in one currency."""

    currency: str
    paid: tuple[PaidRow, ...]
    left: tuple[LeftLine, ...]

    @property
    def total(self) -> Figures:
        return total(row.figures for row in self.paid if row.figures is not None)

    @property
    def amount(self) -> Money:
        return _sum((row.amount for row in self.paid), self.currency)

    @property
    def left_amount(self) -> Money:
        return _sum((row.amount for row in self.left), self.currency)

    def amount_in(self, states: Iterable[PayoutState]) -> Money:
        """What of the payouts is in these states."""
        among = set(states)
        rows = (row.amount for row in self.paid if row.payout is not None and row.payout.state in among)
        return _sum(rows, self.currency)

    def number_in(self, states: Iterable[PayoutState]) -> int:
        among = set(states)
        return sum(row.payout is not None and row.payout.state in among for row in self.paid)


def of_draft(run: DryRun, words: Words) -> tuple[Shown, ...]:
    """A dry run by currency; that in which most is paid first."""
    found = [
        Shown(
            each.currency,
            tuple(_pay_row(row) for row in each.rows),
            tuple(_left_row(row, words) for row in each.left),
        )
        for each in run.currencies
    ]
    return _sorted(found)


def of_batch(detail: BatchDetail) -> tuple[Shown, ...]:
    """An approved batch by currency. Of a payout that was tried again the last try is shown."""
    codes = dict.fromkeys(
        [each.amount.currency for each in detail.payouts] + [each.amount.currency for each in detail.left]
    )
    found = [
        Shown(
            code,
            tuple(
                _payout_row(each)
                for each in detail.payouts
                if each.amount.currency == code and not each.stood_for
            ),
            tuple(_left_then(each) for each in detail.left if each.amount.currency == code),
        )
        for code in codes
    ]
    return _sorted(found)


def _sorted(found: list[Shown]) -> tuple[Shown, ...]:
    return tuple(sorted(found, key=lambda each: (-len(each.paid), -len(each.left), each.currency)))


def _pay_row(row: PayRow) -> PaidRow:
    return PaidRow(
        id=(row.vendor_id, row.currency),
        vendor_id=row.vendor_id,
        name=row.name,
        currency=row.currency,
        amount=row.to_pay,
        way=row.way,
        label=row.label,
        figures=row.figures,
        held=row.held,
        disputed=row.disputed,
        rest=row.rest,
        free_at=row.free_at,
    )


def _payout_row(payout: BatchPayout) -> PaidRow:
    return PaidRow(
        id=(payout.vendor_id, payout.amount.currency),
        vendor_id=payout.vendor_id,
        name=payout.name,
        currency=payout.amount.currency,
        amount=payout.amount,
        way=payout.way,
        label=payout.label,
        figures=None if payout.told is None else payout.told.figures,
        payout=payout,
    )


def _left_row(row: LeftRow, words: Words) -> LeftLine:
    return LeftLine(
        id=(row.vendor_id, row.currency),
        vendor_id=row.vendor_id,
        name=row.name,
        amount=row.would_be,
        reason=row.reason,
        says=say(means(row, words.money, words.day)),
        step=row.next_step,
        dispute=row.detail if row.next_step is NextStep.OPEN_DISPUTE else "",
    )


def _left_then(row: BatchLeft) -> LeftLine:
    """Who was left out when it was approved: for good, of this batch."""
    says = {
        LeftOut.BELOW_MINIMUM: say("Below the minimum. Carried to the next batch."),
        LeftOut.NEGATIVE: say("More was taken back than earned. Carried to the next batch."),
        LeftOut.HOLDBACK: say("Was not free to be paid yet."),
        LeftOut.NO_ACCOUNT: say("There was no payout account on file."),
        LeftOut.NO_MINIMUM: say("No minimum was known for this currency."),
        LeftOut.DISPUTED: say("A bank had not decided yet: {0}.").format(row.detail),
        LeftOut.DOCUMENT_MISSING: say("Missing, or run out: {0}.").format(row.detail.replace("_", " ")),
        LeftOut.ACCOUNT_NOT_READY: say("The provider: {0}").format(row.detail),
    }.get(row.reason, row.detail or say("The next batch looks at it again."))
    step = NEXT_STEP[row.reason]
    return LeftLine(
        id=(row.vendor_id, row.amount.currency),
        vendor_id=row.vendor_id,
        name=row.name,
        amount=row.amount,
        reason=row.reason,
        says=says,
        step=NextStep.NOTHING if step in (NextStep.TAKE_IN, NextStep.WAIT_FOR_FUNDS) else step,
        dispute=row.detail if step is NextStep.OPEN_DISPUTE else "",
    )


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return Money(sum(each.minor for each in amounts), currency)
