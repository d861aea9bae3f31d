"""Who buys, once chosen: name and contact, and what is worth knowing before anything is sold to them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label


def contact(traveller: TravellerRow) -> str:
    return " · ".join(part for part in (traveller.phone, traveller.email) if part)


def earlier(traveller: TravellerRow) -> str:
    if not traveller.bookings:
        return "first booking"
    return wording.count(traveller.bookings, "earlier booking", "earlier bookings")


def worth_knowing(traveller: TravellerRow) -> str:
    """What somebody should look at before selling: notes, and another record that is likely the same person."""
    notes = wording.count(traveller.notes, "note", "notes") if traveller.notes else ""
    alike = "likely here twice" if traveller.alike else ""
    return " · ".join(part for part in (notes, alike) if part)


class ChosenTraveller(QWidget):
    """Name and contact of who was chosen, and what is worth knowing. `opened` asks for their record."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Label("", "body_m", elide=True)
        self._contact = Label("", "small", "text_secondary", elide=True)
        self._brief = False
        self._worth_words = Label("", "small", "text", elide=True)
        self.open_button = Button(self.tr("Show"), Kind.LINK, height="control_small")
        self.open_button.clicked.connect(self.opened)
        self.worth = QWidget()
        line = QHBoxLayout(self.worth)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(Glyph("circle-alert", "wait", "icon_small"))
        line.addWidget(self._worth_words, 1)
        line.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.name)
        column.addWidget(self._contact)
        column.addWidget(self.worth)

    def set_brief(self, on: bool) -> None:
        """The name alone, while a form beside it needs the room."""
        self._brief = on
        self._show_contact()

    def show_traveller(self, row: TravellerRow) -> None:
        self.name.setText(row.name)
        self._contact.setText(contact(row))
        self._show_contact()
        worth = worth_knowing(row)
        self._worth_words.setText(worth[:1].upper() + worth[1:])
        self.worth.setVisible(bool(worth))

    def _show_contact(self) -> None:
        self._contact.setVisible(bool(self._contact.text()) and not self._brief)
