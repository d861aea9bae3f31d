"""The payment links of the desk: the one before the traveller, and those that were left to go on. Asks the services;
shows nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event, PaymentProcessed
from travellr_desktop.services.links import WaitingLink
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.registry import Services
from travellr_desktop.services.sandbox import LinkTried
from travellr_desktop.ui.screen import Context

if TYPE_CHECKING:
    from travellr_desktop.ui.desk.session import Session


class Links(QObject):
    """`waiting` are the links that are out, but for the one that is shown; `changed` when they are others."""

    changed = Signal()
    tried = Signal(object)
    """What came of playing the traveller: a `LinkTried`."""

    def __init__(self, context: Context, session: Session) -> None:
        super().__init__(session)
        self._context, self._session = context, session
        self._services = cast(Services, context.services)
        self._out: tuple[WaitingLink, ...] = ()
        self._may_look = allowed(context.actor.role, Permission.PAYMENT_READ)
        session.outcome_changed.connect(self.changed)

    @property
    def waiting(self) -> tuple[WaitingLink, ...]:
        shown = self._session.outcome
        return tuple(each for each in self._out if shown is None or each.sale_id != shown.sale_id)

    def look(self) -> None:
        """Read anew which links are out."""
        if not self._may_look:
            return
        links, actor = self._services.links, self._context.actor
        self._context.background.run(
            self,
            lambda _task: links.waiting(actor),
            key="desk.links",
            newest=True,
            done=self._looked,
        )

    def _looked(self, out: tuple[WaitingLink, ...]) -> None:
        if out != self._out:
            self._out = out
            self.changed.emit()

    def heard(self, event: Event) -> None:
        if isinstance(event, PaymentProcessed) and event.way is Way.LINK:
            self.look()

    def watch(self, payment_id: UUID) -> None:
        """The link is on the screen: it is read every two seconds."""
        self._services.links.watch(payment_id)

    def unwatch(self, payment_id: UUID) -> None:
        self._services.links.unwatch(payment_id)

    def cards(self) -> tuple[tuple[str, str], ...]:
        """Names and words of the cards that the traveller could be played with; none where money is real."""
        if not self._services.is_sandbox:
            return ()
        cards = self._services.sandbox.link_cards(self._context.actor)
        return tuple((card.payment_method, f"{card.name}, {card.hint}") for card in cards)

    def cancel(self, button: QAbstractButton) -> None:
        """End the link that is shown. Where the traveller was faster, the sale is paid."""
        outcome = self._session.outcome
        if outcome is None or outcome.payment_id is None:
            return
        payment_id, links, actor = outcome.payment_id, self._services.links, self._context.actor

        def refused(refusal: Refusal) -> None:
            self._session.refused.emit(refusal)
            self._session.look()

        self._context.background.run(
            self,
            lambda _task: links.cancel(actor, payment_id),
            words=self.tr("Cancelling the link"),
            button=button,
            done=self._session.show_if_same,
            refused=refused,
        )

    def play(self, card: str, button: QAbstractButton) -> None:
        """Pay the link that is shown as its traveller would, in the sandbox, and read it at once."""
        outcome = self._session.outcome
        if outcome is None or outcome.link is None:
            return
        ref, sale_id = outcome.link.ref, outcome.sale_id
        services, actor = self._services, self._context.actor

        def work(_task: object) -> tuple[LinkTried, SaleOutcome]:
            tried = services.sandbox.pay_link(actor, ref, card)
            return tried, services.sales.read_now(actor, sale_id)

        def done(result: tuple[LinkTried, SaleOutcome]) -> None:
            self._session.show_if_same(result[1])
            self.tried.emit(result[0])

        self._context.background.run(
            self,
            work,
            words=self.tr("The traveller pays"),
            button=button,
            done=done,
            refused=self._session.refused.emit,
        )

    def come_back(self, link: WaitingLink) -> None:
        """Show a link that was left to go on. A basket with something in it stays."""
        if self._session.paying:
            return
        if self._session.outcome is None and self._session.lines:
            self._session.refused.emit(
                Refusal(
                    self.tr("There is something in the basket."),
                    hint=self.tr("Sell it or remove it first; the link goes on by itself."),
                )
            )
            return
        sale_id, sales, actor = link.sale_id, self._services.sales, self._context.actor
        self._context.background.run(
            self,
            lambda _task: sales.outcome(actor, sale_id),
            key="desk.come_back",
            newest=True,
            done=self._session.come_back,
            refused=self._session.refused.emit,
        )
