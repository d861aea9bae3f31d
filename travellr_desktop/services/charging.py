"""The conversation with the provider about one payment: prepare, commit, act, record; and recovery, which only reads.

    row CREATED (committed by the sale)
    prepare_payment      the object that moves no money
    commit               its id, state PROCESSING
    process_payment      the charge, under the payment's own key
    commit               COMPLETED, FAILED or, where nobody knows, UNKNOWN

No call is made inside a transaction. Whoever dies between two steps leaves a row that says how far it came.
Recovery reads the object by its id. One that was never charged is cancelled at the provider before it is given up,
so that it can never be charged later; a charge is never sent again. Links go on in `linking`, cash in `cash`.
"""

from __future__ import annotations

import logging
from uuid import UUID

from travellr_desktop.domain.permissions import SYSTEM, Actor
from travellr_desktop.domain.states import PaymentState, advance, is_open
from travellr_desktop.domain.ways import Way
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
from travellr_desktop.services import waiting
from travellr_desktop.services.cash import Cash
from travellr_desktop.services.linking import Linking
from travellr_desktop.services.outcomes import NO_CONNECTION
from travellr_desktop.services.recording import (
    NEVER_CHARGED,
    NO_CONNECTION_WORDS,
    OTHER_KIND_WORDS,
    Found,
    Recorder,
    note_attempt,
)
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database

log = logging.getLogger(__name__)


