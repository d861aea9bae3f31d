"""What a person could not read on a screen: words that are cut, shortened, on top of each other or too pale.

`faults(root)` paints `root` once and looks at every line of text that was painted, wherever it came from: each goes
through one function (`parts.paint.words`), which is listened to. Cells of tables, paragraphs and plain Qt controls
are looked at beside that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)

from helpers.painted import Line, contrast, ground_of, lines_of, path_of
from travellr_desktop.ui.parts.dialog import Scrim
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.toast import Toast
from travellr_desktop.ui.shell.overlay import Overlay
from travellr_desktop.ui.shell.rail import Rail
from travellr_desktop.ui.tables.columns import Kind
from travellr_desktop.ui.tables.header import TableHeader
from travellr_desktop.ui.tables.view import TableView
from travellr_desktop.ui.theme import Theme

LEAST_CONTRAST = 4.5
_SLACK = 1.5  # pixels: advances are fractions, rectangles are not
_FAR = 1e6
_FLOATING = (Overlay, Toast, Scrim)
_WHOLE = re.compile(
    r"(?:BK|SA|RF|PY)-\d{4}-\d+"  # references
    r"|(?:[€£$¥]|\b[A-Z]{3}[ \u00a0])\u2212?\d[\d,.\u00a0]*"  # amounts
    r"|\b\d{1,2}:\d{2}\b|\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"  # moments
)


def faults(root: QWidget, *, over: QWidget | None = None) -> list[str]:
    """Everything wrong on `root` as it stands, one sentence each; empty is good.

    `over` is what lies above the rest, if something does: only it is looked at.
    """
    lines, image = lines_of(root)
    within = over or root
    seen = [line for line in lines if line.widget is within or within.isAncestorOf(line.widget)]
    if over is None:
        seen = [line for line in seen if not _floats(line.widget, root)]
    found: list[str] = []
    for line in seen:
        found += _of_line(line, root)
    found += _overlaps(seen)
    found += _pale(seen, image, root)
    found += _of_widgets(within, root, floating=over is not None)
    return sorted(set(found))


# one line


def _of_line(line: Line, root: QWidget) -> list[str]:
    found = []
    if line.needed > line.room.width() + _SLACK:
        if not line.elide:
            found.append(f"cut: {line.named} needs {line.needed:.0f}, has {line.room.width():.0f}")
        else:
            found += _elided(line)
    if line.ink.height() > line.room.height() + _SLACK:
        found.append(f"cut in height: {line.named}")
    place = _place_of(line.widget, root)
    if not place.adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(line.ink):
        found.append(f"beyond the edge: {line.named}")
    return found


def _elided(line: Line) -> list[str]:
    """A shortened line has its whole in a tooltip, and what must stay whole stays whole."""
    widget = line.widget
    if isinstance(widget, Label) and not widget.may_elide:
        return [f"shortened: {line.named} does not say that it may be"]
    if isinstance(widget.parentWidget(), TableHeader):
        return [f"shortened: the column's name {line.named}"]
    if must := _lost(line.text, line.room.width() / max(line.needed, 1)):
        return [f"shortened: “{must}” in {line.named}"]
    if not _told(widget, line.text):
        return [f"shortened without a tooltip: {line.named}"]
    return []


def _lost(text: str, part: float) -> str:
    """A reference, amount or moment that is not wholly in the first `part` of the text."""
    kept = int(len(text) * part) - 1
    return next((hit.group() for hit in _WHOLE.finditer(text) if hit.end() > kept), "")


def _told(widget: QWidget, text: str) -> bool:
    """The whole text is in a tooltip, or in an item's."""
    around: QWidget | None = widget
    for _ in range(3):
        if around is None:
            break
        if text in around.toolTip():
            return True
        if isinstance(around, QAbstractItemView):
            return _item_tells(around, text)
        around = around.parentWidget()
    return False


def _item_tells(view: QAbstractItemView, text: str) -> bool:
    if isinstance(view, TableView):
        return True  # looked at with its cells
    model = view.model()
    tips = (
        model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(min(model.rowCount(), 200))
    )
    return any(text in str(tip or "") for tip in tips)


