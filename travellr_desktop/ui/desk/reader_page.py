"""The page of a card reader that asks for a card: the amount large, where it asks, and how it goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from travellr_desktop.services.asking import LASTS
from travellr_desktop.services.outcomes import ReaderView
from travellr_desktop.services.watching import LOOKED_AT
from travellr_desktop.ui.desk.waiting_page import WaitingPage
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.holdring import HoldRing
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Card, Divider
from travellr_desktop.ui.parts.timeline import Timeline, TimelineItem


class ReaderPage(WaitingPage):
    """Waiting for a card. While it is on the screen reader and payment are read every two seconds; left alone it goes
    on until the reader is told to stop.

    Where no money is real a card can be held to a simulated reader."""

    def fill(self) -> None:
        assert self.outcome.reader is not None
        self.reader: ReaderView = self.outcome.reader
        self._head()
        self._prompt()
        self.line = Divider()
        self.column.addWidget(self.line)
        self._goes_on()
        title = self.tr("Simulated reader: play the traveller")
        name = self.tr("Hold the card to the reader as the traveller")
        self.play_row(title, self.tr("Present"), name, self.desk.session.readers.cards())
        self.end = Button(
            self.tr("Cancel on the reader"), Kind.DANGER_PLAIN, icon="x", height="control_primary"
        )
        self.end.clicked.connect(lambda: self.cancel_asking.emit(self.end))
        self.buttons(self.end, (self.next_button(),))

    def watch(self) -> None:
        if self.outcome.payment_id is not None:
            self.desk.session.readers.watch(self.outcome.payment_id)

    def unwatch(self) -> None:
        if self.outcome.payment_id is not None:
            self.desk.session.readers.unwatch(self.outcome.payment_id)

    def set_low(self, low: bool) -> None:
        self.timeline.setVisible(not low)
        self.line.setVisible(not low)

    def seconds(self) -> float:
        """How long the reader asks still."""
        return (self.reader.asks_until - self.desk.now()).total_seconds()

    def _head(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Badge("waiting", word=self.tr("Waiting for a card"), filled=True))
        row.addStretch(1)
        row.addWidget(Label(self.tr("asks for"), "small", "text_secondary"))
        self.ring = HoldRing(self.seconds, LASTS.total_seconds())
        self.ring.setToolTip(self.tr("After this the reader is told to stop, and nothing is charged"))
        row.addWidget(self.ring)
        self.column.addLayout(row)

    def _prompt(self) -> None:
        """What stands on the reader, so that one can see from afar that it is the same."""
        centre = Qt.AlignmentFlag.AlignHCenter
        card = Card("subtle")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 20, 16, 20)
        column.setSpacing(8)
        column.addWidget(Glyph("smartphone-nfc", "info", "icon_large"), 0, centre)
        self.amount = Label(self.desk.formats.money(self.outcome.due), "total", align=centre)
        self.amount.setAccessibleName(self.tr("The reader asks for {0}").format(self.amount.text()))
        column.addWidget(self.amount)
        column.addWidget(
            Label(self.tr("Ask the traveller to present the card"), "body_m", wrap=True, align=centre)
        )
        self.where = Label(self.reader.label, "small", "text_secondary", elide=True, align=centre)
        column.addWidget(self.where)
        self.column.addWidget(card)

    def _goes_on(self) -> None:
        asked = self.desk.formats.desk_time(self.reader.asked_at)
        every = round(LOOKED_AT.total_seconds())
        self.timeline = Timeline(
            [
                TimelineItem("circle-check", self.tr("It asks, nothing charged yet"), "", asked, "ok"),
                TimelineItem(
                    "loader",
                    self.tr("Asking whether it is paid every {0} seconds").format(every),
                    self.tr("It is paid when the provider says so, not the reader"),
                    tone="info",
                ),
            ]
        )
        self.column.addWidget(self.timeline)
