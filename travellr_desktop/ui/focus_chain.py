"""Qt's own order of Tab, walked without harm.

`QWidget.nextInFocusChain` and `previousInFocusChain` are not to be called elsewhere: PySide takes the widget that is
asked for the owner of the one it gives. When the first dies, the other counts as deleted while it is still on the
screen, and the program crashes at its next painting.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import Shiboken


def following(widget: QWidget, *, back: bool = False) -> QWidget | None:
    """The widget after this one in the order of Tab, or the one before; any widget is in it, focus or not."""
    found = widget.previousInFocusChain() if back else widget.nextInFocusChain()
    if found is None:
        return None
    owner = found.parentWidget()
    if owner is not None or Shiboken.createdByPython(found):
        found.setParent(owner)  # nothing changes in Qt; PySide knows the true owner again
    return found


def takes_tab(widget: QWidget) -> bool:
    policy = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(policy) and widget.isEnabled() and widget.isVisible() and widget.focusProxy() is None


def next_stop(start: QWidget, *, back: bool = False, within: QWidget | None = None) -> QWidget | None:
    """The next in the order of Tab, in the same window, that takes it. With `within` only what is in that widget, from
    its first control to its last: None after it."""
    widget = following(start, back=back)
    for _ in range(10_000):
        if widget is None or widget is start or widget is within:
            break
        inside = within is None or within.isAncestorOf(widget)
        if inside and takes_tab(widget) and widget.window() is start.window():
            return widget
        widget = following(widget, back=back)
    return None