def _place_of(widget: QWidget, root: QWidget) -> QRectF:
    """Where words of a widget can be seen: inside all that holds it, as far as nothing scrolls."""
    place = QRectF(widget.mapTo(root, QPoint()), widget.size().toSizeF())
    upright = across = 0.0  # once something scrolls that way, what is outside of it is no limit
    around = widget
    while around is not root:
        holder: QWidget | None = around.parentWidget()
        if holder is None:
            break
        if isinstance(holder, QAbstractItemView):
            return QRectF(-_FAR, -_FAR, 2 * _FAR, 2 * _FAR)  # rows half in sight: cells are looked at
        area = holder.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is holder:
            upright = _FAR if _scrolls(area, Qt.Orientation.Vertical) else upright
            across = _FAR if _scrolls(area, Qt.Orientation.Horizontal) else across
        frame = QRectF(holder.mapTo(root, QPoint()), holder.size().toSizeF())
        place = place.intersected(frame.adjusted(-across, -upright, across, upright))
        around = holder
    return place


def _scrolls(area: QAbstractScrollArea, across: Qt.Orientation) -> bool:
    upright = across == Qt.Orientation.Vertical
    if upright and isinstance(area.parentWidget(), Rail):
        return True  # with no bar: by the wheel, and to the chosen screen by itself
    policy = area.verticalScrollBarPolicy() if upright else area.horizontalScrollBarPolicy()
    return policy != Qt.ScrollBarPolicy.ScrollBarAlwaysOff


# lines together


def _overlaps(lines: Sequence[Line]) -> list[str]:
    found = []
    order = sorted(lines, key=lambda line: line.ink.left())
    for at, first in enumerate(order):
        for second in order[at + 1 :]:
            if second.ink.left() >= first.ink.right() - _SLACK:
                break
            shared = first.ink.intersected(second.ink)
            if shared.width() <= 2 or shared.height() <= 2:
                continue
            if first.text == second.text and first.ink == second.ink:
                continue  # painted twice by one part: an underline, a bold match
            if _place_apart(first, second):
                continue
            found.append(f"on top of each other: {first.named} and {second.named}")
    return found


def _place_apart(first: Line, second: Line) -> bool:
    """One of them is scrolled out of sight there."""
    root = first.widget.window()
    places = []
    for line in (first, second):
        seen = line.widget.visibleRegion().boundingRect()
        top = line.widget.mapTo(root, seen.topLeft())
        places.append(QRect(top, seen.size()))
    return not places[0].intersects(places[1])


def _pale(lines: Sequence[Line], image: QImage, root: QWidget) -> list[str]:
    ratio = image.devicePixelRatio()
    disabled = Theme.current().colour("text_disabled").rgb()
    found = []
    for line in lines:
        if line.colour.rgb() == disabled or not line.widget.isEnabled():
            continue
        seen = line.widget.visibleRegion().boundingRect()
        sight = QRectF(seen.translated(line.widget.mapTo(root, QPoint()))).intersected(line.ink)
        if sight.height() < line.ink.height() - _SLACK:
            continue  # scrolled half away
        ground = ground_of(image, sight, ratio)
        if ground is None:
            continue
        value = contrast(line.colour, ground)
        if value < LEAST_CONTRAST:
            found.append(f"pale ({value:.2f}, {line.colour.name()} on {ground.name()}): {line.named}")
    return found


# widgets


def _in_sight(widget: QWidget) -> Iterator[QWidget]:
    """The widget and all in it, but for what is hidden with all in it. Child by child: after `findChildren` PySide
    takes it for the owner of them all."""
    left = [widget]
    while left:
        one = left.pop()
        if one.isVisible():
            yield one
            left += [child for child in one.children() if isinstance(child, QWidget)]


def _of_widgets(within: QWidget, root: QWidget, *, floating: bool) -> list[str]:
    found: list[str] = []
    for widget in _in_sight(within):
        if not floating and _floats(widget, root):
            continue
        if isinstance(widget, TableView):
            found += _of_table(widget)
        elif isinstance(widget, Label):
            found += _of_paragraph(widget, root)
        elif isinstance(widget, QLabel):
            found += _plain(widget, widget.text(), widget.contentsRect().size())
        elif isinstance(widget, QLineEdit):
            found += _of_edit(widget, root)
        elif isinstance(widget, QAbstractButton) and not isinstance(widget.parentWidget(), QComboBox):
            found += _of_control(widget, root)
    return found


