"""The pictures of what the office sees: what is sold, what is brought in, who may sign in, who did what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from travellr_desktop.demo.clocks import SetClock
from travellr_desktop.demo.player import CTRL
from travellr_desktop.demo.walk import Walk
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.states import RefundState
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.outside import PastPayment
from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.ui.activity.screen import ActivityScreen
from travellr_desktop.ui.catalogue.screen import CatalogueScreen
from travellr_desktop.ui.importing.screen import ImportScreen
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.plans.editor import PlanEditor
from travellr_desktop.ui.settings.screen import SettingsScreen
from travellr_desktop.ui.trips.screen import TripsScreen
from travellr_desktop.ui.users.screen import UsersScreen

ADMIN = "jovan@example.com"
TRIP = "two islands"
FILE = """Vendor;Tour code;Tour;Town;Time zone;Currency;Duration;Adult;Child;Infant;Languages
plava-boka;BLUE-2;Blue Cave at first light;Kotor;Europe/Podgorica;EUR;3 h;45.00;27.00;0;English, German
plava-boka;MAMULA;Mamula island and lunch;Herceg Novi;Europe/Podgorica;EUR;5 h;68.00;40.00;0;English
lovcen-roads;NJEG-2;Njegusi by electric bike;Cetinje;Europe/Podgorica;EUR;4 h;59.00;35.00;;English, Italian
nobody-knows;LOST-1;A trip without a vendor;Budva;Europe/Podgorica;EUR;2 h;20.00;10.00;0;English
skadar-kayak;PELICAN;Pelicans before breakfast;Virpazar;Europe/Atlantis;EUR;3 h;42.00;24.00;0;English
skadar-kayak;LILY;Water lilies by solar boat;Virpazar;Europe/Podgorica;EUR;2 h;28.00;16.00;0;English, French
durmitor-high;LAKES;Seven lakes in a day;Zabljak;Europe/Podgorica;EUR;long;55.00;33.00;0;English
durmitor-high;TARA-D;Tara bridge by zip line;Zabljak;Europe/Podgorica;EUR;1 h;25.00;-5.00;0;English
"""
"""What another program might have written: three of its rows cannot be right."""
_TAKEN_OUTSIDE = ((timedelta(hours=22), 6_400), (timedelta(hours=3), 12_800))
"""How long ago something was taken at the provider's own site, and how much."""
_AT_ONCE = 50
K = Qt.Key


