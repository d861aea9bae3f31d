"""Sending one payout by a transfer. A transfer cannot be prepared: its row, its key and its entry are committed first.

    payout.send        the row is this program's, what it pays is out of what is payable
    account            whether the vendor can be paid, before the first try only
    create_transfer    under the payout's one key
    payout.record      it has left; or it definitely has not, and the vendor has a new line
    payout.unsettled   nobody knows, or nobody answered: looked at again

Once something may have been sent, the provider's transfers are looked through before anything is sent again, and then
under the same key only: the provider remembers it for 24 hours. After that nothing is sent again: what is not among its
transfers by then never was.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.wanted import wanted_words
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.permissions import SYSTEM, Actor
from travellr_desktop.domain.states import BatchState, PayoutState, advance, is_open
from travellr_desktop.errors import NotFound, Refusal, StorageRefusal, WrongState
from travellr_desktop.payments.gateway import (
    AmountNotPossible,
    GatewayBusy,
    GatewayRefused,
    OutcomeUnknown,
    PaymentGateway,
    TransferRequest,
    TransferStatus,
)
from travellr_desktop.services import pinning, waiting
from travellr_desktop.services.authority import YES, Authority, ClaimKind, DeskAlone, Word
from travellr_desktop.services.payouts import standing
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Payout
from travellr_desktop.storage.uow import Database, UnitOfWork

log = logging.getLogger(__name__)

SENT_FOR = waiting.KEY_LASTS - timedelta(hours=1)
"""How long it is sent under its key. Only looked for after that, so that what is said never to have arrived was not
sent a moment ago."""

_ON_ITS_WAY = frozenset({PayoutState.SENDING, PayoutState.UNKNOWN})


class Went(Enum):
    """What one try came to."""

    PAID = auto()
    FAILED = auto()  # definitely nothing left
    UNKNOWN = auto()
    WAITS = auto()  # nobody answered: nothing was sent, or nothing could be looked up
    LEFT = auto()  # somebody else is at it, it is settled, or its batch does not run


@dataclass(frozen=True, slots=True)
class Try:
    """`why` is a sentence where it did not go. `ours`: the key, or what it may do, is at fault, and the next vendor
    would fare the same."""

    went: Went
    why: str = ""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    id: UUID
    state: PayoutState
    way: PayoutWay
    account_ref: str | None
    amount: Money
    group: str
    key: str
    first_sent_at: datetime | None
    now: datetime
    strange: bool  # the provider is of another kind than the card payments of this profile
    ours: bool  # this desk has begun it


def group_of(root_id: UUID) -> str:
    """What the provider lists all transfers of a payout and its retries by."""
    return f"payout-{root_id}"


class Paying:
    """Sends approved transfers to the provider and records what came of it."""

    def __init__(
        self, database: Database, gateway: PaymentGateway, authority: Authority | None = None
    ) -> None:
        self._db = database
        self._gateway = gateway
        self._authority = authority or DeskAlone()

    def send(self, actor: Actor, payout_id: UUID, *, in_run: bool = False) -> Try:
        """Send an approved payout, or find out about one that may have been sent. Whatever happens is recorded; nothing
        is raised for what the provider says. `in_run`: only while its batch is being sent.

        One that a running program is at is left to it."""
        with self._db.workers.at(payout_id) as mine:
            return self.carry_out(actor, payout_id, in_run=in_run) if mine else Try(Went.LEFT)

    def carry_out(self, actor: Actor, payout_id: UUID, *, in_run: bool = False) -> Try:
        """The same for a payout that the caller is `at` already."""
        found = self._find(payout_id)
        if found.way is not PayoutWay.TRANSFER or not is_open(found.state):
            return Try(Went.LEFT)
        begun = found.state in _ON_ITS_WAY
        if found.strange:  # it stays as it is, and goes on when the key is the right one again
            if begun:
                self._unsettled(actor, payout_id, "the payment key is of another kind", unknown=False)
            return Try(Went.WAITS, "The payment key is of another kind than this profile's.", ours=True)
        # one that this desk has begun it was given before
        ours = begun and found.ours
        claim = YES if ours else self._authority.claim(ClaimKind.PAYOUT, payout_id, found.amount)
        if not claim.granted:
            return Try(Went.WAITS if claim.word is Word.WAITS else Went.LEFT, claim.why)
        if begun:
            return self._go_on(actor, found)
        refused = self._begin(actor, found, in_run=in_run)
        if refused is not None:
            return refused
        if claim.taken_over:
            return self._go_on(actor, self._find(payout_id))
        not_ready = self._not_ready(actor, found)
        return self._transfer(actor, found) if not_ready is None else not_ready

    def recover(self, *, start_up: bool) -> int:
        """Find out about every transfer that was begun and that nobody is at: at start-up all, later those whose time
        has come; send the retries that somebody asked for. Returns how many were settled by it."""
        with self._db.read() as view:
            due = [
                row.id
                for row in view.payouts.in_flight(None if start_up else view.clock.now())
                if not self._db.workers.busy(row.worker, row.id)
            ]
        settled = 0
        for payout_id in due:
            try:
                settled += self.send(SYSTEM, payout_id).went in (Went.PAID, Went.FAILED)
            except StorageRefusal:
                raise
            except Exception:  # one that cannot be understood must not keep the others waiting
                log.exception("payout %s could not be sent or looked up", payout_id)
        return settled

    def refuse_unready(self) -> None:
        """Before anything is begun. Raises `OtherPaymentsKind` with a key of another kind than this profile's, and
        `WrongState` without any."""
        with self._db.read() as view:
            pinning.refuse_other(view, self._gateway.kind)
        if not self._gateway.begins_payments:
            raise WrongState(
                "There is no payment key: nothing can be sent.", hint="Enter the payment key in Settings."
            )

    def was_sent(self, row: Payout) -> bool:
        """Whether a payout that failed is among the provider's transfers after all. Raises what the provider's silence
        raises."""
        return any(
            transfer.payout_id == row.id for transfer in self._gateway.find_transfers(group_of(row.root_id))
        )

    # the first try

    def _begin(self, actor: Actor, found: _Found, *, in_run: bool) -> Try | None:
        """Take it for this program, committed before anything is sent; what there is to say where nothing is to be
        sent. A vendor who cannot be paid any more is refused here, in the one transaction."""
        with self._db.write(Commit.PAYOUT_SEND, actor) as work:
            row = work.payouts.get_full(found.id)
            if row.state is not PayoutState.APPROVED:
                return Try(Went.LEFT)
            if row.worker not in (None, work.worker) and self._db.workers.alive(row.worker):
                return Try(Went.LEFT)
            if in_run and row.batch.state is not BatchState.SENDING:
                return Try(Went.LEFT)
            pinning.pin(work, self._gateway.kind)
            standing.sending(work, row)
            why = changed_since(row)
            if why:
                standing.attempt(work, row, "send", "refused", detail=why)
                self._fail_in(work, row, why)
            else:
                row.first_sent_at, row.worker, row.desk_id = work.now, work.worker, work.desk_id
                standing.attempt(work, row, "send", "sent", key=found.key)
                work.payouts.update(row)
                standing.tell(work, row)
            work.commit()
        return Try(Went.FAILED, why) if why else None

    def _not_ready(self, actor: Actor, found: _Found) -> Try | None:
        """Why the vendor's account cannot be paid to, or None where it can. Nothing has been sent by then."""
        assert found.account_ref is not None  # `changed_since` has seen it
        try:
            account = self._gateway.account(found.account_ref)
        except NotFound:
            return self._fail(actor, found.id, "The provider does not know the vendor's account any more.")
        except Refusal as refusal:
            self._unsettled(actor, found.id, str(refusal), unknown=False)
            return Try(Went.WAITS, str(refusal), ours=isinstance(refusal, GatewayRefused))
        if account.is_ready:
            return None
        wants = wanted_words(account.past_due)
        why = "The vendor's account with the provider cannot be paid to"
        return self._fail(
            actor, found.id, f"{why}; the provider still wants: {wants}." if wants else f"{why}."
        )

    def _transfer(self, actor: Actor, found: _Found) -> Try:
        assert found.account_ref is not None
        try:
            status = self._gateway.create_transfer(
                TransferRequest(found.id, found.account_ref, found.amount, found.group), key=found.key
            )
        except OutcomeUnknown:
            return self._unsettled(actor, found.id, "no answer", unknown=True)
        except GatewayBusy as busy:
            return self._unsettled(actor, found.id, str(busy), unknown=False)
        except Refusal as refusal:
            ours = isinstance(refusal, GatewayRefused) and not isinstance(refusal, AmountNotPossible)
            return self._fail(actor, found.id, str(refusal), ours=ours)
        return self._record(actor, found.id, status)

    # once something may have been sent

    def _go_on(self, actor: Actor, found: _Found) -> Try:
        """Look it up; what is not there is sent under the same key while the provider remembers that."""
        if not self._claim_again(actor, found):
            return Try(Went.LEFT)
        try:
            known = self._gateway.find_transfers(found.group)
        except Refusal as refusal:
            return self._unsettled(actor, found.id, str(refusal), unknown=True)
        for transfer in known:
            if transfer.payout_id == found.id:
                return self._record(actor, found.id, transfer)
        assert found.first_sent_at is not None  # it was begun
        age = found.now - found.first_sent_at
        if age > waiting.KEY_LASTS:
            return self._fail(actor, found.id, "It never reached the provider.")
        if age > SENT_FOR:
            return self._unsettled(actor, found.id, "not among the provider's transfers", unknown=True)
        return self._transfer(actor, found)

    def _claim_again(self, actor: Actor, found: _Found) -> bool:
        """False where it is settled, or another program that lives is at it."""
        with self._db.write(Commit.PAYOUT_SEND, actor) as work:
            row = work.payouts.get(found.id)
            if row.state not in _ON_ITS_WAY:
                return False
            if row.worker != work.worker and self._db.workers.alive(row.worker):
                return False
            row.worker, row.desk_id = work.worker, work.desk_id
            standing.attempt(work, row, "look", "looked for", key=found.key)
            work.payouts.update(row)
            work.commit()
        return True

    # what came of it

    def _record(self, actor: Actor, payout_id: UUID, status: TransferStatus) -> Try:
        with self._db.write(Commit.PAYOUT_RECORD, actor) as work:
            row = self._open(work, payout_id)
            if row is None:
                return Try(Went.LEFT)
            row.provider_ref = status.ref
            standing.attempt(work, row, "send", "paid")
            standing.paid(work, row)
            standing.tell(work, row)
            standing.end_batch(work, row.batch)
            work.commit()
        return Try(Went.PAID)

    def _fail(self, actor: Actor, payout_id: UUID, why: str, *, ours: bool = False) -> Try:
        """A definite no."""
        with self._db.write(Commit.PAYOUT_RECORD, actor) as work:
            row = self._open(work, payout_id)
            if row is None:
                return Try(Went.LEFT)
            standing.attempt(work, row, "send", "refused", detail=why)
            self._fail_in(work, row, why)
            work.commit()
        return Try(Went.FAILED, why, ours)

    @staticmethod
    def _fail_in(work: UnitOfWork, row: Payout, why: str) -> None:
        standing.failed(work, row, why)
        standing.tell(work, row)
        standing.end_batch(work, row.batch)

    def _unsettled(self, actor: Actor, payout_id: UUID, detail: str, *, unknown: bool) -> Try:
        with self._db.write(Commit.PAYOUT_UNSETTLED, actor) as work:
            row = self._open(work, payout_id)
            if row is None:
                return Try(Went.LEFT)
            if unknown and row.state is PayoutState.SENDING:
                row.state = advance(row.state, PayoutState.UNKNOWN)
            row.next_read_at = work.now + waiting.after(row.reads)
            row.reads += 1
            row.worker = None
            standing.attempt(work, row, "send", "unsettled", detail=detail)
            work.payouts.update(row)
            standing.tell(work, row)
            work.commit()
        return Try(Went.UNKNOWN if unknown else Went.WAITS, detail)

    @staticmethod
    def _open(work: UnitOfWork, payout_id: UUID) -> Payout | None:
        """The row, unless somebody else has settled it in the meantime."""
        row = work.payouts.get_full(payout_id)
        return row if row.state in _ON_ITS_WAY else None

    def _find(self, payout_id: UUID) -> _Found:
        with self._db.read() as view:
            row = view.payouts.get(payout_id)
            return _Found(
                id=row.id,
                state=row.state,
                way=row.way,
                account_ref=row.account_ref,
                amount=standing.money_of(row),
                group=group_of(row.root_id),
                key=f"payout-{row.root_id}-{row.number}",
                first_sent_at=row.first_sent_at,
                now=view.clock.now(),
                strange=pinning.is_other(view, self._gateway.kind),
                ours=row.desk_id == view.agency.this_desk().id,
            )


def changed_since(row: Payout) -> str:
    """Why a vendor cannot be paid as was approved; empty where they can."""
    vendor = row.vendor
    if not vendor.active:
        return "The vendor was deactivated after the payout was approved."
    if row.account_ref is None or vendor.payout_way is not row.way or vendor.account_ref != row.account_ref:
        return "How the vendor is paid was changed after the payout was approved."
    return ""
