"""A picture of a window as a person sees it: with the dialogs and popups that stand over it."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget


def picture(window: QWidget) -> QPixmap:
    """Grab `window` and lay its visible dialogs and popups over it. Works without a display."""
    shot = window.grab()
    origin = window.mapToGlobal(QPoint(0, 0))
    with QPainter(shot) as painter:
        for other in QApplication.topLevelWidgets():
            if other is not window and other.isVisible() and _belongs(other, window):
                painter.drawPixmap(other.mapToGlobal(QPoint(0, 0)) - origin, other.grab())
    return shot


def _belongs(other: QWidget, window: QWidget) -> bool:
    parent = other.parentWidget()
    return parent is not None and parent.window() is window
