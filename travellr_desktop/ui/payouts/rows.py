"""The rows of a batch, whether it is a draft or was approved: who is paid, and who is left out.

They are made of what was read, a page of them at a time, on the thread that has read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.figures import Figures
from travellr_desktop.domain.payouts.words import LeftOut, PayoutWay
from travellr_desktop.services.payouts.batch_rows import LeftOutListRow, PayoutListRow, row_id
from travellr_desktop.services.payouts.means import means
from travellr_desktop.services.payouts.views import (
    NEXT_STEP,
    BatchPayout,
    LeftRow,
    NextStep,
    PayoutTold,
    PayRow,
)
from travellr_desktop.ui.payouts.words import say
from travellr_desktop.ui.records.words import Words


@dataclass(frozen=True, slots=True)
class PaidRow:
    """A vendor who is paid, in one currency. `figures` are None of a payout without a statement; `payout` of a draft.
    `held` and `disputed` are beside it, in no batch now; `rest` is less than the provider pays, for the next."""

    id: str
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

    id: str
    vendor_id: UUID
    name: str
    amount: Money
    reason: LeftOut
    says: str
    step: NextStep
    dispute: str = ""


def of_pay_row(row: PayRow) -> PaidRow:
    return PaidRow(
        id=row_id(row.vendor_id, row.currency),
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


def of_payout(row: PayoutListRow) -> PaidRow:
    told = None
    if row.told is not None and row.statement_id is not None:
        told = PayoutTold(row.statement_id, row.statement or "", row.told)
    payout = BatchPayout(
        id=row.payout_id,
        vendor_id=row.vendor_id,
        name=row.vendor,
        amount=row.amount,
        state=row.state,
        way=row.way,
        label=row.label,
        number=row.number,
        failure=row.failure,
        ended_at=row.ended_at,
        stood_for=False,
        told=told,
        taken_back=row.taken_back,
    )
    return PaidRow(
        id=row.id,
        vendor_id=row.vendor_id,
        name=row.vendor,
        currency=row.amount.currency,
        amount=row.amount,
        way=row.way,
        label=row.label,
        figures=row.told,
        payout=payout,
    )


def of_left_row(row: LeftRow, words: Words) -> LeftLine:
    return LeftLine(
        id=row_id(row.vendor_id, row.currency),
        vendor_id=row.vendor_id,
        name=row.name,
        amount=row.would_be,
        reason=row.reason,
        says=say(means(row, words.money, words.day)),
        step=row.next_step,
        dispute=row.detail if row.next_step is NextStep.OPEN_DISPUTE else "",
    )


def of_left_out(row: LeftOutListRow, words: Words) -> LeftLine:
    """Who was left out when it was approved: for good, of this batch."""
    below = say("Below the minimum. Carried to the next batch.")
    if row.minimum is not None and row.minimum.minor:
        below = say("Was below {0}. Carried to the next batch.").format(words.money(row.minimum))
    says = {
        LeftOut.BELOW_MINIMUM: below,
        LeftOut.INACTIVE: say("The vendor was deactivated. It stays owed."),
        LeftOut.NEGATIVE: say("Owes the agency. Carried to the next batch."),
        LeftOut.HOLDBACK: say("Was not free to be paid yet."),
        LeftOut.NO_ACCOUNT: say("There was no payout account on file."),
        LeftOut.NO_MINIMUM: say("No minimum was known for this currency."),
        LeftOut.DISPUTED: say("A bank was deciding: {0}.").format(row.detail),
        LeftOut.DOCUMENT_MISSING: say("Missing, or run out: {0}.").format(row.detail.replace("_", " ")),
        LeftOut.ACCOUNT_NOT_READY: say("The provider: {0}").format(row.detail),
    }.get(row.reason, row.detail or say("The next batch looks at it again."))
    step = NEXT_STEP[row.reason]
    return LeftLine(
        id=row.id,
        vendor_id=row.vendor_id,
        name=row.vendor,
        amount=row.amount,
        reason=row.reason,
        says=says,
        step=NextStep.NOTHING if step in (NextStep.TAKE_IN, NextStep.WAIT_FOR_FUNDS) else step,
        dispute=row.detail if step is NextStep.OPEN_DISPUTE else "",
    )
