"""The tables, one module a subject. Money is an integer in minor units beside its currency; times are UTC."""

from travellr_desktop.storage.models.cards import SavedCard, TravellerAccount
from travellr_desktop.storage.models.catalogue import (
    Departure,
    SeasonPrice,
    SeatPlan,
    Series,
    Trip,
    TripPicture,
    TripPrice,
    TripSeason,
)
from travellr_desktop.storage.models.changes import Amendment, Discount, PromoCode
from travellr_desktop.storage.models.debts import WriteOff
from travellr_desktop.storage.models.disputes import Dispute, DisputePart, EventCursor, ProviderEventRow
from travellr_desktop.storage.models.files import Note, TravelDocument, TravellerMerge, TravellerPair
from travellr_desktop.storage.models.hub import Already, HubCopy, NotPulling
from travellr_desktop.storage.models.invoices import Invoice, InvoiceLine
from travellr_desktop.storage.models.ledger import LedgerRow
from travellr_desktop.storage.models.matching import MatchNote, ProviderMove
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
from travellr_desktop.storage.models.payouts import (
    BankFile,
    BatchExclusion,
    BatchLeftOut,
    Payout,
    PayoutAttempt,
    PayoutBatch,
    PayoutEntry,
    PayoutLine,
    TakeBack,
)
from travellr_desktop.storage.models.people import Agency, Desk, Traveller, User, Vendor
from travellr_desktop.storage.models.refunds import CreditMove, RefundLine, RefundOrder
from travellr_desktop.storage.models.sales import Booking, BookingLine, Sale
from travellr_desktop.storage.models.seats import Allowance, Grant, Hold, Seat, SeatGrant, WaitingEntry
from travellr_desktop.storage.models.statements import Statement, StatementEntry, StatementLine
from travellr_desktop.storage.models.till import TillCount, TillMove, TillRead, TillSession
from travellr_desktop.storage.models.vendor_money import (
    CommissionRate,
    VendorAdjustment,
    VendorDocument,
    VendorLine,
)

__all__ = [
    "Agency",
    "Allowance",
    "Already",
    "Amendment",
    "Attempt",
    "AuditRow",
    "BankFile",
    "BatchExclusion",
    "BatchLeftOut",
    "Booking",
    "BookingLine",
    "Change",
    "Command",
    "CommissionRate",
    "CreditMove",
    "Departure",
    "Desk",
    "Discount",
    "Dispute",
    "DisputePart",
    "EventCursor",
    "Grant",
    "Hold",
    "HubCopy",
    "Invoice",
    "InvoiceLine",
    "LedgerRow",
    "MatchNote",
    "NotPulling",
    "Note",
    "NumberSeries",
    "Op",
    "OutboxEvent",
    "Payment",
    "PaymentShare",
    "Payout",
    "PayoutAttempt",
    "PayoutBatch",
    "PayoutEntry",
    "PayoutLine",
    "PromoCode",
    "ProviderEventRow",
    "ProviderMove",
    "Refund",
    "RefundLine",
    "RefundOrder",
    "Sale",
    "SavedCard",
    "SeasonPrice",
    "Seat",
    "SeatGrant",
    "SeatPlan",
    "Series",
    "SignInAttempts",
    "Statement",
    "StatementEntry",
    "StatementLine",
    "TakeBack",
    "ThisDesk",
    "TillCount",
    "TillMove",
    "TillRead",
    "TillSession",
    "TravelDocument",
    "Traveller",
    "TravellerAccount",
    "TravellerMerge",
    "TravellerPair",
    "Trip",
    "TripPicture",
    "TripPrice",
    "TripSeason",
    "User",
    "Vendor",
    "VendorAdjustment",
    "VendorDocument",
    "VendorLine",
    "WaitingEntry",
    "WriteOff",
]
