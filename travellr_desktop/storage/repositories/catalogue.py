"""Vendors and trips."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from travellr_desktop.storage.models import Trip, Vendor
from travellr_desktop.storage.repositories.base import Repository


class VendorRepository(Repository[Vendor]):
    model = Vendor
    word = "vendor"

    def find_by_name(self, name: str) -> Vendor | None:
        return self.session.scalar(select(Vendor).where(Vendor.name == name))


class TripRepository(Repository[Trip]):
    model = Trip
    word = "trip"

    def find_full(self, trip_id: UUID) -> Trip | None:
        """A trip with its prices and its vendor."""
        return self.session.scalar(
            select(Trip)
            .where(Trip.id == trip_id)
            .options(selectinload(Trip.prices), selectinload(Trip.vendor))
        )

    def places(self) -> Sequence[str]:
        """Where trips that are sold take place, in alphabetical order."""
        return self.session.scalars(
            select(Trip.place).where(Trip.active).distinct().order_by(Trip.place)
        ).all()
