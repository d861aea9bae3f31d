"""The seat map on the desk: it stands where departures are looked for, as long as seats are chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from travellr_desktop.ui.desk.basket import Basket
from travellr_desktop.ui.desk.seats_side import SeatsSide
from travellr_desktop.ui.desk.seats_state import Seating
from travellr_desktop.ui.desk.seats_view import SeatsView
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.screen import Context


class SeatsMode(QObject):
    """`side` and `view` are hidden, and shown in place of `others`. The keyboard comes back to `home`, unless it is
    in the basket."""

    def __init__(self, context: Context, session: Session, formats: Formats, parent: QWidget) -> None:
        super().__init__(parent)
        self.seating = Seating(context, session, self)
        self.view = SeatsView(self.seating, formats)
        self.side = SeatsSide(self.seating, formats, self.view.take_key)
        self._others: tuple[QWidget, ...] = ()
        self._home: QWidget | None = None
        for part in self.panes:
            part.hide()
        self.seating.opened.connect(self._show)

    def stand_in_for(self, *others: QWidget, home: QWidget) -> None:
        self._others, self._home = others, home

    @property
    def panes(self) -> tuple[QWidget, QWidget]:
        return self.side, self.view

    @property
    def is_open(self) -> bool:
        return self.seating.is_open

    def instead(self, others: Sequence[QWidget]) -> tuple[QWidget, ...]:
        """The panes that are on view: its own, or those given."""
        return self.panes if self.is_open else tuple(others)

    def choose(self, basket: Basket) -> None:
        """Open on the line of the basket that has the keyboard, or the first whose seats have numbers."""
        focus = QApplication.focusWidget()
        here = next((row.line for row in basket.lines if focus is not None and row.isAncestorOf(focus)), None)
        self.seating.open(here)

    def close(self) -> None:
        self.seating.close()

    def _show(self, on: bool) -> None:
        focus = QApplication.focusWidget()
        inside = focus is None or any(part.isAncestorOf(focus) for part in self.panes)
        for part in self._others:
            part.setVisible(not on)
        for part in self.panes:
            part.setVisible(on)
        if not on and inside and self._home is not None and self._home.isVisible():
            self._home.setFocus(Qt.FocusReason.OtherFocusReason)
