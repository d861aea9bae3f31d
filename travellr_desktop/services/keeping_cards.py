"""What the program does by itself about cards that are kept: who a traveller is at the provider, what was kept there.

A customer is made under a key of the payment that wants it, and is committed before the link is asked for. A card is
written down only where a payment says that its traveller agreed.
"""

from __future__ import annotations

import logging

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import Refusal
from travellr_desktop.events import Change
from travellr_desktop.payments.gateway import CustomerRequest, PaymentGateway, SavedCard
from travellr_desktop.services.recording import Found, Recorder, note_attempt
from travellr_desktop.services.travellers import changed
from travellr_desktop.storage import models
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database

log = logging.getLogger(__name__)


class KeepingCards:
    def __init__(self, database: Database, gateway: PaymentGateway, recorder: Recorder) -> None:
        self._db = database
        self._gateway = gateway
        self._recorder = recorder

    def with_customer(self, actor: Actor, payment: Found) -> Found:
        """The same payment, whose card is to be kept, with who its traveller is at the provider. Raises what the
        provider's silence raises: then the same call once more makes no second customer."""
        if payment.customer_ref is not None:
            return payment
        kind = self._gateway.kind
        with self._db.read() as view:
            traveller = view.payments.get_full(payment.id).sale.traveller
            known = view.cards.accounts(traveller.id, kind)
            request = CustomerRequest(
                traveller.id, traveller.name, traveller.email or None, traveller.phone or None
            )
        if known:
            ref = known[0].customer_ref
        else:
            ref = self._gateway.create_customer(request, key=f"payment-{payment.id}-customer").ref
        with self._db.write(Commit.CUSTOMER_SAVE, actor) as work:
            if work.cards.account(ref) is None:
                row = models.TravellerAccount(
                    traveller_id=request.traveller_id, kind=kind, customer_ref=ref, created_at=work.now
                )
                work.cards.add_account(row)
            paying = work.payments.get_full(payment.id)
            paying.customer_ref = ref
            note_attempt(work, paying, "link", "the card is to be kept", None)
            work.payments.update(paying)
            work.commit()
        return self._recorder.find(payment.id)

    def learn(self, actor: Actor, customer_ref: str) -> None:
        """Write down what is kept for a customer now. What cannot be asked for is learnt the next time: a failure here
        is not one of the payment."""
        try:
            self.look(actor, customer_ref)
        except Refusal as refusal:
            log.warning("what is kept for %s could not be read: %s", customer_ref, refusal)

    def look(self, actor: Actor, customer_ref: str) -> None:
        """The same; raises what the provider's silence raises, and `NotFound` for a customer that was removed."""
        kept = self._gateway.saved_cards(customer_ref)
        with self._db.read() as view:
            account = view.cards.account(customer_ref)
            if account is None or not self._differs(view.cards.of_account(account.id), kept):
                return
        with self._db.write(Commit.CARD_SAVE, actor) as work:
            account = work.cards.account(customer_ref)
            agreed = work.cards.agreed(customer_ref)
            if account is None:
                return
            known = {row.card_ref: row for row in work.cards.of_account(account.id)}
            there = {card.ref: card for card in kept}
            for ref, row in known.items():
                if row.forgotten_at is None and ref not in there:
                    row.forgotten_at = work.now
            for card in reversed(kept) if agreed is not None else ():
                if agreed is not None and card.ref not in known:
                    row = models.SavedCard(
                        account_id=account.id,
                        payment_id=agreed.id,
                        card_ref=card.ref,
                        label=card.label,
                        expires_year=card.expires_year,
                        expires_month=card.expires_month,
                        agreed_at=agreed.created_at,
                        agreed_with=agreed.created_by,
                    )
                    work.cards.save(row)
                    work.audit("card.keep", "traveller", account.traveller_id, card=card.label)
            work.publish(changed(account.traveller_id, work.now, Change.UPDATED))
            work.commit()

    def gone(self, actor: Actor, card_ref: str) -> None:
        """The provider does not have the card any more: it is not offered again."""
        with self._db.write(Commit.CARD_SAVE, actor) as work:
            row = work.cards.by_ref(card_ref)
            if row is not None and row.forgotten_at is None:
                row.forgotten_at = work.now
                work.commit()

    @staticmethod
    def _differs(rows: object, kept: tuple[SavedCard, ...]) -> bool:
        assert isinstance(rows, (list, tuple))
        here = {row.card_ref for row in rows if row.forgotten_at is None}
        ever = {row.card_ref for row in rows}
        there = {card.ref for card in kept}
        return bool(here - there or there - ever)
