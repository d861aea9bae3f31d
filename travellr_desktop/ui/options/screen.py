"""Options: what is kept for travellers, and who waits for a departure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QStackedLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event, HoldChanged, OptionDue, WaitingChanged
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.options import OptionView
from travellr_desktop.services.registry import Services
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.services.waiting_list import WaitingView
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.days import Days
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.desk.draft import Attempt
from travellr_desktop.ui.desk.screen import DeskScreen
from travellr_desktop.ui.options import columns
from travellr_desktop.ui.options.columns import OPTIONS, WAITING
from travellr_desktop.ui.options.page import KeptPage
from travellr_desktop.ui.options.panels import OptionPanel, WaitingPanel
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.tables import ListScreen, PagedModel

VIEW = "options/view"


class OptionsScreen(Screen):
    """Two views. What is taken up goes into the basket of the desk."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._services = cast(Services, context.services)
        self._actor = context.actor
        self.words = Words(self._services.locale)
        self._days = Days(self.words.formats, context.clock)
        self._started = False
        self._attempt = Attempt()
        self.options, self.waiting = self._option_page(), self._waiting_page()
        self.pages: dict[str, KeptPage] = {OPTIONS: self.options, WAITING: self.waiting}
        self._stack = QStackedLayout(self)
        for page in self.pages.values():
            self._stack.addWidget(page)
            page.lists.first_action.connect(lambda: self.context.go("desk"))
            page.panel.take_up_asked.connect(self.take_up)
            page.panel.extend_asked.connect(self.extend)
            page.panel.give_up_asked.connect(self.ask_to_give_up)
            page.panel.departure_asked.connect(self.show_departure)
        kept = str(context.memory.value(VIEW, OPTIONS))
        self.show_view(kept if kept in self.pages else OPTIONS)

    # building

    def _option_page(self) -> KeptPage:
        services, actor, clock = self._services, self._actor, self.context.clock
        lists = ListScreen(
            PagedModel(
                columns.option_columns(self.words, clock), lambda query: services.lists.options(actor, query)
            ),
            name="options",
            words=columns.OPTION_WORDS,
            filters=columns.option_filters(self._days),
            sort=("until", False),
            memory=self.context.memory,
        )
        panel = OptionPanel(self.words, clock)
        return KeptPage(
            self.context,
            lists,
            panel,
            self._views(OPTIONS),
            name="options",
            read=lambda row_id: services.options.detail(actor, row_id),
            show=panel.show_option,
        )

    def _waiting_page(self) -> KeptPage:
        services, actor, clock = self._services, self._actor, self.context.clock
        lists = ListScreen(
            PagedModel(
                columns.waiting_columns(self.words, clock), lambda query: services.lists.waiting(actor, query)
            ),
            name="waiting",
            words=columns.WAITING_WORDS,
            filters=columns.waiting_filters(self._days),
            sort=("place", False),
            memory=self.context.memory,
        )
        panel = WaitingPanel(self.words, clock)
        return KeptPage(
            self.context,
            lists,
            panel,
            self._views(WAITING),
            name="waiting-list",
            read=lambda row_id: services.waiting_list.detail(actor, row_id),
            show=panel.show_entry,
        )

    def _views(self, own: str) -> Segments:
        """Each page carries its own segments; the one chosen is always that of the page."""
        views = Segments(self.tr("View"), [(OPTIONS, self.tr("Options")), (WAITING, self.tr("Waiting list"))])
        views.set_value(own)
        # queued: Qt first puts the focus on the segment that the arrow chose, and that one is hidden then
        views.chosen.connect(self.show_view, Qt.ConnectionType.QueuedConnection)
        return views

    # what the shell asks

    @property
    def page(self) -> KeptPage:
        """The page that is shown."""
        return self.pages[self.view]

    def handlers(self) -> Mapping[Act, Handler]:
        return {
            Act.FIND: self._find,
            Act.FILTER: self._filter,
            Act.BACK: self.back,
            Act.OPTION: lambda: self.go_view(OPTIONS),
            Act.WAITING: lambda: self.go_view(WAITING),
        }

    def panes(self) -> Sequence[QWidget]:
        return self.page.panes

    def primary(self) -> QAbstractButton | None:
        return self.page.panel.primary if self.page.panel.isVisible() else None

    def cares(self, event: Event) -> bool:
        return isinstance(event, (HoldChanged, OptionDue, WaitingChanged))

    def refresh(self) -> None:
        super().refresh()
        if self._started:
            self._refresh_page()
            return
        self._started = True
        agency = self._services.agency
        self.context.background.run(
            self, lambda _task: agency.view(), done=self._begin, failed=lambda _bug: self._begin(None)
        )

    def close_down(self) -> None:
        for page in self.pages.values():
            page.lists.close_down()

    def _begin(self, agency: AgencyView | None) -> None:
        if agency is not None:
            self.words.use_zone(agency.zone)
        self._refresh_page()
        if not self.focus_within() or self.page.lists.filters.isAncestorOf(self.focusWidget()):
            self.page.to_table()

    def _refresh_page(self) -> None:
        standing = columns.STANDING if self.view == OPTIONS else columns.OPEN
        self.page.refresh({"status": standing})

    # views

    @property
    def view(self) -> str:
        return next(key for key, page in self.pages.items() if page is self._stack.currentWidget())

    def show_view(self, key: str) -> None:
        """Show one of the views; KeyError for another."""
        had_focus = self.focus_within()
        self._stack.setCurrentWidget(self.pages[key])
        self.pages[key].views.set_value(key)
        self.context.memory.setValue(VIEW, key)
        if had_focus:
            self.pages[key].views.focus_chosen()
        if self._started:
            self._refresh_page()

    def go_view(self, key: str) -> None:
        """Show a view, with the keyboard on its list."""
        self.show_view(key)
        self.page.to_table()

    # what the person does

    def back(self) -> None:
        self.page.back()

    def _find(self) -> None:
        self.page.lists.focus_search()

    def _filter(self) -> None:
        self.page.lists.choose_filter()

    @property
    def shown(self) -> OptionView | WaitingView | None:
        """What the panel shows, once it is that of the row with the cursor."""
        row, panel = self.page.lists.table.current_row(), self.page.panel
        shown = panel.shown if isinstance(panel, (OptionPanel, WaitingPanel)) else None
        return shown if row is not None and shown is not None and shown.id == row.id else None

    def _hold_id(self) -> UUID | None:
        """The hold of what is chosen: the option itself, or the offer of who waits."""
        chosen = self.shown
        if isinstance(chosen, WaitingView):
            return chosen.offer_id
        return None if chosen is None else chosen.id

    def take_up(self) -> None:
        """Bring it into one's own basket, and go there."""
        chosen, hold_id = self.shown, self._hold_id()
        if chosen is None or hold_id is None:
            return
        services, actor, traveller_id = self._services, self._actor, chosen.traveller_id
        key = self._attempt.key_for(hold_id)

        def work(_task: object) -> tuple[HoldView, TravellerRow]:
            hold = services.options.take_up(actor, hold_id, key=key)
            return hold, services.travellers.find_by_id(actor, traveller_id)

        self.context.background.run(
            self,
            work,
            words=self.tr("Taking it up"),
            key=("options.take_up", hold_id),
            button=self.page.panel.take,
            done=self._taken_up,
            refused=self._refused,
        )

    def _taken_up(self, taken: tuple[HoldView, TravellerRow]) -> None:
        self._attempt.answered()
        desk = self.context.go("desk")
        if isinstance(desk, DeskScreen):
            desk.take_up(*taken)

    def extend(self, until: datetime, remind_at: datetime | None) -> None:
        """Let it end at another time."""
        hold_id = self._hold_id()
        if hold_id is None:
            return
        options, actor, panel = self._services.options, self._actor, self.page.panel
        self.context.background.run(
            self,
            lambda _task: options.extend(actor, hold_id, until, remind_at),
            words=self.tr("Saving"),
            key=("options.extend", hold_id),
            button=panel.form.button if panel.form is not None else None,
            done=self._extended,
            refused=self._refused,
        )

    def _extended(self, option: OptionView) -> None:
        self.page.panel.close_form()
        until = self.words.stamp(option.until, self.context.clock.now())
        self.context.say.finished(self.tr("Kept for {0} until {1}").format(option.traveller_name, until))
        self.refresh()

    def ask_to_give_up(self) -> None:
        """Release what is kept, or take somebody off the list; asks first."""
        chosen = self.shown
        if chosen is None:
            return
        name, seats = chosen.traveller_name, wording.seat_count(chosen.seats)
        if isinstance(chosen, OptionView):
            question = self.tr("Release {0} kept for {1}?").format(seats, name)
            verb, keep = self.tr("Release"), self.tr("Keep them")
        else:
            question = self.tr("Take {0} off the waiting list?").format(name)
            verb, keep = self.tr("Withdraw"), self.tr("Let them wait")
        second = self.tr("The seats go to the next who waits, or on sale.")
        if isinstance(chosen, WaitingView) and chosen.offer_id is None:
            second = self.tr("Those behind them move up.")
        ask = Decision(question, verb=verb, keep=keep, second=second, parent=self)
        ask.accepted.connect(lambda: self._give_up(chosen))
        ask.finished.connect(ask.deleteLater)
        ask.open()

    def _give_up(self, chosen: OptionView | WaitingView) -> None:
        services, actor = self._services, self._actor

        def work(_task: object) -> None:
            if isinstance(chosen, OptionView):
                services.options.release(actor, chosen.id)
            else:
                services.waiting_list.withdraw(actor, chosen.id)

        def done(_none: None) -> None:
            words = (
                self.tr("{0}: seats released")
                if isinstance(chosen, OptionView)
                else self.tr("{0}: withdrawn")
            )
            self.context.say.finished(words.format(chosen.traveller_name))
            self.refresh()
            self.page.to_table()

        self.context.background.run(
            self, work, key=("options.give_up", chosen.id), done=done, refused=self._refused
        )

    def _refused(self, refusal: Refusal) -> None:
        self._attempt.answered(refusal)
        if not self.page.panel.refuse(refusal):
            self.context.say.refused(refusal)
        self.refresh()

    def show_departure(self) -> None:
        """Go to it at the desk."""
        chosen = self.shown
        desk = self.context.go("desk") if chosen is not None else None
        if chosen is not None and isinstance(desk, DeskScreen):
            day = self.words.formats.local(chosen.starts_at, chosen.zone).date()
            desk.show_departure(chosen.departure_id, day)
