"""Qt's own order of Tab, walked without harm.

`QWidget.nextInFocusChain` and `previousInFocusChain` are not to be called elsewhere: PySide takes the widget that is
asked for the owner of the one it gives. When the first dies, the other counts as deleted while it is still on the
screen, and the program crashes at its next painting.
"""

from __future__ import annotations

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
