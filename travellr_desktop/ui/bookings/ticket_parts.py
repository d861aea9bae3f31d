"""What the tickets of a cancellation and of a change are put together from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.what_if import BackWay, RefundView
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.ticket import Ticket
from travellr_desktop.ui.records.words import WAY_ICONS, Words, refund_badge


def as_credit(ways: Sequence[BackWay]) -> bool:
    """Whether all that goes back becomes credit with the agency: then nothing is refunded, and no word says so."""
    return bool(ways) and all(way.to is RefundTo.CREDIT for way in ways)


class TicketParts(Ticket):
    """A ticket with at most one filled button, `act`, and one to step back, `keep`: `confirmed` asks for what it is
    about, `kept` for the way back."""

    confirmed = Signal()
    kept = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.words = words
        self.act: Button | None = None
        self.keep: Button | None = None

    def figure(self, words: str, amount: str, below: str) -> None:
        """The amount that it is about, under what it is and over what it is for."""
        self.above.addWidget(Label(words, "small_m", "text_secondary", wrap=True))
        figure = Label(amount, "figure")
        figure.setAccessibleName(f"{words} {amount}")
        self.above.addWidget(figure)
        self.above.addWidget(Label(below, "small", "text_secondary", wrap=True))
        self.gap(self.above, 12)

    def badge(self, badge: Badge, *, into: QVBoxLayout | None = None, indent: int = 0) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(indent, 2 if indent else 0, 0, 0)
        row.addWidget(badge)
        row.addStretch(1)
        layout = into or self.above
        layout.addLayout(row)
        self.gap(layout, 12 if indent else 8)

    def ways_back(self, ways: Sequence[BackWay]) -> None:
        """By which way how much goes back."""
        if not ways:
            self.below.addWidget(Label(self.tr("No money moves."), "body", "text_secondary"))
            self.gap(self.below, 8)
            return
        self.below.addWidget(Label(self.tr("By which way"), "small_m", "text_secondary"))
        self.gap(self.below, 6)
        for way in ways:
            of = self.tr("of {0} paid on {1}").format(self.words.money(way.paid), self.words.day(way.paid_at))
            credit = way.to is RefundTo.CREDIT
            label = self.tr("Credit with the agency") if credit else way.label or way.way.value
            icon = WAY_ICONS[Way.CREDIT if credit else way.way]
            self.below.addWidget(WayRow(icon, label, of, self.words.money(way.amount)))
            self.gap(self.below, 8)

    def refund(self, refund: RefundView) -> None:
        """Money that goes back, and how far it has come."""
        status, word = refund_badge(refund.state, refund.to)
        money = self.words.money(refund.amount)
        credit = refund.to is RefundTo.CREDIT
        label = self.tr("Credit with the agency") if credit else refund.label
        self.below.addWidget(WayRow(WAY_ICONS[Way.CREDIT if credit else refund.way], label, "", money))
        self.badge(Badge(status, word=word), into=self.below, indent=26)

    def takes_two(self, limit: Money) -> None:
        """So much goes back when a second person approves it."""
        self.gap(self.below, 8)
        above = self.tr("Above {0} it takes two. Nothing moves until then.").format(self.words.money(limit))
        self.below.addWidget(Note("wait", self.tr("A colleague approves this first."), above))

    def waits(self, what: str) -> None:
        """It was asked of a second person: nothing but the way back is left to do. `what` follows."""
        self.below.addWidget(Note("wait", self.tr("It waits for a colleague."), what))
        self.over(None)

    def nothing(self, words: str, why_not: str, act: str, keep: str) -> None:
        """There is nothing to be sent yet, and why: the button is off."""
        self.above.addWidget(Label(words, "lead"))
        self.above.addWidget(Label(why_not, "small", "text_secondary", wrap=True))
        self.below.addStretch(1)
        self.act = Button(act, Kind.PRIMARY, height="control_primary")
        self.act.set_off(why_not)
        self._add_act()
        self._add_keep(keep)

    def decide(self, words: str, icon: str, keep: str, *, amount: str = "", asks: bool = False) -> None:
        """The button that sends it, with the amount if there is one; `asks` where a last question follows."""
        self.below.addStretch(1)
        self.act = Button(
            words, Kind.PRIMARY, icon=icon, amount=amount, key="Ctrl+Enter", height="control_primary"
        )
        self.act.clicked.connect(self.confirmed)
        self._add_act()
        self._add_keep(keep)
        if asks:
            last = self.tr("A last question follows, with these amounts")
            middle = Qt.AlignmentFlag.AlignHCenter
            self.below.addWidget(Label(last, "small", "text_muted", elide=True, align=middle))

    def over(self, act: Button | None = None) -> None:
        """It was sent: the way back, below what can still be done."""
        self.below.addStretch(1)
        self.act = act
        if act is not None:
            self._add_act()
        self._add_keep(self.tr("Back to the bookings"))

    def reading(self, words: str, asked: SignalInstance) -> Button:
        """The button for what is not known yet."""
        button = Button(words, Kind.PRIMARY, icon="refresh-cw", key="R", height="control_primary")
        button.clicked.connect(asked)
        return button

    def _add_act(self) -> None:
        assert self.act is not None
        self.below.addWidget(self.act)
        self.act.show()  # at once: a layout shows what is new only later, and a key may come before

    def _add_keep(self, words: str) -> None:
        self.gap(self.below, 8)
        self.keep = Button(words, key="Esc", height="control_decision")
        self.keep.clicked.connect(self.kept)
        self.below.addWidget(self.keep)
        self.keep.show()
        self.gap(self.below, 8)

    def empty(self) -> None:
        self.act = self.keep = None
        for layout in (self.above, self.below):
            clear(layout)

    @staticmethod
    def line(icon: str, tone: str, words: str, into: QVBoxLayout, *, wrap: bool = False) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(10)
        row.addWidget(Glyph(icon, tone))
        row.addWidget(Label(words, "body", elide=not wrap, wrap=wrap), 1)
        into.addWidget(line)

    @staticmethod
    def gap(into: QVBoxLayout, pixels: int) -> None:
        into.addSpacing(pixels)


class WayRow(QWidget):
    """An icon, words over a second line, an amount."""

    def __init__(self, icon: str, words: str, second: str, amount: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(Glyph(icon), 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(Label(words, "body", elide=True))
        if second:
            lines.addWidget(Label(second, "small", "text_secondary", wrap=True))
        row.addLayout(lines, 1)
        said = Label(amount, "body_m", align=Qt.AlignmentFlag.AlignRight)
        said.setAccessibleName(f"{words} {amount}")
        row.addWidget(said)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (taken := layout.takeAt(0)) is not None:
        widget, inner = taken.widget(), taken.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
            inner.deleteLater()
