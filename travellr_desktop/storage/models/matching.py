"""What the provider says moved, kept to be matched with the books; and what was said of differences."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from travellr_desktop.domain.matching import Moved
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of


class ProviderMove(Synced):
    """One movement on the agency's balance at the provider, as it was fetched.

    `amount` and `fee` are in the currency of the balance, `amount` below zero for money that leaves; `source_amount` is
    what the object is about in the currency of the sale, signed the same. `posted` holds the ids of the ledger's rows
    that were written from this movement: its fee, its exchange, a bill, what went to the bank."""

    __tablename__ = "provider_moves"
    __table_args__ = (
        one_of("kind", Moved),
        CheckConstraint("fee >= 0", name="fee_not_negative"),
        Index("ix_provider_moves_source_ref", "source_ref"),
        Index("ix_provider_moves_payment_ref", "payment_ref"),
        # what is still to be posted, or to arrive, is found among all that was
        Index("ix_provider_moves_open", "is_open"),
        {"info": BOTH},
    )

    ref: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[Moved] = mapped_column(EnumText(Moved))
    amount: Mapped[int]
    fee: Mapped[int]
    currency: Mapped[Currency]
    source_ref: Mapped[str | None]
    source_amount: Mapped[int]
    source_currency: Mapped[Currency]
    payment_ref: Mapped[str | None]
    our_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    available_at: Mapped[datetime]
    posted: Mapped[list[Any]] = mapped_column(default=list)
    is_open: Mapped[bool] = mapped_column(default=True)


class MatchNote(Synced):
    """What somebody said of a difference, after which it counts as explained. `key` is the difference's own."""

    __tablename__ = "match_notes"
    __table_args__ = (
        CheckConstraint("length(trim(reason)) > 0", name="reason_given"),
        {"info": BOTH},
    )

    key: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
