"""Counts, on whatever screen, what waits to be settled by whoever is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.events import CentralChanged, Event
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.screen import Context


class ConflictsWatch(QObject):
    """`count` is told how many entries the inbox has; nothing is counted for those who may not settle any."""

    def __init__(self, context: Context, count: Callable[[int], object], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._count = context, count
        self._central = cast(Services, context.services).central
        if allowed(context.actor.role, Permission.SYNC_SETTLE):
            context.bridge.happened.connect(self._heard)
            self.read()

    def read(self) -> None:
        """Count anew."""
        actor, central = self._context.actor, self._central
        self._context.background.run(
            self,
            lambda _task: central.to_settle(actor),
            key="central.to_settle",
            newest=True,
            done=self._count,
        )

    def _heard(self, event: Event) -> None:
        if isinstance(event, CentralChanged):
            self.read()
