"""Two to five exclusive views, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.theme import Theme


class _Segment(Pressable):
    def __init__(self, words: str, amount: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._words, self._amount = words, amount
        self.setCheckable(True)
        self.setAccessibleName(f"{words} {amount}".strip())
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str, amount: str) -> None:
        self._words, self._amount = words, amount
        self.setAccessibleName(f"{words} {amount}".strip())
        self.retheme()

    def _inner(self) -> int:
        font = Theme.current().font("small_m")
        gap = Theme.current().px(8) if self._amount else 0
        return paint.width_of(self._words, font) + gap + paint.width_of(self._amount, font)

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        return QSize(self._inner() + theme.px(20), theme.size("control") - 4)

    def minimumSizeHint(self) -> QSize:
        """Closer to its neighbours where four stand in a narrow pane; the words themselves are never cut."""
        theme = Theme.current()
        return QSize(self._inner() + theme.px(12), theme.size("control") - 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            if self.isChecked() or self.ring:
                line = theme.colour("focus" if self.ring else "border")
                fill = theme.colour("raised") if self.isChecked() else None
                width = 2 if self.ring else 1
                paint.box(painter, self.rect(), fill=fill, line=line, radius=5, width=width)
            tone = "text_disabled" if not self.isEnabled() else "text_secondary"
            if self.isEnabled() and (self.isChecked() or self.over):
                tone = "text"
            font, left = theme.font("small_m"), (self.width() - self._inner()) // 2
            wide = paint.width_of(self._words, font)
            for text, at in ((self._words, left), (self._amount, left + wide + theme.px(8))):
                place = QRect(at, 0, self.width() - at, self.height())
                paint.words(painter, paint.leading(self, place), text, font, theme.colour(tone))


class Segments(QWidget):
    """Exclusive choices; arrows move, `chosen(str)` tells the key of the new one.

    Options are (key, words) or (key, words, amount). The first is chosen until told otherwise. With `folds` they become
    one drop-down list where there is too little room for all of them.
    """

    chosen = Signal(str)

    def __init__(
        self,
        name: str,
        options: Sequence[tuple[str, ...]],
        *,
        folds: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _Segment] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for key, words, *amount in options:
            button = _Segment(words, amount[0] if amount else "", self)
            self._buttons[key] = button
            self._group.addButton(button)
            row.addWidget(button, 1)
        self._folded = False
        self._box: ComboBox | None = None
        if folds:
            self._box = ComboBox(name, [words for _key, words, *_amount in options], parent=self)
            self._box.activated.connect(self._picked)
            self._box.hide()
        next(iter(self._buttons.values())).setChecked(True)
        self._group.buttonToggled.connect(self._toggled)
        Theme.current().changed.connect(self.update)

    def value(self) -> str:
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_value(self, key: str) -> None:
        """Choose without telling; KeyError for an unknown key."""
        self._group.blockSignals(True)
        self._buttons[key].setChecked(True)
        self._group.blockSignals(False)
        self._show_in_box()

    def set_words(self, key: str, words: str, amount: str = "") -> None:
        self._buttons[key].set_words(words, amount)

    def set_off(self, key: str, reason: str | None) -> None:
        """Switch one choice off, with the reason as its tooltip, or on with None."""
        self._buttons[key].setEnabled(reason is None)
        self._buttons[key].setToolTip(reason or "")

    def focus_chosen(self) -> None:
        if self._box is not None and self._folded:
            self._box.setFocus(Qt.FocusReason.TabFocusReason)
            return
        self._buttons[self.value()].setFocus(Qt.FocusReason.TabFocusReason)

    # folding

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint() if self._box is None else self._box.minimumSizeHint()
        return QSize(least.width(), self.sizeHint().height())

    def sizeHint(self) -> QSize:
        """Of all side by side, also while they are folded."""
        wide = sum(button.sizeHint().width() for button in self._buttons.values())
        return QSize(wide + self._between(), Theme.current().size("control"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._box is not None:
            needed = sum(button.minimumSizeHint().width() for button in self._buttons.values())
            self._fold(self._box, self.width() < needed + self._between())
            self._box.setGeometry(self.rect())

    def _between(self) -> int:
        return 2 * len(self._buttons) + 2

    def _fold(self, box: ComboBox, folded: bool) -> None:
        if folded == self._folded:
            return
        focus = QApplication.focusWidget()
        held_focus = focus is not None and self.isAncestorOf(focus)
        self._folded = folded
        self._show_in_box()
        box.setVisible(folded)
        for button in self._buttons.values():
            button.setVisible(not folded)
        if held_focus:
            self.focus_chosen()

    def _show_in_box(self) -> None:
        if self._box is not None:
            self._box.setCurrentIndex(list(self._buttons).index(self.value()))

    def _picked(self, at: int) -> None:
        key = list(self._buttons)[at]
        if key != self.value():
            self._buttons[key].setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._folded:
            return
        theme = Theme.current()
        with QPainter(self) as painter:
            paint.box(painter, self.rect(), fill=theme.colour("pressed"), radius=theme.radius("control"))

    def _toggled(self, button: object, on: bool) -> None:
        if on:
            self.chosen.emit(self.value())
