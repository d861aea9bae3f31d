"""Tells whoever may read them, on whatever screen, of disputes that want an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.domain.states import DisputeState
from travellr_desktop.events import DisputeChanged, Event
from travellr_desktop.services.disputes import DisputeCount
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context

_NEWS = {
    DisputeState.INQUIRY: "A traveller's bank asks about {0}",
    DisputeState.OPEN: "A traveller's bank has taken {0} back",
    DisputeState.WON: "A dispute of {0} is won",
    DisputeState.LOST: "A dispute of {0} is lost",
    DisputeState.CLOSED: "An inquiry about {0} is closed",
}


class DisputesWatch(QObject):
    """`count` is told how many disputes and inquiries a bank has not decided on."""

    def __init__(self, context: Context, count: Callable[[int], object], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._count = context, count
        self._services = cast(Services, context.services)
        self._words = Words(self._services.locale)
        self._may = allowed(context.actor.role, Permission.DISPUTE_READ)
        if self._may:
            context.bridge.happened.connect(self._heard)
            self.read()

    def read(self) -> None:
        """Count anew."""
        actor, disputes = self._context.actor, self._services.disputes

        def done(found: DisputeCount) -> None:
            self._count(found.undecided)

        self._context.background.run(
            self, lambda _task: disputes.count(actor), key="disputes.count", newest=True, done=done
        )

    def _heard(self, event: Event) -> None:
        if isinstance(event, DisputeChanged):
            words = self.tr(_NEWS[event.state])
            self._context.say.finished(words.format(self._words.money(event.amount)))
            self.read()
