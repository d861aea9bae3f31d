"""What a trip costs: a price per type of traveller, seasons with prices of their own, tax and deposit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain import lengths
from travellr_desktop.domain.dues import check_balance_days
from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.money import CURRENCIES
from travellr_desktop.domain.party import TAKES_SEAT, TravellerType
from travellr_desktop.domain.percent_text import format_percent, parse_percent
from travellr_desktop.services.trips import SeasonDraft, TripDraft
from travellr_desktop.ui.catalogue.form import FormPage
from travellr_desktop.ui.catalogue.words import (
    amount_of,
    amount_text,
    say,
)
from travellr_desktop.ui.day_text import day_of, typed_day
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.form import Part, follow
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Card, Section
from travellr_desktop.ui.theme import Theme

TYPES: dict[TravellerType, str] = {
    TravellerType.ADULT: "Adult",
    TravellerType.CHILD: "Child",
    TravellerType.INFANT: "Infant",
}


_EXAMPLE = date(2026, 7, 1)
_NO_DAY = date.max


class SeasonCard(Card):
    """One season: its name, days and prices. A type without a price of its own pays the trip's."""

    def __init__(self, page: PricesPage, draft: SeasonDraft | None) -> None:
        super().__init__()
        self._page = page
        locale, currency = page.writes, page.currency
        prices: Mapping[TravellerType, int] = {} if draft is None else draft.prices
        example = typed_day(_EXAMPLE, locale)
        self.name = Field(
            say("Season"),
            text=draft.name if draft else "",
            placeholder=say("High season"),
            longest=lengths.NAME,
        )
        self.first = Field(
            say("First day"), text=typed_day(draft.first_day, locale) if draft else "", placeholder=example
        )
        self.last = Field(
            say("Last day"), text=typed_day(draft.last_day, locale) if draft else "", placeholder=example
        )
        self.prices = {
            kind: Field(
                say("{0}, {1}").format(say(TYPES[kind]), currency),
                text=amount_text(prices.get(kind), currency, locale),
                placeholder=say("as ever"),
            )
            for kind in TravellerType
        }
        away = IconButton("x", say("Remove the season"))
        away.clicked.connect(lambda: page.drop(self))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(away, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(_side_by_side(self.first, self.last))
        column.addLayout(_side_by_side(*self.prices.values()))
        for field in self.fields().values():
            follow(field, page.edited.emit, page.entered.emit)

    def fields(self) -> dict[str, Field]:
        """By what refusals call them, after the season's own name."""
        prices = {kind.value: field for kind, field in self.prices.items()}
        return {"name": self.name, "first": self.first, "last": self.last, **prices}

    def draft(self, where: str, faults: Faults) -> SeasonDraft:
        """What is wrong goes to `faults`, under `where` and the name of the field."""
        locale, currency = self._page.writes, self._page.currency
        amounts = {
            kind: faults.read(0, amount_of, field.text(), currency, locale, f"{where}.{kind.value}")
            for kind, field in self.prices.items()
        }
        first = faults.read(_NO_DAY, day_of, self.first.text(), locale, f"{where}.first")
        last = faults.read(_NO_DAY, day_of, self.last.text(), locale, f"{where}.last")
        days = [day for day in (first, last) if day is not _NO_DAY] or [_NO_DAY]
        prices = {kind: amount for kind, amount in amounts.items() if amount is not None}
        return SeasonDraft(self.name.text().strip(), days[0], days[-1], prices)


class PricesPage(FormPage):
    """Amounts are in `currency`, which is chosen here."""

    def __init__(self, locale: str) -> None:
        super().__init__(say("Prices"))
        self.writes = locale
        self.seasons: list[SeasonCard] = []
        self.kept = Label("", "small", "text_secondary", wrap=True)
        self.money = self.keep(
            "currency", Choice(say("Currency"), [(code, code) for code in sorted(CURRENCIES)])
        )
        self.prices: dict[TravellerType, Field] = {}
        self.sits: dict[TravellerType, CheckBox] = {}
        rows: list[QWidget] = []
        for kind, word in TYPES.items():
            price = self.keep(f"prices.{kind.value}", Field(say(word), placeholder=say("not taken")))
            sits = self.keep(f"sits.{kind.value}", CheckBox(say("Takes a seat"), checked=TAKES_SEAT[kind]))
            self.prices[kind], self.sits[kind] = price, sits
            rows += [price, _beside_field(sits)]
        self.body.addWidget(self.kept)
        self.body.addWidget(Columns(rows, gap=12))
        others = (
            self.keep("tax_bps", Field(say("Tax within the price"), unit="%", placeholder="21")),
            self.keep("deposit_bps", Field(say("Deposit"), unit="%", placeholder="30")),
            self.keep(
                "balance_days", Field(say("The rest is due"), unit=say("days before"), placeholder="30")
            ),
            self.money,
        )
        self.body.addWidget(Columns(others, gap=12))
        add = Button(say("Add a season"), Kind.QUIET, icon="plus", height="control_small")
        add.clicked.connect(self._ask_season)
        self.section = Section(say("Seasons"), action=add)
        self.nothing = Label(
            say("No season: the same price on every day."), "small", "text_secondary", wrap=True
        )
        self.section.body.addWidget(self.nothing)
        self.body.addWidget(self.section)
        self.money.box.currentIndexChanged.connect(self._units)
        self._units()

    @property
    def currency(self) -> str:
        return self.money.value()

    def _units(self) -> None:
        for kind, field in self.prices.items():
            field.set_label(f"{say(TYPES[kind])}, {self.currency}")

    # filling

    def fill(self, draft: TripDraft, kept: str) -> None:
        """`kept` says what stays as it is for bookings already made."""
        self.kept.setText(kept)
        self.kept.setVisible(bool(kept))
        self.money.set_value(draft.currency)
        for kind, field in self.prices.items():
            field.set_text(amount_text(draft.prices.get(kind), draft.currency, self.writes))
            self.sits[kind].setChecked(draft.takes_seat.get(kind, TAKES_SEAT[kind]))
        for name, bps in (("tax_bps", draft.tax_bps), ("deposit_bps", draft.deposit_bps)):
            part = self.parts[name]
            assert isinstance(part, Field)
            part.set_text(format_percent(bps))
        days = self.parts["balance_days"]
        assert isinstance(days, Field)
        days.set_text(str(draft.balance_days))
        for season in list(self.seasons):
            self._take_away(season)
        for each in draft.seasons:
            self.add_season(each, told=False)
        self.nothing.setVisible(not self.seasons)

    def _ask_season(self) -> None:
        card = self.add_season()
        card.name.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.added.emit(card)

    def add_season(self, draft: SeasonDraft | None = None, *, told: bool = True) -> SeasonCard:
        card = SeasonCard(self, draft)
        self.seasons.append(card)
        self.section.body.addWidget(card)
        card.show()
        self.nothing.hide()
        if told:
            self.edited.emit()
        return card

    def drop(self, card: SeasonCard) -> None:
        """Take a season away; it is gone once the trip is saved."""
        at = self.seasons.index(card)
        self._take_away(card)
        self.nothing.setVisible(not self.seasons)
        rest: QWidget = self.seasons[min(at, len(self.seasons) - 1)].name if self.seasons else self.section
        rest.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _take_away(self, card: SeasonCard) -> None:
        self.seasons.remove(card)
        self.section.body.removeWidget(card)
        card.hide()
        card.deleteLater()

    # what was typed

    def fields(self) -> dict[str, Part]:
        found = super().fields()
        for number, card in enumerate(self.seasons):
            found |= {f"seasons.{number}.{name}": field for name, field in card.fields().items()}
        return found

    def values(self, faults: Faults) -> dict[str, Any]:
        """The draft's fields; what is none goes to `faults`."""
        amounts = {
            kind: faults.read(0, amount_of, field.text(), self.currency, self.writes, f"prices.{kind.value}")
            for kind, field in self.prices.items()
        }
        prices = {kind: amount for kind, amount in amounts.items() if amount is not None}
        return {
            "currency": self.currency,
            "prices": prices,
            "takes_seat": {kind: self.sits[kind].isChecked() for kind in prices},
            "tax_bps": faults.read(0, parse_percent, self.text("tax_bps"), "tax_bps"),
            "deposit_bps": faults.read(0, parse_percent, self.text("deposit_bps"), "deposit_bps"),
            "balance_days": faults.read(0, _days, self.text("balance_days")),
            "seasons": tuple(
                card.draft(f"seasons.{number}", faults) for number, card in enumerate(self.seasons)
            ),
        }


def _days(text: str) -> int:
    """Raises `InvalidInput`."""
    typed = text.strip()
    return check_balance_days(int(typed) if typed.isascii() and typed.isdigit() else -1)


def _beside_field(part: QWidget) -> QWidget:
    """As low as the frame of a field beside it, below the field's label."""
    place = QWidget()
    column = QVBoxLayout(place)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(Label(" ", "small_m"))
    part.setMinimumHeight(Theme.current().size("control"))
    column.addWidget(part)
    return place


def _side_by_side(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
    return row
