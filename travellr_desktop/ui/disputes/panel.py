"""One dispute beside the list: what to do about it, what it is about, what the books say, and what happened when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.states import DisputeState
from travellr_desktop.services.disputes import DisputeDetail
from travellr_desktop.ui.disputes.words import BADGES, advice, due_words, reason_words
from travellr_desktop.ui.ledger.words import EVENTS, account_name
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Facts, MoneyRows, Section
from travellr_desktop.ui.parts.timeline import Timeline, TimelineItem
from travellr_desktop.ui.records.words import Words

_DECIDED = {
    DisputeState.WON: ("The bank decided for the agency", "shield-check", "ok"),
    DisputeState.LOST: ("The bank decided for the traveller", "shield-alert", "bad"),
    DisputeState.CLOSED: ("Inquiry closed", "circle-slash", "text_secondary"),
}


class DisputePanel(DetailPanel):
    """`show_dispute` fills it; what is asked for comes as signals."""

    read_asked = Signal()
    booking_asked = Signal(str)
    """Show the booking with this reference."""
    sale_asked = Signal(str)
    """Show the payments of the sale with this reference."""

    def __init__(self, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__("Dispute", parent)
        self.setAccessibleName(self.tr("Dispute"))
        self._words, self._clock = words, clock
        self.shown: DisputeDetail | None = None
        self.answer: Button | None = None
        self.read: Button | None = None
        self.open_button: Button | None = None
        self.more: IconButton | None = None

    def show_dispute(self, detail: DisputeDetail) -> None:
        """Another dispute, or the same read again."""
        same = self.shown is not None and self.shown.id == detail.id
        if same and detail == self.shown:
            return
        self.shown = detail
        with self.refilled(same=same):
            status, word = BADGES[detail.state]
            self.set_head(detail.sale_reference, badge=Badge(status, word=word), person=detail.traveller_name)
            self._actions(detail)
            self.add(self._figure(detail), divider=False)
            self.add(Note(*advice(self._words, detail, self._clock.now())), divider=False)
            self.add(self._facts(detail), divider=False)
            self.add(self._bookings(detail))
            self.add(self._books(detail))
            self.add(self._happened(detail))

    def first_actions(self) -> Sequence[QWidget | None]:
        return (self.answer, self.read, self.open_button, self.more)

    @property
    def primary(self) -> Button | None:
        return self.answer or self.read

    # parts

    def _actions(self, detail: DisputeDetail) -> None:
        self.answer = self.read = self.open_button = None
        undecided = detail.ended_at is None
        if detail.page and undecided:
            self.answer = Button(self.tr("Open at Stripe"), Kind.PRIMARY, icon="external-link")
            self.answer.clicked.connect(partial(self._open_page, detail.page))
            self.action_row.addWidget(self.answer)
        elif undecided:
            self.read = Button(self.tr("Read it now"), Kind.PRIMARY, key="R")
            self.read.clicked.connect(self.read_asked)
            self.action_row.addWidget(self.read)
        if detail.bookings:
            self.open_button = Button(self.tr("Open booking"))
            self.open_button.clicked.connect(partial(self.booking_asked.emit, detail.bookings[0].reference))
            self.action_row.addWidget(self.open_button)
        self.more = self.add_more(self.offer_more)

    def offer_more(self) -> None:
        """Everything that can be done from this dispute."""
        detail = self.shown
        if detail is None or self.more is None:
            return
        menu = Menu(self.tr("More"), self)
        if detail.ended_at is None:
            menu.add(self.tr("Read it now"), self.read_asked.emit, icon="refresh-cw", key="R")
        if detail.page:
            menu.add(self.tr("Open at Stripe"), partial(self._open_page, detail.page), icon="external-link")
        for booking in detail.bookings:
            menu.add(
                self.tr("Open {0}").format(booking.reference),
                partial(self.booking_asked.emit, booking.reference),
                icon="ticket",
            )
        words = self.tr("Payments of {0}").format(detail.sale_reference)
        menu.add(words, partial(self.sale_asked.emit, detail.sale_reference), icon="credit-card")
        copy = QGuiApplication.clipboard().setText
        menu.add(self.tr("Copy the dispute's reference"), partial(copy, detail.ref), icon="copy")
        menu.add(self.tr("Copy the payment's reference"), partial(copy, detail.payment_ref), icon="copy")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup_below(self.more)

    @staticmethod
    def _open_page(page: str) -> None:
        QDesktopServices.openUrl(QUrl(page))

    def _figure(self, detail: DisputeDetail) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(Label(self._words.money(detail.amount), "total"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Glyph("credit-card"))
        paid = self.tr("of {0}, {1}").format(self._words.money(detail.paid), detail.payment_label)
        row.addWidget(Label(paid, "small", "text_secondary", wrap=True), 1)
        column.addLayout(row)
        return part

    def _facts(self, detail: DisputeDetail) -> QWidget:
        now = self._clock.now()
        facts = Facts(columns=1)
        facts.add(self.tr("Reason"), reason_words(detail.reason), wrap=True)
        due = due_words(self._words, detail.due_by, now, decided=detail.ended_at is not None)
        facts.add(self.tr("Answer by"), due, tone="bad" if detail.is_late else "text")
        facts.add(self.tr("Provider's reference"), detail.ref, wrap=True)
        return facts

    def _bookings(self, detail: DisputeDetail) -> QWidget:
        section = Section(self.tr("What it is about"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for number, booking in enumerate(detail.bookings):
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(Label(booking.title, "body", wrap=True))
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(Label(booking.reference, "small", "text_secondary", reference=True))
            row.addWidget(Badge(booking.state))
            row.addStretch(1)
            words.addLayout(row)
            grid.addLayout(words, number, 0)
            amount = Label(self._words.money(booking.amount), "body_m")
            amount.setAccessibleName(f"{booking.reference} {self._words.money(booking.amount)}")
            grid.addWidget(amount, number, 1)
        section.body.addLayout(grid)
        return section

    def _books(self, detail: DisputeDetail) -> QWidget:
        section = Section(self.tr("In the books"))
        rows = MoneyRows(gap=4)
        if not detail.entries:
            section.body.addWidget(Label(self.tr("Nothing: no money has moved."), "small", "text_secondary"))
            return section
        for entry in detail.entries:
            # what it went into, or came out of, beside the account that all of the kind share
            words = f"{EVENTS[entry.event]}: {account_name(entry.debit)}"
            rows.add(words, self._words.money(entry.amount))
        if detail.ended_at is None:
            rows.add(self.tr("The bank has"), self._words.money(detail.held), strong=True)
        section.body.addWidget(rows)
        return section

    def _happened(self, detail: DisputeDetail) -> QWidget:
        section = Section(self.tr("Timeline"))
        section.body.addWidget(Timeline(list(self._items(detail))))
        return section

    def _items(self, detail: DisputeDetail) -> Iterator[TimelineItem]:
        """The newest first."""
        now = self._clock.now()
        if detail.ended_at is not None:
            words, icon, tone = _DECIDED[detail.state]
            yield TimelineItem(icon, self.tr(words), "", self._words.stamp(detail.ended_at, now), tone)
        if detail.taken_at is not None:
            fee = self._words.money(detail.fee)
            second = self.tr("and {0} for the dispute").format(fee) if detail.fee.minor else ""
            yield TimelineItem(
                "undo-2",
                self.tr("{0} taken by the bank").format(self._words.money(detail.amount)),
                second,
                self._words.stamp(detail.taken_at, now),
                "bad",
            )
        yield TimelineItem(
            "shield-alert",
            self.tr("Opened by the traveller's bank"),
            reason_words(detail.reason),
            self._words.stamp(detail.opened_at, now),
            "wait",
        )
        yield TimelineItem(
            "circle-check",
            self.tr("Paid"),
            detail.payment_label,
            self._words.stamp(detail.paid_at, now),
            "ok",
        )
