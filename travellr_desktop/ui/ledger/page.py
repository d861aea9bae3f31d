"""The ledger, a view of Payments: the accounts, the entries of the chosen one, the entry with the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from travellr_desktop.domain.ledger import VENDOR_ACCOUNTS, Account
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import Refusal
from travellr_desktop.services.books import BooksView, EntryDetail, Parts
from travellr_desktop.services.lists import LedgerListRow
from travellr_desktop.services.registry import Services
from travellr_desktop.services.vendors import VendorName
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.days import Days
from travellr_desktop.ui.ledger.accounts_pane import AccountsPane
from travellr_desktop.ui.ledger.balance_table import BalanceRow
from travellr_desktop.ui.ledger.columns import WORDS, entry_columns, entry_filters
from travellr_desktop.ui.ledger.excel import ExcelButton
from travellr_desktop.ui.ledger.panel import EntryPanel
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import Choice, Density, ListScreen, PagedModel
from travellr_desktop.ui.tables.export import CsvExport
from travellr_desktop.ui.theme import Theme

PANE = 280
PATIENCE_MS = 600
"""What takes longer is told."""
ROOM = 980
"""Below this width either the accounts stand alone or the entries do."""


@dataclass(frozen=True, slots=True)
class _Read:
    books: BooksView
    zone: str
    currency: str
    vendors: tuple[VendorName, ...]


class LedgerPage(QWidget):
    """`booking_asked(reference)`, `sale_asked(reference)`, `vendor_asked(EntryDetail)` lead to other screens."""

    booking_asked = Signal(str)
    sale_asked = Signal(str)
    vendor_asked = Signal(object)

    def __init__(
        self, context: Context, services: Services, views: Segments, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._services, self.views = context, services, views
        self._actor: Actor = context.actor
        self.words = Words(services.locale)
        self._days = Days(self.words.formats, context.clock)
        self._vendors: tuple[VendorName, ...] = ()
        self._own = ""
        self._failure: Refusal | BugReport | None = None
        self._started = False
        self._in_entries = False
        self.accounts = AccountsPane(self.words.formats, self._days.today, views)
        model: PagedModel[LedgerListRow] = PagedModel(
            entry_columns(self.words, context.clock), lambda query: services.lists.ledger(self._actor, query)
        )
        self.lists = ListScreen(
            model,
            name="ledger",
            words=WORDS,
            filters=entry_filters(self._day_choices, self._currency_choices, self._vendor_choices),
            sort=("at", True),
            densities=(Density.NORMAL, Density.COMPACT),
            amount=self.words.minor,
            memory=context.memory,
        )
        self.panel = EntryPanel(self.words, context.clock)
        self.to_accounts = Button(self.tr("Accounts"), icon="arrow-left")
        self.to_accounts.clicked.connect(self.show_accounts)
        self.lists.filters.add_leading(self.to_accounts)
        CsvExport(self.lists, context, "ledger")
        self.excel = ExcelButton(self, context, services, self.lists, lambda: self._asked_day)
        self.accounts.add_action(self.excel.button)
        self.lists.set_detail(self.panel, width=300)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.accounts)
        row.addWidget(self.lists, 1)
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self.accounts.show_reading)
        self._connect()
        self._fit()

    def _connect(self) -> None:
        accounts, lists = self.accounts, self.lists
        accounts.chosen.connect(self._show_account)
        accounts.opened.connect(self._open_account)
        accounts.parts_asked.connect(self._read_parts)
        accounts.part_chosen.connect(self._show_part)
        accounts.part_opened.connect(self._open_part)
        accounts.as_at.day_chosen.connect(self._show_day)
        accounts.as_at.currency_chosen.connect(self._currency_chosen)
        accounts.failed.again.connect(self.refresh)
        accounts.failed.details.connect(self._tell_failure)
        accounts.parts_left.connect(self._leave_part)
        lists.filters.changed.connect(self._follow_filters)
        lists.current_changed.connect(self._read_entry)
        lists.row_activated.connect(lambda _row: self.panel.focus_first())
        lists.failure_asked.connect(self._context.failed)
        for name in ("booking_asked", "sale_asked", "vendor_asked"):
            getattr(self.panel, name).connect(getattr(self, name))
        Theme.current().changed.connect(self._fit)

    # what the screen asks

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.accounts, self.lists.table, self.panel, self.lists.filters)

    def refresh(self) -> None:
        """Read balances and entries again."""
        services, actor, day = self._services, self._actor, self._asked_day

        def work(_task: object) -> _Read:
            agency = services.agency.view()
            return _Read(
                services.books.balances(actor, day),
                agency.zone if agency is not None else "UTC",
                agency.currency if agency is not None else "",
                tuple(services.vendors.names(actor)),
            )

        self._patience.start(PATIENCE_MS)
        self._context.background.run(
            self,
            work,
            key=("ledger.balances", id(self)),
            newest=True,
            done=self._came,
            refused=self._refused,
            failed=self._failed,
        )
        if self._started:
            self.lists.refresh()
            parts = self.accounts.parts.shown
            if self.accounts.in_parts and parts is not None:
                self._read_parts(parts.account, again=True)

    def close_down(self) -> None:
        self._patience.stop()
        self.lists.close_down()
        self.accounts.close_down()

    def back(self) -> None:
        """One step: panel, table, what the list does; whose a balance is, the accounts."""
        focus = QApplication.focusWidget()
        if focus is not None and self.panel.isAncestorOf(focus):
            self._to_table()
        elif focus is not None and self.accounts.isAncestorOf(focus):
            if self.accounts.in_parts:
                self.accounts.leave_parts()
        elif not self.lists.back():
            self.show_accounts()

    def show_accounts(self) -> None:
        """The accounts, with the keyboard on them."""
        self._in_entries = False
        self._fit()
        self.accounts.focus_accounts()

    def show_today(self) -> None:
        """The entries of today."""
        today = self._days.today
        values = {**self.lists.filters.values(), "at": self._days.range(today, today)}
        self.lists.start(values, self.lists.filters.text)

    def focus_start(self) -> None:
        """The keyboard where work begins."""
        if self._in_entries:
            self._to_table()
        else:
            self.accounts.focus_accounts()

    # reading

    @property
    def _asked_day(self) -> date | None:
        return None if self.accounts.as_at.is_today else self.accounts.as_at.day

    def _came(self, read: _Read) -> None:
        self._patience.stop()
        self._vendors, self._own = read.vendors, read.currency
        self.words.use_zone(read.zone)
        self.lists.own_currency = read.currency
        self.accounts.as_at.set_today(self._days.today)
        had_focus = self.accounts.isAncestorOf(self.window().focusWidget())
        self.accounts.show_books(read.books, self._context.clock.now(), read.currency)
        if not self._started:
            self._started = True
            self.lists.start({})
            if had_focus:
                self.accounts.focus_accounts()

    def _refused(self, refusal: Refusal) -> None:
        self._patience.stop()
        self._failure = refusal
        self.accounts.show_failure(f"{refusal} {refusal.hint}".strip())

    def _failed(self, bug: BugReport) -> None:
        self._patience.stop()
        self._failure = bug
        self.accounts.show_failure(self.tr("The program made a mistake."))

    def _tell_failure(self) -> None:
        if isinstance(self._failure, BugReport):
            self._context.background.bug.emit(self._failure)
        else:
            self._context.failed(self._failure)

    def _read_entry(self, row: LedgerListRow | None) -> None:
        if row is None:
            return
        books, actor, entry_id = self._services.books, self._actor, row.id
        self._context.background.run(
            self,
            lambda _task: books.entry(actor, entry_id),
            key=("ledger.entry", id(self)),
            newest=True,
            done=self._entry_came,
        )

    def _entry_came(self, entry: EntryDetail) -> None:
        row = self.lists.table.current_row()
        if row is not None and row.id == entry.id:
            self.panel.show_entry(entry)

    @property
    def shown(self) -> EntryDetail | None:
        """The entry with the cursor, once it has been read."""
        row, shown = self.lists.table.current_row(), self.panel.shown
        return shown if row is not None and shown is not None and row.id == shown.id else None

    def _read_parts(self, account: Account, *, again: bool = False) -> None:
        books, actor, day = self._services.books, self._actor, self._asked_day
        currency = self.accounts.currency
        read = books.vendors if account in VENDOR_ACCOUNTS else books.bookings
        self._context.background.run(
            self,
            lambda _task: read(actor, account, currency, day),
            key=("ledger.parts", id(self)),
            newest=True,
            done=partial(self._parts_came, currency, again),
        )

    def _parts_came(self, currency: str, again: bool, parts: Parts) -> None:
        if not again or self.accounts.in_parts:  # what is read again may have been left meanwhile
            self.accounts.show_parts(parts, currency, take_focus=not again)

    # what the person does

    def _show_day(self, day: date) -> None:
        self.refresh()
        account = self.accounts.account
        values = self.lists.filters.values()
        values.pop("at", None)
        if not self.accounts.as_at.is_today:
            values["at"] = self._days.range(None, day)
        self.lists.start(values, self.lists.filters.text)
        self.accounts.choose(account)

    def _currency_chosen(self, currency: str) -> None:
        values = self.lists.filters.values()
        parts = self.accounts.parts.shown
        if self.accounts.in_parts and parts is not None:
            self._read_parts(parts.account, again=True)
            self.lists.start({**self._account_filters(parts.account), "currency": currency})
        elif "currency" in values or "account" in values:
            self.lists.start({**values, "currency": currency}, self.lists.filters.text)

    def _account_filters(self, account: Account) -> dict[str, object]:
        values: dict[str, object] = {"account": account}
        view = self.accounts.view
        if view is not None and len(view.trial.currencies) > 1:
            values["currency"] = self.accounts.currency
        if not self.accounts.as_at.is_today:
            values["at"] = self._days.range(None, self.accounts.as_at.day)
        elif "at" in self.lists.filters.values():
            values["at"] = self.lists.filters.values()["at"]
        return values

    def _show_account(self, account: Account) -> None:
        self.lists.start(self._account_filters(account))

    def _open_account(self, account: Account) -> None:
        if self.lists.filters.values().get("account") != account:
            self._show_account(account)
        self._go_to_entries()

    def _show_part(self, row: BalanceRow) -> None:
        parts = self.accounts.parts.shown
        if parts is None or row.id is None:
            return
        values = self._account_filters(parts.account)
        if parts.account in VENDOR_ACCOUNTS:
            self.lists.start({**values, "vendor": row.id})
        else:
            self.lists.start(values, row.name)

    def _open_part(self, row: BalanceRow) -> None:
        self._go_to_entries()

    def _leave_part(self) -> None:
        account = self.accounts.account
        if account is not None:
            self._show_account(account)

    def _go_to_entries(self) -> None:
        self._in_entries = True
        self._fit()
        self.lists.filters.left_down.emit()  # as from the filters: onto the first row, once it is there

    def _follow_filters(self) -> None:
        """The account of the filters has the cursor in the accounts too."""
        account = self.lists.filters.values().get("account")
        if account is None:
            self.accounts.choose(None)
        elif isinstance(account, str) and not self.accounts.in_parts:
            self.accounts.choose(Account(account))

    def _to_table(self) -> None:
        self.lists.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # choices of the filters

    def _day_choices(self) -> Sequence[Choice]:
        choices = list(self._days.behind())
        if not self.accounts.as_at.is_today:
            day = self.accounts.as_at.day
            words = self.tr("Up to {0}").format(self.words.short_day(day))
            choices.insert(0, Choice(self._days.range(None, day), words))
        return choices

    def _currency_choices(self) -> Sequence[Choice]:
        view = self.accounts.view
        return [Choice(each, each) for each in view.trial.currencies] if view is not None else []

    def _vendor_choices(self) -> Sequence[Choice]:
        return [Choice(vendor.id, vendor.name) for vendor in self._vendors]

    # room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Both beside each other where there is room; else the one that is worked with."""
        theme = Theme.current()
        narrow = self.width() < theme.px(ROOM)
        self.accounts.setMinimumWidth(theme.px(PANE))
        self.accounts.setMaximumWidth(16_777_215 if narrow else theme.px(PANE))
        self.accounts.setVisible(not (narrow and self._in_entries))
        self.lists.setVisible(not narrow or self._in_entries)
        self.to_accounts.setVisible(narrow)
