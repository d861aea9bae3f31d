"""The card reader of the desk, while it asks for a card. Asks the services; shows nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.errors import Refusal
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.screen import Context

if TYPE_CHECKING:
    from travellr_desktop.ui.desk.session import Session


class Readers(QObject):
    def __init__(self, context: Context, session: Session) -> None:
        super().__init__(session)
        self._context, self._session = context, session
        self._services = cast(Services, context.services)

    def watch(self, payment_id: UUID) -> None:
        """The payment is on the screen: it is read every two seconds."""
        self._services.readers.watch(payment_id)

    def unwatch(self, payment_id: UUID) -> None:
        self._services.readers.unwatch(payment_id)

    def cards(self) -> tuple[tuple[str, str], ...]:
        """Names and words of the cards that can be held to the reader from here; none where money is real."""
        cards = self._services.readers.test_cards(self._context.actor)
        return tuple((card.payment_method, f"{card.name}, {card.hint}") for card in cards)

    def cancel(self, button: QAbstractButton) -> None:
        """Have the reader stop. Where a card was faster, the sale is paid."""
        outcome = self._session.outcome
        if outcome is None or outcome.payment_id is None:
            return
        payment_id, readers, actor = outcome.payment_id, self._services.readers, self._context.actor

        def refused(refusal: Refusal) -> None:
            self._session.refused.emit(refusal)
            self._session.look()

        self._context.background.run(
            self,
            lambda _task: readers.cancel(actor, payment_id),
            words=self.tr("Stopping the reader"),
            button=button,
            done=self._session.show_if_same,
            refused=refused,
        )

    def present(self, card: str, button: QAbstractButton) -> None:
        """Hold a card to the reader as the traveller would, where no money is real."""
        outcome = self._session.outcome
        if outcome is None or outcome.payment_id is None:
            return
        payment_id, readers, actor = outcome.payment_id, self._services.readers, self._context.actor
        self._context.background.run(
            self,
            lambda _task: readers.present(actor, payment_id, card),
            words=self.tr("The traveller presents a card"),
            button=button,
            done=self._session.show_if_same,
            refused=self._session.refused.emit,
        )
