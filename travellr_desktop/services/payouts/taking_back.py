"""Taking a transfer, or a part of it, back out of a vendor's account with the provider; and what was taken back there
without anybody here asking for it. Either way the vendor has the money as a new line.

    take_back.send        the row and its key, before anything is sent
    reverse_transfer      under that key
    take_back.record      it is back; or it definitely is not
    take_back.unsettled   nobody knows, or nobody answered: looked at again

As with payouts the provider's reversals are looked through before anything is sent again, and a day later nothing is.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.permissions import SYSTEM, Actor
from travellr_desktop.domain.states import PayoutState, TakeBackState, advance, is_open
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, Refusal, StorageRefusal, WrongState
from travellr_desktop.payments.gateway import (
    GatewayBusy,
    OutcomeUnknown,
    PaymentGateway,
    ReversalRequest,
    ReversalStatus,
)
from travellr_desktop.services import keys, pinning, waiting
from travellr_desktop.services.authority import Authority, ClaimKind, DeskAlone, refuse_unclaimed
from travellr_desktop.services.payouts import standing
from travellr_desktop.services.payouts.paying import SENT_FOR
from travellr_desktop.services.payouts.run_views import TakeBackView, take_back_view
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Payout, TakeBack
from travellr_desktop.storage.uow import Database, UnitOfWork

log = logging.getLogger(__name__)

FOUND = "Taken back at the provider."
"""The reason of what nobody here asked for."""


@dataclass(frozen=True, slots=True)
class _Ask:
    """What a form asks: the command's content."""

    payout_id: UUID
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class _Made:
    id: UUID


@dataclass(frozen=True, slots=True)
class _Found:
    id: UUID
    state: TakeBackState
    transfer_ref: str
    amount: Money
    key: str
    first_sent_at: datetime | None
    now: datetime
    strange: bool  # the provider is of another kind than the card payments of this profile
    ours: bool  # this desk asked for it


