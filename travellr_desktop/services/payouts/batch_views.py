"""Batches as they stand in the file, for the list of them and one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.deciding import kept_minimum
from travellr_desktop.domain.payouts.figures import Figures
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.payouts.views import (
    BatchDetail,
    BatchLeft,
    BatchPayout,
    BatchRow,
    BatchSum,
    PayoutTold,
)
from travellr_desktop.storage.models import PayoutBatch, Statement
from travellr_desktop.storage.repositories.payouts import PaidSum
from travellr_desktop.storage.uow import Reading


def rows_of(view: Reading, batches: Sequence[PayoutBatch]) -> tuple[BatchRow, ...]:
    sums = view.batches.paid_sums(batch.id for batch in batches)
    people = {person for batch in batches for person in (batch.prepared_by, batch.approved_by)}
    names = view.users.names(person for person in people if person is not None)
    return tuple(
        BatchRow(
            id=batch.id,
            reference=batch.reference,
            kind=batch.kind,
            state=batch.state,
            first=batch.first,
            last=batch.last,
            zone=batch.zone,
            cutoff_at=batch.cutoff_at,
            for_some=bool(batch.vendors),
            note=batch.note,
            sent_back=batch.sent_back,
            created_at=batch.created_at,
            prepared_by="" if batch.prepared_by is None else names.get(batch.prepared_by, ""),
            approved_at=batch.approved_at,
            approved_by="" if batch.approved_by is None else names.get(batch.approved_by, ""),
            alone=batch.alone,
            ended_at=batch.ended_at,
            sums=_sums(sums.get(batch.id, [])),
        )
        for batch in batches
    )


def row_of(view: Reading, batch: PayoutBatch) -> BatchRow:
    return rows_of(view, (batch,))[0]


def detail_of(view: Reading, batch: PayoutBatch) -> BatchDetail:
    """Of a batch that was read whole."""
    again = {payout.retry_of for payout in batch.payouts}
    told = {each.payout_id: _told(each) for each in view.statements.of_batch(batch.id)}
    taken = view.take_backs.taken_of_batch(batch.id)
    payouts = [
        BatchPayout(
            id=payout.id,
            vendor_id=payout.vendor_id,
            name=payout.vendor.name,
            amount=Money(payout.amount, payout.currency),
            state=payout.state,
            way=payout.way,
            label=payout.label,
            number=payout.number,
            failure=payout.failure or "",
            ended_at=payout.ended_at,
            stood_for=payout.id in again,
            told=told.get(payout.root_id),
            taken_back=Money(taken.get(payout.id, 0), payout.currency),
        )
        for payout in batch.payouts
    ]
    left = [
        BatchLeft(
            each.vendor_id,
            each.vendor.name,
            Money(each.amount, each.currency),
            each.reason,
            each.detail,
            None
            if (least := kept_minimum(each.reason, each.detail)) is None
            else Money(least, each.currency),
        )
        for each in batch.left_out
    ]
    return BatchDetail(
        row_of(view, batch),
        tuple(sorted(payouts, key=lambda each: (each.amount.currency, each.name, each.number))),
        tuple(sorted(left, key=lambda each: (each.amount.currency, each.name))),
    )


def _told(row: Statement) -> PayoutTold:
    parts = Figures(
        bookings=row.bookings,
        gross=row.charges,
        commission=row.commission,
        refunds=row.refunds,
        adjustments=row.adjustments,
        carried_in=row.carried_in,
    )
    return PayoutTold(row.id, row.number, parts)


_GONE = frozenset({PayoutState.PAID, PayoutState.REVERSED, PayoutState.RETURNED})


def _sums(found: Sequence[PaidSum]) -> tuple[BatchSum, ...]:
    by_currency: dict[str, list[PaidSum]] = defaultdict(list)
    for each in found:
        by_currency[each.currency].append(each)
    return tuple(
        BatchSum(
            amount=Money(sum(each.amount for each in own), currency),
            payouts=sum(each.count for each in own),
            paid=sum(each.count for each in own if each.state in _GONE),
            failed=sum(each.count for each in own if each.state is PayoutState.FAILED),
            unknown=sum(each.count for each in own if each.state is PayoutState.UNKNOWN),
        )
        for currency, own in by_currency.items()
    )
