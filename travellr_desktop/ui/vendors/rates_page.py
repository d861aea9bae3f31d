"""The agency's share as it was agreed with a vendor from a day on, for one trip or for all."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal

from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.percent_text import format_percent, parse_percent
from travellr_desktop.services.lists import TripListRow
from travellr_desktop.services.rates import RateDraft, RateRow, RateStanding, VendorRates
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.day_text import typed_day
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.vendors.side_page import SidePage, take_back

_ALL = ""
_EXAMPLE = date(2026, 7, 1)


class RatesPage(SidePage):
    take_back_asked = Signal(object)
    """The `RateRow` that has not begun and is not agreed after all."""

    def __init__(self, locale: str) -> None:
        super().__init__(say("Rates"), locale)
        self._vendor: UUID | None = None
        self.stands = Label("", "body", wrap=True)
        self.sheet = Sheet(
            say("Rates"),
            (
                SheetColumn(say("From")),
                SheetColumn(say("For"), stretch=1),
                SheetColumn(say("Share"), trailing=True),
                SheetColumn(""),
            ),
        )
        self.trip = Choice(say("For"), [(_ALL, say("All trips"))])
        self.body.addWidget(self.stands)
        self.body.addWidget(self.sheet)
        self.add_form(
            say("Agree another share"),
            {
                "bps": Field(say("Agency's share"), unit="%", placeholder="15", longest=12),
                "from_day": Field(
                    say("For what is sold from"),
                    placeholder=typed_day(_EXAMPLE, locale),
                    longest=20,
                ),
                "trip_id": self.trip,
                "note": Field(say("Note"), placeholder=say("By phone with Ana"), longest=300),
            },
            say("Agree"),
        )

    def show_rates(self, vendor_id: UUID, rates: VendorRates, trips: tuple[TripListRow, ...]) -> None:
        now = say("What is sold today has {0} % for the agency, where its trip has no rate of its own.")
        self.stands.setText(now.format(format_percent(rates.now_bps)))
        self.sheet.clear()
        for row in rates.rows:
            name = row.title or say("All trips")
            button = None
            if row.standing is RateStanding.COMING:
                button = take_back(name)
                button.clicked.connect(partial(self.take_back_asked.emit, row))
            self.sheet.add(
                [
                    Says(typed_day(row.from_day, self.spoken), self._word(row)),
                    Says(name, " · ".join(part for part in (row.note, row.by) if part)),
                    Says(f"{format_percent(row.bps)} %"),
                    button,
                ]
            )
        self.sheet.setVisible(bool(rates.rows))
        chosen = self.trip.value() if self._vendor == vendor_id else _ALL
        self._vendor = vendor_id
        offered = [(_ALL, say("All trips")), *((str(trip.id), trip.title) for trip in trips)]
        self.trip.offer(offered)
        if chosen in {key for key, _ in offered}:
            self.trip.set_value(chosen)

    def draft(self, vendor_id: UUID) -> RateDraft:
        """What was typed. Raises `InvalidInput` naming every field at fault."""
        faults = Faults()
        draft = RateDraft(
            vendor_id=vendor_id,
            bps=faults.read(0, parse_percent, self.own_text("bps"), "bps"),
            from_day=faults.read(_EXAMPLE, self.day, "from_day"),
            trip_id=UUID(self.own_text("trip_id")) if self.own_text("trip_id") else None,
            note=self.own_text("note"),
        )
        faults.end()
        return draft

    def agreed(self) -> None:
        """The short form is as it began."""
        self.forget("bps", "from_day", "note")

    def _word(self, row: RateRow) -> str:
        return {
            RateStanding.COMING: say("to come"),
            RateStanding.IN_FORCE: say("holds now"),
            RateStanding.OVER: say("over"),
        }[row.standing]
