"""The waiting list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from travellr_desktop.domain.states import DepartureState, WaitingState, open_states
from travellr_desktop.storage.models import Departure, Grant, Trip, WaitingEntry
from travellr_desktop.storage.repositories.base import Repository
from travellr_desktop.storage.repositories.here import sent_here

_OVER = (DepartureState.CANCELLED, DepartureState.DONE)


class WaitingRepository(Repository[WaitingEntry]):
    model = WaitingEntry
    word = "entry on the waiting list"

    def waiting(self, departure_id: UUID, *, at_this_desk: bool = False) -> Sequence[WaitingEntry]:
        """Those who wait for seats of a departure, in the order in which they joined."""
        query = (
            select(WaitingEntry)
            .where(WaitingEntry.departure_id == departure_id, WaitingEntry.state == WaitingState.WAITING)
            .order_by(WaitingEntry.created_at, WaitingEntry.id)
        )
        return self.session.scalars(query.where(sent_here(WaitingEntry)) if at_this_desk else query).all()

    def count_waiting(self, departure_id: UUID) -> int:
        return (
            self.session.scalar(
                select(func.count()).where(
                    WaitingEntry.departure_id == departure_id, WaitingEntry.state == WaitingState.WAITING
                )
            )
            or 0
        )

    def of_departure(self, departure_id: UUID) -> Sequence[WaitingEntry]:
        """All that ever waited for a departure, in the order in which they joined."""
        return self.session.scalars(
            select(WaitingEntry)
            .where(WaitingEntry.departure_id == departure_id)
            .order_by(WaitingEntry.created_at, WaitingEntry.id)
        ).all()

    def of_hold(self, hold_id: UUID) -> WaitingEntry | None:
        """The entry that was offered these seats."""
        return self.session.scalar(select(WaitingEntry).where(WaitingEntry.hold_id == hold_id))

    def is_open_for(self, departure_id: UUID, traveller_id: UUID) -> bool:
        """Whether a traveller waits for a departure already, or has an offer of it."""
        return (
            self.session.scalar(
                select(WaitingEntry.id).where(
                    WaitingEntry.departure_id == departure_id,
                    WaitingEntry.state.in_(open_states(WaitingState)),
                    WaitingEntry.traveller_id == traveller_id,
                )
            )
            is not None
        )

    def in_vain(self, now: datetime) -> Sequence[WaitingEntry]:
        """Those who wait at this desk for a departure that is not sold any more, and never will be again."""
        return self.session.scalars(
            select(WaitingEntry)
            .join(Departure, Departure.id == WaitingEntry.departure_id)
            .where(WaitingEntry.state == WaitingState.WAITING, sent_here(WaitingEntry))
            .where(or_(Departure.cutoff_at <= now, Departure.state.in_(_OVER)))
            .order_by(WaitingEntry.id)
        ).all()

    def to_offer(self, desk_id: UUID, now: datetime) -> Sequence[UUID]:
        """Departures on sale of which a desk has seats enough for somebody who waits there."""
        return self.session.scalars(
            select(WaitingEntry.departure_id)
            .join(Departure, Departure.id == WaitingEntry.departure_id)
            .join(Trip, and_(Trip.id == Departure.trip_id, Trip.active))
            .join(Grant, and_(Grant.departure_id == Departure.id, Grant.desk_id == desk_id))
            .where(WaitingEntry.state == WaitingState.WAITING, sent_here(WaitingEntry))
            .where(Departure.state == DepartureState.OPEN, Departure.cutoff_at > now)
            .where(Grant.seats - Grant.taken >= WaitingEntry.seats)
            .distinct()
            .order_by(WaitingEntry.departure_id)
        ).all()
