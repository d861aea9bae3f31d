"""One statement beside the list: its figure and how it came about, where it goes, every line behind it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.services.statements.exporting import FileForm
from travellr_desktop.services.statements.views import Outcome, StatementDetail
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider, Facts, MoneyRows, Section
from travellr_desktop.ui.parts.ticket import Ticket
from travellr_desktop.ui.records.words import Words, count
from travellr_desktop.ui.statements.lines_table import LinesTable
from travellr_desktop.ui.statements.words import BADGES, figure_words, left_words, period


class StatementPanel(DetailPanel):
    """`show_statement` fills it; what is asked for comes as signals."""

    open_asked = Signal()
    save_asked = Signal(object)
    """In which `FileForm`."""
    booking_asked = Signal(str)
    """Show the booking with this reference."""

    def __init__(self, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__("Statement", parent)
        self._words, self._clock = words, clock
        self.shown: StatementDetail | None = None
        self.open: Button | None = None
        self.excel: Button | None = None
        self.more: IconButton | None = None
        self.lines: LinesTable | None = None

    def show_statement(self, detail: StatementDetail) -> None:
        """Another statement, or the same read again."""
        same = self.shown is not None and self.shown.id == detail.id
        if same and detail == self.shown:
            return
        self.close_down()
        self.shown = detail
        status, word = BADGES[detail.state]
        with self.refilled(same=same):
            self.set_head(detail.number, badge=Badge(status, word=word), person=detail.recipient.name)
            self._actions()
            self.add(self._ticket(detail), divider=False)
            why = left_words(detail, self._words)
            if why:
                self.add(Note("info", self.tr("Nothing is paid"), why), divider=False)
            self.add(self._facts(detail), divider=False)
            self.add(self._lines(detail))

    def close_down(self) -> None:
        """Let go of the rows that are shown."""
        if self.lines is not None:
            self.lines.close_down()
            self.lines = None

    def first_actions(self) -> Sequence[QWidget | None]:
        return (self.open, self.excel, self.more)

    @property
    def primary(self) -> Button | None:
        return self.open

    # parts

    def _actions(self) -> None:
        self.open = Button(self.tr("Open PDF"), Kind.PRIMARY, icon="file-text", key="I")
        self.open.clicked.connect(self.open_asked)
        self.action_row.addWidget(self.open)
        self.excel = Button(self.tr("Excel…"))
        self.excel.clicked.connect(partial(self.save_asked.emit, FileForm.XLSX))
        self.action_row.addWidget(self.excel)
        self.more = self.add_more(self.offer_more)

    def offer_more(self) -> None:
        """Everything that can be done with this statement."""
        detail = self.shown
        if detail is None or self.more is None:
            return
        menu = Menu(self.tr("More"), self)
        menu.add(self.tr("Open PDF, to print it"), self.open_asked.emit, icon="printer", key="I")
        menu.addSeparator()
        for form, words in (
            (FileForm.PDF, self.tr("Save PDF as…")),
            (FileForm.XLSX, self.tr("Save as Excel file…")),
            (FileForm.CSV, self.tr("Save as CSV…")),
        ):
            menu.add(words, partial(self.save_asked.emit, form), icon="download")
        menu.addSeparator()
        menu.add(
            self.tr("Copy number"), partial(QGuiApplication.clipboard().setText, detail.number), icon="copy"
        )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup_below(self.more)

    def _ticket(self, detail: StatementDetail) -> QWidget:
        money = self._words.money
        ticket = Ticket()
        ticket.above.addWidget(Label(figure_words(detail.state), "small", "text_secondary"))
        ticket.above.addSpacing(2)
        ticket.above.addWidget(Label(money(detail.total), "total"))
        rows = MoneyRows(gap=2)
        charges = self.tr("Charges")
        if detail.bookings:
            charges += f", {count(detail.bookings, self.tr('booking'), self.tr('bookings'))}"
        rows.add(charges, money(detail.charges))
        rows.add(self.tr("Refunds"), money(detail.refunds))
        rows.add(self.tr("Adjustments"), money(detail.adjustments))
        bps = detail.recipient.commission_bps
        rate = "" if bps is None else f", {format_percent(bps)} %"
        rows.add(self.tr("Commission") + rate, money(detail.commission))
        carried = self.tr("Carried forward")
        if detail.carried_from:
            carried = self.tr("Carried forward from {0}").format(detail.carried_from)
        rows.add(carried, money(detail.carried_in))
        ticket.below.addWidget(rows)
        ticket.below.addSpacing(8)
        ticket.below.addWidget(Divider())
        ticket.below.addSpacing(8)
        total = MoneyRows(gap=2)
        total.add(self.tr("Total"), money(detail.total), strong=True)
        if not detail.is_paid_out:
            total.add(self.tr("Carried forward to the next"), money(detail.carried_out))
        ticket.below.addWidget(total)
        return ticket

    def _facts(self, detail: StatementDetail) -> QWidget:
        words, now = self._words, self._clock.now()
        facts = Facts()
        facts.add(self.tr("Days"), period(detail.first, detail.last, words), wrap=True)
        facts.add(self.tr("Issued"), words.stamp(detail.issued_at, now))
        facts.add(self.tr("Batch"), detail.recipient.batch)
        if detail.is_paid_out:
            facts.add(self.tr("To account"), detail.recipient.account, wrap=True)
        if detail.outcome is Outcome.PAID and detail.outcome_at is not None:
            facts.add(self.tr("Paid"), words.stamp(detail.outcome_at, now))
        return facts

    def _lines(self, detail: StatementDetail) -> QWidget:
        title = count(len(detail.lines), self.tr("line"), self.tr("lines"))
        section = Section(title if detail.lines else self.tr("Nothing new"))
        if not detail.lines:
            section.body.addWidget(
                Label(self.tr("All of it was on earlier statements."), "small", "text_secondary", wrap=True)
            )
            return section
        table = self.lines = LinesTable(self._words, detail.lines)
        table.row_activated.connect(self._open_booking)
        section.body.addWidget(table)
        return section

    def _open_booking(self, row: object) -> None:
        line = getattr(row, "line", None)
        if line is not None and line.booking_id is not None:
            self.booking_asked.emit(line.reference)
