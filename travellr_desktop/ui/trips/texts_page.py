"""What a trip is: its name, place, times and texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from travellr_desktop.domain import lengths
from travellr_desktop.domain.faults import Faults
from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.trips import TripDraft
from travellr_desktop.services.vendors import VendorName
from travellr_desktop.ui.catalogue.form import FormPage
from travellr_desktop.ui.catalogue.words import duration_of, duration_text, number_of, say
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.text_box import TextBox
from travellr_desktop.ui.parts.zones import offer_zones


class TextsPage(FormPage):
    def __init__(self, pictures: QWidget) -> None:
        super().__init__(say("Texts"))
        self._vendors: dict[str, UUID] = {}
        self.body.addWidget(
            self.keep("title", Field(say("Title"), placeholder="Blue Cave and Perast", longest=lengths.TITLE))
        )
        self.vendor = Choice(say("Vendor"), [("", "–")])
        zone = Field(say("Time zone"), placeholder="Europe/Podgorica", icon="search")
        offer_zones(zone).activated.connect(lambda _: zone.edited.emit(zone.text()))
        parts = (
            self.keep("vendor_id", self.vendor),
            self.keep("code", Field(say("Code"), placeholder="BLUE-CAVE", longest=lengths.CODE)),
            self.keep("place", Field(say("Place"), placeholder="Kotor", longest=lengths.PLACE)),
            self.keep("country", Field(say("Country"), placeholder="Montenegro", longest=lengths.COUNTRY)),
            self.keep("duration_min", Field(say("Duration"), unit="h:mm", placeholder="3:00")),
            self.keep("zone", zone),
            self.keep(
                "meeting_point",
                Field(say("Meeting point"), placeholder="Riva, pier 2", longest=lengths.TITLE),
            ),
            self.keep("meet_before_min", Field(say("People meet"), unit=say("min before"), placeholder="15")),
        )
        self.body.addWidget(Columns(parts, gap=12))
        self.body.addWidget(
            self.keep(
                "languages", Field(say("Languages"), placeholder="English, German", longest=lengths.NAME)
            )
        )
        self.body.addWidget(
            self.keep("description", TextBox(say("Description"), rows=5, longest=lengths.DESCRIPTION))
        )
        included = TextBox(say("Included, a line each"), rows=3, placeholder="Guide")
        self.body.addWidget(self.keep("included", included))
        self.body.addWidget(pictures)

    def offer_vendors(self, vendors: Sequence[VendorName], *, choose: bool) -> None:
        """Who may be chosen; with `choose` nobody is, until somebody does it."""
        self._vendors = {str(each.id): each.id for each in vendors}
        nobody = [("", say("Choose the vendor"))] if choose and vendors else []
        self.vendor.offer([*nobody, *((str(each.id), each.name) for each in vendors)] or [("", "–")])

    def fill(self, draft: TripDraft, vendor_name: str) -> None:
        """`vendor_name` is offered too where it is not active any more."""
        values = {
            "title": draft.title,
            "code": draft.code,
            "place": draft.place,
            "country": draft.country,
            "duration_min": duration_text(draft.duration_min) if draft.duration_min else "",
            "zone": draft.zone,
            "meeting_point": draft.meeting_point,
            "meet_before_min": str(draft.meet_before_min),
            "languages": draft.languages,
            "description": draft.description,
            "included": "\n".join(draft.included),
        }
        for name, value in values.items():
            part = self.parts[name]
            assert isinstance(part, (Field, TextBox))
            part.set_text(value)
            if isinstance(part, Field):
                part.edit.setCursorPosition(0)
        key = str(draft.vendor_id)
        if vendor_name and key not in self._vendors:
            self._vendors[key] = draft.vendor_id
            offered = [
                (known, self.vendor.box.itemText(at))
                for at, known in enumerate(self._vendors)
                if known != key
            ]
            self.vendor.offer([*offered, (key, vendor_name)])
        if key in self._vendors:
            self.vendor.set_value(key)

    def values(self, faults: Faults) -> dict[str, Any]:
        """The draft's fields; what is none goes to `faults`."""
        found: dict[str, Any] = {
            name: self.text(name)
            for name in (
                "title",
                "code",
                "place",
                "country",
                "zone",
                "meeting_point",
                "languages",
                "description",
            )
        }
        vendor_id = self._vendors.get(self.vendor.value())
        if vendor_id is None:
            faults.add(InvalidInput(say("Choose the vendor."), hint="", field="vendor_id"))
        found["vendor_id"] = vendor_id or UUID(int=0)
        found["duration_min"] = faults.read(1, duration_of, self.text("duration_min"), "duration_min")
        meets = self.text("meet_before_min")
        found["meet_before_min"] = faults.read(0, number_of, meets, "meet_before_min")
        lines = self.text("included").splitlines()
        found["included"] = tuple(line.strip() for line in lines if line.strip())
        return found
