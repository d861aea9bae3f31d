"""Counts, on whatever screen, the payouts that wait for whoever is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject

from travellr_desktop.events import Event, PayoutBatchChanged, SettingsChanged, VendorPayout
from travellr_desktop.services.payouts.views import Waiting
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.pace import Pace
from travellr_desktop.ui.screen import Context

EVERY_MS = 1_500
"""It goes over all vendors, and a batch that is sent changes it with every payout."""


class PayoutsWatch(QObject):
    """`count` is told how many drafts the person may approve, payouts nobody knows of, and what else is overdue."""

    def __init__(self, context: Context, count: Callable[[int], object], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._count = context, count
        self._payouts = cast(Services, context.services).payouts
        self._pace = Pace(self._read, self, every_ms=EVERY_MS)
        context.bridge.happened.connect(self._heard)
        self.read()

    def read(self) -> None:
        """Count anew, soon."""
        self._pace.ask()

    def _read(self) -> bool:
        actor, payouts = self._context.actor, self._payouts

        def done(found: Waiting) -> None:
            self._count(found.count)

        begun = self._context.background.run(
            self,
            lambda _task: payouts.waiting(actor),
            key="payouts.waiting",
            newest=True,
            done=done,
            ended=self._pace.ended,
        )
        return begun is not None

    def _heard(self, event: Event) -> None:
        if isinstance(event, PayoutBatchChanged | VendorPayout | SettingsChanged):
            self.read()
