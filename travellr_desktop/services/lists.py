"""The long lists of the window: who may read which, and how much of it."""

from __future__ import annotations

from functools import partial

from travellr_desktop.domain.permissions import Actor, Permission, require, vendor_scope
from travellr_desktop.services.paged import ListQuery, PagedRows
from travellr_desktop.storage.paging import Snapshot, read_connection
from travellr_desktop.storage.repositories.lists import (
    BOOKINGS,
    PAYMENTS,
    VENDOR_SCOPE,
    BookingListRow,
    PaymentListRow,
)
from travellr_desktop.storage.uow import Database

__all__ = ["BookingListRow", "ListService", "PaymentListRow"]


class ListService:
    """Opens lists. Each is read on a connection of its own, by the thread that asks; close it when done."""

    def __init__(self, database: Database) -> None:
        self._connect = partial(read_connection, database.path)

    def bookings(self, actor: Actor, query: ListQuery) -> PagedRows[BookingListRow]:
        """Bookings; a vendor's person sees those of their own departures and nothing else."""
        require(actor, Permission.BOOKING_READ)
        vendor = vendor_scope(actor)
        scope = () if vendor is None else (VENDOR_SCOPE(vendor),)
        return Snapshot(self._connect, BOOKINGS, query, scope=scope)

    def payments(self, actor: Actor, query: ListQuery) -> PagedRows[PaymentListRow]:
        """Payments of all desks."""
        require(actor, Permission.PAYMENT_READ)
        return Snapshot(self._connect, PAYMENTS, query)
