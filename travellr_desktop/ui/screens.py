"""The registry: every screen there is, in the order of the rail; and what the palette can find.

A screen is added by a function that imports its class and one line in `SCREENS`:

    def _desk() -> type[Screen]:
        from travellr_desktop.ui.desk.screen import DeskScreen

        return DeskScreen

    ScreenEntry("desk", "Desk", "compass", Permission.HOLD_CREATE, _desk)

So the first window is painted before any screen is imported. The permission decides who sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from travellr_desktop.domain.permissions import Permission, Role
from travellr_desktop.ui.screen import Context, Screen, ScreenEntry, SearchEntry, ViewEntry

if TYPE_CHECKING:
    from travellr_desktop.ui.shell.palette_list import Found


def _desk() -> type[Screen]:
    from travellr_desktop.ui.desk.screen import DeskScreen

    return DeskScreen


def _bookings() -> type[Screen]:
    from travellr_desktop.ui.bookings.screen import BookingsScreen

    return BookingsScreen


def _departures() -> type[Screen]:
    from travellr_desktop.ui.departures.screen import DeparturesScreen

    return DeparturesScreen


def _travellers() -> type[Screen]:
    from travellr_desktop.ui.travellers.screen import TravellersScreen

    return TravellersScreen


def _options() -> type[Screen]:
    from travellr_desktop.ui.options.screen import OptionsScreen

    return OptionsScreen


def _watch_options(context: Context, count: Callable[[int], object], parent: QObject) -> QObject:
    from travellr_desktop.ui.options.watch import OptionsWatch

    return OptionsWatch(context, count, parent)


def _payments() -> type[Screen]:
    from travellr_desktop.ui.payments.screen import PaymentsScreen

    return PaymentsScreen


def _watch_disputes(context: Context, count: Callable[[int], object], parent: QObject) -> QObject:
    from travellr_desktop.ui.disputes.watch import DisputesWatch

    return DisputesWatch(context, count, parent)


def _refunds() -> type[Screen]:
    from travellr_desktop.ui.refunds.screen import RefundsScreen

    return RefundsScreen


def _watch_refunds(context: Context, count: Callable[[int], object], parent: QObject) -> QObject:
    from travellr_desktop.ui.refunds.watch import RefundsWatch

    return RefundsWatch(context, count, parent)


def _activity() -> type[Screen]:
    from travellr_desktop.ui.activity.screen import ActivityScreen

    return ActivityScreen


def _conflicts() -> type[Screen]:
    from travellr_desktop.ui.central.screen import CentralScreen

    return CentralScreen


def _watch_conflicts(context: Context, count: Callable[[int], object], parent: QObject) -> QObject:
    from travellr_desktop.ui.central.watch import ConflictsWatch

    return ConflictsWatch(context, count, parent)


def _day_close() -> type[Screen]:
    from travellr_desktop.ui.till.screen import DayCloseScreen

    return DayCloseScreen


def _earnings() -> type[Screen]:
    from travellr_desktop.ui.earnings.screen import EarningsScreen

    return EarningsScreen


def _payouts() -> type[Screen]:
    from travellr_desktop.ui.payouts.screen import PayoutsScreen

    return PayoutsScreen


def _watch_payouts(context: Context, count: Callable[[int], object], parent: QObject) -> QObject:
    from travellr_desktop.ui.payouts.watch import PayoutsWatch

    return PayoutsWatch(context, count, parent)


def _statements() -> type[Screen]:
    from travellr_desktop.ui.statements.screen import StatementsScreen

    return StatementsScreen


def _trips() -> type[Screen]:
    from travellr_desktop.ui.trips.screen import TripsScreen

    return TripsScreen


def _vendors() -> type[Screen]:
    from travellr_desktop.ui.vendors.screen import VendorsScreen

    return VendorsScreen


def _promos() -> type[Screen]:
    from travellr_desktop.ui.promos.screen import PromosScreen

    return PromosScreen


def _import() -> type[Screen]:
    from travellr_desktop.ui.importing.screen import ImportScreen

    return ImportScreen


def _users() -> type[Screen]:
    from travellr_desktop.ui.users.screen import UsersScreen

    return UsersScreen


def _settings() -> type[Screen]:
    from travellr_desktop.ui.settings.screen import SettingsScreen

    return SettingsScreen


def _booking_search() -> Callable[[Context], Callable[[str], Sequence[Found]]]:
    from travellr_desktop.ui.bookings.search import booking_search

    return booking_search


def _traveller_search() -> Callable[[Context], Callable[[str], Sequence[Found]]]:
    from travellr_desktop.ui.searches import travellers

    return travellers


def _departure_search() -> Callable[[Context], Callable[[str], Sequence[Found]]]:
    from travellr_desktop.ui.searches import departures

    return departures


def _trip_search() -> Callable[[Context], Callable[[str], Sequence[Found]]]:
    from travellr_desktop.ui.catalogue.search import trip_search

    return trip_search


def _vendor_search() -> Callable[[Context], Callable[[str], Sequence[Found]]]:
    from travellr_desktop.ui.catalogue.search import vendor_search

    return vendor_search


def _statement_search() -> Callable[[Context], Callable[[str], Sequence[Found]]]:
    from travellr_desktop.ui.statements.search import statement_search

    return statement_search


SCREENS: tuple[ScreenEntry, ...] = (
    ScreenEntry("desk", "Desk", "compass", Permission.HOLD_CREATE, _desk),
    ScreenEntry("bookings", "Bookings", "ticket", Permission.BOOKING_READ, _bookings),
    ScreenEntry("travellers", "Travellers", "users", Permission.TRAVELLER_READ, _travellers),
    ScreenEntry("departures", "Departures", "calendar-days", Permission.DEPARTURE_READ, _departures),
    ScreenEntry(
        "options",
        "Options",
        "bookmark",
        Permission.HOLD_CREATE,
        _options,
        watch=_watch_options,
        views=(ViewEntry("waiting", "Waiting list", "users"),),
    ),
    ScreenEntry(
        "payments",
        "Payments",
        "credit-card",
        Permission.PAYMENT_READ,
        _payments,
        watch=_watch_disputes,
        views=(
            ViewEntry("invoices", "Invoices", "file-text", Permission.INVOICE_ISSUE),
            ViewEntry("disputes", "Disputes", "shield-alert", Permission.DISPUTE_READ),
            ViewEntry("ledger", "Ledger", "scale", Permission.LEDGER_READ),
            ViewEntry("reconciliation", "Reconciliation", "clipboard-check", Permission.LEDGER_READ),
        ),
    ),
    ScreenEntry("refunds", "Refunds", "undo-2", Permission.REFUND_APPROVE, _refunds, watch=_watch_refunds),
    ScreenEntry(
        "till",
        "Day close",
        "sunset",
        Permission.TILL_KEEP,
        _day_close,
        views=(ViewEntry("closes", "Z closes", "sunset"),),
    ),
    ScreenEntry(
        "earnings",
        "Earnings",
        "wallet",
        Permission.EARNINGS_READ,
        _earnings,
        first_for=Role.VENDOR,
        views=(ViewEntry("profile", "Vendor's profile", "store"),),
    ),
    ScreenEntry(
        "payouts",
        "Payouts",
        "banknote-arrow-up",
        Permission.PAYOUT_READ,
        _payouts,
        watch=_watch_payouts,
    ),
    ScreenEntry(
        "statements",
        "Statements",
        "receipt-text",
        Permission.EARNINGS_READ,
        _statements,
        views=(ViewEntry("tax", "Tax totals", "landmark", Permission.PAYOUT_READ),),
    ),
    ScreenEntry(
        "trips",
        "Trips",
        "map",
        Permission.CATALOGUE_WRITE,
        _trips,
        views=(ViewEntry("plans", "Seat plans", "bus"),),
    ),
    ScreenEntry("vendors", "Vendors", "store", Permission.CATALOGUE_WRITE, _vendors),
    ScreenEntry("promos", "Promo codes", "tag", Permission.CATALOGUE_WRITE, _promos),
    ScreenEntry(
        "conflicts",
        "Conflicts",
        "git-merge",
        Permission.SYNC_READ,
        _conflicts,
        watch=_watch_conflicts,
        views=(ViewEntry("sync", "Sync", "database"),),
    ),
    ScreenEntry(
        "activity",
        "Activity",
        "activity",
        Permission.ACTIVITY_READ,
        _activity,
        views=(
            ViewEntry("events", "Events", "activity"),
            ViewEntry("audit", "Audit", "activity", Permission.AUDIT_READ),
            ViewEntry("errors", "Errors", "activity"),
        ),
    ),
    ScreenEntry("import", "Import", "file-text", Permission.CATALOGUE_WRITE, _import),
    ScreenEntry("users", "Users", "user-cog", Permission.ADMIN_USERS, _users),
    ScreenEntry("settings", "Settings", "settings", None, _settings, foot=True),
)

SEARCHES: tuple[SearchEntry, ...] = (
    SearchEntry("bookings", Permission.BOOKING_READ, _booking_search),
    SearchEntry("travellers", Permission.TRAVELLER_READ, _traveller_search),
    SearchEntry("departures", Permission.HOLD_CREATE, _departure_search),
    SearchEntry("trips", Permission.CATALOGUE_WRITE, _trip_search),
    SearchEntry("vendors", Permission.CATALOGUE_WRITE, _vendor_search),
    SearchEntry("statements", Permission.EARNINGS_READ, _statement_search),
)
