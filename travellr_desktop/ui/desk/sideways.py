"""The desk's panes side by side, with a scroll bar where the window cannot hold them: at very large text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QWidget

LOW = 3
"""What is higher than this part of the view, such as a list, is not brought into sight from above and below."""


class Sideways(QScrollArea):
    """Fills the screen; what has the focus is brought into sight.

    The panes get the view's height and scroll inside. Only where even their least height does not fit, all scrolls;
    Qt's own resizing would go by the height they would like to have.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setWidget(content)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def set_least(self, width: int) -> None:
        """Narrower than this it scrolls."""
        self._least = width
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        content = self.widget()
        if content is None:
            return
        whole = self.maximumViewportSize()
        least = QSize(self._least, content.minimumSizeHint().height())
        bar = self.horizontalScrollBar().sizeHint()
        if least.width() > whole.width():
            whole.setHeight(whole.height() - bar.height())
        if least.height() > whole.height():
            whole.setWidth(whole.width() - bar.height())
        content.resize(whole.expandedTo(least))

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not self.isAncestorOf(new):
            return
        across, down = self.horizontalScrollBar().maximum() > 0, self.verticalScrollBar().maximum() > 0
        view = self.viewport().height()
        if down and new.height() * LOW < view:
            self.ensureWidgetVisible(new, 24 if across else 0, 24)
        elif across:
            self.ensureWidgetVisible(new, 24, 0)
