"""Places without content: nothing here, could not be read, still working."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Card
from travellr_desktop.ui.theme import Theme

_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class EmptyState(QWidget):
    """Icon, one sentence, what hides the rows or what will be here, and two ways out at most."""

    def __init__(
        self,
        icon: str,
        sentence: str,
        second: str = "",
        buttons: Sequence[Button] = (),
        *,
        tone: str = "text_muted",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = Glyph(icon, tone, "icon_large")
        self._first = Label(sentence, "lead", align=_MIDDLE, wrap=True)
        self._second = Label(second, "small", "text_secondary", align=_MIDDLE, wrap=True)
        self.setAccessibleName(f"{sentence} {second}".strip())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 20, 16, 20)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._icon, 0, _MIDDLE)
        column.addSpacing(12)
        column.addWidget(self._first)
        column.addWidget(self._second)
        if buttons:
            column.addSpacing(12)
            column.addLayout(row)
        column.addStretch(1)

    def say(self, sentence: str, second: str = "") -> None:
        self._first.setText(sentence)
        self._second.setText(second)
        self._second.setVisible(bool(second))
        self.setAccessibleName(f"{sentence} {second}".strip())


class LoadFailed(EmptyState):
    """What could not be read and since when. `again` and `details` come from its buttons."""

    again = Signal()
    details = Signal()

    def __init__(self, sentence: str, second: str = "", parent: QWidget | None = None) -> None:
        again = Button("", icon="refresh-cw", key="F5")
        details = Button("", Kind.QUIET)
        super().__init__("unplug", sentence, second, (again, details), tone="bad", parent=parent)
        again.set_words(self.tr("Try again"))
        details.set_words(self.tr("Details"))
        again.clicked.connect(self.again)
        details.clicked.connect(self.details)
        self.again_button = again


class Bar(QProgressBar):
    """A progress bar, 6 high, without words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(120, Theme.current().tokens.size["progress"])

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            area, radius = QRectF(self.rect()), self.height() / 2
            paint.box(painter, area, fill=theme.colour("pressed"), radius=radius)
            span = self.maximum() - self.minimum()
            done = area.width() * (self.value() - self.minimum()) / span if span else 0.0
            if done > 0:
                done = max(done, area.height())
                left = area.right() - done if self.isRightToLeft() else area.left()
                piece = QRectF(left, area.top(), done, area.height())
                paint.box(painter, piece, fill=theme.colour("accent"), radius=radius)


class ProgressNote(Card):
    """What runs: a title, how far, Stop. `start()` shows it only if the work takes over 600 ms.

    `stopped` asks for the end of the work; call `finish()` when it has ended.
    """

    stopped = Signal()

    def __init__(self, title: str, *, stoppable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(radius="note", parent=parent)
        self._title = Label(title, "body_m", elide=True)
        self._count = Label("", "small", "text_secondary")
        self._stop = Button(self.tr("Stop"), Kind.LINK, height="control_small")
        if not stoppable:  # shown before it has a parent it would be a window of its own
            self._stop.hide()
        self._stop.clicked.connect(self._ask_stop)
        self._bar = Bar()
        self._bar.setAccessibleName(title)
        self.setAccessibleName(title)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._title, 1)
        head.addWidget(self._count)
        head.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12 if not stoppable else 8, 12)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._bar)
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(self.show)

    def start(self) -> None:
        self.hide()
        self._stop.set_busy(None)
        self._wait.start(Theme.current().duration("progress_after_ms"))

    def finish(self) -> None:
        self._wait.stop()
        self.hide()

    def set_progress(self, done: int, total: int) -> None:
        """Rows done of all; a total of 0 means that it is not known."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done if total else 0)
        self._count.setText(self.tr("{0} of {1}").format(f"{done:,}", f"{total:,}") if total else f"{done:,}")

    def _ask_stop(self) -> None:
        self._stop.set_busy(self.tr("Stopping"))
        self.stopped.emit()
