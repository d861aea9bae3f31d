"""The round corners of what stands in a window of its own: menus and dialogs.

A translucent window is black where it should be clear if nothing composes the screen, as on a bare X11 display. There
the corners are cut off instead, without a soft edge.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QBitmap, QGuiApplication, QNativeInterface, QPainter
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.theme import Theme

_MANAGER = b"_NET_WM_CM_S0"
"""Whoever composes the first screen of an X11 display owns this selection, as its conventions ask."""


def composed() -> bool:
    """Whether a translucent window is shown as one."""
    if QGuiApplication.platformName() != "xcb":
        return True
    native = QGuiApplication.instance().nativeInterface()  # type: ignore[union-attr]
    if not isinstance(native, QNativeInterface.QX11Application):
        return True
    import ctypes

    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False
    x11.XInternAtom.restype = x11.XGetSelectionOwner.restype = ctypes.c_ulong
    x11.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    x11.XGetSelectionOwner.argtypes = (ctypes.c_void_p, ctypes.c_ulong)
    display = native.display()
    return bool(x11.XGetSelectionOwner(display, x11.XInternAtom(display, _MANAGER, 0)))


class Corners(QObject):
    """Gives a window round corners: made in its constructor, before it is shown. `radius` is a name of the theme;
    `inset` is how far within its edges the box is that it paints itself."""

    def __init__(self, window: QWidget, radius: str, *, inset: int = 0) -> None:
        super().__init__(window)
        self._window, self._radius, self._inset = window, radius, inset
        if composed():
            window.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        else:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            by, radius = self._inset, Theme.current().radius(self._radius)
            mask = QBitmap(self._window.size())
            mask.clear()
            with QPainter(mask) as painter:
                painter.setPen(Qt.GlobalColor.color1)
                painter.setBrush(Qt.GlobalColor.color1)
                painter.drawRoundedRect(mask.rect().adjusted(by, by, -by - 1, -by - 1), radius, radius)
            self._window.setMask(mask)
        return False
