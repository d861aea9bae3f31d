"""The departures that fit: a table of two-line rows under the day and its count; or the ways out where none does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.party import Party, TravellerType
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.services.departure_views import DepartureDay, DepartureRow
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.desk.none_fit import NoneFit
from travellr_desktop.ui.formats import Formats, duration
from travellr_desktop.ui.parts.empty import LoadFailed
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, Pane
from travellr_desktop.ui.tables import Column, Density, InlineReader, Kind, LoadState, PagedModel, TableView
from travellr_desktop.ui.tables.in_memory import InMemory
from travellr_desktop.ui.theme import Theme

_ORDERS: dict[str, Callable[[DepartureRow], object]] = {
    "time": lambda row: (row.starts_at.astimezone(zone_of(row.zone)).replace(tzinfo=None), row.starts_at),
    "trip": lambda row: row.title.casefold(),
    "seats": lambda row: -1 if row.why_not else row.free,
    "adult": lambda row: (
        row.prices[TravellerType.ADULT].minor if TravellerType.ADULT in row.prices else 10**18
    ),
}


class Results(Pane):
    """`chosen(DepartureRow | None)` follows the cursor, `hold(DepartureRow)` is Enter or a double click."""

    chosen = Signal(object)
    hold = Signal(object)
    again = Signal()

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._formats = formats
        self._rows: tuple[DepartureRow, ...] = ()
        self._party = Party(adult=1)
        self._opened: object = None
        self._last: object = object()
        self.none_fit = NoneFit(formats)
        self.model: PagedModel[DepartureRow] = PagedModel(
            self._columns(), self._open, reader=InlineReader(), parent=self
        )
        self.model.query = ListQuery(sort="time")
        self.view = TableView(self.model, title=self.tr("Departures"), density=Density.TWO_LINE)
        self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.set_sorted("time", False)
        self.setFocusProxy(self.view)
        self._build()
        self.view.current_changed.connect(self._current)
        self.view.row_activated.connect(self.hold)
        self.view.sort_asked.connect(self._sort)

    # content

    @property
    def rows(self) -> tuple[DepartureRow, ...]:
        return self._rows

    def current(self) -> DepartureRow | None:
        row = self.view.current_row()
        return row if isinstance(row, DepartureRow) else None

    def show_day(self, key: object, day: date, found: DepartureDay, party: Party) -> None:
        """Show what a search found. `key` is what was asked: the same key keeps the place, another starts at the
        top. The row with the cursor stays under it while it is found."""
        before = self.current()
        self._rows, self._party = found.rows, party
        fresh = key != self._opened
        self._opened = key
        place = self.view.place()
        if fresh:
            place = replace(place, top=0, anchor=None)
        if self.model.state is LoadState.EMPTY:
            self.model.open(self.model.query)
        else:
            self.model.refresh(place)
        if fresh:
            self.view.verticalScrollBar().setValue(0)
        if self.current() is None:
            self._go_first(before)
        self._title.setText(self._formats.day_long(day))
        departures = wording.count(len(found.rows), "departure", "departures")
        if found.cut:
            departures = self.tr("the first {0}").format(departures)
        free = wording.count(found.free_seats, "free seat", "free seats")
        self._count.setText(f"{departures} · {free}" if found.rows else "")
        focus = QApplication.focusWidget()
        led_here = focus is not None and self.none_fit.isAncestorOf(focus)
        self._stack.setCurrentWidget(self.view if found.rows else self.none_fit)
        if found.rows and led_here:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._current(self.current())

    def show_failure(self, sentence: str, second: str) -> None:
        self._failed.say(sentence, second)
        self._stack.setCurrentWidget(self._failed)

    def go_to(self, departure_id: object) -> bool:
        """Put the cursor on a departure, if it is on the list."""
        at = InMemory(self._sorted()).find([departure_id]).get(departure_id)
        if at is None:
            return False
        self.view.go_to(at)
        self.view.scrollTo(self.view.currentIndex())
        return True

    def step(self, by: int) -> None:
        """Move the cursor without taking the focus."""
        row = self.view.currentIndex().row()
        if self._rows:
            self.view.go_to(min(max(row + by, 0), len(self._rows) - 1))
            self.view.scrollTo(self.view.currentIndex())

    def close_down(self) -> None:
        self.model.close()

    # inside

    def _build(self) -> None:
        self._head = head = Pane("surface", edges=("bottom",))
        head.setFixedHeight(Theme.current().size("pane_header"))
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self._title = Label("", "lead")
        self._count = Label("", "small", "text_secondary", elide=True)
        row.addWidget(self._title)
        row.addWidget(self._count, 1)
        self._failed = LoadFailed(self.tr("The departures could not be read"))
        self._failed.again.connect(self.again)
        self._stack = QStackedWidget()
        for page in (self.view, self.none_fit, self._failed):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        column.addWidget(Divider(tone="border"))
        Theme.current().changed.connect(self._fit_head)

    def _fit_head(self) -> None:
        self._head.setFixedHeight(Theme.current().size("pane_header"))

    def _columns(self) -> tuple[Column[DepartureRow], ...]:
        formats = self._formats

        def price(row: DepartureRow, kind: TravellerType) -> str:
            money = row.prices.get(kind)
            return formats.money(money) if money is not None else "–"

        def muted(row: DepartureRow) -> str:
            return "text_muted" if wording.closed(row) else ""

        def time(row: DepartureRow) -> str:
            return formats.time(row.starts_at, row.zone)

        def second(row: DepartureRow) -> str:
            place = formats.elsewhere_city(row.starts_at, row.zone)
            return f"{duration(row.duration_min)} · {place}" if place else duration(row.duration_min)

        def child(row: DepartureRow) -> str:
            kind = TravellerType.CHILD
            return f"{self.tr('child')} {formats.money(row.prices[kind])}" if kind in row.prices else ""

        return (
            Column(
                "time", self.tr("Time"), time, Kind.TWO_LINE, width=96, min_width=72, second=second,
                strong=True, tone=muted,
            ),
            Column(
                "trip", self.tr("Trip"), lambda row: row.title, Kind.TWO_LINE, width=220, min_width=120,
                stretch=1, second=self._second, second_tone=self._second_tone, tone=muted,
            ),
            Column(
                "seats", self.tr("Seats"), kind=Kind.METER, width=136, min_width=112, meter=wording.meter,
                second=wording.seats_line, second_tone=wording.seats_tone, descending_first=True,
                second_end=lambda row: "" if row.why_not else self.tr("of {0}").format(row.capacity),
            ),
            Column(
                "adult", self.tr("Adult"), lambda row: price(row, TravellerType.ADULT), Kind.MONEY, width=104,
                second=child, tone=muted,
            ),
        )  # fmt: skip

    def _second(self, row: DepartureRow) -> str:
        other = wording.instead(row, self._rows, self._party) if wording.is_full(row) else None
        if other is None or row.why_not:
            return wording.place_line(row)
        when = self._formats.time(other.starts_at, other.zone)
        return self.tr("Try {0}, {1} free").format(when, other.free)

    def _second_tone(self, row: DepartureRow) -> str:
        if wording.is_full(row) and not row.why_not and wording.instead(row, self._rows, self._party):
            return "accent_text"
        return ""

    def _sorted(self) -> list[DepartureRow]:
        query = self.model.query
        order = _ORDERS.get(query.sort or "time", _ORDERS["time"])
        return sorted(self._rows, key=order, reverse=query.descending)  # type: ignore[arg-type]

    def _open(self, query: ListQuery) -> InMemory[DepartureRow]:
        return InMemory(self._sorted())

    def _sort(self, key: str, descending: bool) -> None:
        place = self.view.place()
        self.model.query = replace(self.model.query, sort=key, descending=descending)
        self.view.set_sorted(key, descending)
        self.model.refresh(replace(place, top=0, anchor=None))

    def _go_first(self, before: DepartureRow | None) -> None:
        """No row has the cursor: the one that took the place of the last, else the first that can be sold."""
        rows = self._sorted()
        if not rows:
            return
        open_rows = [at for at, row in enumerate(rows) if not wording.closed(row)]
        same_trip = [at for at in open_rows if before is not None and rows[at].trip_id == before.trip_id]
        self.view.go_to((same_trip or open_rows or [0])[0])

    def _current(self, row: object) -> None:
        if row != self._last:
            self._last = row
            self.chosen.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
