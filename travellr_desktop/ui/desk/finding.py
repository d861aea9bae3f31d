"""Brings filters, list, offer and holding together: what is looked for, what was found, what is to be held."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from travellr_desktop.domain.party import seats
from travellr_desktop.errors import Refusal
from travellr_desktop.services.departure_views import (
    DayCount,
    DepartureDay,
    DepartureQuery,
    DepartureRow,
    Offer,
    OtherDay,
)
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.desk.draft import Line
from travellr_desktop.ui.desk.filters import Filters
from travellr_desktop.ui.desk.offer import OfferPane
from travellr_desktop.ui.desk.results import Results
from travellr_desktop.ui.desk.search import Search, Start
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.screen import Context


class Finding(QObject):
    """`started(Start)` comes once, with what the desk reads when it opens."""

    started = Signal(object)

    def __init__(
        self,
        context: Context,
        session: Session,
        formats: Formats,
        filters: Filters,
        results: Results,
        offer: OfferPane,
    ) -> None:
        super().__init__(filters)
        self.session, self.formats = session, formats
        self.filters, self.results, self.offer = filters, results, offer
        self.search = Search(context, self)
        self._wanted: object = None
        self._wanted_day: date | None = None
        self._none_for: DepartureQuery | None = None
        self._ready = False
        self._connect()

    def refresh(self) -> None:
        """Read everything that is on view again."""
        if not self._ready:
            self.search.start()
            return
        today = self.formats.local(self.session.now, self.formats.zone).date()
        if today != self.filters.calendar.today:
            self.filters.calendar.set_today(today)
        self._read_day()
        self._read_month()
        self._read_offer()

    def _connect(self) -> None:
        search = self.search
        search.started.connect(self._started)
        search.found.connect(self._found)
        search.failed.connect(self.results.show_failure)
        search.days_found.connect(self._days_found)
        search.offer_found.connect(self._offer_found)
        self.filters.changed.connect(self._read_day)
        self.filters.month_changed.connect(self._read_month)
        self.filters.party_changed.connect(self._party_changed)
        self.filters.to_results.connect(self.to_results)
        self.results.chosen.connect(self._chosen)
        self.results.hold.connect(self._hold_row)
        self.results.none_fit.clear.connect(self.filters.clear)
        self.results.none_fit.widen.connect(self.filters.widen)
        self.results.none_fit.go_day.connect(self.filters.choose)
        self.offer.hold.connect(self._hold)
        self.offer.other_day.connect(self._other_day)
        self.session.held.connect(self._held)
        self.session.hold_refused.connect(self._hold_refused)

    def show_departure(self, departure_id: object, day: date) -> None:
        """Go to a departure, whatever is filtered; once the desk has read what it begins with."""
        self._wanted = departure_id
        if not self._ready:
            self._wanted_day = day
            return
        if self.filters.anything_set:
            self.filters.clear()
        self.filters.choose(day)

    def to_results(self) -> None:
        """The focus goes to the list, on the row that is chosen; to the ways out where it is empty."""
        if not self.results.rows and self.results.none_fit.focus_first():
            return
        self.results.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.results.current() is None:
            self.results.step(1)

    def _started(self, start: Start) -> None:
        self._ready = True
        self.formats.zone = start.zone
        calendar = self.filters.calendar
        calendar.blockSignals(True)
        calendar.set_today(start.today)
        calendar.set_chosen(self._wanted_day or start.day)
        calendar.blockSignals(False)
        self.filters.more.set_places(start.places)
        self.filters.more.set_currency(start.currency)
        self.started.emit(start)
        self._read_day()
        self._read_month()

    def _read_day(self) -> None:
        if self._ready:
            self.search.read_day(self.filters.query())

    def _read_month(self) -> None:
        if self._ready:
            self.search.read_month(self.filters.month_query())

    def _found(self, query: DepartureQuery, day: DepartureDay) -> None:
        self.results.show_day(query, query.day, day, query.party)
        if self._wanted is not None:
            self.results.go_to(self._wanted)
            self._wanted = None
        if not day.rows:
            if query != self._none_for:
                self.results.none_fit.show_ways(query, None)
            self.search.read_ways_out(query, partial(self.results.none_fit.show_ways, query))
        self._none_for = None if day.rows else query

    def _days_found(self, days: dict[date, DayCount]) -> None:
        self.filters.show_days(days)

    def _party_changed(self) -> None:
        self._read_offer()
        self._read_day()

    def _chosen(self, row: DepartureRow | None) -> None:
        if row is None:
            self.search.forget_offer()
            self.offer.show_offer(None)
        else:
            self._read_offer()

    def _read_offer(self) -> None:
        row = self.results.current()
        if row is not None:
            self.search.read_offer(row.id, self.filters.party())

    def _offer_found(self, offer: Offer | None) -> None:
        self.offer.show_offer(offer)

    def _other_day(self, day: OtherDay) -> None:
        self._wanted = day.departure_id
        self.results.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.filters.choose(self.formats.local(day.starts_at, day.zone).date())

    # holding

    def _hold_row(self, row: DepartureRow) -> None:
        self._hold()

    def _hold(self) -> None:
        row = self.results.current()
        if row is None:
            return
        party, offer = self.filters.party(), self.offer.offer
        shown = offer is not None and offer.row.id == row.id and offer.party == party
        if offer is not None and shown and offer.too_full:
            if not self.offer.full.instead.focus_first():
                self.offer.full.wait.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if offer is not None and shown and offer.why_not is not None:
            if row.why_not is not None and self.offer.focus_other_day():
                return
            self.offer.refuse(Refusal(offer.why_not, hint=self.tr("Choose another departure or date.")))
            return
        words = self.tr("Holding {0}").format(wording.seat_count(seats(party, row.takes_seat)))
        self.session.hold(row.id, party, words, self.offer.button)

    def _held(self, _line: Line) -> None:
        self.offer.forget_refusal()

    def _hold_refused(self, refusal: Refusal) -> None:
        self.offer.refuse(refusal)
        self._read_day()
        self._read_month()
        self._read_offer()
