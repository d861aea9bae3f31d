"""Payments of a sale: taken in a dialog over Bookings, and read again where it is not known how one came out."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton, QWidget

from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.registry import Services
from travellr_desktop.services.sales import WayOffer
from travellr_desktop.ui.bookings.panel import Shown
from travellr_desktop.ui.bookings.take import TakePayment
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context


class Taking(QObject):
    """`changed` tells that something was paid, or may have been."""

    changed = Signal()

    def __init__(self, context: Context, services: Services, over: QWidget, words: Words) -> None:
        super().__init__(over)
        self._context, self._sales, self._over, self._words = context, services.sales, over, words

    def ask(self, shown: Shown, button: QAbstractButton | None) -> None:
        """Ask how the sale of a booking is paid."""
        if shown.sale is None:
            return
        actor, traveller = self._context.actor, shown.detail.traveller_id
        self._context.background.run(
            self,
            lambda _task: self._sales.ways(actor, traveller, later=True),
            key=("ways", id(self._over)),
            button=button,
            done=partial(self._ask_way, shown),
        )

    def read(self, shown: Shown, button: QAbstractButton | None) -> None:
        """Ask the provider how the payment of a sale came out."""
        actor, sale_id = self._context.actor, shown.detail.sale_id
        self._context.background.run(
            self,
            lambda _task: self._sales.read_now(actor, sale_id),
            words=self.tr("Reading the payment"),
            key=("read", sale_id),
            button=button,
            done=self._read,
        )

    def _ask_way(self, shown: Shown, ways: tuple[WayOffer, ...]) -> None:
        assert shown.sale is not None
        dialog = TakePayment(
            self._context.background,
            self._sales,
            self._context.actor,
            self._words,
            shown.detail,
            shown.sale,
            ways,
            self._over,
        )
        dialog.settled.connect(self._taken)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _taken(self, outcome: SaleOutcome) -> None:
        if outcome.state is OutcomeState.PAID:
            words = (
                self.tr("{0} paid for {1}, {2} is still due") if outcome.due else self.tr("{0} paid for {1}")
            )
            paid, due = self._words.money(outcome.paid), self._words.money(outcome.due)
            self._context.say.finished(words.format(paid, outcome.reference, due))
        self.changed.emit()

    def _read(self, outcome: SaleOutcome) -> None:
        said = {
            OutcomeState.PAID: self.tr("{0} is paid"),
            OutcomeState.DECLINED: self.tr("{0} was not charged"),
            OutcomeState.UNKNOWN: self.tr("Still not known how {0} came out"),
            OutcomeState.WAITING: self.tr("{0} is still under way"),
        }.get(outcome.state, self.tr("{0} is settled"))
        self._context.say.finished(said.format(outcome.reference))
        self.changed.emit()
