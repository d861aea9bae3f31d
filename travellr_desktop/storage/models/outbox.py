"""What goes out and what was done: sealed ops with their changes, events, command keys, number series, audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.storage.base import BOTH, DESK, Base, EnumText, Key, Synced, one_of


class AuditRow(Synced):
    """Who did what to which thing. Rows are added, never changed or deleted."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_entity", "entity", "entity_id"), {"info": BOTH})

    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str]  # "booking.cancel"
    entity: Mapped[str]  # "booking"
    entity_id: Mapped[UUID]
    detail: Mapped[dict[str, Any]]


class NumberSeries(Synced):
    """Numbers that one desk may give out: a block of a series of a year. `next` past `last` means used up."""

    __tablename__ = "number_series"
    __table_args__ = (
        UniqueConstraint("kind", "year", "first"),
        CheckConstraint("first > 0 AND next BETWEEN first AND last + 1", name="within_block"),
        {"info": BOTH},
    )

    desk_id: Mapped[UUID] = mapped_column(ForeignKey("desks.id"))
    kind: Mapped[str]  # SA, BK
    year: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    next: Mapped[int]


class ThisDesk(Base):
    """Which desk this file is, and the number of the op that is being written: one row.

    `payments_kind` is set with the first card payment, and stays. `profile_kind` says what keys of the provider may be
    good for here.

    A desk of a hub: every publication of `hub_id` in its `epoch` up to `cursor` is in the file, every own op up to
    `acked` has its outcome there. `pulling` is 1 while a page of the hub is written, and no transaction commits with
    that. `first_synced`: what was there when the file was made came from the hub, without a record of its making."""

    __tablename__ = "this_desk"
    __table_args__ = (
        CheckConstraint("one = 1", name="one_row"),
        one_of("payments_kind", PaymentsKind),
        one_of("profile_kind", ProfileKind),
        CheckConstraint("epoch >= 0", name="epoch_not_negative"),
        CheckConstraint("cursor >= 0", name="cursor_not_negative"),
        CheckConstraint("acked >= 0 AND acked < next_op", name="acked_is_written"),
        CheckConstraint("pulling IN (0, 1)", name="pulling_or_not"),
        {"info": DESK},
    )

    one: Mapped[int] = mapped_column(primary_key=True, default=1)
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("desks.id", deferrable=True, initially="DEFERRED"))
    incarnation: Mapped[UUID]  # of this file; a copy that is enrolled anew gets another
    next_op: Mapped[int] = mapped_column(default=1)
    payments_kind: Mapped[PaymentsKind | None] = mapped_column(EnumText(PaymentsKind))
    profile_kind: Mapped[ProfileKind] = mapped_column(
        EnumText(ProfileKind), default=ProfileKind.STANDALONE, server_default=ProfileKind.STANDALONE.value
    )
    hub_id: Mapped[UUID | None]
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    cursor: Mapped[int] = mapped_column(default=0, server_default="0")
    acked: Mapped[int] = mapped_column(default=0, server_default="0")
    pulling: Mapped[int] = mapped_column(
        ForeignKey("not_pulling.zero", deferrable=True, initially="DEFERRED"), default=0, server_default="0"
    )
    first_synced: Mapped[bool] = mapped_column(default=False, server_default="0")


class Op(Base):
    """One sealed transaction. Numbers are dense; `body_hash` is SHA-256 over its changes; `seen` is the publication
    of the hub up to which the file had all when it was sealed."""

    __tablename__ = "ops"
    __table_args__ = ({"info": DESK},)

    op_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    desk_id: Mapped[UUID]
    incarnation: Mapped[UUID]
    name: Mapped[str]  # the commit's name
    actor_id: Mapped[UUID | None]
    schema_version: Mapped[str]
    at: Mapped[datetime]
    body_hash: Mapped[str] = mapped_column(String(64))
    seen: Mapped[int] = mapped_column(default=0, server_default="0")


class Change(Base):
    """A row that an op made (I), changed (U) or removed (D); written by triggers. `fields` holds what changed, new
    values. Of what came from the hub, and is of no op of this file: the whole row as it was then (P), or that it is
    gone (X)."""

    __tablename__ = "changes"
    __table_args__ = (
        CheckConstraint("kind IN ('I', 'U', 'D', 'P', 'X')", name="kind_known"),
        CheckConstraint("(op_no IS NULL) = (kind IN ('P', 'X'))", name="of_an_op_or_taken_in"),
        Index("ix_changes_op_no", "op_no"),
        Index("ix_changes_row", "table_name", "row_id"),
        {"info": DESK, "sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    op_no: Mapped[int | None] = mapped_column(ForeignKey("ops.op_no", deferrable=True, initially="DEFERRED"))
    table_name: Mapped[str]
    row_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(1))
    base_version: Mapped[int]
    fields: Mapped[str]  # a JSON object, as the trigger wrote it


class OutboxEvent(Base):
    """A domain event, kept with the change that caused it until it was published. `worker` is the program that
    committed it: the others of this file hear of it by the row. `op_no` is the op it goes to the hub with; none where
    nothing was changed with it, and where it came from the hub."""

    __tablename__ = "outbox_events"
    __table_args__ = (
        Index("ix_outbox_events_published_at", "published_at"),
        Index("ix_outbox_events_op_no", "op_no", sqlite_where=text("op_no IS NOT NULL")),
        {"info": DESK},
    )

    id: Mapped[Key]
    event_name: Mapped[str]
    aggregate_id: Mapped[UUID]
    timestamp: Mapped[datetime] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]
    worker: Mapped[str] = mapped_column(default="")
    op_no: Mapped[int | None]


class Command(Base):
    """An idempotency record: a form's key, what it asked, and what came of it. Kept for 24 hours."""

    __tablename__ = "commands"
    __table_args__ = ({"info": DESK},)

    key: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    content_hash: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[UUID | None]
    aggregate_id: Mapped[UUID | None]
    result: Mapped[dict[str, Any] | None]
    worker: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]


class SignInAttempts(Base):
    """Failed sign-ins of an email at this desk, known or not: the next try waits."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = ({"info": DESK},)

    email: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    not_before: Mapped[datetime]
