"""A scrolling area that is as high as its content while there is room, and scrolls when there is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from travellr_desktop.ui.parts.pane import ScrollArea


class Grow(ScrollArea):
    """Asks for its content's height at its own width. A control that takes the focus comes into sight.

    `edge` is the padding at the trailing edge of the content, in which the scroll bar stands: nothing moves when it
    comes. `least` is the height below which it does not go.
    """

    def __init__(
        self, content: QWidget, *, edge: int = 16, least: int = 96, parent: QWidget | None = None
    ) -> None:
        super().__init__(content, parent)
        self._least, self._edge = least, edge
        self._kept: QWidget | None = None
        self.verticalScrollBar().rangeChanged.connect(self._room_changed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)
        self._fit()

    def keep_in_sight(self, part: QWidget | None) -> None:
        """From now on scroll to the end of this part when the content grows; None to stop that."""
        self._kept = part
        self._show_kept()

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

    def _room_changed(self, _least: int, most: int) -> None:
        content = self.widget()
        layout = content.layout() if content is not None else None
        if layout is not None:
            margins = layout.contentsMargins()
            bar = self.verticalScrollBar().sizeHint().width() if most > 0 else 0
            margins.setRight(max(self._edge - bar, 0))
            if margins != layout.contentsMargins():
                layout.setContentsMargins(margins)
                layout.activate()  # now: else what was laid out for the other width stays until something else moves
        self._show_kept()

    def _show_kept(self) -> None:
        content = self.widget()
        if self._kept is None or content is None or not self._kept.isVisible():
            return
        end = self._kept.mapTo(content, self._kept.rect().bottomLeft()).y()
        bar = self.verticalScrollBar()
        bar.setValue(max(bar.value(), end - self.viewport().height()))

    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        content = self.widget()
        if now is not None and content is not None and content.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, 12)
