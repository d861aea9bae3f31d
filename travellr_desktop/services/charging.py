"""The conversation with the provider about one payment: prepare, commit, act, record; and recovery, which only reads.

    row CREATED (committed by the sale)
    prepare_payment      the object that moves no money
    commit               its id, state PROCESSING
    process_payment      the charge, under the payment's own key
    commit               COMPLETED, FAILED or, where nobody knows, UNKNOWN

No call is made inside a transaction. Whoever dies between two steps leaves a row that says how far it came.
Recovery reads the object by its id. One that was never charged is cancelled at the provider before it is given up,
so that it can never be charged later; a charge is never sent again. Links go on in `linking`, what is
at hand in `at_hand`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from travellr_desktop.domain.permissions import SYSTEM, Actor
from travellr_desktop.domain.states import PaymentState, is_open
from travellr_desktop.domain.ways import AT_HAND, Way
from travellr_desktop.errors import NotFound, Refusal, StorageRefusal
from travellr_desktop.payments.gateway import (
    AuthenticationRequired,
    CardNotKept,
    GatewayUnreachable,
    OutcomeUnknown,
    PaymentGateway,
    PaymentRefused,
    PaymentStatus,
)
from travellr_desktop.services.asking import Asking
from travellr_desktop.services.at_hand import AtHand
from travellr_desktop.services.ending import NEVER, NO_REPLY, End, Ending, declined, refused
from travellr_desktop.services.keeping_cards import KeepingCards
from travellr_desktop.services.linking import Linking
from travellr_desktop.services.recording import Found, Recorder
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.storage.uow import Database

log = logging.getLogger(__name__)

_NEEDS_APPROVAL = End(
    AuthenticationRequired.decline_code,
    "This card needs the traveller's own approval, which cannot be given here.",
)


class Charging:
    """Takes card payments through the gateway, and finds out about payments in every way that were interrupted."""

    def __init__(self, database: Database, gateway: PaymentGateway, refunding: Refunding) -> None:
        self._db = database
        self._gateway = gateway
        self._recorder = Recorder(database, gateway, refunding)
        self._ending = Ending(database, gateway, self._recorder)
        self.at_hand = AtHand(database, refunding)
        self.cards = KeepingCards(database, gateway, self._recorder)
        self.links = Linking(database, gateway, self._recorder, self.cards)
        self.readers = Asking(database, gateway, self._recorder, self._ending)

    def charge(self, actor: Actor, payment_id: UUID, payment_method: str, *, command: UUID | None) -> None:
        """Charge a payment that was just created and that the caller is `at`. `command` is the key under which
        the sale's outcome is kept.

        Whatever happens is recorded; nothing is raised for what the provider says."""

        def send(ref: str, key: str) -> PaymentStatus:
            return self._gateway.process_payment(ref, payment_method=payment_method, key=key)

        self._charge(actor, self._recorder.find(payment_id), send, command)

    def charge_saved(self, actor: Actor, payment_id: UUID, *, command: UUID | None) -> None:
        """The same with the kept card that was committed with the payment, whose traveller is not there."""
        payment = self._recorder.find(payment_id)
        card_ref = payment.card_ref
        assert card_ref is not None  # committed with the payment

        def send(ref: str, key: str) -> PaymentStatus:
            return self._gateway.charge_saved(ref, card_ref=card_ref, key=key)

        self._charge(actor, payment, send, command)

    def _charge(
        self,
        actor: Actor,
        payment: Found,
        send: Callable[[str, str], PaymentStatus],
        command: UUID | None,
    ) -> None:
        payment_id, key = payment.id, f"payment-{payment.id}-charge"
        ref = self._ending.prepare(actor, payment, "charge", key, command)
        if ref is None:
            return
        try:
            status = send(ref, key)
        except PaymentRefused as refusal:
            self._ending.never_again(ref, payment_id)
            self._ending.fail(actor, payment_id, refused(refusal), "charge", command)
            if isinstance(refusal, CardNotKept) and payment.card_ref is not None:
                self.cards.gone(actor, payment.card_ref)
        except GatewayUnreachable:
            # the charge was never sent, and recovery never sends one
            self._ending.fail(actor, payment_id, NO_REPLY, "charge", command)
        except OutcomeUnknown:
            self._recorder.unsettled(actor, payment_id, "charge", "no answer", command)
        except Refusal as refusal:
            self._ending.give_up(actor, payment_id, ref, "charge", command, refused(refusal))
        else:
            self._ending.record(actor, payment_id, ref, status, "charge", command, unpaid=_NEEDS_APPROVAL)

    def read(self, actor: Actor, payment_id: UUID) -> None:
        """Find out about a payment whose outcome is not known, and record it. Never charges; cash is there, whoever
        asks.

        A payment that a running program is at is left to it, and one of another desk to that."""
        with self._db.workers.at(payment_id) as mine:
            payment = self._recorder.find(payment_id)
            if mine and not payment.desk and is_open(payment.state) and not self._elsewhere(payment.worker):
                if payment.way in AT_HAND:
                    self.at_hand.complete(actor, payment_id, command=None, recovered=True)
                elif payment.way is Way.LINK:
                    self.links.read(actor, payment)
                elif payment.way is Way.READER:
                    self.readers.read(actor, payment)
                else:
                    self._read(actor, payment)

    def _read(self, actor: Actor, payment: Found) -> None:
        payment_id, ref = payment.id, payment.ref
        if payment.strange:
            self._recorder.unsettled(actor, payment_id, "read", "the payment key is of another kind", None)
            return
        if ref is None:
            self._ending.never_sent(actor, payment)
            return
        try:
            status = self._gateway.get_payment_status(ref)
        except NotFound:
            self._recorder.unsettled(actor, payment_id, "read", "the provider has no such payment", None)
            return
        except Refusal as refusal:
            self._recorder.unsettled(actor, payment_id, "read", str(refusal), None)
            return
        unpaid = declined(status) or NEVER
        self._ending.record(actor, payment_id, ref, status, "read", None, unpaid=unpaid)

    def recover(self, *, start_up: bool) -> int:
        """Read every payment that nobody is at: at start-up all of them, later those whose time has come. What is
        at hand waits for no provider, and comes first. Returns how many were found to be paid."""
        with self._db.read() as view:
            now = view.clock.now()
            due = [
                payment.id
                for payment in sorted(view.payments.in_flight(), key=lambda each: each.way not in AT_HAND)
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
