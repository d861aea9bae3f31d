"""A payment object at the provider, from its making to its end: whatever way the card comes to it.

    prepare_payment      the object that moves no money
    commit               its id, state PROCESSING
    …                    what charges it is the caller's
    record               what it says of itself, or that it was closed before it was given up

What is not paid is closed at the provider first, so that it can never be charged later, and is given up only then.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import PaymentState, advance
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import OtherPaymentsKind, Refusal
from travellr_desktop.payments.gateway import (
    GatewayBusy,
    OutcomeUnknown,
    PaymentGateway,
    PaymentRefused,
    PaymentRequest,
    PaymentStatus,
    PreparedPayment,
    ProviderPaymentState,
)
from travellr_desktop.services import waiting
from travellr_desktop.services.outcomes import NO_CONNECTION
from travellr_desktop.services.recording import (
    NEVER_CHARGED,
    NO_CONNECTION_WORDS,
    OTHER_KIND_WORDS,
    Found,
    Recorder,
    note_attempt,
)
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class End:
    """Why a payment came to nothing: the stable word, a sentence, and whether it was given up rather than refused."""

    code: str
    words: str
    abandoned: bool = False


NEVER = End(NEVER_CHARGED, "The charge never reached the provider. Nothing was charged.", abandoned=True)
NO_REPLY = End(NO_CONNECTION, NO_CONNECTION_WORDS)


def refused(refusal: Refusal) -> End:
    """A definite no, in its own words."""
    code = refusal.decline_code if isinstance(refusal, PaymentRefused) else refusal.code
    return End(code, str(refusal))


class Ending:
    """Makes payment objects, closes them, and writes down what they say."""

    def __init__(self, database: Database, gateway: PaymentGateway, recorder: Recorder) -> None:
        self._db = database
        self._gateway = gateway
        self._recorder = recorder

    def prepare(
        self, actor: Actor, payment: Found, action: str, key: str, command: UUID | None
    ) -> str | None:
        """Make the object and commit its id, before `action` is sent under `key`. Returns the id; None where it came
        to nothing, which is recorded then."""
        if payment.strange:
            self.fail(actor, payment.id, End(OtherPaymentsKind.__name__, OTHER_KIND_WORDS), action, command)
            return None
        try:
            prepared = self._made(payment)
        except (OutcomeUnknown, GatewayBusy):
            # whatever was made moves no money, and nobody will ever charge it
            self.fail(actor, payment.id, NO_REPLY, action, command)
            return None
        except Refusal as refusal:
            self.fail(actor, payment.id, refused(refusal), action, command)
            return None
        with self._db.write(Commit.PAYMENT_PREPARE, actor) as work:
            row = work.payments.get_full(payment.id)
            row.provider_ref = prepared.ref
            row.state = advance(row.state, PaymentState.PROCESSING)
            note_attempt(work, row, action, "sent", key)
            work.payments.update(row)
            work.commit()
        return prepared.ref

    def never_sent(self, actor: Actor, payment: Found) -> None:
        """The id is committed before anything is sent: of a payment without one nothing was. Where the provider still
        knows the key it was made under, the object is closed."""
        if payment.age <= waiting.KEY_LASTS:
            try:
                made = self._made(payment)
                self._gateway.cancel_payment(made.ref, key=f"payment-{payment.id}-cancel")
            except Refusal:
                log.warning("payment %s was never charged; its object could not be cancelled", payment.id)
        self.fail(actor, payment.id, NEVER, "read", None)

    def record(
        self,
        actor: Actor,
        payment_id: UUID,
        ref: str,
        status: PaymentStatus,
        action: str,
        command: UUID | None,
        *,
        unpaid: End = NEVER,
    ) -> None:
        """Write down what the object says. `unpaid` is why it was closed, unless its last card was declined."""
        if status.state is ProviderPaymentState.SUCCEEDED:
            self._recorder.complete(actor, payment_id, ref, status.card_label or "Card", action, command)
        elif status.state is ProviderPaymentState.PROCESSING:
            self._recorder.unsettled(actor, payment_id, action, "still processing", command)
        elif status.state is ProviderPaymentState.CANCELLED:
            self.fail(actor, payment_id, declined(status) or unpaid, action, command)
        else:
            self.give_up(actor, payment_id, ref, action, command, unpaid)

    def give_up(
        self, actor: Actor, payment_id: UUID, ref: str, action: str, command: UUID | None, end: End
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
            self.fail(actor, payment_id, end, action, command)

    def never_again(self, ref: str, payment_id: UUID) -> None:
        """After a definite no the object is closed at the provider. Its outcome is known: a failure here is not
        one of the sale."""
        try:
            self._gateway.cancel_payment(ref, key=f"payment-{payment_id}-cancel")
        except Refusal:
            log.warning("payment %s was refused; its object could not be cancelled", payment_id)

    def fail(self, actor: Actor, payment_id: UUID, end: End, action: str, command: UUID | None) -> None:
        """Write down that it came to nothing."""
        self._recorder.fail(
            actor, payment_id, end.code, end.words, command, action=action, abandoned=end.abandoned
        )

    def _made(self, payment: Found) -> PreparedPayment:
        metadata = {"sale": str(payment.sale_id)}
        owner = payment.customer_ref if payment.way is Way.SAVED else None
        request = PaymentRequest(payment.id, payment.amount, payment.description, metadata, owner)
        key = f"payment-{payment.id}-prepare"
        if payment.way is Way.READER:
            return self._gateway.prepare_reader_payment(request, key=key)
        return self._gateway.prepare_payment(request, key=key)


def declined(status: PaymentStatus) -> End | None:
    """The no of the last card that was tried on it; None where none was."""
    return End(status.decline_code, "The card was declined.") if status.decline_code else None
