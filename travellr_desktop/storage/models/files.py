"""What is kept about people and bookings beside the sale: notes, travel documents, which records are one
person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from travellr_desktop.storage.base import BOTH, Synced, text_length


class Note(Synced):
    """Something worth knowing about a traveller or a booking."""

    __tablename__ = "notes"
    __table_args__ = (
        CheckConstraint("(traveller_id IS NULL) <> (booking_id IS NULL)", name="one_owner"),
        text_length("text", 4000),
        {"info": BOTH},
    )

    traveller_id: Mapped[UUID | None] = mapped_column(ForeignKey("travellers.id"), index=True)
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    text: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class TravelDocument(Synced):
    """A passport, identity card, visa or licence of a traveller. `country` is who issued it, ISO 3166 in two
    letters."""

    __tablename__ = "travel_documents"
    __table_args__ = (
        CheckConstraint("kind IN ('passport', 'identity', 'visa', 'licence', 'other')", name="kind_known"),
        text_length("number", 60),
        {"info": BOTH},
    )

    traveller_id: Mapped[UUID] = mapped_column(ForeignKey("travellers.id"), index=True)
    kind: Mapped[str]
    number: Mapped[str]
    country: Mapped[str] = mapped_column(default="")
    expires_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class TravellerMerge(Synced):
    """Two records that were made one. `before` holds the kept record's fields as they were, `moved` the ids
    of what was the other's, by table: what it takes to split them again."""

    __tablename__ = "traveller_merges"
    __table_args__ = (CheckConstraint("kept_id <> other_id", name="two_records"), {"info": BOTH})

    kept_id: Mapped[UUID] = mapped_column(ForeignKey("travellers.id"), index=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("travellers.id"), index=True)
    before: Mapped[dict[str, Any]]
    moved: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[datetime | None]


class TravellerPair(Synced):
    """Two records that look alike and are not the same person; `first_id` is the lower id."""

    __tablename__ = "traveller_pairs"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
        {"info": BOTH},
    )

    first_id: Mapped[UUID] = mapped_column(ForeignKey("travellers.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("travellers.id"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
