"""What the lists of bookings and of payments share: one list, the chosen row beside it, and the way in by reference."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QAbstractButton, QWidget

from travellr_desktop.events import (
    BookingCancelled,
    BookingChanged,
    BookingCompleted,
    BookingConfirmed,
    BookingCreated,
    Event,
    InvoiceIssued,
    PaymentProcessed,
    RefundOrderChanged,
    RefundProcessed,
    TravellerChanged,
)
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.ui.days import Days
from travellr_desktop.ui.records.views import ViewChooser
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables.screen import ListedScreen

CHANGES = (
    BookingCreated,
    BookingConfirmed,
    BookingCancelled,
    BookingChanged,
    BookingCompleted,
    PaymentProcessed,
    RefundOrderChanged,
    RefundProcessed,
    InvoiceIssued,
    TravellerChanged,
)
"""What changes what is said of bookings, of their money and of who bought them."""


class RecordsScreen(ListedScreen):
    """A list of bookings or of payments. Whoever inherits sets `lists`, `views` and `panel`, then calls `_connect`,
    and reads the row with the cursor in `_read_detail`."""

    views: ViewChooser

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.words = Words(self._services.locale)
        self._days = Days(self.words.formats, context.clock)
        self._wanted: str | None = None

    def _connect(self) -> None:
        super()._connect()
        self.lists.current_changed.connect(self._read_detail)
        self.lists.model.counted.connect(self._find_wanted)
        self.lists.model.totalled.connect(self._first_use)
        self.views.chosen.connect(self.lists.start)

    # what the shell asks

    def cares(self, event: Event) -> bool:
        return isinstance(event, CHANGES)

    # reading

    def _read_again(self) -> None:
        super()._read_again()
        self._read_detail(self.lists.table.current_row())

    def _read_detail(self, row: Any) -> None:
        """Read what the panel shows of a row of the list, or of none."""
        raise NotImplementedError

    def _begin(self, agency: AgencyView | None) -> None:
        if agency is not None:
            self.words.use_zone(agency.zone)
            self.lists.own_currency = agency.currency
        if self._wanted is not None:
            self.lists.start({}, self._wanted)
        else:
            self.views.choose_last()

    def _first_use(self) -> None:
        """Filters do not hide what was never there."""
        totals = self.lists.model.totals
        if totals is not None and totals.whole == 0 and self.lists.filters.active:
            self.lists.filters.clear()

    def _look_for(self, reference: str) -> None:
        """Show what has this reference, and go to the first of it."""
        self._wanted = reference
        self.lists.open_detail()
        if self._started:
            self.lists.start({}, reference)

    def _find_wanted(self, *_: object) -> None:
        if self._wanted is None or self.lists.filters.text != self._wanted:
            return
        self._wanted = None
        if self.lists.model.rowCount():
            self.lists.table.go_to(0)
            self._to_table()

    # what the person does

    def _cancel_link(self, payment_id: UUID, button: QAbstractButton) -> None:
        """End a payment link; where the traveller was faster, it is paid."""
        links, actor = self._services.links, self._actor

        def done(outcome: SaleOutcome) -> None:
            paid = outcome.state is OutcomeState.PAID
            words = self.tr("{0} was paid first") if paid else self.tr("The link of {0} is cancelled")
            self.context.say.finished(words.format(outcome.reference))
            self.refresh()

        self.context.background.run(
            self,
            lambda _task: links.cancel(actor, payment_id),
            words=self.tr("Cancelling the link"),
            key=("link", payment_id),
            button=button,
            done=done,
        )

    def _send_refund(self, refund_id: UUID) -> None:
        refunds, actor = self._services.refunds, self._actor
        self.context.background.run(
            self,
            lambda _task: refunds.go_on(actor, refund_id),
            words=self.tr("Sending the refund"),
            key=("refund", refund_id),
            done=lambda _none: self.refresh(),
        )
