"""What payouts write whatever they are sent by: entries with the payout that they are about, attempts, what a statement
says became of its payout, the end of a batch, and what others are told."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.states import BatchState, PayoutState, advance
from travellr_desktop.events import PayoutBatchChanged, VendorPayout
from travellr_desktop.services import posting
from travellr_desktop.storage.models import Payout, PayoutAttempt, PayoutBatch
from travellr_desktop.storage.uow import UnitOfWork

OUT_OF = {PayoutWay.TRANSFER: Account.STRIPE, PayoutWay.BANK: Account.BANK}
"""Where the money of each way to pay leaves from."""

_MAY_END = frozenset({BatchState.APPROVED, BatchState.SENDING, BatchState.PAUSED})

_RUNS = frozenset({BatchState.SENDING, BatchState.PAUSED})


def money_of(row: Payout) -> Money:
    return Money(row.amount, row.currency)


def post(work: UnitOfWork, row: Payout, entries: Sequence[ledger.Entry]) -> list[UUID]:
    """Entries about a payout; the ids of their rows."""
    ids = posting.post(work, entries)
    work.payouts.add_entries(row.id, ids)
    return ids


def sending(work: UnitOfWork, row: Payout) -> None:
    """It is about to leave: what it pays is no longer payable. Before anything is sent."""
    row.state = advance(row.state, PayoutState.SENDING)
    work.payouts.update(row)
    post(work, row, (ledger.payout_sending_entry(money_of(row), vendor_id=row.vendor_id),))


def paid(work: UnitOfWork, row: Payout) -> None:
    """It has left."""
    row.state = advance(row.state, PayoutState.PAID)
    _ended(work, row)
    post(
        work, row, (ledger.payout_sent_entry(money_of(row), out_of=OUT_OF[row.way], vendor_id=row.vendor_id),)
    )
    _says(work, row, "paid")


def failed(work: UnitOfWork, row: Payout, why: str) -> None:
    """It has definitely not left: the vendor has the money as a new line, free to be paid."""
    row.state = advance(row.state, PayoutState.FAILED)
    row.failure = why
    _ended(work, row)
    entry = ledger.payout_failed_entry(money_of(row), vendor_id=row.vendor_id, available_at=work.now)
    post(work, row, (entry,))
    name = work.vendors.get(row.vendor_id).name
    work.audit("payout.fail", "payout", row.id, name=name, amount=row.amount, currency=row.currency, why=why)
    _says(work, row, "failed")


def again(
    work: UnitOfWork, failed: Payout, line: UUID, *, payout_id: UUID | None = None, worker: str | None = None
) -> Payout:
    """A payout in the place of one that failed (a row with its vendor), approved as that was: it pays the line that
    that gave back."""
    row = work.payouts.save(
        Payout(
            id=payout_id or new_id(),
            batch_id=failed.batch_id,
            vendor_id=failed.vendor_id,
            currency=failed.currency,
            amount=failed.amount,
            way=failed.way,
            label=failed.label,
            account_ref=failed.account_ref,
            iban=failed.iban,
            bic=failed.bic,
            holder=failed.holder,
            root_id=failed.root_id,
            number=failed.number + 1,
            retry_of=failed.id,
            created_at=work.now,
            worker=worker,
            desk_id=work.desk_id,
        )
    )
    work.payouts.add_lines(row.id, [line])
    name = failed.vendor.name
    work.audit("payout.retry", "payout", row.id, name=name, of=str(failed.id), amount=row.amount)
    tell(work, row)
    return row


def _ended(work: UnitOfWork, row: Payout) -> None:
    row.ended_at, row.next_read_at, row.worker = work.now, None, None
    work.payouts.update(row)


def _says(work: UnitOfWork, row: Payout, outcome: str) -> None:
    """A statement says once what became of its payout. Of a retry the next statement tells."""
    statement = work.payouts.statement(row.id)
    if statement is not None and not statement.outcome:
        statement.outcome, statement.outcome_at = outcome, work.now
        work.flush()


def attempt(
    work: UnitOfWork, row: Payout, action: str, outcome: str, *, key: str | None = None, detail: str = ""
) -> None:
    """One call about it, or one step."""
    work.payouts.add_attempt(
        PayoutAttempt(payout_id=row.id, action=action, key=key, at=work.now, outcome=outcome, detail=detail)
    )


def end_batch(work: UnitOfWork, batch: PayoutBatch) -> None:
    """Where nothing of a batch is to be sent or waited for any more, it is done; where only files for the bank are
    left of one that is being sent, its run is over."""
    if batch.state in _MAY_END and work.payouts.is_settled(batch.id):
        to_state(work, batch, BatchState.DONE)
    elif batch.state in _RUNS and work.payouts.only_bank_is_open(batch.id):
        to_state(work, batch, BatchState.APPROVED)


def to_state(work: UnitOfWork, batch: PayoutBatch, state: BatchState) -> None:
    """Take a batch a step further. Raises `IllegalTransition`."""
    batch.state = advance(batch.state, state)
    batch.ended_at = work.now if state is BatchState.DONE else None
    work.flush()
    work.publish(PayoutBatchChanged(aggregate_id=batch.id, timestamp=work.now, state=state))


def tell(work: UnitOfWork, row: Payout) -> None:
    work.publish(
        VendorPayout(
            aggregate_id=row.id,
            timestamp=work.now,
            vendor_id=row.vendor_id,
            batch_id=row.batch_id,
            amount=money_of(row),
            state=row.state,
        )
    )
