"""What stands in the place of the list until it is done: a head, a message, its content, and a ticket beside it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.ui.bookings.ticket_parts import TicketParts
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Pane, ScrollArea
from travellr_desktop.ui.theme import Theme

NARROW = 760
"""Below this width a table leaves out what stands elsewhere too."""


class AwayView(QWidget):
    """Whoever inherits makes its parts, calls `_frame`, and lays them out in `_fit_to`."""

    left = Signal()
    """The person goes back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side_ticket: TicketParts | None = None
        self._title = Label("", "lead")
        self._whose = Label("", "body", "text_secondary", elide=True)
        self.back_button = Button(self.tr("Back to the list"), Kind.QUIET, key="Esc", height="control_small")
        self.back_button.clicked.connect(self.back)
        self.note = Note("bad", "")
        self._notes = QWidget()
        notes = QVBoxLayout(self._notes)
        notes.setContentsMargins(16, 12, 16, 12)
        notes.addWidget(self.note)
        self._notes.hide()

    def back(self) -> None:
        """To the list, where that is possible now."""
        raise NotImplementedError

    def _fit_to(self, room: int, *, narrow: bool) -> None:
        """Lay out what is beside the ticket for a width."""
        raise NotImplementedError

    def _frame(self, content: QWidget, ticket: TicketParts, *head_buttons: QWidget) -> None:
        """Put it together: `content` scrolls below the head, the ticket stands at its side."""
        self._side_ticket = ticket
        content.setProperty("part", "scrolled")
        head = Pane("surface", edges=("bottom",))
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 8, 12, 9)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._whose, 1)
        for button in (*head_buttons, self.back_button):
            row.addWidget(button)
        left = Pane("surface")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._notes)
        self._scroll = ScrollArea(content)
        column.addWidget(self._scroll, 1)
        side = Pane("canvas", edges=("left",))
        beside = QVBoxLayout(side)
        beside.setContentsMargins(17, 16, 16, 16)
        beside.addWidget(ticket)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(left, 1)
        across.addWidget(side)
        Theme.current().changed.connect(self._retheme)
        self._retheme()

    def _say(self, refusal: Refusal, second: str = "") -> None:
        """Why it cannot be done, above everything."""
        self.note.say("bad", str(refusal), second or refusal.hint)
        self._notes.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme = Theme.current()
        room = self.width() - theme.size("ticket") - 33
        self._fit_to(room, narrow=room < theme.px(NARROW))

    def _retheme(self) -> None:
        if self._side_ticket is not None:
            self._side_ticket.setFixedWidth(Theme.current().size("ticket"))
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(1100, 640)
