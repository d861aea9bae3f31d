"""Batches of payouts, the payouts in them with every line they pay, and who was left out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from travellr_desktop.domain.payouts.words import BatchKind, LeftOut, PayoutWay
from travellr_desktop.domain.states import BatchState, PayoutState, TakeBackState
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of
from travellr_desktop.storage.models.people import Vendor

STANDS = text("state <> 'discarded' AND kind <> 'extra'")


class PayoutBatch(Synced):
    """What became free to pay until `cutoff_at`, the end of `last` in `zone`. While it is a draft its figures are those
    of now; approved, it has its payouts, and those who were left out. An extra one may be for some `vendors` only, by
    their ids; none are all.

    `alone`: the agency had switched the second person off when it was approved. `sent_back` is what the one who would
    not approve it wrote; empty again when it is given in anew. `stopped_at`: somebody has stopped its run, and it does
    not go on by itself."""

    __tablename__ = "payout_batches"
    __table_args__ = (
        one_of("kind", BatchKind),
        one_of("state", BatchState),
        CheckConstraint("last >= first", name="days_in_order"),
        CheckConstraint("(approved_at IS NULL) = (state IN ('draft', 'discarded'))", name="approved_whole"),
        Index("uq_payout_batches_days", "kind", "first", "last", unique=True, sqlite_where=STANDS),
        Index("ix_payout_batches_cutoff_at", "cutoff_at"),
        {"info": BOTH},
    )

    reference: Mapped[str] = mapped_column(unique=True)  # PB-2026-000025
    kind: Mapped[BatchKind] = mapped_column(EnumText(BatchKind))
    state: Mapped[BatchState] = mapped_column(EnumText(BatchState), default=BatchState.DRAFT)
    zone: Mapped[str]  # IANA, the agency's when it was made
    first: Mapped[date]
    last: Mapped[date]
    cutoff_at: Mapped[datetime]
    vendors: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(default="")
    sent_back: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))  # None: by the schedule
    prepared_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))  # who changed it last
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    alone: Mapped[bool] = mapped_column(default=False)
    stopped_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    payouts: Mapped[list[Payout]] = relationship(
        lazy="raise_on_sql", back_populates="batch", order_by="Payout.id"
    )
    left_out: Mapped[list[BatchLeftOut]] = relationship(
        lazy="raise_on_sql", back_populates="batch", order_by="BatchLeftOut.id"
    )


class BatchExclusion(Synced):
    """A vendor that somebody keeps out of a draft. Given up by `ended_at`."""

    __tablename__ = "batch_exclusions"
    __table_args__ = (UniqueConstraint("batch_id", "vendor_id"), {"info": BOTH})

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("payout_batches.id"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]


class BatchLeftOut(Synced):
    """Who got nothing in an approved batch, and why. `amount` (minor units, below zero too) is what it would have
    been; `detail` what the reason is about: a reference, a document, what the provider asks for, the minimum then in
    minor units."""

    __tablename__ = "batch_left_out"
    __table_args__ = (
        UniqueConstraint("batch_id", "vendor_id", "currency"),
        one_of("reason", LeftOut),
        {"info": BOTH},
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("payout_batches.id"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"), index=True)
    currency: Mapped[Currency]
    amount: Mapped[int]
    reason: Mapped[LeftOut] = mapped_column(EnumText(LeftOut))
    detail: Mapped[str] = mapped_column(default="")

    batch: Mapped[PayoutBatch] = relationship(lazy="raise_on_sql", back_populates="left_out")
    vendor: Mapped[Vendor] = relationship(lazy="raise_on_sql")


class Payout(Synced):
    """Money for one vendor in one currency: one row, one key, never sent under another. What it pays, `payout_lines`,
    adds up to `amount`. `label` and the fields of its account are the vendor's when it was approved.

    `retry_of` is the payout that failed and that this one stands for: it pays the line which that gave back.
    `root_id` is the first of such a row, itself as a rule; the provider lists transfers by it. `worker` is the running
    program that is at it now (not synced); `next_read_at` when recovery reads it again. `desk_id` is the desk that has
    sent it."""

    __tablename__ = "payouts"
    __table_args__ = (
        one_of("state", PayoutState),
        one_of("way", PayoutWay),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("number > 0", name="number_positive"),
        Index("uq_payouts_retry_of", "retry_of", unique=True),
        Index("ix_payouts_state_next_read_at", "state", "next_read_at"),
        Index("ix_payouts_vendor_id", "vendor_id", "currency", "ended_at"),
        {"info": BOTH},
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("payout_batches.id"), index=True)
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    currency: Mapped[Currency]
    amount: Mapped[int]
    state: Mapped[PayoutState] = mapped_column(EnumText(PayoutState), default=PayoutState.APPROVED)
    way: Mapped[PayoutWay] = mapped_column(EnumText(PayoutWay))
    label: Mapped[str]  # "NLB ••8812"
    account_ref: Mapped[str | None]
    iban: Mapped[str | None]
    bic: Mapped[str | None]
    holder: Mapped[str | None]
    root_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(default=1)  # 2 is the first retry
    retry_of: Mapped[UUID | None] = mapped_column(ForeignKey("payouts.id"))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("bank_files.id"), index=True)
    provider_ref: Mapped[str | None] = mapped_column(unique=True)
    failure: Mapped[str | None]
    created_at: Mapped[datetime]
    first_sent_at: Mapped[datetime | None]  # the key is good for 24 h from here
    ended_at: Mapped[datetime | None]
    reads: Mapped[int] = mapped_column(default=0)
    next_read_at: Mapped[datetime | None]
    worker: Mapped[str | None]
    desk_id: Mapped[UUID | None] = mapped_column(ForeignKey("desks.id"))

    batch: Mapped[PayoutBatch] = relationship(lazy="raise_on_sql", back_populates="payouts")
    vendor: Mapped[Vendor] = relationship(lazy="raise_on_sql")


class PayoutLine(Synced):
    """A vendor's line of the ledger that a payout pays: at most one payout a line, for ever."""

    __tablename__ = "payout_lines"
    __table_args__ = ({"info": BOTH},)

    payout_id: Mapped[UUID] = mapped_column(ForeignKey("payouts.id"), index=True)
    ledger_id: Mapped[UUID] = mapped_column(ForeignKey("ledger.id"), unique=True)


