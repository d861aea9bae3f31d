"""The desk's panes side by side, with a scroll bar where the window cannot hold them: at very large text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QWidget


class Sideways(QScrollArea):
    """Fills the screen; what has the focus is brought into sight."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setWidget(content)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def set_least(self, width: int) -> None:
        """Narrower than this it scrolls."""
        content = self.widget()
        if content is not None:
            content.setMinimumWidth(width)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new) and self.horizontalScrollBar().maximum() > 0:
            self.ensureWidgetVisible(new, 24, 0)
