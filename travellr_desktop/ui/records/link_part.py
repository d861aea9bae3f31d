"""A payment link that waits for its traveller, beside a list: code, address, time left; copied, opened, cancelled."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.linking import LASTS
from travellr_desktop.services.outcomes import LinkView
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.holdring import HoldRing
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Section
from travellr_desktop.ui.parts.qr import QrCode

EDGE = 200


class LinkPart(Section):
    """`cancel_asked(button)` asks to end the link; who may not is not offered it."""

    cancel_asked = Signal(object)

    def __init__(
        self, link: LinkView, clock: Clock, *, may_cancel: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(QCoreApplication.translate("LinkPart", "Payment link"), parent=parent)
        self.link, self._clock = link, clock
        first = QHBoxLayout()
        first.addWidget(Label(self.tr("Waiting for the traveller"), "body_m", wrap=True), 1)
        first.addWidget(Label(self.tr("lapses in"), "small", "text_secondary"))
        self.ring = HoldRing(self.seconds, LASTS.total_seconds())
        first.addWidget(self.ring)
        self.code = QrCode(link.url, name=self.tr("QR code of the payment page"), edge=EDGE)
        address = Label(link.url.partition("://")[2] or link.url, "small", "text_secondary", elide=True)
        address.setToolTip(link.url)
        self.copy = Button(self.tr("Copy"), icon="copy", height="control_small")
        self.copy.setAccessibleName(self.tr("Copy the payment link"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(link.url))
        self.open = Button(self.tr("Open"), icon="external-link", height="control_small")
        self.open.setAccessibleName(self.tr("Open the payment page"))
        self.open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(link.url)))
        self.end = Button(self.tr("Cancel link"), Kind.DANGER_PLAIN, height="control_small")
        self.end.clicked.connect(lambda: self.cancel_asked.emit(self.end))
        if not may_cancel:
            self.end.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.copy, self.open):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.end)
        self.body.addLayout(first)
        self.body.addWidget(self.code, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(address)
        self.body.addLayout(row)

    def seconds(self) -> float:
        """How long it can be paid still."""
        return (self.link.expires_at - self._clock.now()).total_seconds()
