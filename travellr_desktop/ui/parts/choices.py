"""Choices of Qt's own kind in our drawing: check box, radio button, drop-down list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QListView,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme


def _sizes(button: QAbstractButton) -> QSize:
    theme = Theme.current()
    wide = theme.size("checkbox")
    if button.text():
        wide += theme.px(8) + paint.width_of(button.text(), theme.font("body")) + 6
    return QSize(wide, theme.size("target"))


def _paint_words(painter: QPainter, button: QAbstractButton, mark: QRect) -> None:
    theme = Theme.current()
    left = mark.right() + 1 + theme.px(8)
    place = QRect(left, 0, button.width() - left, button.height())
    tone = "text" if button.isEnabled() else "text_disabled"
    paint.words(
        painter,
        paint.leading(button, place),
        button.text(),
        theme.font("body"),
        theme.colour(tone),
        elide=True,
    )
    if button.hasFocus():
        # round the words, so that the mark stays on the edge of what is above and below it
        ring = place.adjusted(-5, 1, 0, -1) if button.text() else QRect(mark)
        radius = theme.radius("key")
        paint.box(painter, paint.leading(button, ring), line=theme.colour("focus"), radius=radius, width=2)


def _mark_rect(button: QAbstractButton) -> QRect:
    edge = Theme.current().size("checkbox")
    return QRect(0, (button.height() - edge) // 2, edge, edge)


class CheckBox(QCheckBox):
    """A check box with three states where `setTristate` asks for them. `toggled` as inherited."""

    def __init__(self, text: str, *, checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setChecked(checked)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        Theme.current().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return _sizes(self)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, mark = Theme.current(), _mark_rect(self)
        place = paint.leading(self, mark)
        on = self.checkState() is not Qt.CheckState.Unchecked
        with QPainter(self) as painter:
            if not self.isEnabled():
                paint.box(
                    painter, place, fill=theme.colour("disabled_fill"), line=theme.colour("border"), radius=4
                )
            elif on:
                paint.box(painter, place, fill=theme.colour("accent"), radius=4)
            else:
                fill = theme.colour("hover" if self.underMouse() else "raised")
                paint.box(painter, place, fill=fill, line=theme.colour("border_control"), radius=4)
            if on:
                tone = "on_accent" if self.isEnabled() else "text_disabled"
                self._paint_tick(painter, QRectF(place), tone)
            _paint_words(painter, self, mark)

    def _paint_tick(self, painter: QPainter, place: QRectF, tone: str) -> None:
        unit = place.width() / 16
        line = QPen(Theme.current().colour(tone), 1.75 * unit)
        line.setCapStyle(Qt.PenCapStyle.RoundCap)
        line.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(line)
        points = [(4.25, 8.0), (11.75, 8.0)]
        if self.checkState() is Qt.CheckState.Checked:
            points = [(4.25, 8.25), (7.0, 11.0), (11.75, 5.25)]
        painter.drawPolyline([place.topLeft() + QPointF(x * unit, y * unit) for x, y in points])
        painter.restore()


class RadioButton(QRadioButton):
    """One of several; arrows move inside the group. `toggled` as inherited."""

    def __init__(self, text: str, *, checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setChecked(checked)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        Theme.current().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return _sizes(self)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, mark = Theme.current(), _mark_rect(self)
        place = paint.leading(self, mark)
        round_by = mark.width() / 2
        with QPainter(self) as painter:
            if not self.isEnabled():
                fill, line = theme.colour("disabled_fill"), theme.colour("border")
                paint.box(painter, place, fill=fill, line=line, radius=round_by)
            elif self.isChecked():
                paint.box(painter, place, fill=theme.colour("accent"), radius=round_by)
            else:
                fill = theme.colour("hover" if self.underMouse() else "raised")
                paint.box(painter, place, fill=fill, line=theme.colour("border_control"), radius=round_by)
            if self.isChecked():
                dot = QRectF(place).adjusted(5, 5, -5, -5)
                tone = "on_accent" if self.isEnabled() else "text_disabled"
                paint.box(painter, dot, fill=theme.colour(tone), radius=dot.width() / 2)
            _paint_words(painter, self, mark)


class ComboBox(QComboBox):
    """A drop-down list; `name` is spoken. The signals of QComboBox hold."""

    def __init__(
        self,
        name: str,
        choices: list[str] | None = None,
        *,
        icon: str = "",
        height: str = "control",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._height, self._over = icon, height, False
        self._tells = self._error = False
        self.setAccessibleName(name)
        view = QListView()
        view.setProperty("part", "choices")
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setView(view)
        self.addItems(choices or [])
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._retheme()
        Theme.current().changed.connect(self._retheme)
        self.currentTextChanged.connect(self._tip)

    def set_error(self, error: bool) -> None:
        """Whether the border says that something is wrong."""
        self._error = error
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tip()

    def _tip(self) -> None:
        """What is too long for the box is whole in its tooltip."""
        text = self.currentText()
        cut = paint.width_of(text, Theme.current().font("body_m")) > self.width() - self._around() + 2
        if cut or self._tells:
            self.setToolTip(text if cut else "")
        self._tells = cut

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        font = theme.font("body_m")
        widest = max((paint.width_of(self.itemText(i), font) for i in range(self.count())), default=0)
        return QSize(min(widest, theme.px(240)) + self._around(), theme.size(self._height))

    def minimumSizeHint(self) -> QSize:
        theme = Theme.current()
        return QSize(theme.px(48) + self._around(), theme.size(self._height))

    def _around(self) -> int:
        theme = Theme.current()
        icon = theme.size("icon") + theme.px(8) if self._icon else 0
        return icon + theme.px(12 + 8 + 16 + 10) + 2

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            if not self.isEnabled():
                fill, line, width = "disabled_fill", "border", 1
            elif self._error:
                fill, line, width = "raised", "bad", 2
            elif self.hasFocus():
                fill, line, width = "raised", "focus", 2
            else:
                fill, line, width = "hover" if self._over else "raised", "border_control", 1
            paint.box(
                painter,
                self.rect(),
                fill=theme.colour(fill),
                line=theme.colour(line),
                radius=theme.radius("control"),
                width=width,
            )
            if self._error and self.hasFocus():  # the border is red: the keyboard is a second line inside
                inner, radius = self.rect().adjusted(3, 3, -3, -3), theme.radius("control") - 3
                paint.box(painter, inner, line=theme.colour("focus"), radius=radius)
            size, tone = theme.size("icon"), "text" if self.isEnabled() else "text_disabled"
            soft = "text_secondary" if self.isEnabled() else "text_disabled"
            top, left, right = (self.height() - size) // 2, theme.px(12), self.width() - theme.px(10)
            arrow = paint.leading(self, QRect(right - size, top, size, size))
            paint.icon(painter, arrow, "chevron-down", soft)
            if self._icon:
                paint.icon(painter, paint.leading(self, QRect(left, top, size, size)), self._icon, soft)
                left += size + theme.px(8)
            place = paint.leading(self, QRect(left, 0, right - size - theme.px(8) - left, self.height()))
            text, font = self.currentText(), theme.font("body_m")
            paint.words(painter, place, text, font, theme.colour(tone), elide=True)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._over = True
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._over = False
        super().leaveEvent(event)
        self.update()

    def _retheme(self) -> None:
        self.setFont(Theme.current().font("body_m"))
        self.view().setFont(Theme.current().font("body"))
        self.setFixedHeight(Theme.current().size(self._height))
        self.updateGeometry()
