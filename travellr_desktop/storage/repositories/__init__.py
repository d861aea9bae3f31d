"""All queries, by subject. A repository returns rows of the session it was given, or frozen results of its own."""

from travellr_desktop.storage.repositories.catalogue import TripRepository, VendorRepository
from travellr_desktop.storage.repositories.changes import (
    AmendmentRepository,
    DiscountRepository,
    NoteRepository,
    PromoRepository,
)
from travellr_desktop.storage.repositories.departures import (
    DepartureFilter,
    DepartureRepository,
    DepartureSeats,
)
from travellr_desktop.storage.repositories.holds import HoldRepository
from travellr_desktop.storage.repositories.journal import CommandRepository, JournalRepository
from travellr_desktop.storage.repositories.ledger import LedgerRepository
from travellr_desktop.storage.repositories.payments import PaymentRepository, RefundRepository
from travellr_desktop.storage.repositories.people import AgencyRepository, UserRepository
from travellr_desktop.storage.repositories.sales import BookingRepository, SaleRepository
from travellr_desktop.storage.repositories.travellers import TravellerRepository
from travellr_desktop.storage.repositories.seats import SeatRepository, TakenSeat

__all__ = [
    "AgencyRepository",
    "BookingRepository",
    "CommandRepository",
    "DepartureFilter",
    "DepartureRepository",
    "DepartureSeats",
    "AmendmentRepository",
    "DiscountRepository",
    "HoldRepository",
    "NoteRepository",
    "PromoRepository",
    "JournalRepository",
    "LedgerRepository",
    "PaymentRepository",
    "RefundRepository",
    "SaleRepository",
    "SeatRepository",
    "TakenSeat",
    "TravellerRepository",
    "TripRepository",
    "UserRepository",
    "VendorRepository",
]
