"""The quiet way back to payment links that were left to go on by themselves."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from travellr_desktop.ui.desk.links import Links
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.menu import Menu


class LinksLeft(QWidget):
    """One line while links are out that are not shown: one leads back to it, several open a menu of them."""

    def __init__(self, links: Links, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._links, self._formats = links, formats
        self.button = Button("", Kind.QUIET, icon="qr-code", height="control_small")
        self.button.clicked.connect(self.come_back)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 0)
        row.addWidget(self.button)
        row.addStretch(1)
        links.changed.connect(self.show_links)
        self.show_links()

    def show_links(self) -> None:
        out = self._links.waiting
        self.setVisible(bool(out))
        if len(out) == 1:
            self.button.set_words(self.tr("{0} waits to be paid by link").format(out[0].sale_reference))
        else:
            self.button.set_words(self.tr("{0} links wait to be paid").format(len(out)))

    def come_back(self) -> None:
        out = self._links.waiting
        if len(out) == 1:
            self._links.come_back(out[0])
        elif out:
            menu = Menu(self.tr("Payment links"), self)
            for each in out:
                amount = self._formats.money(each.amount)
                words = f"{each.sale_reference} · {each.traveller_name} · {amount}"
                menu.add(words, partial(self._links.come_back, each), icon="qr-code")
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup_above(self.button)
