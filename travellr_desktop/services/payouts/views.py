"""What people see of batches before they run: a dry run with everybody in it and everybody left out, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.figures import Figures
from travellr_desktop.domain.payouts.words import BatchKind, LeftOut, PayoutWay
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.services.matching.kept import Reconciled


class NextStep(StrEnum):
    """What somebody can do about a vendor who is left out."""

    NOTHING = "nothing"
    SET_MINIMUM = "set_minimum"
    OPEN_DISPUTE = "open_dispute"
    ADD_ACCOUNT = "add_account"
    ASK_VENDOR = "ask_vendor"
    ADD_DOCUMENT = "add_document"
    WAIT_FOR_FUNDS = "wait_for_funds"
    TAKE_IN = "take_in"
    ACTIVATE = "activate"


NEXT_STEP = {
    LeftOut.NEGATIVE: NextStep.NOTHING,
    LeftOut.BELOW_MINIMUM: NextStep.NOTHING,
    LeftOut.NO_MINIMUM: NextStep.SET_MINIMUM,
    LeftOut.HOLDBACK: NextStep.NOTHING,
    LeftOut.DISPUTED: NextStep.OPEN_DISPUTE,
    LeftOut.NO_ACCOUNT: NextStep.ADD_ACCOUNT,
    LeftOut.ACCOUNT_NOT_READY: NextStep.ASK_VENDOR,
    LeftOut.DOCUMENT_MISSING: NextStep.ADD_DOCUMENT,
    LeftOut.NO_FUNDS: NextStep.WAIT_FOR_FUNDS,
    LeftOut.INACTIVE: NextStep.ACTIVATE,
    LeftOut.OTHER_SCHEDULE: NextStep.NOTHING,
    LeftOut.BY_HAND: NextStep.TAKE_IN,
}


@dataclass(frozen=True, slots=True)
class BatchSum:
    """Payouts of a batch in one currency. A payout that failed and its retry count as one."""

    amount: Money
    payouts: int
    paid: int
    failed: int
    unknown: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch in the list of them. Days are those of `zone`. Names are "" for the schedule, or nobody yet;
    `prepared_by` is who changed it last. `sent_back` is why somebody would not approve it, "" where nobody sent it
    back; `alone`: the person who prepared it approved it. `for_some`: it was made for some vendors only. `sums` are its
    payouts, none while it is a draft."""

    id: UUID
    reference: str
    kind: BatchKind
    state: BatchState
    first: date
    last: date
    zone: str
    cutoff_at: datetime
    for_some: bool
    note: str
    sent_back: str
    created_at: datetime
    prepared_by: str
    approved_at: datetime | None
    approved_by: str
    alone: bool
    ended_at: datetime | None
    sums: tuple[BatchSum, ...]


@dataclass(frozen=True, slots=True)
class VendorRow:
    """A vendor in one currency: what is to be paid, and how it comes about.

    `to_pay` = `gross` + `commission` + `refunds` + `adjustments` + `carried_in`, each with the sign with which it
    counts. `held` and `disputed` are beside it: open, and in no batch now; `free_at` is when the first of what is held
    is free."""

    vendor_id: UUID
    name: str
    currency: str
    figures: Figures
    held: Money
    disputed: Money
    free_at: datetime | None

    @property
    def bookings(self) -> int:
        return self.figures.bookings

    @property
    def gross(self) -> Money:
        return Money(self.figures.gross, self.currency)

    @property
    def commission(self) -> Money:
        return Money(self.figures.commission, self.currency)

    @property
    def refunds(self) -> Money:
        return Money(self.figures.refunds, self.currency)

    @property
    def adjustments(self) -> Money:
        return Money(self.figures.adjustments, self.currency)

    @property
    def carried_in(self) -> Money:
        return Money(self.figures.carried_in, self.currency)

    @property
    def to_pay(self) -> Money:
        return Money(self.figures.to_pay, self.currency)


@dataclass(frozen=True, slots=True)
class PayRow(VendorRow):
    """Who is paid, and to which account, by its last characters. `rest` is owed too, and less than the provider pays:
    it is taken off under `adjustments`, and the next batch has it."""

    rest: Money
    way: PayoutWay
    label: str


@dataclass(frozen=True, slots=True)
class LeftRow(VendorRow):
    """Who is left out. `would_be` is what they are left out with: of who has nothing free, what is held or disputed.
    `detail` is what the reason is about; `dispute_id` the first of the disputes."""

    reason: LeftOut
    detail: str
    would_be: Money
    next_step: NextStep
    minimum: Money | None
    dispute_id: UUID | None


