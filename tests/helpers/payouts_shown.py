"""An agency whose vendors are to be paid, and the window's screen of it: for tests of that screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.batches import given
from helpers.batches import vendor as bank_vendor
from helpers.clock import HandClock
from helpers.desk import CARD, Desk
from helpers.gui_thread import off_gui
from helpers.office import Office, office_at
from helpers.paying_out import approved, owed, paid_to, plenty
from helpers.refunding import colleague
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.payouts.views import BatchDetail, BatchRow
from travellr_desktop.services.vendor_drafts import TermsDraft
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.payouts.batch_page import BatchPage
from travellr_desktop.ui.payouts.screen import PayoutsScreen

T = TypeVar("T", bound=Decision)
WEEK = timedelta(days=7)

VENDORS = (
    ("Bokeška Plovidba d.o.o.", 6290, 24),
    ("Tara Raft Žabljak", 7900, 21),
    ("Durmitor Lodge", 32000, 9),
    ("Kajak Perast", 3990, 22),
    ("Orjen Jeep Safari", 6500, 12),
    ("Stara Varoš Tours", 4200, 13),
    ("Zeta Travel", 3500, 17),
    ("Skadar Boat Cooperative", 3500, 12),
    ("Lipa Cave Guides", 2200, 8),
)


def sold_by(
    desk: Desk, name: str, price: int, pax: int, *, currency: str = "EUR", account: bool = True
) -> tuple[UUID, UUID]:
    """A vendor with one booking that was sold and is to travel; the vendor, and the departure."""
    vendor_id = desk.services.vendors.create(desk.admin, VendorDraft(name, commission_bps=2000))
    if account:
        with desk.sandbox() as sandbox:
            paid_to(desk, vendor_id, sandbox.open_account(name))
    day = (desk.clock.now() + timedelta(days=16)).date()
    trip = desk.add_trip(f"By {name}", adult=price, vendor_id=vendor_id, currency=currency)
    departure = desk.add_departure(trip, day=day, capacity=60)
    desk.sold(departure, adult=pax, pay=CARD)
    return vendor_id, departure


def travelled(desk: Desk, *departures: UUID) -> None:
    """A month later they are done."""
    forward(desk, timedelta(days=30))
    for departure in departures:
        desk.services.bookings.complete(desk.admin, departure)


def forward(desk: Desk, by: timedelta) -> None:
    clock = desk.clock
    assert isinstance(clock, HandClock)
    clock.forward(by)


def season(desk: Desk) -> None:
    """Nine vendors paid by Stripe and one by the bank in euros, two in dollars; five left out, each for a reason of its
    own; the weekly draft was prepared by the schedule's colleague."""
    plenty(desk, 8)
    made = {name: sold_by(desk, name, price, pax) for name, price, pax in VENDORS}
    others = (
        sold_by(desk, "Adria Sail", 9900, 6, currency="USD"),
        sold_by(desk, "Harbour Kitchen", 4500, 4, currency="USD"),
        sold_by(desk, "Ulcinj Salt Tours", 4050, 4, account=False),
    )
    travelled(desk, *(departure for _, departure in (*made.values(), *others)))
    ids = {name: vendor_id for name, (vendor_id, _) in made.items()}
    given(desk, ids["Kajak Perast"], -7680)
    given(desk, ids["Orjen Jeep Safari"], 3120)
    given(desk, bank_vendor(desk, "Prokletije Trails"), 30800)
    given(desk, bank_vendor(desk, "Adriatic Dive Centre"), 3180)
    given(desk, bank_vendor(desk, "Piva Lake Camp"), -4200)
    given(desk, bank_vendor(desk, "Kuća Vina Crmnica", TermsDraft()), 21440)
    forward(desk, WEEK)
    milena = colleague(desk, "Milena Pavić")
    draft = desk.services.payouts.prepare(milena, BatchKind.WEEKLY)
    out = ids["Lipa Cave Guides"]
    desk.services.payouts.leave_out(milena, draft, out, "Their licence is being renewed.")


def three_owed(desk: Desk) -> None:
    """Adria, Boka and Ćilim are owed 76.50 each, and could be paid for a week."""
    plenty(desk)
    owed(desk, "Adria", "Boka", "Ćilim")
    forward(desk, WEEK)


def three_approved(desk: Desk) -> None:
    """Adria, Boka and Ćilim are owed 76.50 each, and a batch that pays them was approved."""
    plenty(desk)
    owed(desk, "Adria", "Boka", "Ćilim")
    approved(desk)


def nobody(desk: Desk) -> None:
    """No batch was ever prepared."""


@dataclass
class Paying:
    """The screen of payouts, and what stands in the file behind it."""

    office: Office
    screen: PayoutsScreen

    @property
    def page(self) -> BatchPage:
        return self.screen.page

    @property
    def desk(self) -> Desk:
        return self.office.desk

    def row(self) -> BatchRow:
        """The newest batch."""
        return off_gui(lambda: self.desk.services.payouts.batches(self.desk.admin))[0]

    def detail(self) -> BatchDetail:
        batch_id = self.row().id
        return off_gui(lambda: self.desk.services.payouts.detail(self.desk.admin, batch_id))

    def open(self) -> BatchPage:
        """Open the newest batch by the keyboard."""
        office, screen = self.office, self.screen
        office.until(lambda: bool(screen.list.rows))
        screen.list.table.setFocus()
        office.until(screen.list.table.hasFocus)
        screen.list.table.go_to(0)
        office.key(Qt.Key.Key_Return)
        office.until(lambda: screen.in_batch and screen.page.batch is not None)
        self.settled()
        return screen.page

    def settled(self) -> None:
        """Until the batch that is shown has its rows, and nothing is read any more."""
        page, office = self.page, self.office

        def there() -> bool:
            tables = (page.tables.paid, page.tables.left) if page.shown.currency else ()
            models = [table.rows_model for table in tables]
            return all(model.count_known and not model.rereading for model in models)

        office.quiet()
        office.until(there)
        office.quiet()

    def question(self, kind: type[T]) -> T:
        """The question that is open."""
        self.office.until(lambda: isinstance(QApplication.activeModalWidget(), kind))
        found = QApplication.activeModalWidget()
        assert isinstance(found, kind)
        return found

    def closed(self) -> None:
        """No question is open any more."""
        self.office.until(lambda: QApplication.activeModalWidget() is None)
        self.office.window.activateWindow()
        self.office.until(self.office.window.isActiveWindow)


@contextmanager
def paying(
    qtbot: QtBot,
    folder: Path,
    prepare: Callable[[Desk], object],
    *,
    role: Role = Role.MANAGER,
    size: QSize | None = None,
) -> Iterator[Paying]:
    with office_at(qtbot, folder, prepare=prepare, role=role, size=size, at="payouts") as office:
        screen = office.go("payouts")
        assert isinstance(screen, PayoutsScreen)
        yield Paying(office, screen)
