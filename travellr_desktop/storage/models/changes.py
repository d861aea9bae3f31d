"""What makes a price another one: promo codes and discounts; and changes of a booking that wait for their
payment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.states import AmendmentState
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of, text_length


class PromoCode(Synced):
    """A word that takes something off a sale. `code` is kept in capitals. Either `bps` or `amount` with
    `currency` says how much; `own` means that the agency alone bears it; `most_uses` counts sales; the days
    are local days of the sale in the agency's zone, both included."""

    __tablename__ = "promo_codes"
    __table_args__ = (
        text_length("code", 40, 2),
        one_of("kind", DiscountKind),
        CheckConstraint("bps BETWEEN 0 AND 10000 AND amount >= 0", name="value_in_range"),
        CheckConstraint("(kind = 'percent') = (amount = 0 AND bps > 0)", name="one_value"),
        CheckConstraint("(kind = 'amount') = (currency IS NOT NULL)", name="amount_has_currency"),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("most_uses IS NULL OR most_uses > 0", name="some_use"),
        {"info": BOTH},
    )

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    kind: Mapped[DiscountKind] = mapped_column(EnumText(DiscountKind))
    bps: Mapped[int] = mapped_column(default=0)
    amount: Mapped[int] = mapped_column(default=0)
    currency: Mapped[Currency | None]
    own: Mapped[bool] = mapped_column(default=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    most_uses: Mapped[int | None]
    trip_id: Mapped[UUID | None] = mapped_column(ForeignKey("trips.id"))
    vendor_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendors.id"))
    active: Mapped[bool] = mapped_column(default=True)


class Discount(Synced):
    """What was taken off one booking, in minor units of its currency, and why. `own`: the agency alone bears
    it, else the vendor bears their share. `parts` say how it is spread: what was taken off each line, by the line's
    position. A change of the booking that makes a line's price another one makes its part so too. Rows are never
    deleted."""

    __tablename__ = "discounts"
    __table_args__ = (
        one_of("kind", DiscountKind),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("bps BETWEEN 0 AND 10000", name="bps_in_range"),
        text_length("reason", 500),
        {"info": BOTH},
    )

    sale_id: Mapped[UUID] = mapped_column(ForeignKey("sales.id"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"), index=True)
    kind: Mapped[DiscountKind] = mapped_column(EnumText(DiscountKind))
    bps: Mapped[int] = mapped_column(default=0)
    amount: Mapped[int]
    parts: Mapped[dict[str, Any]]
    own: Mapped[bool]
    reason: Mapped[str]
    promo_id: Mapped[UUID | None] = mapped_column(ForeignKey("promo_codes.id"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class Amendment(Synced):
    """A change of a confirmed booking that costs more: it waits for its payment, its seats under `hold_id`,
    and is done when the money is there. `plan` is what will be done, as data. A change that costs nothing is
    done at once and has a row that is done. Rows are never deleted."""

    __tablename__ = "amendments"
    __table_args__ = (
        one_of("state", AmendmentState),
        Index("ix_amendments_booking_id_state", "booking_id", "state"),
        {"info": BOTH},
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"))
    kind: Mapped[str]  # add, retype, rebook, remove
    state: Mapped[AmendmentState] = mapped_column(EnumText(AmendmentState))
    plan: Mapped[dict[str, Any]]
    difference: Mapped[int]  # new price less old price, minor units
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("holds.id"), unique=True)
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payments.id"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
