"""The bar above a table: search field, filters as chips, what else a screen puts there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.chip import Chip
from travellr_desktop.ui.parts.field import SearchField
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.tables.choice_menu import ChoiceMenu
from travellr_desktop.ui.theme import Theme

_TYPING_MS = 180
TIGHT = 400
"""Narrower than so much a bar has not room for all that it says."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter and its words; `count` of what has it stands at the end of its line in the menu."""

    value: object
    words: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A filter of a list: `key` is its name in the query, `label` what stands on the chip.

    The query gets a tuple of values where `many` may be chosen, else the one value. `choices` given as a
    function are asked for each time the menu opens (days change). A `pinned` filter shows its chip while it
    is not set.
    """

    key: str
    label: str
    choices: Sequence[Choice] | Callable[[], Sequence[Choice]]
    many: bool = True
    pinned: bool = False

    def offered(self) -> Sequence[Choice]:
        return self.choices() if callable(self.choices) else self.choices


class FilterBar(Pane):
    """`changed` tells that the words or a filter changed (words once typing pauses), `left_down` that Down or
    Enter goes on to the table.
    """

    changed = Signal()
    left_down = Signal()

    def __init__(
        self,
        filters: Sequence[ListFilter],
        *,
        search_words: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("surface", edges=("bottom",), parent=parent)
        self._filters = {one.key: one for one in filters}
        self._values: dict[str, object] = {}
        self._words: dict[str, str] = {}
        self._chips: dict[str, Chip] = {}
        self._applied = ""
        self.search = SearchField(
            search_words or self.tr("Filter these rows"), icon="list-filter", height="control"
        )
        self.search.edited.connect(self._typed)
        self.search.entered.connect(self._entered)
        self.search.edit.installEventFilter(self)
        self.count = Label("", "small", "text_secondary")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._apply)
        self._build()
        self._show_chips()
        self._fit()
        Theme.current().changed.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room the field yields, the count stands in the footer alone, and chips are cleared one
        by one."""
        theme = Theme.current()
        tight = self.width() < theme.px(TIGHT)
        self.count.setVisible(not tight)
        self._clear.setVisible(bool(self._values) and not tight)
        self.search.setMinimumWidth(theme.px(96 if tight else 200))
        self.search.setMaximumWidth(theme.px(260))

    def _build(self) -> None:
        self._leading, self._trailing = QHBoxLayout(), QHBoxLayout()
        for row in (self._leading, self._trailing):
            row.setSpacing(8)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addLayout(self._leading)
        first.addWidget(self.search, 1)
        first.addStretch(1)
        first.addWidget(self.count)
        first.addSpacing(8)
        first.addLayout(self._trailing)
        self._add = Button(
            self.tr("Filter"), Kind.QUIET, icon="plus", key="F", height="control_small", parent=self
        )
        self._add.clicked.connect(self.choose_filter)
        self._clear = Button(self.tr("Clear"), Kind.LINK, height="control_small", parent=self)
        self._clear.clicked.connect(self.clear)
        self._chip_row = QHBoxLayout()
        self._chip_row.setSpacing(8)
        self._second = QWidget(self)
        second = QHBoxLayout(self._second)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(8)
        second.addLayout(self._chip_row)
        second.addWidget(self._add)
        second.addStretch(1)
        second.addWidget(self._clear)
        self._second.setVisible(bool(self._filters))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 13)
        column.setSpacing(12)
        column.addLayout(first)
        column.addWidget(self._second)

    # what a screen adds

    def add_leading(self, part: QWidget) -> None:
        """Before the search field: segments, a saved view."""
        self._leading.addWidget(part)
        self._order_tab()

    def add_trailing(self, part: QWidget) -> None:
        """After the number of rows: an action on the whole list."""
        self._trailing.addWidget(part)
        self._order_tab()

    def _order_tab(self) -> None:
        """Along the first row, then the second; new parts would come last in the window."""
        rows = (self._leading, self.search, self._trailing, self._chip_row, self._add, self._clear)
        own = self.window()  # segments that two lists share may stand in the other one
        stops = [stop for part in rows for stop in _stops(part) if stop.window() is own]
        field = self.search.edit
        if stops[0] is not field:  # where the field is now, the first shall be
            self.setTabOrder(field, stops[0])
        for first, second in pairwise(stops):
            self.setTabOrder(first, second)

    # what it says

    @property
    def text(self) -> str:
        return self.search.text().strip()

    def values(self) -> dict[str, object]:
        """The filters that are set, as the query takes them."""
        return dict(self._values)

    @property
    def active(self) -> int:
        """How many filters are set, words counting as one."""
        return len(self._values) + bool(self.text)

    def set_value(self, key: str, value: object, words: str = "") -> None:
        """Set a filter, or take it away with None. Words default to those of its choices. KeyError if
        unknown.
        """
        one = self._filters[key]
        if value is None or value == ():
            self._values.pop(key, None)
        else:
            self._values[key] = value
            self._words[key] = words or _words_of(one, value)
        self._show_chips()
        self.changed.emit()

    def set_all(self, values: Mapping[str, object], text: str = "") -> None:
        """Set exactly these filters and words, and tell once."""
        self._typing.stop()
        self._values = {key: value for key, value in values.items() if key in self._filters}
        self._words = {key: _words_of(self._filters[key], value) for key, value in self._values.items()}
        self.search.set_text(text)
        self._applied = self.text
        self._show_chips()
        self.changed.emit()

    def clear(self) -> None:
        """Take all filters and words away."""
        self.set_all({})

    # menus

    def choose_filter(self) -> None:
        """Offer the filters: those that are not set, then those that are, to set them otherwise."""
        menu = ChoiceMenu(self.tr("Filter"), self)
        for key, one in self._filters.items():
            if key not in self._values:
                menu.add(one.label, partial(self._choose_values, key))
        if self._values and len(self._values) < len(self._filters):
            menu.addSeparator()
        for key, one in self._filters.items():
            if key in self._values:
                menu.add(f"{one.label}: {self._words[key]}", partial(self._choose_values, key))
        menu.popup_below(self._add if self._add.isVisible() else self._second)

    def _choose_values(self, key: str) -> None:
        chip = self._chips.get(key)
        self.choose_values(key, chip if chip is not None and chip.isVisible() else self._add)

    def choose_values(self, key: str, below: QWidget) -> None:
        """Offer the values of a filter."""
        one = self._filters[key]
        menu = ChoiceMenu(one.label, self, stays=one.many)
        chosen = self._values.get(key)
        for choice in one.offered():
            count = "" if choice.count is None else f"\t{choice.count:,}"
            action = QAction(f"{choice.words}{count}", menu)
            action.setCheckable(True)
            within = isinstance(chosen, tuple) and choice.value in chosen
            action.setChecked(within if one.many else chosen == choice.value)
            action.triggered.connect(lambda on, value=choice.value: self._toggle(one, value, on))
            menu.addAction(action)
        menu.popup_below(below)

    def _toggle(self, one: ListFilter, value: object, on: bool) -> None:
        if not one.many:
            self.set_value(one.key, value if on else None)
            return
        before = self._values.get(one.key, ())
        kept = tuple(before) if isinstance(before, tuple) else ()
        # in the order of the choices, so that the same choice is the same query
        wished = {*kept, value} if on else set(kept) - {value}
        self.set_value(one.key, tuple(each.value for each in one.offered() if each.value in wished))

    # chips and words

    def _show_chips(self) -> None:
        for key, one in self._filters.items():
            chip = self._chips.get(key)
            if chip is None and (one.pinned or key in self._values):
                chip = self._chips[key] = Chip(one.label, parent=self)
                chip.clicked.connect(lambda _=False, key=key: self.choose_values(key, self._chips[key]))
                chip.cleared.connect(lambda key=key: self._take_away(key))
                self._chip_row.addWidget(chip)
                self._order_tab()
            if chip is not None:
                chip.set_value(self._words[key] if key in self._values else None)
                chip.setVisible(one.pinned or key in self._values)
        unpinned = [key for key, one in self._filters.items() if not one.pinned]
        self._add.setVisible(bool(unpinned))
        self._fit()

    def _take_away(self, key: str) -> None:
        self.set_value(key, None)
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self) -> None:
        self._typing.start()

    def _entered(self) -> None:
        self._apply()
        self.left_down.emit()

    def _apply(self) -> None:
        self._typing.stop()
        if self.text != self._applied:
            self._applied = self.text
            self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            self._apply()
            self.left_down.emit()
            return True
        return super().eventFilter(watched, event)


def _stops(part: QWidget | QHBoxLayout) -> list[QWidget]:
    """What in it may take the keyboard, in its order; of segments also those that are not the one stop now."""
    if isinstance(part, QHBoxLayout):
        widgets = [item.widget() for at in range(part.count()) if (item := part.itemAt(at)) is not None]
        return [stop for widget in widgets if widget is not None for stop in _stops(widget)]
    return [
        each
        for each in (part, *part.findChildren(QWidget))
        if each.focusPolicy() != Qt.FocusPolicy.NoFocus and each.focusProxy() is None
    ]


def _words_of(one: ListFilter, value: object) -> str:
    """The word of a single choice, else "2 of 7"."""
    offered = one.offered()
    values = value if isinstance(value, tuple) and one.many else (value,)
    words = [choice.words for choice in offered if choice.value in values]
    if len(words) == 1:
        return words[0]
    if not words:
        return ""
    return QCoreApplication.translate("FilterBar", "{0} of {1}").format(len(words), len(offered))
