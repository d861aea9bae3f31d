"""Running a batch of payouts: one transfer after the other, from one program or from several at once.

    batch.run      approved → sending; paused, going on, stopped: between two payouts, whoever says so and wherever
    payout.send    taken by its state: of two who run one batch, one has it, the other goes on to the next

Nothing about a run is kept in memory. A program that dies leaves a batch that is being sent: what it was at is looked
up by recovery, the rest waits until somebody goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.errors import Cancelled, Refusal, RequestInProgress, StorageRefusal, WrongState
from travellr_desktop.services.payouts import standing
from travellr_desktop.services.payouts.paying import Paying, Try, Went, changed_since
from travellr_desktop.services.payouts.run_views import (
    PayoutView,
    RunFigures,
    RunReport,
    TakeBackView,
    figures_of,
    payout_view,
    report_of,
)
from travellr_desktop.services.payouts.taking_back import TakingBack
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Payout, PayoutBatch
from travellr_desktop.storage.uow import Database, UnitOfWork

log = logging.getLogger(__name__)

Progress = Callable[[RunFigures], object]
"""Told before each payout, and at the end. It may raise `Cancelled`: the run is paused."""

SILENT = 3
"""After so many payouts in a row without an answer the run is paused."""

AT_ONCE = 10
"""How many payouts the schedule sends in one turn, so that the program need not wait long to end."""

_RUNS_BY_ITSELF = "payouts"


class PayoutRunService:
    """What people do with a batch once it is approved, and what the program does with it by itself."""

    def __init__(self, database: Database, paying: Paying, taking_back: TakingBack) -> None:
        self._db = database
        self._paying = paying
        self._taking_back = taking_back

    def figures(self, actor: Actor, batch_id: UUID) -> RunFigures:
        """Raises `NotFound`."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            return figures_of(view, batch_id)

    # a run

    def run(self, actor: Actor, batch_id: UUID, progress: Progress | None = None) -> RunReport:
        """Send what an approved batch pays by transfer; go on with one that is being sent already, beside whoever
        else is at it. Whatever the provider says is recorded, and nothing is raised for it: after `SILENT` payouts
        without an answer, or where the key is at fault, the batch is paused.

        Raises `NotFound`, `WrongState` for a batch that is not approved, is paused or is done and where there is no
        key, `OtherPaymentsKind`, `RequestInProgress` where this program runs it already."""
        require(actor, Permission.PAYOUT_RUN)
        return self._go(actor, batch_id, {BatchState.APPROVED}, "batch.run", progress)

    def resume(self, actor: Actor, batch_id: UUID, progress: Progress | None = None) -> RunReport:
        """Go on with a batch that was paused, or whose program died. Raises as `run`."""
        require(actor, Permission.PAYOUT_RUN)
        return self._go(actor, batch_id, {BatchState.PAUSED}, "batch.resume", progress)

    def pause(self, actor: Actor, batch_id: UUID) -> RunFigures:
        """Whoever runs it, here or elsewhere, begins no other payout until somebody goes on. Raises `NotFound`, and
        `WrongState` for a batch that is not being sent."""
        require(actor, Permission.PAYOUT_RUN)
        with self._db.write(Commit.BATCH_RUN, actor) as work:
            batch = work.payouts.batch(batch_id)
            if batch.state is not BatchState.SENDING:
                raise WrongState("This batch is not being sent.", hint="See how it stands.")
            self._step(work, batch, BatchState.PAUSED, "batch.pause")
            work.commit()
            return figures_of(work, batch_id)

    def stop(self, actor: Actor, batch_id: UUID) -> RunFigures:
        """End the run after the payout that is being sent: what is left is approved, as it was, and does not go on by
        itself. Raises `NotFound`, and `WrongState` for a batch that is neither being sent nor paused."""
        require(actor, Permission.PAYOUT_RUN)
        with self._db.write(Commit.BATCH_RUN, actor) as work:
            batch = work.payouts.batch(batch_id)
            if batch.state not in (BatchState.SENDING, BatchState.PAUSED):
                raise WrongState("This batch is not being sent.", hint="See how it stands.")
            batch.stopped_at = work.now
            self._step(work, batch, BatchState.APPROVED, "batch.stop")
            work.commit()
            return figures_of(work, batch_id)

    def run_due(self) -> int:
        """Send some of what was approved, where the agency has switched on that batches run by themselves; nothing of
        a batch of which a payout is waited for. Returns how many were begun. The program's own doing."""
        with self._db.read() as view:
            agency = view.agency.find()
            if agency is None or not agency.payouts_run:
                return 0
            waiting = view.payouts.batches_to_run()
        if not waiting or not self._is_ready() or not self._db.workers.only(_RUNS_BY_ITSELF):
            return 0
        begun = 0
        for batch_id in waiting:
            if begun >= AT_ONCE:
                break
            with self._db.workers.at(batch_id) as mine:
                if mine and self._begin(SYSTEM, batch_id, {BatchState.APPROVED}, "batch.run"):
                    begun += self._send_each(SYSTEM, batch_id, None, most=AT_ONCE - begun, alone=True)[0]
        return begun

    def _is_ready(self) -> bool:
        """Another window may have the key."""
        try:
            self._paying.refuse_unready()
        except Refusal:
            self._db.workers.leave(_RUNS_BY_ITSELF)
            return False
        return True

    def _go(
        self,
        actor: Actor,
        batch_id: UUID,
        among: set[BatchState],
        word: str,
        progress: Progress | None,
    ) -> RunReport:
        self._paying.refuse_unready()
        with self._db.workers.at(batch_id) as mine:
            if not mine:
                raise RequestInProgress("This batch is being sent already.", hint="Watch it, or pause it.")
            why = ""
            if self._begin(actor, batch_id, among, word):
                why = self._send_each(actor, batch_id, progress)[1]
        with self._db.read() as view:
            report = report_of(view, batch_id, why)
        if progress is not None:
            progress(report.figures)
        return report

    def _begin(self, actor: Actor, batch_id: UUID, among: set[BatchState], word: str) -> bool:
        """Whether there is anything to send: the batch is being sent then."""
        with self._db.write(Commit.BATCH_RUN, actor) as work:
            batch = work.payouts.batch(batch_id)
            if batch.state is BatchState.SENDING:
                return True  # somebody else is at it, or died of it
            _refuse(batch, among)
            if work.payouts.next_to_send(batch_id) is None:
                if work.payouts.is_settled(batch_id):
                    self._step(work, batch, BatchState.DONE, word)
                    work.commit()
                    return False
                raise WrongState(
                    "Nothing of this batch is left to be sent by transfer.", hint="See how it stands."
                )
            batch.stopped_at = None
            self._step(work, batch, BatchState.SENDING, word)
            work.commit()
        return True

    def _send_each(
        self,
        actor: Actor,
        batch_id: UUID,
        progress: Progress | None,
        *,
        most: int | None = None,
        alone: bool = False,
    ) -> tuple[int, str]:
        """How many were begun, and why the run was paused. `alone`: nobody watches, and it is not paused where nobody
        answers, but goes on in a later turn."""
        begun, silent, last = 0, 0, None
        while most is None or begun < most:
            with self._db.read() as view:
                sending = view.payouts.batch(batch_id).state is BatchState.SENDING
                payout = view.payouts.next_to_send(batch_id, last) if sending else None
                told = None
                if payout is not None and progress is not None:
                    told = figures_of(view, batch_id, payout.vendor.name)
            if payout is None:
                break
            if told is not None and progress is not None:
                try:
                    progress(told)
                except Cancelled:
                    self._pause(actor, batch_id, "The run was broken off.")
                    raise
            last = payout.id
            tried = self._send(actor, payout.id)
            begun += 1
            if tried.went is not Went.LEFT:
                silent = silent + 1 if tried.went in (Went.UNKNOWN, Went.WAITS) else 0
            if tried.ours or silent >= (1 if alone else SILENT):
                if tried.ours or not alone:
                    self._pause(actor, batch_id, tried.why)
                return begun, tried.why
        return begun, ""

    def _send(self, actor: Actor, payout_id: UUID) -> Try:
        """One that cannot be understood must not keep the others waiting: recovery will come to it."""
        try:
            return self._paying.send(actor, payout_id, in_run=True)
        except (StorageRefusal, Cancelled):
            raise
        except Refusal as refusal:
            log.warning("payout %s was not sent: %s", payout_id, refusal)
            return Try(Went.WAITS, str(refusal), ours=True)
        except Exception as error:
            log.exception("payout %s could not be sent", payout_id)
            return Try(Went.UNKNOWN, str(error))

    def _pause(self, actor: Actor, batch_id: UUID, why: str) -> None:
        with self._db.write(Commit.BATCH_RUN, actor) as work:
            batch = work.payouts.batch(batch_id)
            if batch.state is BatchState.SENDING:
                self._step(work, batch, BatchState.PAUSED, "batch.pause", why=why)
                work.commit()

    @staticmethod
    def _step(work: UnitOfWork, batch: PayoutBatch, state: BatchState, word: str, **more: str) -> None:
        standing.to_state(work, batch, state)
        work.audit(word, "payout_batch", batch.id, reference=batch.reference, **more)

    # one payout

    def retry(self, actor: Actor, payout_id: UUID) -> PayoutView:
        """Send what a failed payout was to pay once more, as a payout of its own to the same account. Where another
        stands for it already, that one is gone on with, and told of.

        Raises `NotFound`; `WrongState` where it did not fail or was no transfer, how the vendor is paid was changed
        since, what it gave back is paid by another batch, the provider has sent it after all, or there is no key;
        `OtherPaymentsKind`; what the provider's silence raises, where that cannot be found out."""
        require(actor, Permission.PAYOUT_RUN)
        self._paying.refuse_unready()
        with self._db.read() as view:
            failed = view.payouts.get(payout_id)
            other = view.payouts.retried_by(payout_id)
            if other is None:
                _refuse_retry(failed)
        if other is None and failed.first_sent_at is not None and self._paying.was_sent(failed):
            raise WrongState(
                "The provider has sent this payout after all.",
                hint="Prove the books with `travellr check`, and do not pay it another way.",
            )
        fresh = new_id() if other is None else other.id
        with self._db.workers.at(fresh) as mine:
            if other is None:
                fresh = self._again(actor, payout_id, fresh)
            tried = self._paying.carry_out(actor, fresh) if mine else Try(Went.LEFT)
        with self._db.read() as view:
            return payout_view(view.payouts.get_full(fresh), tried.why)

    def _again(self, actor: Actor, payout_id: UUID, fresh: UUID) -> UUID:
        """A payout in the place of one that failed; the one that somebody else has made meanwhile."""
        with self._db.write(Commit.PAYOUT_RETRY, actor) as work:
            failed = work.payouts.get_full(payout_id)
            other = work.payouts.retried_by(payout_id)
            if other is not None:
                return other.id
            _refuse_retry(failed)
            why = changed_since(failed)
            line = work.payouts.failed_line(payout_id)
            if why or line is None or line.payout_id is not None:
                says = why or "What this payout gave back is paid by another batch."
                raise WrongState(says, hint="It is paid by the next batch that has room for it.")
            standing.again(work, failed, line.ledger_id, payout_id=fresh, worker=work.worker)
            work.commit()
        return fresh

    def read_now(self, actor: Actor, payout_id: UUID) -> PayoutView:
        """Find out about a payout that nobody knows of, and what was taken back of one that was paid, without waiting
        for the schedule. Raises `NotFound`, and what the provider's silence raises."""
        require(actor, Permission.PAYOUT_RUN)
        with self._db.read() as view:
            state = view.payouts.get(payout_id).state
        tried = Try(Went.LEFT)
        if state in (PayoutState.SENDING, PayoutState.UNKNOWN):
            tried = self._paying.send(actor, payout_id)
        elif state is PayoutState.PAID:
            self._taking_back.read(actor, payout_id)
        with self._db.read() as view:
            return payout_view(view.payouts.get_full(payout_id), tried.why)

    def take_back(
        self, actor: Actor, payout_id: UUID, amount: Money, reason: str, *, key: UUID
    ) -> TakeBackView:
        """Take a paid transfer, or a part of it, back out of the vendor's account with the provider: it is the vendor's
        as a new line. Raises `NotFound`, `InvalidInput` for an amount beyond what is left of it or without a reason,
        `WrongState` for a payout that is no paid transfer and where there is no key, `OtherPaymentsKind`."""
        require(actor, Permission.PAYOUT_RUN)
        self._paying.refuse_unready()
        return self._taking_back.take_back(actor, payout_id, amount, reason, key=key)


def _refuse(batch: PayoutBatch, among: set[BatchState]) -> None:
    if batch.state in among:
        return
    words = {
        BatchState.DRAFT: ("This batch is not approved.", "A second person approves it first."),
        BatchState.DISCARDED: ("This batch was discarded.", "See the other batches."),
        BatchState.APPROVED: ("This batch is not paused.", "Run it."),
        BatchState.PAUSED: ("This batch is paused.", "Go on with it."),
        BatchState.DONE: (
            "Everything of this batch is settled.",
            "Try a payout that failed again by itself.",
        ),
    }
    says, hint = words[batch.state]
    raise WrongState(says, hint=hint)


def _refuse_retry(row: Payout) -> None:
    if row.state is not PayoutState.FAILED:
        raise WrongState("This payout has not failed.", hint="See how it stands.")
    if row.way is not PayoutWay.TRANSFER:
        raise WrongState("This payout went by a file for the bank.", hint="Make another file for it.")
