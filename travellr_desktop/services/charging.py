"""The conversation with the provider about one payment: prepare, commit, act, record; and recovery, which only reads.

    row CREATED (committed by the sale)
    prepare_payment      the object that moves no money
    commit               its id, state PROCESSING
    process_payment      the charge, under the payment's own key
    commit               COMPLETED, FAILED or, where nobody knows, UNKNOWN

No call is made inside a transaction. Whoever dies between two steps leaves a row that says how far it came.
Recovery reads the object by its id. One that was never charged is cancelled at the provider before it is given up,
so that it can never be charged later; a charge is never sent again.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM, Actor
from travellr_desktop.domain.states import PaymentState, advance, is_open
from travellr_desktop.errors import NotFound, OtherPaymentsKind, Refusal, StorageRefusal
from travellr_desktop.payments.gateway import (
    AuthenticationRequired,
    GatewayBusy,
    GatewayUnreachable,
    OutcomeUnknown,
    PaymentGateway,
    PaymentRefused,
    PaymentRequest,
    PaymentStatus,
    ProviderPaymentState,
)
from travellr_desktop.services import keys, pinning, posting, settling, waiting
from travellr_desktop.services.outcomes import NO_CONNECTION, read_outcome
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Attempt, Payment
from travellr_desktop.storage.uow import Database, UnitOfWork

log = logging.getLogger(__name__)

NEVER_CHARGED = "NEVER_CHARGED"
"""The code of a payment that was prepared, but whose charge never reached the provider."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What is needed of a payment outside a transaction."""

    id: UUID
    sale_id: UUID
    amount: Money
    state: PaymentState
    ref: str | None
    description: str
    worker: str | None
    age: timedelta
    strange: bool
    """The provider behind the gateway is of another kind than the card payments of this profile."""


