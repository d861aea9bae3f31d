"""Batches before they run, as the command says them: in JSON for programs, in lines for people. Amounts are plain
decimals, days those of the agency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import BatchState
from travellr_desktop.errors import NotFound, NotPermitted
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.matching.kept import Reconciled
from travellr_desktop.services.payouts.means import STEPS, TITLES, means
from travellr_desktop.services.payouts.views import (
    Approved,
    BatchRow,
    CurrencyRun,
    DryRun,
    LeftRow,
    OverdueItem,
    OverdueKind,
    PayRow,
)

if TYPE_CHECKING:
    from travellr_desktop.services.registry import Services
    from travellr_desktop.services.users import SignedIn

_COLUMNS = ("gross", "commission", "refunds", "adjustments", "carried_in", "to_pay", "held", "disputed")


@dataclass(frozen=True, slots=True)
class BatchesTold:
    """What `travellr payouts list` says: the newest days first."""

    rows: tuple[BatchRow, ...]
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": True, "count": len(self.rows), "batches": [_batch(row) for row in self.rows]}

    def as_text(self) -> str:
        if not self.rows:
            return "No batch was prepared."
        return "\n".join(_head(row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class DryRunTold:
    """What `travellr payouts preview` says: who is in the batch, who is left out, and the mark to approve it by."""

    run: DryRun
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        run = self.run
        return {
            "ok": True,
            "batch": _batch(run.batch),
            "at": run.at.isoformat(),
            "asked_at": None if run.asked_at is None else run.asked_at.isoformat(),
            "silent": run.silent,
            "reconciled": None if run.reconciled is None else _reconciled(run.reconciled),
            "digest": run.digest,
            "currencies": [self._currency(each) for each in run.currencies],
        }

    def as_text(self) -> str:
        run = self.run
        said = [_head(run.batch)]
        if run.silent:
            said.append(f"The provider does not answer: {run.silent}")
        for each in run.currencies:
            foot = f"{len(each.rows)} payouts, {plain_decimal(each.to_pay)} {each.currency}"
            said += [f"\n{each.currency}", *map(_line, each.rows), f"  {foot}"]
            said += [f"  {row.name}: {self._left_line(row)}" for row in each.left]
        return "\n".join([*said, f"\nTo approve it as it is: --seen {run.digest}"])

    def _currency(self, run: CurrencyRun) -> dict[str, Any]:
        funds = run.funds
        return {
            "currency": run.currency,
            "to_pay": plain_decimal(run.to_pay),
            "left_out": plain_decimal(run.would_be),
            "available": None if funds is None else plain_decimal(funds.available),
            "promised": None if funds is None else plain_decimal(funds.promised),
            "stays": None if funds is None else plain_decimal(funds.stays),
            "payouts": [
                {
                    **_amounts(row),
                    "carried_on": plain_decimal(row.rest),
                    "way": row.way.value,
                    "to": row.label,
                }
                for row in run.rows
            ],
            "left": [
                {
                    **_amounts(row),
                    "reason": row.reason.value,
                    "would_be": plain_decimal(row.would_be),
                    "detail": row.detail,
                    "means": self._means(row),
                    "next_step": row.next_step.value,
                }
                for row in run.left
            ],
        }

    def _left_line(self, row: LeftRow) -> str:
        step = STEPS[row.next_step]
        return f"{TITLES[row.reason]}, {plain_decimal(row.would_be)}. {self._means(row)} {step}."

    def _means(self, row: LeftRow) -> str:
        place = zone_of(self.run.batch.zone)

        def amount(money: Money) -> str:
            return f"{plain_decimal(money)} {money.currency}"

        def day(moment: datetime) -> str:
            return moment.astimezone(place).date().isoformat()

        return means(row, amount, day)


@dataclass(frozen=True, slots=True)
class ApprovedTold:
    """What `travellr payouts approve` says."""

    done: Approved
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        done = self.done
        return {
            "ok": True,
            "batch": _batch(done.batch),
            "payouts": done.payouts,
            "left": done.left,
            "statements": list(done.statements),
        }

    def as_text(self) -> str:
        done = self.done
        alone = " By one person alone, as the agency lets them." if done.batch.alone else ""
        return (
            f"{done.batch.reference} is {done.batch.state.value}: {done.payouts} payouts, {done.left} left out, "
            f"{len(done.statements)} statements. Nothing was sent.{alone}"
        )


@dataclass(frozen=True, slots=True)
class OverdueTold:
    """What `travellr payouts overdue` says; the answer is no where anything is."""

    items: tuple[OverdueItem, ...]

    @property
    def ok(self) -> bool:
        return not self.items

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": self.ok,
            "overdue": [
                {
                    "kind": item.kind.value,
                    "since": item.since.isoformat(),
                    "batch": item.reference or None,
                    "vendor": item.name or None,
                    "currency": None if item.amount is None else item.amount.currency,
                    "amount": None if item.amount is None else plain_decimal(item.amount),
                }
                for item in self.items
            ],
        }

    def as_text(self) -> str:
        return "\n".join(map(_overdue, self.items)) or "Nothing is overdue."


def list_batches(services: Services) -> BatchesTold:
    """The last batches."""
    return BatchesTold(services.payouts.batches(SYSTEM))


def preview_batch(services: Services, reference: str = "") -> DryRunTold:
    """The dry run of a draft, or of the oldest one. Raises `NotFound`, `WrongState` for what is no draft."""
    if reference:
        batch_id = services.payouts.find(SYSTEM, reference).id
    else:
        drafts = [row for row in services.payouts.batches(SYSTEM) if row.state is BatchState.DRAFT]
        if not drafts:
            raise NotFound(
                "There is no draft of a batch.", hint="They prepare themselves when a week is over."
            )
        batch_id = drafts[-1].id
    return DryRunTold(services.payouts.dry_run(SYSTEM, batch_id, fresh=True))


def prepare_batch(
    services: Services, kind: BatchKind, first: date | None = None, last: date | None = None
) -> DryRunTold:
    """Make a draft, as the schedule does, and look at it. Raises as `PayoutService.prepare`."""
    batch_id = services.payouts.prepare(SYSTEM, kind, first, last)
    return DryRunTold(services.payouts.dry_run(SYSTEM, batch_id, fresh=True))


def approve_batch(services: Services, who: SignedIn, reference: str, seen: str) -> ApprovedTold:
    """Raises as `PayoutService.approve`; `NotPermitted` for who has not chosen their password yet."""
    if who.must_change:
        raise NotPermitted(
            "Your password was given to you.", hint="Sign in at the window and choose your own."
        )
    batch_id = services.payouts.find(who.actor, reference).id
    return ApprovedTold(services.payouts.approve(who.actor, batch_id, seen=seen))


def discard_batch(services: Services, reference: str) -> BatchesTold:
    """Raises as `PayoutService.discard`."""
    row = services.payouts.find(SYSTEM, reference)
    services.payouts.discard(SYSTEM, row.id)
    return BatchesTold((services.payouts.find(SYSTEM, reference),))


def tell_overdue(services: Services) -> OverdueTold:
    return OverdueTold(services.payouts.overdue(SYSTEM))


def _reconciled(it: Reconciled) -> dict[str, Any]:
    return {
        "at": it.at.isoformat(),
        "first": it.first.isoformat(),
        "last": it.last.isoformat(),
        "open": it.open,
    }


def _batch(row: BatchRow) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "kind": row.kind.value,
        "state": row.state.value,
        "first": row.first.isoformat(),
        "last": row.last.isoformat(),
        "zone": row.zone,
        "prepared_by": row.prepared_by or None,
        "approved_by": row.approved_by or None,
        "alone": row.alone,
        "sent_back": row.sent_back or None,
        "sums": [
            {
                "currency": each.amount.currency,
                "amount": plain_decimal(each.amount),
                "payouts": each.payouts,
                "paid": each.paid,
                "failed": each.failed,
                "unknown": each.unknown,
            }
            for each in row.sums
        ],
    }


def _head(row: BatchRow) -> str:
    sums = ", ".join(f"{plain_decimal(each.amount)} {each.amount.currency}" for each in row.sums)
    back = f"; sent back: {row.sent_back}" if row.sent_back else ""
    days = f"{row.first} to {row.last}"
    return f"{row.reference}  {days}  {row.kind.value:<8} {row.state.value:<10} {sums}{back}".rstrip()


def _amounts(row: PayRow | LeftRow) -> dict[str, Any]:
    amounts = {name: plain_decimal(getattr(row, name)) for name in _COLUMNS}
    return {"vendor": row.name, "vendor_id": str(row.vendor_id), "bookings": row.bookings, **amounts}


def _line(row: PayRow) -> str:
    rest = f", {plain_decimal(row.rest)} goes to the next batch" if row.rest.minor else ""
    return f"  {row.name}: {plain_decimal(row.to_pay)} to {row.label}, {row.bookings} bookings{rest}"


def _overdue(item: OverdueItem) -> str:
    since = f"since {item.since.date().isoformat()}"
    if item.kind is OverdueKind.DRAFT:
        return f"{item.reference} waits for approval {since}."
    assert item.amount is not None  # of all but drafts
    amount = f"{plain_decimal(item.amount)} {item.amount.currency}"
    if item.kind is OverdueKind.LINES:
        return f"{item.name} could be paid {amount} {since}."
    return f"{item.reference}: nobody knows {since} whether {item.name} has {amount}."
