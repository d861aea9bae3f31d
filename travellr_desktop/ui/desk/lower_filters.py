"""Time of day, place, price and free seats: below the calendar, or folded behind one button on a low screen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.money_text import parse_money
from travellr_desktop.errors import InvalidInput
from travellr_desktop.ui.desk.narrow import Narrow
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choices import CheckBox, ComboBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Card
from travellr_desktop.ui.parts.segments import Segments

SPANS: dict[str, tuple[str | None, str | None]] = {
    "any": (None, None),
    "morning": (None, "12:00"),
    "noon": ("12:00", "17:00"),
    "evening": ("17:00", None),
}
"""Times of day by their key: from, inclusive, and before."""


@dataclass(frozen=True, slots=True)
class Lower:
    """What is set. `max_price` is in minor units of the agency's currency."""

    starts_from: str | None = None
    starts_before: str | None = None
    place: str | None = None
    max_price: int | None = None
    free_only: bool = False

    @property
    def set_count(self) -> int:
        times = self.starts_from is not None or self.starts_before is not None
        return sum((times, self.place is not None, self.max_price is not None, self.free_only))


class LowerFilters(QWidget):
    """`changed` comes after each change that makes sense; a price that cannot be read is told beside it."""

    changed = Signal()

    def __init__(self, locale: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locale = locale
        self._currency = "EUR"
        self._max_price: int | None = None
        self.time = Segments(
            self.tr("Departs"),
            (
                ("any", self.tr("Any")),
                ("morning", self.tr("Before 12")),
                ("noon", "12–17"),
                ("evening", self.tr("After 17")),
            ),
        )
        self.place = ComboBox(self.tr("Where"), [self.tr("Anywhere")])
        self.price = Field(self.tr("Price per adult"), unit=self.tr("max"))
        self.together = CheckBox(self.tr("Seats for all together"))
        self._build()
        self.time.chosen.connect(self._tell)
        self.place.currentIndexChanged.connect(self._tell)
        self.price.edited.connect(self._price_edited)
        self.together.toggled.connect(self._tell)

    def _build(self) -> None:
        where = QVBoxLayout()
        where.setSpacing(4)
        label = Label(self.tr("Where"), "small_m", "text_secondary")
        label.setBuddy(self.place)
        where.addWidget(label)
        where.addWidget(self.place)
        where.addStretch(1)
        price = QVBoxLayout()
        price.addWidget(self.price)
        price.addStretch(1)
        pair = QHBoxLayout()
        pair.setSpacing(8)
        pair.addLayout(where, 1)
        pair.addLayout(price, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(self.tr("Departs"), "small_m", "text_secondary"))
        column.addSpacing(4)
        column.addWidget(self.time)
        column.addSpacing(12)
        column.addLayout(pair)
        column.addSpacing(12)
        column.addWidget(self.together)

    # content

    def value(self) -> Lower:
        first, before = SPANS[self.time.value()]
        place = self.place.currentText() if self.place.currentIndex() > 0 else None
        return Lower(first, before, place, self._max_price, self.together.isChecked())

    def set_places(self, places: tuple[str, ...]) -> None:
        """Where trips take place; the choice stays if it is still there."""
        chosen = self.place.currentText()
        self.place.blockSignals(True)
        self.place.clear()
        self.place.addItems([self.tr("Anywhere"), *places])
        self.place.setCurrentIndex(max(self.place.findText(chosen), 0))
        self.place.blockSignals(False)
        self.place.updateGeometry()

    def set_currency(self, currency: str) -> None:
        self._currency = currency
        self.price.set_label(self.tr("Price per adult, {0}").format(currency))

    def set_pax(self, pax: int) -> None:
        words = self.tr("Seats for all {0} together").format(pax)
        words = words if pax > 1 else self.tr("With a free seat")
        self.together.setText(words)
        self.together.setAccessibleName(words)
        self.together.updateGeometry()

    def clear(self) -> None:
        """Set nothing, and tell nobody."""
        for narrow in Narrow:
            self.widen(narrow)

    def widen(self, narrow: Narrow) -> None:
        """Take one of them away, and tell nobody."""
        self.blockSignals(True)
        if narrow is Narrow.TIME:
            self.time.set_value("any")
        elif narrow is Narrow.PLACE:
            self.place.setCurrentIndex(0)
        elif narrow is Narrow.PRICE:
            self.price.set_text("")
            self._price_edited("")
        elif narrow is Narrow.SEATS:
            self.together.setChecked(False)
        self.blockSignals(False)

    def _price_edited(self, text: str) -> None:
        if not text.strip():
            self._max_price = None
            self.price.set_error(None)
        else:
            try:
                money = parse_money(text, self._currency, self._locale)
                if money.minor < 0:
                    raise InvalidInput(self.tr("A price is not negative."))
            except InvalidInput as refusal:
                self._max_price = None  # what cannot be read filters nothing
                self.price.set_error(str(refusal))
            else:
                self._max_price = money.minor
                self.price.set_error(None)
        self._tell()

    def _tell(self, *_: object) -> None:
        self.changed.emit()


class FoldedFilters(QWidget):
    """One button for the lower filters; they open in a box over the page, above the button where there is more
    room."""

    def __init__(self, filters: LowerFilters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = filters
        self.button = Button(self.tr("Time, place, price"), icon="sliders-horizontal", amount=" ")
        self.button.clicked.connect(self.toggle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.button)
        self._box: Card | None = None
        filters.changed.connect(self.count)

    def count(self) -> None:
        number = self._filters.value().set_count
        self.button.set_amount(self.tr("{0} set").format(number) if number else self.tr("any"))

    @property
    def is_open(self) -> bool:
        return self._box is not None and self._box.isVisible()

    def toggle(self) -> None:
        if self.is_open:
            self.close_box()
        else:
            self.open_box()

    def open_box(self) -> None:
        window = self.window()
        box = self._box or self._make_box()
        box.setParent(window)
        self._filters.show()
        width = max(self.width(), box.minimumSizeHint().width())
        box.resize(width, box.heightForWidth(width) if box.hasHeightForWidth() else box.sizeHint().height())
        at = self.mapTo(window, QPoint(0, self.height() + 4))
        pane = self.parentWidget()
        end = pane.mapTo(window, pane.rect().bottomLeft()).y() if pane is not None else window.height()
        if at.y() + box.height() > end - 4:
            at = self.mapTo(window, QPoint(0, -box.height() - 4))
        box.move(at)
        box.show()
        box.raise_()
        window.installEventFilter(self)
        self._filters.time.focus_chosen()

    def close_box(self) -> None:
        if self._box is not None and self._box.isVisible():
            self._box.hide()
            self.window().removeEventFilter(self)
            self.button.setFocus(Qt.FocusReason.PopupFocusReason)

    def give_back(self) -> LowerFilters:
        """The filters are wanted on the page again."""
        self.close_box()
        return self._filters

    def take(self) -> None:
        """Keep the filters in the box."""
        box = self._box or self._make_box()
        layout = box.layout()
        if layout is not None:
            layout.addWidget(self._filters)
        self.count()

    def _make_box(self) -> Card:
        self._box = Card("raised", line="border_control")
        self._box.setObjectName("folded-filters")
        self._box.setParent(self)
        self._box.hide()
        layout = QVBoxLayout(self._box)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self._filters)
        self._box.installEventFilter(self)
        return self._box

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.is_open:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.close_box()
                return True
        resized = event.type() in (QEvent.Type.Resize, QEvent.Type.MouseButtonPress)
        if resized and watched is not self._box and isinstance(watched, QWidget):
            self.close_box()
        return super().eventFilter(watched, event)
