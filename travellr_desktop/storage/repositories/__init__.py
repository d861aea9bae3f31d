"""All queries, by subject. A repository returns rows of the session it was given, or frozen results of its own."""

from travellr_desktop.storage.repositories.alternatives import AlternativeRepository, Candidate
from travellr_desktop.storage.repositories.books import BooksRepository
from travellr_desktop.storage.repositories.cards import CardRepository
from travellr_desktop.storage.repositories.catalogue import TripRepository, VendorRepository
from travellr_desktop.storage.repositories.changes import (
    AmendmentRepository,
    DiscountRepository,
    NoteRepository,
    PromoRepository,
)
from travellr_desktop.storage.repositories.debts import DebtRepository, OpenAmounts
from travellr_desktop.storage.repositories.departures import (
    DayFigures,
    DepartureFilter,
    DepartureRepository,
    DepartureSeats,
)
from travellr_desktop.storage.repositories.disputes import DisputeRepository
from travellr_desktop.storage.repositories.heard import HeardRepository
from travellr_desktop.storage.repositories.holds import HoldRepository
from travellr_desktop.storage.repositories.invoices import InvoiceRepository
from travellr_desktop.storage.repositories.journal import CommandRepository, CommandRow, JournalRepository
from travellr_desktop.storage.repositories.ledger import LedgerChain, LedgerRepository
from travellr_desktop.storage.repositories.matching import MatchingRepository, StripeRow
from travellr_desktop.storage.repositories.open_lines import OpenLineRepository
from travellr_desktop.storage.repositories.options import OptionRepository
from travellr_desktop.storage.repositories.paying_out import PayoutRepository, TakeBackRepository
from travellr_desktop.storage.repositories.payments import PaymentRepository, RefundRepository
from travellr_desktop.storage.repositories.payouts import BatchRepository
from travellr_desktop.storage.repositories.people import AgencyRepository, UserRepository
from travellr_desktop.storage.repositories.refunds import CreditRepository, MoveRow, RefundOrderRepository
from travellr_desktop.storage.repositories.sales import BookingRepository, SaleRepository
from travellr_desktop.storage.repositories.seats import SeatRepository, TakenSeat
from travellr_desktop.storage.repositories.selling import SellingRepository
from travellr_desktop.storage.repositories.statements import StatementRepository
from travellr_desktop.storage.repositories.till import TillRepository
from travellr_desktop.storage.repositories.travellers import TravellerRepository
from travellr_desktop.storage.repositories.waiting import WaitingRepository

__all__ = [
    "AgencyRepository",
    "AlternativeRepository",
    "AmendmentRepository",
    "BatchRepository",
    "BookingRepository",
    "BooksRepository",
    "Candidate",
    "CardRepository",
    "CommandRepository",
    "CommandRow",
    "CreditRepository",
    "DayFigures",
    "DebtRepository",
    "DepartureFilter",
    "DepartureRepository",
    "DepartureSeats",
    "DiscountRepository",
    "DisputeRepository",
    "HeardRepository",
    "HoldRepository",
    "InvoiceRepository",
    "JournalRepository",
    "LedgerChain",
    "LedgerRepository",
    "MatchingRepository",
    "MoveRow",
    "NoteRepository",
    "OpenAmounts",
    "OpenLineRepository",
    "OptionRepository",
    "PaymentRepository",
    "PayoutRepository",
    "PromoRepository",
    "RefundOrderRepository",
    "RefundRepository",
    "SaleRepository",
    "SeatRepository",
    "SellingRepository",
    "StatementRepository",
    "StripeRow",
    "TakeBackRepository",
    "TakenSeat",
    "TillRepository",
    "TravellerRepository",
    "TripRepository",
    "UserRepository",
    "VendorRepository",
    "WaitingRepository",
]
