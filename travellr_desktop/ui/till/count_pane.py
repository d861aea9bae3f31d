"""What lies in the drawer, counted at the leading edge of the screen: a page for each currency, the sum below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from travellr_desktop.domain.cash_count import CashCount
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane, ScrollArea
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.till.count_fields import HIDDEN, CountFields

COLUMN = 292
"""How wide it is beside the day, in logical pixels."""
WIDEST = 16_777_215
"""Qt's own for as wide as there is room."""


class CountPane(Pane):
    """`changed` with every digit, also when another currency is shown; `ended` when the count is through."""

    changed = Signal()
    ended = Signal()

    def __init__(self, formats: Formats) -> None:
        super().__init__("surface", edges=("right",))
        self.setAccessibleName(self.tr("Count"))
        self._formats = formats
        self._pages: dict[str, CountFields] = {}
        self._areas: dict[str, ScrollArea] = {}
        self._blind = False
        self.title = Label(self.tr("Count"), "lead")
        self.about = Label("", "small", "text_secondary", elide=True)
        self.currencies = ComboBox(self.tr("Currency"), height="control_small")
        self.currencies.hide()
        self.currencies.currentTextChanged.connect(self._show)
        self.clear_button = Button(self.tr("Clear"), "link", height="control_small")
        self.clear_button.clicked.connect(self.clear)
        self.to_day = Button(self.tr("The day"), icon="arrow-right", height="control_small")
        self.to_day.hide()
        self._alone = False
        self._stack = QStackedWidget()
        self._sum = Label("", "total", align=Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        for part in (self._head(), self._stack, self._foot(), self._keys()):
            column.addWidget(part, 1 if part is self._stack else 0)
        Theme.current().changed.connect(self._retheme)
        self._retheme()

    def _head(self) -> Pane:
        head = Pane("surface", edges=("bottom",))
        self._header = head
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.title)
        row.addWidget(self.about, 1)
        row.addWidget(self.currencies)
        row.addWidget(self.clear_button)
        row.addWidget(self.to_day)
        return head

    def _foot(self) -> Pane:
        foot = Pane("subtle", edges=("top", "bottom"))
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 10, 16, 10)
        row.addWidget(Label(self.tr("Counted"), "lead"))
        row.addWidget(self._sum, 1)
        return foot

    def _keys(self) -> Pane:
        keys = Pane("surface")
        row = QHBoxLayout(keys)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(6)
        for cap, words in (("Enter", self.tr("next")), ("F8", self.tr("hide sums"))):
            row.addWidget(KeyCap(cap))
            row.addWidget(Label(words, "small", "text_secondary"))
            row.addSpacing(6)
        row.addStretch(1)
        return keys

    # what is counted

    def show_currencies(self, currencies: Sequence[str]) -> None:
        """The currencies that can be counted, the agency's own first. What was typed stays."""
        for currency in currencies:
            if currency not in self._pages:
                page = CountFields(currency, self._formats)
                page.changed.connect(self._changed)
                page.ended.connect(self.ended)
                page.hide_sums(self._blind)
                self._pages[currency], self._areas[currency] = page, ScrollArea(page)
                page.went.connect(lambda field, area=self._areas[currency]: area.ensureWidgetVisible(field))
                self._stack.addWidget(self._areas[currency])
        now = self.currency
        if [self.currencies.itemText(i) for i in range(self.currencies.count())] != list(currencies):
            self.currencies.blockSignals(True)
            self.currencies.clear()
            self.currencies.addItems(list(currencies))
            self.currencies.setCurrentText(now if now in currencies else currencies[0])
            self.currencies.blockSignals(False)
        self.currencies.setVisible(len(currencies) > 1)
        self._show(self.currencies.currentText())

    def show_about(self, words: str) -> None:
        self.about.setText(words)

    @property
    def currency(self) -> str:
        return self.currencies.currentText()

    def page(self, currency: str) -> CountFields:
        return self._pages[currency]

    def counts(self) -> dict[str, CashCount]:
        """What was typed, by currency. Raises `InvalidInput` where an amount cannot be read."""
        shown = [self.currencies.itemText(i) for i in range(self.currencies.count())]
        return {each: self._pages[each].count for each in shown}

    def count(self, currency: str) -> CashCount:
        """The count of one currency; what cannot be read counts as nothing."""
        try:
            return self._pages[currency].count
        except InvalidInput:
            return CashCount(currency, {})

    @property
    def touched(self) -> bool:
        return any(page.touched for page in self._pages.values())

    def clear(self) -> None:
        for page in self._pages.values():
            page.clear()

    def toggle_sums(self) -> None:
        """Count blind, or see the sums again."""
        self._blind = not self._blind
        for page in self._pages.values():
            page.hide_sums(self._blind)
        self._changed()

    @property
    def blind(self) -> bool:
        return self._blind

    def focus_first(self) -> None:
        self._pages[self.currency].first.setFocus(Qt.FocusReason.TabFocusReason)

    def _show(self, currency: str) -> None:
        if currency in self._areas:
            self._stack.setCurrentWidget(self._areas[currency])
            self._changed()

    def _changed(self) -> None:
        total = self.count(self.currency).total if self.currency else Money(0, "EUR")
        words = HIDDEN if self._blind else self._formats.money(total)
        self._sum.setText(words)
        self._sum.setAccessibleName(f"{self.tr('Counted')} {words}")
        self.changed.emit()

    def stand_alone(self, alone: bool) -> None:
        """Take all the room there is, in the place of the day; or stand beside it."""
        self._alone = alone
        self.to_day.setVisible(alone)
        self._retheme()

    def _retheme(self) -> None:
        theme = Theme.current()
        self._header.setFixedHeight(theme.size("pane_header"))
        self.setMinimumWidth(theme.px(COLUMN))
        self.setMaximumWidth(WIDEST if self._alone else theme.px(COLUMN))
