"""The departures of a day: a table of two-line rows with the line of now, what is stopped, and what it adds up to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.services.board import Board, BoardRow, Phase
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.actions import NEW_KEY
from travellr_desktop.ui.departures import words as say
from travellr_desktop.ui.departures.day_table import DayTable
from travellr_desktop.ui.formats import Formats, duration
from travellr_desktop.ui.parts.button import Button, IconButton
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.tables import Column, InlineReader, Kind, LoadState, PagedModel, TableView
from travellr_desktop.ui.tables.columns import Align
from travellr_desktop.ui.tables.footer import TableFooter
from travellr_desktop.ui.tables.in_memory import InMemory
from travellr_desktop.ui.tables.sums import Sum
from travellr_desktop.ui.theme import Theme

_ORDERS: dict[str, Callable[[BoardRow], tuple[object, ...]]] = {
    "time": lambda row: (row.local_time, row.title, row.starts_at, row.id),
    "trip": lambda row: (row.title.casefold(), row.starts_at),
    "seats": lambda row: (row.free if row.selling else -row.oversold - 1, row.starts_at),
    "here": lambda row: (row.pax - row.here, row.starts_at),
    "state": lambda row: (list(Phase).index(row.phase), row.starts_at),
}


class DayList(QWidget):
    """`chosen(BoardRow | None)` follows the cursor; `opened` is Enter or a double click; `day_asked(days)` asks for
    another day, so many later; `view_chosen(str)` is `all`, `booked` or `trip`."""

    chosen = Signal(object)
    opened = Signal()
    again = Signal()
    day_asked = Signal(int)
    go_day = Signal(object)
    first_action = Signal()
    view_chosen = Signal(str)

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self._board: Board | None = None
        self._now: datetime | None = None
        self._last: object = object()
        self._asked: object = None
        self.model: PagedModel[BoardRow] = PagedModel(
            self._columns(), lambda _query: InMemory(self._sorted()), reader=InlineReader(), parent=self
        )
        self.model.query = ListQuery(sort="time")
        self.table = DayTable(self.model, title=self.tr("Departures of the day"))
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.set_sorted("time", False)
        self.table.installEventFilter(self)
        self.setFocusProxy(self.table)
        self._build()
        self.table.current_changed.connect(self._current)
        self.table.row_activated.connect(lambda _row: self.opened.emit())
        self.table.sort_asked.connect(self._sort)

    # content

    @property
    def rows(self) -> tuple[BoardRow, ...]:
        """What is shown of the day: all, or those that somebody is booked on."""
        rows = self._board.rows if self._board is not None else ()
        return tuple(row for row in rows if row.bookings) if self.views.value() == "booked" else rows

    def current(self) -> BoardRow | None:
        row = self.table.current_row()
        return row if isinstance(row, BoardRow) else None

    def show_board(self, key: object, board: Board, *, today: date, may_add: bool) -> None:
        """Show a day. `key` is what was asked: the same again keeps cursor and scroll."""
        before, self._board, self._now = self.current(), board, board.now
        fresh = key != self._asked
        self._asked = key
        place = self.table.place()
        if fresh:
            place = replace(place, top=0, anchor=None)
        self.table.show_now(None)
        if self.model.state is LoadState.EMPTY:
            self.model.open(self.model.query)
        else:
            self.model.refresh(place)
        if fresh:
            self.table.verticalScrollBar().setValue(0)
        if self.current() is None or (fresh and self.current() != before):  # only a row of its number is left
            self._go_first(before)
        elif fresh:
            self.table.scrollTo(self.table.currentIndex())
        self._title.setText(self._formats.day_long(board.day))
        self._beside.setText(self._near(board.day, today))
        self._show_empty(board, today, may_add)
        self._stack.setCurrentWidget(self.table if self.rows else self._empty)
        self._sum_up()
        self._say_stopped()
        self.tick(board.now)
        self._current(self.current())

    def show_failure(self, sentence: str, second: str) -> None:
        self._failed.say(sentence, second)
        self._stack.setCurrentWidget(self._failed)

    def show_loading(self) -> None:
        """It takes long: said where nothing is shown yet; old rows stay."""
        if not self.rows:
            self._stack.setCurrentWidget(self._loading)

    def tick(self, now: datetime) -> None:
        """The clock went on: the line of now moves, the list stays where it is."""
        self._now = now
        board, query = self._board, self.model.query
        by_time = query.sort == "time" and not query.descending
        today = board is not None and self._formats.local(now, self._formats.zone).date() == board.day
        if board is None or not self.rows or not by_time or not today:
            self.table.show_now(None)
            return
        rows = self._sorted()
        at = next((index for index, row in enumerate(rows) if row.starts_at > now), len(rows))
        ahead = [row for row in rows[at:] if row.phase is not Phase.CANCELLED and row.starts_at > now]
        words = self.tr("nothing more leaves today")
        if ahead:
            # rows stand by their own clocks: the next to leave may be one further down
            following = min(ahead, key=lambda row: row.starts_at)
            minutes = -int((now - following.starts_at).total_seconds() // 60)
            words = self.tr("next: {0} {1}").format(say.short(following.title), say.in_time(minutes))
        self.table.show_now(at, self._formats.time(now, self._formats.zone), words)

    def go_to(self, departure_id: object) -> bool:
        """Put the cursor on a departure, if it is on the list."""
        at = InMemory(self._sorted()).find([departure_id]).get(departure_id)
        if at is None:
            return False
        self.table.go_to(at)
        self.table.scrollTo(self.table.currentIndex())
        return True

    def close_down(self) -> None:
        self.model.close()

    # inside

    def _build(self) -> None:
        head = Pane("surface", edges=("bottom",))
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self._title = Label("", "lead")
        self._beside = Label("", "small", "text_secondary", elide=True)
        self.before = IconButton("chevron-left", self.tr("Day before"))
        self.after = IconButton("chevron-right", self.tr("Day after"))
        self.before.clicked.connect(lambda: self.day_asked.emit(-1))
        self.after.clicked.connect(lambda: self.day_asked.emit(1))
        self.views = Segments(
            self.tr("Which departures"),
            [("all", self.tr("All trips")), ("booked", self.tr("Booked")), ("trip", self.tr("This trip"))],
        )
        self.views.chosen.connect(self.view_chosen)
        row.addWidget(self._title)
        row.addWidget(self._beside, 1)
        row.addWidget(self.before)
        row.addWidget(self.after)
        row.addWidget(self.views)
        self._other = Button("")
        self._other.clicked.connect(self._go_other)
        self._add = Button(self.tr("New departure"), icon="plus", key=NEW_KEY)
        self._add.clicked.connect(self.first_action)
        self._empty = EmptyState("calendar-x", "", "", (self._other, self._add))
        self._failed = LoadFailed(self.tr("The departures could not be read"))
        self._failed.again.connect(self.again)
        self._loading = EmptyState("loader", self.tr("Reading the departures"))
        self._stack = QStackedWidget()
        for page in (self.table, self._empty, self._failed, self._loading):
            self._stack.addWidget(page)
        self.note = Note("wait", "", icon="circle-pause")
        self.note.acted.connect(self._go_stopped)
        self._around_note = Pane("surface")
        around = QVBoxLayout(self._around_note)
        around.setContentsMargins(16, 12, 16, 12)
        around.addWidget(self.note)
        self._around_note.hide()
        self.footer = TableFooter()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        column.addWidget(self._around_note)
        column.addWidget(self.footer)

        def fit() -> None:
            head.setFixedHeight(Theme.current().size("pane_header"))

        fit()
        Theme.current().changed.connect(fit)

    def _columns(self) -> tuple[Column[BoardRow], ...]:
        formats = self._formats

        def muted(row: BoardRow) -> str:
            return "text_muted" if row.phase is Phase.CANCELLED else ""

        def second_tone(row: BoardRow) -> str:
            return say.seats_tone(row)

        return (
            Column(
                "time", self.tr("Time"), lambda row: formats.time(row.starts_at, row.zone), Kind.DATE,
                width=66, min_width=64, second=lambda row: duration(row.duration_min), strong=True,
                tone=muted,
            ),
            Column(
                "trip", self.tr("Trip"), lambda row: row.title, Kind.TWO_LINE, width=200, min_width=112,
                stretch=1, second=lambda row: say.who_line(formats, row), tone=muted,
            ),
            Column(
                "seats", self.tr("Seats"), kind=Kind.METER, width=136, min_width=116, meter=say.meter,
                second=say.seats_line, second_tone=second_tone, descending_first=True,
                second_end=lambda row: self.tr("of {0}").format(row.capacity),
            ),
            Column(
                "here", self.tr("Checked in"), say.checked_in, Kind.NUMBER, width=86, min_width=80,
                align=Align.TRAILING,
            ),
            Column("state", self.tr("State"), kind=Kind.BADGE, badge=lambda row: say.STATUS[row.phase], width=138),
        )  # fmt: skip

    def _sorted(self) -> list[BoardRow]:
        query = self.model.query
        order = _ORDERS.get(query.sort or "time", _ORDERS["time"])
        return sorted(self.rows, key=order, reverse=query.descending)

    def _sort(self, key: str, descending: bool) -> None:
        place = self.table.place()
        self.model.query = replace(self.model.query, sort=key, descending=descending)
        self.table.set_sorted(key, descending)
        self.model.refresh(replace(place, top=0, anchor=None))
        if self._now is not None:
            self.tick(self._now)

    def _go_first(self, before: BoardRow | None) -> None:
        """No row has the cursor: one whose manifest is open, else the next to leave, else the last."""
        rows = self._sorted()
        if not rows:
            return
        same = [at for at, row in enumerate(rows) if before is not None and row.trip_id == before.trip_id]
        waiting = [at for at, row in enumerate(rows) if row.phase in (Phase.MANIFEST, Phase.BOARDING)]
        ahead = [at for at, row in enumerate(rows) if self._now is not None and row.starts_at > self._now]
        ahead.sort(key=lambda at: rows[at].starts_at)
        today = [*waiting, *ahead, len(rows) - 1] if waiting or ahead else [0]
        self.table.go_to((same or today)[0])
        self.table.scrollTo(self.table.currentIndex())

    def _current(self, row: object) -> None:
        if row != self._last:
            self._last = row
            self.chosen.emit(row)

    def _near(self, day: date, today: date) -> str:
        names = {-1: self.tr("yesterday"), 0: self.tr("today"), 1: self.tr("tomorrow")}
        away = (day - today).days
        return names.get(away, str(day.year) if day.year != today.year else "")

    def _sum_up(self) -> None:
        rows = [row for row in self.rows if row.phase is not Phase.CANCELLED]
        self.footer.set_rows(say.count(len(self.rows), "departure", "departures"))
        sums = (
            (self.tr("Seats"), sum(row.capacity for row in rows)),
            (self.tr("Sold"), sum(row.sold for row in rows)),
            (self.tr("Held"), sum(row.held + row.yours for row in rows)),
            (self.tr("Free to sell"), sum(row.free for row in rows if row.selling)),
            (self.tr("Checked in"), sum(row.here for row in rows)),
        )
        self.footer.set_sums([Sum(title, (f"{number:,}",)) for title, number in sums] if rows else ())

    # an empty day, and what is stopped

    def _show_empty(self, board: Board, today: date, may_add: bool) -> None:
        self._other.setVisible(board.next_day is not None or bool(board.rows))
        if board.rows:
            self._other.set_words(
                self.tr("Show all {0}").format(say.count(len(board.rows), "departure", "departures"))
            )
        elif board.next_day is not None:
            self._other.set_words(self.tr("Go to {0}").format(self._formats.day(board.next_day)))
        elif board.day != today:
            self._other.show()
            self._other.set_words(self.tr("Go to today"))
        self._add.setVisible(may_add)
        if board.first_use:
            first = self.tr("Departures will be here.")
            second = self.tr("Each with its seats, and who has come. Series of a trip make them day by day.")
        elif board.rows:
            first = self.tr("Nobody is booked on {0}").format(self._formats.day_long(board.day))
            second = ""
        else:
            first = self.tr("Nothing leaves on {0}").format(self._formats.day_long(board.day))
            trip = self.views.value() == "trip"
            second = self.tr("Only this trip is shown; others may leave.") if trip else ""
        self._empty.say(first, second)

    def _go_other(self) -> None:
        if self._board is not None and self._board.rows:
            self.views.set_value("all")
            self.view_chosen.emit("all")
        elif self._board is not None:
            self.go_day.emit(self._board.next_day)

    def _stopped(self) -> list[BoardRow]:
        return [row for row in self.rows if row.phase is Phase.STOPPED]

    def _say_stopped(self) -> None:
        """What is not sold and has people on it: somebody has to tell or to move them."""
        stopped, board = self._stopped(), self._board
        self._around_note.setVisible(bool(stopped))
        if not stopped or board is None:
            return
        first = stopped[0]
        time = self._formats.time(first.starts_at, first.zone)
        title = self.tr("{0}, {1} is on stop-sell").format(first.title, time)
        if first.stopped_at is not None and len(stopped) == 1:
            zone = self._formats.zone
            since = self._formats.time(first.stopped_at, zone)
            if self._formats.local(first.stopped_at, zone).date() != board.day:
                since = self._formats.day(self._formats.local(first.stopped_at, zone).date())
            title = self.tr("{0} since {1}").format(title, since)
        if len(stopped) > 1:
            title = self.tr("{0} departures are on stop-sell").format(len(stopped))
        bookings, pax = sum(row.bookings for row in stopped), sum(row.pax for row in stopped)
        on_it = self.tr("Nobody is booked.")
        if bookings:
            verb = self.tr("is booked") if pax == 1 else self.tr("are booked")
            on_it = f"{say.count(bookings, 'booking', 'bookings')}, {say.travellers(pax)} {verb}."
        reasons = ". ".join(dict.fromkeys(row.reason.rstrip(".") for row in stopped if row.reason))
        second = f"{reasons}. {on_it}" if reasons else on_it
        self.note.say("wait", title, second, icon="circle-pause", action=self.tr("Show who is on it"))

    def _go_stopped(self) -> None:
        """To the first of them, or the one after that with the cursor."""
        ids = [row.id for row in self._stopped()]
        if ids:
            here = self.current()
            at = ids.index(here.id) + 1 if here is not None and here.id in ids else 0
            self.go_to(ids[at % len(ids)])
            self.opened.emit()

    # keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self.day_asked.emit(-step if self.isRightToLeft() else step)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
