"""What approving a batch writes, within its transaction: payouts with every line they pay, who was left out and why,
and everybody's statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.deciding import Case, Decided, kept_detail
from travellr_desktop.domain.states import BatchState, PayoutState, advance
from travellr_desktop.events import PayoutBatchChanged, VendorPayout
from travellr_desktop.services import posting
from travellr_desktop.services.statements import making
from travellr_desktop.services.statements.making import ToTell
from travellr_desktop.storage.models import BatchLeftOut, Payout, PayoutBatch
from travellr_desktop.storage.repositories.open_lines import Key
from travellr_desktop.storage.uow import UnitOfWork


def carry_out(
    work: UnitOfWork,
    batch: PayoutBatch,
    decided: Sequence[Decided],
    *,
    alone: bool,
    locale: str,
    sandbox: bool,
) -> tuple[str, ...]:
    """Do what was decided about a draft: it is approved, and where nobody is paid done. Gives the numbers of the
    statements."""
    batch.state = advance(batch.state, BatchState.APPROVED)
    batch.approved_at, batch.approved_by, batch.alone = work.now, work.actor.user_id, alone
    work.batches.update(batch)  # before its payouts, of which the file asks for it
    taken = [each for each in decided if each.counts]
    lines = work.open_lines.lines(batch.cutoff_at, {each.case.vendor_id for each in taken})
    payouts = _pay(work, batch, taken, lines)
    _leave_out(work, batch, decided)
    told = [_to_tell(each, lines, payouts) for each in taken]
    issued = making.issue(work, batch, told, locale=locale, sandbox=sandbox)
    work.audit(
        "batch.approve",
        "payout_batch",
        batch.id,
        reference=batch.reference,
        payouts=len(payouts),
        totals=_totals(taken),
        alone=alone,
    )
    if not payouts:
        batch.state, batch.ended_at = advance(batch.state, BatchState.DONE), work.now
        work.batches.update(batch)
    work.publish(PayoutBatchChanged(aggregate_id=batch.id, timestamp=work.now, state=batch.state))
    return tuple(sorted(each.number for each in issued.values()))


def _pay(
    work: UnitOfWork, batch: PayoutBatch, taken: Sequence[Decided], lines: dict[Key, list[UUID]]
) -> dict[Key, UUID]:
    """The payouts, with `lines`, which what is carried on is added to."""
    made: dict[Key, UUID] = {}
    for case in (each.case for each in taken if each.left is None):
        to, payout_id = case.paid_to, new_id()
        assert to is not None  # nobody without an account is paid
        work.session.add(
            Payout(
                id=payout_id,
                batch_id=batch.id,
                vendor_id=case.vendor_id,
                currency=case.currency,
                amount=case.paying.to_pay,
                way=to.way,
                label=to.label,
                account_ref=to.account_ref or None,
                iban=to.iban or None,
                bic=to.bic or None,
                holder=to.holder or None,
                root_id=payout_id,
                created_at=work.now,
            )
        )
        made[case.key] = payout_id
        work.publish(
            VendorPayout(
                aggregate_id=payout_id,
                timestamp=work.now,
                vendor_id=case.vendor_id,
                batch_id=batch.id,
                amount=Money(case.paying.to_pay, case.currency),
                state=PayoutState.APPROVED,
            )
        )
    work.flush()
    for case in (each.case for each in taken if each.left is None and each.case.rest):
        lines[case.key].append(_carry_on(work, batch, case, made[case.key]))
    work.batches.add_payout_lines(
        (new_id(), payout_id, line) for key, payout_id in made.items() for line in lines.get(key, ())
    )
    return made


def _carry_on(work: UnitOfWork, batch: PayoutBatch, case: Case, payout_id: UUID) -> UUID:
    """What is less than the provider pays leaves a payout and is the vendor's again, free for the next batch. Gives the
    line that goes with the payout."""
    rest = Money(case.rest, case.currency)
    entries = ledger.payout_rounded_entries(rest, vendor_id=case.vendor_id, available_at=batch.cutoff_at)
    off, again = posting.post(work, entries)
    work.payouts.add_entries(payout_id, (off, again))
    return off


def _leave_out(work: UnitOfWork, batch: PayoutBatch, decided: Sequence[Decided]) -> None:
    for each in decided:
        if each.left is not None:
            work.session.add(
                BatchLeftOut(
                    batch_id=batch.id,
                    vendor_id=each.case.vendor_id,
                    currency=each.case.currency,
                    amount=each.case.would_be,
                    reason=each.left.reason,
                    detail=kept_detail(each.left, each.case.least),
                )
            )
    work.flush()


def _to_tell(each: Decided, lines: Mapping[Key, Sequence[UUID]], payouts: Mapping[Key, UUID]) -> ToTell:
    case, to = each.case, each.case.paid_to
    return ToTell(
        vendor_id=case.vendor_id,
        currency=case.currency,
        ledger_ids=tuple(lines.get(case.key, ())),
        payout_id=payouts.get(case.key),
        account="" if to is None or each.left is not None else to.label,
        left_out=None if each.left is None else each.left.reason,
        minimum=case.least,
    )


def _totals(taken: Sequence[Decided]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in taken:
        if each.left is None:
            found[each.case.currency] = found.get(each.case.currency, 0) + each.case.paying.to_pay
    return found
