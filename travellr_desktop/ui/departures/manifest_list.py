"""The list of a manifest: a booking on a subtle row, its travellers below it, each with a sign and a time."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from travellr_desktop.services.manifest_rows import Manifest
from travellr_desktop.ui.departures.manifest_model import ROW_ROLE, ManifestModel, Row
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.keycap import cap_size, paint_cap
from travellr_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

BOOKING, TRAVELLER = 28, 24
_EDGE, _GAP = 16, 8
_TRAILING = Qt.AlignmentFlag.AlignRight


class ManifestDelegate(QStyledItemDelegate):
    """Paints rows. What must stay whole (references, amounts, times) does: a row without room for both its ends has
    two lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(ROW_ROLE)
        theme = Theme.current()
        if not isinstance(row, Row) or row.line is not None:
            return QSize(120, theme.px(TRAVELLER))
        high = theme.px(BOOKING)
        view = self.parent()
        wide = view.viewport().width() if isinstance(view, QListView) else 0
        return QSize(120, high if self.fits(row, wide) else high + theme.line("body"))

    @staticmethod
    def fits(row: Row, wide: int) -> bool:
        """Whether a booking's reference and what it owes stand beside each other."""
        theme = Theme.current()
        left = paint.width_of(row.words, theme.font("body_m", reference=True))
        right = paint.width_of(row.trailing, theme.font("body_m")) + ManifestDelegate.cap_room(row)
        return left + right + theme.px(2 * _EDGE + 2 * _GAP) <= wide

    @staticmethod
    def cap_room(row: Row) -> int:
        return cap_size("P").width() + Theme.current().px(_GAP) if row.owes else 0

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, view = index.data(ROW_ROLE), self.parent()
        if not isinstance(row, Row) or not isinstance(view, QAbstractItemView):
            return
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._ground(painter, rect, row, view, selected=selected, cursor=view.currentIndex() == index)
        if row.line is None:
            self._booking(painter, rect, row, view)
        else:
            self._traveller(painter, rect, row, view)

    def _ground(
        self, painter: QPainter, rect: QRect, row: Row, view: QWidget, *, selected: bool, cursor: bool
    ) -> None:
        theme = Theme.current()
        if selected:
            painter.fillRect(rect, theme.colour("selection"))
            bar = QRect(rect.x(), rect.y(), theme.tokens.size["selection_bar"], rect.height())
            tone = "accent" if view.hasFocus() else "border_control"
            painter.fillRect(self._at(view, rect, bar), theme.colour(tone))
        elif row.line is None:
            painter.fillRect(rect, theme.colour("subtle"))
        if row.line is None:
            for y in (rect.y() - 1, rect.bottom()):
                painter.fillRect(QRect(rect.x(), y, rect.width(), 1), theme.colour("divider"))
        if cursor and view.hasFocus() and not selected:
            paint.box(painter, rect, line=theme.colour("focus"), width=2)

    @staticmethod
    def _at(view: QWidget, rect: QRect, place: QRect) -> QRect:
        return QStyle.visualRect(view.layoutDirection(), rect, place)

    def _booking(self, painter: QPainter, rect: QRect, row: Row, view: QAbstractItemView) -> None:
        theme = Theme.current()
        edge, gap, high = theme.px(_EDGE), theme.px(_GAP), theme.px(BOOKING)
        font = theme.font("body_m", reference=True)
        one_line = self.fits(row, rect.width())
        wide = paint.width_of(row.words, font)
        place = QRect(rect.x() + edge, rect.y(), wide, high)
        paint.words(painter, self._at(view, rect, place), row.words, font, theme.colour("text"))
        top = rect.y() if one_line else rect.y() + high - theme.px(4)
        right = rect.right() + 1 - edge
        if row.owes:
            cap = cap_size("P")
            key = QRect(right - cap.width(), top + (high - cap.height()) // 2, cap.width(), cap.height())
            paint_cap(painter, self._at(view, rect, key), "P")
            right -= self.cap_room(row)
        strong = theme.font("body_m" if row.owes else "body")
        said = paint.width_of(row.trailing, strong)
        place = QRect(right - said, top, said, high)
        paint.words(
            painter, self._at(view, rect, place), row.trailing, strong, theme.colour(row.tone), _TRAILING
        )
        room = right - said - gap - (rect.x() + edge + wide + gap)
        if row.booking.notes and one_line:
            self._notes(painter, rect, row, view, rect.x() + edge + wide + gap, room)

    def _notes(self, painter: QPainter, rect: QRect, row: Row, view: QWidget, left: int, room: int) -> None:
        theme = Theme.current()
        size, font = theme.size("icon_small"), theme.font("small")
        number = str(row.booking.notes)
        if room < size + theme.px(4) + paint.width_of(number, font):
            return
        place = QRect(left, rect.y() + (theme.px(BOOKING) - size) // 2, size, size)
        paint.icon(painter, self._at(view, rect, place), "message-square-text", "text_secondary")
        words = QRect(place.right() + theme.px(4), rect.y(), room, theme.px(BOOKING))
        paint.words(painter, self._at(view, rect, words), number, font, theme.colour("text_secondary"))

    def _traveller(self, painter: QPainter, rect: QRect, row: Row, view: QWidget) -> None:
        theme = Theme.current()
        edge, gap, size = theme.px(_EDGE), theme.px(_GAP), theme.size("icon")
        sign = QRect(rect.x() + edge, rect.y() + (rect.height() - size) // 2, size, size)
        tone = {"circle-check": "ok", "user-x": "text_secondary"}.get(row.icon, "border_control")
        paint.icon(painter, self._at(view, rect, sign), row.icon, tone)
        left, right = sign.right() + 1 + gap, rect.right() + 1 - edge
        body, small = theme.font("body"), theme.font("small")
        if row.trailing:
            said = paint.width_of(row.trailing, body)
            place = QRect(right - said, rect.y(), said, rect.height())
            colour = theme.colour(row.tone)
            paint.words(painter, self._at(view, rect, place), row.trailing, body, colour, _TRAILING)
            right -= said + gap
        name, beside = paint.width_of(row.words, body), paint.width_of(row.beside, small)
        kept = beside + gap if left + name + gap + beside <= right else 0
        shown = min(name, right - left - (kept or min(beside + gap, (right - left) // 3)))
        quiet = row.booking.pending or (row.line is not None and row.line.absent)
        place = QRect(left, rect.y(), shown, rect.height())
        colour = theme.colour("text_secondary" if quiet else "text")
        paint.words(painter, self._at(view, rect, place), row.words, body, colour, elide=name > shown)
        rest = QRect(left + shown + gap, rect.y(), max(right - left - shown - gap, 0), rect.height())
        if rest.width() >= beside or rest.width() > theme.px(24):
            colour = theme.colour("text_secondary")
            paint.words(
                painter,
                self._at(view, rect, rest),
                row.beside,
                small,
                colour,
                elide=beside > rest.width(),
            )


class ManifestList(QListView):
    """`toggle(line ids)` is Space, Enter or a double click: who is not here comes, who is comes off; `take(booking
    id)` a click on what is owed."""

    toggle = Signal(object)
    take = Signal(object)

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ManifestModel(formats, self)
        self._departure: UUID | None = None
        self.setAccessibleName(self.tr("Manifest"))
        self.setModel(self.rows)
        self.setItemDelegate(ManifestDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setProperty("part", "rows")
        self.setMinimumHeight(Theme.current().px(2 * TRAVELLER))
        self.doubleClicked.connect(lambda _index: self._toggle())
        Theme.current().changed.connect(self._restyle)

    # content

    def show_manifest(self, manifest: Manifest | None) -> None:
        """The same departure read again keeps cursor, selection and scroll."""
        departure = manifest.departure_id if manifest is not None else None
        same = departure is not None and departure == self._departure
        self._departure = departure
        current, chosen = self.current(), [row.id for row in self.selected()]
        scrolled = self.verticalScrollBar().value()
        self.rows.show(manifest)
        if not same:
            self.verticalScrollBar().setValue(0)
            return
        self.executeDelayedItemsLayout()
        self.choose(chosen, current.id if current is not None else None)
        self.verticalScrollBar().setValue(scrolled)

    def current(self) -> Row | None:
        row = self.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, Row) else None

    def selected(self) -> list[Row]:
        """The selected rows from the top; the one with the cursor where none is."""
        rows = [index.data(ROW_ROLE) for index in sorted(self.selectedIndexes(), key=QModelIndex.row)]
        found = [row for row in rows if isinstance(row, Row)]
        current = self.current()
        return found or ([current] if current is not None else [])

    def line_ids(self) -> tuple[UUID, ...]:
        """The travellers of the selected rows, each once."""
        return tuple(dict.fromkeys(line for row in self.selected() for line in row.line_ids))

    def choose(self, ids: Sequence[object], current: object = None) -> None:
        """Select these bookings and lines, without scrolling; the cursor goes to `current`, else the first."""
        places = [at for each in ids if (at := self.rows.position(each)) is not None]
        here = self.rows.position(current) if current is not None else None
        if here is None and places:
            here = places[0]
        if here is None:
            return
        model, flag = self.selectionModel(), self.selectionModel().SelectionFlag
        scrolls = self.hasAutoScroll()
        self.setAutoScroll(False)
        model.setCurrentIndex(self.rows.index(here, 0), flag.NoUpdate)
        model.clearSelection()
        for at in places:
            model.select(self.rows.index(at, 0), flag.Select)
        self.setAutoScroll(scrolls)

    def show_lines(self, ids: Sequence[object]) -> None:
        """Select these lines and bring the first into sight."""
        self.choose(ids)
        self.scrollTo(self.currentIndex())

    # keys and pointer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._toggle()
            return
        shift_or_none = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape or (
            shift_or_none and event.text().isprintable() and event.text()
        ):
            event.ignore()  # goes on to the screen
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        was_nowhere = (
            not self.currentIndex().isValid()
        )  # Qt puts the cursor on the first row, and selects nothing
        super().focusInEvent(event)  # type: ignore[arg-type]
        if was_nowhere and self.rows.rows:
            first = next((at for at, row in enumerate(self.rows.rows) if row.line is not None), 0)
            self.setCurrentIndex(self.rows.index(first, 0))
        self.viewport().update()

    def _toggle(self) -> None:
        if ids := self.line_ids():
            self.toggle.emit(ids)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        row = self._owing_at(event)
        if row is not None:
            self.take.emit(row.booking.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        hand = self._owing_at(event) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def _owing_at(self, event: QMouseEvent) -> Row | None:
        """The booking whose debt stands under the pointer."""
        at = event.position().toPoint()
        index = self.indexAt(at)
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row) or not row.owes:
            return None
        rect, theme = self.visualRect(index), Theme.current()
        wide = paint.width_of(row.trailing, theme.font("body_m")) + ManifestDelegate.cap_room(row)
        place = QRect(rect.right() + 1 - theme.px(_EDGE) - wide, rect.y(), wide, rect.height())
        return row if QStyle.visualRect(self.layoutDirection(), rect, place).contains(at) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def keyboardSearch(self, search: str) -> None:
        """Letters are the screen's; a name is typed into the field."""

    def _restyle(self) -> None:
        self.setMinimumHeight(Theme.current().px(2 * TRAVELLER))
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
