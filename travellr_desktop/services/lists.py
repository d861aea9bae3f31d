"""The long lists of the window: who may read which, and how much of it."""

from __future__ import annotations

from contextlib import closing
from functools import partial

from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.permissions import Actor, Permission, require, vendor_scope
from travellr_desktop.services.paged import ListQuery, PagedRows
from travellr_desktop.services.today import today
from travellr_desktop.storage.paging import Snapshot, read_connection
from travellr_desktop.storage.repositories.lists import (
    BOOKINGS,
    BOOKINGS_OF_VENDOR,
    PAYMENTS,
    VENDOR_SCOPE,
    BookingListRow,
    PaymentListRow,
)
from travellr_desktop.storage.repositories.lists_catalogue import (
    DEPARTURES,
    DEPARTURES_OF_VENDOR,
    TRIPS,
    DepartureListRow,
    TripListRow,
    VendorListRow,
    vendors,
)
from travellr_desktop.storage.repositories.lists_disputes import DISPUTES, DisputeListRow
from travellr_desktop.storage.repositories.lists_earnings import (
    EARNINGS_OF_VENDOR,
    EarningListRow,
    earnings,
)
from travellr_desktop.storage.repositories.lists_invoices import INVOICES, InvoiceListRow
from travellr_desktop.storage.repositories.lists_ledger import LEDGER, LedgerListRow, of_account
from travellr_desktop.storage.repositories.lists_office import AUDIT, USERS, AuditListRow, UserListRow
from travellr_desktop.storage.repositories.lists_options import (
    KEPT_FOR_SOMEBODY,
    OPTIONS,
    WAITING,
    OptionListRow,
    WaitingListRow,
)
from travellr_desktop.storage.repositories.lists_promos import PROMOS, PromoListRow
from travellr_desktop.storage.repositories.lists_statements import (
    STATEMENTS,
    STATEMENTS_OF_VENDOR,
    StatementListRow,
)
from travellr_desktop.storage.repositories.lists_travellers import NOT_MERGED, TRAVELLERS, TravellerListRow
from travellr_desktop.storage.uow import Database

__all__ = [
    "AuditListRow",
    "BookingListRow",
    "DepartureListRow",
    "DisputeListRow",
    "EarningListRow",
    "InvoiceListRow",
    "LedgerListRow",
    "ListService",
    "OptionListRow",
    "PaymentListRow",
    "PromoListRow",
    "StatementListRow",
    "TravellerListRow",
    "TripListRow",
    "UserListRow",
    "VendorListRow",
    "WaitingListRow",
]


