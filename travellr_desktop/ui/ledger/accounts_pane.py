"""The accounts at the leading edge: what there is and what is owed, both sums, and whose a balance is."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.ledger import DEBIT_GROWS, VENDOR_ACCOUNTS, Account, TrialBalance
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import format_amount
from travellr_desktop.services.books import BY_BOOKING, BooksView, Parts
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.ledger.as_at import AsAt
from travellr_desktop.ui.ledger.balance_table import BalanceGroup, BalanceRow, BalanceTable
from travellr_desktop.ui.ledger.parts_page import PartsPage
from travellr_desktop.ui.ledger.words import account_name
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane, ScrollArea
from travellr_desktop.ui.parts.segments import Segments


class AccountsPane(Pane):
    """`chosen(Account)` follows the cursor, `opened(Account)` is Enter or a double click; `parts_asked(Account)` asks
    whose its balance is, `part_chosen(BalanceRow)` and `part_opened(BalanceRow)` are of those."""

    chosen = Signal(object)
    opened = Signal(object)
    parts_asked = Signal(object)
    part_chosen = Signal(object)
    part_opened = Signal(object)
    parts_left = Signal()

    def __init__(self, formats: Formats, today: date, views: Segments, parent: QWidget | None = None) -> None:
        super().__init__("surface", edges=("right",), parent=parent)
        self.setAccessibleName(self.tr("Accounts"))
        self._formats = formats
        self._showing = False
        self.view: BooksView | None = None
        self.currency = ""
        self.as_at = AsAt(formats.locale, today)
        self.debit = BalanceGroup(
            self.tr("What there is, and what was spent"),
            self.tr("Account"),
            self.tr("Debit"),
            self.amount,
        )
        self.credit = BalanceGroup(
            self.tr("What is owed, and what was earned"),
            self.tr("Account"),
            self.tr("Credit"),
            self.amount,
        )
        self.parts = PartsPage(formats, self.amount)
        self.parts_button = Button("", icon="split", height="control_small")
        self.parts_button.clicked.connect(self.ask_parts)
        self.parts_button.hide()
        self._proof_icon = Glyph("circle-check", "text_secondary")
        self._proof = Label("", "body_m", wrap=True)
        self._proof_second = Label("", "small", "text_secondary", wrap=True)
        self._nothing = EmptyState(
            "scale",
            self.tr("Nothing was written yet"),
            self.tr("The balances of all accounts will be here, from the first payment on."),
        )
        self.reading = EmptyState(
            "loader",
            self.tr("The books are being added up"),
            self.tr("Balances are summed over every entry there is."),
        )
        self.failed = LoadFailed(self.tr("The books could not be read"))
        self._build(views)
        self._connect()

    def _build(self, views: Segments) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.setSpacing(8)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(views)
        first.addStretch(1)
        first.addWidget(self.as_at.currency)
        first.addWidget(self.as_at.only)
        head.addLayout(first)
        head.addWidget(self.as_at)
        content = QWidget()
        content.setProperty("part", "scrolled")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 1, 12)
        column.setSpacing(4)
        column.addWidget(self.debit)
        column.addWidget(self.credit)
        column.addStretch(1)
        self._content = content
        self.scroll_area = ScrollArea(content)
        self._blank = QWidget()
        self.stack = QStackedWidget()
        for page in (
            self._blank,
            self.scroll_area,
            self.parts,
            self._nothing,
            self.reading,
            self.failed,
        ):
            self.stack.addWidget(page)
        proof = QHBoxLayout()
        proof.setSpacing(8)
        proof.addWidget(self._proof_icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._proof)
        words.addWidget(self._proof_second)
        proof.addLayout(words, 1)
        self.foot = Pane("surface", edges=("top",))
        foot = QVBoxLayout(self.foot)
        foot.setContentsMargins(16, 12, 16, 12)
        foot.setSpacing(12)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        self._actions.addWidget(self.parts_button)
        self._actions.addStretch(1)
        foot.addLayout(self._actions)
        foot.addLayout(proof)
        self.foot.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 1, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.stack, 1)
        whole.addWidget(self.foot)

    def _connect(self) -> None:
        for table, other, step in (
            (self.debit.table, self.credit.table, 1),
            (self.credit.table, self.debit.table, -1),
        ):
            table.current_changed.connect(
                lambda row, table=table, other=other: self._moved(row, table, other)
            )
            table.row_activated.connect(lambda row: self.opened.emit(row.id))
            table.inward.connect(self.ask_parts)
            table.left_over.connect(
                lambda went, other=other, step=step: other.enter_at(went) if went == step else None
            )
        self.parts.table.current_changed.connect(self._part_moved)
        self.parts.table.row_activated.connect(self.part_opened)
        self.parts.back.clicked.connect(self.leave_parts)
        self.as_at.currency_chosen.connect(self._show_currency)

    def add_action(self, button: QAbstractButton) -> None:
        """What can be done with all that is shown, above what was proved."""
        self._actions.insertWidget(self._actions.count() - 1, button)

    # content

    def amount(self, money: Money) -> str:
        """Without its currency, which stands above."""
        return format_amount(money, self._formats.locale)

    def show_books(self, view: BooksView, read_at: datetime, own: str) -> None:
        """Balances of a day; `own` is the agency's currency, which is shown first."""
        self.view = view
        currencies = sorted(view.trial.currencies, key=lambda each: (each != own, each))
        if self.currency not in currencies:
            self.currency = currencies[0] if currencies else ""
        self.as_at.show_currencies(currencies, self.currency)
        self._show_proof(view.trial, view.entries, read_at)
        if not view.trial.rows:
            self.stack.setCurrentWidget(self._nothing)
        elif self.stack.currentWidget() is not self.parts:
            self.stack.setCurrentWidget(self.scroll_area)
        self._show_rows()

    def show_reading(self) -> None:
        """It takes a while. What is there already stays until there is something newer."""
        if self.view is None:
            self.stack.setCurrentWidget(self.reading)

    def show_failure(self, words: str) -> None:
        self.failed.say(self.tr("The books could not be read"), words)
        self.stack.setCurrentWidget(self.failed)

    def show_parts(self, parts: Parts, currency: str, *, take_focus: bool = True) -> None:
        """Whose the balance of an account is."""
        self.parts.show_parts(parts, currency)
        self.stack.setCurrentWidget(self.parts)
        self._offer_parts()
        if take_focus:
            self.parts.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, account: Account | None) -> None:
        """Put the cursor on an account, or on none, without telling."""
        self._showing = True
        for group in (self.debit, self.credit):
            group.table.choose(account)
        self._showing = False
        self._offer_parts()

    @property
    def account(self) -> Account | None:
        """The account with the cursor."""
        for group in (self.debit, self.credit):
            row = group.table.current_row()
            if row is not None:
                return Account(row.id)
        return None

    @property
    def in_parts(self) -> bool:
        return self.stack.currentWidget() is self.parts

    def focus_accounts(self) -> None:
        """The keyboard on the account with the cursor, else on the first."""
        table = self.credit.table if self.credit.table.current_row() is not None else self.debit.table
        if self.in_parts:
            table = self.parts.table
        if table.rows_model.rowCount() == 0 and table is self.debit.table:
            table = self.credit.table
        target = (
            table if self.stack.currentWidget() in (self.scroll_area, self.parts) else self.as_at.field.edit
        )
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_down(self) -> None:
        for table in (self.debit.table, self.credit.table, self.parts.table):
            table.close_down()

    # what the person does

    def ask_parts(self) -> None:
        account = self.account
        if account is not None and account in VENDOR_ACCOUNTS | BY_BOOKING:
            self.parts_asked.emit(account)

    def leave_parts(self) -> None:
        """Back to the accounts, on the one that was looked into."""
        self.stack.setCurrentWidget(self.scroll_area)
        self._offer_parts()
        self.focus_accounts()
        self.parts_left.emit()

    def _moved(self, row: BalanceRow | None, table: BalanceTable, other: BalanceTable) -> None:
        if row is None:
            return
        other.setCurrentIndex(QModelIndex())
        other.clearSelection()
        self._offer_parts()
        at = table.currentIndex()
        top = (
            table.mapTo(self._content, table.visualRect(at).center()).y() + table.horizontalHeader().height()
        )
        self.scroll_area.ensureVisible(0, top, 0, 2 * table.row_height)
        if not self._showing:
            self.chosen.emit(row.id)

    def _part_moved(self, row: BalanceRow | None) -> None:
        if row is not None and not self._showing:
            self.part_chosen.emit(row)

    def _show_currency(self, currency: str) -> None:
        self.currency = currency
        self._show_rows()

    # inside

    def _show_rows(self) -> None:
        if self.view is None:
            return
        self._showing = True
        rows = [row for row in self.view.trial.rows if row.currency == self.currency]
        totals = self.view.trial.totals(self.currency)
        for group, debit, total in (
            (self.debit, True, totals.debits),
            (self.credit, False, totals.credits),
        ):
            group.table.show_rows(
                [
                    BalanceRow(row.account, account_name(row.account), "", Money(row.standing, row.currency))
                    for row in rows
                    if (row.account in DEBIT_GROWS) is debit
                ]
            )
            if self.currency:
                group.total.say(self.amount(Money(total, self.currency)))
        self._showing = False
        self._offer_parts()

    def _offer_parts(self) -> None:
        account = self.account
        words = ""
        if account is not None and not self.in_parts:
            if account in VENDOR_ACCOUNTS:
                words = self.tr("By vendor")
            elif account in BY_BOOKING:
                words = self.tr("By booking")
        if account is not None and words:
            self.parts_button.set_words(words)
            self.parts_button.setAccessibleName(f"{account_name(account)}: {words}")
        self.parts_button.setVisible(bool(words))

    def _show_proof(self, trial: TrialBalance, entries: int, read_at: datetime) -> None:
        fine = trial.agrees
        self._proof_icon.set("circle-check" if fine else "circle-x", "ok" if fine else "bad")
        self._proof.setText(
            self.tr("Debit and credit are equal") if fine else self.tr("Debit and credit are not equal")
        )
        count = self.tr("1 entry") if entries == 1 else self.tr("{0} entries").format(f"{entries:,}")
        at = self._formats.time(read_at, self._formats.zone)
        self._proof_second.setText(self.tr("{0}, read at {1}").format(count, at))
        self.foot.setVisible(bool(trial.rows))
