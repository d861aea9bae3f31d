"""What the offer says of a departure without room for the party: what to take instead, waiting, overbooking."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.services.departure_views import Alternatives, Offer
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.desk.full_forms import FullForm, OverbookForm, WaitForm
from travellr_desktop.ui.desk.instead import Instead
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.label import Label


class FullPane(QWidget):
    """`go(Alternative)`, `join(note)` and `allow(seats, reason)` are what the person asks for."""

    go = Signal(object)
    join = Signal(str)
    allow = Signal(int, str)

    def __init__(self, formats: Formats, *, may_overbook: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._may_overbook = may_overbook
        self._offer: Offer | None = None
        self._traveller: TravellerRow | None = None
        self.instead = Instead(formats)
        self.wait = Button(self.tr("Waiting list"), icon="users", key="W", height="control_decision")
        self.overbook = Button(self.tr("Overbook"), icon="triangle-alert", height="control_decision")
        self._why = Label("", "small", "text_secondary", wrap=True)
        self.wait_form, self.overbook_form = WaitForm(), OverbookForm()
        self._forms: tuple[FullForm, ...] = (self.wait_form, self.overbook_form)
        self._build()
        self.instead.chosen.connect(self.go)
        self.wait.clicked.connect(self.open_wait)
        self.overbook.clicked.connect(self.open_overbook)
        self.wait_form.sent.connect(lambda: self.join.emit(self.wait_form.field.text()))
        self.overbook_form.sent.connect(self._allow)
        for form in self._forms:
            form.left.connect(self.close_form)

    # content

    @property
    def offer(self) -> Offer | None:
        return self._offer

    @property
    def form(self) -> FullForm | None:
        """The form that is open."""
        return next((form for form in self._forms if not form.isHidden()), None)

    def show_offer(self, offer: Offer | None) -> None:
        """An offer without room for its party; the same read again leaves an open form as it is."""
        before, self._offer = self._offer, offer
        if offer is None:
            self.close_form()
            return
        if before is None or (before.row.id, before.party) != (offer.row.id, offer.party):
            self.instead.show_alternatives(None)
            self.close_form()
        why = self._why_not_overbook(offer)
        self.overbook.set_off(why or None)
        said = [offer.why_not or ""]
        if offer.waiting:
            waits = wording.count(offer.waiting, "party waits", "parties wait")
            said.append(self.tr("{0} for it.").format(waits))
        self._why.setText(" ".join([*said, why]).strip())
        self._show_forms()

    def show_alternatives(self, found: Alternatives) -> None:
        self.instead.show_alternatives(found, self._offer)

    def show_traveller(self, traveller: TravellerRow | None) -> None:
        self._traveller = traveller
        self._show_forms()

    def set_low(self, low: bool) -> None:
        self.instead.set_low(low)

    def open_wait(self) -> None:
        """Ask for what the waiting list needs to know."""
        if self._offer is not None:
            self.wait_form.field.set_text("")
            self.wait_form.forget_refusal()
            self._open(self.wait_form)

    def open_overbook(self) -> None:
        if self._offer is not None and self.overbook.isEnabled():
            self.overbook_form.begin(self._offer)
            self._open(self.overbook_form)

    def close_form(self) -> bool:
        """Back to the buttons; says whether a form was open."""
        form = self.form
        if form is None:
            return False
        focus = QApplication.focusWidget()
        held_focus = focus is not None and form.isAncestorOf(focus)
        self._turn_to(None)
        if held_focus:
            self.wait.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # inside

    def _build(self) -> None:
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(8)
        foot.addWidget(self.wait)
        foot.addWidget(self.overbook)
        foot.addSpacing(4)
        foot.addWidget(self._why, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.instead)
        for part in (self._foot, *self._forms):
            column.addWidget(part)
        self._turn_to(None)

    def _turn_to(self, form: FullForm | None) -> None:
        """A form stands in the place of the buttons, and of what could be had instead."""
        self._foot.setVisible(form is None)
        self.instead.setVisible(form is None)
        for each in self._forms:
            each.setVisible(each is form)

    def _open(self, form: FullForm) -> None:
        self._turn_to(form)
        self._show_forms()
        form.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_forms(self) -> None:
        if self._offer is not None:
            self.wait_form.show_for(self._offer, self._traveller)
            self.overbook_form.show_for(self._offer)

    def _allow(self) -> None:
        self.allow.emit(self.overbook_form.seats.value(), self.overbook_form.field.text())

    def _why_not_overbook(self, offer: Offer) -> str:
        if offer.row.numbered:
            return self.tr("Numbered seats cannot be overbooked: there is no seat to sit on.")
        if not self._may_overbook:
            return self.tr("A manager may overbook it.")
        return ""
