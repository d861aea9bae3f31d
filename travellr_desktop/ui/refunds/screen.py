"""Refunds: what waits for a second person, or that nothing does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtWidgets import QAbstractButton, QStackedLayout, QWidget

from travellr_desktop.events import BookingCancelled, BookingChanged, Event, RefundOrderChanged
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.bookings.away import Means
from travellr_desktop.ui.parts.empty import EmptyState
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.refunds.view import ApprovalView
from travellr_desktop.ui.screen import Context, Screen


class RefundsScreen(Screen):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        services = cast(Services, context.services)
        words = Words(services.locale)
        means = Means(context.background, services, context.actor, words)
        self.view = ApprovalView(means, context.clock, context.say.finished)
        self.nothing = EmptyState(
            "circle-check",
            self.tr("Nothing waits for a second person"),
            self.tr("Refunds above the agency's limit come here, before anything moves."),
        )
        self._stack = QStackedLayout(self)
        for page in (self.nothing, self.view):
            self._stack.addWidget(page)
        self.view.counted.connect(self._counted)

    def cares(self, event: Event) -> bool:
        return isinstance(event, RefundOrderChanged | BookingCancelled | BookingChanged)

    def panes(self) -> Sequence[QWidget]:
        return self.view.panes if self._stack.currentWidget() is self.view else ()

    def primary(self) -> QAbstractButton | None:
        return self.view.primary if self._stack.currentWidget() is self.view else None

    def tab_from(self, here: QWidget | None, *, ahead: bool) -> QWidget | None:
        if self._stack.currentWidget() is not self.view:
            return super().tab_from(here, ahead=ahead)
        return self.view.tab_from(here, ahead=ahead)

    def refresh(self) -> None:
        super().refresh()
        self.view.refresh()

    def _counted(self, waiting: int) -> None:
        self._stack.setCurrentWidget(self.view if waiting else self.nothing)
