"""The rows of the command palette: their model and how they are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.keycap import cap_size, paint_cap
from travellr_desktop.ui.shell.matching import Span
from travellr_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole + 1

_SECOND_AT_LEAST = 0.45
"""Of a row, for the second words where both do not fit: when a departure leaves is not lost to its title."""


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the palette: a thing to do, or a thing to open. `run` is called on the GUI thread. `also` is not
    shown: other words that find it."""

    words: str
    icon: str
    run: Callable[[], object]
    second: str = ""
    key: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    found: Found
    spans: tuple[Span, ...]


class PaletteRows(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        found = self.rows[index.row()].found
        if role == Qt.ItemDataRole.DisplayRole:
            return found.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (found.words, found.second, found.key) if part)
        if role == Qt.ItemDataRole.ToolTipRole:  # what there was no room for
            return "\n".join(part for part in (found.words, found.second) if part)
        if role == ROW_ROLE:
            return self.rows[index.row()]
        return None


class PaletteDelegate(QStyledItemDelegate):
    """Icon, words with the match bold, second words muted, key cap at the end."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, Theme.current().size("control"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        theme = Theme.current()
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            paint.box(painter, rect, fill=theme.colour("selection"), radius=theme.radius("control"))
        edge, gap, size = theme.px(8), theme.px(8), theme.size("icon")
        left, right = rect.left() + edge, rect.right() + 1 - edge
        place = QRect(left, rect.top() + (rect.height() - size) // 2, size, size)
        paint.icon(painter, place, row.found.icon, "accent_text" if selected else "text_secondary")
        left += size + gap
        if key := ("Enter" if selected else row.found.key):
            cap = cap_size(key)
            place = QRect(
                right - cap.width(), rect.center().y() - cap.height() // 2 + 1, cap.width(), cap.height()
            )
            paint_cap(painter, place, key)
            right = place.left() - gap
        small, second = theme.font("small"), row.found.second
        needs = (
            min(paint.width_of(second, small) + gap, round((right - left) * _SECOND_AT_LEAST))
            if second
            else 0
        )
        room = QRect(left, rect.top(), right - left - ceil(needs), rect.height())
        left = self._words(painter, theme, row, room) + gap
        if second:
            room = QRect(left, rect.top(), right - left, rect.height())
            paint.words(painter, room, second, small, theme.colour("text_secondary"), elide=True)

    def _words(self, painter: QPainter, theme: Theme, row: Row, room: QRect) -> int:
        """Paints the words piece by piece, and says where they end."""
        left, colour = room.left(), theme.colour("text")
        for text, bold in _pieces(row.found.words, row.spans):
            font = theme.font("body_b" if bold else "body")
            rest = QRect(left, room.top(), max(room.right() + 1 - left, 0), room.height())
            paint.words(painter, rest, text, font, colour, elide=paint.width_of(text, font) > rest.width())
            left += round(QFontMetricsF(font).horizontalAdvance(text))
        return min(left, room.right() + 1)


def _pieces(words: str, spans: Sequence[Span]) -> list[tuple[str, bool]]:
    """The words cut at the spans: text, and whether it was found."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for begin, end in spans:
        if begin > at:
            pieces.append((words[at:begin], False))
        pieces.append((words[begin:end], True))
        at = end
    if at < len(words):
        pieces.append((words[at:], False))
    return pieces
