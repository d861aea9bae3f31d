"""The cards that are kept for a traveller: which there are, and forgetting one."""

from __future__ import annotations

from uuid import UUID, uuid4

from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.errors import NotFound
from travellr_desktop.events import Change
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.kept_cards import KeptCard, kept_cards
from travellr_desktop.services.travellers import changed
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database


class CardService:
    def __init__(self, database: Database, gateway: PaymentGateway, charging: Charging) -> None:
        self._db = database
        self._gateway = gateway
        self._keeping = charging.cards

    def of_traveller(self, actor: Actor, traveller_id: UUID) -> tuple[KeptCard, ...]:
        """The cards that are kept for a traveller, newest first, as they are known here."""
        require(actor, Permission.PAYMENT_CREATE)
        with self._db.read() as view:
            return kept_cards(view, self._gateway, traveller_id)

    def look(self, actor: Actor, traveller_id: UUID) -> tuple[KeptCard, ...]:
        """The same, asked of the provider. What it does not answer is as it was known."""
        require(actor, Permission.PAYMENT_CREATE)
        with self._db.read() as view:
            refs = [each.customer_ref for each in view.cards.accounts(traveller_id, self._gateway.kind)]
        for ref in refs:
            self._keeping.learn(actor, ref)
        return self.of_traveller(actor, traveller_id)

    def forget(self, actor: Actor, card_id: UUID) -> tuple[KeptCard, ...]:
        """Take a kept card away for good: at the provider first, then here. Returns what is left of its traveller's.
        Raises `NotFound`, and what the provider's silence raises; then it may be asked for again."""
        require(actor, Permission.PAYMENT_CREATE)
        with self._db.read() as view:
            row = view.cards.get_full(card_id)
            ref, traveller_id, told = row.card_ref, row.account.traveller_id, row.forgotten_at is not None
        if not told:
            try:
                self._gateway.detach_card(ref, key=f"card-{card_id}-detach-{uuid4().hex[:12]}")
            except NotFound:
                pass  # it is gone there
            with self._db.write(Commit.CARD_SAVE, actor) as work:
                kept = work.cards.get_full(card_id)
                if kept.forgotten_at is None:
                    kept.forgotten_at = work.now
                    work.audit("card.forget", "traveller", traveller_id, card=kept.label)
                    work.publish(changed(traveller_id, work.now, Change.UPDATED))
                    work.commit()
        return self.of_traveller(actor, traveller_id)
