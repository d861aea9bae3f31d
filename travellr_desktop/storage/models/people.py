"""Who sells, who buys, who runs the trips."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from travellr_desktop.domain.payouts.words import PayoutWay, Schedule
from travellr_desktop.domain.permissions import Role
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of, text_length


class Agency(Synced):
    """The agency itself: one row, printed on every document."""

    __tablename__ = "agencies"
    __table_args__ = (
        text_length("name", 120),
        CheckConstraint("release_days BETWEEN 0 AND 365", name="release_days_known"),
        {"info": BOTH},
    )

    name: Mapped[str]
    legal: Mapped[str] = mapped_column(default="")
    tax_number: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    zone: Mapped[str]  # IANA
    currency: Mapped[Currency]  # what its own books are kept in
    discount_limit_bps: Mapped[int] = mapped_column(default=1000)  # more needs a permission
    offer_hours: Mapped[int] = mapped_column(default=24)  # how long somebody who waited may think it over
    cash_needs_till: Mapped[bool] = mapped_column(default=False)  # no cash is taken while the till is closed
    pay_out_limit: Mapped[int] = mapped_column(default=10_000)  # out of the till; more needs a permission
    # by currency, in minor units: what goes back above it waits for a second person
    refund_limits: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    # of these an invoice consists besides; lines of an address and of the bank's account are lines of the text
    address: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    registration: Mapped[str] = mapped_column(default="")
    bank: Mapped[str] = mapped_column(default="")
    invoice_footer: Mapped[str] = mapped_column(default="")
    invoiced_since: Mapped[datetime | None]  # bookings confirmed from then on are invoiced by themselves
    # what vendors are paid by: by currency, in minor units; where none is set, that of `domain.payouts`
    payout_minimums: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    payout_papers: Mapped[list[Any]] = mapped_column(
        default=list, server_default="[]"
    )  # kinds a vendor must have
    payout_weekday: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # on which a week begins, 0 Monday
    payouts_alone: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # no second person approves
    payouts_run: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # approved batches run by themselves
    iban: Mapped[str] = mapped_column(default="", server_default="")  # the account that bank files pay from
    bic: Mapped[str] = mapped_column(default="", server_default="")
    # hours after a departure's end when it is completed by itself; None: by a person
    completes_after: Mapped[int | None]
    # days before a departure from which on no desk keeps seats that it has not sold; None: until sales close
    release_days: Mapped[int | None]


class Desk(Synced):
    """A place where people sell. `number` is part of its number series; `reader_ref` the provider's id of the card
    reader that stands there, `reader_label` what it is called."""

    __tablename__ = "desks"
    __table_args__ = (
        text_length("name", 120),
        CheckConstraint("number > 0", name="number_positive"),
        {"info": BOTH},
    )

    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    reader_ref: Mapped[str | None]
    reader_label: Mapped[str | None]


class Vendor(Synced):
    """Who runs trips. `commission_bps` is the agency's share in 1/100 of a per cent, taken onto each booking;
    `search` is name, legal name, code and email, folded."""

    __tablename__ = "vendors"
    __table_args__ = (
        text_length("name", 200),
        CheckConstraint("commission_bps BETWEEN 0 AND 10000", name="commission_share"),
        CheckConstraint("holdback_days >= 0", name="holdback_positive"),
        one_of("schedule", Schedule),
        CheckConstraint("payout_way IS NULL OR payout_way IN ('transfer', 'bank')", name="payout_way_known"),
        Index("ix_vendors_name", "name"),
        Index("uq_vendors_code", "code", unique=True, sqlite_where=text("code <> ''")),
        {"info": BOTH},
    )

    code: Mapped[str] = mapped_column(
        default=""
    )  # the agency's own short name; an import finds the vendor by it
    name: Mapped[str]
    legal: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    commission_bps: Mapped[int]
    holdback_days: Mapped[int] = mapped_column(default=2)
    search: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    # where and how they are paid
    schedule: Mapped[Schedule] = mapped_column(
        EnumText(Schedule), default=Schedule.WEEKLY, server_default="weekly"
    )
    payout_way: Mapped[PayoutWay | None] = mapped_column(EnumText(PayoutWay))  # None: no account on file
    account_ref: Mapped[str | None]  # their account with the provider
    iban: Mapped[str] = mapped_column(default="", server_default="")
    bic: Mapped[str] = mapped_column(default="", server_default="")
    holder: Mapped[str] = mapped_column(default="", server_default="")  # of the bank account
    payout_minimums: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default="{}"
    )  # before the agency's
    # what stands on a statement besides; lines of an address are lines of the text
    address: Mapped[str] = mapped_column(default="", server_default="")
    country: Mapped[str] = mapped_column(default="", server_default="")
    tax_number: Mapped[str] = mapped_column(default="", server_default="")


class User(Synced):
    """Who may sign in. `email` is kept folded; a vendor's person names their vendor."""

    __tablename__ = "users"
    __table_args__ = (
        text_length("name", 120),
        text_length("email", 254, 3),
        one_of("role", Role),
        CheckConstraint("(role = 'vendor') = (vendor_id IS NOT NULL)", name="vendor_person_has_vendor"),
        {"info": BOTH},
    )

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(EnumText(Role))
    vendor_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendors.id"))
    password_hash: Mapped[str]
    must_change: Mapped[bool] = mapped_column(default=False)  # the password was given by somebody else
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Traveller(Synced):
    """Who buys or travels; has no sign-in. `search` is name, phone and email folded (`domain.text.search_text`);
    `name_key` and `phone_key` are what the same person's are alike in (`domain.text.name_key`, `phone_key`).

    One that was merged into another keeps its row, out of sight: it can be split off again."""

    __tablename__ = "travellers"
    __table_args__ = (
        text_length("name", 200),
        CheckConstraint("merged_into IS NULL OR merged_into <> id", name="not_into_itself"),
        Index("ix_travellers_search", "search"),
        Index("ix_travellers_name_key_born", "name_key", "born"),
        Index("ix_travellers_phone_key", "phone_key"),
        Index("ix_travellers_email", "email"),
        {"info": BOTH},
    )

    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    born: Mapped[date | None]
    language: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    search: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str] = mapped_column(default="")
    phone_key: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("travellers.id"), index=True)