class ListService:
    """Opens lists. Each is read on a connection of its own, by the thread that asks; close it when done."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._connect = partial(read_connection, database.path)
        self._clock = database.clock

    def bookings(self, actor: Actor, query: ListQuery) -> PagedRows[BookingListRow]:
        """Bookings; a vendor's person sees those of their own departures and nothing else."""
        require(actor, Permission.BOOKING_READ)
        vendor = vendor_scope(actor)
        if vendor is None:
            return Snapshot(self._connect, BOOKINGS, query)
        return Snapshot(self._connect, BOOKINGS_OF_VENDOR, query, scope=(VENDOR_SCOPE(vendor),))

    def payments(self, actor: Actor, query: ListQuery) -> PagedRows[PaymentListRow]:
        """Payments of all desks."""
        require(actor, Permission.PAYMENT_READ)
        return Snapshot(self._connect, PAYMENTS, query)

    def invoices(self, actor: Actor, query: ListQuery) -> PagedRows[InvoiceListRow]:
        """Invoices and credit notes of all desks."""
        require(actor, Permission.INVOICE_ISSUE)
        return Snapshot(self._connect, INVOICES, query)

    def statements(self, actor: Actor, query: ListQuery) -> PagedRows[StatementListRow]:
        """Statements of all vendors; a vendor's person sees their own and nothing else."""
        require(actor, Permission.EARNINGS_READ)
        vendor = vendor_scope(actor)
        scope = () if vendor is None else (STATEMENTS_OF_VENDOR(vendor),)
        return Snapshot(self._connect, STATEMENTS, query, scope=scope)

    def ledger(self, actor: Actor, query: ListQuery) -> PagedRows[LedgerListRow]:
        """Entries of the ledger. Of one account the sums are what was debited to it and what was credited."""
        require(actor, Permission.LEDGER_READ)
        chosen = query.filters.get("account")
        if not isinstance(chosen, str):
            return Snapshot(self._connect, LEDGER, query)
        narrowed = any(query.filters.get(name) is not None for name in ("vendor", "booking"))
        with closing(self._connect()) as connection:
            spec = of_account(connection, Account(chosen), narrowed=narrowed)
        return Snapshot(self._connect, spec, query)

    def disputes(self, actor: Actor, query: ListQuery) -> PagedRows[DisputeListRow]:
        """What banks ask back and took back, and what came of it."""
        require(actor, Permission.DISPUTE_READ)
        return Snapshot(self._connect, DISPUTES, query)

    def earnings(self, actor: Actor, query: ListQuery) -> PagedRows[EarningListRow]:
        """Every line of vendors' earnings, and the shares of trips to come, each where it is now; a vendor's person
        sees their own and nothing else."""
        require(actor, Permission.EARNINGS_READ)
        vendor = vendor_scope(actor)
        scope = () if vendor is None else (EARNINGS_OF_VENDOR(vendor),)
        return Snapshot(self._connect, earnings(self._clock.now()), query, scope=scope)

    def travellers(self, actor: Actor, query: ListQuery) -> PagedRows[TravellerListRow]:
        """Everybody who buys or travels, without records that were merged into others."""
        require(actor, Permission.TRAVELLER_READ)
        return Snapshot(self._connect, TRAVELLERS, query, scope=(NOT_MERGED,))

    def vendors(self, actor: Actor, query: ListQuery) -> PagedRows[VendorListRow]:
        """Vendors, those who are deactivated too."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.read() as view:
            day = today(view)
        return Snapshot(self._connect, vendors(day), query)

    def promos(self, actor: Actor, query: ListQuery) -> PagedRows[PromoListRow]:
        """Promo codes, those that are not given any more too."""
        require(actor, Permission.CATALOGUE_WRITE)
        return Snapshot(self._connect, PROMOS, query)

    def trips(self, actor: Actor, query: ListQuery) -> PagedRows[TripListRow]:
        """Trips, those that are deactivated too."""
        require(actor, Permission.CATALOGUE_WRITE)
        return Snapshot(self._connect, TRIPS, query)

    def departures(self, actor: Actor, query: ListQuery) -> PagedRows[DepartureListRow]:
        """Departures of all times; a vendor's person sees their own and nothing else."""
        require(actor, Permission.DEPARTURE_READ)
        vendor = vendor_scope(actor)
        scope = () if vendor is None else (DEPARTURES_OF_VENDOR(vendor),)
        return Snapshot(self._connect, DEPARTURES, query, scope=scope)

    def users(self, actor: Actor, query: ListQuery) -> PagedRows[UserListRow]:
        """Everybody who may or might sign in."""
        require(actor, Permission.ADMIN_USERS)
        return Snapshot(self._connect, USERS, query)

    def audit(self, actor: Actor, query: ListQuery) -> PagedRows[AuditListRow]:
        """Who did what, all of it."""
        require(actor, Permission.AUDIT_READ)
        return Snapshot(self._connect, AUDIT, query)

    def options(self, actor: Actor, query: ListQuery) -> PagedRows[OptionListRow]:
        """Options and offers: what is kept for a traveller, and what was."""
        require(actor, Permission.HOLD_CREATE)
        return Snapshot(self._connect, OPTIONS, query, scope=(KEPT_FOR_SOMEBODY,))

    def waiting(self, actor: Actor, query: ListQuery) -> PagedRows[WaitingListRow]:
        """Everybody who waits for a departure, and who did."""
        require(actor, Permission.HOLD_CREATE)
        return Snapshot(self._connect, WAITING, query)
