"""What the views of a screen share that are one list with the chosen row beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.days import Days
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import Density, ListFilter, ListScreen, ListWords, PagedModel
from travellr_desktop.ui.tables.export import CsvExport


class ListPage(QWidget):
    """Whoever inherits sets `panel`, makes `lists` with `_list`, lays them out, calls `_connect_list`, and reads the
    row with the cursor in `_read_detail`. `booking_asked(reference)` and `sale_asked(reference)` lead to other
    screens."""

    booking_asked = Signal(str)
    sale_asked = Signal(str)

    name: str
    """What the list is called: where its look is kept, and in the name of a file."""
    when: str
    """The column whose days `show_today` asks for; the newest are first."""
    lists: ListScreen
    panel: DetailPanel

    def __init__(
        self, context: Context, services: Services, views: Segments | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._services, self.views = context, services, views
        self._actor: Actor = context.actor
        self.words = Words(services.locale)
        self._days = Days(self.words.formats, context.clock)
        self._started = False
        self._wanted: str | None = None

    def _list(self, model: PagedModel[Any], words: ListWords, filters: Sequence[ListFilter]) -> ListScreen:
        return ListScreen(
            model,
            name=self.name,
            words=words,
            filters=filters,
            sort=(self.when, True),
            densities=(Density.NORMAL, Density.COMPACT),
            amount=self.words.minor,
            memory=self._context.memory,
        )

    def _connect_list(self) -> None:
        if self.views is not None:
            self.lists.filters.add_leading(self.views)
        CsvExport(self.lists, self._context, self.name)
        self.lists.set_detail(self.panel)
        self.lists.current_changed.connect(self._read_detail)
        self.lists.row_activated.connect(lambda _row: self.panel.focus_first())
        self.lists.failure_asked.connect(self._context.failed)
        self.lists.model.counted.connect(self._find_wanted)

    # what the screen asks

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.lists.table, self.panel, self.lists.filters)

    def close_down(self) -> None:
        self.lists.close_down()

    def back(self) -> None:
        """One step: from the panel to the table, then what the list does."""
        focus = QApplication.focusWidget()
        if focus is not None and self.panel.isAncestorOf(focus):
            self._to_table()
        else:
            self.lists.back()

    def focus_start(self) -> None:
        """The keyboard where work begins."""
        self._to_table()

    def show_today(self) -> None:
        """What is of today."""
        today = self._days.today
        values = {**self.lists.filters.values(), self.when: self._days.range(today, today)}
        self.lists.start(values, self.lists.filters.text)

    def show_words(self, words: str) -> None:
        """Only rows with these words; the first of them has the cursor."""
        self._wanted = words
        self.lists.open_detail()
        if self._started:
            self.lists.start({}, words)

    # reading

    def _begin(self) -> None:
        """Read the list for the first time, with what was asked for before."""
        self._started = True
        self.lists.start({}, self._wanted or "")

    def _find_wanted(self, *_: object) -> None:
        if self._wanted is None or self.lists.filters.text != self._wanted:
            return
        self._wanted = None
        if self.lists.model.rowCount():
            self.lists.table.go_to(0)
            self._to_table()

    def _use(self, agency: AgencyView | None) -> None:
        """Times and sums as the agency has them."""
        if agency is not None:
            self.words.use_zone(agency.zone)
            self.lists.own_currency = agency.currency

    def _read_detail(self, row: Any) -> None:
        """Read what the panel shows of a row of the list, or of none."""
        raise NotImplementedError

    def _read_row(self, read: Callable[[], Any], show: Callable[[Any], None]) -> None:
        """Read one row; it is shown if it still has the cursor when it has been read."""

        def came(detail: Any) -> None:
            if self._has_cursor(detail):
                show(detail)

        self._context.background.run(
            self, lambda _task: read(), key=(f"{self.name}.row", id(self)), newest=True, done=came
        )

    def _has_cursor(self, detail: Any) -> bool:
        row = self.lists.table.current_row()
        return row is not None and detail is not None and row.id == detail.id

    def _to_table(self) -> None:
        self.lists.table.setFocus(Qt.FocusReason.OtherFocusReason)