@dataclass(frozen=True, slots=True)
class Funds:
    """What is with the provider in a currency. Of `available` belong `promised` to travellers, and `waiting` to payouts
    that were approved and have not left; `transfers` is what this batch would send of the rest, and `stays` what it
    would leave."""

    available: Money
    promised: Money
    waiting: Money
    transfers: Money
    stays: Money


@dataclass(frozen=True, slots=True)
class CurrencyRun:
    """A dry run in one currency, vendors by name. `funds` is None where nothing would go by transfer, or the provider
    did not say what there is. `total` is of who is paid."""

    currency: str
    rows: tuple[PayRow, ...]
    left: tuple[LeftRow, ...]
    total: Figures
    funds: Funds | None

    @property
    def to_pay(self) -> Money:
        return Money(self.total.to_pay, self.currency)

    @property
    def would_be(self) -> Money:
        """What stays owed or is carried, of all who are left out."""
        return Money(sum(row.would_be.minor for row in self.left), self.currency)


@dataclass(frozen=True, slots=True)
class DryRun:
    """What approving a draft would do, as of `at`. `asked_at` is when the provider said what is reckoned with, the
    oldest of its answers, None where it was not needed; `silent` why there is no newer one. `digest` is the mark of all
    of it, which the approver hands in. `why_not` says why this person cannot approve it, "" where they can; `alone`:
    they may although they prepared it, and the batch would say so. `reconciled` is when books and provider were matched
    the last time, None where they never were."""

    batch: BatchRow
    at: datetime
    asked_at: datetime | None
    silent: str
    currencies: tuple[CurrencyRun, ...]
    digest: str
    why_not: str
    alone: bool = False
    reconciled: Reconciled | None = None

    @property
    def payouts(self) -> int:
        return sum(len(each.rows) for each in self.currencies)

    @property
    def left(self) -> int:
        return sum(len(each.left) for each in self.currencies)


@dataclass(frozen=True, slots=True)
class Approved:
    """What approving came to. With nobody to pay a batch is done at once."""

    batch: BatchRow
    payouts: int
    left: int
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PayoutTold:
    """The statement that came with a payout, and how that says its amount comes about; its lines are not counted."""

    statement_id: UUID
    number: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class BatchPayout:
    """A payout of an approved batch. `number` is 2 for the first retry; `failure` why it failed, "" where it did not.
    `stood_for`: another payout stands for it. A retry has what was `told` of the first; `taken_back` is what of a paid
    one came back since."""

    id: UUID
    vendor_id: UUID
    name: str
    amount: Money
    state: PayoutState
    way: PayoutWay
    label: str
    number: int
    failure: str
    ended_at: datetime | None
    stood_for: bool
    told: PayoutTold | None
    taken_back: Money


@dataclass(frozen=True, slots=True)
class BatchLeft:
    """Who got nothing in an approved batch, as it was then. `minimum` is what was asked for of who is below it; None of
    others, and where it was not kept."""

    vendor_id: UUID
    name: str
    amount: Money
    reason: LeftOut
    detail: str
    minimum: Money | None


@dataclass(frozen=True, slots=True)
class BatchDetail:
    """A batch after it was approved; vendors by name."""

    batch: BatchRow
    payouts: tuple[BatchPayout, ...]
    left: tuple[BatchLeft, ...]


class OverdueKind(StrEnum):
    DRAFT = "draft"  # nobody has approved it
    LINES = "lines"  # free for long, enough to be paid, and an account is there
    UNKNOWN = "unknown"  # sent, and nobody knows what became of it


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody: `drafts` they may approve, payouts nobody knows of, and what else is `overdue`, where
    vendors who could be paid and are in no draft count as one."""

    drafts: int
    unknown: int
    overdue: int

    @property
    def count(self) -> int:
        return self.drafts + self.unknown + self.overdue


@dataclass(frozen=True, slots=True)
class OverdueItem:
    """What should have been paid by now, and since when. `amount` is None of a draft; names and ids are "" and None
    where it is about no vendor, or no batch."""

    kind: OverdueKind
    since: datetime
    amount: Money | None = None
    batch_id: UUID | None = None
    reference: str = ""
    vendor_id: UUID | None = None
    name: str = ""
