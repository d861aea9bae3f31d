"""Drafts of payout batches: made by somebody or by the schedule, looked at, changed, sent back, approved by a second
person. Nothing is sent here, and nothing of a draft but its days is kept: its figures are those of now."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from threading import Lock
from uuid import UUID

from travellr_desktop.domain.payouts.deciding import Decided, differing, digest
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, allowed, require
from travellr_desktop.domain.states import BatchState, advance
from travellr_desktop.domain.text import clean_line, clean_lines
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, NotFound, NotPermitted, WrongState
from travellr_desktop.events import PayoutBatchChanged
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services.authority import ApprovalKind, Authority, DeskAlone, refuse_unapproved
from travellr_desktop.services.matching.kept import last_kept
from travellr_desktop.services.payouts import approving, preparing
from travellr_desktop.services.payouts.accounts import VendorAccounts
from travellr_desktop.services.payouts.asking import Told
from travellr_desktop.services.payouts.balances import ProviderWord
from travellr_desktop.services.payouts.batch_views import detail_of, row_of, rows_of
from travellr_desktop.services.payouts.dry_run import by_currency, decide, reckon
from travellr_desktop.services.payouts.overdue import overdue_of
from travellr_desktop.services.payouts.views import (
    Approved,
    BatchDetail,
    BatchRow,
    DryRun,
    OverdueItem,
    OverdueKind,
    Waiting,
)
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import BatchExclusion, PayoutBatch
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

SHOWN = 200
"""How many batches are listed."""

LONGEST_NOTE = 500
_REMEMBERED = 16
"""Of how many dry runs it is remembered what was in them, to say what has changed since."""


class PayoutService:
    def __init__(
        self,
        database: Database,
        gateway: PaymentGateway,
        accounts: VendorAccounts,
        *,
        locale: str,
        authority: Authority | None = None,
    ) -> None:
        """`locale` is that of the statements that are issued."""
        self._db = database
        self._authority = authority or DeskAlone()
        self._gateway = gateway
        self._provider = ProviderWord(gateway, accounts, database.clock)
        self._locale = locale
        self._lock = Lock()
        self._seen: OrderedDict[str, tuple[Decided, ...]] = OrderedDict()

    # looking

    def batches(self, actor: Actor) -> tuple[BatchRow, ...]:
        """The last batches, newest days first; discarded ones too."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            return rows_of(view, view.batches.newest(SHOWN))

    def find(self, actor: Actor, reference: str) -> BatchRow:
        """By its reference, in any case. Raises `NotFound`."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            batch = view.batches.find_by_reference(reference.strip().upper())
            if batch is None:
                raise NotFound("There is no such batch of payouts.")
            return row_of(view, batch)

    def detail(self, actor: Actor, batch_id: UUID) -> BatchDetail:
        """Payouts and who was left out, of a batch that was approved. Raises `NotFound`."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            return detail_of(view, view.batches.get_full(batch_id))

    def dry_run(
        self, actor: Actor, batch_id: UUID, *, fresh: bool = False, told: Told | None = None
    ) -> DryRun:
        """What approving a draft would do now. The provider is asked about accounts and balance, or with `fresh` asked
        again; without its answer nothing goes by transfer. `told` hears of how many accounts it has answered. Raises
        `NotFound`, `WrongState` for what is no draft, and what `told` raises."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            batch = _draft(view, batch_id)
            reckoned = reckon(view, batch)
            row, why_not = row_of(view, batch), _why_not(view, actor, batch)
            alone = not why_not and batch.prepared_by == actor.user_id
            reconciled = last_kept(view)
        said = self._provider.of(reckoned.accounts(), fresh=fresh, told=told)
        decided = decide(reckoned, said)
        mark = digest(batch_id, decided)
        self._remember(mark, decided)
        return DryRun(
            batch=row,
            at=reckoned.at,
            asked_at=said.asked_at,
            silent=said.silent,
            currencies=by_currency(reckoned, decided, said),
            digest=mark,
            why_not=why_not,
            alone=alone,
            reconciled=reconciled,
        )

    def overdue(self, actor: Actor) -> tuple[OverdueItem, ...]:
        """What should have been paid by now, and since when: payouts of which nobody knows for a day, drafts that
        nobody approves for three, and what has been free for two weeks, is enough and has an account."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            return overdue_of(view)

    def waiting(self, actor: Actor) -> Waiting:
        """How much waits for this person: what the rail counts."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            drafts = view.batches.drafts_before(view.clock.now())
            unknown = view.batches.unknown_since(view.clock.now())
            counted = {each.id for each in drafts if not _why_not(view, actor, each)}
            late = overdue_of(view)
        overdue = sum(item.kind is OverdueKind.DRAFT and item.batch_id not in counted for item in late)
        if not drafts:  # with one there vendors do not wait for another
            overdue += any(item.kind is OverdueKind.LINES for item in late)
        return Waiting(len(counted), len(unknown), overdue)

    # drafts

    def prepare(
        self,
        actor: Actor,
        kind: BatchKind,
        first: date | None = None,
        last: date | None = None,
        vendors: Sequence[UUID] = (),
    ) -> UUID:
        """Make a draft: of the last week or month that is over, or of the one that `first` is in; an extra one of any
        days that are over, for all vendors or some. Raises `InvalidInput` naming the field, `NotFound` for a vendor;
        `WrongState` where another batch is of these days, or nothing has become free by then."""
        require(actor, Permission.PAYOUT_PREPARE)
        with self._db.write(Commit.BATCH_SAVE, actor) as work:
            days = preparing.days_of(work, kind, first, last)
            batch = preparing.make(work, kind, days, vendors, actor.user_id)
            work.commit()
        return batch.id

    def prepare_due(self) -> int:
        """Make the drafts of the last week and month, once each, where anything is to be paid; the program's own doing.
        One that somebody discarded stays so. Returns how many were made."""
        with self._db.read() as view:
            if not preparing.due(view):
                return 0
        with self._db.write(Commit.BATCH_SAVE, SYSTEM) as work:
            due = preparing.due(work)
            for kind, days in due:
                preparing.make(work, kind, days, (), None)
            if due:  # another program may have made them since
                work.commit()
        return len(due)

    def leave_out(self, actor: Actor, batch_id: UUID, vendor_id: UUID, reason: str) -> None:
        """Keep a vendor out of a draft, in all currencies. Raises `InvalidInput` without a reason, `NotFound`,
        `WrongState` for what is no draft."""
        require(actor, Permission.PAYOUT_PREPARE)
        words = clean_line(reason, "reason", LONGEST_NOTE)
        with self._changing(actor, batch_id) as (work, batch):
            work.vendors.get(vendor_id)
            row = work.batches.exclusions(batch_id).get(vendor_id)
            if row is None:
                row = BatchExclusion(batch_id=batch_id, vendor_id=vendor_id, reason=words, at=work.now)
                work.session.add(row)
            row.reason, row.at, row.by, row.ended_at = words, work.now, actor.user_id, None
            batch.prepared_by = actor.user_id
            work.audit("batch.leave_out", "payout_batch", batch_id, vendor=str(vendor_id), reason=words)

    def take_in(self, actor: Actor, batch_id: UUID, vendor_id: UUID) -> None:
        """Have a vendor in a draft again whom somebody kept out; nothing where nobody does. Raises as `leave_out`."""
        require(actor, Permission.PAYOUT_PREPARE)
        with self._changing(actor, batch_id) as (work, batch):
            row = work.batches.exclusions(batch_id).get(vendor_id)
            if row is not None and row.ended_at is None:
                row.ended_at = work.now
                batch.prepared_by = actor.user_id
                work.audit("batch.take_in", "payout_batch", batch_id, vendor=str(vendor_id))

    def send_back(self, actor: Actor, batch_id: UUID, note: str) -> None:
        """Do not approve a draft, and say why: it waits until it is given in again. Raises `InvalidInput` without a
        note, `NotFound`, `WrongState` for what is no draft."""
        require(actor, Permission.PAYOUT_APPROVE)
        words = clean_lines(note, "note", LONGEST_NOTE)
        if not words:
            raise InvalidInput("Say what is to be changed.", field="note")
        with self._changing(actor, batch_id) as (work, batch):
            batch.sent_back = words
            work.audit("batch.send_back", "payout_batch", batch_id, note=words)

    def give_in(self, actor: Actor, batch_id: UUID, note: str = "") -> None:
        """Hand a draft in for approval, also one that was sent back; whoever does has prepared it. Raises `NotFound`,
        `WrongState` for what is no draft."""
        require(actor, Permission.PAYOUT_PREPARE)
        words = clean_lines(note, "note", LONGEST_NOTE)
        with self._changing(actor, batch_id) as (work, batch):
            batch.note, batch.sent_back, batch.prepared_by = words, "", actor.user_id
            work.audit("batch.give_in", "payout_batch", batch_id, note=words)

    def discard(self, actor: Actor, batch_id: UUID) -> None:
        """Give a draft up; what was in it stays owed. Raises `NotFound`, `WrongState` for what is no draft."""
        require(actor, Permission.PAYOUT_PREPARE)
        with self._changing(actor, batch_id) as (work, batch):
            batch.state, batch.ended_at = advance(batch.state, BatchState.DISCARDED), work.now
            work.audit("batch.discard", "payout_batch", batch_id, reference=batch.reference)

    # approving

    def approve(self, actor: Actor, batch_id: UUID, *, seen: str, told: Told | None = None) -> Approved:
        """Approve a draft as it was seen; nothing is sent by it. `seen` is the digest of the dry run. `told` as in
        `dry_run`; what it raises is raised before anything is written.

        Raises `ChangedMeanwhile` saying what has changed where it would do anything else by now, `NotPermitted` for who
        prepared it (unless the agency lets them), `NotFound`; `WrongState` for what is no draft, was sent back, or
        has nobody in it; `WaitsForCentral`."""
        require(actor, Permission.PAYOUT_APPROVE)
        with self._db.read() as view:
            refs = reckon(view, _draft(view, batch_id)).accounts()
        said = self._provider.of(refs, told=told)
        if actor.user_id is not None:
            word = self._authority.approve(ApprovalKind.PAYOUT_BATCH, batch_id, actor.user_id)
            refuse_unapproved(word)
        with self._db.write(Commit.BATCH_APPROVE, actor) as work:
            batch = _draft(work, batch_id)
            alone = _refuse_approver(work, actor, batch)
            decided = decide(reckon(work, batch), said)
            self._refuse_changed(batch_id, decided, seen)
            if not any(each.counts for each in decided):
                raise WrongState(
                    "There is nothing in this batch.", hint="Discard it; the next one has what comes."
                )
            statements = approving.carry_out(
                work, batch, decided, alone=alone, locale=self._locale, sandbox=self._gateway.is_sandbox
            )
            paid = sum(each.left is None for each in decided)
            approved = Approved(row_of(work, batch), paid, len(decided) - paid, statements)
            work.commit()
        return approved

    # parts

    @contextmanager
    def _changing(self, actor: Actor, batch_id: UUID) -> Iterator[tuple[UnitOfWork, PayoutBatch]]:
        """A draft that is changed, and told of."""
        with self._db.write(Commit.BATCH_SAVE, actor) as work:
            batch = _draft(work, batch_id)
            yield work, batch
            work.batches.update(batch)
            work.publish(PayoutBatchChanged(aggregate_id=batch.id, timestamp=work.now, state=batch.state))
            work.commit()

    def _remember(self, mark: str, decided: tuple[Decided, ...]) -> None:
        with self._lock:
            self._seen[mark] = decided
            self._seen.move_to_end(mark)
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)

    def _refuse_changed(self, batch_id: UUID, decided: tuple[Decided, ...], seen: str) -> None:
        if digest(batch_id, decided) == seen:
            return
        with self._lock:
            before = self._seen.get(seen)
        what = "" if before is None else _named(before, decided)
        raise ChangedMeanwhile(
            f"This batch is not what you have seen any more{what}.", hint="Run it again, look, then approve."
        )


def _named(before: Sequence[Decided], now: Sequence[Decided]) -> str:
    names = {each.case.key: each.case.name for each in (*before, *now)}
    changed = [f"{names[key]} ({key[1]})" for key in differing(before, now)]
    more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
    return f": {', '.join(changed[:3])}{more} changed"


def _draft(view: Reading, batch_id: UUID) -> PayoutBatch:
    batch = view.batches.get(batch_id)
    if batch.state is not BatchState.DRAFT:
        raise WrongState(f"{batch.reference} is no draft any more: it is {batch.state.value}.")
    return batch


def _refuse_approver(work: Reading, actor: Actor, batch: PayoutBatch) -> bool:
    """Whether the person who prepared it approves it, which the agency lets them. Raises where they may not."""
    if actor.user_id is None:
        raise NotPermitted("A person approves payouts.", hint="Sign in.")
    if batch.sent_back:
        raise WrongState("This draft was sent back.", hint="Change it and give it in again.")
    alone = batch.prepared_by == actor.user_id
    if alone and not work.agency.get().payouts_alone:
        raise NotPermitted(
            "Nobody approves a batch that they prepared themselves.",
            hint="Ask a colleague. An agency of one person switches this off in Settings.",
        )
    return alone


def _why_not(view: Reading, actor: Actor, batch: PayoutBatch) -> str:
    if not allowed(actor.role, Permission.PAYOUT_APPROVE):
        return "You may prepare payouts, not approve them."
    try:
        _refuse_approver(view, actor, batch)
    except (NotPermitted, WrongState) as refusal:
        return str(refusal)
    return ""
