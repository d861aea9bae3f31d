"""One desk beside the list: what it may still sell, and what follows while it is away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.central.views import DeskDetail, DeskState, DeskView
from travellr_desktop.ui.central.words import DESK_BADGES, NOTHING, count_words, say
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Facts
from travellr_desktop.ui.records.words import Words


class DeskPanel(DetailPanel):
    """`show_desk` fills it; the screen reads what it needs. `write_off_asked` where its seats may be taken back."""

    write_off_asked = Signal(DeskDetail)

    def __init__(
        self, words: Words, clock: Clock, *, may_write_off: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(say("Desk"), parent)
        self._words, self._clock, self._may = words, clock, may_write_off
        self.write_off: Button | None = None
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
            if desk.state in (DeskState.OFFLINE, DeskState.NEVER, DeskState.WRITTEN_OFF):
                self.add(self._note(desk), divider=False)
            self.write_off = None
            if not detail.keeps:
                self.add(self._taking_back(detail), divider=False)
            self.add(self._facts(desk))

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

    def _taking_back(self, detail: DeskDetail) -> QWidget:
        """Its button, and where it cannot be pressed why beside it."""
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.write_off = button = Button(say("Write its seats off…"), Kind.DANGER_PLAIN)
        button.clicked.connect(lambda: self.write_off_asked.emit(detail))
        off = "" if self._may else say("A manager does this")
        button.set_off(off or None)
        column.addWidget(button)
        if off:
            column.addWidget(Label(off, "small", "text_secondary", wrap=True))
        return whole

    def _written_off(self, desk: DeskView) -> str:
        if desk.written_off is None:
            return say("Its seats were written off")
        at = self._words.stamp(desk.written_off, self._clock.now())
        return say("Its seats were written off: {0}").format(at)

    def _note(self, desk: DeskView) -> QWidget:
        if desk.state is DeskState.WRITTEN_OFF:
            return Note(
                "info",
                self._written_off(desk),
                say("What it sold meanwhile stands; too many on one departure come to Conflicts."),
            )
        return Note(
            "wait",
            say("Until it is back nobody else can sell its seats"),
            say("It sells on from them, and tells of it when it is connected again."),
        )
