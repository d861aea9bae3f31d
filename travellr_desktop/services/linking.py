"""The conversation with the provider about a payment by link: make it, commit it, wait, record; and recovery.

    row CREATED, with the moment until which the link is to be open (committed by the sale)
    create_link          under the payment's own key: a page that moves no money yet
    commit               its id and address, state REQUIRES_ACTION
    get_link             again and again, until it is paid or over
    commit               COMPLETED or ABANDONED

The traveller acts, not this program: so nothing is unknown while a link is open, although it cannot be read for a
moment. It is paid only when link and payment both say so, and given up only when the provider says that it can never
be paid any more.

A link whose id was never learnt is asked for once more under the same key, which gives the same link, and is ended:
nobody has its address, and none is left open.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import PaymentState, advance, is_open
from travellr_desktop.errors import NotFound, OtherPaymentsKind, Refusal, WrongState
from travellr_desktop.payments.gateway import (
    GatewayBusy,
    GatewayUnreachable,
    LinkRefused,
    LinkRequest,
    LinkState,
    OutcomeUnknown,
    PaymentGateway,
    PaymentLink,
)
from travellr_desktop.services import keys, posting, waiting
from travellr_desktop.services.keeping_cards import KeepingCards
from travellr_desktop.services.outcomes import NO_CONNECTION, read_outcome
from travellr_desktop.services.recording import (
    NO_CONNECTION_WORDS,
    OTHER_KIND_WORDS,
    Found,
    Recorder,
    note_attempt,
    refuse_elsewhere,
)
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database

LASTS = timedelta(minutes=35)
"""How long a link is open. The provider wants half an hour at least by its own clock; ours may be a little behind."""

PAID_AT = "https://checkout.stripe.com/success"
"""Where the traveller's browser goes afterwards. Nothing of ours is on the network; the payment is read, not told."""

LINK_LAPSED, LINK_CANCELLED = "LINK_LAPSED", "LINK_CANCELLED"
LINK_DECLINED, LINK_NEVER_MADE = "LINK_DECLINED", "LINK_NEVER_MADE"
"""Why a link ended without money: its time was over, somebody ended it, the traveller's bank said no after it was
used, or nobody ever had its address."""

_WORDS = {
    LINK_LAPSED: "The link was not paid in time. Nothing was charged.",
    LINK_CANCELLED: "The link was cancelled. Nothing was charged.",
    LINK_DECLINED: "The traveller's bank said no. Nothing was charged.",
    LINK_NEVER_MADE: "The link was never shown to anybody. Nothing was charged.",
}

LINK_ENDS = frozenset(_WORDS)


