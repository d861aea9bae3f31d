"""The Activity screen: Running, Events, Audit, Errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Protocol, cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QStackedLayout, QWidget

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event, SettingsChanged
from travellr_desktop.jobs.runner import JobRun
from travellr_desktop.services.activity import ActivityService
from travellr_desktop.services.agency import AgencyService
from travellr_desktop.services.check import CheckService
from travellr_desktop.services.checks.report import CheckReport
from travellr_desktop.services.lists import AuditListRow, ListService
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.activity import audit_words, error_words, pages
from travellr_desktop.ui.activity.event_words import EventWords, moment
from travellr_desktop.ui.activity.journal import JournalPage, Newest
from travellr_desktop.ui.activity.record import Record, RecordsOf
from travellr_desktop.ui.activity.running import RunningPage
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.days import Days
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.tables import Choice

TICK_MS = 1_000
RUNNING, EVENTS, AUDIT, ERRORS = "running", "events", "audit", "errors"
VIEW = "activity/view"


class ActivityServices(Protocol):
    """What this screen needs of the services. All of it is called in the background."""

    @property
    def locale(self) -> str: ...

    @property
    def activity(self) -> ActivityService: ...

    @property
    def agency(self) -> AgencyService: ...

    @property
    def check(self) -> CheckService: ...

    @property
    def lists(self) -> ListService: ...

    def job_runs(self) -> Sequence[JobRun]: ...

    def run_job(self, name: str) -> JobRun:
        """Run one job of the schedule now and say how it went."""
        ...


class ActivityScreen(Screen):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._services = cast(ActivityServices, context.services)
        self._formats: Formats | None = None
        self._keys: tuple[str, ...] = (RUNNING, EVENTS, ERRORS)
        if allowed(context.actor.role, Permission.AUDIT_READ):
            self._keys = (RUNNING, EVENTS, AUDIT, ERRORS)
        self.running = RunningPage(context.background, context.say, self._views())
        self.journals: dict[str, JournalPage] = {}
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.running)
        self._stale_journals: set[str] = set()
        self._errors = 0
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._read_running)
        self._tick.timeout.connect(self.running.now.tick)
        self.running.schedule.run_asked.connect(self._run_job)
        self.running.books.check_asked.connect(self.check_books)
        context.background.bug.connect(self._bug)
        self._view = RUNNING
        kept = str(context.memory.value(VIEW, RUNNING))
        if kept in self._keys:
            self.show_view(kept)

    # views

    @property
    def view(self) -> str:
        return self._view

    def show_view(self, key: str) -> None:
        """Show one of the views the role has; KeyError for another."""
        if key not in self._keys:
            raise KeyError(key)
        had_focus = self.focus_within()
        self._view = key
        page = self.running if key == RUNNING else self._journal(key)
        self._stack.setCurrentWidget(page)
        page.views.set_value(key)
        if had_focus:
            page.views.focus_chosen()
        self.context.memory.setValue(VIEW, key)
        if self.isVisible():
            self._read_view()

    def go_view(self, key: str) -> None:
        """Show a view, with the keyboard on its segment."""
        self.show_view(key)
        page = self.running if key == RUNNING else self._journal(key)
        page.views.focus_chosen()

    def _views(self) -> Segments:
        """Each page carries its own segments; the one chosen is always that of the page."""
        words = {
            RUNNING: self.tr("Running"),
            EVENTS: self.tr("Events"),
            AUDIT: self.tr("Audit"),
            ERRORS: self.tr("Errors"),
        }
        views = Segments(self.tr("View"), [(key, words[key]) for key in self._keys])
        # queued: Qt first puts the focus on the segment that the arrow chose, and that one is hidden then
        views.chosen.connect(self.show_view, Qt.ConnectionType.QueuedConnection)
        return views

    def _journal(self, key: str) -> JournalPage:
        if key not in self.journals:
            page = self._make_journal(key)
            self.journals[key] = page
            self._stale_journals.add(key)
            self._stack.addWidget(page)
            self._show_errors(self._errors)
        return self.journals[key]

    def _make_journal(self, key: str) -> JournalPage:
        views, context = self._views(), self.context
        if key == EVENTS:
            return pages.events_page(Newest(self._read_events), views, context)
        if key == ERRORS:
            return pages.errors_page(Newest(self._read_errors), views, context)
        return pages.audit_page(self._open_audit, views, context, self._days_behind)

    def _days_behind(self) -> Sequence[Choice]:
        """Ranges of the agency's days, as soon as its zone is known: by then a list has been read."""
        formats = self._formats or Formats(self._services.locale)
        return Days(formats, self.context.clock).behind()

    # reading, on the threads of the lists

    def _words(self) -> Formats:
        if self._formats is None:
            agency = self._services.agency.view()
            self._formats = Formats(self._services.locale, agency.zone if agency is not None else "UTC")
        return self._formats

    def _read_events(self, count: int) -> Sequence[Record]:
        rows = self._services.activity.events(self.context.actor, 1, count)
        return EventWords(self._words()).records(rows)

    def _open_audit(self, query: ListQuery) -> RecordsOf[AuditListRow]:
        agency, formats = self._services.agency.view(), self._words()
        currency = agency.currency if agency is not None else "EUR"
        rows = self._services.lists.audit(self.context.actor, query)
        return RecordsOf(rows, lambda row: audit_words.record(row, formats, currency))

    def _read_errors(self, count: int) -> Sequence[Record]:
        return error_words.records(self._services.activity.errors(self.context.actor)[:count], self._words())

    # the schedule

    def _read_running(self) -> None:
        self.context.background.run(self, self._ask_running, key="activity.running", done=self._show_running)

    def _ask_running(self, _: Task) -> tuple[Sequence[JobRun], Formats, int]:
        errors = self._services.activity.errors(self.context.actor)
        return self._services.job_runs(), self._words(), len(errors)

    def _show_running(self, answer: tuple[Sequence[JobRun], Formats, int]) -> None:
        runs, formats, errors = answer
        self.running.show_runs(runs, formats)
        if errors != self._errors:
            self._show_errors(errors)
            self._mark(ERRORS)
            if self._view == ERRORS and self.isVisible():
                self._read_view()

    def _show_errors(self, count: int) -> None:
        self._errors = count
        for views in (self.running.views, *(page.views for page in self.journals.values())):
            views.set_words(ERRORS, self.tr("Errors"), f"{count:,}" if count else "")

    def _run_job(self, name: str) -> None:
        row = self.running.schedule.rows[name]
        self.context.background.run(
            self,
            lambda _: self._services.run_job(name),
            words=name,
            button=row.button,
            ended=self._read_running,
        )

    # the books

    def check_books(self) -> None:
        """Prove the books in the background; what is found stands beside the button."""
        began = monotonic()
        self.context.background.run(
            self,
            lambda _: (self._services.check.run(), self._words()),
            words=self.tr("Checking the books"),
            button=self.running.books.check,
            done=partial(self._checked, began),
            refused=self._not_checked,
        )

    def _checked(self, began: float, answer: tuple[CheckReport, Formats]) -> None:
        report, formats = answer
        at = moment(formats, self.context.clock.now())
        self.running.books.show_report(report, at, timedelta(seconds=monotonic() - began))

    def _not_checked(self, refusal: Refusal) -> None:
        self.running.books.note.say("bad", str(refusal), refusal.hint)
        self.running.books.note.show()

    def _bug(self, *_: object) -> None:
        """Something of the window's own work has failed: the log has one more."""
        self._mark(ERRORS)
        if self.isVisible():
            self._read_running()

    # as a screen

    def refresh(self) -> None:
        super().refresh()
        for key in self.journals:
            self._mark(key)
        self._read_running()
        self._read_view()

    def _mark(self, key: str) -> None:
        if key in self.journals:
            self._stale_journals.add(key)

    def _read_view(self) -> None:
        """Read what is shown, if it is out of date."""
        if self._view in self._stale_journals:
            self._stale_journals.discard(self._view)
            self.journals[self._view].refresh()

    def activate(self) -> None:
        super().activate()
        self._read_running()
        self._tick.start()

    def deactivate(self) -> None:
        self._tick.stop()

    def close_down(self) -> None:
        self._tick.stop()
        for page in self.journals.values():
            page.close_down()

    def cares(self, event: Event) -> bool:
        if isinstance(event, SettingsChanged):
            self._formats = None  # the agency's clock may be another now
        return True

    def handlers(self) -> Mapping[Act, Handler]:
        return {Act.FIND: self._find, Act.BACK: self._back}

    def panes(self) -> Sequence[QWidget]:
        if self._view == RUNNING:
            return (self.running.bar, self.running.left, self.running.books)
        return self.journals[self._view].list.panes

    def primary(self) -> QAbstractButton | None:
        return self.running.books.check if self._view == RUNNING else None

    def _find(self) -> None:
        if self._view != RUNNING:
            self.journals[self._view].list.focus_search()

    def _back(self) -> None:
        if self._view != RUNNING:
            self.journals[self._view].list.back()
