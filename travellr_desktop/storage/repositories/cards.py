"""Who travellers are at the provider, and the cards that are kept for them there."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from travellr_desktop.domain.states import PaymentState
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.storage.models import Payment, SavedCard, TravellerAccount
from travellr_desktop.storage.repositories.base import Repository


class CardRepository(Repository[SavedCard]):
    """Whole: with the account."""

    model = SavedCard
    word = "kept card"
    whole = (selectinload(SavedCard.account),)

    def of_traveller(self, traveller_id: UUID, kind: PaymentsKind) -> Sequence[SavedCard]:
        """The cards that are kept for a traveller, read whole, newest first."""
        return self.session.scalars(
            select(SavedCard)
            .join(SavedCard.account)
            .where(TravellerAccount.traveller_id == traveller_id, TravellerAccount.kind == kind)
            .where(SavedCard.forgotten_at.is_(None))
            .options(*self.whole)
            .order_by(SavedCard.id.desc())
        ).all()

    def by_ref(self, card_ref: str) -> SavedCard | None:
        return self.session.scalar(select(SavedCard).where(SavedCard.card_ref == card_ref))

    def of_account(self, account_id: UUID) -> Sequence[SavedCard]:
        """All that were ever kept of one account."""
        return self.session.scalars(select(SavedCard).where(SavedCard.account_id == account_id)).all()

    def accounts(self, traveller_id: UUID, kind: PaymentsKind) -> Sequence[TravellerAccount]:
        """Who a traveller is at the provider, newest first."""
        return self.session.scalars(
            select(TravellerAccount)
            .where(TravellerAccount.traveller_id == traveller_id, TravellerAccount.kind == kind)
            .order_by(TravellerAccount.id.desc())
        ).all()

    def account(self, customer_ref: str) -> TravellerAccount | None:
        return self.session.scalar(
            select(TravellerAccount).where(TravellerAccount.customer_ref == customer_ref)
        )

    def add_account(self, account: TravellerAccount) -> TravellerAccount:
        self.session.add(account)
        self.session.flush()
        return account

    def agreed(self, customer_ref: str) -> Payment | None:
        """The last payment at which that customer agreed to have the card kept; None where there was none."""
        return self.session.scalar(
            select(Payment)
            .where(Payment.customer_ref == customer_ref, Payment.keeps_card)
            .where(Payment.state == PaymentState.COMPLETED)
            .order_by(Payment.id.desc())
            .limit(1)
        )
