"""Seats kept for a traveller: options until a date, and offers to those who waited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from travellr_desktop.domain.states import HoldKind, HoldState
from travellr_desktop.storage.models import Hold
from travellr_desktop.storage.repositories.base import MOST, Repository
from travellr_desktop.storage.repositories.here import holds_here

KEPT_KINDS = (HoldKind.OPTION, HoldKind.OFFER)
"""The kinds of holds that are kept for a traveller, beside anybody's basket."""


class OptionRepository(Repository[Hold]):
    model = Hold
    word = "option"

    def to_remind(self, now: datetime, limit: int = 100) -> Sequence[Hold]:
        """Options of this desk whose reminder has come and nobody was told, the longest due first."""
        return self.session.scalars(
            select(Hold)
            .where(Hold.state == HoldState.ACTIVE, Hold.remind_at <= now, holds_here())
            .where(Hold.reminded_at.is_(None), Hold.kind == HoldKind.OPTION)
            .order_by(Hold.remind_at, Hold.id)
            .limit(limit)
        ).all()

    def of_departure(self, departure_id: UUID) -> Sequence[Hold]:
        """What is kept of a departure now, the first to end first."""
        return self.session.scalars(
            select(Hold)
            .where(Hold.departure_id == departure_id, Hold.state == HoldState.ACTIVE)
            .where(Hold.kind.in_(KEPT_KINDS))
            .order_by(Hold.expires_at, Hold.id)
        ).all()

    def due(self, now: datetime, limit: int = MOST) -> Sequence[Hold]:
        """Options whose reminder has come, and offers; the first to end first."""
        reminded = (Hold.kind == HoldKind.OPTION) & (Hold.remind_at <= now)
        return self.session.scalars(
            select(Hold)
            .where(Hold.state == HoldState.ACTIVE, or_(Hold.kind == HoldKind.OFFER, reminded))
            .order_by(Hold.expires_at, Hold.id)
            .limit(limit)
        ).all()

    def count_due(self, now: datetime) -> int:
        """Options whose reminder has come, and which still stand."""
        return (
            self.session.scalar(
                select(func.count()).where(
                    Hold.state == HoldState.ACTIVE, Hold.remind_at <= now, Hold.kind == HoldKind.OPTION
                )
            )
            or 0
        )

    def count_offers(self) -> int:
        """Offers that wait for an answer."""
        return (
            self.session.scalar(
                select(func.count()).where(Hold.state == HoldState.ACTIVE, Hold.kind == HoldKind.OFFER)
            )
            or 0
        )
