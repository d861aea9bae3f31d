"""How many seats are held, until when the first of them is, and the way to begin their time anew."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.holdring import HoldRing
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Card


class HoldStrip(Card):
    """`extend(button)` asks for more time. In the basket `words` is "first in", after a refusal "lapse in"."""

    extend = Signal(object)

    def __init__(
        self, session: Session, *, bare: bool = False, words: str = "", parent: QWidget | None = None
    ) -> None:
        fill, line = ("surface", "surface") if bare else ("subtle", "border")
        super().__init__(fill, line=line, radius="control", parent=parent)
        self._session = session
        self._still = bare
        self.time = HoldRing(self.seconds, session.hold_seconds, large=True)
        self._words = Label("", "body_m")
        self._first = Label(words or self.tr("first in"), "small", "text_secondary")
        self.button: QAbstractButton = Button(self.tr("Extend"), Kind.LINK, height="control_small")
        self.button.clicked.connect(lambda: self.extend.emit(self.button))
        row = QHBoxLayout(self)
        row.setContentsMargins(0 if bare else 12, 3, 0 if bare else 4, 3)
        row.setSpacing(8)
        row.addWidget(self._words)
        row.addStretch(1)
        row.addWidget(self._first)
        row.addWidget(self.time)
        row.addWidget(self.button)
        self.show_holds()

    def seconds(self) -> float:
        """Until the first hold that is still there goes back."""
        now = self._session.now
        left = [line.seconds(now) for line in self._session.lines]
        living = [each for each in left if each > 0]
        return min(living, default=0.0)

    def show_holds(self) -> None:
        now = self._session.now
        seats = sum(line.hold.seats for line in self._session.lines if line.seconds(now) > 0)
        still = self.tr("{0} still held") if self._still else self.tr("{0} held")
        self._words.setText(still.format(wording.seat_count(seats)) if seats else self.tr("Nothing is held"))
        many = len(self._session.lines) > 1
        self._first.setVisible(seats > 0 and (many or self._still))
        self.button.setVisible(seats > 0)
        self.time.restart(self.seconds, self._session.hold_seconds)
