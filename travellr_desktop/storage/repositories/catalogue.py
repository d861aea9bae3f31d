"""Vendors and trips."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from travellr_desktop.storage.models import Trip, TripSeason, Vendor
from travellr_desktop.storage.repositories.base import Repository


class VendorRepository(Repository[Vendor]):
    model = Vendor
    word = "vendor"


class TripRepository(Repository[Trip]):
    """Whole: with prices, seasons with theirs, and vendor."""

    model = Trip
    word = "trip"
    whole = (
        selectinload(Trip.prices),
        selectinload(Trip.seasons).selectinload(TripSeason.prices),
        selectinload(Trip.vendor),
    )

    def places(self) -> Sequence[str]:
        """Where trips that are sold take place, in alphabetical order."""
        return self.session.scalars(
            select(Trip.place).where(Trip.active).distinct().order_by(Trip.place)
        ).all()
