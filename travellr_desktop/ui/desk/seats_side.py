"""Beside the seat map: the lines of the sale, who sits where, and what the marks on the plans mean."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.services.seats import SeatState
from travellr_desktop.ui.desk import seats_words, wording
from travellr_desktop.ui.desk.draft import Line
from travellr_desktop.ui.desk.seats_state import LinePlan, Seating, Sitter
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, Pane, ScrollArea
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.parts.seat_paint import SeatTone, paint_seat
from travellr_desktop.ui.theme import Theme

SWATCH = 20
TILE = 30
DIGITS = 9


class ChosenRow(Pressable):
    """A row that can be chosen: fill and bar while it is, as in a table."""

    def __init__(self, margins: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(16, margins[0], 16, margins[1])
        self.grid.setHorizontalSpacing(10)
        self.grid.setVerticalSpacing(2)
        self.grid.setColumnStretch(1, 1)

    def sizeHint(self) -> QSize:
        return self.grid.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.grid.minimumSize()

    def put(self, part: QWidget, row: int, column: int, down: int = 1) -> None:
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.grid.addWidget(part, row, column, down, 1, Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            if self.chosen:
                painter.fillRect(self.rect(), theme.colour("selection"))
                bar = QRect(0, 0, theme.tokens.size["selection_bar"], self.height())
                painter.fillRect(paint.leading(self, bar), theme.colour("accent"))
            elif self.over:
                painter.fillRect(self.rect(), theme.colour("hover"))
            if self.ring:
                area = self.rect().adjusted(3, 2, -3, -2)
                radius = theme.radius("control")
                paint.box(painter, area, line=theme.colour("focus"), radius=radius, width=2)


class Swatch(QWidget):
    """A seat in one of its states, as on the plan."""

    def __init__(self, tone: SeatTone, words: str = "", edge: int = SWATCH) -> None:
        super().__init__()
        self._tone, self._words, self._edge = tone, words, edge
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        edge = Theme.current().px(self._edge)
        return QSize(edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_seat(painter, QRectF(self.rect()), self._tone, self._words)


class SeatsSide(Pane):
    """The leading pane of the desk while seats are chosen. `take_key` is asked first what a key does."""

    def __init__(
        self,
        seating: Seating,
        formats: Formats,
        take_key: Callable[[QKeyEvent], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("surface", edges=("right",), parent=parent)
        self._take_key = take_key
        self._seating, self._formats = seating, formats
        self.lines: list[ChosenRow] = []
        self.people: list[ChosenRow] = []
        self._said: object = None
        self._travellers = Label("", "small", "text_secondary", align=Qt.AlignmentFlag.AlignRight)
        self._build()
        seating.changed.connect(self.show_all)
        self._fit()
        Theme.current().changed.connect(self._fit)

    def show_all(self) -> None:
        """Lines and people as they are now; the keyboard stays on the row where it was."""
        focused = next((at for at, row in enumerate(self.people) if row.hasFocus()), None)
        self._show_lines()
        self._show_people()
        self._show_legend()
        if focused is not None and focused < len(self.people):
            self.people[focused].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take_key(event):
            super().keyPressEvent(event)

    def _show_lines(self) -> None:
        _empty(self._line_rows)
        session, seating = self._seating.session, self._seating
        pax = max((line.hold.party.pax for line in session.lines), default=0)
        self._travellers.setText(wording.count(pax, self.tr("traveller"), self.tr("travellers")))
        plans = {id(plan.line): plan for plan in seating.plans}
        self.lines = []
        for line in session.lines:
            row = self._line_row(line, plans.get(id(line)))
            row.chosen = line is seating.line
            self.lines.append(row)
            self._line_rows.addWidget(row)
            self._line_rows.addWidget(Divider())

    def _line_row(self, line: Line, plan: LinePlan | None) -> ChosenRow:
        row = ChosenRow((10, 10))
        when = self._formats.when(line.hold.starts_at, line.hold.zone)
        if line.hold.labels:
            kind = seats_words.labels(line.hold.labels)
            sitting = len(line.hold.labels)
            count = self.tr("{0} of {1}").format(len(plan.own) if plan is not None else sitting, sitting)
            icon = seats_words.ICONS[plan.map.kind] if plan is not None else seats_words.OPEN_ICON
        else:
            kind, count, icon = self.tr("open seating"), self.tr("none"), seats_words.OPEN_ICON
        row.put(Glyph(icon), 0, 0)
        row.put(Label(line.hold.title, "body_m", elide=True), 0, 1)
        tone = "accent_text" if line.hold.labels else "text_secondary"
        row.put(Label(count, "small", tone, align=Qt.AlignmentFlag.AlignRight), 0, 2)
        words = f"{when} · {kind}"
        row.put(Label(words, "small", "text_secondary", elide=True), 1, 1)
        row.setAccessibleName(f"{line.hold.title}, {words}, {count}")
        if line.hold.labels:
            row.clicked.connect(lambda: self._seating.choose_line(line))
        else:
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return row

    def _show_people(self) -> None:
        _empty(self._people_rows)
        plan = self._seating.plan
        self.people = []
        alone = {who for who, _mending in plan.alone()} if plan is not None else set()
        for number, sitter in enumerate(plan.sitters if plan is not None else ()):
            row = self._person_row(number, sitter, alone=number in alone)
            row.chosen = number == self._seating.who
            self.people.append(row)
            self._people_rows.addWidget(row)

    def _person_row(self, number: int, sitter: Sitter, *, alone: bool) -> ChosenRow:
        row = ChosenRow((5, 5))
        row.put(Swatch(SeatTone.YOURS, sitter.letter, TILE), 0, 0, 2)
        name = seats_words.named(sitter)
        row.put(Label(name, "body_m", elide=True), 0, 1)
        second = seats_words.kind(sitter) if sitter.name else self.tr("name not typed yet")
        row.put(Label(second, "small", "text_secondary", elide=True), 1, 1)
        label = sitter.label or self.tr("none")
        tone = "wait" if alone or sitter.label is None else "text"
        row.put(Label(label, "body_m", tone, align=Qt.AlignmentFlag.AlignRight), 0, 2, 2)
        if number < DIGITS:
            row.put(KeyCap(str(number + 1)), 0, 3, 2)
        words = self.tr("{0}, {1}, seat {2}").format(name, seats_words.kind(sitter), label)
        row.setAccessibleName(f"{words}, {self.tr('sits alone')}" if alone else words)
        row.clicked.connect(lambda: self._seating.choose_person(number))
        return row

    def _show_legend(self) -> None:
        maps = {plan.map.departure_id: plan.map for plan in self._seating.plans}
        counts = {state: sum(each.count(state) for each in maps.values()) for state in SeatState}
        for state, label in self._counts.items():
            label.setText(f"{counts[state]:,}")
        whole = sum(counts.values()) - counts[SeatState.BLOCKED]
        self._whole.setText(f"{whole:,}")
        self._whole_words.setText(
            self.tr("Seats to sell") if len(maps) == 1 else self.tr("Seats on all plans")
        )

    def _build(self) -> None:
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(Label(self.tr("This sale"), "lead"))
        head.addStretch(1)
        head.addWidget(self._travellers)
        content = QWidget()
        content.setProperty("part", "scrolled")
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        self._line_rows, self._people_rows = QVBoxLayout(), QVBoxLayout()
        for rows in (self._line_rows, self._people_rows):
            rows.setSpacing(0)
        inner.addLayout(self._line_rows)
        inner.addWidget(_title(self.tr("Who sits where")))
        inner.addLayout(self._people_rows)
        inner.addSpacing(8)
        inner.addWidget(_title(self.tr("On the plans")))
        inner.addLayout(self._legend())
        inner.addStretch(1)
        hints = QHBoxLayout()
        hints.setContentsMargins(16, 8, 16, 12)
        hints.setSpacing(4)
        for key in ("1", "2", "3"):
            hints.addWidget(KeyCap(key))
        hints.addWidget(Label(self.tr("choose for"), "small", "text_secondary", elide=True))
        hints.addStretch(1)
        hints.addWidget(KeyCap("Tab"))
        hints.addWidget(Label(self.tr("other plan"), "small", "text_secondary", elide=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(Divider(tone="border"))
        column.addWidget(ScrollArea(content), 1)
        column.addLayout(hints)

    def _legend(self) -> QGridLayout:
        words = {
            SeatState.SOLD: self.tr("Sold"),
            SeatState.HELD: self.tr("Held by others"),
            SeatState.YOURS: self.tr("Yours"),
            SeatState.FREE: self.tr("Free"),
            SeatState.BLOCKED: self.tr("Not sold: guide, crew"),
        }
        grid = QGridLayout()
        grid.setContentsMargins(16, 4, 16, 8)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._counts: dict[SeatState, Label] = {}
        right = Qt.AlignmentFlag.AlignRight
        for at, (state, name) in enumerate(words.items()):
            grid.addWidget(Swatch(SeatTone(state.value)), at, 0)
            grid.addWidget(Label(name, "body", elide=True), at, 1)
            self._counts[state] = Label("", "body_m", align=right)
            grid.addWidget(self._counts[state], at, 2)
        self._whole_words, self._whole = Label("", "body_b", elide=True), Label("", "body_b", align=right)
        grid.addWidget(self._whole_words, len(words), 0, 1, 2)
        grid.addWidget(self._whole, len(words), 2)
        return grid

    def _fit(self) -> None:
        self.setFixedWidth(Theme.current().size("desk_filters"))
        self._head.setFixedHeight(Theme.current().size("pane_header"))


def _title(words: str) -> Label:
    label = Label(words, "lead")
    label.setContentsMargins(16, 12, 16, 4)
    return label


def _empty(rows: QLayout) -> None:
    while (taken := rows.takeAt(0)) is not None:
        if (old := taken.widget()) is not None:
            old.hide()
            old.deleteLater()
