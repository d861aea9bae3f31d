"""Cards that travellers had kept for later payments: at the provider, never here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.storage.base import BOTH, EnumText, Synced, one_of
from travellr_desktop.storage.models.payments import Payment
from travellr_desktop.storage.models.people import Traveller


class TravellerAccount(Synced):
    """Who a traveller is at the provider. One of two merged records may bring one of its own: both are kept."""

    __tablename__ = "traveller_accounts"
    __table_args__ = (one_of("kind", PaymentsKind), {"info": BOTH})

    traveller_id: Mapped[UUID] = mapped_column(ForeignKey("travellers.id"), index=True)
    kind: Mapped[PaymentsKind] = mapped_column(EnumText(PaymentsKind))
    customer_ref: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]

    traveller: Mapped[Traveller] = relationship(lazy="raise_on_sql")


class SavedCard(Synced):
    """A card that was kept with the payment at which its traveller agreed to it. Good until the end of
    `expires_month`; `forgotten_at` when it was taken away again."""

    __tablename__ = "saved_cards"
    __table_args__ = (
        CheckConstraint("expires_month BETWEEN 1 AND 12", name="expires_in_a_month"),
        {"info": BOTH},
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("traveller_accounts.id"), index=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    card_ref: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]  # "Visa ending 4242"
    expires_year: Mapped[int]
    expires_month: Mapped[int]
    agreed_at: Mapped[datetime]
    agreed_with: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    forgotten_at: Mapped[datetime | None]

    account: Mapped[TravellerAccount] = relationship(lazy="raise_on_sql")
    payment: Mapped[Payment] = relationship(lazy="raise_on_sql")
