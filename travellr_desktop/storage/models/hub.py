"""What a desk's file keeps of its hub beside the rows that travel."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from travellr_desktop.storage.base import DESK, Base


class NotPulling(Base):
    """One row with 0 in it: what `this_desk.pulling` points at, so that nothing commits while it is 1."""

    __tablename__ = "not_pulling"
    __table_args__ = (CheckConstraint("zero = 0", name="zero"), {"info": DESK})

    zero: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class HubCopy(Base):
    """What the hub said when it was last asked, for the window to show without asking: its open conflicts, its
    desks."""

    __tablename__ = "hub_copies"
    __table_args__ = ({"info": DESK},)

    name: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Already(Base):
    """An op whose changes were in the rows that the file was made of, though it was published later: it is passed
    by when it comes."""

    __tablename__ = "already"
    __table_args__ = ({"info": DESK},)

    desk_id: Mapped[UUID] = mapped_column(primary_key=True)
    op_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
