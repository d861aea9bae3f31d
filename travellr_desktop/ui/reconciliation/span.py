"""Which days are matched: this week, a month, or from one day to another."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from travellr_desktop.domain.periods import month_of, week_of
from travellr_desktop.errors import InvalidInput
from travellr_desktop.ui.day_text import day_of, typed_day
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.field import Field

KEPT = "reconciliation/span"
FIRST_DAY = date(1970, 1, 1)


class Span(StrEnum):
    WEEK = "week"
    MONTH = "month"
    LAST_MONTH = "last_month"
    CHOSEN = "chosen"


def days_of(span: Span, today: date) -> tuple[date, date]:
    """The first and the last day, none of them to come. Of days that are chosen, what they begin with."""
    if span is Span.MONTH:
        return month_of(today).first, today
    if span is Span.LAST_MONTH:
        before = month_of(month_of(today).first - timedelta(days=1))
        return before.first, before.last
    return week_of(today).first, today


class SpanChoice(QWidget):
    """`chosen()` tells that `first` and `last` are others now."""

    chosen = Signal()

    def __init__(self, locale: str, today: date, memory: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locale, self._today, self._memory = locale, today, memory
        self.span = Span.WEEK
        kept = str(memory.value(KEPT, ""))
        if kept in tuple(Span) and kept != Span.CHOSEN:
            self.span = Span(kept)
        self.first, self.last = days_of(self.span, today)
        words = {
            Span.WEEK: self.tr("This week"),
            Span.MONTH: self.tr("This month"),
            Span.LAST_MONTH: self.tr("Last month"),
            Span.CHOSEN: self.tr("From … to …"),
        }
        self.box = ComboBox(self.tr("Days"), list(words.values()), icon="calendar-days")
        self.box.setCurrentIndex(list(Span).index(self.span))
        self.box.activated.connect(lambda at: self.choose(list(Span)[at]))
        self.from_field = Field(self.tr("From"), show_label=False)
        self.to_field = Field(self.tr("To"), show_label=False)
        for field in (self.from_field, self.to_field):
            field.entered.connect(self._typed)
            field.edit.editingFinished.connect(self._typed)
            field.setMaximumWidth(132)
            field.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.from_field, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.to_field, 0, Qt.AlignmentFlag.AlignTop)

    def use_today(self, today: date) -> None:
        """Another day has begun, or the zone is known now."""
        if today == self._today:
            return
        self._today = today
        if self.span is not Span.CHOSEN:
            self.first, self.last = days_of(self.span, today)

    def choose(self, span: Span) -> None:
        """Days by their name; those that are typed begin with the ones that were shown."""
        self.span = span
        self.box.setCurrentIndex(list(Span).index(span))
        typed = span is Span.CHOSEN
        for field in (self.from_field, self.to_field):
            field.setVisible(typed)
            field.set_error(None)
        if typed:
            self._show()
            self.from_field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._memory.setValue(KEPT, span.value)
        self.first, self.last = days_of(span, self._today)
        self.chosen.emit()

    def refuse(self, refusal: InvalidInput) -> None:
        """Say at the field why these days cannot be matched."""
        field = self.from_field if refusal.field == "first" else self.to_field
        field.set_error(" ".join(part for part in (str(refusal), refusal.hint) if part))

    def _show(self) -> None:
        self.from_field.set_text(typed_day(self.first, self._locale))
        self.to_field.set_text(typed_day(self.last, self._locale))

    def _typed(self) -> None:
        found: list[date] = []
        for field in (self.from_field, self.to_field):
            try:
                day = day_of(field.text(), self._locale, "day")
            except InvalidInput as refusal:
                field.set_error(f"{refusal} {refusal.hint}")
                return
            if not FIRST_DAY <= day <= self._today:
                field.set_error(self.tr("Choose a day up to today."))
                return
            field.set_error(None)
            found.append(day)
        first, last = found
        if last < first:
            self.to_field.set_error(self.tr("The last day is before the first."))
            return
        if (first, last) != (self.first, self.last):
            self.first, self.last = first, last
            self.chosen.emit()
