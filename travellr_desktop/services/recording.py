"""What becomes of a payment through the provider, written down: each outcome one transaction, however it was learnt.

Who records reads the row anew and leaves it alone where somebody else has settled it meanwhile: two who learn the same
write it once.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import PaymentState, advance, is_open
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import AnotherDeskHasIt
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services import keys, pinning, posting, settling, waiting
from travellr_desktop.services.outcomes import read_outcome
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Attempt, Payment
from travellr_desktop.storage.uow import Database, UnitOfWork

NEVER_CHARGED = "NEVER_CHARGED"
"""The code of a payment that was prepared, but whose charge never reached the provider."""

NO_CONNECTION_WORDS = "The payment provider could not be reached. Nothing was charged."
OTHER_KIND_WORDS = (
    "The payment key is of another kind than the payments of this profile. Nothing was charged."
)


@dataclass(frozen=True, slots=True)
class Found:
    """What is needed of a payment outside a transaction."""

    id: UUID
    sale_id: UUID
    way: Way
    amount: Money
    state: PaymentState
    ref: str | None
    reader_ref: str | None
    keeps_card: bool
    customer_ref: str | None
    card_ref: str | None
    link_ref: str | None
    link_expires_at: datetime | None
    next_read_at: datetime | None
    description: str
    worker: str | None
    desk: str
    """The name of the desk that takes it, where that is another; empty where it is this one."""
    age: timedelta
    strange: bool
    """The provider behind the gateway is of another kind than the card payments of this profile."""


def refuse_elsewhere(payment: Found) -> None:
    """Raises `AnotherDeskHasIt` for a payment that another desk takes."""
    if payment.desk:
        raise AnotherDeskHasIt(f"Desk {payment.desk} takes this payment.")


class Recorder:
    """Writes down what the provider said of a payment, and sends back what came too late."""

    def __init__(self, database: Database, gateway: PaymentGateway, refunding: Refunding) -> None:
        self._db = database
        self._gateway = gateway
        self._refunding = refunding

    def complete(
        self,
        actor: Actor,
        payment_id: UUID,
        ref: str,
        label: str,
        action: str,
        command: UUID | None,
    ) -> None:
        """It is paid, by the provider's payment `ref`: see `settling.complete`."""
        with ExitStack() as at:
            with self._db.write(Commit.PAYMENT_COMPLETE, actor) as work:
                row = work.payments.get_full(payment_id)
                if not is_open(row.state):
                    return  # somebody else recorded it in the meantime
                row.provider_ref = ref
                if row.state is PaymentState.CREATED:
                    row.state = advance(row.state, PaymentState.PROCESSING)
                note_attempt(work, row, action, "paid", None)
                refunds = settling.complete(work, row, label=label)
                keys.finish(work, command, read_outcome(work, row.sale_id), row.sale_id)
                for refund_id in refunds:
                    at.enter_context(self._db.workers.at(refund_id))
                work.commit()
            for refund_id in refunds:
                self._refunding.carry_out(actor, refund_id)

    def fail(
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
        """A definite no, with its stable word and a sentence."""
        with self._db.write(Commit.PAYMENT_FAIL, actor) as work:
            row = work.payments.get_full(payment_id)
            if not is_open(row.state):
                return
            note_attempt(work, row, action, "not charged", None, code)
            settling.fail(work, row, code=code, message=words, abandoned=abandoned)
            keys.finish(work, command, read_outcome(work, row.sale_id), row.sale_id)
            work.commit()

    def unsettled(
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
            note_attempt(work, row, action, detail, None)
            work.payments.update(row)
            work.publish(posting.processed(work, row))
            keys.finish(work, command, read_outcome(work, row.sale_id), row.sale_id)
            work.commit()

    def find(self, payment_id: UUID) -> Found:
        """Raises `NotFound`."""
        with self._db.read() as view:
            row = view.payments.get_full(payment_id)
            return Found(
                id=row.id,
                sale_id=row.sale_id,
                way=row.way,
                amount=Money(row.amount, row.currency),
                state=row.state,
                ref=row.provider_ref,
                reader_ref=row.reader_ref,
                keeps_card=row.keeps_card,
                customer_ref=row.customer_ref,
                card_ref=row.card_ref,
                link_ref=row.link_ref,
                link_expires_at=row.link_expires_at,
                next_read_at=row.next_read_at,
                description=row.sale.reference,
                worker=row.worker,
                desk=view.payments.elsewhere(payment_id),
                age=view.clock.now() - row.created_at,
                strange=pinning.is_other(view, self._gateway.kind),
            )


def note_attempt(
    work: UnitOfWork, row: Payment, action: str, outcome: str, key: str | None, detail: str = ""
) -> None:
    """Write down one call to the provider about a payment, and what came of it."""
    work.payments.add_attempt(
        Attempt(payment_id=row.id, action=action, key=key, at=work.now, outcome=outcome, detail=detail)
    )
