"""Payouts: all batches, and one of them with its vendors and the ticket that approves or sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QAbstractButton, QStackedLayout, QWidget

from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.errors import Refusal
from travellr_desktop.events import (
    DisputeChanged,
    EarningsChanged,
    Event,
    PayoutBatchChanged,
    SettingsChanged,
    VendorPayout,
)
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.payouts.views import BatchRow, NextStep, OverdueItem
from travellr_desktop.services.registry import Services
from travellr_desktop.services.vendors import VendorName
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.pace import Pace
from travellr_desktop.ui.payouts.batch_list import BatchList
from travellr_desktop.ui.payouts.batch_page import BatchPage
from travellr_desktop.ui.payouts.prepare import PrepareQuestion
from travellr_desktop.ui.payouts.reading import unknown_of
from travellr_desktop.ui.payouts.rows import LeftLine, PaidRow
from travellr_desktop.ui.payouts.words import say
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context, Screen

_CHANGES = PayoutBatchChanged | VendorPayout | EarningsChanged | DisputeChanged | SettingsChanged
_PAGES = {
    NextStep.ADD_DOCUMENT: "papers",
    NextStep.ADD_ACCOUNT: "paid",
    NextStep.SET_MINIMUM: "paid",
    NextStep.ASK_VENDOR: "standing",
}
"""The page of a vendor on which each next step is done."""


@dataclass(frozen=True, slots=True)
class _Read:
    rows: tuple[BatchRow, ...]
    overdue: tuple[OverdueItem, ...]
    agency: AgencyView | None


class PayoutsScreen(Screen):
    """`open_batch(id)` shows one batch, `show_all()` all of them."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._services: Services = context.services
        self.words = Words(self._services.locale)
        self._may_prepare = allowed(context.actor.role, Permission.PAYOUT_PREPARE)
        self._failure: Refusal | BugReport | None = None
        self._begun = False
        self._listing = Pace(self._read_list, self)
        self.list = BatchList(self.words, context.clock, may_prepare=self._may_prepare)
        self.page = BatchPage(context, self._services, self.words)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.page)
        self.list.opened.connect(self.open_batch)
        self.list.prepare_asked.connect(self.ask_prepare)
        self.list.read_asked.connect(self._read_unknown)
        self.list.again.connect(self._listing.now)
        self.list.details.connect(lambda: self.context.failed(self._failure))
        self.page.left.connect(self.show_all)
        self.page.step_asked.connect(self._go_step)
        self.page.earnings_asked.connect(self._go_earnings)

    # what the shell asks

    def handlers(self) -> Mapping[Act, Handler]:
        return {
            Act.AGAIN: self._again,
            Act.BACK: self.back,
            Act.INVOICE: partial(self._on_page, Act.INVOICE),
            Act.READ_PAYMENT: partial(self._on_page, Act.READ_PAYMENT),
            Act.NO_SHOW: partial(self._on_page, Act.NO_SHOW),
            **({Act.NEW_BATCH: self.prepare} if self._may_prepare else {}),
        }

    def panes(self) -> Sequence[QWidget]:
        return self.page.panes if self.in_batch else (self.list.table, self.list)

    def primary(self) -> QAbstractButton | None:
        return self.page.primary if self.in_batch else self.list.prepare

    def foot(self) -> QWidget | None:
        return self.page.foot if self.in_batch else None

    def cares(self, event: Event) -> bool:
        return isinstance(event, _CHANGES)

    def refresh(self) -> None:
        super().refresh()
        if self.in_batch:  # all of them are read when they are shown again
            self.page.changed()
        else:
            self._listing.ask()

    def close_down(self) -> None:
        super().close_down()
        self.list.close_down()
        self.page.close_down()

    # reading

    def _read_list(self) -> bool:
        services, actor = self._services, self.context.actor
        begun = self.context.background.run(
            self,
            lambda _task: _Read(
                services.payouts.batches(actor), services.payouts.overdue(actor), services.agency.view()
            ),
            key=("payouts.batches", id(self)),
            newest=True,
            done=self._came,
            refused=self._fail,
            failed=self._fail,
            ended=self._listing.ended,
        )
        return begun is not None

    def _came(self, read: _Read) -> None:
        if read.agency is not None:
            self.words.use_zone(read.agency.zone)
        self.list.show_batches(read.rows, read.overdue)
        if not self._begun:
            self._begun = True
            if self.isVisible() and not self.in_batch:
                self.list.focus_start()

    def _fail(self, failure: Refusal | BugReport) -> None:
        self._failure = failure
        words = say("The program made a mistake.")
        if isinstance(failure, Refusal):
            words = f"{failure} {failure.hint}".strip()
        self.list.fail(words)

    # which

    @property
    def in_batch(self) -> bool:
        """Whether one batch is shown."""
        return self._stack.currentWidget() is self.page

    def open_batch(self, batch_id: UUID) -> None:
        """Show one batch."""
        self._stack.setCurrentWidget(self.page)
        self.page.show_batch(batch_id)

    def show_all(self) -> None:
        """Show all batches, with the keyboard on them."""
        self._stack.setCurrentWidget(self.list)
        self._listing.now()
        self.list.focus_start()

    def back(self) -> None:
        """One step: within the batch, then to all of them."""
        if self.in_batch and not self.page.back():
            self.show_all()

    def _again(self) -> None:
        if self.in_batch:
            self.page.run_again()
        else:
            self._listing.now()

    def _on_page(self, act: Act) -> None:
        if self.in_batch:
            self.page.handlers()[act]()

    # preparing

    def prepare(self) -> None:
        """Ask which batch is to be prepared."""
        self.ask_prepare(BatchKind.WEEKLY, ())

    def ask_prepare(self, kind: BatchKind, chosen: Sequence[UUID]) -> None:
        """The same, with this kind and these vendors chosen already."""
        vendors, actor = self._services.vendors, self.context.actor
        self.context.background.run(
            self,
            lambda _task: vendors.names(actor),
            key=("payouts.vendors", id(self)),
            done=lambda names: self._ask_prepare(kind, names, chosen),
        )

    def _ask_prepare(self, kind: BatchKind, names: Sequence[VendorName], chosen: Sequence[UUID]) -> None:
        formats = self.words.formats
        today = formats.local(self.context.clock.now(), formats.zone).date()
        question = PrepareQuestion(formats.locale, kind, today, names, chosen, self.window())
        question.asked = partial(self._prepare, question)
        question.finished.connect(question.deleteLater)
        question.open()

    def _prepare(self, question: PrepareQuestion) -> None:
        try:
            wanted = question.wanted()
        except Refusal as refusal:
            question.refuse(refusal)
            return
        payouts, actor = self._services.payouts, self.context.actor

        def done(batch_id: UUID) -> None:
            question.accept()
            self.context.say.finished(say("The draft is prepared"))
            self.open_batch(batch_id)

        question.set_busy(say("Preparing"))
        self.context.background.run(
            question,
            lambda _task: payouts.prepare(actor, wanted.kind, wanted.first, wanted.last, wanted.vendors),
            words=say("Preparing the batch"),
            key=("payouts.prepare", id(question)),
            done=done,
            refused=question.refuse,
            ended=lambda: question.set_busy(None),
        )

    def _read_unknown(self, items: Sequence[OverdueItem]) -> None:
        """Find out about every payout of these batches that nobody knows of."""
        services, actor = self._services, self.context.actor
        batches = {each.batch_id for each in items if each.batch_id is not None}

        def read(_task: Task) -> None:
            for batch_id in batches:
                for payout_id in unknown_of(services, actor, batch_id):
                    services.payout_runs.read_now(actor, payout_id)

        self.context.background.run(
            self,
            read,
            words=say("Reading the payouts"),
            key=("payouts.unknown", id(self)),
            done=lambda _: self.refresh(),
        )

    # other screens

    def _go_step(self, row: LeftLine) -> None:
        """Go to where a vendor who is left out can be put right."""
        if row.step is NextStep.OPEN_DISPUTE:
            screen = self.context.go("payments")
            if screen is not None:
                screen.go_view("disputes")
                page = getattr(screen, "disputes", None)
                if page is not None and row.dispute:
                    page.show_words(row.dispute.split(",")[0].strip())
            return
        screen = self.context.go("vendors")
        open_thing = getattr(screen, "open_thing", None)
        if open_thing is not None:
            open_thing(row.vendor_id, row.name)
            if (page_name := _PAGES.get(row.step)) is not None:
                screen.panel.turn_to(page_name)  # type: ignore[union-attr]

    def _go_earnings(self, row: PaidRow | LeftLine) -> None:
        show = getattr(self.context.go("earnings"), "show_vendor", None)
        if show is not None:
            show(row.vendor_id)
