"""The order of Tab on the desk: pane by pane, and in a pane as one reads.

Lines, chips and pages are made anew while one works, and Qt puts every new one at the end of its own order. So the
order is taken from where things stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.desk.grow import Grow
from travellr_desktop.ui.focus_chain import following, takes_tab

ROW = 12
"""Parts whose middles are nearer than this, in pixels, stand in one row."""


def reading_order(pane: QWidget, here: QWidget | None = None) -> list[QWidget]:
    """What takes Tab in a pane, and `here`, which has the focus: rows from the top, each from its leading edge. What
    scrolls counts where its area is, as if it were not scrolled."""
    inside = list(_inside(pane))
    found = [each for each in inside if each is here or takes_tab(each)]
    if takes_tab(pane):
        found.append(pane)
    sign = -1 if pane.layoutDirection() is Qt.LayoutDirection.RightToLeft else 1
    areas = [(area, area.widget()) for area in inside if isinstance(area, Grow)]

    def place(widget: QWidget) -> tuple[int, int]:
        for area, content in areas:
            if content is not None and content.isAncestorOf(widget):
                return _middle(area, pane).y(), _middle(widget, content).y()
        return _middle(widget, pane).y(), 0

    rows: list[list[QWidget]] = []
    for widget in sorted(found, key=place):
        if rows and all(abs(a - b) < ROW for a, b in zip(place(widget), place(rows[-1][0]), strict=True)):
            rows[-1].append(widget)
        else:
            rows.append([widget])
    return [each for row in rows for each in sorted(row, key=lambda one: sign * _middle(one, pane).x())]


def _inside(pane: QWidget) -> Iterator[QWidget]:
    """All widgets in a pane, along Qt's own order of Tab, in which every one stands. Not by `findChildren`, after
    which PySide takes the pane for the owner of them all."""
    widget = following(pane)
    while widget is not None and widget is not pane:
        if pane.isAncestorOf(widget):
            yield widget
        widget = following(widget)


def _middle(widget: QWidget, inside: QWidget) -> QPoint:
    return widget.mapTo(inside, widget.rect().center())


def step(panes: Sequence[QWidget], here: QWidget | None, *, ahead: bool) -> QWidget | None:
    """The control after `here`, or before it; None past the ends. From elsewhere the first, or the last."""
    order = [widget for pane in panes for widget in reading_order(pane, here)]
    if here not in order:
        return (order[0] if ahead else order[-1]) if order else None
    at = order.index(here) + (1 if ahead else -1)
    return order[at] if 0 <= at < len(order) else None
