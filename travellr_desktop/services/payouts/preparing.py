"""Making drafts, within the caller's transaction: whose days are over, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain.payouts.periods import cut_off, ended_before, is_over, period_of
from travellr_desktop.domain.payouts.words import BatchKind, Schedule
from travellr_desktop.domain.periods import Period
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.states import BatchState
from travellr_desktop.errors import InvalidInput, WrongState
from travellr_desktop.events import PayoutBatchChanged
from travellr_desktop.storage.models import PayoutBatch
from travellr_desktop.storage.uow import Reading, UnitOfWork

SERIES = "PB"
"""Of their numbers: `PB-2026-000025`."""

_SCHEDULES = {BatchKind.WEEKLY: Schedule.WEEKLY, BatchKind.MONTHLY: Schedule.MONTHLY}
_WORDS = {BatchKind.WEEKLY: "week", BatchKind.MONTHLY: "month"}


def days_of(view: Reading, kind: BatchKind, first: date | None, last: date | None) -> Period:
    """The days that were asked for, or the last week or month that is over. Raises `InvalidInput` naming the field for
    days that are not over, no whole week or month, or in the wrong order."""
    agency = view.agency.get()
    if kind is BatchKind.EXTRA:
        if first is None or last is None:
            raise InvalidInput("Say from which day to which.", field="last" if last is None else "first")
        days = Period(first, last)
    elif first is None and last is None:
        return ended_before(_SCHEDULES[kind], view.clock.now(), agency.zone, agency.payout_weekday)
    else:
        day = first or last
        assert day is not None
        days = period_of(_SCHEDULES[kind], Period(day, day), agency.payout_weekday)
        if days != Period(first or days.first, last or days.last):
            raise InvalidInput(
                f"This is no whole {_WORDS[kind]}.",
                hint=f"It is from {days.first:%d %b %Y} to {days.last:%d %b %Y}; other days are an extra batch.",
                field="last",
            )
    if not is_over(days, view.clock.now(), agency.zone):
        raise InvalidInput(
            f"{days.last:%d %b %Y} is not over yet.", hint="Take days that are over.", field="last"
        )
    return days


def make(
    work: UnitOfWork, kind: BatchKind, days: Period, vendors: Sequence[UUID], by: UUID | None
) -> PayoutBatch:
    """Write a draft. `by` None: the schedule. Raises `InvalidInput` for some vendors of a schedule, `NotFound` for a
    vendor; `WrongState` where another batch is of these days and vendors, or nothing has become free by their end."""
    agency = work.agency.get()
    if vendors and kind is not BatchKind.EXTRA:
        raise InvalidInput(
            "A weekly or monthly batch is for all who are paid so.",
            hint="Make an extra one.",
            field="vendors",
        )
    for vendor_id in vendors:
        work.vendors.get(vendor_id)
    cutoff = cut_off(days, agency.zone)
    _refuse_others(work, kind, days, cutoff, vendors)
    if not work.open_lines.anything_free(cutoff, _schedules(kind), vendors):
        raise WrongState(
            f"Nothing has become free to be paid until the end of {days.last:%d %b %Y}.",
            hint="Complete the departures of these days, or wait for the holdback.",
        )
    year = work.now.astimezone(zone_of(agency.zone)).year
    batch = PayoutBatch(
        reference=work.selling.take_numbers(work.desk_id, year, {SERIES: 1})[SERIES][0],
        kind=kind,
        zone=agency.zone,
        first=days.first,
        last=days.last,
        cutoff_at=cutoff,
        vendors=[vendor_id.hex for vendor_id in vendors],
        created_at=work.now,
        created_by=by,
        prepared_by=by,
    )
    work.batches.save(batch)
    work.audit("batch.prepare", "payout_batch", batch.id, reference=batch.reference, kind=kind.value)
    work.publish(PayoutBatchChanged(aggregate_id=batch.id, timestamp=work.now, state=batch.state))
    return batch


def due(view: Reading) -> list[tuple[BatchKind, Period]]:
    """The last week and month for which there is no batch yet, not even a discarded one, and something to pay that no
    draft of somebody's has."""
    agency = view.agency.find()
    if agency is None:
        return []
    found = []
    for kind, schedule in _SCHEDULES.items():
        days = ended_before(schedule, view.clock.now(), agency.zone, agency.payout_weekday)
        cutoff = cut_off(days, agency.zone)
        if (
            not view.batches.of_days(kind, days.first, days.last)
            and view.open_lines.anything_free(cutoff, (schedule,))
            and _shared(view, kind, days, cutoff, ()) is None
        ):
            found.append((kind, days))
    return found


def _schedules(kind: BatchKind) -> tuple[Schedule, ...]:
    return tuple(Schedule) if kind is BatchKind.EXTRA else (_SCHEDULES[kind],)


@dataclass(frozen=True, slots=True)
class _Shared:
    """A draft that would pay somebody whom another batch pays too: who, in which currency."""

    draft: PayoutBatch
    name: str
    currency: str


def _shared(
    view: Reading, kind: BatchKind, days: Period, cutoff: datetime, vendors: Sequence[UUID]
) -> _Shared | None:
    """The first draft that has a day and a vendor's open lines in common with a batch, which is of `vendors`, or of all
    that its kind is for."""
    for draft in view.batches.drafts_within(kind, days.first, days.last):
        chosen = [UUID(each) for each in draft.vendors]
        both = [each for each in vendors if each in chosen] if vendors and chosen else [*vendors, *chosen]
        if vendors and chosen and not both:
            continue
        schedules = [each for each in _schedules(kind) if each in _schedules(draft.kind)]
        found = view.open_lines.somebody_free(min(cutoff, draft.cutoff_at), schedules, both)
        if found is not None:
            return _Shared(draft, *found)
    return None


def _refuse_others(
    work: UnitOfWork, kind: BatchKind, days: Period, cutoff: datetime, vendors: Sequence[UUID]
) -> None:
    if kind is not BatchKind.EXTRA:
        for batch in work.batches.of_days(kind, days.first, days.last):
            if batch.state is BatchState.DRAFT:
                raise WrongState(
                    f"{batch.reference} is a draft of these days.", hint="Approve or discard it first."
                )
            if batch.state is not BatchState.DISCARDED:
                raise WrongState(
                    f"{batch.reference} has paid these days.",
                    hint="What is still open goes into an extra batch.",
                )
    shared = _shared(work, kind, days, cutoff, vendors)
    if shared is not None:
        raise WrongState(
            f"{shared.draft.reference} is a draft of some of these days, and would pay {shared.name} "
            f"({shared.currency}) too.",
            hint="Approve or discard it first, or make an extra batch for other vendors.",
        )
