"""Seats: what a desk may sell (grants), what is allowed beyond (allowances), what is set aside (holds), who
waits, and numbered seats.

`grants.taken` counts the seats under active holds and on lines that occupy one. Triggers keep it, in the same
transaction as the row that takes the seat, and a CHECK refuses more than was granted: no code has to look
first."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.states import HoldKind, HoldState, WaitingState
from travellr_desktop.storage.base import BOTH, EnumText, Synced, one_of, text_length
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


class Allowance(Synced):
    """Seats that may be sold beyond a departure's capacity, or, below zero, not any more: somebody with the
    permission said so, and why. Every rule counts their sum as capacity. Rows are added, never changed or
    deleted."""

    __tablename__ = "allowances"
    __table_args__ = (
        CheckConstraint("seats <> 0", name="seats_not_nothing"),
        text_length("reason", 500),
        {"info": BOTH},
    )

    departure_id: Mapped[UUID] = mapped_column(ForeignKey("departures.id"), index=True)
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("desks.id"))
    seats: Mapped[int]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class Hold(Synced):
    """Seats set aside until `expires_at`. `party` counts travellers by type; `seats` is how many of them sit.

    `kind` says what for; an option, or an offer to somebody who waited, names its traveller. `labels` are the
    numbered seats that were chosen, one for each traveller who sits, in the order of the party; [] where
    seats are not numbered. The rows of `seats` say which are taken."""

    __tablename__ = "holds"
    __table_args__ = (
        one_of("state", HoldState),
        one_of("kind", HoldKind),
        CheckConstraint("seats > 0", name="seats_positive"),
        Index("ix_holds_state_expires_at", "state", "expires_at"),
        Index("ix_holds_state_remind_at", "state", "remind_at"),
        {"info": BOTH},
    )

    departure_id: Mapped[UUID] = mapped_column(ForeignKey("departures.id"), index=True)
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grants.id"), index=True)
    seats: Mapped[int]
    party: Mapped[dict[str, Any]]
    state: Mapped[HoldState] = mapped_column(EnumText(HoldState), default=HoldState.ACTIVE)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[HoldKind] = mapped_column(EnumText(HoldKind), default=HoldKind.HOLD)
    traveller_id: Mapped[UUID | None] = mapped_column(ForeignKey("travellers.id"), index=True)
    note: Mapped[str] = mapped_column(default="")
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    labels: Mapped[list[Any]] = mapped_column(default=list)

    departure: Mapped[Departure] = relationship(lazy="raise_on_sql")


class WaitingEntry(Synced):
    """Somebody who wants seats of a full departure. When seats come free, those who wait are offered them in
    order, each by a hold (`hold_id`) kept until the offer ends. They wait at one desk, and are offered its seats."""

    __tablename__ = "waiting_list"
    __table_args__ = (
        one_of("state", WaitingState),
        CheckConstraint("seats > 0", name="seats_positive"),
        Index("ix_waiting_list_departure_id_state", "departure_id", "state", "created_at"),
        {"info": BOTH},
    )

    departure_id: Mapped[UUID] = mapped_column(ForeignKey("departures.id"))
    traveller_id: Mapped[UUID] = mapped_column(ForeignKey("travellers.id"), index=True)
    party: Mapped[dict[str, Any]]
    seats: Mapped[int]
    state: Mapped[WaitingState] = mapped_column(EnumText(WaitingState), default=WaitingState.WAITING)
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    offered_at: Mapped[datetime | None]
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("holds.id"), unique=True)
    ended_at: Mapped[datetime | None]
    desk_id: Mapped[UUID | None] = mapped_column(ForeignKey("desks.id"))

    departure: Mapped[Departure] = relationship(lazy="raise_on_sql")


class SeatGrant(Synced):
    """A numbered seat that one desk may sell. Where several desks sell, a desk takes none but those; a file that
    belongs to no hub has no such rows, and sells all of its plan."""

    __tablename__ = "seat_grants"
    __table_args__ = (UniqueConstraint("departure_id", "label"), {"info": BOTH})

    departure_id: Mapped[UUID] = mapped_column(ForeignKey("departures.id"))
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("desks.id"))
    label: Mapped[str]


class Seat(Synced):
    """A numbered seat that is taken, by a hold or by a line: present means taken, so none is taken twice.
    Only seats of the departure's plan can be. `position` is that of the traveller on the hold or booking,
    from 1."""

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("departure_id", "label"),
        CheckConstraint("(hold_id IS NULL) <> (line_id IS NULL)", name="one_owner"),
        {"info": BOTH},
    )

    departure_id: Mapped[UUID] = mapped_column(ForeignKey("departures.id"))
    label: Mapped[str]
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("holds.id"), index=True)
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking_lines.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