class OfficeShots(Walk):
    def pictures(self) -> None:
        """Everything that only a manager or an admin has."""
        self._enter()
        self._player.key(K.Key_Return)
        self._player.until(lambda: self._window.workspace is not None, "being signed in")
        self._ledger()
        self._invoices()
        self._reconciliation()
        self._trips()
        for key in ("vendors", "promos"):
            self._first_of(key)
            self._player.picture(key)
        self._import()
        self._users()
        self._audit()
        self._go("settings")
        settings = self._screen(SettingsScreen)
        self._player.key(K.Key_Down)
        self._player.until(lambda: settings.nav.current == "selling", "the rules for selling")
        self._player.picture("settings-selling")

    def _ledger(self) -> None:
        """The entries of what travellers have paid for trips to come, one of them beside the list."""
        player = self._player
        player.key(K.Key_K, CTRL)
        player.write("ledger")
        player.key(K.Key_Return)
        page = self._screen(PaymentsScreen).ledger
        if page is None:
            raise LookupError("An admin has the ledger.")
        player.until(page.accounts.debit.table.hasFocus, "the accounts")
        player.until(lambda: page.lists.model.totals is not None, "the entries")
        while page.accounts.account is not Account.TRAVELLER_FUNDS:
            player.key(K.Key_Down)
        player.key(K.Key_Return)
        player.until(lambda: page.shown is not None and page.panel.isVisible(), "the entry")
        player.picture("ledger")

    def _invoices(self) -> None:
        """What was invoiced, the newest beside the list."""
        player = self._player
        player.key(K.Key_K, CTRL)
        player.write("invoices")
        player.key(K.Key_Return)
        page = self._screen(PaymentsScreen).invoices
        if page is None:
            raise LookupError("An admin has the invoices.")
        player.until(lambda: page.lists.model.rowCount() > 1, "the invoices")
        player.key(K.Key_Home)
        player.until(lambda: page.shown is not None and page.panel.isVisible(), "the invoice")
        player.picture("invoices")

    def _reconciliation(self) -> None:
        """This week beside the provider's list, after somebody has been at the provider's own site; the first
        difference beside the list."""
        player = self._player
        self._behind_its_back()
        player.key(K.Key_K, CTRL)
        player.write("reconciliation")
        player.key(K.Key_Return)
        page = self._screen(PaymentsScreen).reconciliation
        if page is None:
            raise LookupError("An admin has reconciliation.")
        player.until(lambda: page.found.matched is not None and page.found.open > 0, "the differences")
        player.until(page.days.table.hasFocus, "the days")
        player.key(K.Key_Return)
        player.until(lambda: page.panel.shown is not None and page.panel.isVisible(), "the difference")
        player.picture("reconciliation")

    def _behind_its_back(self) -> None:
        """Two payments were taken outside the program, and a refund came back that nobody has heard of."""
        services = self._desk_open.services
        now = services.clock.now()
        outside = [PastPayment(now - before, minor, "EUR") for before, minor in _TAKEN_OUTSIDE]
        with self._desk_open.database.read() as view:
            _, total = view.refunds.find_all(limit=1)
            newest, _ = view.refunds.find_all(page=(total + _AT_ONCE - 1) // _AT_ONCE, limit=_AT_ONCE)
            done = [refund.provider_ref for refund in newest if refund.state is RefundState.COMPLETED]
        earlier = SetClock(now - timedelta(hours=1))
        with SandboxControl(self._desk_open.profile.sandbox, clock=earlier) as sandbox:
            sandbox.write_history(outside)
            for ref in [ref for ref in done if ref is not None][-1:]:
                sandbox.settle_refund(ref, failure="expired_or_canceled_card")

    def _first_of(self, key: str) -> None:
        """The first of a list, with its form beside it."""
        player = self._player
        self._go(key)
        screen = self._screen(CatalogueScreen)
        player.until(lambda: screen.lists.model.rowCount() > 0, "the list")
        player.key(K.Key_Home)
        player.until(lambda: screen.shown is not None and screen.panel.isVisible(), "the form")

    def _trips(self) -> None:
        player = self._player
        self._go("trips")
        screen = self._screen(TripsScreen)
        player.until(lambda: screen.lists.model.rowCount() > 1, "the list of trips")
        player.key(K.Key_Slash)
        player.write(TRIP)
        player.until(lambda: screen.lists.model.rowCount() == 1, TRIP)
        player.key(K.Key_Return)
        player.until(lambda: screen.shown is not None and TRIP in screen.shown.detail.draft.title, "the trip")
        player.tab_to("Texts")
        for page in screen.panel.pages:
            if page.key != "texts":
                player.key(K.Key_Right)
            player.until(page.form.isVisible, page.words)
            player.picture(f"trip-{page.key}")
        player.tab_to("Add a series")
        player.key(K.Key_Space)
        player.until(lambda: isinstance(QApplication.activeModalWidget(), Decision), "the series")
        player.picture("series")
        player.key(K.Key_Escape)
        player.key(K.Key_K, CTRL)
        player.write("seat plans")
        player.key(K.Key_Return)
        player.until(lambda: isinstance(QApplication.activeModalWidget(), PlanEditor), "the plans")
        player.key(K.Key_End)
        player.picture("seat-plans")
        player.key(K.Key_Escape)

    def _import(self) -> None:
        player = self._player
        self._go("import")
        screen = self._screen(ImportScreen)
        path = Path(self._desk_open.profile.folder, "trips of last year.csv")
        path.write_text(FILE, encoding="utf-8")
        player.key(K.Key_Down)  # from vendors to trips
        screen.look_at(path)  # the system's dialog of files is nobody's to be pictured
        player.until(lambda: screen.preview is not None, "the file")
        player.until(lambda: screen.side.kind is ImportKind.TRIPS, "trips")
        player.picture("import")
        player.key(K.Key_Return, CTRL)
        player.until(lambda: screen.report is not None, "what came of it")
        player.picture("import-problems")

    def _users(self) -> None:
        player = self._player
        self._go("users")
        screen = self._screen(UsersScreen)
        player.until(lambda: screen.lists.model.rowCount() > 3, "the people")
        player.key(K.Key_Down)
        player.picture("users")
        player.key(K.Key_N, CTRL)
        player.until(screen.panel.isVisible, "the form")
        player.picture("users-new")
        player.key(K.Key_Escape)

    def _audit(self) -> None:
        player = self._player
        self._go("activity")
        screen = self._screen(ActivityScreen)
        player.tab_to("Running")
        player.key(K.Key_Right)
        player.key(K.Key_Right)
        player.until(
            lambda: screen.view == "audit" and screen.journals["audit"].list.model.rowCount() > 0, "the trail"
        )
        player.picture("activity-audit")
