"""All services of one open profile, as one value to hand around."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from travellr_desktop.domain.clock import Clock
from travellr_desktop.events import EventBus
from travellr_desktop.logs import ErrorEntry
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services.activity import ActivityService
from travellr_desktop.services.adjusting import AdjustmentService
from travellr_desktop.services.agency import AgencyService
from travellr_desktop.services.authority import Authority, DeskAlone
from travellr_desktop.services.board import BoardService
from travellr_desktop.services.bookings import BookingService
from travellr_desktop.services.books import BooksService
from travellr_desktop.services.cancellations import CancellationService
from travellr_desktop.services.cards import CardService
from travellr_desktop.services.central.door import CentralDoor
from travellr_desktop.services.central.service import CentralService
from travellr_desktop.services.changes import ChangeService
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.check import CheckService
from travellr_desktop.services.completing import CompletionService
from travellr_desktop.services.credit import CreditService
from travellr_desktop.services.debts import DebtService
from travellr_desktop.services.departures import DepartureService
from travellr_desktop.services.disputes import DisputeService
from travellr_desktop.services.disputing import Disputing
from travellr_desktop.services.documents import DocumentService
from travellr_desktop.services.duplicates import DuplicateService
from travellr_desktop.services.earnings.overview import EarningsService
from travellr_desktop.services.excess import ExcessService
from travellr_desktop.services.exporting import ExportService
from travellr_desktop.services.holds import HoldService
from travellr_desktop.services.importing.service import ImportService
from travellr_desktop.services.invoices import InvoiceService
from travellr_desktop.services.links import LinkService
from travellr_desktop.services.listening import ListeningService
from travellr_desktop.services.lists import ListService
from travellr_desktop.services.manifests import ManifestService
from travellr_desktop.services.matching.service import MatchingService
from travellr_desktop.services.neighbours import NeighbourService
from travellr_desktop.services.notes import NoteService
from travellr_desktop.services.numbers import NumberService
from travellr_desktop.services.options import OptionService
from travellr_desktop.services.overbooking import OverbookingService
from travellr_desktop.services.payments import PaymentService
from travellr_desktop.services.payout_settings import PayoutSettingsService
from travellr_desktop.services.payouts.bank_files import BankFileService
from travellr_desktop.services.payouts.batch_rows import BatchRowService
from travellr_desktop.services.payouts.batches import PayoutService
from travellr_desktop.services.payouts.paying import Paying
from travellr_desktop.services.payouts.running import PayoutRunService
from travellr_desktop.services.payouts.taking_back import TakingBack
from travellr_desktop.services.pictures import PictureService
from travellr_desktop.services.plans import PlanService
from travellr_desktop.services.promos import PromoService
from travellr_desktop.services.provider import KeyChange, ProviderService
from travellr_desktop.services.rates import RateService
from travellr_desktop.services.readers import ReaderService
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.services.refunds import RefundService
from travellr_desktop.services.removing import RemovalService
from travellr_desktop.services.sales import SaleService
from travellr_desktop.services.sandbox import SandboxService
from travellr_desktop.services.seats import SeatService
from travellr_desktop.services.secrets import SecretStore
from travellr_desktop.services.sharing import SharingService
from travellr_desktop.services.statements.service import StatementService
from travellr_desktop.services.tax_totals import TaxTotalsService
from travellr_desktop.services.till import TillService
from travellr_desktop.services.timetable import TimetableService
from travellr_desktop.services.travel_documents import TravelDocumentService
from travellr_desktop.services.travellers import TravellerService
from travellr_desktop.services.trips import TripService
from travellr_desktop.services.upkeep import Upkeep
from travellr_desktop.services.users import UserService
from travellr_desktop.services.vaulting import VaultService
from travellr_desktop.services.vendor_terms import VendorTermsService
from travellr_desktop.services.vendors import VendorService
from travellr_desktop.services.waiting_list import WaitingListService
from travellr_desktop.services.workbook import WorkbookService
from travellr_desktop.storage.uow import Database


@dataclass(frozen=True)
class Services:
    """What the window, the command and the jobs call. `locale` is that of amounts and dates."""

    clock: Clock
    bus: EventBus
    locale: str
    authority: Authority
    secrets: SecretStore
    users: UserService
    agency: AgencyService
    vendors: VendorService
    vendor_terms: VendorTermsService
    payout_settings: PayoutSettingsService
    bank_files: BankFileService
    trips: TripService
    pictures: PictureService
    timetable: TimetableService
    removal: RemovalService
    departures: DepartureService
    holds: HoldService
    invoices: InvoiceService
    links: LinkService
    rates: RateService
    earnings: EarningsService
    statements: StatementService
    tax_totals: TaxTotalsService
    adjustments: AdjustmentService
    readers: ReaderService
    cards: CardService
    options: OptionService
    waiting_list: WaitingListService
    overbooking: OverbookingService
    plans: PlanService
    seats: SeatService
    sharing: SharingService
    travellers: TravellerService
    traveller_documents: TravelDocumentService
    duplicates: DuplicateService
    sales: SaleService
    payments: PaymentService
    payouts: PayoutService
    payout_runs: PayoutRunService
    batch_rows: BatchRowService
    disputes: DisputeService
    listening: ListeningService
    promos: PromoService
    provider: ProviderService
    vault: VaultService
    bookings: BookingService
    books: BooksService
    board: BoardService
    manifests: ManifestService
    completing: CompletionService
    matching: MatchingService
    cancellations: CancellationService
    refunds: RefundService
    credit: CreditService
    debts: DebtService
    excess: ExcessService
    changes: ChangeService
    till: TillService
    notes: NoteService
    numbers: NumberService
    documents: DocumentService
    exports: ExportService
    workbooks: WorkbookService
    imports: ImportService
    lists: ListService
    activity: ActivityService
    central: CentralService
    sandbox: SandboxService
    check: CheckService
    upkeep: Upkeep
    neighbours: NeighbourService
    of_vendor: bool
    """The file is a vendor's: a copy of what they see, in which nothing is changed."""

    @property
    def is_sandbox(self) -> bool:
        """Whether cards go to the program's own sandbox now; a key that is entered changes it."""
        return self.provider.is_sandbox


