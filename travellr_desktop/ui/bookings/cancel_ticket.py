"""The ticket of a cancellation: what goes back, by which way, and after it was done how each refund stands."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.ways import Way
from travellr_desktop.services.cancellations import CancelOutcome, CancelPreview
from travellr_desktop.services.what_if import RefundView
from travellr_desktop.ui.bookings.words import REFUND_BADGES, Words, count
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider, MoneyRows
from travellr_desktop.ui.parts.ticket import Ticket

WAY_ICONS = {Way.CARD: "credit-card", Way.CASH: "banknote"}
_AGAIN = ("unknown", "approved")


class CancelTicket(Ticket):
    """`act` is the primary; what it asks for comes as `confirmed`, a step back as `kept`."""

    confirmed = Signal()
    kept = Signal()
    retried = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._words = words
        self.act: Button | None = None
        self.keep: Button | None = None
        self.outcome: CancelOutcome | None = None

    def show_preview(self, preview: CancelPreview | None, *, why_not: str = "") -> None:
        """What would go back. Without a preview `why_not` says why there is none."""
        self._empty()
        self.outcome = None
        if preview is None:
            self.above.addWidget(Label(self.tr("Nothing is chosen"), "lead"))
            self.above.addWidget(Label(why_not, "small", "text_secondary", wrap=True))
            self.below.addStretch(1)
            self.act = Button(self.tr("Cancel booking"), Kind.PRIMARY, height="control_primary")
            self.act.set_off(why_not)
            self._add_act()
            self._keep_button(self.tr("Keep"))
            return
        number = len(preview.bookings)
        of = self.tr("{0} of {1}").format(
            count(number, self.tr("booking"), self.tr("bookings")), preview.sale_reference
        )
        self._figure(preview.traveller_name, preview.back.minor != 0, self._words.money(preview.back), of)
        rows = MoneyRows(gap=2)
        rows.add(self.tr("Paid"), self._words.money(preview.paid))
        for booking in preview.bookings:
            if booking.kept.minor:
                rows.add(self.tr("Kept, {0}").format(booking.title), self._words.signed(-booking.kept))
        self.above.addWidget(rows)
        self._gap(self.above, 8)
        self.above.addWidget(Divider())
        self._gap(self.above, 8)
        total = MoneyRows()
        total.add(self.tr("Back"), self._words.money(preview.back), strong=True)
        self.above.addWidget(total)
        self._ways(preview)
        self._follows(preview)
        self.below.addStretch(1)
        self._buttons(preview)

    def show_outcome(self, outcome: CancelOutcome, traveller: str, seats: int) -> None:
        """What was done, and how each refund stands now."""
        self._empty()
        self.outcome = outcome
        head = QHBoxLayout()
        head.addWidget(Badge("cancelled"))
        head.addStretch(1)
        self.above.addLayout(head)
        self._gap(self.above, 8)
        references = ", ".join(outcome.references)
        self._figure(traveller, outcome.back.minor != 0, self._words.money(outcome.back), references)
        self._line(
            "circle-check",
            "ok",
            self.tr("{0} free again").format(count(seats, self.tr("seat is"), self.tr("seats are"))),
            self.above,
        )
        if outcome.refunds:
            self.below.addWidget(Label(self.tr("Where the money is"), "small_m", "text_secondary"))
            self._gap(self.below, 8)
        for refund in outcome.refunds:
            self._refund(refund)
        self._words_on(outcome)
        self.below.addStretch(1)
        self.act = None
        if any(refund.state in _AGAIN for refund in outcome.refunds):
            self.act = Button(
                self.tr("Try now"),
                Kind.PRIMARY,
                icon="refresh-cw",
                key="R",
                height="control_primary",
            )
            self.act.clicked.connect(self.retried)
            self._add_act()
        self._keep_button(self.tr("Back to the bookings"))

    # parts

    def _figure(self, traveller: str, goes_back: bool, amount: str, below: str) -> None:
        words = self.tr("{0} gets back") if goes_back else self.tr("{0} gets nothing back")
        self.above.addWidget(Label(words.format(traveller), "small_m", "text_secondary", wrap=True))
        figure = Label(amount, "figure")
        figure.setAccessibleName(f"{words.format(traveller)} {amount}")
        self.above.addWidget(figure)
        self.above.addWidget(Label(below, "small", "text_secondary", wrap=True))
        self._gap(self.above, 12)

    def _ways(self, preview: CancelPreview) -> None:
        if not preview.ways:
            words = self.tr("No money moves.")
            self.below.addWidget(Label(words, "body", "text_secondary"))
            self._gap(self.below, 8)
            return
        self.below.addWidget(Label(self.tr("By which way"), "small_m", "text_secondary"))
        self._gap(self.below, 6)
        for way in preview.ways:
            second = self.tr("of {0} paid on {1}").format(
                self._words.money(way.paid), self._words.day(way.paid_at)
            )
            self.below.addWidget(
                _Row(WAY_ICONS[way.way], way.label or way.way.value, second, self._words.money(way.amount))
            )
            self._gap(self.below, 8)

    def _follows(self, preview: CancelPreview) -> None:
        self._gap(self.below, 4)
        self.below.addWidget(Divider())
        self._gap(self.below, 10)
        seats = count(preview.seats, self.tr("seat is"), self.tr("seats are"))
        self._line("circle-check", "ok", self.tr("{0} free again").format(seats), self.below)
        cash = any(way.way is Way.CASH for way in preview.ways)
        card = any(way.way is Way.CARD for way in preview.ways)
        if cash:
            self._line("banknote", "text_secondary", self.tr("Cash is handed over now"), self.below)
        if card:
            self._line("clock", "text_secondary", self.tr("The card shows it in 3 to 10 days"), self.below)

    def _buttons(self, preview: CancelPreview) -> None:
        if preview.back.minor:
            self.act = Button(
                self.tr("Refund"),
                Kind.PRIMARY,
                icon="undo-2",
                amount=self._words.money(preview.back),
                key="Ctrl+Enter",
                height="control_primary",
            )
        else:
            number = len(preview.bookings)
            words = (
                self.tr("Cancel booking") if number == 1 else self.tr("Cancel {0} bookings").format(number)
            )
            self.act = Button(words, Kind.PRIMARY, icon="ban", key="Ctrl+Enter", height="control_primary")
        self.act.clicked.connect(self.confirmed)
        self._add_act()
        self._keep_button(self.tr("Keep"))
        words = self.tr("A last question follows, with these amounts")
        self.below.addWidget(
            Label(words, "small", "text_muted", elide=True, align=Qt.AlignmentFlag.AlignHCenter)
        )

    def _add_act(self) -> None:
        assert self.act is not None
        self.below.addWidget(self.act)
        self.act.show()  # at once: a layout shows what is new only later, and a key may come before

    def _keep_button(self, words: str) -> None:
        self._gap(self.below, 8)
        self.keep = Button(words, key="Esc", height="control_decision")
        self.keep.clicked.connect(self.kept)
        self.below.addWidget(self.keep)
        self.keep.show()
        self._gap(self.below, 8)

    def _refund(self, refund: RefundView) -> None:
        status, word = REFUND_BADGES[refund.state]
        self.below.addWidget(_Row(WAY_ICONS[refund.way], refund.label, "", self._words.money(refund.amount)))
        badges = QHBoxLayout()
        badges.setContentsMargins(26, 2, 0, 0)
        badges.addWidget(Badge(status, word=word))
        badges.addStretch(1)
        self.below.addLayout(badges)
        self._gap(self.below, 12)

    def _words_on(self, outcome: CancelOutcome) -> None:
        states = {refund.state for refund in outcome.refunds}
        if "failed" in states:
            why = next((r.failure for r in outcome.refunds if r.state == "failed" and r.failure), "")
            first = self.tr("A refund did not go through.")
            second = self.tr("{0} It is still owed: agree on another way with the traveller.").format(why)
            self.below.addWidget(Note("bad", first, second.strip()))
        elif "unknown" in states:
            self.below.addWidget(
                Note(
                    "unknown",
                    self.tr("We do not know yet whether the money went back."),
                    self.tr(
                        "It is sent again by itself under the same key, never twice. "
                        "Do not give it back another way."
                    ),
                )
            )
        elif "approved" in states:
            self.below.addWidget(
                Note(
                    "info",
                    self.tr("The provider is busy."),
                    self.tr("The refund is sent by itself as soon as it answers."),
                )
            )
        elif "pending" in states:
            self._line("clock", "text_secondary", self.tr("The card shows it in 3 to 10 days"), self.below)

    @staticmethod
    def _line(icon: str, tone: str, words: str, into: QVBoxLayout) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(10)
        row.addWidget(Glyph(icon, tone))
        row.addWidget(Label(words, "body", elide=True), 1)
        into.addWidget(line)

    @staticmethod
    def _gap(into: QVBoxLayout, pixels: int) -> None:
        into.addSpacing(pixels)

    def _empty(self) -> None:
        self.act = self.keep = None
        for layout in (self.above, self.below):
            _clear(layout)


class _Row(QWidget):
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
            lines.addWidget(Label(second, "small", "text_secondary", elide=True))
        row.addLayout(lines, 1)
        said = Label(amount, "body_m", align=Qt.AlignmentFlag.AlignRight)
        said.setAccessibleName(f"{words} {amount}")
        row.addWidget(said)


def _clear(layout: QLayout) -> None:
    while (taken := layout.takeAt(0)) is not None:
        widget, inner = taken.widget(), taken.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            _clear(inner)
            inner.deleteLater()
