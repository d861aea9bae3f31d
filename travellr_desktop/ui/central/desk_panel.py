"""One desk beside the list: what it may still sell, and what follows while it is away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.central.views import DeskDetail, DeskState, DeskView
from travellr_desktop.ui.central.words import DESK_BADGES, NOTHING, count_words, say
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Facts
from travellr_desktop.ui.records.words import Words


class DeskPanel(DetailPanel):
    """`show_desk` fills it; the screen reads what it needs."""

    def __init__(self, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(say("Desk"), parent)
        self._words, self._clock = words, clock
        self.shown: DeskDetail | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_desk(self, detail: DeskDetail) -> None:
        """Fill it; the same desk again stays where it was scrolled to."""
        before, self.shown = self.shown, detail
        desk = detail.desk
        if before == detail:
            return
        with self.refilled(same=before is not None and before.desk.id == desk.id):
            status, word = DESK_BADGES[desk.state]
            self.set_head(
                desk.name,
                badge=Badge(status, word=say(word)),
                person=say("Desk {0}").format(desk.number),
                contact=self._seen(desk),
            )
            self.add(self._left(detail), divider=False)
            self.add(self._facts(desk))
            if desk.state in (DeskState.OFFLINE, DeskState.WRITTEN_OFF):
                self.add(self._note(desk), divider=False)

    def _seen(self, desk: DeskView) -> str:
        if desk.here:
            return say("this desk")
        if desk.seen is None:
            return ""
        return say("last seen {0}").format(self._words.stamp(desk.seen, self._clock.now()))

    def _left(self, detail: DeskDetail) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        end = Qt.AlignmentFlag.AlignRight
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(Label(say("It may still sell"), "body_b"), 0, 0)
        grid.addWidget(Label(say("{0} seats").format(f"{detail.desk.left:,}"), "body_b", align=end), 0, 1)
        now = self._clock.now()
        for row, each in enumerate(detail.next, 1):
            lines = QVBoxLayout()
            lines.setSpacing(0)
            lines.addWidget(Label(each.title, "body", elide=True))
            departs = self._words.departs(each.starts_at, each.zone, now)
            lines.addWidget(Label(departs, "small", "text_secondary", wrap=True))
            grid.addLayout(lines, row, 0)
            grid.addWidget(Label(f"{each.left:,}", "body_m", align=end), row, 1, end | top)
        if detail.more:
            row = grid.rowCount()
            more = say("{0} later departures").format(f"{detail.more:,}")
            grid.addWidget(Label(more, "body", "text_secondary"), row, 0)
            grid.addWidget(Label(f"{detail.more_seats:,}", "body_m", align=end), row, 1)
        column.addLayout(grid)
        return whole

    def _facts(self, desk: DeskView) -> QWidget:
        facts = Facts()
        facts.add(say("Seats granted"), f"{desk.granted:,}")
        facts.add(say("Of these taken"), f"{desk.taken:,}")
        facts.add(say("Version"), desk.version or NOTHING)
        facts.add(say("Behind"), count_words(desk.behind))
        facts.add(say("Waits to be told") if desk.here else say("In the inbox"), count_words(desk.waiting))
        return facts

    def _note(self, desk: DeskView) -> QWidget:
        if desk.state is DeskState.WRITTEN_OFF:
            return Note(
                "info",
                say("Its seats were written off"),
                say("What it sold meanwhile stands; too many on one departure come to Conflicts."),
            )
        return Note(
            "wait",
            say("Until it is back nobody else can sell its seats"),
            say("It sells on from them and tells of it when it is connected again."),
        )