def _of_paragraph(label: Label, root: QWidget) -> list[str]:
    if not label.wordWrap() or not label.text():
        return []
    named = f"{path_of(label)} “{label.text()[:48]}”"
    needed = label.heightForWidth(label.width())
    if label.height() + _SLACK < needed:
        return [f"cut: {named} needs {needed} in height, has {label.height()}"]
    whole = QRectF(label.mapTo(root, QPoint()), label.size().toSizeF())
    if not _place_of(label, root).adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(whole):
        return [f"beyond the edge: {named}"]
    return []


def _of_edit(edit: QLineEdit, root: QWidget) -> list[str]:
    found = []
    if not edit.text():
        margins = edit.textMargins()
        room = edit.width() - margins.left() - margins.right() - 4
        found += _plain(edit, edit.placeholderText(), QSize(room, edit.height()))
    elif isinstance(edit.parentWidget(), QAbstractSpinBox):
        found += _plain(edit, edit.text(), edit.size())
    whole = QRectF(edit.mapTo(root, QPoint()), edit.size().toSizeF())
    if not _place_of(edit, root).adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(whole):
        found.append(f"beyond the edge: {path_of(edit)} “{edit.accessibleName()[:48]}”")
    return found


def _of_control(widget: QWidget, root: QWidget) -> list[str]:
    """A control has at least the room that it asks for, inside what holds it."""
    least, named = widget.minimumSizeHint(), f"{path_of(widget)} “{widget.accessibleName()[:48]}”"
    if widget.width() + _SLACK < least.width() or widget.height() + _SLACK < min(
        least.height(), widget.maximumHeight()
    ):
        size = widget.size()
        return [f"squeezed: {named} {size.width()}×{size.height()} of {least.width()}×{least.height()}"]
    whole = QRectF(widget.mapTo(root, QPoint()), widget.size().toSizeF())
    if not _place_of(widget, root).adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(whole):
        return [f"beyond the edge: {named}"]
    return []


def _plain(widget: QWidget, text: str, room: QSize) -> list[str]:
    metrics = QFontMetricsF(widget.font())
    lines = text.split("\n")
    wide = max(metrics.horizontalAdvance(line) for line in lines)
    if text and (wide > room.width() + _SLACK or metrics.capHeight() * len(lines) > room.height()):
        return [f"cut: {path_of(widget)} “{text[:48]}” needs {wide:.0f}, has {room.width()}"]
    return []


def _of_table(table: TableView) -> list[str]:
    """Of the rows in sight: what must not be cut fits its column, and what was cut is told."""
    found: list[str] = []
    delegate, model = table._delegate, table._model
    first, last = table.rows_in_sight()
    whole = (Kind.MONEY, Kind.REFERENCE, Kind.DATE, Kind.BADGE)
    for span in table.layout_of_columns.spans:
        column: Any = model.columns[span.column]
        if column.kind in whole and column.elides:
            found.append(f"may be shortened: column {column.title}")
        room = delegate.room(span)
        for position in range(first, last + 1):
            row = model.row(position)
            cell = (
                delegate.cells.of(position, row, [(span.column, span.x, room)])[span.column] if row else None
            )
            if cell is None:
                continue
            named = f"{table.accessibleName()}, {column.title}: “{cell.text[:40]}”"
            if cell.cut and not delegate.cut_words(position, span.x + 1, [span]):
                found.append(f"shortened without a tooltip: {named}")
            wide = max(cell.width, cell.second_width + cell.end_width + (8 if cell.end else 0))
            if wide > room + _SLACK:
                found.append(f"cut: {named} needs {wide:.0f}, has {room}")
    return found


# names and places


def _floats(widget: QWidget, root: QWidget) -> bool:
    """Whether it lies above the page on purpose."""
    around: QWidget | None = widget
    while around is not None and around is not root:
        if isinstance(around, _FLOATING):
            return True
        around = around.parentWidget()
    return False
