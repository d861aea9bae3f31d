"""Whose the balance of an account is: by vendor or by booking, the largest first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.ledger import VENDOR_ACCOUNTS
from travellr_desktop.domain.money import Money
from travellr_desktop.services.books import Parts
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.ledger.balance_table import BalanceGroup, BalanceRow
from travellr_desktop.ui.ledger.words import ACCOUNTS
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import ScrollArea
from travellr_desktop.ui.tables import Density


class PartsPage(QWidget):
    def __init__(
        self, formats: Formats, amount: Callable[[Money], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._formats, self._amount = formats, amount
        self.shown: Parts | None = None
        self._of = ("", "")
        self.back = Button(self.tr("All accounts"), Kind.LINK, icon="arrow-left", height="control_small")
        self.group = BalanceGroup("", self.tr("Whose"), self.tr("Together"), amount, Density.TWO_LINE)
        self.table = self.group.table
        self.others = Label("", "small", "text_secondary", wrap=True)
        content = QWidget()
        content.setProperty("part", "scrolled")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 1, 12)
        column.setSpacing(8)
        head = QVBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeading)
        column.addLayout(head)
        column.addWidget(self.group)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.addWidget(self.others)
        column.addLayout(foot)
        column.addStretch(1)
        self._content = content
        self.scroll_area = ScrollArea(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.scroll_area)
        self.table.current_changed.connect(self._in_sight)

    def show_parts(self, parts: Parts, currency: str) -> None:
        self.shown = parts
        name, holds = ACCOUNTS[parts.account]
        self.group.heading.setText(f"{name}, {currency}: {holds}")
        vendors = parts.account in VENDOR_ACCOUNTS
        nobody = self.tr("No vendor") if vendors else self.tr("No booking")
        density = Density.NORMAL if vendors else Density.TWO_LINE
        if self.table.density is not density:
            self.table.set_density(density)
        if self._of != (parts.account, currency):
            self._of = (parts.account, currency)
            self.table.choose(None)
        self.table.show_rows(
            [BalanceRow(part.id, part.name or nobody, part.second, part.balance) for part in parts.rows]
        )
        if not parts.rows:
            self.others.setText(self.tr("Nothing is left on this account."))
        elif parts.others:
            rest = self._formats.money(parts.rest)
            self.others.setText(self.tr("{0} smaller ones come to {1}.").format(f"{parts.others:,}", rest))
        self.others.setVisible(bool(parts.others) or not parts.rows)
        self.group.total.say(self._amount(parts.total))

    def _in_sight(self, row: object) -> None:
        if row is None:
            return
        table = self.table
        y = table.mapTo(self._content, table.visualRect(table.currentIndex()).center()).y()
        self.scroll_area.ensureVisible(0, y + table.horizontalHeader().height(), 0, 2 * table.row_height)
