"""Sync: how this desk stands to the central database, and every desk of the agency, with what it may still sell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.views import DeskState, DeskView, Standing
from travellr_desktop.ui.central.desk_panel import DeskPanel
from travellr_desktop.ui.central.reading import StillReading
from travellr_desktop.ui.central.words import (
    DESK_BADGES,
    NOTHING,
    count_words,
    head_words,
    say,
    seen_words,
    since_words,
    synced_words,
)
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.parts.seatmeter import Seats
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.tables import Column, Density
from travellr_desktop.ui.tables import Kind as Cells
from travellr_desktop.ui.till.tables import TillTable


class SyncPage(Pane):
    """`sync_asked` to take a turn now, `settings_asked` where something has to be put right there, `desk_asked(row)`
    when another desk is looked at (None: none)."""

    again = Signal()
    details = Signal()
    sync_asked = Signal()
    settings_asked = Signal()
    desk_asked = Signal(object)

    def __init__(
        self, views: Segments, words: Words, clock: Clock, panel: DeskPanel, parent: QWidget | None = None
    ) -> None:
        super().__init__("surface", parent=parent)
        self.views, self._words, self._clock, self.panel = views, words, clock, panel
        self.standing: Standing | None = None
        self.reading = StillReading(say("Reading the desks"))
        self._glyph = Glyph("database", "text_secondary")
        self.state = Label("", "lead")
        self.where = Label("", "small", "text_secondary", elide=True)
        self.sync = Button(say("Sync now"), icon="refresh-cw", key="F5")
        self.sync.clicked.connect(self.sync_asked)
        self.note = Note("wait", "-")
        self.note.acted.connect(self.settings_asked)
        self._noted = QWidget()
        self.about = Label("", "small", "text_secondary", wrap=True)
        self.table: TillTable[DeskView] = TillTable(
            say("Desks of the agency"), self._columns(), density=Density.TWO_LINE
        )
        self.table.current_changed.connect(self.desk_asked)
        self.table.row_activated.connect(self._open)
        self.panel.closed.connect(self.close_panel)
        self.panel.hide()
        self.settings = Button(say("Join one"), icon="settings")
        self.settings.clicked.connect(self.settings_asked)
        self.alone = EmptyState(
            "hard-drive",
            say("This desk works by itself"),
            say("With a central database several desks sell the same departures, online and offline."),
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
        bar.addStretch(1)
        bar.addWidget(self.sync)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 12, 16, 4)
        row.setSpacing(8)
        row.addWidget(self._glyph)
        row.addWidget(self.state)
        row.addWidget(self.where, 1)
        below = QVBoxLayout(self._noted)
        below.setContentsMargins(16, 4, 16, 4)
        below.addWidget(self.note)
        about = QVBoxLayout()
        about.setContentsMargins(16, 0, 16, 12)
        about.addWidget(self.about)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(head)
        left.addWidget(self._noted)
        left.addLayout(about)
        left.addWidget(self.table, 1)
        self._both = QWidget()
        across = QHBoxLayout(self._both)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addLayout(left, 1)
        across.addWidget(self.panel)
        self._stack = QStackedWidget()
        for page in (self.reading, self._both, self.alone, self.failed):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self._stack, 1)

    def _columns(self) -> Sequence[Column[DeskView]]:
        def asked() -> datetime | None:
            return self.standing.looked if self.standing is not None else None

        def seen(row: DeskView) -> str:
            if row.here:
                return say("this desk")
            return seen_words(row.seen, asked(), self._words.formats, self._clock.now())

        def second(row: DeskView) -> str:
            return say("Desk {0}").format(row.number) + (f" · {say('this one')}" if row.here else "")

        return (
            Column(
                "desk",
                say("Desk"),
                lambda row: row.name,
                Cells.TWO_LINE,
                200,
                120,
                2,
                second=second,
                sortable=False,
                strong=True,
            ),
            Column(
                "seen",
                say("Last seen"),
                seen,
                Cells.DATE,
                104,
                sortable=False,
                tone=lambda row: "wait" if row.state is DeskState.OFFLINE else "",
            ),
            Column(
                "version",
                say("Version"),
                lambda row: row.version or NOTHING,
                Cells.REFERENCE,
                88,
                sortable=False,
                yields=3,
            ),
            Column(
                "behind",
                say("Behind"),
                lambda row: count_words(row.behind),
                Cells.NUMBER,
                80,
                sortable=False,
                yields=2,
            ),
            Column(
                "waiting",
                say("Waiting"),
                lambda row: count_words(row.waiting),
                Cells.NUMBER,
                84,
                sortable=False,
            ),
            Column(
                "seats",
                say("Seats granted"),
                kind=Cells.METER,
                width=156,
                min_width=132,
                sortable=False,
                meter=lambda row: Seats(row.granted, min(row.taken, row.granted)),
                second=lambda row: say("{0} left").format(f"{row.left:,}") if row.granted else NOTHING,
                yields=1,
            ),
            Column(
                "state",
                say("State"),
                lambda row: say(DESK_BADGES[row.state][1]),
                Cells.BADGE,
                124,
                badge=lambda row: DESK_BADGES[row.state][0],
                sortable=False,
            ),
        )

    # what is shown

    def show_standing(self, standing: Standing, desks: Sequence[DeskView]) -> None:
        """How it is now; what is selected and in sight stays."""
        self.reading.end()
        self.standing = standing
        self.sync.setVisible(standing.enrolled)
        if not standing.enrolled:
            self._stack.setCurrentWidget(self.alone)
            return
        self._stack.setCurrentWidget(self._both)
        self._say_head(standing)
        self.table.show_rows(desks)
        offline = sum(each.state is DeskState.OFFLINE for each in desks)
        left = sum(each.left for each in desks)
        said = [say("{0} desks").format(len(desks)) if len(desks) != 1 else say("One desk")]
        said += [say("{0} offline").format(offline)] if offline else []
        said.append(say("{0} seats of departures to come may be sold without asking").format(f"{left:,}"))
        if standing.looked is not None:
            at = since_words(standing.looked, self._words.formats, self._clock.now())
            said.append(say("as the central database told at {0}").format(at))
        self.about.setText(", ".join(said))

    def _say_head(self, standing: Standing) -> None:
        formats, now, link = self._words.formats, self._clock.now(), standing.link
        well = link is not None and link.state in (LinkState.ONLINE, LinkState.ELSEWHERE)
        self._glyph.set("wifi" if well else "wifi-off", "ok" if well else "wait")
        self.state.setText(head_words(link))
        said = [standing.address] if standing.address else []
        said += [synced_words(link, formats, now)] if link is not None else []
        if standing.waiting:
            said.append(say("{0} changes wait").format(f"{standing.waiting:,}"))
        self.where.setText(" · ".join(said))
        troubled = link is not None and bool(link.why)
        self._noted.setVisible(troubled or standing.came_back is not None)
        if link is None or not troubled:
            if standing.came_back is not None:
                self._say_back(standing.came_back)
            return
        refused = link.state is LinkState.REFUSED
        first = link.why
        if link.state is LinkState.OFFLINE:
            first = say("Offline since {0}: {1}").format(since_words(link.since, formats, now), link.why)
        second = link.hint or say("This desk sells on from its own seats; it is tried again by itself.")
        self.note.say("bad" if refused else "wait", first, second, action=say("Settings") if refused else "")

    def _say_back(self, at: datetime) -> None:
        moment = since_words(at, self._words.formats, self._clock.now())
        self.note.say(
            "info",
            say("The seats of this desk had been written off until it was back at {0}").format(moment),
            say("What it sold meanwhile stands; where that was too many, the departure is in Conflicts."),
        )

    def begin(self) -> None:
        """They are read for the first time."""
        self.reading.begin()

    def fail(self, words: str) -> None:
        self.reading.end()
        self.failed.say(say("The desks could not be read"), words)
        self._stack.setCurrentWidget(self.failed)

    # the panel

    def _open(self, row: DeskView) -> None:
        self.desk_asked.emit(row)
        self.panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_panel(self) -> None:
        self.panel.hide()
        self.focus_list()

    # the keyboard

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.table, self.panel) if self._stack.currentWidget() is self._both else (self,)

    def focus_list(self) -> None:
        if self._stack.currentWidget() is self._both:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.table.currentIndex().isValid() and self.table.rows:
                self.table.go_to(0)

    def close_down(self) -> None:
        self.table.close_down()
