"""Counts, on whatever screen, the refunds that wait for whoever is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject

from travellr_desktop.events import Event, RefundOrderChanged
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.screen import Context


class RefundsWatch(QObject):
    """`count` is told how many the person may decide on."""

    def __init__(self, context: Context, count: Callable[[int], object], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._count = context, count
        self._refunds = cast(Services, context.services).refunds
        context.bridge.happened.connect(self._heard)
        self.read()

    def read(self) -> None:
        """Count anew."""
        actor, refunds = self._context.actor, self._refunds
        self._context.background.run(
            self,
            lambda _task: refunds.to_approve(actor),
            key="refunds.to_approve",
            newest=True,
            done=self._count,
        )

    def _heard(self, event: Event) -> None:
        if isinstance(event, RefundOrderChanged):
            self.read()