class Charging:
    """Takes card payments through the gateway, and finds out about payments in every way that were interrupted."""

    def __init__(self, database: Database, gateway: PaymentGateway, refunding: Refunding) -> None:
        self._db = database
        self._gateway = gateway
        self._recorder = Recorder(database, gateway, refunding)
        self.links = Linking(database, gateway, self._recorder)
        self.cash = Cash(database, refunding)

    def charge(self, actor: Actor, payment_id: UUID, payment_method: str, *, command: UUID | None) -> None:
        """Charge a payment that was just created and that the caller is `at`. `command` is the key under which
        the sale's outcome is kept.

        Whatever happens is recorded; nothing is raised for what the provider says."""
        payment = self._recorder.find(payment_id)
        if payment.strange:
            self._recorder.fail(
                actor, payment_id, OtherPaymentsKind.__name__, OTHER_KIND_WORDS, command, action="charge"
            )
            return
        try:
            prepared = self._gateway.prepare_payment(_request(payment), key=f"payment-{payment.id}-prepare")
        except (OutcomeUnknown, GatewayBusy):
            # whatever was made moves no money, and nobody will ever confirm it
            self._recorder.fail(
                actor, payment_id, NO_CONNECTION, NO_CONNECTION_WORDS, command, action="charge"
            )
            return
        except Refusal as refusal:
            self._recorder.fail(actor, payment_id, _code(refusal), str(refusal), command, action="charge")
            return
        key = f"payment-{payment.id}-charge"
        with self._db.write(Commit.PAYMENT_PREPARE, actor) as work:
            row = work.payments.get_full(payment_id)
            row.provider_ref = prepared.ref
            row.state = advance(row.state, PaymentState.PROCESSING)
            note_attempt(work, row, "charge", "sent", key)
            work.payments.update(row)
            work.commit()
        try:
            status = self._gateway.process_payment(prepared.ref, payment_method=payment_method, key=key)
        except PaymentRefused as refusal:
            self._never_again(prepared.ref, payment_id)
            self._recorder.fail(actor, payment_id, _code(refusal), str(refusal), command, action="charge")
        except GatewayUnreachable:
            # the charge was never sent, and recovery never sends one
            self._recorder.fail(
                actor, payment_id, NO_CONNECTION, NO_CONNECTION_WORDS, command, action="charge"
            )
        except OutcomeUnknown:
            self._recorder.unsettled(actor, payment_id, "charge", "no answer", command)
        except Refusal as refusal:
            self._give_up(actor, payment_id, prepared.ref, "charge", command, _code(refusal), str(refusal))
        else:
            self._record(actor, payment_id, prepared.ref, status, "charge", command)

    def read(self, actor: Actor, payment_id: UUID) -> None:
        """Find out about a payment whose outcome is not known, and record it. Never charges; cash is there, whoever
        asks.

        A payment that a running program is at is left to it."""
        with self._db.workers.at(payment_id) as mine:
            payment = self._recorder.find(payment_id)
            if mine and is_open(payment.state) and not self._elsewhere(payment.worker):
                if payment.way is Way.CASH:
                    self.cash.complete(actor, payment_id, command=None, recovered=True)
                elif payment.way is Way.LINK:
                    self.links.read(actor, payment)
                else:
                    self._read(actor, payment)

    def _read(self, actor: Actor, payment: Found) -> None:
        payment_id, ref = payment.id, payment.ref
        if payment.strange:
            self._recorder.unsettled(actor, payment_id, "read", "the payment key is of another kind", None)
            return
        if ref is None:  # the id is committed before the charge is sent: without one, none was
            self._close_unseen(payment)
            self._recorder.fail(
                actor, payment_id, NEVER_CHARGED, _NEVER_CHARGED_WORDS, None, action="read", abandoned=True
            )
            return
        try:
            status = self._gateway.get_payment_status(ref)
        except NotFound:
            self._recorder.unsettled(actor, payment_id, "read", "the provider has no such payment", None)
            return
        except Refusal as refusal:
            self._recorder.unsettled(actor, payment_id, "read", str(refusal), None)
            return
        if status.state in (ProviderPaymentState.WAITING, ProviderPaymentState.REQUIRES_ACTION):
            self._give_up(actor, payment_id, ref, "read", None, *_why_not(status))
        else:
            self._record(actor, payment_id, ref, status, "read", None)

    def _close_unseen(self, payment: Found) -> None:
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
        """Read every payment that nobody is at: at start-up all of them, later those whose time has come. Cash, which
        waits for no provider, comes first. Returns how many were found to be paid."""
        with self._db.read() as view:
            now = view.clock.now()
            due = [
                payment.id
                for payment in sorted(view.payments.in_flight(), key=lambda each: each.way is not Way.CASH)
                if not self._db.workers.busy(payment.worker, payment.id)
                and (start_up or payment.next_read_at is None or payment.next_read_at <= now)
            ]
        recovered = 0
        for payment_id in due:
            try:
                self.read(SYSTEM, payment_id)
                recovered += self._recorder.find(payment_id).state is PaymentState.COMPLETED
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
            self._recorder.complete(actor, payment_id, ref, status.card_label or "Card", action, command)
        elif status.state is ProviderPaymentState.CANCELLED:
            code, words = _why_not(status)
            never = code == NEVER_CHARGED
            self._recorder.fail(actor, payment_id, code, words, command, action=action, abandoned=never)
        elif status.state is ProviderPaymentState.PROCESSING:
            self._recorder.unsettled(actor, payment_id, action, "still processing", command)
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
            self._recorder.unsettled(actor, payment_id, "cancel", str(refusal), command)
            return
        if status.state is ProviderPaymentState.SUCCEEDED:
            self._recorder.complete(actor, payment_id, ref, status.card_label or "Card", "cancel", command)
        elif status.state is ProviderPaymentState.PROCESSING:
            self._recorder.unsettled(actor, payment_id, "cancel", "still processing", command)
        else:
            never = code == NEVER_CHARGED
            self._recorder.fail(actor, payment_id, code, words, command, action=action, abandoned=never)

    def _never_again(self, ref: str, payment_id: UUID) -> None:
        """After a definite no the object is closed at the provider. Its outcome is known: a failure here is not
        one of the sale."""
        try:
            self._gateway.cancel_payment(ref, key=f"payment-{payment_id}-cancel")
        except Refusal:
            log.warning("payment %s was declined; its object could not be cancelled", payment_id)


_NEVER_CHARGED_WORDS = "The charge never reached the provider. Nothing was charged."


def _request(payment: Found) -> PaymentRequest:
    metadata = {"sale": str(payment.sale_id)}
    return PaymentRequest(payment.id, payment.amount, payment.description, metadata)


def _why_not(status: PaymentStatus) -> tuple[str, str]:
    """Code and sentence for a payment that was read and is not paid."""
    if status.decline_code:
        return status.decline_code, "The card was declined."
    return NEVER_CHARGED, _NEVER_CHARGED_WORDS


def _code(refusal: Refusal) -> str:
    return refusal.decline_code if isinstance(refusal, PaymentRefused) else refusal.code
