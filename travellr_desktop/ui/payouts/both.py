"""Both tables of a batch below one another, each as high as its rows or as there is room for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane, ScrollArea
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.payouts.bank_files import BankFilesPart
from travellr_desktop.ui.payouts.batch_table import BatchTable
from travellr_desktop.ui.payouts.rows import LeftLine, PaidRow
from travellr_desktop.ui.payouts.shown import Shown
from travellr_desktop.ui.payouts.sources import Source
from travellr_desktop.ui.payouts.tables import LeftTable, fit_columns, paid_table, paid_totals
from travellr_desktop.ui.payouts.totals import TotalsRow
from travellr_desktop.ui.payouts.words import say, vendors
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.tables import TableView
from travellr_desktop.ui.theme import Theme

LEFT, BANK = "left", "bank"
_SHARE = 0.42
"""What the lower table may have at most of the height, where both do not fit."""


class BothTables(QWidget):
    """`chosen(row)` tells the row with the cursor, in whichever table; `opened` Enter on one; `failed` why rows could
    not be read."""

    chosen = Signal(object)
    opened = Signal(object)
    step_asked = Signal(object)
    export_asked = Signal()
    failed = Signal(object)

    def __init__(self, words: Words, bank: BankFilesPart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.shown = Shown("")
        self.paid = paid_table(words)
        self.totals = TotalsRow(self.paid, self.paid.rows_model)
        self.left = LeftTable(words)
        self._bank, self._has_bank = bank, False
        bank.section.title.hide()  # the segments say it
        self.title = Label(say("Left out"), "lead")
        self.about = Label("", "small", "text_secondary", elide=True)
        self.views = Segments(say("Below"), [(LEFT, say("Left out")), (BANK, say("By the bank"))])
        self.export = Button(say("Export"), Kind.QUIET, icon="download", height="control_small")
        self._nobody = Pane("surface")
        nobody = QVBoxLayout(self._nobody)
        nobody.setContentsMargins(16, 8, 16, 16)
        nobody.addWidget(Label(say("Nobody is left out."), "body", "text_secondary"))
        nobody.addStretch(1)
        self._build()
        self._connect()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.views)
        head.addWidget(self.about, 1)
        head.addWidget(self.export)
        self._head = Pane("surface")
        self._head.setLayout(head)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(16, 4, 16, 16)
        inner.addWidget(self._bank)
        inner.addStretch(1)
        self.bank_area = ScrollArea(content)
        self._lower = QStackedWidget()
        for part in (self.left, self._nobody, self.bank_area):
            self._lower.addWidget(part)
        for each in (self.paid, self.totals, self._head, self._lower):
            each.setParent(self)
        self.views.hide()

    def _connect(self) -> None:
        for table, other in ((self.paid, self.left), (self.left, self.paid)):
            table.current_changed.connect(self._moved)
            table.row_activated.connect(self.opened)
            table.failed.connect(self.failed)
            table.current_changed.connect(lambda row, other=other: self._leave(row, other))
        self.left.step_asked.connect(self.step_asked)
        self.export.clicked.connect(self.export_asked)
        self.views.chosen.connect(self._show_lower)
        Theme.current().changed.connect(self._fit)

    # what is shown

    def show_batch(
        self,
        shown: Shown,
        paid: Source[PaidRow],
        left: Source[LeftLine],
        *,
        of: object,
        live: bool,
        has_bank: bool,
    ) -> None:
        """Another batch or currency, or the same read again; the cursors stay on their vendors. `of` says which it
        is."""
        self.shown = shown
        fit_columns(self.paid, shown, live=live)
        self.paid.show_rows(paid, of, shown.paid)
        self.totals.show_totals(paid_totals(shown, self._words))
        self.left.show_rows(left, of, shown.left)
        self._has_bank = has_bank
        self.views.setVisible(has_bank)
        self.title.setVisible(not has_bank)
        self.export.setVisible(not live)
        self._show_lower()

    def _about(self, shown: Shown) -> str:
        if not shown.left:
            return ""
        words = say("{0}, {1} stays owed or is carried")
        return words.format(vendors(shown.left), self._words.money(shown.left_amount))

    def _show_lower(self, _key: str = "") -> None:
        if self._has_bank and self.views.value() == BANK:
            self._lower.setCurrentWidget(self.bank_area)
        else:
            self._lower.setCurrentWidget(self.left if self.shown.left else self._nobody)
        in_bank = self._lower.currentWidget() is self.bank_area
        self.about.setText("" if in_bank else self._about(self.shown))
        self._fit()

    def show_bank(self) -> None:
        """The files for the bank, where there are any."""
        if self._has_bank:
            self.views.set_value(BANK)
            self._show_lower()

    # the cursor

    def current(self) -> PaidRow | LeftLine | None:
        """The row with the cursor, of the table that had it last."""
        for table in (self.paid, self.left):
            row = table.current_row()
            if row is not None and table.selected_count():
                return row  # type: ignore[no-any-return]
        return None

    def _moved(self, row: PaidRow | LeftLine | None) -> None:
        if row is not None:
            self.chosen.emit(row)

    @staticmethod
    def _leave(row: object, other: TableView) -> None:
        """One cursor for both: what is done is done with the row that is marked."""
        if row is not None:
            other.clearSelection()

    def focus_first(self) -> None:
        """The keyboard on the table, with a row marked."""
        upper = bool(self.shown.paid) or not self.shown.left
        table: BatchTable[PaidRow] | BatchTable[LeftLine] = self.paid if upper else self.left
        table.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.current() is None:
            table.stand_on_first()

    def close_down(self) -> None:
        self.paid.close_down()
        self.left.close_down()

    # room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        theme = Theme.current()
        return QSize(self._head.minimumSizeHint().width(), theme.size("table_header") + 4 * theme.size("row"))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), Theme.current().colour("surface"))

    def _fit(self) -> None:
        """The rows of both where there is room; else the upper one gets what the lower one leaves."""
        theme, wide = Theme.current(), self.width()
        total, head = self.totals.sizeHint().height(), self._head.sizeHint().height()
        room = max(self.height() - head - total, 0)
        upper = max(self.paid.natural_height, theme.size("table_header") + theme.size("row"))
        is_bank = self._lower.currentWidget() is self.bank_area
        lower = room if is_bank else max(self.left.natural_height, 2 * theme.size("row"))
        if upper + lower > room:
            lower = min(lower, max(int(room * _SHARE), room - upper))
            upper = room - lower
        top = 0
        for part, high in (
            (self.paid, upper),
            (self.totals, total),
            (self._head, head),
            (self._lower, lower),
        ):
            part.setGeometry(0, top, wide, high)
            top += high
