"""What a cancellation or a change does to the books: balances and entries, beside each other or one at a time."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.ui.bookings.cancel_tables import Balances, Entries, Moves
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.words import Words, count
from travellr_desktop.ui.theme import Theme

_SIDE_BY_SIDE = 860
"""From this width on balances and entries stand beside each other."""


class Books(QWidget):
    """`show_preview` fills it, `fit` lays it out for a width."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.balances, self.entries = Balances(words), Entries(words)
        self._balances_title = Label("", "lead", elide=True)
        self._entries_title = Label("", "lead", elide=True)
        self._moved = Label("", "small", "text_secondary")
        self.switch = Segments(
            self.tr("What it does to the books"),
            [("balances", self.tr("Balances")), ("entries", self.tr("Ledger"))],
        )
        self.switch.chosen.connect(lambda _key: self._arrange())
        self._together = False
        self._build()

    def _build(self) -> None:
        left_head = _head()
        left_head.addWidget(self._balances_title, 1)
        left_head.addWidget(self._moved)
        left_head.addWidget(self.switch)
        right_head = _head()
        right_head.addWidget(self._entries_title, 1)
        self._entries_head = QWidget()
        self._entries_head.setLayout(right_head)
        self._right = QWidget()
        right = _column(self._right)
        right.addWidget(self._entries_head)
        right.addWidget(self.entries)
        right.addStretch(1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.balances)
        left_part = QWidget()
        left = _column(left_part)
        left.addLayout(left_head)
        left.addWidget(self._pages, 1)
        self._upright = Divider(upright=True, tone="border")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(left_part, 5)
        self._row.addWidget(self._upright)
        self._row.addWidget(self._right, 4)

    def show_preview(self, preview: Moves | None, *, moved: bool = False) -> None:
        """What would be written, or with `moved` what was."""
        self.balances.show_balances(preview)
        entries = () if preview is None else preview.entries
        self.entries.show_entries(entries)
        number = count(len(entries), self.tr("entry"), self.tr("entries"))
        self._entries_title.setText(self.tr("Written in the ledger, {0}").format(number))
        self._moved.setText(
            self.tr("it is written in the ledger") if moved else self.tr("nothing has moved yet")
        )
        self._arrange()

    def fit(self, width: int) -> None:
        self._together = width >= Theme.current().px(_SIDE_BY_SIDE)
        self._arrange()

    def _arrange(self) -> None:
        together, entries = self._together, self.switch.value() == "entries"
        self.switch.setVisible(not together)
        self._upright.setVisible(together)
        self._moved.setVisible(together)
        self._entries_head.setVisible(together)
        title = self.tr("Every balance, before and after")
        self._balances_title.setText(title if together or not entries else self._entries_title.text())
        if together and self._row.indexOf(self._right) < 0:
            self._pages.removeWidget(self._right)
            self._row.addWidget(self._right, 4)
        elif not together and self._pages.indexOf(self._right) < 0:
            self._row.removeWidget(self._right)
            self._pages.addWidget(self._right)
        if together:
            self._right.show()
        self._pages.setCurrentWidget(self.balances if together or not entries else self._right)


def _head() -> QHBoxLayout:
    head = QHBoxLayout()
    head.setContentsMargins(16, 10, 16, 10)
    head.setSpacing(8)
    return head


def _column(part: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
