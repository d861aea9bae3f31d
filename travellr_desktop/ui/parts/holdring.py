"""The hold ring: how long held seats stay held, as an arc and as mm:ss, then the word "Lapsed"."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme

_TICK_MS = 250
_GAP = 6


def hold_tone(seconds: float) -> str:
    """Accent, amber under five minutes, red under one, muted when lapsed."""
    tokens = Theme.current().tokens
    if seconds <= 0:
        return "text_muted"
    if seconds < tokens.hold_bad_under_s:
        return "bad"
    return "wait" if seconds < tokens.hold_wait_under_s else "accent_text"


def hold_words(seconds: float) -> str:
    """ "07:42", "61:05" beyond an hour, "Lapsed" at the end. The last second counts as 00:01."""
    if seconds <= 0:
        return QCoreApplication.translate("HoldRing", "Lapsed")
    whole = math.ceil(seconds)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def paint_hold(painter: QPainter, rect: QRect, part: float, tone: str) -> None:
    """The ring alone into a square: `part` (0 to 1) of it is left. Nothing left: the crossed clock."""
    theme = Theme.current()
    if part <= 0:
        size = min(theme.size("icon"), rect.width())
        paint.icon(painter, paint.centred(rect, size), "timer-off", tone)
        return
    width = 3.0 * rect.width() / 20 if rect.width() >= 18 else 2.0
    area = QRectF(rect).adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("border"), width))
    painter.drawEllipse(area)
    line = QPen(theme.colour("accent" if tone == "accent_text" else tone), width)
    line.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(line)
    painter.drawArc(area, 90 * 16, -round(min(part, 1.0) * 360 * 16))
    painter.restore()


class HoldRing(QWidget):
    """A hold's ring and time. `remaining()` gives the seconds left (from whatever clock the caller trusts).

    It asks a few times a second while it is on the screen; `refresh()` asks at once. `lapsed` comes once,
    when the time is over; `stage_changed(str)` when the tone changes (`"accent_text"`, `"wait"`, `"bad"`,
    `"text_muted"`).
    """

    lapsed = Signal()
    stage_changed = Signal(str)

    def __init__(
        self,
        remaining: Callable[[], float],
        total_seconds: float,
        *,
        large: bool = False,
        words: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._remaining, self._total = remaining, max(total_seconds, 1.0)
        self._large, self._with_words = large, words
        self._seconds = remaining()
        self._over = self._seconds <= 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self.refresh)
        self._say()
        Theme.current().changed.connect(self._retheme)

    @property
    def seconds(self) -> float:
        return self._seconds

    def restart(self, remaining: Callable[[], float], total_seconds: float) -> None:
        """Another deadline, after the hold was extended."""
        self._remaining, self._total = remaining, max(total_seconds, 1.0)
        self._over = False
        self.refresh()
        if self.isVisible() and not self._over:
            self._timer.start()

    def refresh(self) -> None:
        before_words, before_tone = hold_words(self._seconds), hold_tone(self._seconds)
        self._seconds = self._remaining()
        tone = hold_tone(self._seconds)
        if hold_words(self._seconds) != before_words:
            self._say()
            self.update()
        if tone != before_tone:
            self.stage_changed.emit(tone)
        if self._seconds <= 0 and not self._over:
            self._over = True
            self._timer.stop()
            self.updateGeometry()
            self.lapsed.emit()

    def _say(self) -> None:
        words = hold_words(self._seconds)
        self.setAccessibleName(words if self._seconds <= 0 else self.tr("{0} left on the hold").format(words))

    # the width is that of the longer text, so that nothing beside it moves when the hold ends

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        ring = theme.size("ring_large" if self._large else "ring")
        high = max(ring, theme.line("body_b" if self._large else "small_m"))
        if not self._with_words:
            return QSize(ring, high)
        font = theme.font("body_b" if self._large else "small_m")
        text = max(paint.width_of(hold_words(value), font) for value in (self._total, self._seconds, 600))
        return QSize(ring + theme.px(_GAP) + text, high)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        edge = theme.size("ring_large" if self._large else "ring")
        tone = hold_tone(self._seconds)
        with QPainter(self) as painter:
            # trailing: in a column of amounts the time lines up with them
            wide = self.width()
            left = 0
            if self._with_words:
                font = theme.font("body_b" if self._large else "small_m")
                text = paint.width_of(hold_words(self._seconds), font)
                left = max(wide - edge - theme.px(_GAP) - text, 0)
                place = QRect(wide - text, 0, text + 1, self.height())
                paint.words(
                    painter,
                    paint.leading(self, place),
                    hold_words(self._seconds),
                    font,
                    theme.colour(tone),
                )
            ring = paint.leading(self, QRect(left, (self.height() - edge) // 2, edge, edge))
            paint_hold(painter, ring, self._seconds / self._total, tone)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        if not self._over:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()
