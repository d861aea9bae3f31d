"""The rail: which screens there are, which one is shown, who works."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.event_watch import unwatch, watch
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.keycap import cap_size, paint_cap
from travellr_desktop.ui.parts.pane import Divider, ScrollArea
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.screen import ScreenEntry
from travellr_desktop.ui.theme import Theme

NUMBERS_AFTER_MS = 250
"""How long Ctrl is held before the rail shows its numbers: longer than a quick Ctrl+C."""

_WATCHED = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ApplicationDeactivate})


class RailItem(Pressable):
    """One screen: icon and word, or the icon alone."""

    step = Signal(int)

    def __init__(self, entry: ScreenEntry, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.entry = entry
        self.number = number
        self._narrow = False
        self._show_number = False
        self._count = 0
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._said()

    def set_narrow(self, on: bool) -> None:
        self._narrow = on
        self._said()

    def set_count(self, count: int) -> None:
        self._count = count
        self._said()

    def show_number(self, on: bool) -> None:
        self._show_number = on and self.number <= 9
        self.update()

    @property
    def count(self) -> int:
        return self._count

    @property
    def shows_number(self) -> bool:
        return self._show_number

    def _said(self) -> None:
        words = self.entry.words
        if self._count:
            words = self.tr("{0}, {1} waiting").format(words, self._count)
        self.setAccessibleName(words)
        key = f"Ctrl+{self.number}" if self.number <= 9 else ""
        self.setToolTip("  ".join(part for part in (words, key) if part) if self._narrow else key)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(Theme.current().size("rail_narrow") - 12, Theme.current().size("control"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = QPainter(self)
        area, radius = self.rect(), theme.radius("control")
        if self.isChecked():
            paint.box(painter, area, fill=theme.colour("selection"), radius=radius)
            bar = paint.leading(self, QRect(0, 8, theme.size("selection_bar"), area.height() - 16))
            painter.fillRect(bar, theme.colour("accent"))
        elif self.over:
            paint.box(painter, area, fill=theme.colour("pressed"), radius=radius)
        if self.ring:
            paint.box(painter, area, line=theme.colour("focus"), radius=radius, width=2)
        tone = "on_selection" if self.isChecked() else "text_secondary"
        size = theme.size("icon")
        if self._narrow:
            place = paint.centred(area, size)
            if self._count:
                place.moveLeft(place.left() - theme.px(6))
        else:
            place = QRect(theme.px(10), (area.height() - size) // 2, size, size)
        icon_tone = "accent_text" if self.isChecked() else "wait" if self._narrow and self._count else tone
        place = paint.leading(self, place) if not self._narrow else place
        if not (
            self._narrow and self._show_number
        ):  # the number takes the icon's place where there is no other
            paint.icon(painter, place, self.entry.icon, icon_tone)
        if self._show_number:
            self._paint_number(painter, theme)
        elif self._count:
            self._paint_count(painter, theme, place)
        if not self._narrow:
            font = theme.font("body_b" if self.isChecked() else "body_m")
            left = theme.px(10) + size + theme.px(10)
            room = QRect(left, 0, area.width() - left - theme.px(34 if self._count else 4), area.height())
            tone = "on_selection" if self.isChecked() else "text"
            text = self.entry.words
            cut = paint.width_of(text, font) > room.width()
            room = paint.leading(self, room)
            paint.words(painter, room, text, font, theme.colour(tone), elide=cut)
        painter.end()

    def _paint_number(self, painter: QPainter, theme: Theme) -> None:
        key = str(self.number)
        cap = cap_size(key)
        spare = self.width() - cap.width()
        left = spare // 2 if self._narrow else spare - theme.px(6)
        place = QRect(left, (self.height() - cap.height()) // 2, cap.width(), cap.height())
        paint_cap(painter, paint.leading(self, place), key)

    def _paint_count(self, painter: QPainter, theme: Theme, icon: QRect) -> None:
        font, text = theme.font("caption"), str(self._count) if self._count < 100 else "99+"
        wide = paint.width_of(text, font)
        middle = Qt.AlignmentFlag.AlignHCenter
        if self._narrow:
            place = QRect(icon.right() + 2, 0, wide + 2, self.height())
            paint.words(painter, place, text, font, theme.colour("wait"), middle)
            return
        high = theme.px(18)
        wide = max(wide + theme.px(10), theme.px(20))
        place = QRect(self.width() - wide - theme.px(8), (self.height() - high) // 2, wide, high)
        place = paint.leading(self, place)
        fill, line = theme.colour("wait.fill"), theme.colour("wait.line")
        paint.box(painter, place, fill=fill, line=line, radius=high / 2)
        paint.words(painter, place, text, font, theme.colour("wait"), middle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class Rail(QWidget):
    """168 wide, or 52 with icons alone. `chosen` says which screen the person wants."""

    chosen = Signal(str)

    def __init__(self, head: QWidget, foot: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[RailItem] = []
        self._narrow = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._places = QWidget(self)
        self._places.setProperty("part", "scrolled")
        self._screens = QVBoxLayout(self._places)
        self._screens.setSpacing(2)
        self._column.addWidget(head)
        self._room = ScrollArea(self._places, self)  # with large text not all of them fit
        self._room.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # heights are known only then: those of another text scale come after it was set
        self._room.verticalScrollBar().rangeChanged.connect(self._show_chosen)
        self._column.addWidget(self._room, 1)
        self._column.addWidget(Divider(parent=self))
        self._column.addWidget(foot)
        self._held = QTimer(self)
        self._held.setSingleShot(True)
        self._held.setInterval(NUMBERS_AFTER_MS)
        self._held.timeout.connect(partial(self._numbers, True))
        Theme.current().changed.connect(self._fit)
        self._fit()

    def show_screens(self, entries: Sequence[ScreenEntry]) -> None:
        """List these screens, numbered in this order; those of the foot stand at the bottom."""
        while self._screens.count():
            taken = self._screens.takeAt(0)
            widget = taken.widget() if taken is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._items = [RailItem(entry, number, self._places) for number, entry in enumerate(entries, 1)]
        for item in self._items:
            item.clicked.connect(partial(self._clicked, item))
            item.step.connect(partial(self._step, item))
            item.set_narrow(self._narrow)
        for item in (i for i in self._items if not i.entry.foot):
            self._screens.addWidget(item)
        self._screens.addStretch(1)
        for item in (i for i in self._items if i.entry.foot):
            self._screens.addWidget(item)

    def set_current(self, key: str) -> None:
        for item in self._items:
            here = item.entry.key == key
            item.setChecked(here)
            # one stop for Tab; the arrows go on from there
            item.setFocusPolicy(Qt.FocusPolicy.StrongFocus if here else Qt.FocusPolicy.ClickFocus)
        self._show_chosen()

    def set_count(self, key: str, count: int) -> None:
        for item in self._items:
            if item.entry.key == key:
                item.set_count(count)

    def set_narrow(self, on: bool) -> None:
        self._narrow = on
        for item in self._items:
            item.set_narrow(on)
        self._fit()

    @property
    def narrow(self) -> bool:
        return self._narrow

    @property
    def items(self) -> tuple[RailItem, ...]:
        return tuple(self._items)

    def key_of(self, number: int) -> str | None:
        """The screen with this number on the rail."""
        return next((item.entry.key for item in self._items if item.number == number), None)

    @property
    def waits_for_numbers(self) -> bool:
        """Ctrl is held, not yet for long enough."""
        return self._held.isActive()

    def watch_control(self, on: bool) -> None:
        """Show the numbers while Ctrl is held, or no longer."""
        if on:
            watch(self, _WATCHED)
        else:
            unwatch(self)
            self._release()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Control:
                if not event.isAutoRepeat() and not self._held.isActive():
                    self._held.start()
            elif not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._release()  # let go while a dialog closed, which nobody was told
            elif not self._any_number():
                self._held.stop()
        elif (
            kind == QEvent.Type.KeyRelease
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Control
        ) or kind == QEvent.Type.ApplicationDeactivate:
            self._release()
        return False

    def _release(self) -> None:
        self._held.stop()
        self._numbers(False)

    def _any_number(self) -> bool:
        return any(item.shows_number for item in self._items)

    def _numbers(self, on: bool) -> None:
        for item in self._items:
            item.show_number(on)

    def _clicked(self, item: RailItem) -> None:
        item.setChecked(True)
        self.chosen.emit(item.entry.key)

    def _step(self, item: RailItem, step: int) -> None:
        at = self._items.index(item)
        there = self._items[(at + step) % len(self._items)]
        there.setFocus(Qt.FocusReason.TabFocusReason)
        self._room.ensureWidgetVisible(there, 0, 4)

    def _show_chosen(self) -> None:
        """Have in sight the item with the keyboard, else that of the screen that is shown."""
        held = [item for item in self._items if item.hasFocus()]
        for item in held or [item for item in self._items if item.isChecked()]:
            self._room.ensureWidgetVisible(item, 0, 4)

    def _fit(self) -> None:
        theme = Theme.current()
        edge = 6 if self._narrow else 8
        self._screens.setContentsMargins(edge, 4, edge, 8)
        self.setFixedWidth(theme.size("rail_narrow" if self._narrow else "rail"))
