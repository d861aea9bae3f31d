"""Text on the page: one line that never shrinks, one that may elide, or a paragraph that wraps."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme

_COUNTED_MOST = 16


class Label(QLabel):
    """Text in a type role and a tone.

    Without `elide` or `wrap` the label is at least as wide as its words: money, dates and references stay
    whole. With `elide` it may become narrow, ends in "…" and shows the full text as its tooltip. With
    `wrap` it breaks between words, and inside one that is too long. Text is always plain, never markup.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        tone: str = "text",
        *,
        elide: bool = False,
        wrap: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        reference: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role, self._tone, self._reference = role, tone, reference
        self._elide, self._wrap = elide, wrap
        self._own_tip = ""
        self._counted: dict[tuple[int, str, str], int] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
        across = QSizePolicy.Policy.Preferred if elide or wrap else QSizePolicy.Policy.Minimum
        policy = QSizePolicy(across, QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setWordWrap(wrap)
        self._retheme()
        self.setText(text)
        Theme.current().changed.connect(self._retheme)

    # content

    def setText(self, text: str) -> None:
        super().setText(text)
        self.updateGeometry()
        self._tip()

    def set_tone(self, tone: str) -> None:
        if tone != self._tone:
            self._tone = tone
            self.update()

    def set_role(self, role: str) -> None:
        self._role = role
        self._retheme()

    def set_tip(self, text: str) -> None:
        """A tooltip of its own; an elided label puts its full text before it."""
        self._own_tip = text
        self._tip()

    @property
    def role(self) -> str:
        return self._role

    @property
    def tone(self) -> str:
        return self._tone

    @property
    def may_elide(self) -> bool:
        return self._elide

    def elided(self) -> bool:
        """Whether words are cut off at the present width."""
        return not self._wrap and self.contentsRect().width() < paint.width_of(self.text(), self.font())

    # size

    def sizeHint(self) -> QSize:
        line = Theme.current().line(self._role)
        if self._wrap:
            wide = min(paint.width_of(self.text(), self.font()), 40 * self.fontMetrics().averageCharWidth())
            return QSize(wide, self.heightForWidth(max(wide, 1)))
        return QSize(paint.width_of(self.text(), self.font()), line) + self._margins()

    def minimumSizeHint(self) -> QSize:
        line = Theme.current().line(self._role)
        if self._wrap:
            return QSize(self.fontMetrics().averageCharWidth() * 8, line)
        if self._elide:
            least = min(self.fontMetrics().averageCharWidth() * 5, paint.width_of(self.text(), self.font()))
            return QSize(least, line) + self._margins()
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        if not self._wrap:
            return -1
        margins = self._margins()
        return (
            max(self._lines(max(width - margins.width(), 1)), 1) * Theme.current().line(self._role)
            + margins.height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tip()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        colour = theme.colour(self._tone if self.isEnabled() else "text_disabled")
        area = self.contentsRect()
        with QPainter(self) as painter:
            if not self._wrap:
                across = self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
                paint.words(painter, area, self.text(), self.font(), colour, across, elide=self.elided())
            else:
                layout, lines = self._laid_out(max(area.width(), 1))
                line = theme.line(self._role)
                lead = (line - QFontMetricsF(self.font()).height()) / 2
                spare = max(area.height() - lines * line, 0) / 2
                top = spare if self.alignment() & Qt.AlignmentFlag.AlignVCenter else 0.0
                painter.setPen(colour)
                layout.draw(painter, QPointF(area.x(), area.y() + top + lead), [], QRectF())

    def _lines(self, width: int) -> int:
        """How many lines it breaks into. A layout asks for the same few widths again and again."""
        key = (width, self.text(), self.font().key())
        if key not in self._counted:
            if len(self._counted) >= _COUNTED_MOST:
                self._counted.clear()
            self._counted[key] = self._laid_out(width)[1]
        return self._counted[key]

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        option = QTextOption(paint.visual(self.alignment(), self.layoutDirection()))
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        layout = QTextLayout(paint.typeset(self.text()).replace("\n", "\u2028"), self.font())
        layout.setTextOption(option)
        step, count = Theme.current().line(self._role), 0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, count * step))
            count += 1
        layout.endLayout()
        return layout, count

    def _margins(self) -> QSize:
        margins = self.contentsMargins()
        return QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _tip(self) -> None:
        cut = self._elide and self.elided()
        self.setToolTip("\n".join(part for part in (self.text() if cut else "", self._own_tip) if part))

    def _retheme(self) -> None:
        self.setFont(Theme.current().font(self._role, reference=self._reference))
        self.updateGeometry()
        self.update()
