"""A short table of balances with its total below: the accounts of one side, or the parts of one account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.money import Money
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.tables import Column, Density, InlineReader, Kind, LoadState, PagedModel, TableView
from travellr_desktop.ui.tables.columns import NOTHING
from travellr_desktop.ui.tables.in_memory import InMemory
from travellr_desktop.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """`id` is what it is a balance of. `second` stands below the name in rows of two lines."""

    id: object
    name: str
    second: str
    balance: Money


class BalanceTable(TableView):
    """As high as its rows: what it stands in scrolls. `left_over(-1 or 1)`: an arrow key went over its end; `inward`:
    one went into the row."""

    left_over = Signal(int)
    inward = Signal()

    def __init__(self, name: str, title: str, amount: Callable[[Money], str], density: Density) -> None:
        self._rows: tuple[BalanceRow, ...] = ()
        columns: tuple[Column[BalanceRow], ...] = (
            Column(
                "name",
                title,
                lambda row: row.name,
                Kind.TWO_LINE if density is Density.TWO_LINE else Kind.TEXT,
                width=120,
                min_width=72,
                stretch=1,
                sortable=False,
                second=(lambda row: row.second) if density is Density.TWO_LINE else None,
            ),
            Column(
                "balance",
                "Balance",
                lambda row: amount(row.balance) if row.balance.minor else NOTHING,
                Kind.MONEY,
                width=84,
                sortable=False,
            ),
        )
        self.rows_model: PagedModel[BalanceRow] = PagedModel(
            columns, lambda _query: InMemory(self._rows), reader=InlineReader()
        )
        super().__init__(self.rows_model, title=name, density=density)
        self.setSelectionMode(TableView.SelectionMode.SingleSelection)
        for bar in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        Theme.current().changed.connect(self._fit)
        self._fit()

    def show_rows(self, rows: Sequence[BalanceRow]) -> None:
        """Other rows; the cursor stays on what it was on."""
        self._rows = tuple(rows)
        if self.rows_model.state is LoadState.EMPTY:
            self.rows_model.open(self.rows_model.query)
        else:
            self.rows_model.refresh(self.place())
        self._fit()

    def choose(self, row_id: object) -> bool:
        """Put the cursor on a row, or on none; says whether there is such a row."""
        at = InMemory(self._rows).find([row_id]).get(row_id)
        if at is None:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()
        elif self.currentIndex().row() != at:
            self.go_to(at)
        return at is not None

    def enter_at(self, step: int) -> None:
        """Take the keyboard at the first row, or at the last where one comes from below."""
        if self._rows:
            self.go_to(0 if step > 0 else len(self._rows) - 1)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_down(self) -> None:
        self.rows_model.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if event.key() == Qt.Key.Key_Up and row == 0:
            self.left_over.emit(-1)
        elif event.key() == Qt.Key.Key_Down and row == len(self._rows) - 1:
            self.left_over.emit(1)
        elif event.key() == (Qt.Key.Key_Left if self.isRightToLeft() else Qt.Key.Key_Right):
            self.inward.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.layout_of_columns.place()  # from right to left it asks the header, which only now knows its width

    def _fit(self) -> None:
        high = Theme.current().size("table_header") + len(self._rows) * self.row_height
        self.setFixedHeight(high)


class TotalRow(Pane):
    """Words and an amount between two lines."""

    def __init__(self, words: str) -> None:
        super().__init__("subtle", edges=("top", "bottom"))
        self.words = Label(words, "body_b", elide=True)
        self.amount = Label("", "body_b", align=Qt.AlignmentFlag.AlignRight)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(8)
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self.amount)
        Theme.current().changed.connect(self._retheme)
        self._retheme()

    def say(self, amount: str, words: str | None = None) -> None:
        if words is not None:
            self.words.setText(words)
        self.amount.setText(amount)
        self.amount.setAccessibleName(f"{self.words.text()} {amount}")

    def _retheme(self) -> None:
        theme = Theme.current()
        self.setFixedHeight(theme.size("row"))
        self._row.setContentsMargins(theme.px(16), 0, theme.px(16), 0)  # in line with the cells above


class BalanceGroup(QWidget):
    """A heading, the table, its total."""

    def __init__(
        self,
        heading: str,
        title: str,
        total: str,
        amount: Callable[[Money], str],
        density: Density = Density.NORMAL,
    ) -> None:
        super().__init__()
        self.heading = Label(heading, "small_m", "text_secondary", wrap=True)
        self.table = BalanceTable(heading, title, amount, density)
        self.total = TotalRow(total)
        self._head = QHBoxLayout()
        self._head.addWidget(self.heading, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addSpacing(4)
        column.addWidget(self.table)
        column.addWidget(self.total)
        Theme.current().changed.connect(self._retheme)
        self._retheme()

    def _retheme(self) -> None:
        edge = Theme.current().px(16)
        self._head.setContentsMargins(edge, 0, edge, 0)
