"""What hangs on a traveller, and how it comes to hang on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from travellr_desktop.storage.base import Synced
from travellr_desktop.storage.models import (
    Booking,
    CreditMove,
    Hold,
    Note,
    Sale,
    TravelDocument,
    TravellerAccount,
    WaitingEntry,
)

MOVED: Mapping[str, tuple[type[Synced], InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]]] = {
    "sales": (Sale, Sale.traveller_id),
    "bookings": (Booking, Booking.traveller_id),
    "holds": (Hold, Hold.traveller_id),
    "waiting_list": (WaitingEntry, WaitingEntry.traveller_id),
    "notes": (Note, Note.traveller_id),
    "credit_moves": (CreditMove, CreditMove.traveller_id),
    "traveller_accounts": (TravellerAccount, TravellerAccount.traveller_id),
    "travel_documents": (TravelDocument, TravelDocument.traveller_id),
}
"""Tables whose rows go over to the record that is kept, with the column that says whose they are."""

_PART = 400  # ids a statement


def count(session: Session, traveller_id: UUID) -> dict[str, int]:
    """How many rows of each table are theirs."""
    return {
        table: session.scalar(select(func.count()).select_from(model).where(column == traveller_id)) or 0
        for table, (model, column) in MOVED.items()
    }


def ids(session: Session, traveller_id: UUID) -> dict[str, list[UUID]]:
    """The rows of each table that are theirs."""
    return {
        table: list(session.scalars(select(model.id).where(column == traveller_id).order_by(model.id)))
        for table, (model, column) in MOVED.items()
    }


def move(session: Session, rows: Mapping[str, Sequence[UUID]], of: UUID, to: UUID) -> None:
    """These rows, so far as they are `of`'s, become `to`'s."""
    session.flush()
    for table, row_ids in rows.items():
        model, column = MOVED[table]
        for at in range(0, len(row_ids), _PART):
            session.execute(
                update(model)
                .where(model.id.in_(row_ids[at : at + _PART]), column == of)
                .values({column.key: to, "version": model.version + 1})
                .execution_options(synchronize_session=False)
            )
    session.expire_all()
