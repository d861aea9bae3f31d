"""What runs: the window's own work, the schedule, and proving the books."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.jobs.runner import JobRun
from travellr_desktop.ui.activity.books import BooksPane
from travellr_desktop.ui.activity.now import NowList
from travellr_desktop.ui.activity.schedule import ScheduleTable
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane, ScrollArea
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.say import Say
from travellr_desktop.ui.theme import Theme

_STACKED_BELOW = 760


class RunningPage(QWidget):
    def __init__(
        self, background: Background, say: Say, views: Segments, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.views = views
        self.now = NowList(background)
        self.schedule = ScheduleTable()
        self.books = BooksPane(say)
        bar = Pane("surface", edges=("bottom",))
        views_row = QHBoxLayout(bar)
        views_row.setContentsMargins(16, 12, 16, 13)
        views_row.addWidget(views)
        views_row.addStretch(1)
        self.left = Pane("surface")
        self._fill_left()
        self._across = QHBoxLayout()
        self._across.setSpacing(0)
        self._across.addWidget(self.left, 1)
        self._across.addWidget(self.books)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addLayout(self._across, 1)
        self.bar = bar
        Theme.current().changed.connect(self._fit)

    def show_runs(self, runs: Sequence[JobRun], formats: Formats) -> None:
        """Bring the schedule up to date."""
        known = len(self.schedule.rows)
        self.schedule.show_runs(runs, formats)
        if len(self.schedule.rows) != known:  # rows come late; Tab takes them before the books
            self._order([row.button for row in self.schedule.rows.values()])

    def _order(self, buttons: Sequence[QWidget]) -> None:
        for one, next_one in pairwise((*buttons, self.books.copy, self.books.check)):
            QWidget.setTabOrder(one, next_one)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The books stand beside the schedule, or below it where there is no room for both."""
        stacked = self.width() < Theme.current().px(_STACKED_BELOW)
        below = self._across.indexOf(self.books) < 0
        if stacked == below:
            return
        if stacked:
            self._across.removeWidget(self.books)
            self._stacked.insertWidget(self._stacked.count() - 1, self.books)
        else:
            self._stacked.removeWidget(self.books)
            self._across.addWidget(self.books)
        self.books.set_stacked(stacked)

    def _fill_left(self) -> None:
        content = QWidget()
        content.setProperty("part", "scrolled")
        column = self._stacked = QVBoxLayout(content)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(0)
        now = QVBoxLayout()
        now.setContentsMargins(16, 0, 16, 24)
        now.setSpacing(8)
        now.addWidget(Label(self.tr("Now"), "lead"))
        now.addWidget(self.now)
        column.addLayout(now)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 12)
        head.setSpacing(8)
        head.addWidget(Label(self.tr("Schedule"), "lead"))
        head.addWidget(
            Label(self.tr("by itself, while the program is open"), "body", "text_secondary", elide=True), 1
        )
        column.addLayout(head)
        column.addWidget(self.schedule)
        column.addStretch(1)
        around = QVBoxLayout(self.left)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(ScrollArea(content))