class TakingBack:
    def __init__(
        self, database: Database, gateway: PaymentGateway, authority: Authority | None = None
    ) -> None:
        self._db = database
        self._gateway = gateway
        self._authority = authority or DeskAlone()

    def take_back(
        self, actor: Actor, payout_id: UUID, amount: Money, reason: str, *, key: UUID
    ) -> TakeBackView:
        """See `PayoutRunService.take_back`, which asks for the permission."""
        asked, take_back_id = _Ask(payout_id, amount, reason), new_id()
        refuse_unclaimed(self._authority.claim(ClaimKind.TAKE_BACK, take_back_id, amount))
        with self._db.workers.at(take_back_id):  # before the commit it is this program's
            with self._db.write(Commit.TAKE_BACK_SEND, actor) as work:
                earlier = keys.begin(work, self._db.workers, key, "payout.take_back", asked, payout_id)
                if earlier is None:
                    pinning.pin(work, self._gateway.kind)
                    _write(work, take_back_id, asked)
                    keys.finish(work, key, _Made(take_back_id), payout_id)
                    work.commit()
            if earlier is None:
                self._send(actor, self._find(take_back_id))
            else:
                assert earlier.result is not None  # kept in the transaction that does it
                take_back_id = keys.from_json(_Made, earlier.result).id
        with self._db.read() as view:
            return take_back_view(view.take_backs.get_full(take_back_id))

    def read(self, actor: Actor, payout_id: UUID) -> bool:
        """Read a paid transfer again, and write down what was taken back of it at the provider; False where something
        that was asked for here is to be found out first. Raises what the provider's silence raises."""
        with self._db.read() as view:
            row = view.payouts.get(payout_id)
            ref, paid = row.provider_ref, row.state is PayoutState.PAID
            known = {each.provider_ref for each in view.take_backs.of(payout_id)}
            waiting_for = [each.id for each in view.take_backs.of(payout_id) if is_open(each.state)]
            strange = pinning.is_other(view, self._gateway.kind)
            ours = _taken(view.take_backs.of(payout_id), {TakeBackState.DONE})
        if not paid or ref is None or strange or row.way is not PayoutWay.TRANSFER:
            return True
        if self._gateway.get_transfer(ref).reversed.minor <= ours:
            return True
        for take_back_id in waiting_for:
            self.look(actor, take_back_id)
        fresh = [each for each in self._gateway.find_reversals(ref) if each.ref not in known]
        with self._db.write(Commit.TAKE_BACK_RECORD, actor) as work:
            rows = work.take_backs.of(payout_id)
            if any(is_open(each.state) for each in rows):
                return False
            known = {each.provider_ref for each in rows}
            payout = work.payouts.get_full(payout_id)
            found = [each for each in reversed(fresh) if each.ref not in known]
            for reversal in found:
                _write_found(work, payout, reversal)
            if found:
                work.commit()
        return True

    def read_all(self, actor: Actor, since: datetime) -> int:
        """The same of all transfers that were paid from `since` on. Returns how many were read."""
        with self._db.read() as view:
            paid = view.payouts.paid_transfers(since)
        for payout_id in paid:
            self.read(actor, payout_id)
        return len(paid)

    def recover(self, *, start_up: bool) -> int:
        """Find out about all that was asked back and that nobody is at: at start-up all, later what is due. Returns
        how many were settled by it."""
        with self._db.read() as view:
            due = [
                row.id
                for row in view.take_backs.in_flight(None if start_up else view.clock.now())
                if not self._db.workers.busy(row.worker, row.id)
            ]
        settled = 0
        for take_back_id in due:
            try:
                settled += self.look(SYSTEM, take_back_id)
            except StorageRefusal:
                raise
            except Exception:  # one that cannot be understood must not keep the others waiting
                log.exception("reversal %s could not be looked up", take_back_id)
        return settled

    def look(self, actor: Actor, take_back_id: UUID) -> bool:
        """Find out about one; what is not among the provider's reversals is sent under the same key while the provider
        remembers that. Says whether it is settled now."""
        with self._db.workers.at(take_back_id) as mine:
            found = self._find(take_back_id)
            if not mine or not found.ours or not is_open(found.state):
                return False
            if found.strange:
                self._unsettled(actor, take_back_id, "the payment key is of another kind", unknown=False)
                return False
            if not self._claim_again(actor, found):
                return False
            return self._look(actor, found)

    def _look(self, actor: Actor, found: _Found) -> bool:
        try:
            known = self._gateway.find_reversals(found.transfer_ref)
        except Refusal as refusal:
            return self._unsettled(actor, found.id, str(refusal), unknown=True)
        for reversal in known:
            if reversal.reversal_id == found.id:
                return self._record(actor, found.id, reversal.ref)
        assert found.first_sent_at is not None  # of one that was asked for here
        age = found.now - found.first_sent_at
        if age > waiting.KEY_LASTS:
            return self._fail(actor, found.id, "It never reached the provider.")
        if age > SENT_FOR:
            return self._unsettled(actor, found.id, "not among the provider's reversals", unknown=True)
        return self._send(actor, found)

    def _send(self, actor: Actor, found: _Found) -> bool:
        try:
            status = self._gateway.reverse_transfer(
                ReversalRequest(found.id, found.transfer_ref, found.amount), key=found.key
            )
        except OutcomeUnknown:
            return self._unsettled(actor, found.id, "no answer", unknown=True)
        except GatewayBusy as busy:
            return self._unsettled(actor, found.id, str(busy), unknown=False)
        except Refusal as refusal:
            return self._fail(actor, found.id, str(refusal))
        return self._record(actor, found.id, status.ref)

    def _claim_again(self, actor: Actor, found: _Found) -> bool:
        """False where it is settled, or another program that lives is at it."""
        with self._db.write(Commit.TAKE_BACK_SEND, actor) as work:
            row = work.take_backs.get_full(found.id)
            if not is_open(row.state):
                return False
            if row.worker != work.worker and self._db.workers.alive(row.worker):
                return False
            row.worker = work.worker
            standing.attempt(work, row.payout, "take_back", "looked for", key=found.key)
            work.take_backs.update(row)
            work.commit()
        return True

    # what came of it

    def _record(self, actor: Actor, take_back_id: UUID, ref: str) -> bool:
        with self._db.write(Commit.TAKE_BACK_RECORD, actor) as work:
            row = work.take_backs.get_full(take_back_id)
            if not is_open(row.state):
                return False
            row.provider_ref = ref
            _ended(work, row, TakeBackState.DONE)
            standing.attempt(work, row.payout, "take_back", "done")
            _is_back(work, row.payout, row)
            work.commit()
        return True

    def _fail(self, actor: Actor, take_back_id: UUID, why: str) -> bool:
        with self._db.write(Commit.TAKE_BACK_RECORD, actor) as work:
            row = work.take_backs.get_full(take_back_id)
            if not is_open(row.state):
                return False
            row.failure = why
            _ended(work, row, TakeBackState.FAILED)
            standing.attempt(work, row.payout, "take_back", "refused", detail=why)
            standing.tell(work, row.payout)
            work.commit()
        return True

    def _unsettled(self, actor: Actor, take_back_id: UUID, detail: str, *, unknown: bool) -> bool:
        with self._db.write(Commit.TAKE_BACK_UNSETTLED, actor) as work:
            row = work.take_backs.get_full(take_back_id)
            if not is_open(row.state):
                return False
            if unknown and row.state is TakeBackState.SENDING:
                row.state = advance(row.state, TakeBackState.UNKNOWN)
            row.next_read_at = work.now + waiting.after(row.reads)
            row.reads += 1
            row.worker = None
            work.take_backs.update(row)
            standing.attempt(work, row.payout, "take_back", "unsettled", detail=detail)
            standing.tell(work, row.payout)
            work.commit()
        return False

    def _find(self, take_back_id: UUID) -> _Found:
        with self._db.read() as view:
            row = view.take_backs.get_full(take_back_id)
            assert row.payout.provider_ref is not None  # the file refuses to take back what was not paid
            return _Found(
                id=row.id,
                state=row.state,
                transfer_ref=row.payout.provider_ref,
                amount=Money(row.amount, row.currency),
                key=f"take-back-{row.id}",
                first_sent_at=row.first_sent_at,
                now=view.clock.now(),
                strange=pinning.is_other(view, self._gateway.kind),
                ours=row.desk_id in (None, view.agency.this_desk().id),
            )


