"""What keys and links do to the vendor with the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from travellr_desktop.domain.payouts.words import LeftOut
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.payouts.views import NextStep
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.payouts.rows import LeftLine, PaidRow
from travellr_desktop.ui.statements.files import StatementFiles

if TYPE_CHECKING:
    from travellr_desktop.ui.payouts.batch_page import BatchPage

_UNDONE = frozenset({PayoutState.SENDING, PayoutState.UNKNOWN, PayoutState.PAID})


class RowDoing(QObject):
    def __init__(self, page: BatchPage, services: Services) -> None:
        super().__init__(page)
        self._page = page
        self.files = StatementFiles(page.context, services, page)

    def leave_out(self) -> None:
        """Leave the vendor out of the draft, or have one in again whom somebody left out."""
        page, row = self._page, self._page.tables.current()
        if page.run is None or row is None:
            return
        if isinstance(row, PaidRow):
            page.drafting.ask_leave_out(row)
        elif row.reason is LeftOut.BY_HAND:
            page.drafting.take_in(row.vendor_id, row.name)

    def step(self, row: LeftLine) -> None:
        """What is to be done about one who is left out: here, or on another screen."""
        if row.step is NextStep.TAKE_IN:
            self._page.drafting.take_in(row.vendor_id, row.name)
        elif row.step is NextStep.WAIT_FOR_FUNDS:
            self._page.run_again()
        else:
            self._page.step_asked.emit(row)

    def statement(self) -> None:
        """Open the statement of the vendor with the cursor."""
        row = self._page.tables.current()
        if isinstance(row, PaidRow):
            self.open_statement(row)

    def open_statement(self, row: PaidRow) -> None:
        """Open the statement that came with a payout, as a PDF."""
        if row.payout is not None and row.payout.told is not None:
            self.files.open(row.payout.told.statement_id)

    def read_now(self) -> None:
        """Find out how the payout with the cursor stands."""
        row = self._page.tables.current()
        if not isinstance(row, PaidRow) or row.payout is None or not self._page.sending.may_run:
            return
        if row.payout.state in _UNDONE:
            self._page.sending.read_now(row.payout)
