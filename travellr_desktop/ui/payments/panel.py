"""One payment beside the list: how it came out, what it was for, every attempt, and what went back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.states import PaymentState, RefundState
from travellr_desktop.domain.ways import AT_HAND, Way
from travellr_desktop.services.payments import AttemptRow, PaymentDetail, PaymentRefund
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import MoneyRows, Section
from travellr_desktop.ui.parts.timeline import Timeline, TimelineItem
from travellr_desktop.ui.records.dispute_note import dispute_note, why_no_refund
from travellr_desktop.ui.records.link_part import LinkPart
from travellr_desktop.ui.records.words import PAYMENT_BADGES, WAY_ICONS, WAY_WORDS, Words, refund_badge

_ACTIONS = {
    "prepare": ("Prepared at the provider", "circle-dot", "text_secondary"),
    "link": ("Payment link", "qr-code", "text_secondary"),
    "charge": ("Charge", "credit-card", "text_secondary"),
    "read": ("Read from the provider", "refresh-cw", "text_secondary"),
    "cancel": ("Withdrawn", "circle-slash", "text_secondary"),
    "refund": ("Refund", "undo-2", "text_secondary"),
}
_LOOKS = {
    "paid": ("circle-check", "ok"),
    "not charged": ("circle-x", "bad"),
    "succeeded": ("circle-check", "ok"),
    "failed": ("circle-x", "bad"),
    "no answer": ("circle-question-mark", "unknown"),
    "unsettled": ("circle-question-mark", "unknown"),
}
_OUTCOMES = {"succeeded": "given back", "pending": "on its way", "unsettled": "not settled yet"}
_SHORT = {"Waiting for traveller": "Waiting"}  # beside the reference there is little room
_OPEN_REFUNDS = (RefundState.APPROVED, RefundState.UNKNOWN)


class PaymentPanel(DetailPanel):
    """`show_payment` fills it; what is asked for comes as signals."""

    read_asked = Signal()
    booking_asked = Signal(str)
    """Show the booking with this reference."""
    refund_asked = Signal(object)
    """Send the refund with this id now."""

    link_asked = Signal(object, object)
    """End the link of the payment with this id; the button that was pressed."""

    def __init__(
        self, words: Words, clock: Clock, *, may_cancel_links: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__("Payment", parent)
        self._words, self._clock, self._may_cancel_links = words, clock, may_cancel_links
        self.shown: PaymentDetail | None = None
        self.read: Button | None = None
        self.open_button: Button | None = None
        self.more: IconButton | None = None

    def show_payment(self, detail: PaymentDetail) -> None:
        """Another payment, or the same read again."""
        same = self.shown is not None and self.shown.id == detail.id
        if same and detail == self.shown:
            return
        self.shown = detail
        with self.refilled(same=same):
            status, word = PAYMENT_BADGES[self._status(detail)]
            badge = Badge(status, word=_SHORT.get(word, word))
            badge.setToolTip(word)
            self.set_head(detail.sale_reference, badge=badge, person=detail.traveller_name)
            self._actions(detail)
            self.add(self._figure(detail), divider=False)
            if detail.link is not None and not detail.link.used:
                link = LinkPart(detail.link, self._clock, may_cancel=self._may_cancel_links)
                link.cancel_asked.connect(partial(self.link_asked.emit, detail.id))
                self.add(link)
            disputed = dispute_note(detail.dispute, self._words)
            if disputed is not None:
                self.add(disputed, divider=False)
            note = self._note(detail)
            if note is not None:
                self.add(note, divider=False)
            self.add(self._shares(detail))
            if detail.refunds:
                self.add(self._refunds(detail))
            self.add(self._facts(detail))
            self.add(self._attempts(detail))

    def first_actions(self) -> Sequence[QWidget | None]:
        return (self.read, self.open_button, self.more)

    @property
    def primary(self) -> Button | None:
        return self.read

    @staticmethod
    def _status(detail: PaymentDetail) -> str:
        whole = detail.state is PaymentState.COMPLETED and detail.refunded == detail.amount
        return "refunded" if whole else detail.state.value

    # parts

    def _actions(self, detail: PaymentDetail) -> None:
        self.read = None
        if detail.can_read:
            self.read = Button(self.tr("Read it now"), Kind.PRIMARY, icon="refresh-cw", key="R")
            self.read.clicked.connect(self.read_asked)
            self.action_row.addWidget(self.read)
        self.open_button = None
        if detail.shares:
            self.open_button = Button(self.tr("Open booking"))
            self.open_button.clicked.connect(partial(self.booking_asked.emit, detail.shares[0].reference))
            self.action_row.addWidget(self.open_button)
        self.more = self.add_more(self.offer_more)

    def offer_more(self) -> None:
        """Everything that can be done with this payment."""
        detail = self.shown
        if detail is None or self.more is None:
            return
        menu = Menu(self.tr("More"), self)
        if detail.can_read:
            menu.add(self.tr("Read it now"), self.read_asked.emit, icon="refresh-cw", key="R")
        for share in detail.shares:
            menu.add(
                self.tr("Open {0}").format(share.reference),
                partial(self.booking_asked.emit, share.reference),
                icon="ticket",
            )
        copy = QGuiApplication.clipboard().setText
        menu.add(self.tr("Copy sale"), partial(copy, detail.sale_reference), icon="copy")
        if detail.provider_ref:
            menu.add(self.tr("Copy provider's reference"), partial(copy, detail.provider_ref), icon="copy")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup_below(self.more)

    def _figure(self, detail: PaymentDetail) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        amount = Label(self._words.money(detail.amount), "total")
        column.addWidget(amount)
        way = QHBoxLayout()
        way.setSpacing(8)
        way.addWidget(Glyph(WAY_ICONS[detail.way]))
        label = detail.label or self.tr(WAY_WORDS[detail.way])
        stamp = self._words.stamp(detail.created_at, self._clock.now())
        way.addWidget(
            Label(f"{label} · {stamp} · {detail.created_by}", "small", "text_secondary", wrap=True), 1
        )
        column.addLayout(way)
        return part

    def _note(self, detail: PaymentDetail) -> Note | None:
        if detail.state is PaymentState.UNKNOWN:
            when = self.tr("It is read again by itself.")
            if detail.next_read_at is not None:
                at = self._words.formats.time(detail.next_read_at, self._words.formats.zone)
                when = self.tr("It is read again by itself at {0}.").format(at)
            return Note(
                "unknown",
                self.tr("We do not know yet whether the card was charged."),
                f"{when} {self.tr('Do not take the money another way.')}",
            )
        if detail.state in (PaymentState.FAILED, PaymentState.ABANDONED):
            first = detail.message or self.tr("The payment did not go through.")
            second = " ".join(part for part in (self.tr("Nothing was charged."), detail.code) if part)
            return Note("bad" if detail.state is PaymentState.FAILED else "info", first, second)
        if detail.state is PaymentState.PROCESSING and detail.way is Way.LINK:
            return Note(
                "info",
                self.tr("The traveller has used the link."),
                self.tr("Their bank has not decided yet. It is read again by itself."),
            )
        if detail.state is PaymentState.PROCESSING:
            return Note("info", self.tr("The payment is under way."), self.tr("Nothing needs to be done."))
        return None

    def _shares(self, detail: PaymentDetail) -> QWidget:
        section = Section(self.tr("What it was for"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for row, share in enumerate(detail.shares):
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(Label(share.title, "body", wrap=True))
            words.addWidget(Label(share.reference, "small", "text_secondary", reference=True))
            grid.addLayout(words, row, 0)
            amount = Label(self._words.money(share.amount), "body_m", align=Qt.AlignmentFlag.AlignRight)
            amount.setAccessibleName(f"{share.reference} {self._words.money(share.amount)}")
            grid.addWidget(amount, row, 1, Qt.AlignmentFlag.AlignTop)
        section.body.addLayout(grid)
        rows = MoneyRows(gap=2)
        rows.add(self.tr("Amount"), self._words.money(detail.amount), strong=True)
        for title, part in (
            (self.tr("Of it owed after the trip"), detail.owed),
            (self.tr("Of it too much"), detail.excess),
        ):
            if part.minor:
                rows.add(title, self._words.money(part), quiet=True)
        if detail.refunded.minor:
            rows.add(self.tr("Given back"), self._words.signed(-detail.refunded))
            rows.add(self.tr("Stays"), self._words.money(detail.amount - detail.refunded))
        section.body.addWidget(rows)
        return section

    def _refunds(self, detail: PaymentDetail) -> QWidget:
        section = Section(self.tr("Refunds"))
        for refund in detail.refunds:
            section.body.addWidget(self._refund(refund))
        return section

    def _refund(self, refund: PaymentRefund) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        first = QHBoxLayout()
        status, word = refund_badge(refund.state.value, refund.to)
        stamp = self._words.stamp(refund.at, self._clock.now())
        first.addWidget(Label(refund.booking_reference, "body", reference=True))
        first.addStretch(1)
        first.addWidget(Label(self._words.money(refund.amount), "body_m"))
        column.addLayout(first)
        second = QHBoxLayout()
        second.addWidget(Badge(status, word=word))
        second.addWidget(Label(stamp, "small", "text_secondary"))
        second.addStretch(1)
        if refund.state in _OPEN_REFUNDS:
            again = Button(self.tr("Try now"), height="control_small")
            again.clicked.connect(partial(self._ask_refund, refund.id))
            again.set_off(why_no_refund(self.shown.dispute if self.shown is not None else None))
            second.addWidget(again)
        column.addLayout(second)
        if refund.failure:
            column.addWidget(Label(refund.failure, "small", "bad", wrap=True))
        return part

    def _ask_refund(self, refund_id: UUID) -> None:
        self.refund_asked.emit(refund_id)

    def _facts(self, detail: PaymentDetail) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(self.tr("Provider's reference"), "small", "text_secondary"))
        reference = detail.provider_ref or self.tr("none, cash stays at the desk")
        if detail.way in AT_HAND and detail.way is not Way.CASH:
            reference = self.tr("none, it did not go through the provider")
        elif detail.provider_ref is None and detail.way is not Way.CASH:
            reference = self.tr("none yet")
        words.addWidget(Label(reference, "body_m", elide=True, reference=bool(detail.provider_ref)))
        row.addLayout(words, 1)
        if detail.provider_ref:
            copy = IconButton("copy", self.tr("Copy"))
            copy.clicked.connect(partial(QGuiApplication.clipboard().setText, detail.provider_ref))
            row.addWidget(copy)
        return part

    def _attempts(self, detail: PaymentDetail) -> QWidget:
        section = Section(self.tr("Attempts"))
        items = [self._attempt(each) for each in reversed(detail.attempts)]
        stamp = self._words.stamp(detail.created_at, self._clock.now())
        if detail.way is Way.CASH:
            items.append(
                TimelineItem("banknote", self.tr("Taken in cash"), detail.created_by, stamp, "text_secondary")
            )
        else:
            items.append(
                TimelineItem("ticket", self.tr("Asked for"), detail.created_by, stamp, "accent_text")
            )
        section.body.addWidget(Timeline(items))
        return section

    def _attempt(self, each: AttemptRow) -> TimelineItem:
        title, icon, tone = _ACTIONS.get(each.action, (each.action, "circle-dot", "text_secondary"))
        icon, tone = _LOOKS.get(each.outcome, (icon, tone))
        stamp = self._words.formats.desk_time(each.at)
        return TimelineItem(
            icon, f"{title}: {_OUTCOMES.get(each.outcome, each.outcome)}", each.detail, stamp, tone
        )
