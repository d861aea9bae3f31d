"""The page of a payment link: its QR code and address, the time left, and what goes on by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout

from travellr_desktop.services.linking import LASTS
from travellr_desktop.services.outcomes import LinkView
from travellr_desktop.services.sandbox import LinkTried
from travellr_desktop.services.watching import LOOKED_AT
from travellr_desktop.ui.desk.pay import fit_key
from travellr_desktop.ui.desk.waiting_page import WaitingPage
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.holdring import HoldRing
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider
from travellr_desktop.ui.parts.qr import QrCode
from travellr_desktop.ui.parts.timeline import Timeline, TimelineItem

LARGE, LOW = 228, 184
"""The edge of the code, and where the window is low."""


class LinkPage(WaitingPage):
    """Waiting for the traveller. While it is on the screen the link is read every two seconds; left alone it goes on.

    In the sandbox the traveller can be played: a card is picked, and the link paid with it."""

    def fill(self) -> None:
        assert self.outcome.link is not None
        self.link: LinkView = self.outcome.link
        self._head()
        self.code = QrCode(self.link.url, name=self.tr("QR code of the payment page"), edge=LARGE)
        self.column.addWidget(self.code, 0, Qt.AlignmentFlag.AlignHCenter)
        centre = Qt.AlignmentFlag.AlignHCenter
        self.column.addWidget(
            Label(self.tr("Ask the traveller to scan, or send the link"), "body_m", wrap=True, align=centre)
        )
        address = QHBoxLayout()
        address.setSpacing(4)
        self.address = Label(_short(self.link.url), "small", "text_secondary", elide=True, reference=True)
        self.address.setToolTip(self.link.url)
        self.open = IconButton("external-link", self.tr("Open the payment page"))
        self.open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self.link.url)))
        address.addWidget(self.address, 1)
        address.addWidget(self.open)
        self.column.addLayout(address)
        self.line = Divider()
        self.column.addWidget(self.line)
        self._goes_on()
        self._play()
        copy = Button(
            self.tr("Copy the link"), Kind.PRIMARY, icon="copy", key="Ctrl+C", height="control_primary"
        )
        copy.clicked.connect(self.copy)
        fit_key(copy, "Ctrl+C")
        self.end = Button(self.tr("Cancel link"), Kind.DANGER_PLAIN, height="control_decision")
        self.end.clicked.connect(lambda: self.cancel_link.emit(self.end))
        self.buttons(copy, (self.next_button(), self.end))

    def copy(self) -> bool:
        QGuiApplication.clipboard().setText(self.link.url)
        self.copied.emit(self.link.url)
        return True

    def set_low(self, low: bool) -> None:
        self.code.set_edge(LOW if low else LARGE)
        self.timeline.setVisible(not low)
        self.line.setVisible(not low)

    def show_tried(self, tried: LinkTried) -> None:
        """What came of playing the traveller, where the link is still open."""
        if tried.declined:
            self.said.setText(self.tr("Declined ({0}); the link stays open").format(tried.declined))
            self.said.show()

    def seconds(self) -> float:
        """How long the link is open still."""
        return (self.link.expires_at - self.desk.now()).total_seconds()

    def _head(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Badge("waiting", filled=True))
        row.addStretch(1)
        row.addWidget(Label(self.tr("lapses in"), "small", "text_secondary"))
        self.ring = HoldRing(self.seconds, LASTS.total_seconds())
        self.ring.setToolTip(self.tr("The link can be paid, and the seats are held, for this long"))
        row.addWidget(self.ring)
        self.column.addLayout(row)

    def _goes_on(self) -> None:
        made = self.desk.formats.desk_time(self.link.made_at)
        every = round(LOOKED_AT.total_seconds())
        self.timeline = Timeline(
            [
                TimelineItem(
                    "circle-check", self.tr("Link made, nothing charged yet"), self.link.ref[:18], made, "ok"
                ),
                TimelineItem(
                    "loader",
                    self.tr("Asking whether it is paid every {0} seconds").format(every),
                    self.tr("Serve someone else meanwhile: this goes on by itself"),
                    tone="info",
                ),
            ]
        )
        self.column.addWidget(self.timeline)

    def _play(self) -> None:
        """In the sandbox the traveller's part can be tried alone."""
        title, name = self.tr("Sandbox: play the traveller"), self.tr("Pay the link as the traveller")
        self.play_row(title, self.tr("Pay"), name, self.desk.session.links.cards())

    def watch(self) -> None:
        if self.outcome.payment_id is not None:
            self.desk.session.links.watch(self.outcome.payment_id)

    def unwatch(self) -> None:
        if self.outcome.payment_id is not None:
            self.desk.session.links.unwatch(self.outcome.payment_id)


def _short(url: str) -> str:
    """An address without what every address begins with."""
    return url.partition("://")[2] or url
