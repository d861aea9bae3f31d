"""One promo code beside the list, or a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from PySide6.QtWidgets import QWidget

from travellr_desktop.domain import lengths
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.percent_text import format_percent, parse_percent
from travellr_desktop.services.lists import PromoListRow
from travellr_desktop.services.promos import PromoDraft, PromoScope, checked
from travellr_desktop.ui.catalogue.form import FormPage
from travellr_desktop.ui.catalogue.panel import EditPanel, Page
from travellr_desktop.ui.catalogue.words import (
    amount_of,
    amount_text,
    number_of,
    say,
)
from travellr_desktop.ui.day_text import day_of, typed_day
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.form import Part
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.promos.columns import badge_of, word_of

_ALL = ""
_NO_DAY = date.max


@dataclass(frozen=True, slots=True)
class Loaded:
    """A code, or None for a new one, and what it can be narrowed to. Amounts are in `currency`."""

    view: PromoListRow | None
    scopes: tuple[PromoScope, ...]
    currency: str
    today: date


class PromoPage(FormPage):
    def __init__(self, locale: str) -> None:
        super().__init__(say("Promo code"))
        self._locale, self._currency = locale, "EUR"
        self._scopes: dict[str, PromoScope] = {}
        self._id: UUID | None = None
        first = Columns(
            (
                self.keep("code", Field(say("Code"), placeholder="SUMMER10", longest=lengths.CODE)),
                self.keep("most_uses", Field(say("Used at most"), unit=say("sales"), placeholder=say("any"))),
                self.keep(
                    "kind",
                    Choice(
                        say("What it takes off"),
                        [
                            (DiscountKind.PERCENT.value, say("A share of the price")),
                            (DiscountKind.AMOUNT.value, say("An amount")),
                        ],
                    ),
                ),
                self.keep("value", Field(say("Per cent"), placeholder="10")),
                self.keep("first_day", Field(say("First day"), placeholder="1.6.2026")),
                self.keep("last_day", Field(say("Last day"), placeholder="31.8.2026")),
            ),
            gap=12,
        )
        self.body.addWidget(first)
        self.body.addWidget(
            self.keep(
                "own",
                Choice(
                    say("Who bears it"),
                    [
                        ("own", say("The agency alone")),
                        ("shared", say("Shared with the vendor, by their rate")),
                    ],
                ),
            )
        )
        self.body.addWidget(self.keep("only", Choice(say("Only for"), [(_ALL, say("All trips"))])))
        self.body.addWidget(
            self.keep("name", Field(say("Note"), placeholder=say("For the newsletter"), longest=lengths.NAME))
        )
        self.stands = Label("", "small", "text_secondary", wrap=True)
        self.body.addWidget(self.stands)
        kind = self.parts["kind"]
        assert isinstance(kind, Choice)
        kind.box.currentIndexChanged.connect(lambda _: self._label_value())

    def fill(self, loaded: Loaded) -> None:
        draft = draft_of(loaded)
        self._currency, self._id = (
            loaded.currency if draft.amount is None else draft.amount.currency,
            draft.id,
        )
        self._scopes = {str(scope.id): scope for scope in loaded.scopes}
        only = self._choice("only")
        only.offer([(_ALL, say("All trips")), *((str(scope.id), scope.words) for scope in loaded.scopes)])
        at = str(draft.trip_id or draft.vendor_id or _ALL)
        only.set_value(at if at in self._scopes else _ALL)
        self._choice("kind").set_value(draft.kind.value)
        self._choice("own").set_value("own" if draft.own else "shared")
        percent = draft.kind is DiscountKind.PERCENT
        value = format_percent(draft.bps) if percent and draft.bps else ""
        if draft.amount is not None:
            value = amount_text(draft.amount.minor, draft.amount.currency, self._locale)
        for name, text in {
            "code": draft.code,
            "name": draft.name,
            "value": value,
            "first_day": typed_day(draft.first_day, self._locale),
            "last_day": typed_day(draft.last_day, self._locale),
            "most_uses": "" if draft.most_uses is None else str(draft.most_uses),
        }.items():
            field = self.parts[name]
            assert isinstance(field, Field)
            field.set_text(text)
        self.stands.setText(stands(loaded.view))
        self._label_value()

    def draft(self) -> PromoDraft:
        """Raises `InvalidInput` naming every field at fault."""
        faults = Faults()
        kind = DiscountKind(self._choice("kind").value())
        scope = self._scopes.get(self._choice("only").value())
        first = faults.read(_NO_DAY, day_of, self.text("first_day"), self._locale, "first_day")
        last = faults.read(_NO_DAY, day_of, self.text("last_day"), self._locale, "last_day")
        draft = PromoDraft(
            id=self._id,
            code=self.text("code"),
            name=self.text("name"),
            kind=kind,
            bps=0,
            amount=None,
            own=self._choice("own").value() == "own",
            first_day=last if first is _NO_DAY else first,
            last_day=first if last is _NO_DAY else last,
            most_uses=faults.read(None, self._most_uses),
            trip_id=scope.id if scope is not None and scope.is_trip else None,
            vendor_id=scope.id if scope is not None and not scope.is_trip else None,
        )
        if kind is DiscountKind.PERCENT:
            draft = replace(draft, bps=faults.read(1, parse_percent, self.text("value"), "discount"))
        else:
            draft = replace(draft, amount=faults.read(Money(1, self._currency), self._amount))
        faults.check(checked, draft)
        faults.end()
        return draft

    def fields(self) -> dict[str, Part]:
        """What is taken off is one field, whatever it is called where it is refused."""
        return {("discount" if name == "value" else name): part for name, part in self.parts.items()}

    def _most_uses(self) -> int | None:
        typed = self.text("most_uses")
        return number_of(typed, "most_uses") if typed else None

    def _amount(self) -> Money:
        minor = amount_of(self.text("value"), self._currency, self._locale, "discount")
        return Money(minor or 0, self._currency)

    def _choice(self, name: str) -> Choice:
        part = self.parts[name]
        assert isinstance(part, Choice)
        return part

    def _label_value(self) -> None:
        field = self.parts["value"]
        assert isinstance(field, Field)
        percent = self._choice("kind").value() == DiscountKind.PERCENT.value
        field.set_label(say("Per cent") if percent else say("Amount in {0}").format(self._currency))


class PromoPanel(EditPanel):
    def __init__(self, locale: str, parent: QWidget | None = None) -> None:
        self.form = PromoPage(locale)
        pages: Sequence[Page] = [Page("promo", say("Promo code"), self.form)]
        super().__init__(say("Promo code"), pages, parent)

    def show_promo(self, loaded: Loaded) -> None:
        assert loaded.view is not None
        self.form.fill(loaded)
        state = loaded.view.state(loaded.today)
        badge = Badge(badge_of(state), word=word_of(state))
        self.begin(loaded.view.code, badge, loaded.view.where, new=False, save=say("Save"))

    def show_new(self, loaded: Loaded) -> None:
        self.form.fill(loaded)
        self.begin(say("New code"), None, "", new=True, save=say("Add the code"))


def draft_of(loaded: Loaded) -> PromoDraft:
    """The draft that a code was made from; for a new one a tenth for a month from today."""
    view = loaded.view
    if view is None:
        last = date.fromordinal(loaded.today.toordinal() + 30)
        return PromoDraft("", DiscountKind.PERCENT, loaded.today, last)
    return PromoDraft(
        id=view.id,
        code=view.code,
        name=view.name,
        kind=view.kind,
        bps=view.bps,
        amount=view.amount,
        own=view.own,
        first_day=view.first_day,
        last_day=view.last_day,
        most_uses=view.most_uses,
        trip_id=view.trip_id,
        vendor_id=view.vendor_id,
    )


def stands(view: PromoListRow | None) -> str:
    """How often it was used, and what a change does not touch."""
    if view is None or not view.uses:
        return say("No sale has used it yet.")
    used = (
        say("1 sale has used it.")
        if view.uses == 1
        else say("{0} sales have used it.").format(f"{view.uses:,}")
    )
    return f"{used} {say('What was sold with it stays as it was.')}"
