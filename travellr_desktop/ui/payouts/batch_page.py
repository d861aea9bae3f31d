"""One batch: what it comes to and for whom, at the side the ticket that approves or sends it, or one vendor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.errors import Refusal
from travellr_desktop.services.payouts.run_views import RunFigures
from travellr_desktop.services.payouts.views import BatchDetail, BatchRow, DryRun
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.payouts.bank_files import BankFilesPart
from travellr_desktop.ui.payouts.both import BothTables
from travellr_desktop.ui.payouts.draft_ticket import DraftTicket
from travellr_desktop.ui.payouts.drafting import Drafting
from travellr_desktop.ui.payouts.export import DryRunExport
from travellr_desktop.ui.payouts.head import BatchHead
from travellr_desktop.ui.payouts.reading import Read, read_batch
from travellr_desktop.ui.payouts.row_doing import RowDoing
from travellr_desktop.ui.payouts.rows import LeftLine, PaidRow, Shown, of_batch, of_draft
from travellr_desktop.ui.payouts.run_ticket import RunTicket
from travellr_desktop.ui.payouts.sending import Sending
from travellr_desktop.ui.payouts.vendor_panel import VendorPanel
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
        self.detail: BatchDetail | None = None
        self.run: DryRun | None = None
        self.figures: RunFigures | None = None
        self.currencies: tuple[Shown, ...] = ()
        self.currency = ""
        self._side_alone = False
        self._failure: Refusal | BugReport | None = None
        self.drafting, self.sending = Drafting(self, services), Sending(self, services)
        self.head = BatchHead(words)
        self.bank = BankFilesPart(context, words.formats)
        self.tables = BothTables(words, self.bank)
        self.draft_ticket = DraftTicket(words, context.clock)
        self.run_ticket = RunTicket(words, context.clock)
        self.panel = VendorPanel(words, context.clock)
        self.export = DryRunExport(self, services)
        self.row_doing = RowDoing(self, services)
        self.failed = LoadFailed("")
        self.nothing = EmptyState("banknote-arrow-up", "")
        self._build()
        self._connect()

    def _build(self) -> None:
        tickets = Pane("canvas", edges=("left",))
        inner = QVBoxLayout(tickets)
        inner.setContentsMargins(16, 16, 16, 16)
        self._tickets = QStackedWidget()
        for ticket in (self.draft_ticket, self.run_ticket):
            self._tickets.addWidget(ticket)
        inner.addWidget(self._tickets)
        self._side = QStackedWidget()
        self._side.addWidget(tickets)
        self._side.addWidget(self.panel)
        self.panel.setMinimumWidth(0)
        self.panel.setMaximumWidth(16_777_215)
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
        self._blank = Pane("surface")
        self._stack = QStackedWidget(self)
        for page in (self._blank, work, self.failed):
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
        tables.chosen.connect(self._follow)
        tables.opened.connect(self.open_vendor)
        tables.step_asked.connect(self.row_doing.step)
        tables.export_asked.connect(self.export.ask)
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
        Theme.current().changed.connect(self._fit)

    # what the screen asks

    @property
    def year(self) -> int:
        """That of now, by the agency's calendar."""
        return self.words.formats.local(self.context.clock.now(), self.words.formats.zone).year

    @property
    def panes(self) -> Sequence[QWidget]:
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
            self.batch_id, self.detail, self.run, self.figures = batch_id, None, None, None
            self.currency, self._side_alone = "", False
            self.draft_ticket.refuse(None)
            self.run_ticket.refuse(None)
            self.close_vendor()
            self._stack.setCurrentWidget(self._blank)
        self.refresh()

    def refresh(self) -> None:
        """Read it again."""
        self._read_batch(fresh=False)

    def run_again(self) -> None:
        """Read it again; of a draft the provider is asked anew."""
        self.draft_ticket.refuse(None)
        self._read_batch(fresh=True)

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

    # reading

    def _read_batch(self, *, fresh: bool) -> None:
        batch_id, services, actor = self.batch_id, self._services, self.context.actor
        if batch_id is None:
            return

        self.context.background.run(
            self,
            lambda _task: read_batch(services, actor, batch_id, fresh=fresh),
            words=say("Running it again") if fresh else "",
            key=("payouts.batch", id(self)),
            newest=True,
            done=self._show,
            refused=self._fail,
            failed=self._fail,
        )

    def _fail(self, failure: Refusal | BugReport) -> None:
        self._failure = failure
        words = say("The program made a mistake.")
        if isinstance(failure, Refusal):
            words = f"{failure} {failure.hint}".strip()
        self.failed.say(say("The batch could not be read"), words)
        self._stack.setCurrentWidget(self.failed)

    # showing

    def _show(self, read: Read) -> None:
        if read.detail.batch.id != self.batch_id:
            return
        first = self.detail is None
        if read.agency is not None:
            self.words.use_zone(read.agency.zone)
        self.detail, self.run, self.figures = read.detail, read.run, read.figures
        self.currencies = of_batch(read.detail) if read.run is None else of_draft(read.run, self.words)
        self._stack.setCurrentWidget(self._work)
        self.bank.show_batch(read.detail.batch.id if self._by_bank else None)
        self._show_currency()
        if first and self.isVisible():
            self.focus_start()

    @property
    def _by_bank(self) -> bool:
        return self.detail is not None and any(each.way is PayoutWay.BANK for each in self.detail.payouts)

    @property
    def batch(self) -> BatchRow | None:
        return None if self.detail is None else self.detail.batch

    @property
    def shown(self) -> Shown:
        """The currency that is shown; the one in which most is paid, until another is chosen."""
        found = next((each for each in self.currencies if each.currency == self.currency), None)
        return found or next(iter(self.currencies), Shown("", (), ()))

    def _choose_currency(self, code: str) -> None:
        self.currency = code
        self._show_currency()

    def _show_currency(self) -> None:
        batch, shown = self.batch, self.shown
        if batch is None:
            return
        live = self.run is None
        self.head.show_batch(batch, self.currencies, shown.currency, self.year)
        if shown.currency:
            self.tables.show_batch(shown, live=live, has_bank=live and self._by_bank)
        else:
            self.nothing.say(*nothing_words(batch))
        self._body.setCurrentWidget(self.tables if shown.currency else self.nothing)
        if self.run is not None:
            may = self.drafting
            self.draft_ticket.show_run(
                self.run, shown, may_prepare=may.may_prepare, may_approve=may.may_approve
            )
            self._tickets.setCurrentWidget(self.draft_ticket)
        else:
            self._show_run()
            self._tickets.setCurrentWidget(self.run_ticket)
        self._fill_panel()
        self._fit()

    def _show_run(self) -> None:
        if self.detail is not None and self.figures is not None:
            self.run_ticket.show_batch(
                self.detail,
                self.shown,
                self.figures,
                here=self.sending.here == self.detail.batch.id,
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
        return self._side.currentWidget() is self.panel

    def open_vendor(self, row: PaidRow | LeftLine) -> None:
        """Show one vendor, with the keyboard on what can be done."""
        self._show_row(row)
        self._side.setCurrentWidget(self.panel)
        self._side_alone = True
        self._fit()
        self.panel.focus_first()

    def close_vendor(self) -> None:
        """Back to the ticket."""
        self._side.setCurrentIndex(0)
        self._side_alone = False
        self.panel.shown = None
        self._fit()
        if self.isVisible():
            self.tables.focus_first()

    def _follow(self, row: PaidRow | LeftLine) -> None:
        if self.in_panel:
            self._show_row(row)

    def _fill_panel(self) -> None:
        """The vendor that is shown, as they are now; a vendor who is not there any more is not shown either."""
        before = self.panel.shown
        if before is None or not self.in_panel:
            return
        rows: list[PaidRow | LeftLine] = [*self.shown.paid, *self.shown.left]
        now = next((row for row in rows if row.id == before.id), None)
        if now is None:
            self.close_vendor()
        else:
            self._show_row(now)

    def _show_row(self, row: PaidRow | LeftLine) -> None:
        if isinstance(row, LeftLine):
            self.panel.show_left(row)
        else:
            self.panel.show_paid(row, may_prepare=self.drafting.may_prepare, may_run=self.sending.may_run)

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
