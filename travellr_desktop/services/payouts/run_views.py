"""How a batch that is run, a payout and what was taken back of it stand: frozen results."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.states import BatchState, PayoutState, TakeBackState
from travellr_desktop.services.payouts import standing
from travellr_desktop.storage.models import Payout, TakeBack
from travellr_desktop.storage.uow import Reading

_GONE = frozenset({PayoutState.PAID, PayoutState.REVERSED, PayoutState.RETURNED})
_ON_ITS_WAY = frozenset({PayoutState.SENDING, PayoutState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class RunFigures:
    """How many payouts of a batch were `paid`, have `failed`, are under way with nobody knowing yet (`unknown`) or are
    still to be sent (`left`); `by_bank` wait for the bank. A payout that failed and its retry count as one. `vendor` is
    whose is being sent at this moment, or empty."""

    batch_id: UUID
    reference: str
    state: BatchState
    total: int
    paid: int
    failed: int
    unknown: int
    left: int
    by_bank: int
    vendor: str = ""


@dataclass(frozen=True, slots=True)
class PayoutView:
    """One payout. `failure` says why it failed, else it is None; `why` what there is to say of the last try. `number` 2
    is the first retry, of the payout `retry_of`."""

    id: UUID
    batch_id: UUID
    vendor_id: UUID
    vendor_name: str
    amount: Money
    state: PayoutState
    number: int
    retry_of: UUID | None
    failure: str | None
    why: str = ""

    @property
    def ok(self) -> bool:
        return self.state in _GONE


@dataclass(frozen=True, slots=True)
class TakeBackView:
    """Money that was, or is to be, taken back of a payout. `failure` says why it was not."""

    id: UUID
    payout_id: UUID
    vendor_name: str
    amount: Money
    state: TakeBackState
    payout_state: PayoutState
    failure: str | None

    @property
    def ok(self) -> bool:
        return self.state is TakeBackState.DONE


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run came to: all payouts of its batch as they stand then. `why` it did not go on to the end, or empty."""

    figures: RunFigures
    payouts: tuple[PayoutView, ...]
    why: str = ""

    @property
    def failures(self) -> tuple[PayoutView, ...]:
        """Those that failed and that no other stands for."""
        again = {each.retry_of for each in self.payouts}
        return tuple(
            each for each in self.payouts if each.state is PayoutState.FAILED and each.id not in again
        )

    @property
    def ok(self) -> bool:
        """Whether everything of it that goes by transfer is paid."""
        figures = self.figures
        return not (figures.failed or figures.unknown or figures.left or self.why)


def figures_of(view: Reading, batch_id: UUID, vendor: str = "") -> RunFigures:
    """Raises `NotFound`."""
    batch = view.payouts.batch(batch_id)
    states = view.payouts.states(batch_id)

    def count(among: frozenset[PayoutState], way: PayoutWay | None = None) -> int:
        return sum(number for (state, by), number in states.items() if state in among and way in (None, by))

    approved = frozenset({PayoutState.APPROVED})
    return RunFigures(
        batch_id=batch.id,
        reference=batch.reference,
        state=batch.state,
        total=states.total(),
        paid=count(_GONE),
        failed=count(frozenset({PayoutState.FAILED})),
        unknown=count(_ON_ITS_WAY, PayoutWay.TRANSFER),
        left=count(approved, PayoutWay.TRANSFER),
        by_bank=count(approved | _ON_ITS_WAY, PayoutWay.BANK),
        vendor=vendor,
    )


def report_of(view: Reading, batch_id: UUID, why: str = "") -> RunReport:
    payouts = tuple(payout_view(row) for row in view.payouts.of_batch(batch_id))
    return RunReport(figures_of(view, batch_id), payouts, why)


def payout_view(row: Payout, why: str = "") -> PayoutView:
    """Of a row that was read with its vendor."""
    return PayoutView(
        id=row.id,
        batch_id=row.batch_id,
        vendor_id=row.vendor_id,
        vendor_name=row.vendor.name,
        amount=standing.money_of(row),
        state=row.state,
        number=row.number,
        retry_of=row.retry_of,
        failure=row.failure,
        why=why,
    )


def take_back_view(row: TakeBack) -> TakeBackView:
    """Of a row that was read whole."""
    return TakeBackView(
        id=row.id,
        payout_id=row.payout_id,
        vendor_name=row.payout.vendor.name,
        amount=Money(row.amount, row.currency),
        state=row.state,
        payout_state=row.payout.state,
        failure=row.failure,
    )
