"""Reconciliation: the days at the leading edge, their differences, and the one with the cursor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Actor, Permission, allowed
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.matching.service import DifferenceRow, Matched
from travellr_desktop.services.matching.till_days import TillDay
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.background import Operation, Progress, Task
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.days import Days
from travellr_desktop.ui.parts.button import Button, IconButton
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.reconciliation.columns import OPEN, WHAT, WORDS, columns, filters
from travellr_desktop.ui.reconciliation.days_pane import DaysPane
from travellr_desktop.ui.reconciliation.panel import DifferencePanel
from travellr_desktop.ui.reconciliation.rows import (
    Found,
    OneRow,
    in_order,
    left_rows,
    one_rows,
    open_causes,
)
from travellr_desktop.ui.reconciliation.span import Span, SpanChoice
from travellr_desktop.ui.reconciliation.states import Instead, failure_words
from travellr_desktop.ui.reconciliation.words import correction_words
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import Density, InlineReader, ListScreen, PagedModel
from travellr_desktop.ui.tables.export import CsvExport
from travellr_desktop.ui.tables.in_memory import InMemory
from travellr_desktop.ui.theme import Theme

PANE, WIDEST = 404, 520
"""How wide the days are: where there is more room they take a third of it."""
ROOM = 1060
"""Below this width either the days stand alone or the differences do."""

Work = Callable[[Task], None]
_Read = tuple[AgencyView | None, tuple[TillDay, ...]]


class ReconciliationPage(QWidget):
    """`sale_asked(reference)`, `till_asked()` and `settings_asked()` lead to other screens."""

    sale_asked = Signal(str)
    till_asked = Signal()
    settings_asked = Signal()

    def __init__(
        self, context: Context, services: Services, views: Segments, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._services, self.views = context, services, views
        self._actor: Actor = context.actor
        self.words = Words(services.locale)
        self._days = Days(self.words.formats, context.clock)
        self.found = Found(None, ())
        self._failure: Refusal | BugReport | None = None
        self._matching: Operation[Matched] | None = None
        self._in_differences = False
        self._day: date | None = None
        self.span = SpanChoice(self.words.formats.locale, self._days.today, context.memory)
        self.again = IconButton("refresh-cw", self.tr("Match again"), height="control")
        self.days = DaysPane(self.words.formats)
        model: PagedModel[OneRow] = PagedModel(columns(self.words), self._rows, reader=InlineReader())
        self.lists = ListScreen(
            model,
            name="reconciliation",
            words=WORDS,
            filters=filters(lambda: Counter(one.what for one in one_rows(self.found, self._day))),
            densities=(Density.TWO_LINE,),
            memory=context.memory,
        )
        may_correct = allowed(self._actor.role, Permission.LEDGER_CORRECT)
        CsvExport(self.lists, context, "differences")
        self.panel = DifferencePanel(self.words, context.clock, may_correct=may_correct)
        self.lists.set_detail(self.panel)
        self.instead = Instead()
        self.to_days = Button(self.tr("Days"), icon="arrow-left")
        self._build()
        self._connect()
        self._fit()

    def _build(self) -> None:
        self._bar = Pane("surface", edges=("bottom",))
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(16, 12, 16, 13)
        bar.setSpacing(8)
        bar.addWidget(self.to_days, 0, Qt.AlignmentFlag.AlignTop)
        bar.addWidget(self.views, 0, Qt.AlignmentFlag.AlignTop)
        bar.addStretch(1)
        bar.addWidget(self.span, 0, Qt.AlignmentFlag.AlignTop)
        bar.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        self._right = QStackedWidget()
        self._right.addWidget(self.instead)
        self._right.addWidget(self.lists)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.days)
        row.addWidget(self._right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        self.span.chosen.connect(self.refresh)
        self.again.clicked.connect(self.refresh)
        self.to_days.clicked.connect(self.show_days)
        self.days.day_chosen.connect(self._show_right)
        self.days.entered.connect(self._go_in)
        self.days.progress.stopped.connect(self.stop)
        self.lists.current_changed.connect(self._show_one)
        self.lists.row_activated.connect(lambda _row: self.panel.focus_first())
        self.lists.failure_asked.connect(self._context.failed)
        self.panel.correct_asked.connect(self.correct)
        self.panel.explain_asked.connect(self.explain)
        self.panel.payment_asked.connect(self.sale_asked)
        self.panel.till_asked.connect(self.till_asked)
        self.instead.again.connect(self.refresh)
        self.instead.settings.connect(self.settings_asked)
        self.instead.details.connect(lambda: self._context.failed(self._failure))
        Theme.current().changed.connect(self._fit)

    # what the screen asks

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.days, self.lists.table, self.panel, self._bar)

    def refresh(self) -> None:
        """Match these days anew. The tills are read at once; the provider's list takes as long as it is."""
        services, actor = self._services, self._actor
        first, last = self.span.first, self.span.last
        self._context.background.run(
            self,
            lambda _task: (services.agency.view(), services.matching.till(actor, first, last)),
            key=("reconciliation.tills", id(self)),
            newest=True,
            done=self._tills_came,
            refused=self._refused,
        )
        self._failure = None
        self._matching = self._context.background.run(
            self,
            lambda task: services.matching.match(actor, first, last, seen=lambda count: _seen(task, count)),
            words=self.tr("Matching the books"),
            key=("reconciliation.match", id(self)),
            newest=True,
            stoppable=True,
            done=self._came,
            refused=self._refused,
            failed=self._failed,
            progress=self._progressed,
            ended=self._ended,
        )
        self.days.progress.start()
        self.days.progress.set_progress(0, 0)
        if self.found.matched is None:
            self.instead.show_reading()
            self._right.setCurrentWidget(self.instead)

    def stop(self) -> None:
        """Fetch no more. What was there before stays."""
        if self._matching is not None:
            self._matching.cancel()

    def close_down(self) -> None:
        self.lists.close_down()
        self.days.close_down()
        self.days.progress.finish()

    def back(self) -> None:
        """One step: from the panel to the differences, what the list does, the days."""
        focus = QApplication.focusWidget()
        if focus is not None and self.panel.isAncestorOf(focus):
            self._to_table()
        elif focus is None or not self.lists.isAncestorOf(focus) or not self.lists.back():
            self.show_days()

    def focus_start(self) -> None:
        """The keyboard where work begins."""
        self.show_days()

    def show_days(self) -> None:
        """The days, with the keyboard on them."""
        self._in_differences = False
        self._fit()
        self.days.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_today(self) -> None:
        """Days that today is one of."""
        if self.span.last < self._days.today:
            self.span.choose(Span.WEEK)
        self.show_days()

    # reading

    def _tills_came(self, read: _Read) -> None:
        agency, tills = read
        if agency is not None and agency.zone != self.words.formats.zone:
            self.words.use_zone(agency.zone)
            self.span.use_today(self._days.today)
        self.found = Found(self.found.matched, tills)
        self._show_found()

    def _progressed(self, progress: Progress) -> None:
        self.days.progress.set_progress(progress.done, 0)

    def _came(self, matched: Matched) -> None:
        self.found = Found(matched, self.found.tills)
        self._show_found()

    def _ended(self) -> None:
        self._matching = None
        self.days.progress.finish()
        if self.found.matched is None and self._failure is None:  # stopped before anything came
            self.instead.show_stopped()
            self._right.setCurrentWidget(self.instead)

    def _refused(self, refusal: Refusal) -> None:
        if isinstance(refusal, InvalidInput):
            self.span.refuse(refusal)
        self._fail(refusal)

    def _failed(self, report: BugReport) -> None:
        self._fail(report)

    def _fail(self, failure: Refusal | BugReport) -> None:
        """What was matched before is of other days, or of before: it does not stay."""
        self._failure = failure
        self.found = Found(None, self.found.tills)
        self._show_found()

    def _rows(self, query: ListQuery) -> InMemory[OneRow]:
        """Also asked by whoever writes them to a file, in the background."""
        words, wanted = query.text.casefold().split(), query.filters.get(OPEN)
        whats = query.filters.get(WHAT)
        rows = [
            row
            for row in one_rows(self.found, self._day)
            if (wanted is None or row.is_open is wanted)
            and (not isinstance(whats, tuple) or row.what in whats)
            and all(word in f"{row.what} {row.about} {row.cause}".casefold() for word in words)
        ]
        return InMemory(in_order(rows, query.sort, descending=query.descending))

    # showing

    def _show_found(self) -> None:
        self.days.show_rows(left_rows(self.found, self.words.formats, self._span_words()))
        self._show_proof()
        self._show_right()

    def _show_right(self, *_: object) -> None:
        day = self._day = self.days.day
        if one_rows(self.found, day) and (self._failure is None or day is not None):
            self._right.setCurrentWidget(self.lists)
            self.lists.refresh()
            return
        if self._failure is not None:
            self.instead.show_failure(self._failure)
        elif self.found.matched is None:
            self.instead.show_reading()
        elif not self.found.matched.begun and not self.found.tills:
            self.instead.show_first_use()
        elif day is not None:
            self.instead.show_agrees(self.words.formats.day(day))
        else:
            self.instead.show_agrees(self._span_words(), self._proof())
        self._right.setCurrentWidget(self.instead)

    def _show_one(self, row: OneRow | None) -> None:
        if row is not None:
            self.panel.show_row(row)

    def _span_words(self) -> str:
        formats, first, last = self.words.formats, self.span.first, self.span.last
        if first == last:
            return formats.day(first)
        return self.tr("{0} to {1}").format(self.words.short_day(first), self.words.short_day(last))

    def _proof(self) -> str:
        """`31 days, 214 movements: everything agrees`."""
        matched = self.found.matched
        count = (self.span.last - self.span.first).days + 1
        days = self.tr("1 day") if count == 1 else self.tr("{0} days").format(count)
        moved = matched.movements if matched is not None else 0
        movements = self.tr("1 movement") if moved == 1 else self.tr("{0} movements").format(f"{moved:,}")
        return self.tr("{0}, {1}: everything agrees").format(days, movements)

    def _show_proof(self) -> None:
        matched = self.found.matched
        if self._failure is not None:
            self.days.show_proof("wait", *failure_words(self._failure))
            return
        if matched is None:
            self.days.show_proof("wait", "", "")
            return
        zone = self.words.formats.zone
        read_at = self.tr("Matched at {0}").format(self.words.formats.time(matched.at, zone))
        if self.found.open:
            words = self.tr("1 difference is open") if self.found.open == 1 else ""
            words = words or self.tr("{0} differences are open").format(self.found.open)
            self.days.show_proof("wait", words, read_at, open_causes(self.found))
        elif one_rows(self.found):
            self.days.show_proof("ok", self.tr("Everything agrees, or is explained"), read_at)
        else:
            self.days.show_proof("ok", self._proof(), read_at)

    # what the person does

    def correct(self, row: DifferenceRow, reason: str) -> None:
        """Put one difference right, for this reason."""
        matching, actor, how = self._services.matching, self._actor, row.correction
        if how is None:
            return
        said = correction_words(row, self.words)
        self._decide(
            lambda _task: matching.correct(actor, row, how, reason), self.tr("Done: {0}").format(said)
        )

    def explain(self, row: DifferenceRow | TillDay, reason: str) -> None:
        """Say why a difference is there."""
        matching, actor = self._services.matching, self._actor
        self._decide(lambda _task: matching.explain(actor, row, reason), self.tr("Explained"))

    def _decide(self, work: Work, said: str) -> None:
        def done(_none: None) -> None:
            self._context.say.finished(said)
            self.refresh()

        self._context.background.run(
            self,
            work,
            words=self.tr("Posting"),
            key=("reconciliation.decide", id(self)),
            button=self.panel.decide,
            done=done,
            refused=self._not_decided,
        )

    def _not_decided(self, refusal: Refusal) -> None:
        if isinstance(refusal, InvalidInput) and refusal.field == "reason":
            self.panel.refuse_reason(str(refusal))
            return
        self._context.say.refused(refusal)
        self.refresh()

    # room

    def _to_table(self) -> None:
        self.lists.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_in(self) -> None:
        """From the days to the first of their differences."""
        self._in_differences = True
        self._fit()
        if self._right.currentWidget() is self.lists:
            self.lists.filters.left_down.emit()
            if not self.lists.table.currentIndex().isValid():
                self.lists.table.go_to(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Both beside each other where there is room; else the one that is worked with."""
        theme = Theme.current()
        narrow = self.width() < theme.px(ROOM)
        pane = min(theme.px(PANE) + max(self.width() - theme.px(ROOM), 0) // 3, theme.px(WIDEST))
        self.days.setMinimumWidth(theme.px(280) if narrow else pane)
        self.days.setMaximumWidth(16_777_215 if narrow else pane)
        self.days.setVisible(not (narrow and self._in_differences))
        self._right.setVisible(not narrow or self._in_differences)
        self.to_days.setVisible(narrow and self._in_differences)
        self.days.to_differences.setVisible(narrow)


def _seen(task: Task, count: int) -> None:
    task.check()
    task.report(count)
