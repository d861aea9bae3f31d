"""Saved views: filters under one name, chosen above the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSettings, Signal

from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.tables.filters import FilterBar


@dataclass(frozen=True, slots=True)
class SavedView:
    """Filters under one name. `filters` are asked for when it is chosen: days move on."""

    key: str
    words: str
    filters: Callable[[], Mapping[str, object]]


class ViewChooser(QObject):
    """The drop-down of views in a filter bar. It says which one the filters now make, or that they are the
    person's own, and remembers the last that was chosen."""

    chosen = Signal(object)
    """The filters of a view."""

    def __init__(
        self,
        bar: FilterBar,
        views: Sequence[SavedView],
        memory: QSettings,
        *,
        name: str = "bookings",
    ) -> None:
        super().__init__(bar)
        self._bar, self._views, self._memory = bar, tuple(views), memory
        self._key = f"{name}/view"
        self.box = ComboBox(self.tr("View"), [view.words for view in views], icon="bookmark")
        self._own = self.tr("Own filters")
        bar.add_leading(self.box)
        self.box.activated.connect(self._activated)
        bar.changed.connect(self._follow)

    def choose(self, key: str) -> None:
        """Set the filters of a view; the first where there is none with this key."""
        view = next((view for view in self._views if view.key == key), self._views[0])
        self._memory.setValue(self._key, view.key)
        self.chosen.emit(dict(view.filters()))

    def choose_last(self) -> None:
        """The view that was chosen last."""
        self.choose(str(self._memory.value(self._key, "")))

    def _activated(self, index: int) -> None:
        if index < len(self._views):
            self.choose(self._views[index].key)

    def _follow(self) -> None:
        index = -1
        if not self._bar.text:
            values = self._bar.values()
            same = (i for i, view in enumerate(self._views) if dict(view.filters()) == values)
            index = next(same, -1)
        if index < 0 and self.box.count() == len(self._views):
            self.box.addItem(self._own)
        elif index >= 0 and self.box.count() > len(self._views):
            self.box.removeItem(len(self._views))
        self.box.setCurrentIndex(index if index >= 0 else len(self._views))
