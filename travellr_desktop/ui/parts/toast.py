"""Toasts: what finished, at the bottom at the trailing side, for six seconds. Never for errors."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QWidget
from shiboken6 import isValid

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.keycap import cap_size, paint_cap
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.parts.shade import SHADE, paint_shade
from travellr_desktop.ui.theme import Theme

_MOST = 3


class _Undo(Pressable):
    """Words and a key cap in the colours of the toast. No stop for Tab: it is gone before one comes round."""

    held = Signal(bool)
    """Whether the keyboard is here."""

    def __init__(self, words: str, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._words, self._key = words, key
        self.setAccessibleName(words)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.held.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.held.emit(False)

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        wide = paint.width_of(self._words, theme.font("body_b")) + theme.px(16)
        if self._key:
            wide += theme.px(8) + cap_size(self._key).width()
        return QSize(wide, theme.size("control_small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            ink = theme.colour("on_tooltip")
            if self.ring:
                paint.box(painter, self.rect(), line=ink, radius=theme.radius("control"), width=2)
            font, pad = QFont(theme.font("body_b")), theme.px(8)
            if self.over:
                font.setUnderline(True)
            place = self.rect().adjusted(pad, 0, -pad, 0)
            paint.words(painter, place, self._words, font, ink)
            if self._key:
                cap = cap_size(self._key)
                place.setLeft(place.right() + 1 - cap.width())
                place.setTop((self.height() - cap.height()) // 2)
                place.setSize(cap)
                paint_cap(painter, paint.leading(self, place), self._key, filled="on_tooltip")


class Toast(QWidget):
    """One message. It leaves by itself, but not under the mouse nor with the keyboard in it, and at once when its
    action is taken."""

    gone = Signal(object)

    def __init__(
        self,
        text: str,
        *,
        icon: str = "circle-check",
        action: str = "",
        key: str = "",
        on_action: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._icon = text, icon
        self._on_action = on_action
        self._action: QAbstractButton | None = None
        self._came_from: QWidget | None = None
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(SHADE + 8, SHADE, SHADE + 8, SHADE)  # Qt does not mirror them
        row.addStretch(1)
        if action:
            undo = self._action = _Undo(action, key, self)
            undo.clicked.connect(self._act)
            undo.held.connect(self._held)
            row.addWidget(undo)
        self._leave = QTimer(self, singleShot=True, interval=Theme.current().duration("toast_stays_ms"))
        self._leave.timeout.connect(self.close_now)
        Theme.current().changed.connect(self._retheme)
        self._retheme()

    @property
    def text(self) -> str:
        return self._text

    @property
    def action(self) -> QAbstractButton | None:
        return self._action

    @property
    def has_keyboard(self) -> bool:
        return self._action is not None and self._action.hasFocus()

    def take_keyboard(self) -> None:
        """The focus goes to the action; when the toast leaves, back to where it was."""
        if self._action is not None:
            self._came_from = QApplication.focusWidget()
            self._action.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def start(self) -> None:
        self._leave.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def close_now(self) -> None:
        self._leave.stop()
        back = self._came_from
        if self.has_keyboard and back is not None and isValid(back):
            back.setFocus(Qt.FocusReason.OtherFocusReason)
            self._leave.stop()
        self.hide()
        self.gone.emit(self)

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        action = self._action.sizeHint().width() + theme.px(12) if self._action else theme.px(8)
        words = paint.width_of(self._text, theme.font("body_m"))
        wide = theme.px(12) + theme.size("icon") + theme.px(10) + words + action + 8
        return QSize(max(min(wide, theme.px(480)), theme.px(240)) + 2 * SHADE, theme.px(40) + 2 * SHADE)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            area = self.rect().adjusted(SHADE, SHADE, -SHADE, -SHADE)
            paint_shade(painter, area, theme.radius("toast"))
            paint.box(painter, area, fill=theme.colour("tooltip"), radius=theme.radius("toast"))
            size = theme.size("icon")
            place = area.adjusted(theme.px(12), 0, 0, 0)
            place.setWidth(size)
            paint.icon(painter, paint.centred(paint.leading(self, place), size), self._icon, "on_tooltip")
            font, ink = theme.font("body_m"), theme.colour("on_tooltip")
            paint.words(painter, paint.leading(self, self._room()), self._text, font, ink, elide=True)

    def _room(self) -> QRect:
        """Where the words go: between icon and action."""
        theme, wide = Theme.current(), max(self.width(), self.sizeHint().width())
        start = SHADE + theme.px(12) + theme.size("icon") + theme.px(10)
        end = self._action.sizeHint().width() + theme.px(16) if self._action else theme.px(12)
        return QRect(start, SHADE, wide - SHADE - end - start, self.height() - 2 * SHADE)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._leave.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self.isVisible() and not self.has_keyboard:
            self._leave.start()
        super().leaveEvent(event)

    def _held(self, here: bool) -> None:
        if here:
            self._leave.stop()
        elif self.isVisible() and not self.underMouse():
            self._leave.start()

    def _retheme(self) -> None:
        """What is too long for the toast is whole in its tooltip."""
        whole = paint.width_of(self._text, Theme.current().font("body_m"))
        self.setToolTip(self._text if whole > self._room().width() else "")
        self.update()

    def _act(self) -> None:
        if self._on_action is not None:
            self._on_action()
        self.close_now()


class Toasts(QObject):
    """The stack of one window: newest at the bottom, three at most. Make one a window and call `show`.

    `beside` tells a pane at the trailing side that is worked in: the stack stands before it, so that it hides none of
    its buttons; `over` one at the bottom, above which it stands."""

    def __init__(
        self,
        host: QWidget,
        *,
        bottom: int = 40,
        beside: Callable[[], QWidget | None] = lambda: None,
        over: Callable[[], QWidget | None] = lambda: None,
    ) -> None:
        super().__init__(host)
        self._host, self._bottom, self._beside, self._over = host, bottom, beside, over
        self._toasts: list[Toast] = []
        host.installEventFilter(self)

    def show(
        self,
        text: str,
        *,
        icon: str = "circle-check",
        action: str = "",
        key: str = "",
        on_action: Callable[[], None] | None = None,
    ) -> Toast:
        """Say that something finished. `action` with `on_action` is Undo, where that is cheap."""
        toast = Toast(text, icon=icon, action=action, key=key, on_action=on_action, parent=self._host)
        toast.gone.connect(self._gone)
        self._toasts.append(toast)
        while len(self._toasts) > _MOST:
            self._toasts[0].close_now()
        self._place()
        toast.show()
        toast.raise_()
        toast.start()
        return toast

    @property
    def shown(self) -> tuple[Toast, ...]:
        return tuple(self._toasts)

    @property
    def offering(self) -> Toast | None:
        """The newest that offers something to do."""
        return next((toast for toast in reversed(self._toasts) if toast.action is not None), None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _gone(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        y = self._floor() + SHADE
        mirrored = self._host.layoutDirection() is Qt.LayoutDirection.RightToLeft
        edge = self._edge(mirrored)
        for toast in reversed(self._toasts):
            toast.resize(toast.sizeHint())
            y -= toast.height()
            x = 16 - SHADE if mirrored else self._host.width() - toast.width() - 16 + SHADE
            toast.move(x + edge if mirrored else x - edge, y)
            y += 2 * SHADE - 8

    def place(self) -> None:
        """What they stand beside and above is another now."""
        self._place()

    def _floor(self) -> int:
        """Where the lowest toast ends: above what is at the bottom, unless that is most of the window."""
        floor, foot = self._host.height() - self._bottom, self._over()
        if foot is None or not foot.isVisibleTo(self._host):
            return floor
        top = foot.mapTo(self._host, QPoint(0, 0)).y() - 8
        return min(floor, top) if top > self._host.height() // 3 else floor

    def _edge(self, mirrored: bool) -> int:
        """How much of the trailing side is taken by a pane that is worked in; nothing by one over half the window."""
        pane = self._beside()
        if pane is None or not pane.isVisibleTo(self._host):
            return 0
        left = pane.mapTo(self._host, QPoint(0, 0)).x()
        taken = left + pane.width() if mirrored else self._host.width() - left
        return taken if taken < self._host.width() // 2 else 0
