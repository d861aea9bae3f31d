"""Which rows are this desk's to act on, where a file has those of others too. What was done before there were several
desks says nothing, and is of the desk that sold it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Connection, ScalarSelect, func, select

from travellr_desktop.storage.models import (
    Booking,
    Grant,
    Hold,
    Payment,
    Payout,
    Refund,
    Sale,
    TakeBack,
    ThisDesk,
    WaitingEntry,
)


def here() -> ScalarSelect[UUID]:
    """The desk whose file this is."""
    return select(ThisDesk.desk_id).scalar_subquery()


def payments_here() -> ColumnElement[bool]:
    """That this desk takes a payment."""
    sold_at = select(Sale.desk_id).where(Sale.id == Payment.sale_id).correlate(Payment).scalar_subquery()
    return func.coalesce(Payment.desk_id, sold_at) == here()


def refunds_here() -> ColumnElement[bool]:
    """That this desk sends a refund."""
    sold_at = (
        select(Sale.desk_id)
        .join(Booking, Booking.sale_id == Sale.id)
        .where(Booking.id == Refund.booking_id)
        .correlate(Refund)
        .scalar_subquery()
    )
    return func.coalesce(Refund.desk_id, sold_at) == here()


def holds_here() -> ColumnElement[bool]:
    """That the seats of a hold are out of this desk's grant."""
    return select(Grant.desk_id).where(Grant.id == Hold.grant_id).correlate(Hold).scalar_subquery() == here()


_ELSEWHERE = """
SELECT d.name FROM sales s JOIN this_desk h ON h.hub_id IS NOT NULL AND h.desk_id <> s.desk_id
JOIN desks d ON d.id = s.desk_id
WHERE s.id = ? AND NOT EXISTS (
  SELECT 1 FROM hub_copies c, json_each(c.body, '$.desks') AS said
  WHERE c.name = 'standing' AND replace(said.value ->> 'desk_id', '-', '') = d.id
    AND said.value ->> 'written_off_at' IS NOT NULL)
"""


def sold_elsewhere(connection: Connection, sale_id: UUID) -> str | None:
    """The name of the other desk that sold it, and still speaks for it: until it is written off, as the hub said when
    it was last asked."""
    name: str | None = connection.exec_driver_sql(_ELSEWHERE, (sale_id.hex,)).scalar()
    return name


def sent_here(model: type[Payout] | type[TakeBack] | type[WaitingEntry]) -> ColumnElement[bool]:
    """That a row is this desk's, or was nobody's yet."""
    return model.desk_id.is_(None) | (model.desk_id == here())
