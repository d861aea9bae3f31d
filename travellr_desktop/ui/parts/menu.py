"""The menu behind "more" and behind chips: verbs or values, with icons and keys where they help."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from travellr_desktop.ui.parts.corners import Corners
from travellr_desktop.ui.theme import Theme

EDGE = 8
"""How far a menu stays from the sides of its window."""


class Menu(QMenu):
    """A popup menu with rounded corners; `name` is spoken.

    Keys are shown, not bound: the screen binds them. A verb that is off says why in its tooltip.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons: list[tuple[QAction, str, str]] = []
        self.setAccessibleName(name)
        self.setToolTipsVisible(True)
        self.setWindowFlags(
            self.windowFlags() | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        )
        Corners(self, "card")
        self._retheme()
        Theme.current().changed.connect(self._retheme)

    def add(
        self,
        words: str,
        on_chosen: Callable[[], object],
        *,
        icon: str = "",
        key: str = "",
        tone: str = "text_secondary",
        checked: bool | None = None,
        off: str = "",
    ) -> QAction:
        """A line. `checked` makes it a choice that is on or off; `off` switches it off and says why."""
        action = self.addAction(words.replace("&", "&&"))
        action.triggered.connect(lambda _checked: on_chosen())
        if key:
            action.setShortcut(QKeySequence(key.replace("Enter", "Return")))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setShortcutVisibleInContextMenu(True)
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
        if off:
            action.setEnabled(False)
            action.setToolTip(off)
        if icon:
            self._icons.append((action, icon, tone))
            self._draw(action, icon, tone)
        return action

    def popup_below(self, anchor: QWidget) -> None:
        """Open under a button, at its leading edge, on the first line that can be chosen: Return takes it."""
        corner = anchor.rect().bottomLeft()
        if anchor.isRightToLeft():
            corner = anchor.rect().bottomRight() - QPoint(self.sizeHint().width(), 0)
        at, window, wide = anchor.mapToGlobal(corner + QPoint(0, 4)), anchor.window(), self.sizeHint().width()
        left = window.mapToGlobal(QPoint(EDGE, 0)).x()
        right = window.mapToGlobal(QPoint(window.width() - EDGE, 0)).x()
        self._open(QPoint(max(left, min(at.x(), right - wide)), at.y()))

    def popup_above(self, anchor: QWidget) -> None:
        """The same over a button, where there is no room below."""
        corner = QPoint(0, -self.sizeHint().height())
        if anchor.isRightToLeft():
            corner += QPoint(anchor.width() - self.sizeHint().width(), 0)
        self._open(anchor.mapToGlobal(corner))

    def _open(self, at: QPoint) -> None:
        self.popup(at)
        if first := next(
            (each for each in self.actions() if each.isEnabled() and not each.isSeparator()), None
        ):
            self.setActiveAction(first)

    def _draw(self, action: QAction, icon: str, tone: str) -> None:
        theme = Theme.current()
        action.setIcon(theme.icon(icon, tone, theme.size("icon"), self.devicePixelRatioF()))

    def _retheme(self) -> None:
        self.setFont(Theme.current().font("body"))
        for action, icon, tone in self._icons:
            self._draw(action, icon, tone)
