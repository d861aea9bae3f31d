"""One booking beside the list: who, what, which money, and what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.states import BookingState
from travellr_desktop.services.amendments import ChangeKind
from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.debts import WriteOffView
from travellr_desktop.services.invoice_views import InvoiceRow
from travellr_desktop.services.notes import NoteRow
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.ui.bookings.documents_part import documents_section
from travellr_desktop.ui.bookings.owed_parts import (
    offer_owed,
    too_much_note,
    written_off_notes,
)
from travellr_desktop.ui.bookings.panel_money import money_rows, note_of_refund
from travellr_desktop.ui.bookings.panel_parts import (
    TravellersPart,
    asked_back_note,
    notes_section,
    offer_refund,
    unknown_note,
)
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Section
from travellr_desktop.ui.parts.timeline import Timeline
from travellr_desktop.ui.records.dispute_note import dispute_note
from travellr_desktop.ui.records.link_part import LinkPart
from travellr_desktop.ui.records.reader_part import ReaderPart
from travellr_desktop.ui.records.words import Words

_OPEN_SALE = (OutcomeState.UNKNOWN, OutcomeState.WAITING)
_SHORT = {"pay_unknown": "Unknown", "pay_failed": "Declined", "waiting": "Waiting"}
"""Words of the badge beside the reference, which must not be cut; the note below says what is meant."""
_EDGE = 16
_STANDING = (BookingState.PENDING, BookingState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Shown:
    """A booking and how its sale stands; the sale is None for those who may not see it."""

    detail: BookingDetail
    sale: SaleOutcome | None
    notes: tuple[NoteRow, ...] = ()
    invoices: tuple[InvoiceRow, ...] = ()
    given_up: tuple[WriteOffView, ...] = ()

    @property
    def can_read(self) -> bool:
        """Whether the outcome of a payment for it is not known yet."""
        return self.sale is not None and self.sale.state in _OPEN_SALE

    @property
    def can_take(self) -> bool:
        return self.detail.can_pay and self.detail.due.minor > 0

    @property
    def standing(self) -> int:
        """How many bookings of the sale can still be cancelled."""
        return 0 if self.sale is None else sum(each.state in _STANDING for each in self.sale.bookings)


def shown_in_flight(shown: Shown) -> bool:
    """Whether a payment of the sale is under way."""
    return shown.sale is None or shown.sale.state in _OPEN_SALE


class BookingPanel(DetailPanel):
    """`show_booking` fills it. What is asked for comes as signals; the screen does it."""

    take_asked = Signal()
    voucher_asked = Signal()
    read_asked = Signal()
    cancel_asked = Signal(bool)
    """Cancel; True for the whole sale."""
    change_asked = Signal(object)
    """Change it in this way: a `ChangeKind`."""
    save_asked = Signal()
    """Save the voucher under another name."""
    note_asked = Signal()
    note_dropped = Signal(object)
    """Take the note with this id back."""
    refund_asked = Signal(object)
    """Send the refund with this id now."""
    withdraw_asked = Signal(object)
    """Take the request for a refund with this id back."""
    payments_asked = Signal()
    came_in_asked = Signal()
    """Take what was written off, or more than is due."""
    write_off_asked = Signal()
    wait_again_asked = Signal(object)
    """Wait for the debt with this id again."""
    too_much_asked = Signal()
    """Decide what becomes of what was paid too much."""
    invoice_asked = Signal()
    """Issue what is to be invoiced of it."""
    document_asked = Signal(str)
    """Show the invoice or credit note with this number."""
    link_asked = Signal(object, object)
    """End the link of the payment with this id; the button that was pressed."""
    reader_asked = Signal(object, object)
    """The same, of a card reader that asks for it."""
    showing = Signal(object)
    """The `SaleOutcome` of what is shown now, None for a vendor's person."""

    def __init__(
        self,
        words: Words,
        clock: Clock,
        *,
        may_cancel_links: bool = True,
        may_write_off: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Booking", parent)
        self._words, self._clock, self._may_cancel_links = words, clock, may_cancel_links
        self._may_write_off = may_write_off
        self.shown: Shown | None = None
        self.take: Button | None = None
        self.read: Button | None = None
        self.voucher: Button | None = None
        self._cancel: Button | None = None
        self.change: Button | None = None
        self.more: IconButton | None = None

    def show_booking(self, shown: Shown) -> None:
        """Another booking, or the same read again: then what was scrolled to stays in sight."""
        same = self.shown is not None and self.shown.detail.id == shown.detail.id
        if same and shown == self.shown:
            return
        self.shown = shown
        with self.refilled(same=same):
            self._head_of(shown)
            self._actions(shown)
            self._notes(shown)
            self.add(self._what(shown.detail), divider=self._body.count() > 1)
            self.add(TravellersPart(shown.detail, self._words), divider=False)
            self.add(money_rows(shown.detail, self._words))
            if shown.invoices:
                self.add(documents_section(shown.invoices, self._words, self.document_asked.emit))
            if shown.sale is not None:
                self.add(self._noted(shown))
            if shown.detail.timeline:
                happened = self._words.happened(shown.detail.timeline, self._clock.now())
                section = Section(self.tr("Timeline"))
                section.body.addWidget(Timeline(happened))
                self.add(section)
        self.showing.emit(shown.sale)

    def first_actions(self) -> Sequence[QWidget | None]:
        return (self.take, self.read, self.voucher, self.change, self.more)

    @property
    def primary(self) -> Button | None:
        """The one filled button, if the booking has one."""
        found = (b for b in (self.take, self.read, self.voucher) if b is not None)
        return next((b for b in found if b.kind is Kind.PRIMARY), None)

    # parts

    def _head_of(self, shown: Shown) -> None:
        detail = shown.detail
        contact = detail.traveller_phone or detail.traveller_email
        badge = Badge(detail.status, word=_SHORT.get(detail.status))
        badge.setToolTip(Badge(detail.status).word)
        self.set_head(detail.reference, badge=badge, person=detail.traveller_name, contact=contact)

    def _actions(self, shown: Shown) -> None:
        detail = shown.detail
        self.take = self.read = self.voucher = self._cancel = self.change = None
        if shown.can_read:
            self.read = Button(self.tr("Read it now"), Kind.PRIMARY, icon="refresh-cw", key="R")
            self.read.clicked.connect(self.read_asked)
            self.action_row.addWidget(self.read)
        elif shown.can_take:
            self.take = Button(
                self.tr("Take {0}").format(self._words.money(detail.due)), Kind.PRIMARY, key="P"
            )
            self.take.clicked.connect(self.take_asked)
            self.action_row.addWidget(self.take)
        if detail.can_print:
            kind = Kind.PLAIN if self.action_row.count() else Kind.PRIMARY
            self.voucher = Button(self.tr("Voucher"), kind, key="V")
            self.voucher.clicked.connect(self.voucher_asked)
            self.action_row.addWidget(self.voucher)
        if detail.can_change:
            self.change = Button(self.tr("Change…"), Kind.PLAIN, key="E")
            self.change.clicked.connect(self.offer_changes)
            self.action_row.addWidget(self.change)
        if detail.can_cancel:
            self._cancel = Button(self.tr("Cancel…"), Kind.PLAIN)
            self._cancel.clicked.connect(lambda: self.cancel_asked.emit(False))
            self.action_row.addWidget(self._cancel)
        self.more = self.add_more(self.offer_more)
        self._fit_actions()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_actions()

    def _fit_actions(self) -> None:
        """Where there is no room for Cancel, or for Change, they stay in More."""
        room = self.contentsRect().width() - 2 * _EDGE + self.action_row.spacing()
        always = (self.take, self.read, self.voucher, self.more)
        needed = sum(self._takes(button) for button in always)
        for button in (self.change, self._cancel):
            needed += self._takes(button)
            if button is not None:
                button.setVisible(needed <= room)

    def _takes(self, button: QWidget | None) -> int:
        return 0 if button is None else button.sizeHint().width() + self.action_row.spacing()

    def offer_changes(self) -> None:
        """The ways in which this booking can be changed."""
        if self.shown is None or not self.shown.detail.can_change:
            return
        menu = Menu(self.tr("Change"), self)
        self._changes(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        anchor = self.change if self.change is not None and self.change.isVisible() else self.more
        if anchor is not None:
            menu.popup_below(anchor)

    def _changes(self, menu: Menu) -> None:
        assert self.shown is not None
        several = sum(line.ended_at is None for line in self.shown.detail.lines) > 1
        alone = "" if several else self.tr("There is only one: cancel the booking.")
        for kind, words, icon, off in (
            (ChangeKind.REBOOK, self.tr("Rebook to another departure…"), "calendar-days", ""),
            (ChangeKind.ADD, self.tr("Add a traveller…"), "user-plus", ""),
            (ChangeKind.REMOVE, self.tr("Cancel a traveller…"), "user-x", alone),
            (ChangeKind.RETYPE, self.tr("Change name, age or type…"), "pencil", ""),
        ):
            menu.add(words, partial(self.change_asked.emit, kind), icon=icon, off=off)

    def offer_more(self) -> None:
        """Everything that can be done with this booking."""
        if self.shown is None or self.more is None:
            return
        detail, menu = self.shown.detail, Menu(self.tr("More"), self)
        if detail.can_print:
            menu.add(self.tr("Open voucher"), self.voucher_asked.emit, icon="file-text", key="V")
            menu.add(self.tr("Save voucher as…"), self.save_asked.emit, icon="download")
        if detail.timeline and detail.state is not BookingState.PENDING:
            menu.add(self.tr("Invoice…"), self.invoice_asked.emit, icon="file-text", key="I")
        if detail.can_change:
            self._changes(menu)
            menu.addSeparator()
        if detail.timeline:
            menu.add(
                self.tr("Payments of {0}").format(detail.sale_reference),
                self.payments_asked.emit,
                icon="credit-card",
            )
        copies = (
            (self.tr("Copy reference"), detail.reference),
            (self.tr("Copy voucher code"), detail.voucher_code if detail.can_print else ""),
            (self.tr("Copy phone"), detail.traveller_phone),
            (self.tr("Copy email"), detail.traveller_email),
        )
        for title, text in copies:
            if text:
                menu.add(title, partial(QGuiApplication.clipboard().setText, text), icon="copy")
        if detail.timeline and detail.state is not BookingState.PENDING and not shown_in_flight(self.shown):
            menu.addSeparator()
            write_off = self.write_off_asked.emit if self._may_write_off else None
            offer_owed(menu, detail, self._words, came_in=self.came_in_asked.emit, write_off=write_off)
        self._offer_cancel(menu)
        offer_refund(menu, detail, partial(self.cancel_asked.emit, False))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup_below(self.more)

    def _offer_cancel(self, menu: Menu) -> None:
        assert self.shown is not None
        detail = self.shown.detail
        if detail.state not in _STANDING or not detail.timeline:
            return
        off = ""
        if not detail.can_cancel:
            off = self.tr("A payment of this sale is still under way.")
        menu.addSeparator()
        menu.add(
            self.tr("Cancel booking…"),
            lambda: self.cancel_asked.emit(False),
            icon="ban",
            tone="bad",
            off=off,
        )
        if self.shown.standing > 1:
            menu.add(
                self.tr("Cancel whole sale, {0} bookings…").format(self.shown.standing),
                lambda: self.cancel_asked.emit(True),
                icon="ban",
                tone="bad",
                off=off,
            )

    def _money_notes(self, shown: Shown) -> Sequence[Note]:
        """Of what was paid too much, given up or taken back by a bank."""
        again = self.wait_again_asked.emit if self._may_write_off else None
        found = (
            too_much_note(shown.sale, self._words, self.too_much_asked.emit),
            *written_off_notes(shown.given_up, self._words, self._clock.now(), again),
            dispute_note(shown.detail.dispute, self._words),
        )
        return [note for note in found if note is not None]

    def _notes(self, shown: Shown) -> None:
        sale = shown.sale
        if shown.detail.changing is not None:
            waits = Note(
                "info",
                self.tr("A change waits for its payment."),
                self.tr("It is made by itself as soon as the money is there; its seats stay held."),
            )
            self.add(waits, divider=False)
        if shown.detail.asked_back is not None:
            asked = asked_back_note(
                shown.detail.asked_back, self._words, self._clock.now(), self.withdraw_asked.emit
            )
            self.add(asked, divider=False)
        for each in self._money_notes(shown):
            self.add(each, divider=False)
        if shown.detail.voucher_old and shown.detail.can_print:
            old = Note(
                "wait",
                self.tr("The voucher that was printed is out of date."),
                self.tr("The booking was changed since: hand out a new one."),
            )
            self.add(old, divider=False)
        if sale is not None and sale.state is OutcomeState.UNKNOWN:
            self.add(unknown_note(sale, self._words), divider=False)
        elif sale is not None and sale.link is not None and not sale.link.used:
            link = LinkPart(sale.link, self._clock, may_cancel=self._may_cancel_links)
            link.cancel_asked.connect(partial(self.link_asked.emit, sale.payment_id))
            self.add(link, divider=False)
        elif sale is not None and sale.reader is not None:
            reader = ReaderPart(sale.reader, self._clock, may_cancel=self._may_cancel_links)
            reader.cancel_asked.connect(partial(self.reader_asked.emit, sale.payment_id))
            self.add(reader, divider=False)
        elif sale is not None and sale.state is OutcomeState.WAITING:
            note = Note(
                "info",
                self.tr("The payment is under way."),
                self.tr("The provider has not answered yet. Nothing needs to be done."),
            )
            self.add(note, divider=False)
        elif sale is not None and sale.refusal is not None and shown.detail.state is BookingState.PENDING:
            hint = f"{sale.refusal.hint} {sale.refusal.code}"
            self.add(Note("bad", sale.refusal.sentence, hint), divider=False)
        for row in shown.detail.back:
            note_of_back = note_of_refund(row, shown.detail.dispute, self._words, self._ask_refund)
            if note_of_back is not None:
                self.add(note_of_back, divider=False)

    def _ask_refund(self, refund_id: UUID) -> None:
        self.refund_asked.emit(refund_id)

    def _what(self, detail: BookingDetail) -> QWidget:
        what = QWidget()
        column = QVBoxLayout(what)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(Label(detail.title, "lead", wrap=True))
        where = " · ".join(part for part in (detail.vendor_name, detail.meeting_point) if part)
        when = self._words.span(detail.starts_at, detail.ends_at, detail.zone)
        column.addWidget(Label(when, "small", "text_secondary", wrap=True))
        column.addWidget(Label(where, "small", "text_secondary", wrap=True))
        if detail.state is BookingState.CANCELLED and detail.end_reason:
            column.addSpacing(4)
            reason = self.tr("Reason: {0}").format(detail.end_reason)
            column.addWidget(Label(reason, "small", "text", wrap=True))
        return what

    def _noted(self, shown: Shown) -> QWidget:
        return notes_section(
            shown.notes,
            self._words,
            self._clock.now(),
            add=self.note_asked.emit,
            remove=self.note_dropped.emit,
        )
