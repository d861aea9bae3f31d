"""One vendor of a batch: how the figure came about, where it goes, what can be done; or why they are left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.payouts.views import NextStep
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider, Facts, MoneyRows
from travellr_desktop.ui.parts.ticket import Ticket
from travellr_desktop.ui.payouts.rows import LeftLine, PaidRow
from travellr_desktop.ui.payouts.words import (
    LEFT_BADGES,
    bookings,
    left_word,
    payout_badge,
    say,
    step_word,
)
from travellr_desktop.ui.records.words import Words

_UNDONE = frozenset({PayoutState.UNKNOWN, PayoutState.SENDING})


class VendorPanel(DetailPanel):
    """`show_paid` or `show_left` fills it; what is asked for comes as signals, each with the row."""

    statement_asked = Signal(object)
    retry_asked = Signal(object)
    read_asked = Signal(object)
    take_back_asked = Signal(object)
    leave_out_asked = Signal(object)
    step_asked = Signal(object)
    earnings_asked = Signal(object)

    def __init__(self, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(say("Vendor in this batch"), parent)
        self._words, self._clock = words, clock
        self.shown: PaidRow | LeftLine | None = None
        self.buttons: list[Button] = []

    def first_actions(self) -> Sequence[QWidget | None]:
        return self.buttons

    @property
    def primary(self) -> Button | None:
        return next((each for each in self.buttons if each.kind is Kind.PRIMARY), None)

    # filling

    def show_paid(self, row: PaidRow, *, may_prepare: bool, may_run: bool) -> None:
        """Who is paid; a draft's rows have no payout."""
        same = self._begin(row)
        if same is None:
            return
        payout = row.payout
        badge = None
        if payout is not None:
            status, word = payout_badge(payout)
            badge = Badge(status, word=word)
        with self.refilled(same=same):
            self.buttons = []
            self.set_head(row.name, badge=badge)
            self._paid_actions(row, may_prepare=may_prepare, may_run=may_run)
            self.action_row.addStretch(1)
            if payout is not None and payout.state is PayoutState.FAILED:
                self.add(Note("bad", say("It failed, and is owed again."), payout.failure), divider=False)
            elif payout is not None and payout.state is PayoutState.UNKNOWN:
                second = say(
                    "The program looks it up by itself, and sends nothing twice. Do not pay it again."
                )
                self.add(Note("unknown", say("Nobody knows whether it arrived."), second), divider=False)
            self.add(self._ticket(row), divider=False)
            self.add(self._facts(row), divider=False)
            self._earnings(row)

    def show_left(self, row: LeftLine) -> None:
        """Who is left out, and why."""
        same = self._begin(row)
        if same is None:
            return
        with self.refilled(same=same):
            self.buttons = []
            self.set_head(row.name, badge=Badge(LEFT_BADGES[row.reason], word=left_word(row.reason)))
            if row.step not in (NextStep.NOTHING, NextStep.WAIT_FOR_FUNDS):
                self._button(step_word(row.step), self.step_asked, row, Kind.PRIMARY)
                self.action_row.addStretch(1)
            rows = MoneyRows(gap=2)
            rows.add(say("Would be"), self._words.money(row.amount), strong=True)
            self.add(rows, divider=False)
            self.add(Label(row.says, "body", wrap=True), divider=False)
            self._earnings(row)

    def _begin(self, row: PaidRow | LeftLine) -> bool | None:
        """Whether it is the same vendor as before; None where nothing has changed at all."""
        if row == self.shown:
            return None
        same = self.shown is not None and self.shown.id == row.id
        self.shown = row
        return same

    # parts

    def _paid_actions(self, row: PaidRow, *, may_prepare: bool, may_run: bool) -> None:
        payout = row.payout
        if payout is None:
            if may_prepare:
                self._button(say("Leave out"), self.leave_out_asked, row, Kind.PLAIN, key="X")
            return
        transfer = payout.way is PayoutWay.TRANSFER
        if payout.told is not None:
            self._button(say("Open statement"), self.statement_asked, row, Kind.PLAIN, key="I")
        if not may_run or not transfer:
            return
        if payout.state is PayoutState.FAILED:
            self._button(say("Send once more"), self.retry_asked, row, Kind.PRIMARY, first=True)
        elif payout.state in _UNDONE:
            self._button(say("Read it now"), self.read_asked, row, Kind.PRIMARY, key="R", first=True)
        elif payout.state is PayoutState.PAID and payout.taken_back < payout.amount:
            self._button(say("Take back"), self.take_back_asked, row, Kind.DANGER_PLAIN)

    def _button(
        self,
        words: str,
        asked: object,
        row: PaidRow | LeftLine,
        kind: Kind,
        *,
        key: str = "",
        first: bool = False,
    ) -> None:
        button = Button(words, kind, key=key)
        button.clicked.connect(partial(asked.emit, row))  # type: ignore[attr-defined]
        self.buttons.insert(0 if first else len(self.buttons), button)
        self.action_row.insertWidget(0 if first else self.action_row.count(), button)

    def _ticket(self, row: PaidRow) -> QWidget:
        money, ticket, of = self._words.money, Ticket(), row.figures
        ticket.above.addWidget(Label(say("To pay"), "small", "text_secondary"))
        ticket.above.addSpacing(2)
        ticket.above.addWidget(Label(money(row.amount), "total"))
        rows = MoneyRows(gap=2)
        if of is not None:
            gross = say("Gross")
            if of.bookings:
                gross = f"{gross}, {bookings(of.bookings)}"
            for words, minor in (
                (gross, of.gross),
                (say("Commission kept"), of.commission),
                (say("Refunds, vendor share"), of.refunds),
                (say("Adjustments"), of.adjustments),
                (say("Carried in"), of.carried_in),
            ):
                if minor:
                    rows.add(words, self._words.minor(minor, row.currency))
        ticket.below.addWidget(rows)
        ticket.below.addSpacing(8)
        ticket.below.addWidget(Divider())
        ticket.below.addSpacing(8)
        total = MoneyRows(gap=2)
        total.add(say("Total"), money(row.amount), strong=True)
        if row.payout is not None and row.payout.taken_back.minor:
            total.add(say("Taken back since"), money(-row.payout.taken_back))
        for words, apart in (
            (say("For the next batch"), row.rest),
            (say("Held, not in it"), row.held),
            (say("Disputed, not in it"), row.disputed),
        ):
            if apart is not None and apart.minor:
                total.add(words, money(apart), quiet=True)
        ticket.below.addWidget(total)
        return ticket

    def _facts(self, row: PaidRow) -> QWidget:
        facts, payout, now = Facts(), row.payout, self._clock.now()
        facts.add(say("To account"), row.label, wrap=True)
        facts.add(say("By"), say("Stripe") if row.way is PayoutWay.TRANSFER else say("Bank file"))
        if row.free_at is not None:
            facts.add(say("Next is free"), self._words.day(row.free_at))
        if payout is not None:
            if payout.told is not None:
                facts.add(say("Statement"), payout.told.number)
            if payout.number > 1:
                facts.add(say("Try"), f"{payout.number:,}")
            if payout.ended_at is not None:
                facts.add(say("Since"), self._words.stamp(payout.ended_at, now))
        return facts

    def _earnings(self, row: PaidRow | LeftLine) -> None:
        link = Button(say("Every line of it, in Earnings"), Kind.LINK, icon="wallet", height="control_small")
        link.clicked.connect(partial(self.earnings_asked.emit, row))
        self.buttons.append(link)
        around = QWidget()
        line = QHBoxLayout(around)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(link)
        line.addStretch(1)
        self.add(around)
