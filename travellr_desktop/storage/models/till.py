"""The till of a desk: its sessions, what was counted, and what was moved by hand.

Which sales and refunds went through a session is written nowhere beside the ledger: a session is a stretch of its
desk's chain, and the chain has no gaps, so every entry of the till is in exactly one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.till import CountKind, MoveKind, TillState
from travellr_desktop.storage.base import BOTH, Currency, EnumText, Synced, one_of, text_length


class TillSession(Synced):
    """A till from its opening to its Z close, which is numbered like it. One of a desk is open at a time.

    It holds the entries of the desk's ledger after `from_seq`, where the one before it ended. The first `opened_seq`
    were there when it was open; the day is over with `counted_seq`; after it, up to `closed_seq`, stands what the
    close itself wrote."""

    __tablename__ = "till_sessions"
    __table_args__ = (
        one_of("state", TillState),
        UniqueConstraint("desk_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("from_seq >= 0 AND opened_seq >= from_seq", name="opened_in_order"),
        CheckConstraint(
            "(state = 'open' AND closed_at IS NULL AND counted_seq IS NULL AND closed_seq IS NULL) OR "
            "(state = 'closed' AND closed_at IS NOT NULL AND counted_seq >= opened_seq "
            "AND closed_seq >= counted_seq)",
            name="closed_whole",
        ),
        Index(
            "uq_till_sessions_open",
            "desk_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        {"info": BOTH},
    )

    desk_id: Mapped[UUID] = mapped_column(ForeignKey("desks.id"))
    number: Mapped[int]
    state: Mapped[TillState] = mapped_column(EnumText(TillState), default=TillState.OPEN)
    from_seq: Mapped[int]
    opened_seq: Mapped[int]
    counted_seq: Mapped[int | None]
    closed_seq: Mapped[int | None]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    opened_reason: Mapped[str] = mapped_column(default="")  # why the count at the opening differed
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    closed_reason: Mapped[str] = mapped_column(default="")  # why the count at the close differed


class TillCount(Synced):
    """What was counted of one currency, in minor units. Rows are added, never changed or deleted.

    `expected` is what the books said at that moment; `safe` what came from the safe with it, below zero what went
    there; `stays` what was left in the till afterwards. `pieces` are as `domain.till.count_to_json`."""

    __tablename__ = "till_counts"
    __table_args__ = (
        one_of("kind", CountKind),
        UniqueConstraint("session_id", "kind", "currency"),
        CheckConstraint("counted >= 0", name="counted_positive"),
        CheckConstraint("difference = counted - expected", name="difference_agrees"),
        CheckConstraint(
            "(kind = 'float' AND stays = counted) OR (kind = 'close' AND stays BETWEEN 0 AND counted "
            "AND safe = stays - counted)",
            name="stays_agrees",
        ),
        {"info": BOTH},
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("till_sessions.id"))
    kind: Mapped[CountKind] = mapped_column(EnumText(CountKind))
    currency: Mapped[Currency]
    expected: Mapped[int]
    counted: Mapped[int]
    difference: Mapped[int]
    safe: Mapped[int]
    stays: Mapped[int]
    pieces: Mapped[dict[str, Any]]
    stays_pieces: Mapped[dict[str, Any]]


class TillRead(Synced):
    """An X read that was kept: the open session as it stood at `seq` of the desk's ledger, from which all its figures
    follow. Numbered from one in its session. Added, never changed or deleted."""

    __tablename__ = "till_reads"
    __table_args__ = (
        UniqueConstraint("session_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        {"info": BOTH},
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("till_sessions.id"))
    number: Mapped[int]
    seq: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class TillMove(Synced):
    """Cash that was moved by hand. `seq` is its entry in the desk's ledger. Added, never changed or deleted."""

    __tablename__ = "till_moves"
    __table_args__ = (
        one_of("kind", MoveKind),
        CheckConstraint("account IN ('safe', 'bank', 'own_funds', 'office_expenses')", name="account_known"),
        CheckConstraint("amount > 0", name="amount_positive"),
        text_length("reason", 200),
        UniqueConstraint("session_id", "seq"),
        {"info": BOTH},
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("till_sessions.id"))
    seq: Mapped[int]
    kind: Mapped[MoveKind] = mapped_column(EnumText(MoveKind))
    account: Mapped[Account] = mapped_column(EnumText(Account))
    amount: Mapped[int]
    currency: Mapped[Currency]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
