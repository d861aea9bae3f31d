"""The first start: make the agency and its admin, or open the demo agency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import Qt, QTimeZone, Signal
from PySide6.QtWidgets import QCompleter, QGridLayout, QHBoxLayout, QListView, QVBoxLayout, QWidget

from travellr_desktop.domain.money import CURRENCIES
from travellr_desktop.domain.periods import zone as known_zone
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.ui.background import Background, Progress, Task
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider
from travellr_desktop.ui.people import People, SignedIn
from travellr_desktop.ui.signin.card import Card

WIDTH = 680
FIRST_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "RSD", "BAM", "SEK", "NOK", "DKK", "PLN", "CZK", "TRY")


class DemoReady(Protocol):
    """The demo agency is there; with these its agent signs in."""

    @property
    def email(self) -> str: ...

    @property
    def password(self) -> str: ...


OpenDemo = Callable[[Task], DemoReady]


class FirstStartCard(Card):
    signed_in = Signal(object)
    """A `SignedIn`: the admin who was just made."""
    demo_ready = Signal(object)
    """A `DemoReady`."""
    central_wanted = Signal()
    """The agency is there already, at a central database."""

    def __init__(
        self, people: People, background: Background, open_demo: OpenDemo | None, parent: QWidget
    ) -> None:
        super().__init__("", width=WIDTH, parent=parent)
        self._people = people
        self._background = background
        self._open_demo = open_demo
        self.title.setText(self.tr("Set up your agency"))
        self.set_second(
            self.tr("You become its first admin. All but the currency can be changed later, under Settings.")
        )
        self.agency_name = Field(self.tr("Agency"), placeholder="Kotor Riva", parent=self)
        self.zone = Field(self.tr("Time zone"), text=_own_zone(), placeholder="Europe/Podgorica", parent=self)
        self.currency = ComboBox(self.tr("Currency"), _currencies(), parent=self)
        self.desk_name = Field(self.tr("This desk"), text=self.tr("Desk 1"), parent=self)
        self.name = Field(self.tr("Your name"), placeholder="Ana Vuković", parent=self)
        self.email = Field(self.tr("Email"), placeholder="ana@example.com", parent=self)
        self.password = Field(self.tr("Password"), password=True, parent=self)
        self.password.set_note(self.tr("10 characters or more"))
        self.problem = Label("", "small", "bad", wrap=True, parent=self)
        self.button = Button(
            self.tr("Create the agency"), Kind.PRIMARY, key="Enter", height="control_primary", parent=self
        )
        self.demo = Button(
            self.tr("Open the demo agency"), Kind.PLAIN, height="control_decision", parent=self
        )
        self.demo_words = Label("", "small", "text_secondary", wrap=True, parent=self)
        self.central = Button(
            self.tr("Join an agency"), Kind.PLAIN, icon="database", height="control_decision", parent=self
        )
        self.central.clicked.connect(self.central_wanted)
        self._complete_zones()
        self._lay_out()
        for field in self._fields().values():
            field.edit.setMaxLength(256)
            field.edited.connect(lambda _, field=field: field.set_error(None))
            field.entered.connect(self.submit)
        self.button.clicked.connect(self.submit)
        self.demo.clicked.connect(self._start_demo)

    def begin(self) -> None:
        self.agency_name.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Create the agency, if every field says something."""
        self._show_problem("")
        if self._missing():
            return
        typed = {name: field.text().strip() for name, field in self._fields().items()}
        typed["password"] = self.password.text()
        typed["currency"] = self.currency.currentText()
        self._background.run(
            self,
            lambda _: self._create(typed),
            words=self.tr("Creating the agency"),
            key="first start",
            button=self.button,
            done=self._made,
            refused=self._refused,
        )

    def _create(self, typed: Mapping[str, str]) -> SignedIn:
        """In the background, where the services may be imported."""
        from travellr_desktop.services.users import FirstAdmin

        return self._people.create_first_admin(FirstAdmin(**typed))

    def _missing(self) -> bool:
        asks = {
            "agency_name": self.tr("Enter the agency's name."),
            "zone": self.tr("Enter the time zone, such as Europe/Podgorica."),
            "desk_name": self.tr("Enter the name of this desk."),
            "name": self.tr("Enter your name."),
            "email": self.tr("Enter your email."),
            "password": self.tr("Enter a password."),
        }
        empty = [name for name, field in self._fields().items() if not field.text().strip()]
        for name in empty:
            self._fields()[name].set_error(asks[name])
        if not empty and not self._zone_known():
            empty = ["zone"]
        if empty:
            self._fields()[empty[0]].edit.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(empty)

    def _zone_known(self) -> bool:
        try:
            known_zone(self.zone.text().strip())
        except InvalidInput as refusal:
            self.zone.set_error(str(refusal))
            return False
        return True

    def _made(self, signed_in: SignedIn) -> None:
        self.password.set_text("")
        self.signed_in.emit(signed_in)

    def _refused(self, refusal: Refusal) -> None:
        field = self._fields().get(refusal.field or "")
        if field is None:
            self._show_problem(f"{refusal} {refusal.hint}".strip())
            return
        field.set_error(f"{refusal} {refusal.hint}".strip() if refusal.field == "password" else str(refusal))
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_problem(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    # the demo

    def _start_demo(self) -> None:
        if self._open_demo is None:
            return
        started = self._background.run(
            self,
            self._open_demo,
            words=self.tr("Making the demo agency"),
            key="first start",
            button=self.demo,
            done=self.demo_ready.emit,
            refused=lambda refusal: self._show_problem(f"{refusal} {refusal.hint}".strip()),
            progress=self._demo_progress,
            ended=self._demo_ended,
        )
        if started is not None and started.running:
            self.button.set_off(self.tr("The demo agency is being made"))
            self.central.set_off(self.tr("The demo agency is being made"))

    def _demo_progress(self, progress: Progress) -> None:
        if progress.total:
            words = self.tr("{0} of {1} {2}").format(progress.done, progress.total, progress.words)
            self.demo_words.setText(words.strip())

    def _demo_ended(self) -> None:
        self.button.set_off(None)
        self.central.set_off(None)
        self.demo_words.setText(self._demo_says())

    def _demo_says(self) -> str:
        return self.tr("40 vendors, 120 trips and half a year of departures to try things on.")

    # building

    def _fields(self) -> dict[str, Field]:
        return {
            "agency_name": self.agency_name,
            "zone": self.zone,
            "desk_name": self.desk_name,
            "name": self.name,
            "email": self.email,
            "password": self.password,
        }

    def _complete_zones(self) -> None:
        names = sorted(str(name, "ascii") for name in _zone_names())
        completer = QCompleter(names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(8)
        popup = QListView()
        popup.setProperty("part", "choices")
        completer.setPopup(popup)
        self.zone.edit.setCompleter(completer)

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(24)
        currency = QWidget(self)
        of_currency = QVBoxLayout(currency)
        of_currency.setContentsMargins(0, 0, 0, 0)
        of_currency.setSpacing(4)
        of_currency.addWidget(Label(self.tr("Currency"), "small_m", "text_secondary", parent=currency))
        of_currency.addWidget(self.currency)
        of_currency.addStretch(1)
        books = QWidget(self)
        beside = QHBoxLayout(books)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(12)
        beside.addWidget(currency)
        beside.addWidget(self.desk_name, 1)
        for heading, widgets in (
            (self.tr("The agency"), (self.agency_name, self.zone, books)),
            (self.tr("You"), (self.name, self.email, self.password)),
        ):
            column = QVBoxLayout()
            column.setSpacing(12)
            column.addWidget(Label(heading, "lead", parent=self))
            for widget in widgets:
                column.addWidget(widget)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.body.addLayout(columns)
        self.body.addSpacing(16)
        self.body.addWidget(self.problem)
        self.problem.hide()
        self.body.addWidget(self.button)
        self.body.addSpacing(16)
        self.body.addWidget(Divider(parent=self))
        self.body.addSpacing(12)
        others = QGridLayout()
        others.setHorizontalSpacing(12)
        others.setVerticalSpacing(8)
        others.setColumnStretch(1, 1)
        says = Label(
            self.tr(
                "It has a central database: this desk takes everything from there, and sells the same seats."
            ),
            "small",
            "text_secondary",
            wrap=True,
            parent=self,
        )
        others.addWidget(self.central, 0, 0)
        others.addWidget(says, 0, 1)
        if self._open_demo is None:
            self.demo.hide()
            self.demo_words.hide()
        else:
            others.addWidget(self.demo, 1, 0)
            others.addWidget(self.demo_words, 1, 1)
            self.demo_words.setText(self._demo_says())
        self.body.addLayout(others)
        self.setTabOrder(self.central, self.demo)


def _own_zone() -> str:
    return str(QTimeZone.systemTimeZoneId().data(), "ascii")


def _zone_names() -> list[bytes]:
    """IANA names with a place in them, without those that only older files know."""
    names = [bytes(name.data()) for name in QTimeZone.availableTimeZoneIds()]
    return [name for name in names if b"/" in name and not name.startswith((b"Etc/", b"SystemV/"))]


def _currencies() -> list[str]:
    others = sorted(set(CURRENCIES) - set(FIRST_CURRENCIES))
    return [*FIRST_CURRENCIES, *others]
