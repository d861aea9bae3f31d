"""The dialog for a decision: a question with the amount, what each side gives, two verbs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.corners import Corners
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import MoneyRows
from travellr_desktop.ui.parts.shade import SHADE, paint_shade
from travellr_desktop.ui.theme import Theme


class Scrim(QWidget):
    """Darkens a window while a decision is open over it; follows its size."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        host.installEventFilter(self)
        self.resize(host.size())
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.resize(watched.size())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), Theme.current().colour("scrim"))


class Decision(QDialog):
    """Asks one thing. Use `open()`; `accepted` and `rejected` as inherited.

    `question` is the title and carries the amount; `verb` and `keep` are verbs. Rows go into `rows`
    (`rows.add(words, amount)`), other parts into `body`. The safe button has the focus; Esc keeps,
    Ctrl+Enter does.
    """

    def __init__(
        self,
        question: str,
        *,
        verb: str,
        keep: str,
        second: str = "",
        kind: Kind | str = Kind.DANGER,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        Corners(self, "dialog", inset=SHADE)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(question)
        self.setAccessibleName(question)
        self.setAccessibleDescription(second)
        self._scrim: Scrim | None = None
        self.question = Label(question, "lead", wrap=True)
        self.second = Label(second, "body", "text_secondary", wrap=True)
        self.second.setVisible(bool(second))
        self.rows = MoneyRows(gap=2)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self.keep = Button(keep, key="Esc", height="control_decision")
        self.act = Button(verb, kind, key="Ctrl+Enter", height="control_decision")
        self.keep.clicked.connect(self.reject)
        self.act.clicked.connect(self.accept)
        for button in (self.keep, self.act):
            button.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.act)
        column = QVBoxLayout(self)
        edge = SHADE + 16
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(0)
        column.addWidget(self.question)
        column.addSpacing(4)
        column.addWidget(self.second)
        column.addSpacing(12)
        column.addWidget(self.rows)
        column.addLayout(self.body)
        column.addSpacing(20)
        column.addLayout(buttons)
        Theme.current().changed.connect(self._retheme)
        self._retheme()

    def set_busy(self, words: str | None) -> None:
        """While the decision is carried out: both buttons are off and Esc does nothing; None ends it."""
        self.act.set_busy(words)
        self.keep.setEnabled(words is None)

    def showEvent(self, event: object) -> None:
        host = self.parentWidget()
        if host is not None:
            window = host.window()
            self._scrim = Scrim(window)
            self._scrim.show()
            self._scrim.raise_()
            self._fit()
            self.adjustSize()
            layout = self.layout()
            if layout is not None:  # Qt's own adjusting stops at two thirds of the screen
                self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))
            middle = window.mapToGlobal(QPoint(0, 0)) + QPoint(window.width() // 2, window.height() // 2)
            self.move(middle - QPoint(self.width() // 2, self.height() // 2))
        self.keep.setFocus(Qt.FocusReason.TabFocusReason)

    def done(self, result: int) -> None:
        if self._scrim is not None:
            self._scrim.hide()
            self._scrim.deleteLater()
            self._scrim = None
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.act.isEnabled():
                self.act.click()
            return
        if enter:
            # Enter presses the button that has the keyboard, never the act by default
            focused = self.focusWidget()
            if isinstance(focused, Button):
                focused.click()
            return
        super().keyPressEvent(event)

    def reject(self) -> None:
        if not self.act.busy:
            super().reject()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        area = self.rect().adjusted(SHADE, SHADE, -SHADE, -SHADE)
        radius = theme.radius("dialog")
        with QPainter(self) as painter:
            paint_shade(painter, area, radius)
            fill, line = theme.colour("raised"), theme.colour("border")
            paint.box(painter, area, fill=fill, line=line, radius=radius)

    def _retheme(self) -> None:
        self._fit()
        self.update()

    def _fit(self) -> None:
        """As wide as ever, or as its buttons need: their words are never cut."""
        buttons = self.keep.sizeHint().width() + 8 + self.act.sizeHint().width() + 32
        self.setFixedWidth(max(min(Theme.current().size("dialog"), 720), buttons) + 2 * SHADE)
