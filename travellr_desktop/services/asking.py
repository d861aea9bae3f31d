"""The conversation with the provider about a payment at a card reader: prepare, commit, ask, wait, record; recovery.

    row CREATED, with its reader (committed by the sale)
    prepare_reader_payment   the object that moves no money
    commit                   its id, state PROCESSING
    process_on_reader        the reader asks for a card, under the payment's own key
    commit                   state REQUIRES_ACTION
    get_reader, get_payment_status   again and again, until it is paid or over
    commit                   COMPLETED, FAILED or ABANDONED

Whether money came in is said by the payment alone. The reader only says whether there is anything left to wait for: a
reader that does not answer, or has forgotten what it was asked, is no failure, and what it was asked for is closed at
the provider before it is given up. Each asking is a payment of its own; a card that was declined ends it.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import PaymentState, advance, is_open
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import NotFound, OtherPaymentsKind, Refusal, WrongState
from travellr_desktop.payments.gateway import (
    GatewayUnreachable,
    OutcomeUnknown,
    PaymentGateway,
    ProviderPaymentState,
    Reader,
    ReaderAction,
    ReaderActionState,
    ReaderBusy,
    ReaderOffline,
    ReaderRefused,
)
from travellr_desktop.services import keys, posting
from travellr_desktop.services.ending import NO_REPLY, End, Ending, declined
from travellr_desktop.services.outcomes import read_outcome
from travellr_desktop.services.recording import Found, Recorder, note_attempt, refuse_elsewhere
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database

LASTS = timedelta(minutes=5)
"""How long a reader asks for a card before it is given up."""

CANCELLED = End("READER_CANCELLED", "The card reader was told to stop. Nothing was charged.", abandoned=True)
STOPPED = End("READER_STOPPED", "The card reader does not ask any more. Nothing was charged.", abandoned=True)
LAPSED = End("READER_LAPSED", "No card was presented in time. Nothing was charged.", abandoned=True)
LEFT = End(
    "CANCELLED_ON_READER", "The traveller pressed cancel on the reader. Nothing was charged.", abandoned=True
)
BROKE = End("READER_FAILED", "The card reader could not read the card. Nothing was charged.")

READER_ENDS = frozenset(end.code for end in (CANCELLED, STOPPED, LAPSED, LEFT))
"""What ends an asking without anybody having said no."""

_REFUSED: dict[type[ReaderRefused], str] = {ReaderOffline: "READER_OFFLINE", ReaderBusy: "READER_BUSY"}


class Asking:
    """Has readers ask for a card, and finds out what became of it."""

    def __init__(
        self, database: Database, gateway: PaymentGateway, recorder: Recorder, ending: Ending
    ) -> None:
        self._db = database
        self._gateway = gateway
        self._recorder = recorder
        self._ending = ending

    def open(self, actor: Actor, payment_id: UUID, *, command: UUID | None) -> None:
        """Have the reader ask for a payment that was just created and that the caller is `at`. `command` is the key
        under which the sale's outcome is kept. Whatever happens is recorded; nothing is raised for what the provider
        says."""
        payment, key = self._recorder.find(payment_id), f"payment-{payment_id}-ask"
        ref = self._ending.prepare(actor, payment, "ask", key, command)
        if ref is None:
            return
        try:
            self._gateway.process_on_reader(_reader_of(payment), ref, key=key)
        except GatewayUnreachable:  # the reader was never told
            self._ending.fail(actor, payment_id, NO_REPLY, "ask", command)
        except OutcomeUnknown:
            self._asked(actor, payment_id, "no answer", key, command)
        except ReaderRefused as refusal:
            self._ending.never_again(ref, payment_id)
            end = End(_REFUSED.get(type(refusal), "READER_REFUSED"), str(refusal))
            self._ending.fail(actor, payment_id, end, "ask", command)
        except Refusal as refusal:
            end = End(refusal.code, str(refusal))
            self._ending.give_up(actor, payment_id, ref, "ask", command, end)
        else:
            self._asked(actor, payment_id, "asks for a card", key, command)

    def read(self, actor: Actor, payment: Found) -> None:
        """Find out how an open payment at a reader stands, and record it. The caller is `at` it."""
        if payment.strange:
            self._silent(actor, payment, "the payment key is of another kind")
            return
        ref = payment.ref
        if ref is None:
            self._ending.never_sent(actor, payment)
            return
        try:
            reader = self._look(payment)  # before the payment: what it ended is seen there then
            status = self._gateway.get_payment_status(ref)
        except NotFound:
            self._silent(actor, payment, "the provider has no such payment")
            return
        except Refusal as refusal:
            self._silent(actor, payment, str(refusal))
            return
        if status.state in (ProviderPaymentState.SUCCEEDED, ProviderPaymentState.CANCELLED):
            self._ending.record(actor, payment.id, ref, status, "read", None, unpaid=STOPPED)
            return
        action = _action_about(reader, ref)
        if status.state is ProviderPaymentState.PROCESSING or _is_through(action):
            self._silent(actor, payment, "the card is being charged")
        elif action is None or action.state is ReaderActionState.FAILED:
            end = _end_of(action) if action is not None else declined(status) or STOPPED
            self._ending.give_up(actor, payment.id, ref, "read", None, end)
        elif self._is_late(payment):
            self._stop(payment, ref)
            self._ending.give_up(actor, payment.id, ref, "read", None, LAPSED)
        elif payment.state in (PaymentState.CREATED, PaymentState.PROCESSING):
            self._asked(actor, payment.id, "asks for a card", None, None)

    def cancel(self, actor: Actor, payment_id: UUID) -> None:
        """Have the reader stop, then record what is true: where a card was faster, it is paid.

        Raises `WrongState` where no reader asks for it, or while the card is being charged."""
        with self._db.workers.at(payment_id):
            payment = self._recorder.find(payment_id)
            if payment.way is not Way.READER or payment.ref is None or not is_open(payment.state):
                raise WrongState("No card reader asks for this payment.", hint="See how the payment stands.")
            refuse_elsewhere(payment)
            if payment.strange:
                raise OtherPaymentsKind(
                    "The payment key is of another kind than the payments of this profile."
                )
            if not self._stop(payment, payment.ref):
                raise WrongState(
                    "The card is being charged at this moment.", hint="Wait until the outcome is shown."
                )
            self._ending.give_up(actor, payment_id, payment.ref, "cancel", None, CANCELLED)

    def _look(self, payment: Found) -> Reader | None:
        """The reader; None where there is none any more."""
        try:
            return self._gateway.get_reader(_reader_of(payment))
        except NotFound:
            return None

    def _stop(self, payment: Found, ref: str) -> bool:
        """Have the reader stop asking for this payment; what it is told of another is left alone. False while it is
        charging a card. One that cannot be told stops when the payment is closed."""
        try:
            if _action_about(self._look(payment), ref) is not None:
                # each telling has a key, so that none is answered by an old failure
                key = f"payment-{payment.id}-stop-{uuid4().hex[:12]}"
                self._gateway.cancel_on_reader(_reader_of(payment), key=key)
        except ReaderBusy:
            return False
        except Refusal:
            return True
        return True

    def _asked(
        self, actor: Actor, payment_id: UUID, outcome: str, key: str | None, command: UUID | None
    ) -> None:
        """The reader asks, as far as is known: from now on the payment waits for its traveller."""
        with self._db.write(Commit.PAYMENT_ASK, actor) as work:
            row = work.payments.get_full(payment_id)
            if not is_open(row.state):
                return
            row.state = advance(row.state, PaymentState.REQUIRES_ACTION)
            row.next_read_at, row.worker = row.created_at + LASTS, None
            note_attempt(work, row, "ask", outcome, key)
            work.payments.update(row)
            work.publish(posting.processed(work, row))
            keys.finish(work, command, read_outcome(work, row.sale_id), row.sale_id)
            work.commit()

    def _silent(self, actor: Actor, payment: Found, detail: str) -> None:
        """It could not be read, or is not over. While the reader may still ask that says nothing; afterwards a card
        may have been charged."""
        if payment.state is not PaymentState.REQUIRES_ACTION or self._is_late(payment):
            self._recorder.unsettled(actor, payment.id, "read", detail, None)

    def _is_late(self, payment: Found) -> bool:
        return payment.age >= LASTS


def _reader_of(payment: Found) -> str:
    assert payment.reader_ref is not None  # committed with the payment
    return payment.reader_ref


def _action_about(reader: Reader | None, ref: str) -> ReaderAction | None:
    """What the reader is at, where it is this payment."""
    action = None if reader is None else reader.action
    return action if action is not None and action.payment_ref == ref else None


def _is_through(action: ReaderAction | None) -> bool:
    """The reader says that it was paid: the payment will say so too."""
    return action is not None and action.state is ReaderActionState.SUCCEEDED


def _end_of(action: ReaderAction) -> End:
    match action.failure_code:
        case LEFT.code:
            return LEFT
        case None | BROKE.code:
            return BROKE
        case code:
            return End(code, "The card was declined.")