def make_services(
    database: Database,
    gateway: PaymentGateway,
    *,
    secrets: SecretStore,
    documents: Path,
    sandbox_file: Path | None,
    locale: str,
    hold_lasts: timedelta,
    errors: Callable[[], tuple[ErrorEntry, ...]],
    key_change: KeyChange | None = None,
    authority: Authority | None = None,
    central: CentralDoor | None = None,
) -> Services:
    """The services over one database and one gateway. `documents` is where PDFs go; `hold_lasts` how long seats
    are set aside; `errors` gives the newest logged errors. Without `key_change` the gateway stays what it is; without
    `authority` the desk is alone, without `central` for good."""
    authority = authority or DeskAlone()
    refunding = Refunding(database, gateway, authority)
    charging = Charging(database, gateway, refunding)
    numbers = NumberService(database, authority)
    disputing = Disputing(database, gateway, charging, refunding)
    paying = Paying(database, gateway, authority)
    taking_back = TakingBack(database, gateway, authority)
    books = BooksService(database)
    provider = ProviderService(database, gateway, secrets, key_change)
    refunds = RefundService(database, refunding, authority)
    vendor_terms = VendorTermsService(database, gateway)
    return Services(
        clock=database.clock,
        bus=database.bus,
        locale=locale,
        authority=authority,
        secrets=secrets,
        users=UserService(database, authority),
        agency=AgencyService(database),
        vendors=VendorService(database),
        vendor_terms=vendor_terms,
        payout_settings=PayoutSettingsService(database),
        bank_files=BankFileService(database, gateway, authority),
        trips=TripService(database),
        pictures=PictureService(database),
        timetable=TimetableService(database),
        removal=RemovalService(database),
        departures=DepartureService(database, locale, authority),
        holds=HoldService(database, authority, hold_lasts),
        invoices=InvoiceService(database, gateway, locale=locale),
        links=LinkService(database, charging),
        rates=RateService(database),
        earnings=EarningsService(database),
        statements=StatementService(database),
        tax_totals=TaxTotalsService(database, ExportService(database)),
        adjustments=AdjustmentService(database),
        readers=ReaderService(database, gateway, charging),
        cards=CardService(database, gateway, charging),
        options=OptionService(database, hold_lasts),
        waiting_list=WaitingListService(database),
        overbooking=OverbookingService(database),
        plans=PlanService(database),
        seats=SeatService(database, authority),
        sharing=SharingService(database, authority),
        travellers=TravellerService(database),
        traveller_documents=TravelDocumentService(database),
        duplicates=DuplicateService(database),
        sales=SaleService(database, gateway, charging, numbers),
        payments=PaymentService(database, charging, refunding, paying, taking_back),
        payouts=PayoutService(database, gateway, vendor_terms.accounts, locale=locale, authority=authority),
        payout_runs=PayoutRunService(database, paying, taking_back),
        batch_rows=BatchRowService(database),
        disputes=DisputeService(database, disputing),
        listening=ListeningService(database, gateway, charging, refunding, disputing, paying, taking_back),
        promos=PromoService(database),
        provider=provider,
        vault=VaultService(database, secrets, provider),
        bookings=BookingService(database),
        books=books,
        board=BoardService(database, authority),
        manifests=ManifestService(database),
        completing=CompletionService(database),
        matching=MatchingService(database, gateway, charging, refunding),
        cancellations=CancellationService(database, refunds),
        refunds=refunds,
        credit=CreditService(database),
        debts=DebtService(database),
        excess=ExcessService(database, charging),
        changes=ChangeService(database, gateway, charging, refunding, authority, hold_lasts),
        till=TillService(database),
        notes=NoteService(database),
        numbers=numbers,
        documents=DocumentService(database, documents, locale=locale, gateway=gateway),
        exports=ExportService(database),
        workbooks=WorkbookService(database, books),
        imports=ImportService(database),
        lists=ListService(database),
        activity=ActivityService(database, errors),
        central=CentralService(database, locale, central),
        sandbox=SandboxService(sandbox_file, gateway, database.clock),
        check=CheckService(database, gateway, central=central),
        upkeep=Upkeep(database),
        neighbours=NeighbourService(database),
        of_vendor=database.of_vendor,
    )
