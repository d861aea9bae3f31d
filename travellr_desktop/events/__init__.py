"""What happened, told to whoever wants to know: domain events, and the bus that carries them.

Events are published after the commit. Nothing that must happen may hang on one: a handler that fails is logged,
and the others still run.
"""

from travellr_desktop.events.bus import EventBus, Subscription
from travellr_desktop.events.event import Event
from travellr_desktop.events.kinds import (
    BookingCancelled,
    BookingChanged,
    BookingCompleted,
    BookingConfirmed,
    BookingCreated,
    CatalogueChanged,
    Change,
    DepartureChanged,
    DisputeChanged,
    EarningsChanged,
    HoldChanged,
    InvoiceIssued,
    OptionDue,
    PaymentProcessed,
    PayoutBatchChanged,
    RefundOrderChanged,
    RefundProcessed,
    RowsImported,
    SettingsChanged,
    TillChanged,
    TravellerChanged,
    UserChanged,
    VendorPayout,
    WaitingChanged,
)

__all__ = [
    "BookingCancelled",
    "BookingChanged",
    "BookingCompleted",
    "BookingConfirmed",
    "BookingCreated",
    "CatalogueChanged",
    "Change",
    "DepartureChanged",
    "DisputeChanged",
    "EarningsChanged",
    "Event",
    "EventBus",
    "HoldChanged",
    "InvoiceIssued",
    "OptionDue",
    "PaymentProcessed",
    "PayoutBatchChanged",
    "RefundOrderChanged",
    "RefundProcessed",
    "RowsImported",
    "SettingsChanged",
    "Subscription",
    "TillChanged",
    "TravellerChanged",
    "UserChanged",
    "VendorPayout",
    "WaitingChanged",
]