class PayoutEntry(Synced):
    """An entry of the ledger that was written about a payout: sending, sent, failed, reversed, returned."""

    __tablename__ = "payout_entries"
    __table_args__ = ({"info": BOTH},)

    payout_id: Mapped[UUID] = mapped_column(ForeignKey("payouts.id"), index=True)
    ledger_id: Mapped[UUID] = mapped_column(ForeignKey("ledger.id"), unique=True)


class PayoutAttempt(Synced):
    """One call to the provider about a payout, or one step of its file, and what came of it. Never deleted."""

    __tablename__ = "payout_attempts"
    __table_args__ = ({"info": BOTH},)

    payout_id: Mapped[UUID] = mapped_column(ForeignKey("payouts.id"), index=True)
    action: Mapped[str]  # send, look, take_back, file, …
    key: Mapped[str | None]
    at: Mapped[datetime]
    outcome: Mapped[str]  # sent, paid, refused, unknown, …
    detail: Mapped[str] = mapped_column(default="")


class TakeBack(Synced):
    """Money taken back out of a vendor's account with the provider, of one transfer. One row, one key. Found there
    without having been asked for here, it has no `created_by`. `ledger_id`: the entry by which the vendor has it
    again."""

    __tablename__ = "take_backs"
    __table_args__ = (
        one_of("state", TakeBackState),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_take_backs_state_next_read_at", "state", "next_read_at"),
        {"info": BOTH},
    )

    payout_id: Mapped[UUID] = mapped_column(ForeignKey("payouts.id"), index=True)
    amount: Mapped[int]
    currency: Mapped[Currency]
    state: Mapped[TakeBackState] = mapped_column(EnumText(TakeBackState), default=TakeBackState.SENDING)
    reason: Mapped[str] = mapped_column(default="")
    provider_ref: Mapped[str | None] = mapped_column(unique=True)
    failure: Mapped[str | None]
    ledger_id: Mapped[UUID | None] = mapped_column(ForeignKey("ledger.id"), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    first_sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reads: Mapped[int] = mapped_column(default=0)
    next_read_at: Mapped[datetime | None]
    worker: Mapped[str | None]
    desk_id: Mapped[UUID | None] = mapped_column(ForeignKey("desks.id"))

    payout: Mapped[Payout] = relationship(lazy="raise_on_sql")


class BankFile(Synced):
    """A file of payments for the agency's bank, as it was made: making it again gives the same bytes."""

    __tablename__ = "bank_files"
    __table_args__ = (
        CheckConstraint("total > 0 AND count > 0", name="pays_something"),
        {"info": BOTH},
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("payout_batches.id"), index=True)
    message_id: Mapped[str] = mapped_column(unique=True)  # what the bank knows it by, at most 35 characters
    form: Mapped[str]  # pain.001.001.09, csv
    currency: Mapped[Currency]
    total: Mapped[int]
    count: Mapped[int]
    execute_on: Mapped[date]
    content: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
