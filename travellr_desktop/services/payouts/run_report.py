"""Runs of payouts, retries and what is taken back, as the command says them: in JSON for programs, in lines for people.

Amounts are plain decimals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from travellr_desktop.domain.money_text import parse_money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.payouts.run_views import PayoutView, RunFigures, RunReport, TakeBackView

if TYPE_CHECKING:
    from travellr_desktop.services.registry import Services

_COUNTS = ("total", "paid", "failed", "unknown", "left", "by_bank")


@dataclass(frozen=True, slots=True)
class RunTold:
    """What `travellr payouts run` and `resume` say."""

    report: RunReport

    @property
    def ok(self) -> bool:
        return self.report.ok

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": self.ok,
            **_figures(self.report.figures),
            "why": self.report.why,
            "payouts": [_payout(each) for each in self.report.payouts],
        }

    def as_text(self) -> str:
        said = [self.report.why] if self.report.why else []
        failures = [f"  {_line(each)}  {each.id}" for each in self.report.failures]
        return "\n".join([_head(self.report.figures), *said, *failures])


@dataclass(frozen=True, slots=True)
class FiguresTold:
    """What `travellr payouts pause` and `stop` say."""

    figures: RunFigures
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": True, **_figures(self.figures)}

    def as_text(self) -> str:
        return _head(self.figures)


@dataclass(frozen=True, slots=True)
class PayoutTold:
    """What `travellr payouts retry` says."""

    payout: PayoutView

    @property
    def ok(self) -> bool:
        return self.payout.ok

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": self.ok, **_payout(self.payout), "why": self.payout.why}

    def as_text(self) -> str:
        return _line(self.payout)


@dataclass(frozen=True, slots=True)
class TakeBackTold:
    """What `travellr payouts take-back` says."""

    taken: TakeBackView

    @property
    def ok(self) -> bool:
        return self.taken.ok

    def as_json(self) -> Mapping[str, Any]:
        it = self.taken
        return {
            "ok": self.ok,
            "take_back": str(it.id),
            "payout": str(it.payout_id),
            "vendor": it.vendor_name,
            "amount": plain_decimal(it.amount),
            "currency": it.amount.currency,
            "state": it.state.value,
            "payout_state": it.payout_state.value,
            "failure": it.failure,
        }

    def as_text(self) -> str:
        it = self.taken
        said = f". {it.failure}" if it.failure else ""
        return f"{plain_decimal(it.amount)} {it.amount.currency} of {it.vendor_name}: {it.state.value}{said}"


def run_batch(services: Services, reference: str, told: Callable[[str], object], *, resume: bool) -> RunTold:
    """Raises as `PayoutRunService.run`; `told` hears a line before each payout."""
    batch_id = services.payouts.find(SYSTEM, reference).id

    def progress(figures: RunFigures) -> None:
        if figures.vendor:
            told(f"{figures.total - figures.left + 1} of {figures.total}: {figures.vendor}")

    go = services.payout_runs.resume if resume else services.payout_runs.run
    return RunTold(go(SYSTEM, batch_id, progress))


def pause_batch(services: Services, reference: str, *, stop: bool) -> FiguresTold:
    """Raises as `PayoutRunService.pause`."""
    batch_id = services.payouts.find(SYSTEM, reference).id
    do = services.payout_runs.stop if stop else services.payout_runs.pause
    return FiguresTold(do(SYSTEM, batch_id))


def retry_payout(services: Services, payout_id: UUID) -> PayoutTold:
    """Raises as `PayoutRunService.retry`."""
    return PayoutTold(services.payout_runs.retry(SYSTEM, payout_id))


def take_back(services: Services, payout_id: UUID, amount: str, reason: str) -> TakeBackTold:
    """`amount` is a plain decimal in the payout's currency. Raises as `PayoutRunService.take_back`."""
    payout = services.payout_runs.read_now(SYSTEM, payout_id)
    money = parse_money(amount, payout.amount.currency)
    return TakeBackTold(services.payout_runs.take_back(SYSTEM, payout_id, money, reason, key=uuid4()))


def _figures(figures: RunFigures) -> dict[str, Any]:
    return {
        "batch": figures.reference,
        "state": figures.state.value,
        **{name: getattr(figures, name) for name in _COUNTS},
    }


def _head(figures: RunFigures) -> str:
    return (
        f"{figures.reference} is {figures.state.value}: {figures.paid} of {figures.total} paid, "
        f"{figures.failed} failed, {figures.unknown} not known yet, {figures.left} to be sent."
    )


def _payout(payout: PayoutView) -> dict[str, Any]:
    return {
        "payout": str(payout.id),
        "vendor": payout.vendor_name,
        "amount": plain_decimal(payout.amount),
        "currency": payout.amount.currency,
        "state": payout.state.value,
        "number": payout.number,
        "retry_of": None if payout.retry_of is None else str(payout.retry_of),
        "failure": payout.failure,
    }


def _line(payout: PayoutView) -> str:
    said = payout.failure or payout.why
    amount = f"{plain_decimal(payout.amount)} {payout.amount.currency}"
    return f"{payout.vendor_name}: {amount}, {payout.state.value}" + (f". {said}" if said else "")
