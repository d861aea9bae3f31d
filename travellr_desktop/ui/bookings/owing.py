"""What is owed, was given up or paid too much: decided in dialogs over Bookings."""

from __future__ import annotations

from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.debts import WriteOffView
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.bookings.too_much import Plans, TooMuch, read_plans
from travellr_desktop.ui.bookings.write_off import WriteOffDialog
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context


class Owing(QObject):
    """`changed` tells that something was done."""

    changed = Signal()

    def __init__(self, context: Context, services: Services, over: QWidget, words: Words) -> None:
        super().__init__(over)
        self._context, self._services, self._over, self._words = context, services, over, words
        self.dialog: WriteOffDialog | TooMuch | None = None

    def write_off(self, detail: BookingDetail) -> None:
        """Ask why what is owed is given up, and give it up."""
        dialog = self.dialog = WriteOffDialog(detail, self._words, self._over)
        dialog.accepted.connect(lambda: self._give_up(detail, dialog.reason))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def wait_again(self, write_off_id: UUID) -> None:
        """A debt was given up by mistake."""
        debts, actor = self._services.debts, self._context.actor
        self._context.background.run(
            self,
            lambda _task: debts.undo(actor, write_off_id),
            words=self.tr("Waiting for it again"),
            key=("write off", write_off_id),
            done=lambda _given: self.changed.emit(),
        )

    def decide(self, sale: SaleOutcome) -> None:
        """Ask what becomes of what was paid too much."""
        services, actor = self._services, self._context.actor
        self._context.background.run(
            self,
            lambda _task: read_plans(services, actor, sale),
            key=("too much", id(self)),
            newest=True,
            done=partial(self._ask, sale),
        )

    def _ask(self, sale: SaleOutcome, plans: Plans) -> None:
        dialog = self.dialog = TooMuch(
            self._context.background,
            self._services,
            self._context.actor,
            self._words,
            sale,
            plans,
            self._over,
        )
        dialog.settled.connect(self._settled)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _settled(self, words: str) -> None:
        self._context.say.finished(words)
        self.changed.emit()

    def _give_up(self, detail: BookingDetail, reason: str) -> None:
        debts, actor, key = self._services.debts, self._context.actor, uuid4()
        self._context.background.run(
            self,
            lambda _task: debts.write_off(actor, detail.id, detail.owed, reason, key=key),
            words=self.tr("Writing it off"),
            key=("write off", detail.id),
            done=partial(self._given_up, detail.reference),
        )

    def _given_up(self, reference: str, given: WriteOffView) -> None:
        words = self.tr("{0} of {1} written off").format(self._words.money(given.amount), reference)
        self._context.say.finished(words, partial(self.wait_again, given.id))
        self.changed.emit()
