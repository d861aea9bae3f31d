"""The list screen that screens share: filter bar, table, footer, and a detail panel at the side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QLocale, QSize, Qt, QTime, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.parts.button import IconButton
from travellr_desktop.ui.parts.empty import LoadFailed
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.tables.beside import Beside
from travellr_desktop.ui.tables.choice_menu import ColumnMenu
from travellr_desktop.ui.tables.columns import Column
from travellr_desktop.ui.tables.filters import FilterBar, ListFilter
from travellr_desktop.ui.tables.footer import TableFooter
from travellr_desktop.ui.tables.memory import EVERY_TABLE, Settings, TableMemory
from travellr_desktop.ui.tables.model import PagedModel
from travellr_desktop.ui.tables.nothing import ListWords, NothingHere
from travellr_desktop.ui.tables.row_view import Density
from travellr_desktop.ui.tables.states import LoadState
from travellr_desktop.ui.tables.sums import sums_of
from travellr_desktop.ui.tables.view import TableView


class ListScreen(QWidget):
    """A list with everything around it. It reads when `start` is called, and again with `refresh`.

    A `Screen` puts it into its layout and passes its keys on::

        handlers = {Act.FIND: lists.focus_search, Act.FILTER: lists.choose_filter, Act.AGAIN: lists.refresh,
                    Act.BACK: lists.back}

    `amount` makes words of minor units and a currency, for the sums. With `memory` widths, columns, sort,
    density and the detail panel come back as they were left. `close_down` ends the reading thread.
    """

    current_changed = Signal(object)
    """The row with the cursor, or None: what the detail panel shows."""
    row_activated = Signal(object)
    """Enter or a double click."""
    first_action = Signal()
    """The button of an empty list."""
    failure_asked = Signal(object)
    """"Details" of a list that could not be read; carries the exception."""

    def __init__(
        self,
        model: PagedModel[Any],
        *,
        name: str,
        words: ListWords,
        filters: Sequence[ListFilter] = (),
        sort: tuple[str, bool] | None = None,
        densities: Sequence[Density] = (Density.NORMAL, Density.COMPACT),
        amount: Callable[[int, str], str] | None = None,
        memory: Settings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self._words = words
        self._amount = amount
        self.own_currency = ""
        """The agency's own, whose sums stand first."""
        self._densities = tuple(densities)
        self._memory = TableMemory(memory, name)
        self._every = TableMemory(memory, EVERY_TABLE)
        self._always: dict[str, object] = {}
        self._since: QTime | None = None
        self._stepping_in = False
        self._once_more = False
        self._sort = self._first_sort(sort)
        self.filters = FilterBar(filters, search_words=words.search)
        self.table = TableView(model, title=words.title, density=self._first_density(), memory=self._memory)
        self.footer = TableFooter()
        self._build()
        self._connect()
        self.table.set_sorted(*self._sort)

    def _first_sort(self, sort: tuple[str, bool] | None) -> tuple[str, bool]:
        kept = self._memory.sort()
        if kept is not None and any(
            column.key == kept[0] and column.sortable for column in self.model.columns
        ):
            return kept
        return sort or ("", False)

    def _first_density(self) -> Density:
        """As this table was left, else as every table shall be, else the first."""
        for memory in (self._memory, self._every):
            kept = memory.read("density")
            if kept in self._densities:
                return Density(kept)
        return self._densities[0]

    def _build(self) -> None:
        self._columns_button = IconButton("columns-3", self.tr("Columns"))
        self._columns_button.clicked.connect(self._offer_columns)
        self._density_button = IconButton("rows-3", self.tr("Height of rows"), parent=self)
        self._density_button.clicked.connect(self._next_density)
        self._density_button.setVisible(len(self._densities) > 1)
        self.filters.add_trailing(self._columns_button)
        self.filters.add_trailing(self._density_button)
        self._nothing = NothingHere(self._words)
        self._failed = LoadFailed(self.tr("The list could not be read"))
        self._stack = QStackedWidget()
        for page in (self.table, self._nothing, self._failed):
            self._stack.addWidget(page)
        left = Pane("surface")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addWidget(self._stack, 1)
        column.addWidget(self.footer)
        self.beside = Beside(left, self.table, self.model, self._memory, self)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.beside)

    def _connect(self) -> None:
        self.filters.changed.connect(self._reopen)
        self.filters.left_down.connect(self._step_in)
        self.table.sort_asked.connect(self._sort_by)
        self.table.current_changed.connect(self._current)
        self.table.row_activated.connect(self._activate)
        self.table.selection_counted.connect(self._selected)
        self.model.state_changed.connect(self._show_state)
        self.model.counted.connect(self._show_counts)
        self.model.counted.connect(self._stand_on_first)
        self.model.reread.connect(self._show_counts)
        self.model.reread.connect(self._refresh_once_more)
        self.model.totalled.connect(self._show_counts)
        self._nothing.cleared.connect(self.filters.clear)
        self._nothing.first.connect(self.first_action)
        self._failed.again.connect(self._reopen)
        self._failed.details.connect(lambda: self.failure_asked.emit(self.model.failure))
        head = self.table.horizontalHeader()
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(lambda _at: self._offer_columns())

    # what a screen does with it

    def start(self, filters: Mapping[str, object] | None = None, text: str = "") -> None:
        """Begin to read, with these filters set."""
        self.filters.set_all(filters or {}, text)

    def set_always(self, filters: Mapping[str, object]) -> None:
        """Filters that are no chips: those of segments, or of what the screen is about. Reads anew."""
        self._always = dict(filters)
        self._reopen()

    def refresh(self) -> None:
        """Read again after a write or with F5: selection and place stay. Reads for the first time if need be."""
        if self.model.state is LoadState.EMPTY:
            self._reopen()
        elif self.model.rereading:
            self._once_more = True  # a list begun anew with every change would never be read to its end
        else:
            self.model.refresh(self.table.place())

    def focus_search(self) -> None:
        self.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.search.edit.selectAll()

    def choose_filter(self) -> None:
        self.filters.choose_filter()

    def back(self) -> bool:
        """One step back: filters that hide everything go, else the panel closes, else the focus goes to the
        table. False if there was nothing to do."""
        if self._stack.currentWidget() is self._nothing and self.filters.active:
            self.filters.clear()
            return True
        if self.beside.is_open:
            self.close_detail()
            return True
        if self.filters.isAncestorOf(self.window().focusWidget()):
            self._to_table()
            return True
        return False

    @property
    def panes(self) -> tuple[QWidget, ...]:
        """In the order of F6."""
        found = (self.filters, self.table, self.beside.panel)
        return tuple(pane for pane in found if pane is not None)

    def close_down(self) -> None:
        """End the reading thread; the list shows what it has and reads nothing more."""
        self.model.close()

    # the detail panel

    def set_detail(self, panel: QWidget, *, width: int = 0) -> None:
        """The panel at the side, `width` wide at first where a form needs more than a panel has. A `closed` signal of
        it closes it; Enter on a row opens it again."""
        self.beside.set_panel(panel, width)
        closed = getattr(panel, "closed", None)
        if closed is not None:
            closed.connect(self.close_detail)

    def open_detail(self, *, without_row: bool = False) -> None:
        """Show the panel; `without_row` also where the list has no row with the cursor, for something new."""
        self.beside.want(True, without_row=without_row)

    def close_detail(self) -> None:
        self.beside.want(False)
        self._to_table()

    # reading

    def query(self) -> ListQuery:
        """What is asked for now."""
        key, descending = self._sort
        return ListQuery(self.filters.text, {**self.filters.values(), **self._always}, key, descending)

    def _reopen(self) -> None:
        self._once_more = False
        self.model.open(self.query(), self.table.place())

    def _refresh_once_more(self, *_: object) -> None:
        """What changed while the list was read again may not be in it."""
        if self._once_more:
            self._once_more = False
            self.refresh()

    def _sort_by(self, key: str, descending: bool) -> None:
        self._sort = (key, descending)
        self._memory.write("sort", [key, descending])
        self.table.set_sorted(key, descending)
        self._reopen()

    def _show_state(self) -> None:
        state = self.model.state
        if state is LoadState.FAILED:
            self._say_failure()
            self._stack.setCurrentWidget(self._failed)
        elif state is LoadState.READY:
            self._since = None
            self._show_counts()
        elif self._stack.currentWidget() is self._failed:
            self._stack.setCurrentWidget(self.table)

    def _say_failure(self) -> None:
        failure = self.model.failure
        self._since = self._since or QTime.currentTime()
        since = QLocale().toString(self._since, QLocale.FormatType.ShortFormat)
        words = str(failure) if isinstance(failure, Refusal) else self.tr("The program made a mistake.")
        self._failed.say(
            self.tr("The list could not be read"), f"{words} {self.tr('Since {0}.').format(since)}"
        )

    def _show_counts(self, *_: object) -> None:
        model, totals = self.model, self.model.totals
        count = f"{model.rowCount():,}" if model.count_known else ""
        narrowed = bool(self.filters.active or self._always)
        words = count
        if count and totals is not None and narrowed:
            words = self.tr("{0} of {1}").format(count, f"{totals.whole:,}")
        self.filters.count.setText(words)
        rows = self.tr("1 row") if count == "1" else self.tr("{0} rows").format(count)
        self.footer.set_rows(rows if count else "")
        titles = {column.sum: column.title for column in model.columns if column.sum}
        if totals is not None and self._amount is not None:
            self.footer.set_sums(sums_of(totals.sums, titles, self._amount, self.own_currency))
        else:
            self.footer.set_sums(())
        if model.state is LoadState.READY:
            empty = model.rowCount() == 0
            if empty:
                hidden = totals.whole if totals is not None else 0
                self._nothing.explain(self.filters.active, hidden, narrowed)
            self._stack.setCurrentWidget(self._nothing if empty else self.table)

    # what the person does

    def _current(self, row: object) -> None:
        self.current_changed.emit(row)
        self.beside.follow()

    def _activate(self, row: object) -> None:
        if self.beside.panel is not None and not self.beside.is_open:
            self.open_detail()
        self.row_activated.emit(row)

    def _selected(self, count: int) -> None:
        self.footer.set_selected(count, self.tr("Shift ↓ selects more") if count == 1 else "")

    def _to_table(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.table.currentIndex().isValid() and self.model.rowCount():
            self.table.go_to(self.table.rows_in_sight()[0])

    def _step_in(self) -> None:
        """From the filters to the first row; to that of the new rows, if these are still being read."""
        self._to_table()
        self._stepping_in = self.model.state is LoadState.LOADING

    def _stand_on_first(self, *_: object) -> None:
        if self._stepping_in and self.model.rowCount() and not self.table.currentIndex().isValid():
            self.table.go_to(0)
        self._stepping_in = False

    def set_density(self, density: Density) -> None:
        """The height of rows, if this list offers it."""
        if density in self._densities:
            self.table.set_density(density)

    def _next_density(self) -> None:
        at = self._densities.index(self.table.density)
        self.table.set_density(self._densities[(at + 1) % len(self._densities)])

    def _offer_columns(self) -> None:
        columns, layout = self.model.columns, self.table.layout_of_columns
        menu = ColumnMenu(columns, layout, self._sort[0], self._sort_again, self)
        menu.popup_below(self._columns_button)

    def _sort_again(self, column: Column[Any]) -> None:
        again = column.key == self._sort[0]
        self._sort_by(column.key, not self._sort[1] if again else column.descending_first)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """For windows whose actions do not take these keys."""
        if event.text() == "/":
            self.focus_search()
        elif event.key() == Qt.Key.Key_Escape and self.back():
            return
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(1000, 640)
