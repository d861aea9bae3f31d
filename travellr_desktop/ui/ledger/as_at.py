"""The day at whose end the books are read, and the currency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.errors import InvalidInput
from travellr_desktop.ui.day_text import day_of, typed_day
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label

FIRST_DAY = date(1970, 1, 1)


class AsAt(QWidget):
    """`day_chosen(date)` and `currency_chosen(str)` tell what the person chose. Whoever has it places `currency`, and
    `only`, which stands for it where there is but one."""

    day_chosen = Signal(object)
    currency_chosen = Signal(str)

    def __init__(self, locale: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locale, self._today, self.day = locale, today, today
        self._currencies: tuple[str, ...] = ()
        self.field = Field(self.tr("At the end of"), text=typed_day(today, locale), show_label=False)
        self.field.entered.connect(self._entered)
        self.field.edit.editingFinished.connect(self._entered)
        self.before = IconButton("chevron-left", self.tr("The day before"))
        self.after = IconButton("chevron-right", self.tr("The day after"))
        self.before.clicked.connect(lambda: self._go(self.day - timedelta(days=1)))
        self.after.clicked.connect(lambda: self._go(self.day + timedelta(days=1)))
        self.back = Button(self.tr("Today"), Kind.LINK, height="control_small")
        self.back.clicked.connect(lambda: self._go(self._today))
        self.currency = ComboBox(self.tr("Currency"))
        self.currency.activated.connect(lambda at: self.currency_chosen.emit(self._currencies[at]))
        self.only = Label("", "body_m", "text_secondary")
        self._build()
        self._show()

    def _build(self) -> None:
        label = Label(self.tr("At the end of"), "small_m", "text_secondary", elide=True)
        label.setBuddy(self.field.edit)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(label, 1)
        for button in (self.back, self.before, self.after):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.field)

    # content

    def set_today(self, today: date) -> None:
        """The day has changed, or the zone became known: who looks at today goes along."""
        if self.day == self._today:
            self.day = today
        self._today = today
        self._show()

    @property
    def is_today(self) -> bool:
        return self.day == self._today

    def show_currencies(self, currencies: Sequence[str], chosen: str) -> None:
        """To choose from where there are several."""
        if tuple(currencies) != self._currencies:
            self._currencies = tuple(currencies)
            self.currency.clear()
            self.currency.addItems(list(currencies))
        if chosen in self._currencies:
            self.currency.setCurrentIndex(self._currencies.index(chosen))
        self.currency.setVisible(len(self._currencies) > 1)
        self.only.setVisible(len(self._currencies) == 1)
        self.only.setText(chosen)

    # what the person does

    def _entered(self) -> None:
        if self.field.text() == typed_day(self.day, self._locale):
            self.field.set_error(None)
            return
        try:
            day = day_of(self.field.text(), self._locale, "day")
        except InvalidInput as refusal:
            self.field.set_error(f"{refusal} {refusal.hint}")
            return
        if not FIRST_DAY <= day <= self._today:
            self.field.set_error(self.tr("Choose a day up to today."))
            return
        self._go(day)

    def _go(self, day: date) -> None:
        self.day = day
        self._show()
        self.day_chosen.emit(day)

    def _show(self) -> None:
        self.field.set_text(typed_day(self.day, self._locale))
        self.field.set_error(None)
        self.after.setEnabled(not self.is_today)
        if self.is_today and self.back.hasFocus():
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.back.setVisible(not self.is_today)
