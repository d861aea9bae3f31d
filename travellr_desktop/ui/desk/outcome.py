"""The ticket after the payment was sent: whose sale and how much above the perforation, how it came out below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.ui.desk.grow import Grow
from travellr_desktop.ui.desk.outcome_parts import what_is_sold
from travellr_desktop.ui.desk.page import Desk, Page
from travellr_desktop.ui.desk.pay import digit_of
from travellr_desktop.ui.desk.payment_states import page_of
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.ticket import Ticket
from travellr_desktop.ui.theme import Theme


class OutcomeTicket(Ticket):
    """Shows one outcome at a time; `page_changed` when another page was made, whose signals are then to be heard."""

    page_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.page: Page | None = None
        self._low = False
        self.outcome: SaleOutcome | None = None
        self.reference = Label("", "lead", reference=True)
        self._who = Label("", "body_m", elide=True)
        self._what = Label("", "small", "text_secondary", elide=True)
        self.amount = Label("", "total")
        self.above.setContentsMargins(16, 14, 16, 14)
        self._head = grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.reference, 0, 0)
        grid.addWidget(self._who, 1, 0)
        grid.addWidget(self._what, 2, 0)
        grid.addWidget(self.amount, 0, 1, 2, 1)
        grid.setColumnStretch(0, 1)
        self.above.addLayout(grid)
        self._content = QWidget()
        self._content.setProperty("part", "scrolled")
        self._body = QVBoxLayout(self._content)
        self._body.setContentsMargins(16, 12, 16, 16)
        self._body.setSpacing(0)
        self.scroll_area = Grow(self._content, least=160)
        self.below.setContentsMargins(0, 4, 0, 0)
        self.below.addWidget(self.scroll_area)
        self.below.addStretch(1)
        self.upper_part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_outcome(self, desk: Desk, outcome: SaleOutcome) -> Page:
        """Show how a sale stands. Where it stands as before, the page and what was chosen on it stay."""
        fresh = page_of(desk, outcome)
        if self.page is not None and outcome == self.outcome and type(fresh) is type(self.page):
            fresh.deleteLater()
            return self.page
        had_focus = self.page is not None and self.page.isAncestorOf(QApplication.focusWidget() or self)
        if self.page is not None:
            self._body.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
        self.page, self.outcome = fresh, outcome
        fresh.set_low(self._low)
        self._body.addWidget(fresh)
        fresh.show()  # a layout shows what it was given only at the next turn, and keys may come before
        self.reference.setText(outcome.reference)
        self._who.setText(outcome.traveller_name)
        self._what.setText(what_is_sold(outcome))
        self.amount.setText(desk.formats.money(outcome.total))
        self.amount.setAccessibleName(self.tr("Total {0}").format(self.amount.text()))
        self._place_amount()
        self.page_changed.emit(fresh)
        if had_focus and fresh.primary is not None:
            fresh.primary.setFocus()
        return fresh

    def set_low(self, low: bool) -> None:
        """On a low screen pages need less height."""
        self._low = low
        if self.page is not None:
            self.page.set_low(low)

    def _place_amount(self) -> None:
        """Beside the reference, or below everything where there are too many digits for that."""
        theme = Theme.current()
        room = theme.size("ticket") - 32 - 16
        beside = self.reference.sizeHint().width() + self.amount.sizeHint().width() <= room
        self._head.removeWidget(self.amount)
        if beside:
            self._head.addWidget(self.amount, 0, 1, 2, 1)
        else:
            self._head.addWidget(self.amount, 3, 0, 1, 2, Qt.AlignmentFlag.AlignRight)

    def forget(self) -> None:
        """Nothing is shown any more."""
        if self.page is not None:
            self._body.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
        self.page = self.outcome = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = digit_of(event)
        if number is None or self.page is None or not self.page.choose_number(number):
            super().keyPressEvent(event)
