"""The seat map: the plan of each departure in the basket whose seats are numbered, and what is under the cursor."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.ui.desk import seats_words, wording
from travellr_desktop.ui.desk.draft import Line
from travellr_desktop.ui.desk.seats_readout import WIDTH, Readout
from travellr_desktop.ui.desk.seats_state import LinePlan, Seating
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Pane, ScrollArea
from travellr_desktop.ui.parts.seatmeter import SeatMeter
from travellr_desktop.ui.parts.seatplan import PlanScroll, SeatPlan
from travellr_desktop.ui.theme import Theme

NEAR = 60
"""How much is seen around the cursor, where the plans are scrolled."""
COMFORT = 2.9
"""Pixels to a unit; where the plan cannot be so large beside the readout, that stands below all plans."""
_EDGES, _GAP = 32, 16


class PlanSection(Pane):
    """One departure: what it is, how full, its plan, and the readout while its line is the one chosen."""

    pressed = Signal(str)
    moved = Signal(str)
    entered = Signal()

    def __init__(self, plan: LinePlan, formats: Formats) -> None:
        super().__init__("surface", edges=("bottom",))
        self.line: Line = plan.line
        self.plan = SeatPlan(self.tr("Seats of {0}").format(plan.map.title), plan.map.layout)
        self._formats = formats
        self._icon = Glyph(seats_words.ICONS[plan.map.kind])
        self._title = Label("", "lead", elide=True)
        self._about = Label("", "small", "text_secondary", elide=True)
        self._free = Label("", "small_m", "accent_text", align=Qt.AlignmentFlag.AlignRight)
        self._meter = SeatMeter(seats_words.meter(plan.map), large=True)
        self._scroll = PlanScroll(self.plan)
        self._body = QHBoxLayout()
        self._build()
        self.show_plan(plan)
        self.plan.pressed.connect(self.pressed)
        self.plan.moved.connect(self.moved)
        self.plan.entered.connect(self.entered)

    def show_plan(self, plan: LinePlan) -> None:
        self._title.setText(plan.map.title)
        self._about.setText(seats_words.about(plan.map, self._formats))
        self._free.setText(seats_words.yours_and_free(plan.map))
        self._meter.set_seats(seats_words.meter(plan.map))
        self.plan.set_looks(seats_words.looks(plan))

    def has_room(self, width: int) -> bool:
        """Whether the readout can stand beside the plan in that width."""
        theme = Theme.current()
        wanted = COMFORT * theme.text_scale * self.plan.layout_shown.width
        return width - _EDGES - theme.px(WIDTH) - _GAP >= wanted

    def set_beside(self, part: QWidget) -> None:
        """Take the readout in, beside the plan."""
        if self._body.indexOf(part) < 0:
            self._body.addWidget(part)
            part.show()

    def set_room(self, width: int, height: int) -> None:
        """How much there is for the plan and what is beside it."""
        theme = Theme.current()
        inner = max(width - _EDGES, 80)
        if self.has_room(width):
            inner -= theme.px(WIDTH) + _GAP
        self._scroll.fit(inner, max(height - theme.px(96), theme.px(160)))

    def _build(self) -> None:
        head = QGridLayout()
        head.setHorizontalSpacing(8)
        head.setVerticalSpacing(4)
        head.addWidget(self._icon, 0, 0)
        head.addWidget(self._title, 0, 1)
        head.addWidget(self._free, 0, 2)
        head.addWidget(self._about, 1, 1)
        meter = QHBoxLayout()
        self._meter.setFixedWidth(Theme.current().px(128))
        meter.addStretch(1)
        meter.addWidget(self._meter)
        head.addLayout(meter, 1, 2)
        head.setColumnStretch(1, 1)
        self._body.setSpacing(_GAP)
        self._body.addWidget(self._scroll, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(self._body)


class SeatsView(QWidget):
    """The middle of the desk while seats are chosen. Keys: Enter on a seat, 1–9 whose, N next free, B best together,
    M mends, X two change places."""

    def __init__(self, seating: Seating, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seating, self._formats = seating, formats
        self.sections: list[PlanSection] = []
        self.readout = Readout()
        self.best = Button(self.tr("Best together"), icon="users", key="B")
        self.back = Button(self.tr("Back to departures"), Kind.QUIET, key="Esc")
        self.alone = Note("wait", "", action="-", key="M")
        self.refusal = Note("bad", "")
        self.lost = Note("wait", "")
        self._count = Label("", "small", "text_secondary", elide=True)
        self._rule = Label(
            self.tr("Seats are held one by one, each for this sale alone"),
            "small",
            "text_secondary",
            elide=True,
        )
        self._read_at = Label("", "small", "text_secondary", align=Qt.AlignmentFlag.AlignRight)
        self._mend: tuple[int, str] | None = None
        self._build()
        self.best.clicked.connect(seating.best)
        self.back.clicked.connect(seating.close)
        self.alone.acted.connect(self.mend)
        self.readout.acted.connect(self._act)
        self.readout.swapped.connect(self._change_places)
        seating.changed.connect(self.show_plans)
        seating.opened.connect(self._opened)
        seating.refused.connect(self._refused)
        seating.taken.connect(self._taken)
        Theme.current().changed.connect(self._fit)

    # content

    @property
    def section(self) -> PlanSection | None:
        """That of the line whose seats are chosen."""
        return next((each for each in self.sections if each.line is self._seating.line), None)

    def show_plans(self) -> None:
        seating = self._seating
        drawn = [(each.line, each.plan.layout_shown) for each in self.sections]
        fresh = drawn != [(plan.line, plan.map.layout) for plan in seating.plans]
        if fresh:
            self._make_sections()
        for section, plan in zip(self.sections, seating.plans, strict=True):
            section.show_plan(plan)
        for section in self.sections:
            section.plan.set_current(section.line is seating.line)
        self._place_readout()
        if fresh:
            for section, plan in zip(self.sections, seating.plans, strict=True):
                section.plan.put_cursor(next(iter(plan.own.values()), section.plan.cursor_at))
            self.focus_plan()
        self._show_words()
        self._show_seat()

    def _opened(self, on: bool) -> None:
        """Opened again it begins anew."""
        self.sections = []
        self.refusal.hide()

    def focus_plan(self) -> None:
        """The keyboard goes to the plan."""
        if self.section is not None and self.isVisible():
            self.section.plan.focus_cursor()

    def mend(self) -> None:
        """Do what the message offers: the child who sits alone moves beside a grown-up."""
        if self._mend is not None:
            self._seating.move(*self._mend)

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.take_key(event):
            super().keyPressEvent(event)

    def take_key(self, event: QKeyEvent) -> bool:
        """What a key does here, or beside; False when it is none of these."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        acts = {
            Qt.Key.Key_N: self._next_free,
            Qt.Key.Key_B: self._seating.best,
            Qt.Key.Key_M: self.mend,
            Qt.Key.Key_X: self._change_places,
        }
        act = acts.get(Qt.Key(event.key())) if plain else None
        if plain and Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9:
            if self._seating.choose_person(event.key() - Qt.Key.Key_1):
                self._to_own_seat()
        elif act is not None:
            act()
        else:
            return False
        return True

    def _next_free(self) -> None:
        section = self.section
        if section is None:
            return
        found = self._seating.next_free(section.plan.cursor_at)
        if found is not None:
            section.plan.go(found)

    def _to_own_seat(self) -> None:
        sitter, section = self._seating.sitter, self.section
        if sitter is not None and sitter.label is not None and section is not None:
            section.plan.put_cursor(sitter.label)
            focus = QApplication.focusWidget()
            if focus is not None and self.isAncestorOf(focus):
                section.plan.focus_cursor()

    def _change_places(self) -> None:
        plan, section = self._seating.plan, self.section
        if plan is not None and section is not None and plan.sitter_at(section.plan.cursor_at) is not None:
            self._seating.take(section.plan.cursor_at)

    # inside

    def _pressed(self, section: PlanSection, label: str) -> None:
        self._seating.choose_line(section.line)
        self._act_on(label)

    def _act(self) -> None:
        if self.section is not None:
            self._act_on(self.section.plan.cursor_at)

    def _act_on(self, label: str) -> None:
        """A free seat is taken; on one of the party its traveller is the one to be moved next."""
        plan = self._seating.plan
        if plan is None:
            return
        there = plan.sitter_at(label)
        if there is not None:
            self._seating.choose_person(plan.sitters.index(there))
        elif label in plan.map.taken:
            self._show_seat()
        else:
            self._seating.take(label)

    def _show_seat(self) -> None:
        section, plan = self.section, self._seating.plan
        if section is not None and plan is not None:
            living = self._seating.living(plan.line)
            self.readout.show_seat(plan, self._seating.sitter, section.plan.cursor_at, living=living)
            self._area.ensureWidgetVisible(section.plan.cell(section.plan.cursor_at), 0, NEAR)

    def _show_words(self) -> None:
        seating = self._seating
        trips = wording.count(len(seating.plans), self.tr("trip"), self.tr("trips"))
        chosen = sum(len(plan.own) for plan in seating.plans)
        wanted = sum(len(plan.sitters) for plan in seating.plans)
        self._count.setText(self.tr("{0}, {1} of {2} chosen").format(trips, chosen, wanted))
        if seating.read_at is not None:
            self._read_at.setText(self.tr("as of {0}").format(self._formats.desk_time(seating.read_at)))
        line = seating.line
        lapsed = line is not None and not seating.living(line)
        self.best.set_off(self.tr("The hold has lapsed") if lapsed else None)
        self._show_alone()
        self._show_lost()
        self._show_dock()

    def _show_alone(self) -> None:
        """The first child who sits alone, on the line that is chosen or else on any."""
        plans = sorted(self._seating.plans, key=lambda plan: plan.line is not self._seating.line)
        found = next(((plan, child) for plan in plans for child in plan.alone()), None)
        self._mend = None
        self.alone.setVisible(found is not None)
        if found is None:
            return
        plan, (who, mending) = found
        sitter = plan.sitters[who]
        here = plan.line is self._seating.line and self._seating.living(plan.line)
        second = self.tr("Children under 12 sit beside an adult of their party.")
        action = ""
        if mending is None:
            second += " " + self.tr("No seat beside one is free; try Best together.")
        elif here:
            self._mend = who, mending
            action = self.tr("Move {0} to {1}").format(seats_words.person(sitter), mending)
        self.alone.say("wait", seats_words.alone(plan, sitter), second, action=action)

    def _show_lost(self) -> None:
        gone = [label for plan in self._seating.plans for label in plan.lost]
        self.lost.setVisible(bool(gone))
        if gone:
            first = self.tr("{0}: somebody else has what was yours").format(seats_words.labels(gone))
            self.lost.say("wait", first, self.tr("The hold had lapsed. Hold seats again in the basket."))

    def _refused(self, refusal: Refusal) -> None:
        self.refusal.say("bad", str(refusal), refusal.hint)
        self.refusal.show()
        self._show_dock()

    def _taken(self) -> None:
        self.refusal.hide()
        self._show_dock()

    def _make_sections(self) -> None:
        self.readout.setParent(None)
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.sections = []
        for plan in self._seating.plans:
            section = PlanSection(plan, self._formats)
            section.pressed.connect(lambda label, section=section: self._pressed(section, label))
            section.moved.connect(self._show_seat)
            section.entered.connect(lambda section=section: self._seating.choose_line(section.line))
            self.sections.append(section)
            self._column.addWidget(section)
        plans = [section.plan for section in self.sections]
        for at, each in enumerate(plans):
            before = plans[at - 1] if at else None
            after = plans[at + 1] if at + 1 < len(plans) else None
            each.neighbours_in_order = before, after

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(400), Theme.current().px(240))

    def _fit(self) -> None:
        self._head.setFixedHeight(Theme.current().size("pane_header"))
        self._place_readout()

    def _place_readout(self) -> None:
        """Beside the plan of the line that is chosen, or below all where that is too narrow; then the plans have the
        room that is left."""
        section, bar = self.section, self._area.verticalScrollBar().sizeHint().width()
        width = self._area.width() - bar  # whether the bar is there or not
        beside = section is not None and section.has_room(width)
        self.readout.set_beside(beside)
        if section is not None and beside:
            section.set_beside(self.readout)
        elif self._dock_rows.indexOf(self.readout) < 0:
            self._dock_rows.insertWidget(0, self.readout)
        self.readout.setVisible(section is not None)
        self._show_dock()
        for each in self.sections:
            each.set_room(width, self._area.height())

    def _show_dock(self) -> None:
        parts = (self.readout, self.alone, self.lost, self.refusal)
        shown = any(self._dock_rows.indexOf(part) >= 0 and not part.isHidden() for part in parts)
        self._dock.setVisible(shown)

    def _build(self) -> None:
        self._head = Pane("surface", edges=("bottom",))
        row = QHBoxLayout(self._head)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(Label(self.tr("Seats"), "lead"))
        row.addWidget(self._count, 1)
        row.addWidget(self.best)
        row.addWidget(self.back)
        content = Pane("canvas")
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        inner.addLayout(self._column)
        last = QHBoxLayout()
        last.setContentsMargins(16, 12, 16, 16)
        last.addWidget(self._rule, 1)
        last.addWidget(self._read_at)
        inner.addLayout(last)
        inner.addStretch(1)
        self._area = ScrollArea(content)
        self._dock = Pane("canvas", edges=("top",))
        self._dock_rows = QVBoxLayout(self._dock)
        self._dock_rows.setContentsMargins(16, 12, 16, 12)
        self._dock_rows.setSpacing(8)
        for note in (self.alone, self.lost, self.refusal):
            note.hide()
            self._dock_rows.addWidget(note)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head)
        whole.addWidget(self._area, 1)
        whole.addWidget(self._dock)
