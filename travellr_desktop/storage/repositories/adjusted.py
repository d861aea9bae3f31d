"""What vendors got, or gave up, by agreement."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from travellr_desktop.storage.models import Trip, User, VendorAdjustment, VendorLine


class AdjustmentRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def of_vendor(self, vendor_id: UUID) -> Sequence[tuple[VendorAdjustment, str | None]]:
        """Newest first, each with the name of who wrote it."""
        query = (
            select(VendorAdjustment, User.name)
            .outerjoin(User, User.id == VendorAdjustment.by)
            .where(VendorAdjustment.vendor_id == vendor_id)
            .order_by(VendorAdjustment.id.desc())
        )
        return [(row, name) for row, name in self.session.execute(query)]

    def currencies(self, vendor_id: UUID) -> tuple[str, ...]:
        """Those in which a vendor has trips or lines, by their code."""
        trips = select(Trip.currency).where(Trip.vendor_id == vendor_id)
        lines = select(VendorLine.currency).where(VendorLine.vendor_id == vendor_id)
        return tuple(sorted(self.session.scalars(union(trips, lines))))
