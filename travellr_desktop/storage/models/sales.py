"""What was sold: sales, their bookings, a line for each traveller."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import BookingState
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of, text_length
from travellr_desktop.storage.models.catalogue import Departure, Trip
from travellr_desktop.storage.models.people import Traveller, User, Vendor
from travellr_desktop.storage.models.seats import Hold


class Sale(Synced):
    """What a traveller pays for in one go: one or more bookings in one currency. Its state is that of its
    bookings."""

    __tablename__ = "sales"
    __table_args__ = ({"info": BOTH},)

    reference: Mapped[str] = mapped_column(unique=True)  # SA-2026-000412
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("desks.id"))
    traveller_id: Mapped[UUID] = mapped_column(ForeignKey("travellers.id"), index=True)
    currency: Mapped[Currency]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    traveller: Mapped[Traveller] = relationship(lazy="raise_on_sql")
    bookings: Mapped[list[Booking]] = relationship(
        lazy="raise_on_sql", back_populates="sale", order_by="Booking.id"
    )
    seller: Mapped[User | None] = relationship(lazy="raise_on_sql")


class Booking(Synced):
    """One departure of one vendor, on one sale. Price, tax, commission and policy are frozen when it is made.

    `price` is the sum of its lines that stand, tax included; `tax` the part of it that is tax; `policy` the
    cancellation policy as it was. What is paid, due and refunded is derived, never stored here."""

    __tablename__ = "bookings"
    __table_args__ = (
        one_of("state", BookingState),
        CheckConstraint("price >= 0 AND tax BETWEEN 0 AND price", name="price_not_negative"),
        CheckConstraint("commission_bps BETWEEN 0 AND 10000", name="commission_share"),
        CheckConstraint("json_valid(policy)", name="policy_is_json").ddl_if("sqlite"),
        Index("ix_bookings_state_created_at", "state", "created_at"),
        Index("ix_bookings_price", "price"),
        Index(
            "ix_bookings_balance_due_at",
            "balance_due_at",
            sqlite_where=text("balance_due_at IS NOT NULL"),
            postgresql_where=text("balance_due_at IS NOT NULL"),
        ),
        {"info": BOTH},
    )

    reference: Mapped[str] = mapped_column(unique=True)  # BK-2026-001234
    voucher_code: Mapped[str] = mapped_column(unique=True)  # 7KQ4-M2XD
    sale_id: Mapped[UUID] = mapped_column(ForeignKey("sales.id"), index=True)
    departure_id: Mapped[UUID] = mapped_column(ForeignKey("departures.id"), index=True)
    trip_id: Mapped[UUID] = mapped_column(ForeignKey("trips.id"), index=True)
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"), index=True)
    traveller_id: Mapped[UUID] = mapped_column(ForeignKey("travellers.id"), index=True)
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grants.id"), index=True)
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("holds.id"), unique=True)
    state: Mapped[BookingState] = mapped_column(EnumText(BookingState), default=BookingState.PENDING)
    currency: Mapped[Currency]
    price: Mapped[int]
    tax: Mapped[int]
    tax_bps: Mapped[int]
    deposit: Mapped[int]  # what was agreed to be kept at least, where the policy says so
    balance_due_at: Mapped[
        datetime | None
    ]  # when the last day for the rest is over; None: all is due at once
    commission_bps: Mapped[int]
    holdback_days: Mapped[int]
    policy: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # completed, cancelled or no-show
    end_reason: Mapped[str] = mapped_column(default="")

    sale: Mapped[Sale] = relationship(lazy="raise_on_sql", back_populates="bookings")
    departure: Mapped[Departure] = relationship(lazy="raise_on_sql")
    trip: Mapped[Trip] = relationship(lazy="raise_on_sql")
    vendor: Mapped[Vendor] = relationship(lazy="raise_on_sql")
    traveller: Mapped[Traveller] = relationship(lazy="raise_on_sql")
    hold: Mapped[Hold | None] = relationship(lazy="raise_on_sql")
    lines: Mapped[list[BookingLine]] = relationship(
        lazy="raise_on_sql", back_populates="booking", order_by="BookingLine.position"
    )


class BookingLine(Synced):
    """One traveller on a booking. `occupies` is whether the line takes a seat of the grant now: not while the
    hold still does, not for an infant on a lap, not after cancellation.

    `price` is what is paid, `discount` what was taken off before that, `own_discount` the part of it that the
    agency alone bears. A line that was taken off the booking has `ended_at`, its price is no part of the
    booking's any more, and `kept` of it was kept by the policy. `absent`: the traveller did not come."""

    __tablename__ = "booking_lines"
    __table_args__ = (
        one_of("traveller_type", TravellerType),
        text_length("name", 200),
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("age IS NULL OR age BETWEEN 0 AND 130", name="age_of_a_person"),
        CheckConstraint("own_discount BETWEEN 0 AND discount", name="discount_parts"),
        CheckConstraint("kept BETWEEN 0 AND price", name="kept_of_price"),
        {"info": BOTH},
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    traveller_type: Mapped[TravellerType] = mapped_column(EnumText(TravellerType))
    age: Mapped[int | None]
    price: Mapped[int]
    takes_seat: Mapped[bool]
    occupies: Mapped[bool] = mapped_column(default=False)
    discount: Mapped[int] = mapped_column(default=0)
    own_discount: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    kept: Mapped[int] = mapped_column(default=0)
    checked_in_at: Mapped[datetime | None]
    absent: Mapped[bool] = mapped_column(default=False)

    booking: Mapped[Booking] = relationship(lazy="raise_on_sql", back_populates="lines")
