"""The two forms of a full departure: somebody who waits, and seats beyond those there are."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.departure_views import Offer
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.stepper import Stepper

TEXT_LENGTH = 500
MOST_SEATS = 99


class FullForm(QWidget):
    """A field, a button, a way back, and words on what follows. `sent` is the button, or Enter in the field."""

    sent = Signal()
    left = Signal()

    def __init__(self, field: Field, button: Button, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field, self.button = field, button
        self.field.edit.setMaxLength(TEXT_LENGTH)
        self.refusal = Note("bad", "")
        self.refusal.hide()
        self.words = Label("", "small", "text_secondary", wrap=True)
        self.cancel = Button(self.tr("Cancel"), Kind.QUIET, key="Esc", height="control_decision")
        self.before = QHBoxLayout()
        self.before.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(self.before)
        row.addWidget(field, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(button)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(self.refusal)
        column.addLayout(buttons)
        button.clicked.connect(self._send)
        field.entered.connect(self._send)
        field.edited.connect(lambda _text: self.forget_refusal())
        self.cancel.clicked.connect(self.left)

    def refuse(self, refusal: Refusal) -> None:
        """Beside its field, or above the buttons."""
        if refusal.field in ("reason", "note"):
            self.field.set_error(str(refusal))
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.refusal.say("bad", str(refusal), refusal.hint)
            self.refusal.show()

    def forget_refusal(self) -> None:
        self.field.set_error(None)
        self.refusal.hide()

    def say(self, words: str, *, why: str = "") -> None:
        """What follows, or why it cannot be done."""
        if not self.button.busy:
            self.button.set_off(why or None)
        self.words.setText(why or words)
        self.words.set_tone("wait" if why else "text_secondary")

    def _send(self) -> None:
        if self.button.isEnabled():
            self.forget_refusal()
            self.sent.emit()


class WaitForm(FullForm):
    def __init__(self, parent: QWidget | None = None) -> None:
        note = Field(self.tr("Note for the waiting list"), placeholder="Any time of the day will do")
        button = Button(self.tr("Put on the list"), icon="users", key="Enter", height="control_decision")
        super().__init__(note, button, parent)
        self.setAccessibleName(self.tr("Waiting list"))

    def show_for(self, offer: Offer, traveller: TravellerRow | None) -> None:
        if traveller is None:
            self.say("", why=self.tr("Choose the traveller first, with F4."))
            return
        before = wording.count(offer.waiting, "party waits", "parties wait")
        words = self.tr("{0}, {1}. Offered when seats come free.")
        if offer.waiting:
            words = self.tr("{0}, {1}. {2} before them.")
        self.say(words.format(traveller.name, wording.party(offer.party), before))


class OverbookForm(FullForm):
    def __init__(self, parent: QWidget | None = None) -> None:
        reason = Field(self.tr("Reason"), placeholder="The captain takes two more")
        button = Button(self.tr("Overbook"), icon="triangle-alert", key="Enter", height="control_decision")
        super().__init__(reason, button, parent)
        self.setAccessibleName(self.tr("Overbook"))
        self.seats = Stepper(self.tr("Seats beyond"), 1, minimum=1, maximum=MOST_SEATS)
        self.before.addWidget(self.seats, 0, Qt.AlignmentFlag.AlignBottom)
        self._offer: Offer | None = None
        self.seats.changed.connect(lambda _value: self._say())

    def begin(self, offer: Offer) -> None:
        """Ask for as many as the party lacks."""
        self.seats.set_value(min(max(offer.seats - offer.row.within_reach, 1), MOST_SEATS))
        self.field.set_text("")
        self.forget_refusal()
        self.show_for(offer)

    def show_for(self, offer: Offer) -> None:
        self._offer = offer
        self._say()

    def _say(self) -> None:
        offer = self._offer
        if offer is None:
            return
        words = self.tr("{0} on {1}. The reason stays in the books.")
        words = words.format(
            wording.seat_count(offer.row.capacity + offer.row.allowed + self.seats.value()),
            offer.row.capacity,
        )
        if offer.waiting:
            waits = wording.count(offer.waiting, "party waits", "parties wait")
            words = self.tr("{0}: they are offered these seats first.").format(waits)
        self.say(words)