class Charging:
    """Takes card payments through the gateway, and finds out about those that were interrupted."""

    def __init__(self, database: Database, gateway: PaymentGateway, refunding: Refunding) -> None:
        self._db = database
        self._gateway = gateway
        self._refunding = refunding

    def charge(self, actor: Actor, payment_id: UUID, payment_method: str, *, command: UUID | None) -> None:
        """Charge a payment that was just created and that the caller is `at`. `command` is the key under which
        the sale's outcome is kept.

        Whatever happens is recorded; nothing is raised for what the provider says."""
        payment = self._find(payment_id)
        if payment.strange:
            self._fail(
                actor, payment_id, OtherPaymentsKind.__name__, _OTHER_KIND_WORDS, command, action="charge"
            )
            return
        try:
            prepared = self._gateway.prepare_payment(_request(payment), key=f"payment-{payment.id}-prepare")
        except (OutcomeUnknown, GatewayBusy):
            # whatever was made moves no money, and nobody will ever confirm it
            self._fail(actor, payment_id, NO_CONNECTION, _NO_CONNECTION_WORDS, command, action="charge")
            return
        except Refusal as refusal:
            self._fail(actor, payment_id, _code(refusal), str(refusal), command, action="charge")
            return
        key = f"payment-{payment.id}-charge"
        with self._db.write(Commit.PAYMENT_PREPARE, actor) as work:
            row = work.payments.get_full(payment_id)
            row.provider_ref = prepared.ref
            row.state = advance(row.state, PaymentState.PROCESSING)
            _attempt(work, row, "charge", "sent", key)
            work.payments.update(row)
            work.commit()
        try:
            status = self._gateway.process_payment(prepared.ref, payment_method=payment_method, key=key)
        except PaymentRefused as refusal:
            self._never_again(prepared.ref, payment_id)
            self._fail(actor, payment_id, _code(refusal), str(refusal), command, action="charge")
        except GatewayUnreachable:
            # the charge was never sent, and recovery never sends one
            self._fail(actor, payment_id, NO_CONNECTION, _NO_CONNECTION_WORDS, command, action="charge")
        except OutcomeUnknown:
            self._unsettled(actor, payment_id, "charge", "no answer", command)
        except Refusal as refusal:
            self._give_up(actor, payment_id, prepared.ref, "charge", command, _code(refusal), str(refusal))
        else:
            self._record(actor, payment_id, prepared.ref, status, "charge", command)

    def read(self, actor: Actor, payment_id: UUID) -> None:
        """Find out about a payment whose outcome is not known, and record it. Never charges.

        A payment that a running program is at is left to it."""
        with self._db.workers.at(payment_id) as mine:
            payment = self._find(payment_id)
            if mine and is_open(payment.state) and not self._elsewhere(payment.worker):
                self._read(actor, payment)

    def _read(self, actor: Actor, payment: _Found) -> None:
        payment_id, ref = payment.id, payment.ref
        if payment.strange:
            self._unsettled(actor, payment_id, "read", "the payment key is of another kind", None)
            return
        if ref is None:  # the id is committed before the charge is sent: without one, none was
            self._close_unseen(payment)
            self._fail(
                actor, payment_id, NEVER_CHARGED, _NEVER_CHARGED_WORDS, None, action="read", abandoned=True
            )
            return
        try:
            status = self._gateway.get_payment_status(ref)
        except NotFound:
            self._unsettled(actor, payment_id, "read", "the provider has no such payment", None)
            return
        except Refusal as refusal:
            self._unsettled(actor, payment_id, "read", str(refusal), None)
            return
        if status.state in (ProviderPaymentState.WAITING, ProviderPaymentState.REQUIRES_ACTION):
            self._give_up(actor, payment_id, ref, "read", None, *_why_not(status))
        else:
            self._record(actor, payment_id, ref, status, "read", None)

    def _close_unseen(self, payment: _Found) -> None:
        """Close the object whose id was never learnt, where the provider still knows the key it was made under.
        Whether it succeeds or not, nobody will ever charge it."""
        if payment.age > waiting.KEY_LASTS:
            return
        try:
            made = self._gateway.prepare_payment(_request(payment), key=f"payment-{payment.id}-prepare")
            self._gateway.cancel_payment(made.ref, key=f"payment-{payment.id}-cancel")
        except Refusal:
            log.warning("payment %s was never charged; its object could not be cancelled", payment.id)

    def recover(self, *, start_up: bool) -> int:
        """Read every payment that nobody is at: at start-up all of them, later those whose time has come.
        Returns how many were found to be paid."""
        with self._db.read() as view:
            now = view.clock.now()
            due = [
                payment.id
                for payment in view.payments.in_flight()
                if not self._db.workers.busy(payment.worker, payment.id)
                and (start_up or payment.next_read_at is None or payment.next_read_at <= now)
            ]
        recovered = 0
        for payment_id in due:
            try:
                self.read(SYSTEM, payment_id)
                recovered += self._find(payment_id).state is PaymentState.COMPLETED
            except StorageRefusal:
                raise
            except Exception:  # one that cannot be understood must not keep the others waiting
                log.exception("payment %s could not be recovered", payment_id)
        return recovered

    def _elsewhere(self, worker: str | None) -> bool:
        """Whether another program that lives is at it."""
        return worker != self._db.workers.id and self._db.workers.alive(worker)

    # outcomes

    def _record(
        self,
        actor: Actor,
        payment_id: UUID,
        ref: str,
        status: PaymentStatus,
        action: str,
        command: UUID | None,
    ) -> None:
        if status.state is ProviderPaymentState.SUCCEEDED:
            self._complete(actor, payment_id, ref, status, action, command)
        elif status.state is ProviderPaymentState.CANCELLED:
            code, words = _why_not(status)
            never = code == NEVER_CHARGED
            self._fail(actor, payment_id, code, words, command, action=action, abandoned=never)
        elif status.state is ProviderPaymentState.PROCESSING:
            self._unsettled(actor, payment_id, action, "still processing", command)
        else:
            words = "This card needs the traveller's own approval, which cannot be given here."
            code = AuthenticationRequired.decline_code
            self._give_up(actor, payment_id, ref, action, command, code, words)

    def _give_up(
        self,
        actor: Actor,
        payment_id: UUID,
        ref: str,
        action: str,
        command: UUID | None,
        code: str,
        words: str,
    ) -> None:
        """Nothing was charged, as far as is known: make sure that it never will be, then record what is true."""
        try:
            status = self._gateway.cancel_payment(ref, key=f"payment-{payment_id}-cancel")
        except Refusal as refusal:
            self._unsettled(actor, payment_id, "cancel", str(refusal), command)
            return
        if status.state is ProviderPaymentState.SUCCEEDED:
            self._complete(actor, payment_id, ref, status, "cancel", command)
        elif status.state is ProviderPaymentState.PROCESSING:
            self._unsettled(actor, payment_id, "cancel", "still processing", command)
        else:
            never = code == NEVER_CHARGED
            self._fail(actor, payment_id, code, words, command, action=action, abandoned=never)

    def _never_again(self, ref: str, payment_id: UUID) -> None:
        """After a definite no the object is closed at the provider. Its outcome is known: a failure here is not
        one of the sale."""
        try:
            self._gateway.cancel_payment(ref, key=f"payment-{payment_id}-cancel")
        except Refusal:
            log.warning("payment %s was declined; its object could not be cancelled", payment_id)

    def _complete(
        self,
        actor: Actor,
        payment_id: UUID,
        ref: str,
        status: PaymentStatus,
        action: str,
        command: UUID | None,
    ) -> None:
        with ExitStack() as at:
            with self._db.write(Commit.PAYMENT_COMPLETE, actor) as work:
                row = work.payments.get_full(payment_id)
                if not is_open(row.state):
                    return  # somebody else recorded it in the meantime
                row.provider_ref = ref
                if row.state is PaymentState.CREATED:
                    row.state = advance(row.state, PaymentState.PROCESSING)
                _attempt(work, row, action, "paid", None)
                refunds = settling.complete(work, row, label=status.card_label or "Card")
                keys.finish(work, command, read_outcome(work, row.sale_id), row.sale_id)
                for refund_id in refunds:
                    at.enter_context(self._db.workers.at(refund_id))
                work.commit()
            for refund_id in refunds:
                self._refunding.carry_out(actor, refund_id)

    def _fail(
        self,
        actor: Actor,
        payment_id: UUID,
        code: str,
        words: str,
        command: UUID | None,
        *,
        action: str,
        abandoned: bool = False,
    ) -> None:
        with self._db.write(Commit.PAYMENT_FAIL, actor) as work:
            row = work.payments.get_full(payment_id)
            if not is_open(row.state):
                return
            _attempt(work, row, action, "not charged", None, code)
            settling.fail(work, row, code=code, message=words, abandoned=abandoned)
            keys.finish(work, command, read_outcome(work, row.sale_id), row.sale_id)
            work.commit()

    def _unsettled(
        self, actor: Actor, payment_id: UUID, action: str, detail: str, command: UUID | None
    ) -> None:
        """Nobody knows yet: the hold stays, and the next reading is set down."""
        with self._db.write(Commit.PAYMENT_UNSETTLED, actor) as work:
            row = work.payments.get_full(payment_id)
            if not is_open(row.state):
                return
            if action == "read" or row.state is PaymentState.UNKNOWN:  # not the charge's own answer
                row.reads += 1
            if row.state in (PaymentState.PROCESSING, PaymentState.REQUIRES_ACTION):
                row.state = advance(row.state, PaymentState.UNKNOWN)
            row.worker = None
            row.next_read_at = work.now + waiting.after(row.reads)
            _attempt(work, row, action, detail, None)
            work.payments.update(row)
            work.publish(posting.processed(work, row))
            keys.finish(work, command, read_outcome(work, row.sale_id), row.sale_id)
            work.commit()

    def _find(self, payment_id: UUID) -> _Found:
        with self._db.read() as view:
            row = view.payments.get_full(payment_id)
            return _Found(
                id=row.id,
                sale_id=row.sale_id,
                amount=Money(row.amount, row.currency),
                state=row.state,
                ref=row.provider_ref,
                description=row.sale.reference,
                worker=row.worker,
                age=view.clock.now() - row.created_at,
                strange=pinning.is_other(view, self._gateway.kind),
            )


_NO_CONNECTION_WORDS = "The payment provider could not be reached. Nothing was charged."
_OTHER_KIND_WORDS = (
    "The payment key is of another kind than the payments of this profile. Nothing was charged."
)
_NEVER_CHARGED_WORDS = "The charge never reached the provider. Nothing was charged."


def _request(payment: _Found) -> PaymentRequest:
    metadata = {"sale": str(payment.sale_id)}
    return PaymentRequest(payment.id, payment.amount, payment.description, metadata)


def _why_not(status: PaymentStatus) -> tuple[str, str]:
    """Code and sentence for a payment that was read and is not paid."""
    if status.decline_code:
        return status.decline_code, "The card was declined."
    return NEVER_CHARGED, _NEVER_CHARGED_WORDS


def _code(refusal: Refusal) -> str:
    return refusal.decline_code if isinstance(refusal, PaymentRefused) else refusal.code


def _attempt(
    work: UnitOfWork, row: Payment, action: str, outcome: str, key: str | None, detail: str = ""
) -> None:
    work.payments.add_attempt(
        Attempt(payment_id=row.id, action=action, key=key, at=work.now, outcome=outcome, detail=detail)
    )
