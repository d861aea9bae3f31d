"""The middle of Day close: which till it is and what can be done with it, its sums, and three views below."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from travellr_desktop.services.till_forms import ClosedTill, TillStatus
from travellr_desktop.services.x_reads import KeptX
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.empty import EmptyState
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.till.sums import SumsView
from travellr_desktop.ui.till.tables import (
    KeptRow,
    MoveRow,
    TillTable,
    WayRow,
    kept_rows,
    kept_table,
    move_rows,
    move_table,
    way_rows,
    way_table,
)

AnyTable = TillTable[WayRow] | TillTable[MoveRow] | TillTable[KeptRow]

WAYS, MOVES, CLOSES = "ways", "moves", "closes"


class DayPane(Pane):
    """`x_asked`, `move_asked`: the two things that are done with an open till; `view_changed(str)` which view stands
    below the sums; `close_chosen(KeptRow | None)` follows the cursor in what was read and closed, `close_opened` is
    Enter."""

    x_asked = Signal()
    move_asked = Signal()
    view_changed = Signal(str)
    close_chosen = Signal(object)
    close_opened = Signal()

    def __init__(self, formats: Formats) -> None:
        super().__init__("surface")
        self.setAccessibleName(self.tr("The day"))
        self._formats = formats
        self._title = Label("", "lead")
        self._since, self._by, self._alone = "", "", False
        self._about = Label("", "body", "text_secondary", elide=True)
        self.to_count = Button(self.tr("Count"), icon="arrow-left")
        self.to_count.hide()
        self.x_button = Button(self.tr("X read"), icon="printer", key="F7")
        self.move_button = Button(self.tr("Move cash"), icon="hand-coins", key="M")
        self.sums = SumsView(formats)
        self.views = Segments(
            self.tr("Views"),
            [
                (WAYS, self.tr("By way to pay")),
                (MOVES, self.tr("What moved")),
                (CLOSES, self.tr("X and Z")),
            ],
        )
        self.ways, self.moves = way_table(formats), move_table(formats)
        self.closes: TillTable[KeptRow] = kept_table(formats)
        self._nothing = {
            WAYS: EmptyState(
                "credit-card",
                self.tr("Nothing was paid yet"),
                self.tr("What comes in while this till is open is added up here by its way to pay."),
            ),
            MOVES: EmptyState(
                "hand-coins",
                self.tr("Nothing has moved"),
                self.tr("Sales, refunds and what is moved by hand will be here, the newest first."),
            ),
            CLOSES: EmptyState(
                "sunset",
                self.tr("Nothing was read or closed yet"),
                self.tr("Every X read and every Z close stays here, with its figures and its paper."),
            ),
        }
        self._stack = QStackedWidget()
        for table in (self.ways, self.moves, self.closes):
            self._stack.addWidget(table)
        for empty in self._nothing.values():
            self._stack.addWidget(empty)
        self._build()
        self._connect()

    def _build(self) -> None:
        head = Pane("surface", edges=("bottom",))
        self._header = head
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.to_count)
        row.addWidget(self._title)
        row.addWidget(self._about, 1)
        row.addWidget(self.x_button)
        row.addWidget(self.move_button)
        below = Pane("surface", edges=("top",))
        views = QHBoxLayout(below)
        views.setContentsMargins(16, 10, 16, 10)
        views.addWidget(self.views)
        views.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.sums)
        column.addWidget(below)
        column.addWidget(self._stack, 1)
        Theme.current().changed.connect(self._retheme)
        self._retheme()

    def _retheme(self) -> None:
        self._header.setFixedHeight(Theme.current().size("pane_header"))

    def _connect(self) -> None:
        self.x_button.clicked.connect(self.x_asked)
        self.move_button.clicked.connect(self.move_asked)
        self.views.chosen.connect(self._view)
        self.closes.current_changed.connect(self.close_chosen)
        self.closes.row_activated.connect(lambda _row: self.close_opened.emit())

    def show_till(
        self, status: TillStatus, history: tuple[ClosedTill, ...], reads: tuple[KeptX, ...] = ()
    ) -> None:
        """The till as it was read."""
        report = status.open
        number = f"{status.number:04}"
        self._title.setText(self.tr("Till {0}").format(number))
        zone = self._formats.zone
        if report is not None:
            since = self.tr("since {0}").format(self._formats.time(report.opened_at, zone))
            if self._formats.local(report.opened_at, zone).date() != (
                self._formats.local(report.read_at, zone).date()
            ):
                since = self.tr("since {0}").format(self._formats.when(report.opened_at, zone))
            about = self.tr("by {0}").format(report.opened_by)
            self.ways.show_rows(way_rows(report))
            self.moves.show_rows(move_rows(report))
        else:
            since, about = self.tr("is not open"), ""
            if history:
                closed = self._formats.when(history[0].closed_at, zone)
                about = self.tr("{0} was closed {1}").format(f"Z {history[0].number:04}", closed)
            self.ways.show_rows(())
            self.moves.show_rows(())
        self._since, self._by = since, about
        self._say_since()
        for button in (self.x_button, self.move_button):
            button.setVisible(report is not None)
        self.closes.show_rows(kept_rows(history, reads))
        if report is None and self.views.value() != CLOSES:
            self.views.set_value(CLOSES)
            self.view_changed.emit(CLOSES)
        for view in (WAYS, MOVES):
            self.views.set_off(view, None if report is not None else self.tr("The till is not open"))
        self._show_view()

    def stand_alone(self, alone: bool) -> None:
        """In the place of the count, with a way back to it: since when is said by the sums then."""
        self.to_count.setVisible(alone)
        self._alone = alone
        self._say_since()

    def _say_since(self) -> None:
        words = (self._by,) if self._alone else (self._since, self._by)
        self._about.setText(" · ".join(part for part in words if part))

    def go_view(self, key: str) -> None:
        """Show one of the views; KeyError for another."""
        self.views.set_value(key)
        self._view(key)

    def close_down(self) -> None:
        for table in (self.ways, self.moves, self.closes):
            table.close_down()

    def _view(self, key: str) -> None:
        self._show_view()
        self.view_changed.emit(key)

    def _show_view(self) -> None:
        key = self.views.value()
        tables: Mapping[str, AnyTable] = {WAYS: self.ways, MOVES: self.moves, CLOSES: self.closes}
        self._stack.setCurrentWidget(tables[key] if tables[key].rows else self._nothing[key])
