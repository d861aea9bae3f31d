"""All repositories over one connection, each made when it is first asked for."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from travellr_desktop.storage.repositories import (
    AgencyRepository,
    AlternativeRepository,
    AmendmentRepository,
    BatchRepository,
    BookingRepository,
    BooksRepository,
    CardRepository,
    CommandRepository,
    CreditRepository,
    DebtRepository,
    DepartureRepository,
    DiscountRepository,
    DisputeRepository,
    HeardRepository,
    HoldRepository,
    InvoiceRepository,
    JournalRepository,
    LedgerRepository,
    MatchingRepository,
    NoteRepository,
    OpenLineRepository,
    OptionRepository,
    PaymentRepository,
    PayoutRepository,
    PromoRepository,
    RefundOrderRepository,
    RefundRepository,
    SaleRepository,
    SeatRepository,
    SellingRepository,
    StatementRepository,
    TakeBackRepository,
    TillRepository,
    TravellerRepository,
    TripRepository,
    UserRepository,
    VendorRepository,
    WaitingRepository,
)


class Repositories:
    """What reads and writes the rows of each subject. `close()` when done."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._orm: Session | None = None

    @property
    def session(self) -> Session:
        """The ORM's, made when first asked for: what is done often does without."""
        if self._orm is None:
            self._orm = Session(self.connection, expire_on_commit=False)
        return self._orm

    def flush(self) -> None:
        """Have the file know what was changed on rows of the session."""
        if self._orm is not None:
            self._orm.flush()

    def close(self) -> None:
        if self._orm is not None:
            self._orm.close()

    @cached_property
    def selling(self) -> SellingRepository:
        return SellingRepository(self.connection)

    @cached_property
    def agency(self) -> AgencyRepository:
        return AgencyRepository(self.session)

    @cached_property
    def users(self) -> UserRepository:
        return UserRepository(self.session)

    @cached_property
    def travellers(self) -> TravellerRepository:
        return TravellerRepository(self.session)

    @cached_property
    def vendors(self) -> VendorRepository:
        return VendorRepository(self.session)

    @cached_property
    def trips(self) -> TripRepository:
        return TripRepository(self.session)

    @cached_property
    def departures(self) -> DepartureRepository:
        return DepartureRepository(self.session)

    @cached_property
    def alternatives(self) -> AlternativeRepository:
        return AlternativeRepository(self.session)

    @cached_property
    def holds(self) -> HoldRepository:
        return HoldRepository(self.session)

    @cached_property
    def seats(self) -> SeatRepository:
        return SeatRepository(self.session)

    @cached_property
    def options(self) -> OptionRepository:
        return OptionRepository(self.session)

    @cached_property
    def waiting(self) -> WaitingRepository:
        return WaitingRepository(self.session)

    @cached_property
    def sales(self) -> SaleRepository:
        return SaleRepository(self.session)

    @cached_property
    def bookings(self) -> BookingRepository:
        return BookingRepository(self.session)

    @cached_property
    def payments(self) -> PaymentRepository:
        return PaymentRepository(self.session)

    @cached_property
    def cards(self) -> CardRepository:
        return CardRepository(self.session)

    @cached_property
    def refunds(self) -> RefundRepository:
        return RefundRepository(self.session)

    @cached_property
    def batches(self) -> BatchRepository:
        return BatchRepository(self.session)

    @cached_property
    def open_lines(self) -> OpenLineRepository:
        return OpenLineRepository(self.session)

    @cached_property
    def payouts(self) -> PayoutRepository:
        return PayoutRepository(self.session)

    @cached_property
    def take_backs(self) -> TakeBackRepository:
        return TakeBackRepository(self.session)

    @cached_property
    def disputes(self) -> DisputeRepository:
        return DisputeRepository(self.session)

    @cached_property
    def heard(self) -> HeardRepository:
        return HeardRepository(self.session)

    @cached_property
    def refund_orders(self) -> RefundOrderRepository:
        return RefundOrderRepository(self.session)

    @cached_property
    def credit(self) -> CreditRepository:
        return CreditRepository(self.session)

    @cached_property
    def debts(self) -> DebtRepository:
        return DebtRepository(self.session)

    @cached_property
    def invoices(self) -> InvoiceRepository:
        return InvoiceRepository(self.session)

    @cached_property
    def statements(self) -> StatementRepository:
        return StatementRepository(self.session)

    @cached_property
    def ledger(self) -> LedgerRepository:
        return LedgerRepository(self.session)

    @cached_property
    def matching(self) -> MatchingRepository:
        return MatchingRepository(self.session)

    @cached_property
    def books(self) -> BooksRepository:
        return BooksRepository(self.session)

    @cached_property
    def till(self) -> TillRepository:
        return TillRepository(self.session)

    @cached_property
    def discounts(self) -> DiscountRepository:
        return DiscountRepository(self.session)

    @cached_property
    def promos(self) -> PromoRepository:
        return PromoRepository(self.session)

    @cached_property
    def amendments(self) -> AmendmentRepository:
        return AmendmentRepository(self.session)

    @cached_property
    def notes(self) -> NoteRepository:
        return NoteRepository(self.session)

    @cached_property
    def commands(self) -> CommandRepository:
        return CommandRepository(self.connection)

    @cached_property
    def journal(self) -> JournalRepository:
        return JournalRepository(self.session)
