"""Sending refunds. A refund cannot be prepared: its row and its key are committed first.

On an unknown outcome the payment's refunds are listed and compared before anything is sent again, and then under
the same key only: the provider remembers it for 24 hours.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM, Actor
from travellr_desktop.domain.states import RefundState, advance
from travellr_desktop.errors import NotFound, Refusal, StorageRefusal
from travellr_desktop.payments.gateway import (
    GatewayBusy,
    OutcomeUnknown,
    PaymentGateway,
    ProviderRefundState,
    RefundRequest,
    RefundStatus,
)
from travellr_desktop.services import giving_back, pinning, posting, waiting
from travellr_desktop.services.authority import YES, Authority, Claim, ClaimKind, DeskAlone
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Attempt, Refund
from travellr_desktop.storage.uow import Database, UnitOfWork

log = logging.getLogger(__name__)

ARRIVES_AFTER = timedelta(hours=1)
"""When a refund that the provider has just accepted is first looked at."""

_STATES = {
    ProviderRefundState.PENDING: RefundState.PENDING,
    ProviderRefundState.SUCCEEDED: RefundState.COMPLETED,
    ProviderRefundState.FAILED: RefundState.FAILED,
}


_TAKEN_ON = frozenset({RefundState.PENDING, RefundState.COMPLETED})

WAITS = "waits"
"""The outcome of an attempt to send a refund that this desk has not been given."""


@dataclass(frozen=True, slots=True)
class _Found:
    id: UUID
    payment_ref: str
    amount: Money
    state: RefundState
    ref: str | None
    first_sent_at: datetime | None
    now: datetime
    strange: bool  # the provider is of another kind than the card payments of this profile
    ours: bool  # this desk sends it


class Refunding:
    """Sends approved refunds to the provider and records what came of it."""

    def __init__(
        self, database: Database, gateway: PaymentGateway, authority: Authority | None = None
    ) -> None:
        self._db = database
        self._gateway = gateway
        self._authority = authority or DeskAlone()

    def send(self, actor: Actor, refund_id: UUID) -> None:
        """Send an approved refund, or one whose outcome is unknown, under its one key; follow one that is on its
        way. Whatever happens is recorded; nothing is raised for what the provider says.

        A refund that a running program is at is left to it."""
        with self._db.workers.at(refund_id) as mine:
            if mine:
                self.carry_out(actor, refund_id)

    def carry_out(self, actor: Actor, refund_id: UUID) -> None:
        """The same for a refund that the caller is `at` already."""
        found = self._find(refund_id)
        if found.strange:  # it stays owed, and is sent when the key is the right one again
            self._unsettled(actor, refund_id, "the payment key is of another kind", unknown=False)
            return
        if found.state is RefundState.PENDING:
            if found.ours:
                self._follow(actor, found)
            return
        claim = self._claim(found)
        if claim.granted:
            self._send(actor, found, taken_over=claim.taken_over)
        else:
            self._waits(actor, found.id, claim.why)

    def _claim(self, found: _Found) -> Claim:
        """Of what this desk has sent before it need not ask: it was given it then."""
        if found.ours and found.first_sent_at is not None:
            return YES
        return self._authority.claim(ClaimKind.REFUND, found.id, found.amount)

    def _send(self, actor: Actor, found: _Found, *, taken_over: bool) -> None:
        key = f"refund-{found.id}"
        old = found.first_sent_at is not None and found.now - found.first_sent_at > waiting.KEY_LASTS
        look = old or taken_over or found.state is RefundState.UNKNOWN
        if not self._take(actor, found.id, key, "looked for" if look else "sent"):
            return
        if look:  # the provider may have forgotten the key, or keep an error as its reply to it
            try:
                known = self._gateway.find_refund(found.payment_ref, found.id)
            except Refusal as refusal:
                self._unsettled(actor, found.id, str(refusal), unknown=True)
                return
            if known is not None:
                self._record(actor, found.id, known)
                return
        try:
            status = self._gateway.refund_payment(
                RefundRequest(found.id, found.payment_ref, found.amount), key=key
            )
        except OutcomeUnknown:
            self._unsettled(actor, found.id, "no answer", unknown=True)
        except GatewayBusy:
            self._unsettled(actor, found.id, "the provider is busy", unknown=False)
        except Refusal as refusal:
            self._fail(actor, found.id, str(refusal))
        else:
            self._record(actor, found.id, status)

    def read(self, actor: Actor, refund_id: UUID) -> None:
        """Find out how a refund stands that the provider has taken on, also of one that had arrived: a bank may send it
        back. Sends nothing. Raises what the provider's silence raises."""
        with self._db.workers.at(refund_id) as mine:
            found = self._find(refund_id)
            if not mine or found.strange or found.ref is None or found.state not in _TAKEN_ON:
                return
            if found.state is RefundState.PENDING and not found.ours:
                return  # who sent it follows it
            status = self._gateway.get_refund_status(found.ref)
            if _STATES[status.state] is not found.state and status.state is not ProviderRefundState.PENDING:
                self._record(actor, refund_id, status)

    def _waits(self, actor: Actor, refund_id: UUID, why: str) -> None:
        """It is not this desk's to send, or nobody can say so now: it stays as it is, and says why, once."""
        with self._db.read() as view:
            if view.refunds.says(refund_id) == why:
                return
        with self._db.write(Commit.REFUND_UNSETTLED, actor) as work:
            row = self._open(work, refund_id)
            if row is None:
                return
            # asked for again in every turn; what another desk may have written by now is not written here
            row.worker, row.next_read_at = None, row.next_read_at or work.now
            _attempt(work, row, WAITS, None, why)
            work.refunds.update(row)
            posting.publish_refund(work, row)
            work.commit()

    def _take(self, actor: Actor, refund_id: UUID, key: str, what: str) -> bool:
        """Take the refund for this program, committed before anything is sent; False where it is settled, or
        another program that lives is at it."""
        with self._db.write(Commit.REFUND_SEND, actor) as work:
            row = work.refunds.get(refund_id)
            if row.state not in (RefundState.APPROVED, RefundState.UNKNOWN):
                return False
            if row.worker != work.worker and self._db.workers.alive(row.worker):
                return False
            row.first_sent_at = row.first_sent_at or work.now
            row.worker, row.desk_id = work.worker, work.desk_id
            _attempt(work, row, what, key)
            work.refunds.update(row)
            work.commit()
        return True

    def recover(self, *, start_up: bool) -> int:
        """Send or follow every refund that nobody is at: at start-up all, later those whose time has come.
        Returns how many were settled by it."""
        with self._db.read() as view:
            due = [
                refund.id
                for refund in view.refunds.in_flight(None if start_up else view.clock.now())
                if not self._db.workers.busy(refund.worker, refund.id)
            ]
        settled = 0
        for refund_id in due:
            try:
                self.send(SYSTEM, refund_id)
                settled += self._find(refund_id).state is RefundState.COMPLETED
            except StorageRefusal:
                raise
            except Exception:  # one that cannot be understood must not keep the others waiting
                log.exception("refund %s could not be sent or followed", refund_id)
        return settled

    def _follow(self, actor: Actor, found: _Found) -> None:
        """A pending refund: see whether it arrived, or failed late."""
        assert found.ref is not None  # pending means that the provider gave it an id
        try:
            status = self._gateway.get_refund_status(found.ref)
        except Refusal as refusal:
            self._unsettled(actor, found.id, str(refusal), unknown=False)
            return
        if status.state is ProviderRefundState.PENDING:
            self._unsettled(actor, found.id, "still on its way", unknown=False)
        else:
            self._record(actor, found.id, status)

    def _record(self, actor: Actor, refund_id: UUID, status: RefundStatus) -> None:
        if status.state is ProviderRefundState.FAILED:
            self._fail(
                actor, refund_id, status.failure_code or "The provider could not send it.", ref=status.ref
            )
            return
        with self._db.write(Commit.REFUND_RECORD, actor) as work:
            row = self._open(work, refund_id)
            if row is None:
                return
            _attempt(work, row, status.state.value, None)
            if row.state is not _STATES[status.state]:
                giving_back.accept_refund(work, row, row.payment, _STATES[status.state], ref=status.ref)
            if row.state is RefundState.PENDING:
                row.next_read_at = work.now + ARRIVES_AFTER
            work.refunds.update(row)
            work.commit()

    def look_again(self, actor: Actor, refund_id: UUID) -> None:
        """Read a refund that arrived once more: a bank may send the money back days later. What the provider cannot say
        now is left as it is; whoever asked may ask again."""
        with self._db.read() as view:
            row = view.refunds.get(refund_id)
            ref, arrived = row.provider_ref, row.state is RefundState.COMPLETED
        if ref is None or not arrived:
            return
        try:
            status = self._gateway.get_refund_status(ref)
        except Refusal as refusal:
            log.warning("refund %s could not be read again: %s", refund_id, refusal)
            return
        if status.state is ProviderRefundState.FAILED:
            why = status.failure_code or "The traveller's bank sent it back."
            self._fail(actor, refund_id, why, ref=status.ref)

    def _fail(self, actor: Actor, refund_id: UUID, why: str, *, ref: str | None = None) -> None:
        """A definite no: the money did not go, or came back, and is still owed."""
        with self._db.write(Commit.REFUND_RECORD, actor) as work:
            row = work.refunds.get_full(refund_id)
            if row.state is RefundState.FAILED:
                return  # somebody else recorded it in the meantime
            late = row.state in (RefundState.PENDING, RefundState.COMPLETED)
            row.state = advance(row.state, RefundState.FAILED)
            row.failure, row.provider_ref = why, ref or row.provider_ref
            row.ended_at, row.next_read_at, row.worker = work.now, None, None
            _attempt(work, row, "failed", None, why)
            work.refunds.update(row)
            if late:
                entry = ledger.refund_failed_entry(Money(row.amount, row.currency), booking_id=row.booking_id)
                posting.post(work, (entry,), payment_id=row.payment_id, refund_id=row.id)
            posting.publish_refund(work, row)
            work.commit()

    def _unsettled(self, actor: Actor, refund_id: UUID, detail: str, *, unknown: bool) -> None:
        with self._db.write(Commit.REFUND_UNSETTLED, actor) as work:
            row = self._open(work, refund_id)
            if row is None:
                return
            if unknown and row.state is RefundState.APPROVED:
                row.state = advance(row.state, RefundState.UNKNOWN)
            row.next_read_at = work.now + waiting.after(row.reads)
            row.reads += 1
            row.worker = None
            _attempt(work, row, "unsettled", None, detail)
            work.refunds.update(row)
            posting.publish_refund(work, row)
            work.commit()

    @staticmethod
    def _open(work: UnitOfWork, refund_id: UUID) -> Refund | None:
        """The row, unless somebody else has settled it in the meantime."""
        row = work.refunds.get_full(refund_id)
        return None if row.state in (RefundState.COMPLETED, RefundState.FAILED) else row

    def _find(self, refund_id: UUID) -> _Found:
        with self._db.read() as view:
            row = view.refunds.get_full(refund_id)
            if row.payment.provider_ref is None:
                raise NotFound("There is no such refund.")
            return _Found(
                id=row.id,
                payment_ref=row.payment.provider_ref,
                amount=Money(row.amount, row.currency),
                state=row.state,
                ref=row.provider_ref,
                first_sent_at=row.first_sent_at,
                now=view.clock.now(),
                strange=pinning.is_other(view, self._gateway.kind),
                ours=view.refunds.is_ours(refund_id),
            )


def _attempt(work: UnitOfWork, row: Refund, outcome: str, key: str | None, detail: str = "") -> None:
    work.payments.add_attempt(
        Attempt(refund_id=row.id, action="refund", key=key, at=work.now, outcome=outcome, detail=detail)
    )
