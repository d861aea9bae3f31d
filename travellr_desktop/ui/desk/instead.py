"""What can be had instead of a full departure: the same trip at other times, and trips like it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.services.departure_views import Alternative, Alternatives, Offer
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.theme import Theme

LOW_ROWS = 2
"""How many of each a low screen shows."""
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


class Row(Pressable):
    """One line: when, or which trip and when; what is free; what the party would pay."""

    def __init__(self, title: str, second: str, free: str, amount: str, spoken: str) -> None:
        super().__init__()
        self._title, self._second, self._free, self._amount = title, second, free, amount
        self._wide = (0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)

    def widths(self) -> tuple[int, int]:
        """Those of the amount and of what is free, in pixels."""
        font = Theme.current().font("small")
        return paint.width_of(self._amount, font), paint.width_of(self._free, font)

    def set_widths(self, amount: int, free: int) -> None:
        """Make room for the longest of each in the list, so that they stand below each other."""
        self._wide = (amount, free)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, Theme.current().px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS:
            event.ignore()  # Qt's buttons go to the next in the order of Tab: here the list decides
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        pad, gap = theme.px(8), theme.px(10)
        with QPainter(self) as painter:
            if self.ring or self.over:
                fill = theme.colour("selection" if self.ring else "hover")
                line = theme.colour("focus") if self.ring else None
                paint.box(painter, self.rect(), fill=fill, line=line, radius=theme.radius("control"), width=2)
            small, strong = theme.font("small"), theme.font("small_m")
            left, right = pad, self.width() - pad
            ends = ((self._amount, "text"), (self._free, "text_secondary"))
            for (text, tone), least in zip(ends, self._wide, strict=True):
                wide = max(paint.width_of(text, small), least)
                place = QRect(right - wide, 0, wide + 1, self.height())
                across = Qt.AlignmentFlag.AlignRight
                paint.words(painter, paint.leading(self, place), text, small, theme.colour(tone), across)
                right -= wide + gap if wide else 0
            if self._second:  # a time is never cut: the title gives way
                wide = paint.width_of(self._second, small)
                place = QRect(right - wide, 0, wide + 1, self.height())
                colour, across = theme.colour("text_secondary"), Qt.AlignmentFlag.AlignRight
                paint.words(painter, paint.leading(self, place), self._second, small, colour, across)
                right -= wide + gap
            place = QRect(left, 0, max(right - left, 0), self.height())
            colour = theme.colour("text")
            paint.words(painter, paint.leading(self, place), self._title, strong, colour, elide=True)


class Rows(QWidget):
    """A short list under its title; Up and Down move in it."""

    chosen = Signal(object)
    """An `Alternative`."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.rows: list[Row] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = Label(title, "small_m", "text_secondary", elide=True)
        head.setContentsMargins(8, 0, 0, 0)  # over the words of the rows
        column.addWidget(head)
        column.addLayout(self._list)
        column.addStretch(1)
        Theme.current().changed.connect(self._align)

    def show_rows(self, rows: Sequence[tuple[Alternative, Row]]) -> None:
        while (taken := self._list.takeAt(0)) is not None:
            if (old := taken.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.rows = [row for _, row in rows]
        self._align()
        for alternative, row in rows:
            row.clicked.connect(lambda _=False, each=alternative: self.chosen.emit(each))
            self._list.addWidget(row)
        self.setVisible(bool(rows))

    def _align(self) -> None:
        widths = [row.widths() for row in self.rows]
        for row in self.rows:
            row.set_widths(max(amount for amount, _ in widths), max(free for _, free in widths))

    def set_most(self, most: int) -> None:
        for at, row in enumerate(self.rows):
            row.setVisible(at < most)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        shown = [row for row in self.rows if row.isVisibleTo(self)]
        at = next((i for i, row in enumerate(shown) if row.hasFocus()), None)
        if step is None or at is None:
            event.ignore()
            return
        shown[(at + step) % len(shown)].setFocus(Qt.FocusReason.TabFocusReason)


class Instead(QWidget):
    """Both lists side by side. `chosen(Alternative)` is Enter or a click: go there."""

    chosen = Signal(object)

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self.near = Rows(self.tr("Same trip, other times"))
        self.similar = Rows(self.tr("Similar trips"))
        self._none = Label(self.tr("No other trip around that day has room."), "small", "text_secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 10, 0, 10)
        row.setSpacing(16)
        row.addWidget(self.near, 4)
        row.addWidget(self.similar, 5)
        row.addWidget(self._none)
        for part in (self.near, self.similar):
            part.chosen.connect(self.chosen)
        self._most = 99
        self._offer: Offer | None = None
        self.show_alternatives(None)

    def show_alternatives(self, found: Alternatives | None, offer: Offer | None = None) -> None:
        """What can be had instead of `offer`; None while it is read."""
        self._offer = offer
        near, similar = (found.near, found.similar) if found is not None else ((), ())
        self.near.show_rows([(each, self._near(each)) for each in near])
        self.similar.show_rows([(each, self._similar(each)) for each in similar])
        self._none.setVisible(found is not None and not near and not similar)
        self.set_low(self._most == LOW_ROWS)

    def set_low(self, low: bool) -> None:
        self._most = LOW_ROWS if low else 99
        for part in (self.near, self.similar):
            part.set_most(self._most)

    def focus_first(self) -> bool:
        """Put the keyboard on the first of them; says whether there is one."""
        first = next(iter([*self.near.rows, *self.similar.rows]), None)
        if first is None:
            return False
        first.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right go to the other list."""
        sides = {Qt.Key.Key_Left: self.near, Qt.Key.Key_Right: self.similar}
        if self.isRightToLeft():
            sides = {Qt.Key.Key_Right: self.near, Qt.Key.Key_Left: self.similar}
        to = sides.get(Qt.Key(event.key()))
        if to is None or not to.rows:
            event.ignore()
            return
        to.rows[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _near(self, each: Alternative) -> Row:
        return self._row(self._when(each), "", each)

    def _similar(self, each: Alternative) -> Row:
        """Its time alone where it leaves on the same day."""
        there = self._formats.local(each.starts_at, each.zone).date()
        row = self._offer.row if self._offer is not None else None
        same = row is not None and self._formats.local(row.starts_at, row.zone).date() == there
        when = self._formats.time(each.starts_at, each.zone)
        if not same:
            when = f"{self._formats.day_brief(there)}, {when}"
        return self._row(each.title, when, each)

    def _row(self, title: str, second: str, each: Alternative) -> Row:
        """What it costs is told where it is not what the full one would."""
        free, amount = self.tr("{0} free").format(each.free), self._formats.money(each.total)
        told = "" if self._offer is not None and self._offer.total == each.total else amount
        spoken = (
            f"{each.title}, {each.place}, {self._formats.when(each.starts_at, each.zone)}, {free}, {amount}"
        )
        return Row(title, second, free, told, spoken)

    def _when(self, each: Alternative) -> str:
        local = self._formats.local(each.starts_at, each.zone).date()
        return f"{self._formats.day(local)}, {self._formats.time(each.starts_at, each.zone)}"
