"""Tells whoever is signed in, on whatever screen, of options that are due and of seats offered to those who waited."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from PySide6.QtCore import QObject

from travellr_desktop.domain.states import WaitingState
from travellr_desktop.events import Event, HoldChanged, OptionDue, WaitingChanged
from travellr_desktop.services.options import OptionView, ToDo
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.screen import Context


class OptionsWatch(QObject):
    """`count` is told how many options are due and how many offers wait for an answer."""

    def __init__(self, context: Context, count: Callable[[int], object], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._count = context, count
        self._services = cast(Services, context.services)
        context.bridge.happened.connect(self._heard)
        self.read()

    def read(self) -> None:
        """Count anew."""
        actor, options = self._context.actor, self._services.options

        def done(to_do: ToDo) -> None:
            self._count(to_do.due + to_do.offers)

        self._context.background.run(
            self, lambda _task: options.to_do(actor), key="options.to_do", newest=True, done=done
        )

    def _heard(self, event: Event) -> None:
        if isinstance(event, (OptionDue, HoldChanged, WaitingChanged)):
            self.read()
        if isinstance(event, OptionDue):
            self._tell(event.aggregate_id, self.tr("{0}: the option of {1} is due"))
        elif isinstance(event, WaitingChanged) and event.state is WaitingState.OFFERED and event.hold_id:
            self._tell(event.hold_id, self.tr("{0}: {2} offered to {1}, who waited"))

    def _tell(self, option_id: UUID, words: str) -> None:
        actor, options = self._context.actor, self._services.options

        def done(option: OptionView) -> None:
            if option.is_due:
                seats = wording.seat_count(option.seats)
                self._context.say.finished(words.format(option.title, option.traveller_name, seats))

        self._context.background.run(
            self,
            lambda _task: options.detail(actor, option_id),
            key=("options.tell", option_id),
            newest=True,
            done=done,
            refused=lambda _refusal: None,
        )
