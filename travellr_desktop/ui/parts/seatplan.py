"""A plan of seats: each seat a button with a name of its own, on the painted decks of a coach or boat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from travellr_desktop.domain.seat_places import step
from travellr_desktop.domain.seating import Layout, Seat, SeatKind, Side, sellable
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.parts.seat_paint import Scale, SeatTone, paint_decks, paint_seat, tr
from travellr_desktop.ui.theme import Theme

LEAST_UNIT = 2.3
MOST_UNIT = 3.6
"""Pixels to a unit, of which a seat has ten: what is read well, before the text is made larger."""

_SIDES = {
    Qt.Key.Key_Left: Side.LEFT,
    Qt.Key.Key_Right: Side.RIGHT,
    Qt.Key.Key_Up: Side.TOP,
    Qt.Key.Key_Down: Side.BOTTOM,
}


@dataclass(frozen=True, slots=True)
class SeatLook:
    """How a seat is shown: `letter` stands on one of yours, `words` say the state to who cannot see it."""

    tone: SeatTone = SeatTone.FREE
    letter: str = ""
    words: str = ""


def kind_words(seat: Seat) -> str:
    """`aisle`, `table 7`."""
    if seat.kind is SeatKind.TABLE and seat.table:
        return tr("table {0}").format(seat.table)
    return {
        SeatKind.WINDOW: tr("window"),
        SeatKind.AISLE: tr("aisle"),
        SeatKind.MIDDLE: tr("middle"),
        SeatKind.TABLE: tr("at a table"),
    }[seat.kind]


class SeatCell(Pressable):
    """One seat. The plan it is on moves the keyboard."""

    def __init__(self, plan: SeatPlan, seat: Seat) -> None:
        super().__init__(plan)
        self.seat = seat
        self.look = SeatLook()
        self._plan = plan
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def show_look(self, look: SeatLook) -> None:
        self.look = look
        name = ", ".join(word for word in (self.seat.label, kind_words(self.seat), look.words) if word)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        words = self.look.letter if self.look.tone is SeatTone.YOURS else self.seat.label
        with QPainter(self) as painter:
            place = QRectF(self.rect())
            paint_seat(painter, place, self.look.tone, words, over=self.over, down=self.isDown())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        side = _SIDES.get(Qt.Key(event.key()))
        if side is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._plan.go(step(self._plan.layout_shown, self.seat.label, side))
        elif event.key() == Qt.Key.Key_Home:
            self._plan.go(self._plan.layout_shown.seats[0].label)
        elif event.key() == Qt.Key.Key_End:
            self._plan.go(self._plan.layout_shown.seats[-1].label)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._plan.put_cursor(self.seat.label)
        self._plan.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._plan.show_ring()


class CursorRing(QWidget):
    """The cursor, around a seat and a little outside of it."""

    OUT = 4

    def __init__(self, plan: QWidget) -> None:
        super().__init__(plan)
        self.strong = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        tone, width = ("focus", 2) if self.strong else ("border_control", 1)
        radius = theme.radius("control") + 2
        with QPainter(self) as painter:
            paint.box(painter, self.rect(), line=theme.colour(tone), radius=radius, width=width)


class SeatPlan(QWidget):
    """`moved(label)` when the cursor goes to another seat, `pressed(label)` for Enter, Space or a click on one,
    `entered` when a seat gets the keyboard.

    Keys: arrows go by where the seats are, Home and End to the first and last. One stop of Tab: the seat with
    the cursor. Tab goes to the plans of `neighbours_in_order`, the one before and the one after, where there are
    any."""

    moved = Signal(str)
    pressed = Signal(str)
    entered = Signal()

    def __init__(self, name: str, layout: Layout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layout_shown = layout
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.neighbours_in_order: tuple[SeatPlan | None, SeatPlan | None] = (None, None)
        self._cells: dict[str, SeatCell] = {}
        self._scale = Scale.of(layout, MOST_UNIT)
        for seat in layout.seats:
            cell = self._cells[seat.label] = SeatCell(self, seat)
            cell.show_look(SeatLook())
            cell.clicked.connect(lambda _=False, label=seat.label: self._press(label))
        self._ring = CursorRing(self)
        self._current = True
        self._cursor = next(seat.label for seat in layout.seats if not seat.blocked)
        self._place()
        self.put_cursor(self._cursor)
        Theme.current().changed.connect(self._place)

    # content

    @property
    def cursor_at(self) -> str:
        return self._cursor

    def cell(self, label: str) -> SeatCell:
        return self._cells[label]

    def set_looks(self, looks: Mapping[str, SeatLook]) -> None:
        """How the seats are now; one that is left out is free."""
        for label, cell in self._cells.items():
            look = looks.get(label, SeatLook())
            if look != cell.look:
                cell.show_look(look)

    def fit(self, width: int, height: int) -> None:
        """Be as large as fits into this room, within what is read well; beyond that the plan is scrolled."""
        wish = Scale.to_fit(self.layout_shown, width, height).unit
        unit = max(min(wish, MOST_UNIT * Theme.current().text_scale), self.least_unit())
        if abs(unit - self._scale.unit) > 0.001:
            self._scale = Scale.of(self.layout_shown, unit)
            self._place()

    def least_unit(self) -> float:
        """Pixels to a unit at which the longest label stands in its seat still."""
        font = Theme.current().font("caption")
        needed = max(
            (paint.width_of(seat.label, font) + 2) / seat.area.width for seat in self.layout_shown.seats
        )
        return max(LEAST_UNIT * Theme.current().text_scale, needed)

    # the cursor

    def go(self, label: str) -> None:
        """Move cursor and keyboard to a seat."""
        self.put_cursor(label)
        self._cells[label].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def put_cursor(self, label: str) -> None:
        """Move the cursor, not the keyboard."""
        before, self._cursor = self._cursor, label
        self._cells[before].setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._cells[label].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_ring()
        if label != before:
            self.moved.emit(label)

    def set_current(self, current: bool) -> None:
        """Of several plans the one that is worked on: the others show no cursor."""
        self._current = current
        self.show_ring()

    def focus_cursor(self) -> None:
        self._cells[self._cursor].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_ring(self) -> None:
        cell = self._cells[self._cursor]
        out = CursorRing.OUT
        self._ring.setGeometry(cell.geometry().adjusted(-out, -out, out, out))
        self._ring.strong = cell.hasFocus()
        self._ring.setVisible(self._current or cell.hasFocus())
        self._ring.raise_()
        self._ring.update()

    def focusNextPrevChild(self, ahead: bool) -> bool:
        other = self.neighbours_in_order[1 if ahead else 0]
        if other is None:
            return super().focusNextPrevChild(ahead)
        other.focus_cursor()
        return True

    # inside

    def _press(self, label: str) -> None:
        self.put_cursor(label)
        self.pressed.emit(label)

    def _place(self) -> None:
        self._scale = Scale.of(self.layout_shown, max(self._scale.unit, self.least_unit()))
        for label, cell in self._cells.items():
            cell.setGeometry(self._scale.rect(self.layout_shown.areas[label]).toRect())
        self.setFixedSize(*self._scale.size(self.layout_shown))
        self.show_ring()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_decks(painter, self.layout_shown, self._scale)


class PlanScroll(QScrollArea):
    """Room for a plan: as high as it, scrolled sideways where it is wider."""

    def __init__(self, plan: SeatPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan = plan
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(plan)
        plan.setAutoFillBackground(False)
        plan.moved.connect(self._follow)

    def fit(self, width: int, height: int) -> None:
        """See `SeatPlan.fit`; `width` is also that of this area."""
        self.plan.fit(width, height)
        bar = self.horizontalScrollBar().sizeHint().height() if self.plan.width() > width else 0
        self.setFixedHeight(self.plan.height() + bar)

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(120), self.plan.height())

    def sizeHint(self) -> QSize:
        return self.plan.size()

    def _follow(self, label: str) -> None:
        self.ensureWidgetVisible(self.plan.cell(label), 24, 24)


class PlanPreview(QWidget):
    """A plan as a picture, as large as its place allows; its accessible name says what is on it."""

    def __init__(self, layout: Layout | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout: Layout | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_plan(layout)
        Theme.current().changed.connect(self.update)

    def set_plan(self, layout: Layout | None) -> None:
        """Show another plan; None shows nothing."""
        self._layout = layout
        if layout is None:
            self.setAccessibleName(tr("No plan"))
        else:
            decks = len(layout.decks)
            on = tr("on {0} decks").format(decks) if decks > 1 else tr("on one deck")
            self.setAccessibleName(tr("Plan of {0} seats {1}").format(sellable(layout), on))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(Theme.current().px(360), Theme.current().px(180))

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(120), Theme.current().px(60))

    def paintEvent(self, event: QPaintEvent) -> None:
        layout = self._layout
        if layout is None:
            return
        unit = Scale.to_fit(layout, self.width(), self.height()).unit
        scale = Scale.of(layout, min(unit, MOST_UNIT * Theme.current().text_scale))
        across, down = scale.size(layout)
        with QPainter(self) as painter:
            painter.translate((self.width() - across) // 2, (self.height() - down) // 2)
            paint_decks(painter, layout, scale)
            font = Theme.current().font("caption")
            places = {seat: scale.rect(layout.areas[seat.label]) for seat in layout.seats}
            fits = all(paint.width_of(seat.label, font) <= place.width() for seat, place in places.items())
            for seat, place in places.items():
                tone = SeatTone.BLOCKED if seat.blocked else SeatTone.FREE
                paint_seat(painter, place, tone, seat.label if fits else "")
