"""A vendor's year beside the list: what they took in, what they were paid, how that stands to the thresholds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.payouts.tax import Threshold
from travellr_desktop.services.tax_totals import TaxRow
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Facts, MoneyRows, Section
from travellr_desktop.ui.records.words import NOTHING, Words
from travellr_desktop.ui.statements.tax_words import standing, threshold_words


class TaxPanel(DetailPanel):
    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__("Year of a vendor", parent)
        self._words = words
        self.shown: TaxRow | None = None

    def show_row(self, row: TaxRow, thresholds: Sequence[Threshold]) -> None:
        """Another vendor, or the same read again."""
        same = self.shown is not None and self.shown.id == row.id
        self.shown = row
        with self.refilled(same=same):
            self.set_head(str(row.year), person=row.vendor, contact=row.gross.currency)
            self.add(self._sums(row), divider=False)
            self.add(self._who(row))
            self.add(self._thresholds(row, thresholds))

    def _sums(self, row: TaxRow) -> QWidget:
        section = Section(self.tr("Totals of the year"))
        rows = MoneyRows(gap=2)
        rows.add(self.tr("Gross, before refunds"), self._words.money(row.gross), strong=True)
        rows.add(self.tr("In so many payments"), f"{row.transactions:,}")
        rows.add(self.tr("Paid out"), self._words.money(row.paid_out), strong=True)
        if row.came_back:
            rows.add(self.tr("Came back, taken off"), self._words.money(row.came_back), quiet=True)
        section.body.addWidget(rows)
        return section

    def _who(self, row: TaxRow) -> QWidget:
        facts = Facts()
        facts.add(self.tr("Legal name"), row.legal or NOTHING, wrap=True)
        facts.add(self.tr("Tax number"), row.tax_number or NOTHING, wrap=True)
        facts.add(self.tr("Country"), row.country or NOTHING, wrap=True)
        facts.add(self.tr("Email"), row.email or NOTHING, wrap=True)
        return facts

    def _thresholds(self, row: TaxRow, thresholds: Sequence[Threshold]) -> QWidget:
        section = Section(self.tr("Thresholds"))
        if not thresholds:
            words = self.tr("None are known for {0}.").format(row.year)
            section.body.addWidget(Label(words, "small", "text_secondary", wrap=True))
        for threshold in thresholds:
            said, above = standing(row, threshold)
            rows = MoneyRows(gap=2)
            rows.add(threshold_words(threshold, self._words), said, tone="wait" if above else None)
            section.body.addWidget(rows)
        return section
