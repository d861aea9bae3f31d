"""The bar over the screen: its title, the way to everything, at most one command."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.actions import SPECS, Act, Actions
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.keycap import cap_size, paint_cap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.theme import Theme

FIELD_AT = 300
"""Where the command field begins, from the edge of the rail: the same on every screen."""

LEAST_FIELD = 200


class CommandField(Pressable):
    """Looks like the field it opens: the palette takes the typing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(self.tr("Search everything, or run a command"))
        self.setAccessibleName(self.text())
        self.setAccessibleDescription("Ctrl+K")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        return QSize(theme.px(440), theme.size("control"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = QPainter(self)
        focus = self.ring
        paint.box(
            painter,
            self.rect(),
            fill=theme.colour("hover" if self.over and not focus else "raised"),
            line=theme.colour("focus" if focus else "border_control"),
            radius=theme.radius("control"),
            width=2 if focus else 1,
        )
        size = theme.size("icon")
        place = QRect(theme.px(12), (self.height() - size) // 2, size, size)
        paint.icon(painter, paint.leading(self, place), "search", "text_secondary")
        cap = cap_size("Ctrl+K")
        right = self.width() - cap.width() - theme.px(8)
        place = QRect(right, (self.height() - cap.height()) // 2, cap.width(), cap.height())
        paint_cap(painter, paint.leading(self, place), "Ctrl+K")
        left = theme.px(12) + size + theme.px(10)
        room = paint.leading(self, QRect(left, 0, right - left - theme.px(8), self.height()))
        font, colour = theme.font("body"), theme.colour("text_muted")
        forms = (self.text(), self.tr("Search everything"), self.tr("Search"))
        words = next((form for form in forms if paint.width_of(form, font) <= room.width()), forms[-1])
        paint.words(painter, room, words, font, colour)
        painter.end()


class CommandBar(QWidget):
    """48 high. Placed by hand, so that the field never moves with title or command."""

    search = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._act: Act | None = None
        self.title = Label("", "title", elide=True, parent=self)
        self.field = CommandField(self)
        self.field.clicked.connect(self.search)
        self.command = Button("", Kind.QUIET, parent=self)
        self.command.clicked.connect(self._run)
        self.command.hide()
        actions.changed.connect(self._show_command)
        Theme.current().changed.connect(self._fit)
        self._fit()

    def set_title(self, words: str) -> None:
        self.title.setText(words)

    def set_command(self, act: Act | None) -> None:
        """Show this action at the end of the bar, or none."""
        self._act = act
        if act is not None:
            spec = SPECS[act]
            self.command.set_words(spec.words)
            self.command.set_icon(spec.icon)
        self._show_command()

    def _show_command(self) -> None:
        act = self._act
        self.command.setVisible(act is not None)
        if act is not None:
            self.command.set_key(next(iter(self._actions.keys(act)), ""))
            on = self._actions.enabled(act)
            self.command.set_off(None if on else self._actions.why_off(act))
        self._place()

    def _run(self) -> None:
        if self._act is not None:
            self._actions.trigger(self._act)

    def _fit(self) -> None:
        self.setFixedHeight(Theme.current().size("command_bar"))
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        theme = Theme.current()
        high, edge = self.height(), theme.px(16)
        field_at = min(theme.px(FIELD_AT), self.width() // 3)  # less only with large text in a small window
        command = self.command.sizeHint() if self._act is not None else QSize(0, 0)
        room = self.width() - field_at - command.width() - 2 * edge
        field = QSize(max(min(theme.px(440), room), theme.px(LEAST_FIELD)), theme.size("control"))
        line = self.title.sizeHint().height()
        self._put(self.title, QRect(edge, (high - line) // 2, field_at - 2 * edge, line))
        self._put(self.field, QRect(field_at, (high - field.height()) // 2, field.width(), field.height()))
        left = self.width() - command.width() - theme.px(8)
        self._put(
            self.command, QRect(left, (high - command.height()) // 2, command.width(), command.height())
        )

    def _put(self, widget: QWidget, rect: QRect) -> None:
        widget.setGeometry(paint.leading(self, rect))
