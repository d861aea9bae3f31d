"""What both tickets of a batch are put together from."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider, MoneyRows, ScrollArea
from travellr_desktop.ui.parts.ticket import Ticket


class CheckLine(QWidget):
    """An icon, what was looked at, and what was found below it."""

    def __init__(self, icon: str, tone: str, words: str, second: str) -> None:
        super().__init__()
        self.setAccessibleName(f"{words}. {second}".strip())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(Glyph(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(Label(words, "body_m", wrap=True))
        if second:
            lines.addWidget(Label(second, "small", "text_secondary", wrap=True))
        row.addLayout(lines, 1)


def put(label: Label, text: str) -> None:
    """Another text; the same one lays nothing out anew."""
    if label.text() != text:
        label.setText(text)


class SumRows(MoneyRows):
    """Named sums that are there from the start, and are said anew in place; one that says nothing is not seen."""

    def __init__(self, rows: Mapping[str, str | None], *, strong: bool = False) -> None:
        """`rows`: the tone of each, by its name."""
        super().__init__(gap=2)
        self._parts = {name: self.add("", "", strong=strong, tone=tone) for name, tone in rows.items()}

    def put(self, name: str, words: str, amount: str) -> None:
        """What a sum says; without words it is not seen."""
        for label, text in zip(self._parts[name], (words, amount), strict=True):
            put(label, text)
            label.setVisible(bool(words))
        self._parts[name][1].setAccessibleName(f"{words} {amount}".strip())


class BatchTicket(Ticket):
    """Above the perforation the figure and its sum; below it a note and lines, which scroll, and at the `foot` the
    buttons."""

    rows: MoneyRows
    total: MoneyRows

    def __init__(
        self,
        name: str,
        parent: QWidget | None = None,
        *,
        rows: MoneyRows | None = None,
        total: MoneyRows | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(name)
        self.figure_words = Label("", "small_m", "text_secondary", elide=True)
        self.figure = Label("", "figure")
        self.about = Label("", "small", "text_secondary", wrap=True)
        self.rows, self.total = rows or MoneyRows(gap=2), total or MoneyRows(gap=2)
        self.divider = Divider()
        self.note = Note("info", "")
        self.act = Button("", Kind.PRIMARY, icon="badge-check", key="Ctrl+Enter", height="control_primary")
        self.second = Button("", height="control_decision")
        self.third = Button("", height="control_decision")
        self._said: tuple[str, ...] = ()
        self._offered: dict[Button, tuple[str, str, str]] = {}
        self.last = Label("", "small", "text_muted", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        upper: tuple[tuple[QWidget, int], ...] = (
            (self.figure_words, 0),
            (self.figure, 0),
            (self.about, 12),
            (self.rows, 8),
            (self.divider, 8),
            (self.total, 0),
        )
        for part, gap in upper:
            self.above.addWidget(part)
            self.above.addSpacing(gap)
        inner = QWidget()
        inner.setProperty("part", "scrolled")
        scrolled = QVBoxLayout(inner)
        scrolled.setContentsMargins(0, 0, 0, 0)
        scrolled.setSpacing(12)
        self.lines = QVBoxLayout()
        self.lines.setSpacing(8)
        scrolled.addWidget(self.note)
        scrolled.addLayout(self.lines)
        scrolled.addStretch(1)
        self.below.addWidget(ScrollArea(inner), 1)
        self.foot = QWidget()
        foot = QVBoxLayout(self.foot)
        foot.setContentsMargins(0, 8, 0, 0)
        foot.setSpacing(8)
        for each in (self.act, self.second, self.third, self.last):
            foot.addWidget(each)
        self.below.addWidget(self.foot)

    def say_figure(self, words: str, amount: str, about: str) -> None:
        put(self.figure_words, words)
        put(self.figure, amount)
        self.figure.setAccessibleName(f"{words} {amount}")
        put(self.about, about)
        self.about.setVisible(bool(about))

    def empty_lines(self) -> None:
        while (taken := self.lines.takeAt(0)) is not None:
            if (part := taken.widget()) is not None:
                part.hide()
                part.deleteLater()

    def say_note(self, tone: str, first: str, second: str = "", action: str = "") -> None:
        """One message above the lines; an empty one takes it away. The same is not told twice."""
        said = (tone, first, second, action)
        if said != self._said:
            self._said = said
            self.note.setVisible(bool(first))
            if first:
                self.note.say(tone, first, second, action=action)

    def offer(self, button: Button, words: str, *, icon: str = "", off: str = "") -> None:
        """What a button does now; without words it is not there."""
        button.setVisible(bool(words))
        if words and not button.busy and self._offered.get(button) != (words, icon, off):
            self._offered[button] = (words, icon, off)
            button.set_words(words)
            button.set_icon(icon)
            button.set_off(off or None)
