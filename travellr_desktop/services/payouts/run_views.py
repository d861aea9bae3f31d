"""How a batch that is run, a payout and what was taken back of it stand: frozen results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
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

    def as_json(self) -> dict[str, Any]:
        return {
            "batch": self.reference,
            "state": self.state.value,
            "total": self.total,
            "paid": self.paid,
            "failed": self.failed,
            "unknown": self.unknown,
            "left": self.left,
            "by_bank": self.by_bank,
        }


@dataclass(frozen=True, slots=True)
class PayoutView:
    """One payout. `failure` says why it failed, else it is None; `why` what there is to say of the last try."""

    id: UUID
    batch_id: UUID
    vendor_id: UUID
    vendor_name: str
    amount: Money
    state: PayoutState
    number: int
    failure: str | None
    why: str = ""

    @property
    def ok(self) -> bool:
        return self.state in _GONE

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": self.ok,
            "payout": str(self.id),
            "vendor": self.vendor_name,
            "amount": self.amount.minor,
            "currency": self.amount.currency,
            "state": self.state.value,
            "number": self.number,
            "failure": self.failure,
            "why": self.why,
        }

    def as_text(self) -> str:
        said = self.failure or self.why
        return f"{self.vendor_name}: {self.amount}, {self.state.value}{f'. {said}' if said else '.'}"


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

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": self.ok,
            "take_back": str(self.id),
            "payout": str(self.payout_id),
            "vendor": self.vendor_name,
            "amount": self.amount.minor,
            "currency": self.amount.currency,
            "state": self.state.value,
            "payout_state": self.payout_state.value,
            "failure": self.failure,
        }

    def as_text(self) -> str:
        said = f". {self.failure}" if self.failure else "."
        return f"{self.amount} of {self.vendor_name}'s payout: {self.state.value}{said}"


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run came to. `why` it did not go on to the end, or empty; `failures` are all that stand in the batch."""

    figures: RunFigures
    failures: tuple[PayoutView, ...]
    why: str = ""

    @property
    def ok(self) -> bool:
        """Whether everything of it that goes by transfer is paid."""
        figures = self.figures
        return not (figures.failed or figures.unknown or figures.left or self.why)

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": self.ok,
            **self.figures.as_json(),
            "why": self.why,
            "failures": [failure.as_json() for failure in self.failures],
        }

    def as_text(self) -> str:
        figures = self.figures
        head = (
            f"{figures.reference}: {figures.paid} of {figures.total} paid, {figures.failed} failed, "
            f"{figures.unknown} not known yet, {figures.left} to be sent; {figures.state.value}."
        )
        said = [self.why] if self.why else []
        return "\n".join([head, *said, *(f"  {failure.as_text()}" for failure in self.failures)])


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
    failures = tuple(payout_view(row) for row in view.payouts.failures(batch_id))
    return RunReport(figures_of(view, batch_id), failures, why)


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
