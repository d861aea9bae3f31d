"""A payment that a card reader asks for, while its booking is in sight: read often, and stopped from here."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.bookings.panel import BookingPanel
from travellr_desktop.ui.screen import Context, Screen


class ReaderWait(QObject):
    """Follows what a panel shows. While that is hidden the payment goes on without anybody looking."""

    def __init__(self, context: Context, services: Services, screen: Screen, panel: BookingPanel) -> None:
        super().__init__(screen)
        self._context, self._services, self._screen = context, services, screen
        self._panel: QWidget = panel
        self._asked: UUID | None = None
        self._watched: UUID | None = None
        panel.showing.connect(self.follow)
        panel.reader_asked.connect(self.cancel)
        panel.installEventFilter(self)

    @property
    def watched(self) -> UUID | None:
        """The payment that is read often now."""
        return self._watched

    def follow(self, sale: SaleOutcome | None) -> None:
        """Another sale is shown, or the same as it stands now."""
        self._asked = sale.payment_id if sale is not None and sale.reader is not None else None
        self._watch(self._asked if self._panel.isVisible() else None)

    def cancel(self, payment_id: UUID, button: QAbstractButton) -> None:
        """Have the reader stop; where a card was faster, it is paid."""
        readers, actor = self._services.readers, self._context.actor

        def done(outcome: SaleOutcome) -> None:
            paid = outcome.state is OutcomeState.PAID
            words = (
                self.tr("{0} was paid first") if paid else self.tr("The reader does not ask for {0} any more")
            )
            self._context.say.finished(words.format(outcome.reference))
            self._screen.refresh()

        def refused(refusal: Refusal) -> None:
            self._context.say.refused(refusal)
            self._screen.refresh()

        self._context.background.run(
            self,
            lambda _task: readers.cancel(actor, payment_id),
            words=self.tr("Stopping the reader"),
            key=("reader", payment_id),
            button=button,
            done=done,
            refused=refused,
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._watch(self._asked)
        elif event.type() == QEvent.Type.Hide:
            self._watch(None)
        return super().eventFilter(watched, event)

    def _watch(self, payment_id: UUID | None) -> None:
        if payment_id == self._watched:
            return
        if self._watched is not None:
            self._services.readers.unwatch(self._watched)
        self._watched = payment_id
        if payment_id is not None:
            self._services.readers.watch(payment_id)
