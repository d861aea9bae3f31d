"""One batch: what it comes to and for whom, at the side the ticket that approves or sends it, or one vendor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.errors import Refusal
from travellr_desktop.services.payouts.batch_rows import StateSum
from travellr_desktop.services.payouts.run_views import RunFigures
from travellr_desktop.services.payouts.views import BatchRow, DryRun
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed
from travellr_desktop.ui.payouts.bank_files import BankFilesPart
from travellr_desktop.ui.payouts.batch_reading import BatchReading
from travellr_desktop.ui.payouts.both import BothTables
from travellr_desktop.ui.payouts.draft_ticket import DraftTicket
from travellr_desktop.ui.payouts.drafting import Drafting
from travellr_desktop.ui.payouts.export import DryRunExport
from travellr_desktop.ui.payouts.head import BatchHead
from travellr_desktop.ui.payouts.reading import Read
from travellr_desktop.ui.payouts.row_doing import RowDoing
from travellr_desktop.ui.payouts.rows import LeftLine, PaidRow
from travellr_desktop.ui.payouts.run_ticket import RunTicket
from travellr_desktop.ui.payouts.sending import Sending
from travellr_desktop.ui.payouts.shown import Shown
from travellr_desktop.ui.payouts.side import Side
from travellr_desktop.ui.payouts.sources import (
    left_of_batch,
    left_of_draft,
    paid_of_batch,
    paid_of_draft,
)
from travellr_desktop.ui.payouts.vendor_panel import VendorPanel
from travellr_desktop.ui.payouts.waiting import Waiting, stopped_words
from travellr_desktop.ui.payouts.words import nothing_words, say
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.theme import Theme

TABLES, SIDE = 560, 300
"""What the tables and the ticket need at least, in logical pixels."""


class BatchPage(QWidget):
    """`left` goes back to all batches; `step_asked(row)` and `earnings_asked(row)` lead to other screens."""

    left = Signal()
    step_asked = Signal(object)
    earnings_asked = Signal(object)

    def __init__(
        self, context: Context, services: Services, words: Words, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.context, self._services, self.words = context, services, words
        self.batch_id: UUID | None = None
        self.batch: BatchRow | None = None
        self.run: DryRun | None = None
        self.figures: RunFigures | None = None
        self.currencies: tuple[Shown, ...] = ()
        self.currency = ""
        self._side_alone = False
        self._bank_stands: tuple[StateSum, ...] = ()
        self._failure: Refusal | BugReport | None = None
        self.drafting, self.sending = Drafting(self, services), Sending(self, services)
        self.head = BatchHead(words)
        self.bank = BankFilesPart(context, words.formats)
        self.tables = BothTables(words, self.bank)
        self.draft_ticket = DraftTicket(words, context.clock)
        self.run_ticket = RunTicket(words, context.clock)
        self.panel = VendorPanel(words, context.clock)
        self._side = Side(self.draft_ticket, self.run_ticket, self.panel)
        self._side.may_prepare, self._side.may_run = self.drafting.may_prepare, self.sending.may_run
        self.export = DryRunExport(self, services)
        self.row_doing = RowDoing(self, services)
        self.failed = LoadFailed("")
        self.nothing = EmptyState("banknote-arrow-up", "")
        self.waiting = Waiting()
        self.reading = BatchReading(self, services)
        self._build()
        self._connect()

    def _build(self) -> None:
        self._body = QStackedWidget()
        for part in (self.tables, self.nothing):
            self._body.addWidget(part)
        self._left = QWidget()
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._body, 1)
        work = QWidget()
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left, 1)
        row.addWidget(self._side)
        self._stack = QStackedWidget(self)
        for page in (self.waiting, work, self.failed):
            self._stack.addWidget(page)
        self._work = work
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._stack)

    def _connect(self) -> None:
        head, tables, draft, run = self.head, self.tables, self.draft_ticket, self.run_ticket
        head.left.connect(self.left)
        head.again.connect(self.run_again)
        head.currency_chosen.connect(self._choose_currency)
        head.turned.connect(self._turn)
        tables.chosen.connect(self._side.follow)
        tables.opened.connect(self.open_vendor)
        tables.step_asked.connect(self.row_doing.step)
        tables.export_asked.connect(self.export.ask)
        tables.failed.connect(self._rows_failed)
        draft.approve_asked.connect(self.drafting.ask_approve)
        draft.back_asked.connect(self.drafting.ask_back)
        draft.give_in_asked.connect(self.drafting.ask_give_in)
        draft.discard_asked.connect(self.drafting.ask_discard)
        run.run_asked.connect(self.sending.ask_run)
        run.resume_asked.connect(self.sending.resume)
        run.pause_asked.connect(self.sending.pause)
        run.stop_asked.connect(self.sending.stop)
        run.read_asked.connect(self.sending.read_unknown)
        run.bank_asked.connect(tables.show_bank)
        panel = self.panel
        panel.closed.connect(self.close_vendor)
        panel.statement_asked.connect(self.row_doing.open_statement)
        panel.retry_asked.connect(lambda row: self.sending.retry(row.payout))
        panel.read_asked.connect(lambda row: self.sending.read_now(row.payout))
        panel.take_back_asked.connect(self.sending.ask_take_back)
        panel.leave_out_asked.connect(self.drafting.ask_leave_out)
        panel.step_asked.connect(self.row_doing.step)
        panel.earnings_asked.connect(self.earnings_asked)
        self.failed.again.connect(self.refresh)
        self.failed.details.connect(lambda: self.context.failed(self._failure))
        self.waiting.stopped.connect(self.reading.stop)
        self.waiting.again.connect(self.refresh)
        self.waiting.left.connect(self.left)
        Theme.current().changed.connect(self._fit)

    # what the screen asks

    @property
    def year(self) -> int:
        """That of now, by the agency's calendar."""
        return self.words.formats.local(self.context.clock.now(), self.words.formats.zone).year

    @property
    def panes(self) -> Sequence[QWidget]:
        if self._stack.currentWidget() is self.waiting:
            return (self.waiting,)
        tables = (self.tables.paid, self.tables.left)
        return (*tables, self.head, self._side)

    @property
    def primary(self) -> QAbstractButton | None:
        if self.in_panel:
            return self.panel.primary
        return self.draft_ticket.act if self.run is not None else self.run_ticket.act

    @property
    def foot(self) -> QWidget | None:
        """What stands at the bottom with buttons."""
        if self.in_panel:
            return None
        return (self.draft_ticket if self.run is not None else self.run_ticket).foot

    def handlers(self) -> Mapping[Act, Handler]:
        """What keys do while a batch is shown."""
        doing = self.row_doing
        return {Act.INVOICE: doing.statement, Act.READ_PAYMENT: doing.read_now, Act.NO_SHOW: doing.leave_out}

    def show_batch(self, batch_id: UUID) -> None:
        """Read a batch, and put the keyboard on its vendors."""
        if batch_id != self.batch_id:
            self.batch_id, self.batch, self.run, self.figures = batch_id, None, None, None
            self.currency, self._side_alone, self._bank_stands = "", False, ()
            self.bank.show_batch(None)
            self.draft_ticket.refuse(None)
            self.run_ticket.refuse(None)
            self.close_vendor()
            self.waiting.clear()
            self._stack.setCurrentWidget(self.waiting)
            if self.isVisible():
                self.waiting.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def refresh(self) -> None:
        """Read it again, now."""
        self.reading.now()

    def changed(self) -> None:
        """Something of it may have changed: it is read again soon."""
        self.reading.changed()

    def run_again(self) -> None:
        """Read it again; of a draft the provider is asked anew."""
        self.draft_ticket.refuse(None)
        self.reading.now(fresh=True)

    def back(self) -> bool:
        """One step: from the vendor to the ticket, from the ticket alone to the tables. False if there was none."""
        if self.in_panel:
            self.close_vendor()
            self.focus_start()
            return True
        if self._side_alone and self.is_narrow:
            self._turn()
            return True
        return False

    def focus_start(self) -> None:
        """The keyboard where work begins."""
        self.tables.focus_first()

    def close_down(self) -> None:
        self.tables.close_down()

    # what was read

    def show_read(self, read: Read) -> None:
        """A batch as it is now; of another than is shown nothing."""
        if read.batch.id != self.batch_id:
            return
        first = self.batch is None
        if read.agency is not None:
            self.words.use_zone(read.agency.zone)
        self.batch, self.run, self.figures, self.currencies = (
            read.batch,
            read.run,
            read.figures,
            read.currencies,
        )
        self._stack.setCurrentWidget(self._work)
        self._show_bank()
        self._show_currency()
        if not self._side.fill(read):
            self.close_vendor()
        if first and self.isVisible():
            self.focus_start()

    def fail(self, failure: Refusal | BugReport) -> None:
        """It could not be read."""
        self._failure = failure
        words = say("The program made a mistake.")
        if isinstance(failure, Refusal):
            words = f"{failure} {failure.hint}".strip()
        self.failed.say(say("The batch could not be read"), words)
        self._stack.setCurrentWidget(self.failed)

    def _rows_failed(self, error: Exception) -> None:
        self.fail(error if isinstance(error, Refusal) else BugReport.of(error))

    def say_stopped(self, done: int, total: int) -> None:
        """The provider is asked no further: what is shown stays, if there is anything."""
        if self.batch is None:
            self.waiting.say_stopped(done, total)
        else:
            first, second = stopped_words(done, total)
            self.draft_ticket.refuse(Refusal(first, hint=second))

    def _show_bank(self) -> None:
        """What goes by the bank is read again when it stands otherwise than before, not for each transfer."""
        stands = tuple(each for of in self.currencies for each in of.states if each.way is PayoutWay.BANK)
        failed = any(each.state is PayoutState.FAILED for each in stands)
        if stands != self._bank_stands or failed:
            self._bank_stands = stands
            self.bank.show_batch(self.batch_id if stands else None)

    @property
    def shown(self) -> Shown:
        """The currency that is shown; the one in which most is paid, until another is chosen."""
        found = next((each for each in self.currencies if each.currency == self.currency), None)
        return found or next(iter(self.currencies), Shown(""))

    def _choose_currency(self, code: str) -> None:
        self.currency = code
        if self.in_panel:
            self.close_vendor()
        self._show_currency()

    def _show_currency(self) -> None:
        batch, shown = self.batch, self.shown
        if batch is None:
            return
        live = self.run is None
        alone = self.run is not None and self.run.alone
        self.head.show_batch(batch, self.currencies, shown.currency, self.year, alone=alone)
        if shown.currency:
            self._show_tables(batch, shown, live=live)
        else:
            self.nothing.say(*nothing_words(batch))
        self._body.setCurrentWidget(self.tables if shown.currency else self.nothing)
        if self.run is not None:
            may = self.drafting
            self.draft_ticket.show_run(
                self.run, shown, may_prepare=may.may_prepare, may_approve=may.may_approve
            )
            self._side.show_ticket(self.draft_ticket)
        else:
            self._show_run()
            self._side.show_ticket(self.run_ticket)
        self._fit()

    def _show_tables(self, batch: BatchRow, shown: Shown, *, live: bool) -> None:
        of, code = (batch.id, shown.currency, live), shown.currency
        run = None if self.run is None else next(x for x in self.run.currencies if x.currency == code)
        if run is not None:
            paid, left = paid_of_draft(run), left_of_draft(run, self.words)
        else:
            rows, actor = self._services.batch_rows, self.context.actor
            paid, left = (
                paid_of_batch(rows, actor, batch.id, code),
                left_of_batch(rows, actor, batch.id, code, self.words),
            )
        self.tables.show_batch(shown, paid, left, of=of, live=live, has_bank=live and bool(self._bank_stands))

    def _show_run(self) -> None:
        if self.batch is not None and self.figures is not None:
            self.run_ticket.show_batch(
                self.batch,
                self.shown,
                self.figures,
                here=self.sending.here == self.batch.id,
                vendor=self.sending.vendor,
                may_run=self.sending.may_run,
            )

    def show_progress(self) -> None:
        """To whom is being sent just now."""
        self._show_run()

    # one vendor

    @property
    def in_panel(self) -> bool:
        """Whether a vendor is shown in the place of the ticket."""
        return self._side.in_panel

    @property
    def watched(self) -> PaidRow | LeftLine | None:
        """The vendor of whom more is shown than their row."""
        return self._side.watched

    def open_vendor(self, row: PaidRow | LeftLine) -> None:
        """Show one vendor, with the keyboard on what can be done."""
        self._side.open(row)
        self._side_alone = True
        self._fit()
        self.panel.focus_first()

    def close_vendor(self) -> None:
        """Back to the ticket."""
        self._side.close_panel()
        self._side_alone = False
        self._fit()
        if self.isVisible():
            self.tables.focus_first()

    # room

    @property
    def is_narrow(self) -> bool:
        return self.width() < Theme.current().px(TABLES + SIDE)

    def _turn(self) -> None:
        """Where there is no room for both: from the tables to the ticket, and back."""
        self._side_alone = not self._side_alone
        self._fit()
        if self._side_alone:
            self.primary.setFocus() if self.primary is not None else None
        else:
            self.focus_start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme, narrow = Theme.current(), self.is_narrow
        room = self.width() if narrow else self.width() - theme.px(TABLES)
        wide = theme.size("ticket") + 32
        self._side.setFixedWidth(self.width() if narrow else max(min(wide, room), theme.px(SIDE)))
        self.head.stand_alone(narrow)
        self._left.setVisible(not narrow or not self._side_alone)
        self._side.setVisible(not narrow or self._side_alone)
