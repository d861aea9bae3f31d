"""One entry beside the list: both accounts, what it belongs to, where it stands in the chain, the whole happening."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.ledger import Account
from travellr_desktop.services.books import EntryDetail
from travellr_desktop.ui.ledger.words import ACCOUNTS, EVENTS, account_name, short_hash
from travellr_desktop.ui.parts.button import Button, IconButton
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.pane import Card, MoneyRows, Section
from travellr_desktop.ui.records.words import Words


class EntryPanel(DetailPanel):
    """`booking_asked(reference)`, `sale_asked(reference)`, `vendor_asked(EntryDetail)` lead to what it belongs to."""

    booking_asked = Signal(str)
    sale_asked = Signal(str)
    vendor_asked = Signal(object)

    def __init__(self, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__("Entry", parent)
        self.setAccessibleName(self.tr("Entry"))
        self._words, self._clock = words, clock
        self.shown: EntryDetail | None = None
        self.open_booking: Button | None = None
        self.open_payment: Button | None = None
        self.more: IconButton | None = None

    def show_entry(self, entry: EntryDetail) -> None:
        """Another entry, or the same read again: that one has not changed, entries never do."""
        if self.shown == entry:
            return
        self.shown = entry
        with self.refilled(same=False):
            stamp = self._words.stamp(entry.at, self._clock.now())
            self.set_head(
                self.tr("Entry {0}").format(f"{entry.number:,}"), person=EVENTS[entry.event], contact=stamp
            )
            self._actions(entry)
            self.add(self._sides(entry), divider=False)
            self.add(self._belongs(entry), divider=False)
            if len(entry.together) > 1:
                self.add(self._together(entry))
            self.add(self._chain(entry))

    def first_actions(self) -> Sequence[QWidget | None]:
        return (self.open_booking, self.open_payment, self.more)

    # parts

    def _actions(self, entry: EntryDetail) -> None:
        self.open_booking = self.open_payment = None
        if entry.booking:
            self.open_booking = Button(self.tr("Open booking"), key="Enter")
            self.open_booking.clicked.connect(partial(self.booking_asked.emit, entry.booking))
            self.action_row.addWidget(self.open_booking)
        elif entry.has_payment:
            self.open_payment = Button(self.tr("Open payment"), key="Enter")
            self.open_payment.clicked.connect(partial(self.sale_asked.emit, entry.sale))
            self.action_row.addWidget(self.open_payment)
        self.more = self.add_more(self.offer_more)

    def offer_more(self) -> None:
        """Everything that can be done from this entry."""
        entry = self.shown
        if entry is None or self.more is None:
            return
        menu = Menu(self.tr("More"), self)
        copy = QGuiApplication.clipboard().setText
        if entry.booking:
            menu.add(
                self.tr("Open {0}").format(entry.booking),
                partial(self.booking_asked.emit, entry.booking),
                icon="ticket",
            )
        if entry.sale:
            words = self.tr("Payments of {0}").format(entry.sale)
            menu.add(words, partial(self.sale_asked.emit, entry.sale), icon="credit-card")
        if entry.vendor_id is not None:
            menu.add(self.tr("Open the vendor"), partial(self.vendor_asked.emit, entry), icon="store")
        if entry.provider_ref:
            menu.add(self.tr("Copy provider's reference"), partial(copy, entry.provider_ref), icon="copy")
        menu.add(self.tr("Copy hash"), partial(copy, entry.hash), icon="copy")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup_below(self.more)

    def _sides(self, entry: EntryDetail) -> QWidget:
        whole = QWidget()
        amount = Label(self._words.money(entry.amount), "total")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._side(self.tr("Debit"), entry.debit), 1)
        row.addWidget(self._side(self.tr("Credit"), entry.credit), 1)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(amount)
        column.addLayout(row)
        return whole

    @staticmethod
    def _side(side: str, account: Account) -> QWidget:
        name, holds = ACCOUNTS[account]
        card = Card("subtle")
        card.setAccessibleName(f"{side}: {name}")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(2)
        column.addWidget(Label(side, "small", "text_secondary"))
        column.addSpacing(4)
        column.addWidget(Label(name, "body_b", wrap=True))
        column.addWidget(Label(holds, "small", "text_secondary", wrap=True))
        column.addStretch(1)
        return card

    def _belongs(self, entry: EntryDetail) -> QWidget:
        facts = _FactRows()
        facts.add(self.tr("Booking"), entry.booking, reference=True)
        facts.add(self.tr("Traveller"), entry.traveller)
        facts.add(self.tr("Sale"), entry.sale, reference=True)
        facts.add(self.tr("Payment"), entry.way if entry.has_payment else "")
        name = self.tr("Refund at Stripe") if entry.has_refund else self.tr("At Stripe")
        facts.add(name, entry.provider_ref, reference=True)
        facts.add(self.tr("Vendor"), entry.vendor)
        if entry.available_at is not None:
            stamp = self._words.stamp(entry.available_at, self._clock.now())
            facts.add(self.tr("Available from"), stamp)
        facts.add(self.tr("Written by"), entry.by)
        facts.add(self.tr("At"), self._words.formats.desk_time(entry.at))
        return facts

    def _together(self, entry: EntryDetail) -> QWidget:
        section = Section(self.tr("The whole of it"))
        count = Label(
            self.tr("{0} entries").format(len(entry.together)), "small", "text_secondary", wrap=True
        )
        section.body.addWidget(count)
        rows = MoneyRows()
        for line in entry.together:  # as bookkeepers say it: what is debited, to what is credited
            words = self.tr("{0}: {1} to {2}").format(
                EVENTS[line.event], account_name(line.debit), account_name(line.credit)
            )
            rows.add(words, self._words.money(line.amount), strong=line.id == entry.id)
        section.body.addWidget(rows)
        return section

    def _chain(self, entry: EntryDetail) -> QWidget:
        section = Section(self.tr("In the chain"))
        facts = _FactRows()
        facts.add(self.tr("Desk"), entry.desk)
        facts.add(self.tr("Hash"), short_hash(entry.hash), reference=True)
        facts.add(self.tr("Hash of the row before"), short_hash(entry.prev_hash), reference=True)
        section.body.addWidget(facts)
        return section


class _FactRows(QWidget):
    """Words at the leading edge, what they are at the trailing one; what is "" is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)

    def add(self, words: str, value: str, *, reference: bool = False) -> None:
        if not value:
            return
        at = self._grid.rowCount()
        self._grid.addWidget(
            Label(words, "body", "text_secondary", wrap=True), at, 0, Qt.AlignmentFlag.AlignTop
        )
        shown = Label(
            value, "body_m", wrap=not reference, align=Qt.AlignmentFlag.AlignRight, reference=reference
        )
        shown.setAccessibleName(f"{words}: {value}")
        self._grid.addWidget(shown, at, 1, Qt.AlignmentFlag.AlignTop)
