"""How what is expected came about, and beside it what a count differs, with its reason."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.money import Money
from travellr_desktop.services.till_figures import TillFigures
from travellr_desktop.services.till_forms import TillStatus
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, MoneyRows
from travellr_desktop.ui.till.count_fields import HIDDEN
from travellr_desktop.ui.till.reckoning import Reckoned
from travellr_desktop.ui.till.words import difference_words

LONGEST_REASON = 200


class SumsView(QWidget):
    """`edited` when the reason is typed."""

    edited = Signal()

    def __init__(self, formats: Formats) -> None:
        super().__init__()
        self._formats = formats
        self._rows = MoneyRows(gap=3)
        self._totals = MoneyRows(gap=3)
        self._word = Label("", "small_m", "text_secondary")
        self._figure = Label("", "figure")
        self._second = Label("", "small", "text_secondary", wrap=True)
        self.reason = Field(self.tr("Reason, needed for a difference"), longest=LONGEST_REASON)
        self.reason.edited.connect(self._reason_edited)
        self._booked = Label(self.tr("Booked to cash over and short."), "small", "text_muted", wrap=True)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(Label(self.tr("Expected in the drawer"), "lead"))
        left.addWidget(self._rows)
        left.addWidget(Divider())
        left.addWidget(self._totals)
        left.addStretch(1)
        right.setSpacing(4)
        for part in (self._word, self._figure, self._second):
            right.addWidget(part)
        right.addStretch(1)
        right.addSpacing(8)
        right.addWidget(self.reason)
        right.addWidget(self._booked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for layout, stretch in ((left, 5), (right, 4)):
            layout.setContentsMargins(16, 14, 16, 14)
            row.addLayout(layout, stretch)
            if layout is left:
                row.addWidget(Divider(upright=True))

    def show_till(self, status: TillStatus, reckoned: Reckoned, *, touched: bool, blind: bool) -> None:
        """The figures of a currency, and what its count comes to; nothing of that before something was `touched`."""
        self._rows.clear()
        self._totals.clear()
        currency = reckoned.count.currency
        figures = status.open.of(currency) if status.open is not None else None
        if status.open is not None:
            lines = self._day(figures) if figures is not None else []
        else:
            lines = self._drawer(status, currency, reckoned.safe if touched else Money.zero(currency))
        for words, amount, signed in lines:
            self._rows.add(words, self._formats.money(amount, sign=signed))
        shown = touched and not blind
        self._totals.add(self.tr("Expected"), self._formats.money(reckoned.expected), strong=True)
        self._totals.add(
            self.tr("Counted"),
            self._formats.money(reckoned.counted) if shown else HIDDEN if touched else "–",
            strong=True,
        )
        self._show_difference(reckoned.difference, shown=shown)

    def _day(self, figures: TillFigures) -> list[tuple[str, Money, bool]]:
        day = figures.day
        sales = (
            self.tr("Cash sales, 1 receipt") if figures.receipts == 1 else self.tr("Cash sales, {0} receipts")
        )
        back = (
            self.tr("Cash refunds, 1 receipt")
            if figures.refunds == 1
            else self.tr("Cash refunds, {0} receipts")
        )
        lines = [
            (self.tr("Float"), day.opened_with, False),
            (self.tr("Differed at the opening"), figures.differed, True),
            (sales.format(figures.receipts), day.cash_sales, True),
            (back.format(figures.refunds), -day.cash_refunds, True),
            (self.tr("Paid out"), -day.paid_out, True),
            (self.tr("Dropped to the safe"), -day.dropped, True),
            (self.tr("Added"), day.added, True),
        ]
        return [line for at, line in enumerate(lines) if line[1] or at in (0, 2)]

    def _drawer(self, status: TillStatus, currency: str, safe: Money) -> list[tuple[str, Money, bool]]:
        drawer = next((each for each in status.drawers if each.stayed.currency == currency), None)
        lines = []
        if drawer is not None:
            stayed = (
                self.tr("Taken before there was a till") if status.first else self.tr("Stayed in the till")
            )
            if drawer.stayed or not status.first:
                lines.append((stayed, drawer.stayed, False))
            if drawer.since:
                lines.append((self.tr("Taken while it was closed"), drawer.since, True))
        if safe:
            lines.append((self.tr("From the safe") if safe.minor > 0 else self.tr("To the safe"), safe, True))
        return lines or [(self.tr("Nothing yet"), Money.zero(currency), False)]

    def _show_difference(self, difference: Money, *, shown: bool) -> None:
        differs = shown and bool(difference)
        self._word.setText(difference_words(difference) if shown else self.tr("Not counted yet"))
        self._word.set_tone("wait" if differs else "text_secondary")
        self._figure.setText(self._formats.money(difference, sign=bool(difference)) if shown else "–")
        self._figure.setAccessibleName(f"{self._word.text()} {self._figure.text()}")
        if not shown:
            second = self.tr("Count what lies in the drawer.")
        elif not difference:
            second = self.tr("counted as much as expected")
        else:
            over = difference.minor > 0
            second = self.tr("counted more than expected") if over else self.tr("counted less than expected")
        self._second.setText(second)
        for part in (self.reason, self._booked):
            part.setVisible(differs)

    def _reason_edited(self) -> None:
        self.reason.set_error(None)
        self.edited.emit()
