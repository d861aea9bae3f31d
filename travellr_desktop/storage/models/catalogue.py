"""What is sold: trips, their prices and seasons, their pictures, series and departures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.seating import PlanKind
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
        CheckConstraint("balance_days BETWEEN 0 AND 1000", name="balance_days_known"),
        CheckConstraint("json_valid(policy)", name="policy_is_json").ddl_if("sqlite"),
        Index("uq_trips_code", "code", unique=True, sqlite_where=text("code <> ''")),
        {"info": BOTH},
    )

    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"), index=True)
    code: Mapped[str] = mapped_column(
        default=""
    )  # the agency's own short name; an import finds the trip by it
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
    balance_days: Mapped[int] = mapped_column(default=30)  # before the departure, by when the rest is due
    policy: Mapped[dict[str, Any]]
    search: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)

    vendor: Mapped[Vendor] = relationship(lazy="raise_on_sql")
    prices: Mapped[list[TripPrice]] = relationship(lazy="raise_on_sql", order_by="TripPrice.traveller_type")
    seasons: Mapped[list[TripSeason]] = relationship(lazy="raise_on_sql", order_by="TripSeason.first_day")


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


class TripSeason(Synced):
    """Days of local departure, first and last included, on which a trip has prices of their own. The seasons of a
    trip do not overlap."""

    __tablename__ = "trip_seasons"
    __table_args__ = (
        text_length("name", 120),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        Index("ix_trip_seasons_trip_id_first_day", "trip_id", "first_day"),
        {"info": BOTH},
    )

    trip_id: Mapped[UUID] = mapped_column(ForeignKey("trips.id"))
    name: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]

    prices: Mapped[list[SeasonPrice]] = relationship(
        lazy="raise_on_sql", order_by="SeasonPrice.traveller_type"
    )


class SeasonPrice(Synced):
    """What one traveller of a type pays in a season; a type that is left out pays the trip's own price."""

    __tablename__ = "season_prices"
    __table_args__ = (
        UniqueConstraint("season_id", "traveller_type"),
        one_of("traveller_type", TravellerType),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        {"info": BOTH},
    )

    season_id: Mapped[UUID] = mapped_column(ForeignKey("trip_seasons.id"))
    traveller_type: Mapped[TravellerType] = mapped_column(EnumText(TravellerType))
    amount: Mapped[int]


class TripPicture(Synced):
    """A picture of a trip. `data` is the file in base64: pictures travel with their trip between desks."""

    __tablename__ = "trip_pictures"
    __table_args__ = (
        CheckConstraint("media_type IN ('image/jpeg', 'image/png')", name="media_type_known"),
        CheckConstraint("length(data) BETWEEN 1 AND 700000", name="data_length"),
        {"info": BOTH},
    )

    trip_id: Mapped[UUID] = mapped_column(ForeignKey("trips.id"), index=True)
    position: Mapped[int]
    caption: Mapped[str] = mapped_column(default="")
    media_type: Mapped[str]
    data: Mapped[str]


class Series(Synced):
    """A rule that makes departures: a local time on some days of the week, from one day to another.

    `weekdays` are digits, 0 for Monday; `except_days` are ISO dates that are left out. `capacity`, `cutoff_min`
    and `plan_id` are what a departure of it begins with."""

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("length(weekdays) BETWEEN 1 AND 7", name="some_weekday"),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("cutoff_min >= 0", name="cutoff_not_negative"),
        {"info": BOTH},
    )

    trip_id: Mapped[UUID] = mapped_column(ForeignKey("trips.id"), index=True)
    weekdays: Mapped[str]
    local_time: Mapped[str]  # HH:MM
    first_day: Mapped[date]
    last_day: Mapped[date]
    zone: Mapped[str]  # IANA
    capacity: Mapped[int]
    cutoff_min: Mapped[int]
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat_plans.id"))
    except_days: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]


class SeatPlan(Synced):
    """Where the numbered seats of a coach or boat are. `layout` is a `domain.seating.Layout` as data."""

    __tablename__ = "seat_plans"
    __table_args__ = (
        text_length("name", 120),
        one_of("kind", PlanKind),
        CheckConstraint("json_valid(layout)", name="layout_is_json").ddl_if("sqlite"),
        {"info": BOTH},
    )

    vendor_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendors.id"), index=True)
    name: Mapped[str]
    kind: Mapped[PlanKind] = mapped_column(EnumText(PlanKind))
    layout: Mapped[dict[str, Any]]
    active: Mapped[bool] = mapped_column(default=True)


class Departure(Synced):
    """One date and time of a trip. `local_day` and `local_time` are what the clock on the quay shows."""

    __tablename__ = "departures"
    __table_args__ = (
        one_of("state", DepartureState),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("cutoff_at <= starts_at AND starts_at < ends_at", name="times_in_order"),
        CheckConstraint("release_days BETWEEN 0 AND 365", name="release_days_known"),
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
    stop_reason: Mapped[str] = mapped_column(default="")  # why it is not sold, or was cancelled
    note: Mapped[str] = mapped_column(default="")
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"), index=True)
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat_plans.id"))  # None: seats are not numbered
    release_days: Mapped[int | None]  # other than the agency's

    trip: Mapped[Trip] = relationship(lazy="raise_on_sql")
    plan: Mapped[SeatPlan | None] = relationship(lazy="raise_on_sql")
