"""The tables, one module a subject. Money is an integer in minor units beside its currency; times are UTC."""

from travellr_desktop.storage.models.catalogue import Departure, Trip, TripPrice
from travellr_desktop.storage.models.ledger import LedgerRow
from travellr_desktop.storage.models.outbox import (
    AuditRow,
    Change,
    Command,
    NumberSeries,
    Op,
    OutboxEvent,
    SignInAttempts,
    ThisDesk,
)
from travellr_desktop.storage.models.payments import Attempt, Payment, PaymentShare, Refund
from travellr_desktop.storage.models.people import Agency, Desk, Traveller, User, Vendor
from travellr_desktop.storage.models.sales import Booking, BookingLine, Sale
from travellr_desktop.storage.models.seats import Grant, Hold, Seat

__all__ = [
    "Agency",
    "Attempt",
    "AuditRow",
    "Booking",
    "BookingLine",
    "Change",
    "Command",
    "Departure",
    "Desk",
    "Grant",
    "Hold",
    "LedgerRow",
    "NumberSeries",
    "Op",
    "OutboxEvent",
    "Payment",
    "PaymentShare",
    "Refund",
    "Sale",
    "Seat",
    "SignInAttempts",
    "ThisDesk",
    "Traveller",
    "Trip",
    "TripPrice",
    "User",
    "Vendor",
]
