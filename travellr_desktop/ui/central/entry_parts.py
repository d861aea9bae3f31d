"""What an entry of the inbox is about: two values, what was refused, a departure that was sold beyond what it has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.central.views import InboxEntry, Oversold, Side
from travellr_desktop.ui.central.words import NOTHING, say
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Card, Facts
from travellr_desktop.ui.parts.seatmeter import SeatMeter, Seats
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.records.words import Words


class SideCard(Card):
    """A value, and below it who wrote it, when and where."""

    def __init__(self, icon: str, title: str, value: str, by: str) -> None:
        super().__init__("surface")
        self.setAccessibleName(f"{title}: {value}, {by}")
        self.value = Label(value, "body_b", wrap=True)
        column = _titled(self, icon, title)
        column.addWidget(self.value)
        column.addWidget(Label(by, "small", "text_secondary", wrap=True))
        column.addStretch(1)


class LinesCard(Card):
    """A few sentences under a title, and below them who did it."""

    def __init__(self, icon: str, title: str, lines: Sequence[str], by: str = "") -> None:
        super().__init__("surface")
        self.setAccessibleName(f"{title}: {' '.join(lines)} {by}".strip())
        column = _titled(self, icon, title)
        for line in lines:
            column.addWidget(Label(line, "body", wrap=True))
        if by:
            column.addWidget(Label(by, "small", "text_secondary", wrap=True))
        column.addStretch(1)


def _titled(card: Card, icon: str, title: str) -> QVBoxLayout:
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(Glyph(icon, "text_secondary"), 0, Qt.AlignmentFlag.AlignTop)
    head.addWidget(Label(title, "small_m", "text_secondary", wrap=True), 1)
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 12, 16, 12)
    column.setSpacing(6)
    column.addLayout(head)
    return column


class OversoldPart(QWidget):
    """The departure's seats, who sold how many, and the sales that came last."""

    def __init__(self, found: Oversold, words: Words, clock: Clock) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._seats(found))
        if found.sales:
            column.addWidget(self._sales(found, words, clock))

    @staticmethod
    def _seats(found: Oversold) -> Card:
        card = Card("surface")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 14, 16, 12)
        inside.setSpacing(8)
        inside.addWidget(SeatMeter(Seats(found.seats, found.taken), large=True))
        facts = Facts(columns=3)
        facts.add(say("Seats there are"), f"{found.seats:,}")
        facts.add(say("Sold or held"), f"{found.taken:,}")
        facts.add(say("Too many"), f"{found.beyond:,}", tone="bad")
        inside.addWidget(facts)
        if len(found.by) > 1:
            by = ", ".join(f"{name} {taken:,}" for name, taken in found.by)
            inside.addWidget(Label(say("By desk: {0}").format(by), "small", "text_secondary", wrap=True))
        return card

    @staticmethod
    def _sales(found: Oversold, words: Words, clock: Clock) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(
            Label(say("Sold last, when there were no seats any more"), "small_m", "text_secondary")
        )
        card = Card("surface")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        columns = (
            SheetColumn(say("Booking")),
            SheetColumn(say("Traveller"), stretch=1),
            SheetColumn(say("Seats"), trailing=True),
        )
        sheet = Sheet(say("Sold last"), columns, row="row_two_line")
        for sale in found.sales:
            by = ", ".join(part for part in (sale.who, sale.desk) if part)
            sheet.add(
                (
                    Says(sale.reference, words.stamp(sale.at, clock.now()), reference=True),
                    Says(sale.traveller or NOTHING, by),
                    Says(f"{sale.seats:,}"),
                )
            )
        inside.addWidget(sheet)
        column.addWidget(card)
        return whole


def part_of(entry: InboxEntry, words: Words, clock: Clock) -> QWidget:
    """What is shown of an entry between what the matter is and what may be done."""
    if entry.oversold is not None:
        return OversoldPart(entry.oversold, words, clock)
    desk = entry.desk.desk or say("that desk")
    if entry.hub is not None:
        hub, mine = entry.hub, Side(entry.desk.value, entry.desk.who, entry.desk.at, "")
        return Columns(
            (
                SideCard("database", say("At the central database"), hub.value, by_words(hub, words, clock)),
                SideCard(
                    "monitor",
                    say("Written at {0}").format(desk),
                    entry.desk.value,
                    by_words(mine, words, clock),
                ),
            )
        )
    by = by_words(Side("", entry.desk.who, entry.desk.at, ""), words, clock)
    tried = entry.tried or (entry.thing or NOTHING,)
    cards: list[QWidget] = [LinesCard("monitor", say("What was done at {0}").format(desk), tried, by)]
    if entry.waits:
        cards.append(LinesCard("clock", say("What waits behind it"), entry.waits))
    return Columns(cards) if len(cards) > 1 else cards[0]


def thing_words(entry: InboxEntry, words: Words, clock: Clock) -> str:
    """What an entry is about, under its title."""
    found = entry.oversold
    if found is None:
        return entry.thing
    return f"{found.title} · {words.departs(found.starts_at, found.zone, clock.now())}"


def by_words(side: Side, words: Words, clock: Clock) -> str:
    """Who wrote a value, when and at which desk."""
    at = words.stamp(side.at, clock.now()) if side.at is not None else ""
    return ", ".join(part for part in (side.who, at, side.desk) if part) or say("Nobody knows by whom")
