"""Seats: what a desk may sell (grants), what is set aside (holds), and numbered seats.

`grants.taken` counts the seats under active holds and on lines that occupy one. Triggers keep it, in the same
transaction as the row that takes the seat, and a CHECK refuses more than was granted: no code has to look first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.states import HoldState
from travellr_desktop.storage.base import BOTH, EnumText, Synced, one_of
from travellr_desktop.storage.models.catalogue import Departure


class Grant(Synced):
    """Seats of a departure that one desk may sell without asking: its allotment."""

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("departure_id", "desk_id"),
        CheckConstraint("seats >= 0", name="seats_not_negative"),
        CheckConstraint("taken BETWEEN 0 AND seats", name="not_oversold"),
        {"info": BOTH},
    )

    departure_id: Mapped[UUID] = mapped_column(ForeignKey("departures.id"))
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("desks.id"))
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(server_default="0", server_onupdate=FetchedValue())

    departure: Mapped[Departure] = relationship(lazy="raise_on_sql")


class Hold(Synced):
    """Seats set aside until `expires_at`. `party` counts travellers by type; `seats` is how many of them sit."""

    __tablename__ = "holds"
    __table_args__ = (
        one_of("state", HoldState),
        CheckConstraint("seats > 0", name="seats_positive"),
        Index("ix_holds_state_expires_at", "state", "expires_at"),
        {"info": BOTH},
    )

    departure_id: Mapped[UUID] = mapped_column(ForeignKey("departures.id"), index=True)
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grants.id"))
    seats: Mapped[int]
    party: Mapped[dict[str, Any]]
    state: Mapped[HoldState] = mapped_column(EnumText(HoldState), default=HoldState.ACTIVE)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    departure: Mapped[Departure] = relationship(lazy="raise_on_sql")


class Seat(Synced):
    """A numbered seat that is taken, by a hold or by a line: present means taken, so none is taken twice."""

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("departure_id", "label"),
        CheckConstraint("(hold_id IS NULL) <> (line_id IS NULL)", name="one_owner"),
        {"info": BOTH},
    )

    departure_id: Mapped[UUID] = mapped_column(ForeignKey("departures.id"))
    label: Mapped[str]
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("holds.id"))
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking_lines.id"))
