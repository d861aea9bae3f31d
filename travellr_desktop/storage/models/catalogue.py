"""What is sold: trips, their prices, their departures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import DepartureState
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of, text_length
from travellr_desktop.storage.models.people import Vendor


class Trip(Synced):
    """What a vendor sells. `policy` is a `domain.cancellation.Policy` as data; `search` is title, place, country
    and vendor, folded."""

    __tablename__ = "trips"
    __table_args__ = (
        text_length("title", 200),
        CheckConstraint("duration_min > 0", name="duration_positive"),
        CheckConstraint("tax_bps BETWEEN 0 AND 10000", name="tax_share"),
        CheckConstraint("deposit_bps BETWEEN 0 AND 10000", name="deposit_share"),
        CheckConstraint("json_valid(policy)", name="policy_is_json").ddl_if("sqlite"),
        {"info": BOTH},
    )

    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"), index=True)
    title: Mapped[str]
    place: Mapped[str] = mapped_column(index=True)
    country: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    meeting_point: Mapped[str] = mapped_column(default="")
    meet_before_min: Mapped[int] = mapped_column(default=15)
    included: Mapped[str] = mapped_column(default="")  # a line each
    languages: Mapped[str] = mapped_column(default="")
    zone: Mapped[str]  # IANA
    duration_min: Mapped[int]
    currency: Mapped[Currency]
    tax_bps: Mapped[int] = mapped_column(default=0)
    deposit_bps: Mapped[int] = mapped_column(default=3000)
    policy: Mapped[dict[str, Any]]
    search: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)

    vendor: Mapped[Vendor] = relationship(lazy="raise_on_sql")
    prices: Mapped[list[TripPrice]] = relationship(lazy="raise_on_sql", order_by="TripPrice.traveller_type")


class TripPrice(Synced):
    """What one traveller of a type pays, tax included, in the trip's currency. Nothing is a price; less is not."""

    __tablename__ = "trip_prices"
    __table_args__ = (
        UniqueConstraint("trip_id", "traveller_type"),
        one_of("traveller_type", TravellerType),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        {"info": BOTH},
    )

    trip_id: Mapped[UUID] = mapped_column(ForeignKey("trips.id"))
    traveller_type: Mapped[TravellerType] = mapped_column(EnumText(TravellerType))
    amount: Mapped[int]
    takes_seat: Mapped[bool] = mapped_column(default=True)


class Departure(Synced):
    """One date and time of a trip. `local_day` and `local_time` are what the clock on the quay shows."""

    __tablename__ = "departures"
    __table_args__ = (
        one_of("state", DepartureState),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("cutoff_at <= starts_at AND starts_at < ends_at", name="times_in_order"),
        Index("ix_departures_local_day_starts_at", "local_day", "starts_at"),
        Index("ix_departures_trip_id_starts_at", "trip_id", "starts_at"),
        {"info": BOTH},
    )

    trip_id: Mapped[UUID] = mapped_column(ForeignKey("trips.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    cutoff_at: Mapped[datetime]
    zone: Mapped[str]  # IANA; a trip may start elsewhere than it usually does
    local_day: Mapped[date]
    local_time: Mapped[str]  # HH:MM
    capacity: Mapped[int]
    state: Mapped[DepartureState] = mapped_column(EnumText(DepartureState), default=DepartureState.OPEN)

    trip: Mapped[Trip] = relationship(lazy="raise_on_sql")
