"""The three panes of departures beside each other: what a narrow or a low window makes of them."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.departures.day_list import DayList
from travellr_desktop.ui.departures.manifest_panel import ManifestPanel
from travellr_desktop.ui.departures.trip_pane import TripPane
from travellr_desktop.ui.desk.sideways import Sideways
from travellr_desktop.ui.theme import Theme

MIDDLE = 560
"""What the list of the day needs in width; a window too narrow for it scrolls sideways."""

LOW = 720
"""Below this height of the screen (800 of the window) what only explains is left out."""

_PANEL = "departures/panel"


class Sides(QWidget):
    """Whether the manifest is shown is remembered."""

    def __init__(
        self,
        memory: QSettings,
        trip_pane: TripPane,
        day_list: DayList,
        panel: ManifestPanel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._memory, self._trip_pane, self._panel = memory, trip_pane, panel
        content = QWidget()
        content.setProperty("part", "scrolled")
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(trip_pane)
        row.addWidget(day_list, 1)
        row.addWidget(panel)
        self._sideways = Sideways(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._sideways)
        panel.setHidden(memory.value(_PANEL, True, type=bool) is False)
        self._fit()
        Theme.current().changed.connect(self._fit)

    def show_panel(self, shown: bool) -> None:
        """Show the manifest, or only the list."""
        self._panel.setVisible(shown)
        self._memory.setValue(_PANEL, shown)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme = Theme.current()
        panel = 0 if self._panel.isHidden() else self._panel.minimumWidth()
        self._sideways.set_least(theme.size("desk_filters") + theme.px(MIDDLE) + panel)
        low = self.height() < theme.px(LOW)
        self._trip_pane.set_low(low)
        self._panel.set_low(low)
