"""A vendor's earnings on one page: three figures, the months, how it came about, every line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.payouts.earning import HELD, Whereabouts
from travellr_desktop.domain.periods import month_of
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import Refusal
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.earnings.views import ByTravel, CurrencyEarnings, EarningsOverview, Span
from travellr_desktop.services.lists import EarningListRow
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.earnings.came_about import CameAbout
from travellr_desktop.ui.earnings.cards import CardWords
from travellr_desktop.ui.earnings.columns import WORDS, earning_columns, earning_filters
from travellr_desktop.ui.earnings.figures import FigureCard
from travellr_desktop.ui.earnings.travel import TravelCard
from travellr_desktop.ui.earnings.words import month_long, say
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed
from travellr_desktop.ui.parts.pane import ScrollArea
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import Choice, Density, ListScreen, PagedModel
from travellr_desktop.ui.tables.export import CsvExport
from travellr_desktop.ui.theme import Theme

MONTHS_BEHIND, MONTHS_AHEAD = 24, 12
"""How far the choices of a month of travel go."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one reading gave."""

    agency: AgencyView | None
    seen: EarningsOverview
    travel: ByTravel | None
    trips: tuple[tuple[UUID, str], ...]


class Cards(QWidget):
    """The cards in three columns, the months below across two of them; below one another where it is narrow."""

    def __init__(
        self, cards: Sequence[QWidget], months: QWidget, beside: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._cards, self._months, self._beside = tuple(cards), months, beside
        self._wide: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._place(wide=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(wide=event.size().width() >= Theme.current().px(960))

    def _place(self, *, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        parts = (*self._cards, self._months, self._beside)
        for part in parts:
            self._grid.removeWidget(part)
        for number, part in enumerate(parts):
            if not wide:
                self._grid.addWidget(part, number, 0, 1, 3)
            elif part is self._months:
                self._grid.addWidget(part, 1, 0, 1, 2)
            else:
                self._grid.addWidget(part, 0 if number < 3 else 1, number % 3 if number < 3 else 2)
        for column in range(3):
            self._grid.setColumnStretch(column, 1)
        for before, after in pairwise(parts):
            QWidget.setTabOrder(before, after)


class EarningsPage(QWidget):
    """`booking_asked(reference)` and `statement_asked(number)` lead to other screens."""

    booking_asked = Signal(str)
    statement_asked = Signal(str)

    def __init__(self, context: Context, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._services = context, services
        self._actor: Actor = context.actor
        self.words = Words(services.locale)
        self._card_words = CardWords(self.words.formats)
        self.vendor_id: UUID | None = None
        self.seen: EarningsOverview | None = None
        self.travel: ByTravel | None = None
        self.currency = ""
        self._span = Span.TWELVE_MONTHS
        self._trips: tuple[tuple[UUID, str], ...] = ()
        self._listed: tuple[UUID, str] | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        formats = self.words.formats
        self.available = FigureCard("coins", "ok", say("Available"))
        self.held = FigureCard("lock", "wait", say("Held"))
        self.paid = FigureCard("circle-check", "ok", say("Paid"))
        self.months = TravelCard(formats)
        self.came_about = CameAbout(formats)
        self.currencies: Segments | None = None
        self._switch = QHBoxLayout()
        model: PagedModel[EarningListRow] = PagedModel(
            earning_columns(
                self.words, self._context.clock, self._goes_out, own=self._actor.vendor_id is not None
            ),
            lambda query: self._services.lists.earnings(self._actor, query),
        )
        self.lists = ListScreen(
            model,
            name="earnings",
            words=WORDS,
            filters=earning_filters(self._month_choices, self._trip_choices),
            sort=("departs", True),
            densities=(Density.NORMAL, Density.COMPACT),
            amount=self.words.minor,
            memory=self._context.memory,
        )
        CsvExport(self.lists, self._context, "earnings")
        cards = Cards((self.available, self.held, self.paid), self.months, self.came_about)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(self._switch)
        column.addWidget(cards)
        column.addWidget(self.lists, 1)
        self._scroll = ScrollArea(content)
        self._empty = EmptyState("wallet", say("Nothing was earned yet"))
        self._failed = LoadFailed(say("The earnings could not be read"))
        self._blank = QWidget()
        self._stack = QStackedWidget()
        for part in (self._blank, self._scroll, self._empty, self._failed):
            self._stack.addWidget(part)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._stack)
        self._heights()

    def _connect(self) -> None:
        Theme.current().changed.connect(self._heights)
        self.available.asked.connect(lambda _key: self.show_available())
        self.held.asked.connect(self._show_held)
        self.paid.asked.connect(self._show_paid)
        self.months.month_asked.connect(self.show_month)
        self.months.span_chosen.connect(self._choose_span)
        self.came_about.asked.connect(self.show_available)
        self.lists.row_activated.connect(self._open_row)
        self.lists.failure_asked.connect(self._context.failed)
        self._failed.again.connect(self.refresh)

    def _heights(self) -> None:
        self.lists.setMinimumHeight(Theme.current().px(300))

    # what the screen asks

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.available, self.months, self.came_about, self.lists.table, self.lists.filters)

    def close_down(self) -> None:
        self.lists.close_down()

    def show_vendor(self, vendor_id: UUID) -> None:
        """Read the earnings of a vendor."""
        if vendor_id != self.vendor_id:
            self.vendor_id, self.currency, self.seen = vendor_id, "", None
            self._stack.setCurrentWidget(self._blank)
        self.refresh()

    def refresh(self) -> None:
        """Read again."""
        if self.vendor_id is None:
            return
        self._context.background.run(
            self,
            partial(self._read, self.vendor_id, self.currency, self._span),
            key=("earnings", id(self)),
            newest=True,
            done=self._came,
            refused=self._refused,
            failed=self._broke,
        )

    def newest_statement(self) -> str:
        """The number of the newest statement whose payout is shown, "" where there is none."""
        found = self._found
        return "" if found is None else next((row.statement for row in found.payouts if row.statement), "")

    # reading

    def _read(self, vendor_id: UUID, currency: str, span: Span, _task: Task) -> Read:
        services, actor = self._services, self._actor
        seen = services.earnings.overview(actor, vendor_id)
        code = currency if seen.of(currency) is not None else seen.main
        travel = services.earnings.by_travel(actor, vendor_id, code, span) if code else None
        trips = () if travel is None else tuple((row.trip_id, row.title) for row in travel.trips)
        return Read(services.agency.view(), seen, travel, trips)

    def _came(self, read: Read) -> None:
        if read.agency is not None:
            self.words.use_zone(read.agency.zone)
        if read.seen.vendor_id != self.vendor_id:
            return
        self.seen, self.travel, self._trips = read.seen, read.travel, read.trips
        if read.travel is None:
            self._empty.say(
                say("Nothing was earned yet"),
                say(
                    "What travellers pay for trips of {0} is counted here, with the day it becomes free."
                ).format(read.seen.name),
            )
            self._stack.setCurrentWidget(self._empty)
            return
        self.currency = read.travel.currency
        self._fill()
        self._stack.setCurrentWidget(self._scroll)

    def _refused(self, refusal: Refusal) -> None:
        self._failed.say(say("The earnings could not be read"), f"{refusal} {refusal.hint}".strip())
        self._stack.setCurrentWidget(self._failed)

    def _broke(self, bug: BugReport) -> None:
        self._failed.say(say("The earnings could not be read"), say("The program made a mistake."))
        self._stack.setCurrentWidget(self._failed)

    # showing

    @property
    def _found(self) -> CurrencyEarnings | None:
        return None if self.seen is None else self.seen.of(self.currency)

    def _fill(self) -> None:
        seen, found, travel = self.seen, self._found, self.travel
        assert seen is not None and found is not None and travel is not None
        words, money = self._card_words, self.words.formats.money
        self._offer_currencies([each.currency for each in seen.currencies])
        self.available.show_figure(
            say("Available"),
            money(found.available.total),
            words.goes_out(seen, found),
            words.available_rows(found),
        )
        self.held.show_figure(say("Held"), money(found.held), words.next_free(found), words.held_rows(found))
        self.paid.show_figure(
            say("Paid in {0}").format(seen.year),
            money(found.paid_in_year),
            words.last_paid(found),
            words.paid_rows(found),
        )
        today = self.words.formats.local(seen.now, seen.zone).date()
        self.months.show_travel(travel, today)
        self.came_about.show_currency(found)
        of = (seen.vendor_id, found.currency)
        if self._listed == of:
            self.lists.refresh()
        else:
            self._listed = of
            self.lists.set_always({"vendor": seen.vendor_id, "currency": found.currency})

    def _offer_currencies(self, codes: Sequence[str]) -> None:
        """One to choose from needs no choice."""
        if self.currencies is not None:
            if [self.currencies.accessibleDescription()] == [" ".join(codes)]:
                self.currencies.set_value(self.currency)
                return
            self._switch.removeWidget(self.currencies)
            self.currencies.hide()
            self.currencies.deleteLater()
            self.currencies = None
        if len(codes) > 1:
            self.currencies = Segments(say("Currency"), [(code, code) for code in codes])
            self.currencies.setAccessibleDescription(" ".join(codes))
            self.currencies.set_value(self.currency)
            self.currencies.chosen.connect(self._choose_currency)
            self._switch.addWidget(self.currencies, 0, Qt.AlignmentFlag.AlignLeading)

    def _goes_out(self) -> date | None:
        return None if self.seen is None else self.seen.goes_out

    def _month_choices(self) -> Sequence[Choice]:
        if self.seen is None:
            return ()
        now = month_of(self.words.formats.local(self.seen.now, self.seen.zone).date())
        firsts, first = [], now.first
        for _ in range(MONTHS_AHEAD):
            first = month_of(first).last + timedelta(days=1)
        for _ in range(MONTHS_AHEAD + MONTHS_BEHIND):
            firsts.append(first)
            first = month_of(first - timedelta(days=1)).first
        return [Choice(_month(each), month_long(each, self.words.formats.locale)) for each in firsts]

    def _trip_choices(self) -> Sequence[Choice]:
        return [Choice(trip_id, title) for trip_id, title in self._trips]

    # what the person does

    def _choose_currency(self, code: str) -> None:
        self.currency = code
        self.refresh()

    def _choose_span(self, key: str) -> None:
        self._span = Span(key)
        self.refresh()

    def show_available(self) -> None:
        """What may be paid out now, what was approved already included."""
        self._show({"state": (Whereabouts.AVAILABLE.value, Whereabouts.APPROVED.value)})

    def show_month(self, first: date) -> None:
        """The bookings that travel in a month."""
        self._show({"travel": _month(first)})

    def _show_held(self, key: str) -> None:
        self._show({"state": (key,) if key else tuple(each.value for each in HELD)})

    def _show_paid(self, key: str) -> None:
        if not key:
            self._show({"state": (Whereabouts.PAID.value, Whereabouts.IN_TRANSIT.value)})
            return
        found = self._found
        payout = None if found is None else next((row for row in found.payouts if str(row.id) == key), None)
        if payout is not None:
            self.lists.filters.set_all({})
            self.lists.filters.set_value("payout", payout.id, payout.statement or payout.label)
            self._to_list()

    def _show(self, filters: Mapping[str, object]) -> None:
        self.lists.start(filters)
        self._to_list()

    def _to_list(self) -> None:
        self.lists.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(self.lists, 0, 0)

    def _open_row(self, row: EarningListRow) -> None:
        if row.reference:
            self.booking_asked.emit(row.reference)
        elif row.statement:
            self.statement_asked.emit(row.statement)


def _month(first: date) -> tuple[date, date]:
    """A month of travel as the list's query takes it."""
    return first, month_of(first).last + timedelta(days=1)
