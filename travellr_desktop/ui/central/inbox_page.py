"""Conflicts: what waits, and one of it with what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.views import InboxEntry, Standing
from travellr_desktop.ui.central.entry_panel import EntryPanel
from travellr_desktop.ui.central.reading import StillReading
from travellr_desktop.ui.central.words import NOTHING, say, since_words
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider, Pane
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.tables import Column, Density
from travellr_desktop.ui.tables import Kind as Cells
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.till.tables import TillTable


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of the list."""

    id: str
    entry: InboxEntry


class InboxPage(Pane):
    """`settings_asked` from a desk that works by itself, `sync_asked` from an empty inbox."""

    again = Signal()
    details = Signal()
    settings_asked = Signal()
    sync_asked = Signal()

    def __init__(
        self, views: Segments, words: Words, clock: Clock, *, may_settle: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__("surface", parent=parent)
        self.views, self._words, self._clock = views, words, clock
        self.entries: tuple[InboxEntry, ...] = ()
        self.count = Label("", "lead")
        self.note = Note("wait", "-")
        self._noted = Pane("surface", edges=("bottom",))
        self.reading = StillReading(say("Reading what waits"))
        self.table: TillTable[EntryRow] = TillTable(
            say("What waits"), self._columns(), density=Density.TWO_LINE
        )
        self.panel = EntryPanel(words, clock, may_settle=may_settle)
        self.table.current_changed.connect(self._current)
        self.table.row_activated.connect(lambda _row: self.panel.focus_choice())
        self.panel.left.connect(self.focus_list)
        sync = Button(say("See the desks"), icon="monitor")
        sync.clicked.connect(self.sync_asked)
        self.nothing = EmptyState(
            "circle-check",
            say("Nothing waits"),
            say(
                "What two desks wrote at the same time, and what the central database did not take, comes here."
            ),
            buttons=(sync,),
        )
        self.settings = Button(say("Join one"), icon="settings")
        self.settings.clicked.connect(self.settings_asked)
        self.alone = EmptyState(
            "hard-drive",
            say("This desk works by itself"),
            say(
                "Once it belongs to a central database, what has to be decided between desks is listed here."
            ),
            buttons=(self.settings,),
        )
        self.failed = LoadFailed("")
        self.failed.again.connect(self.again)
        self.failed.details.connect(self.details)
        self._build()

    def _build(self) -> None:
        top = Pane("surface", edges=("bottom",))
        bar = QHBoxLayout(top)
        bar.setContentsMargins(16, 6, 16, 7)
        bar.setSpacing(12)
        bar.addWidget(self.views)
        bar.addWidget(self.count)
        bar.addStretch(1)
        self._both = QWidget()
        across = QHBoxLayout(self._both)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.table)
        across.addWidget(Divider(upright=True, tone="border"))
        across.addWidget(self.panel, 1)
        noted = QVBoxLayout(self._noted)
        noted.setContentsMargins(16, 10, 16, 10)
        noted.addWidget(self.note)
        self._noted.hide()
        self._stack = QStackedWidget()
        for page in (self.reading, self._both, self.nothing, self.alone, self.failed):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self._noted)
        column.addWidget(self._stack, 1)

    def _columns(self) -> Sequence[Column[EntryRow]]:
        def came(row: EntryRow) -> str:
            if row.entry.came is None:
                return NOTHING
            return since_words(row.entry.came, self._words.formats, self._clock.now(), short=True)

        return (
            Column(
                "what",
                say("What waits"),
                lambda row: row.entry.title,
                Cells.TWO_LINE,
                220,
                120,
                1,
                second=lambda row: row.entry.thing,
                sortable=False,
            ),
            Column("came", say("Came"), came, Cells.DATE, 72, sortable=False),
        )

    # what is shown

    def show_inbox(self, entries: Sequence[InboxEntry], standing: Standing) -> None:
        """What waits as it is now; the row that was looked at stays, or the one that took its place is shown."""
        self.reading.end()
        self._say_standing(standing, bool(entries))
        at = self.table.currentIndex().row()
        focus = QApplication.focusWidget()
        held = focus is not None and (focus is self.table or self.panel.isAncestorOf(focus))
        self.entries = tuple(entries)
        self.count.setText(say("{0} to settle").format(len(entries)) if entries else "")
        page = self._both if entries else self.nothing if standing.enrolled else self.alone
        self._stack.setCurrentWidget(page)
        self.table.show_rows([EntryRow(each.id, each) for each in entries])
        if not entries:
            return
        shown = self.panel.entry
        place = next((i for i, each in enumerate(entries) if shown is not None and each.id == shown.id), None)
        if place is None:
            place = min(max(at, 0), len(entries) - 1)
            self.table.go_to(place)
            if held:
                self.focus_list()
        self.panel.show_entry(entries[place])

    def _say_standing(self, standing: Standing, waits: bool) -> None:
        """Where nobody answers, what is shown is of the last time that somebody did; nothing can be settled."""
        link = standing.link
        away = link is not None and link.state in (LinkState.OFFLINE, LinkState.REFUSED)
        self._noted.setVisible(standing.enrolled and away)
        if link is None or not away:
            return
        formats, now = self._words.formats, self._clock.now()
        first = say("Offline since {0}").format(since_words(link.since, formats, now))
        if link.state is LinkState.REFUSED:
            first = say("Not connected since {0}").format(since_words(link.since, formats, now))
        second = say("What two desks have to settle is not known.")
        if standing.looked is not None:
            at = since_words(standing.looked, formats, now)
            second = say("This is how it stood at {0}.").format(at)
        if waits:
            second = f"{second} {say('It is settled once there is a connection.')}"
        self.note.say("wait", first, second)

    def _current(self, row: EntryRow | None) -> None:
        if row is not None:
            entry = next((each for each in self.entries if each.id == row.id), row.entry)
            self.panel.show_entry(entry)

    def begin(self) -> None:
        """It is read for the first time."""
        self.reading.begin()

    def fail(self, words: str) -> None:
        self.reading.end()
        self.failed.say(say("What waits could not be read"), words)
        self._stack.setCurrentWidget(self.failed)

    # the keyboard

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.table, self.panel) if self._stack.currentWidget() is self._both else (self,)

    def focus_list(self) -> None:
        if self._stack.currentWidget() is self._both:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = Theme.current()
        self.table.setFixedWidth(min(max(theme.px(340), self.width() // 4), self.width() // 3))

    def close_down(self) -> None:
        self.table.close_down()
