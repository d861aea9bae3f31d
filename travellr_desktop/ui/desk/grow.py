"""A scrolling area that is as high as its content while there is room, and scrolls when there is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from travellr_desktop.ui.parts.pane import ScrollArea


class Grow(ScrollArea):
    """Asks for its content's height at its own width. A control that takes the focus comes into sight."""

    def __init__(self, content: QWidget, *, least: int = 96, parent: QWidget | None = None) -> None:
        super().__init__(content, parent)
        self._least = least
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._wanted())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), min(self._wanted(), self._least))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _wanted(self) -> int:
        content = self.widget()
        layout = content.layout() if content is not None else None
        if layout is None:
            return 0
        if layout.hasHeightForWidth():
            return layout.totalHeightForWidth(max(self.viewport().width(), 1))
        return layout.totalSizeHint().height()

    def _fit(self) -> None:
        wanted = self._wanted()
        if self.maximumHeight() != wanted:
            self.setMaximumHeight(max(wanted, 0))
            self.updateGeometry()

    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        content = self.widget()
        if now is not None and content is not None and content.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, 12)
