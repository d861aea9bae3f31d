"""Conflicts and Sync: what waits between the desks of the agency, and how each of them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QStackedLayout, QWidget

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.events import CentralChanged, DepartureChanged, Event, HoldChanged, SettingsChanged
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.amendments import ChangeKind
from travellr_desktop.services.central.views import (
    LEADS_ON,
    Choice,
    ChoiceKind,
    DeskDetail,
    DeskView,
    InboxEntry,
    Standing,
)
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.central.desk_panel import DeskPanel
from travellr_desktop.ui.central.inbox_page import InboxPage
from travellr_desktop.ui.central.settling import settle
from travellr_desktop.ui.central.sync_page import SyncPage
from travellr_desktop.ui.central.words import say
from travellr_desktop.ui.central.write_off import WritingOff
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context, Screen

INBOX, SYNC = "conflicts", "sync"
EVERY_MS = 3_000
"""How often the desks are read again while they are looked at."""


@dataclass(frozen=True, slots=True)
class _Read:
    standing: Standing
    desks: tuple[DeskView, ...]
    inbox: tuple[InboxEntry, ...]
    agency: AgencyView | None


class CentralScreen(Screen):
    """`go_view("sync")` shows the desks, `go_view("conflicts")` what waits."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._services: Services = context.services
        self._central = self._services.central
        self.words = Words(self._services.locale)
        self._failure: Refusal | BugReport | None = None
        self._begun = False
        may_settle = allowed(context.actor.role, Permission.SYNC_SETTLE)
        self.inbox = InboxPage(self._views(INBOX), self.words, context.clock, may_settle=may_settle)
        may_write_off = allowed(context.actor.role, Permission.SYNC_WRITE_OFF)
        self.desk_panel = DeskPanel(self.words, context.clock, may_write_off=may_write_off)
        self.writing_off = WritingOff(context, self._central, self.words, self)
        self.sync = SyncPage(self._views(SYNC), self.words, context.clock, self.desk_panel)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.inbox)
        self._stack.addWidget(self.sync)
        self.inbox.panel.decided.connect(self.decide)
        self.inbox.sync_asked.connect(partial(self.show_view, SYNC))
        self.sync.sync_asked.connect(self.sync_now)
        self.sync.desk_asked.connect(self._read_desk)
        self.desk_panel.write_off_asked.connect(self.writing_off.ask)
        self.writing_off.changed.connect(self._read)
        self.writing_off.closed.connect(partial(self.desk_panel.setFocus, Qt.FocusReason.OtherFocusReason))
        for page in (self.inbox, self.sync):
            page.again.connect(self.refresh)
            page.details.connect(lambda: self.context.failed(self._failure))
            page.settings_asked.connect(self._go_settings)
        self._tick = QTimer(self)
        self._tick.setInterval(EVERY_MS)
        self._tick.timeout.connect(self._read)

    def _views(self, own: str) -> Segments:
        """Each page carries its own segments; the one chosen is always that of the page."""
        views = Segments(say("View"), [(INBOX, say("Conflicts")), (SYNC, say("Sync"))])
        views.set_value(own)
        # queued: Qt first puts the focus on the segment that the arrow chose, and that one is hidden then
        views.chosen.connect(self.show_view, Qt.ConnectionType.QueuedConnection)
        return views

    # what the shell asks

    def handlers(self) -> Mapping[Act, Handler]:
        return {Act.AGAIN: self._again, Act.BACK: self.back}

    def panes(self) -> Sequence[QWidget]:
        return self.sync.panes if self.in_sync else self.inbox.panes

    def primary(self) -> QAbstractButton | None:
        return None if self.in_sync else self.inbox.panel.decide

    def foot(self) -> QWidget | None:
        return None if self.in_sync else self.inbox.panel.foot

    def cares(self, event: Event) -> bool:
        return isinstance(event, CentralChanged | HoldChanged | DepartureChanged | SettingsChanged)

    def go_view(self, key: str) -> None:
        if key not in (INBOX, SYNC):
            raise KeyError(key)
        self.show_view(key)
        (self.sync if key == SYNC else self.inbox).focus_list()

    def refresh(self) -> None:
        super().refresh()
        self._read()

    def activate(self) -> None:
        super().activate()
        self._tick.start()

    def deactivate(self) -> None:
        self._tick.stop()

    def close_down(self) -> None:
        super().close_down()
        self._tick.stop()
        self.inbox.close_down()
        self.sync.close_down()

    # which view

    @property
    def in_sync(self) -> bool:
        """Whether the desks are shown."""
        return self._stack.currentWidget() is self.sync

    def show_view(self, key: str) -> None:
        page = self.sync if key == SYNC else self.inbox
        had_focus = self.focus_within()
        self._stack.setCurrentWidget(page)
        page.views.set_value(key)
        if had_focus:
            page.views.focus_chosen()

    def back(self) -> None:
        """From a desk or an entry to its list."""
        if self.in_sync and not self.desk_panel.isHidden():
            self.sync.close_panel()
        elif self.in_sync:
            self.show_view(INBOX)
        else:
            self.inbox.focus_list()

    # reading

    def _read(self) -> None:
        if not self._begun:
            self.inbox.begin()
            self.sync.begin()
        central, actor, services = self._central, self.context.actor, self._services
        self.context.background.run(
            self,
            lambda _task: _Read(
                central.standing(), central.desks(actor), central.inbox(actor), services.agency.view()
            ),
            key=("central.read", id(self)),
            newest=True,
            done=self._came,
            refused=self._fail,
            failed=self._fail,
        )

    def _came(self, read: _Read) -> None:
        if read.agency is not None:
            self.words.use_zone(read.agency.zone)
        self.inbox.show_inbox(read.inbox, read.standing)
        self.sync.show_standing(read.standing, read.desks)
        self._count(len(read.inbox))
        shown = self.desk_panel.shown
        if shown is not None and not self.desk_panel.isHidden():
            self._read_desk(next((each for each in read.desks if each.id == shown.desk.id), None))
        if not self._begun:
            self._begun = True
            if self.isVisible():
                (self.sync if self.in_sync else self.inbox).focus_list()

    def _count(self, number: int) -> None:
        for page in (self.inbox, self.sync):
            page.views.set_words(INBOX, say("Conflicts"), str(number) if number else "")
        if allowed(self.context.actor.role, Permission.SYNC_SETTLE):
            self.count_changed.emit(number)

    def _fail(self, failure: Refusal | BugReport) -> None:
        self._failure = failure
        words = say("The program made a mistake.")
        if isinstance(failure, Refusal):
            words = f"{failure} {failure.hint}".strip()
        self.inbox.fail(words)
        self.sync.fail(words)

    def _read_desk(self, row: DeskView | None) -> None:
        if row is None:
            self.desk_panel.hide()
            return
        central, actor, desk_id = self._central, self.context.actor, row.id
        self.context.background.run(
            self.desk_panel,
            lambda _task: central.desk(actor, desk_id),
            key=("central.desk", id(self)),
            newest=True,
            done=partial(self._show_desk, desk_id),
        )

    def _show_desk(self, desk_id: UUID, detail: DeskDetail) -> None:
        row = self.sync.table.current_row()
        if row is not None and row.id == desk_id:
            self.desk_panel.show_desk(detail)
            self.desk_panel.show()

    # doing

    def sync_now(self) -> None:
        """Take a turn with the hub at once."""
        central, actor = self._central, self.context.actor
        self.context.background.run(
            self,
            lambda _task: central.sync_now(actor),
            key=("central.now", id(self)),
            done=lambda _: self._read(),
        )

    def _again(self) -> None:
        if self.in_sync:
            self.sync_now()
        else:
            self.refresh()

    def decide(self) -> None:
        """Do what is chosen for the entry that is shown."""
        panel = self.inbox.panel
        entry, choice = panel.entry, panel.choosing.choice
        if entry is None or choice is None or not panel.decide.isEnabled():
            return
        panel.problem.hide()
        try:
            typed = panel.choosing.values()
        except InvalidInput as wrong:
            panel.refuse(wrong)
            return
        if choice.kind in LEADS_ON:
            self._lead_on(entry, choice.kind, typed["booking"])
            return
        central, actor, along = self._central, self.context.actor, panel.goes_along
        self.context.background.run(
            self,
            lambda _task: settle(central, actor, entry, choice.kind, typed, along=along),
            words=say("Settling it"),
            button=panel.decide,
            key=("central.decide", id(self)),
            done=partial(self._decided, choice),
            refused=panel.refuse,
        )

    def _lead_on(self, entry: InboxEntry, kind: ChoiceKind, reference: str) -> None:
        """To the booking's own screen, where it is moved or cancelled."""
        sales = entry.oversold.sales if entry.oversold is not None else ()
        sale = next((each for each in sales if each.reference == reference), None)
        begin = getattr(self.context.go("bookings"), "change_one", None)
        if sale is not None and begin is not None:
            begin(sale.booking_id, sale.reference, ChangeKind.REBOOK if kind is ChoiceKind.MOVE else None)

    def _decided(self, choice: Choice, why: str) -> None:
        if why:
            self.inbox.panel.refuse(Refusal(why, hint=say("It still waits.")))
            self._read()
            return
        said = {
            ChoiceKind.RETRY: say("The central database took it"),
            ChoiceKind.RETRY_WITH: say("The central database took it"),
            ChoiceKind.MORE_SEATS: say("It has more seats"),
            ChoiceKind.DROP: say("It was dropped"),
        }
        self.context.say.finished(said.get(choice.kind, say("It is settled")))
        self._read()

    def _go_settings(self) -> None:
        show = getattr(self.context.go("settings"), "show_section", None)
        if show is not None:
            show("central", keyboard=True)
