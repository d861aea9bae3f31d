"""The chart of months with its legend and span: bars open the bookings of their month."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.services.earnings.views import ByTravel, Span
from travellr_desktop.ui.earnings.chart import SERIES, Legend, MonthChart
from travellr_desktop.ui.earnings.words import say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Card
from travellr_desktop.ui.parts.segments import Segments


class TravelCard(Card):
    """`span_chosen` asks for other months, `month_asked` for the bookings of one."""

    span_chosen = Signal(str)
    month_asked = Signal(date)

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.title = Label(say("Share by month of travel"), "lead", elide=True)
        self.second = Label("", "small", "text_secondary", elide=True)
        self.legend = Legend()
        self.span = Segments(
            say("Months"),
            [(Span.TWELVE_MONTHS.value, say("12 months")), (Span.THIS_YEAR.value, say("This year"))],
        )
        self.span.chosen.connect(self.span_chosen)
        self.chart = MonthChart(formats)
        self.chart.month_asked.connect(self.month_asked)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.second, 1)
        head.addWidget(self.legend)
        head.addWidget(self.span)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.chart, 1)

    def show_travel(self, travel: ByTravel, today: date) -> None:
        self.second.setText(say("{0}, after commission").format(travel.currency))
        there = {
            name
            for name, _, _ in SERIES
            if name != "in_transit" or any(row.places.in_transit for row in travel.months)
        }
        self.legend.set_shown(tuple(there))
        self.chart.set_months(travel.months, travel.currency, today)