class Linking:
    """Makes links, reads them and ends them."""

    def __init__(
        self, database: Database, gateway: PaymentGateway, recorder: Recorder, cards: KeepingCards
    ) -> None:
        self._db = database
        self._gateway = gateway
        self._recorder = recorder
        self._cards = cards

    def open(self, actor: Actor, payment_id: UUID, *, command: UUID | None) -> None:
        """Make the link of a payment that was just created and that the caller is `at`. `command` is the key under
        which the sale's outcome is kept. Whatever happens is recorded; nothing is raised for what the provider says."""
        payment = self._recorder.find(payment_id)
        fail = self._recorder.fail
        if payment.strange:
            code = OtherPaymentsKind.__name__
            fail(actor, payment_id, code, OTHER_KIND_WORDS, command, action="link")
            return
        try:
            try:
                link = self._made(actor, payment_id)
            except OutcomeUnknown:  # the same key gives the same link
                link = self._made(actor, payment_id)
        except GatewayUnreachable:
            fail(actor, payment_id, NO_CONNECTION, NO_CONNECTION_WORDS, command, action="link")
        except (OutcomeUnknown, GatewayBusy) as silence:
            self._recorder.unsettled(actor, payment_id, "link", str(silence), command)
        except Refusal as refusal:
            fail(actor, payment_id, refusal.code, str(refusal), command, action="link")
        else:
            if link.state is LinkState.OPEN:
                self._opened(actor, payment_id, link, command)
            else:  # the reply to an earlier call of this key
                self._record(actor, payment, link, "link", command, LINK_LAPSED)

    def read(self, actor: Actor, payment: Found) -> None:
        """Find out how an open payment by link stands, and record it. The caller is `at` it."""
        if payment.strange:
            self._silent(actor, payment, "the payment key is of another kind")
            return
        if payment.link_ref is None:
            self._none_stays_open(actor, payment)
            return
        try:
            link = self._gateway.get_link(payment.link_ref)
        except NotFound:
            self._silent(actor, payment, "the provider has no such link")
        except Refusal as refusal:
            self._silent(actor, payment, str(refusal))
        else:
            self._record(actor, payment, link, "read", None, LINK_LAPSED)

    def cancel(self, actor: Actor, payment_id: UUID) -> None:
        """End an open link, then record what is true: where it was paid first, it is paid.

        Raises `WrongState` where it is no open link, or is being paid at this moment; and what the provider's silence
        raises: then the link is as it was, or is found ended at the next reading."""
        with self._db.workers.at(payment_id):
            payment = self._recorder.find(payment_id)
            if payment.link_ref is None or not is_open(payment.state):
                raise WrongState("This is no open payment link.", hint="See how the payment stands.")
            refuse_elsewhere(payment)
            if payment.strange:
                raise OtherPaymentsKind(
                    "The payment key is of another kind than the payments of this profile."
                )
            # ending a link twice is ending it once: each try has a key, so that none is answered by an old failure
            key = f"payment-{payment_id}-expire-{uuid4().hex[:12]}"
            link = self._gateway.expire_link(payment.link_ref, key=key)
            self._record(actor, payment, link, "cancel", None, LINK_CANCELLED)
        if link.state in (LinkState.OPEN, LinkState.PROCESSING):
            raise WrongState(
                "The traveller is paying at this moment.", hint="Wait until the outcome is shown."
            )

    def _made(self, actor: Actor, payment_id: UUID) -> PaymentLink:
        """The link; where the card is to be kept, the provider knows by then whose it is."""
        payment = self._recorder.find(payment_id)
        return self._make(self._cards.with_customer(actor, payment) if payment.keeps_card else payment)

    def _make(self, payment: Found) -> PaymentLink:
        assert payment.link_expires_at is not None  # committed with the payment
        request = LinkRequest(
            payment_id=payment.id,
            amount=payment.amount,
            description=payment.description,
            success_url=PAID_AT,
            expires_at=payment.link_expires_at,
            customer_ref=payment.customer_ref,
            saves_card=payment.keeps_card,
            metadata={"sale": str(payment.sale_id)},
        )
        return self._gateway.create_link(request, key=f"payment-{payment.id}-link")

    def _none_stays_open(self, actor: Actor, payment: Found) -> None:
        """Nobody has the address of this payment's link, if there is one. The same key leads to it, and it is ended;
        while that cannot be done the payment stays open, until the link's own time is over."""
        never_asked = payment.keeps_card and payment.customer_ref is None
        if not self._is_late(payment) and not never_asked:
            try:
                link = self._end(payment, self._make(payment))
            except LinkRefused:
                pass  # too late to be made, and the provider knows no such key: there never was one
            except Refusal as refusal:
                self._recorder.unsettled(actor, payment.id, "read", str(refusal), None)
                return
            else:
                self._record(actor, payment, link, "read", None, LINK_NEVER_MADE)
                return
        self._give_up(actor, payment, "read", None, LINK_NEVER_MADE)

    def _end(self, payment: Found, link: PaymentLink) -> PaymentLink:
        """The same link, that cannot be paid any more unless somebody was faster."""
        if link.state is not LinkState.OPEN:
            return link
        return self._gateway.expire_link(link.ref, key=f"payment-{payment.id}-expire")

    def _record(
        self,
        actor: Actor,
        payment: Found,
        link: PaymentLink,
        action: str,
        command: UUID | None,
        ended: str,
    ) -> None:
        """Write down what a link says, where it says anything new. `ended` is why it is over, if it is."""
        if link.state is LinkState.OPEN and self._is_late(payment):
            try:  # the provider's clock is behind ours, and the seats are kept no longer
                link = self._end(payment, link)
            except Refusal as refusal:
                self._recorder.unsettled(actor, payment.id, action, str(refusal), command)
                return
        if link.state is LinkState.PAID and link.payment_ref is not None:
            label = self._label(link.payment_ref)
            self._recorder.complete(actor, payment.id, link.payment_ref, label, action, command)
            if payment.keeps_card and payment.customer_ref is not None:
                self._cards.learn(actor, payment.customer_ref)
        elif link.state is LinkState.EXPIRED:
            self._give_up(actor, payment, action, command, self._why(payment, link, ended))
        elif link.state is LinkState.PROCESSING:
            self._being_paid(actor, payment, link, command)

    def _why(self, payment: Found, link: PaymentLink, ended: str) -> str:
        """Why a link that was found ended was not paid, as far as that can be told."""
        if link.payment_ref is not None and payment.state is PaymentState.PROCESSING:
            return LINK_DECLINED
        early = ended == LINK_LAPSED and not self._is_late(payment)
        return LINK_CANCELLED if early else ended

    def _give_up(self, actor: Actor, payment: Found, action: str, command: UUID | None, code: str) -> None:
        words = _WORDS[code]
        self._recorder.fail(actor, payment.id, code, words, command, action=action, abandoned=True)

    def _label(self, ref: str) -> str:
        """The card that paid, in words; a link all the same where that cannot be read now."""
        try:
            return self._gateway.get_payment_status(ref).card_label or "Payment link"
        except Refusal:
            return "Payment link"

    def _opened(self, actor: Actor, payment_id: UUID, link: PaymentLink, command: UUID | None) -> None:
        with self._db.write(Commit.PAYMENT_LINK, actor) as work:
            row = work.payments.get_full(payment_id)
            if not is_open(row.state):
                return
            row.state = advance(row.state, PaymentState.REQUIRES_ACTION)
            row.link_ref, row.link_url, row.link_expires_at = link.ref, link.url, link.expires_at
            row.next_read_at, row.worker = link.expires_at, None
            note_attempt(work, row, "link", "made", f"payment-{payment_id}-link")
            work.payments.update(row)
            work.publish(posting.processed(work, row))
            keys.finish(work, command, read_outcome(work, row.sale_id), row.sale_id)
            work.commit()

    def _being_paid(self, actor: Actor, payment: Found, link: PaymentLink, command: UUID | None) -> None:
        """The traveller has used the link, and the money is not there yet."""
        known = payment.state in (PaymentState.PROCESSING, PaymentState.UNKNOWN)
        if known and payment.next_read_at is not None and self._db.clock.now() < payment.next_read_at:
            return
        with self._db.write(Commit.PAYMENT_LINK, actor) as work:
            row = work.payments.get_full(payment.id)
            if not is_open(row.state):
                return
            if row.state in (PaymentState.PROCESSING, PaymentState.UNKNOWN):
                row.reads += 1
            else:
                row.state = advance(row.state, PaymentState.PROCESSING)
                note_attempt(work, row, "read", "being paid", None)
                work.publish(posting.processed(work, row))
            row.link_ref, row.worker = link.ref, None
            row.next_read_at = work.now + waiting.after(row.reads)
            work.payments.update(row)
            keys.finish(work, command, read_outcome(work, row.sale_id), row.sale_id)
            work.commit()

    def _silent(self, actor: Actor, payment: Found, detail: str) -> None:
        """It could not be read. While it may still be open that says nothing; afterwards it may have been paid."""
        if payment.state is PaymentState.UNKNOWN or payment.link_ref is None or self._is_late(payment):
            self._recorder.unsettled(actor, payment.id, "read", detail, None)

    def _is_late(self, payment: Found) -> bool:
        until = payment.link_expires_at
        return until is not None and self._db.clock.now() >= until