def _write(work: UnitOfWork, take_back_id: UUID, asked: _Ask) -> None:
    payout = work.payouts.get_full(asked.payout_id)
    if payout.way is not PayoutWay.TRANSFER or payout.state is not PayoutState.PAID:
        raise WrongState("Only a transfer that was paid is taken back.", hint="See how the payout stands.")
    reason = clean_line(asked.reason, "reason", 500)
    left = payout.amount - _taken(work.take_backs.of(payout.id), set(TakeBackState) - {TakeBackState.FAILED})
    if asked.amount.currency != payout.currency or asked.amount.minor <= 0:
        raise InvalidInput("What is taken back is an amount in the payout's currency.", field="amount")
    if asked.amount.minor > left:
        raise InvalidInput(
            "This is more than is left of the payout."
            if left
            else "All of this payout was taken back already.",
            field="amount",
            hint="See what was already taken back of it.",
        )
    row = work.take_backs.save(
        TakeBack(
            id=take_back_id,
            payout_id=payout.id,
            amount=asked.amount.minor,
            currency=payout.currency,
            reason=reason,
            created_at=work.now,
            created_by=work.actor.user_id,
            first_sent_at=work.now,
            worker=work.worker,
            desk_id=work.desk_id,
        )
    )
    standing.attempt(work, payout, "take_back", "sent", key=f"take-back-{row.id}")
    name = payout.vendor.name
    work.audit("payout.take_back", "payout", payout.id, name=name, amount=row.amount, reason=reason)
    standing.tell(work, payout)


def _write_found(work: UnitOfWork, payout: Payout, reversal: ReversalStatus) -> None:
    row = work.take_backs.save(
        TakeBack(
            payout_id=payout.id,
            amount=reversal.amount.minor,
            currency=payout.currency,
            state=TakeBackState.DONE,
            reason=FOUND,
            provider_ref=reversal.ref,
            created_at=work.now,
            ended_at=work.now,
        )
    )
    standing.attempt(work, payout, "take_back", "found", detail=reversal.ref)
    name = payout.vendor.name
    work.audit("payout.taken_back", "payout", payout.id, name=name, amount=row.amount, reversal=reversal.ref)
    _is_back(work, payout, row)


def _ended(work: UnitOfWork, row: TakeBack, state: TakeBackState) -> None:
    row.state = advance(row.state, state)
    row.ended_at, row.next_read_at, row.worker = work.now, None, None
    work.take_backs.update(row)


def _is_back(work: UnitOfWork, payout: Payout, row: TakeBack) -> None:
    """The money is with the provider again, and the vendor's as a new line."""
    entry = ledger.transfer_reversed_entry(
        Money(row.amount, row.currency), vendor_id=payout.vendor_id, available_at=work.now
    )
    (row.ledger_id,) = standing.post(work, payout, (entry,))
    work.take_backs.update(row)
    if _taken(work.take_backs.of(payout.id), {TakeBackState.DONE}) == payout.amount:
        payout.state = advance(payout.state, PayoutState.REVERSED)
        work.payouts.update(payout)
    standing.tell(work, payout)


def _taken(rows: Sequence[TakeBack], among: set[TakeBackState]) -> int:
    return sum(row.amount for row in rows if row.state in among)
