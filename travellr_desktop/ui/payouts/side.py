"""What stands beside the tables of a batch: the ticket that approves or sends it, or one vendor in its place."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.payouts.draft_ticket import DraftTicket
from travellr_desktop.ui.payouts.reading import Read, Row
from travellr_desktop.ui.payouts.rows import LeftLine
from travellr_desktop.ui.payouts.run_ticket import RunTicket
from travellr_desktop.ui.payouts.vendor_panel import VendorPanel


class Side(QStackedWidget):
    """Of both tickets the one that `show_ticket` names; `may_prepare` and `may_run` say what the panel offers."""

    def __init__(self, draft: DraftTicket, run: RunTicket, panel: VendorPanel) -> None:
        super().__init__()
        self._panel = panel
        self.may_prepare = self.may_run = False
        around = Pane("canvas", edges=("left",))
        inner = QVBoxLayout(around)
        inner.setContentsMargins(16, 16, 16, 16)
        self._tickets = QStackedWidget()
        for ticket in (draft, run):
            self._tickets.addWidget(ticket)
        inner.addWidget(self._tickets)
        self.addWidget(around)
        self.addWidget(panel)
        panel.setMinimumWidth(0)
        panel.setMaximumWidth(16_777_215)

    def show_ticket(self, ticket: QWidget) -> None:
        self._tickets.setCurrentWidget(ticket)

    @property
    def in_panel(self) -> bool:
        """Whether a vendor is shown in the place of the ticket."""
        return self.currentWidget() is self._panel

    @property
    def watched(self) -> Row | None:
        """The vendor who is shown."""
        return self._panel.shown if self.in_panel else None

    def show_row(self, row: Row) -> None:
        """A vendor, in the panel."""
        if isinstance(row, LeftLine):
            self._panel.show_left(row)
        else:
            self._panel.show_paid(row, may_prepare=self.may_prepare, may_run=self.may_run)

    def open(self, row: Row) -> None:
        """Show a vendor in the place of the ticket."""
        self.show_row(row)
        self.setCurrentWidget(self._panel)

    def follow(self, row: Row) -> None:
        """The cursor is on another vendor, or on the same as they are now."""
        if self.in_panel:
            self.show_row(row)

    def close_panel(self) -> None:
        self.setCurrentIndex(0)
        self._panel.shown = None

    def fill(self, read: Read) -> bool:
        """The vendor who is shown, as they were read. False where they are not there any more."""
        before, asked = self.watched, read.asked.watched
        if before is None or asked is None or asked.id != before.id:
            return True
        if read.watched is not None:
            self.show_row(read.watched)
        return read.watched is not None
