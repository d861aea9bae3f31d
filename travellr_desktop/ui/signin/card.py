"""The card in the middle of the sign-in screen."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.parts import pane
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.mark import Mark
from travellr_desktop.ui.theme import Theme

PADDING = 32


class Card(pane.Card):
    """Mark and name, a title, a second line; below them what a child adds to `body`."""

    def __init__(
        self, title: str, second: str = "", *, width: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._width = width
        self._room = 16_384
        self.setSizePolicy(
            QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred
        )  # wrapped words set the height
        self.body = QVBoxLayout(self)
        self.body.setSpacing(0)
        self.title = Label(title, "figure", wrap=True, parent=self)
        self.second = Label(second, "body", "text_secondary", wrap=True, parent=self)
        self.second.setVisible(bool(second))
        self.body.addWidget(Mark(28, parent=self))
        self.body.addSpacing(20)
        self.body.addWidget(self.title)
        self.body.addSpacing(4)
        self.body.addWidget(self.second)
        self.body.addSpacing(20)
        Theme.current().changed.connect(self._fit)
        self._fit()

    def set_second(self, words: str) -> None:
        self.second.setText(words)
        self.second.setVisible(bool(words))

    def set_room(self, width: int) -> None:
        """How wide the card may be at most."""
        if width != self._room:
            self._room = width
            self._fit()

    def begin(self) -> None:
        """Shown: empty what must not stay, and put the focus where typing begins."""

    def _fit(self) -> None:
        theme = Theme.current()
        pad = theme.px(PADDING)
        self.body.setContentsMargins(pad, theme.px(28), pad, theme.px(24))
        wide = theme.px(self._width) if self._width else theme.size("sign_in")
        self.setFixedWidth(min(wide, self._room))
