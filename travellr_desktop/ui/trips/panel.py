"""One trip beside the list, or a new one: texts, prices, terms, departures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.faults import Faults
from travellr_desktop.services.lists import DepartureListRow
from travellr_desktop.services.pictures import PictureView
from travellr_desktop.services.timetable import SeriesView
from travellr_desktop.services.trip_drafts import checked
from travellr_desktop.services.trips import TripDetail, TripDraft
from travellr_desktop.services.vendors import VendorName
from travellr_desktop.ui.catalogue.panel import EditPanel, Page
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.trips.departures_page import DeparturesPage
from travellr_desktop.ui.trips.pictures_box import PicturesBox
from travellr_desktop.ui.trips.prices_page import PricesPage
from travellr_desktop.ui.trips.terms_page import TermsPage
from travellr_desktop.ui.trips.texts_page import TextsPage
from travellr_desktop.ui.vendors.columns import badge_of, word_of


@dataclass(frozen=True, slots=True)
class ShownTrip:
    """Everything that the panel shows of a trip; `total` departures are to come, `coming` are the first of them."""

    detail: TripDetail
    vendors: tuple[VendorName, ...]
    pictures: tuple[PictureView, ...]
    series: tuple[SeriesView, ...]
    coming: tuple[DepartureListRow, ...]
    total: int
    images: tuple[QImage, ...] = field(default=(), compare=False)
    """What is shown of the pictures."""

    @property
    def id(self) -> UUID:
        return self.detail.id


class TripPanel(EditPanel):
    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        self.pictures = PicturesBox()
        self.texts = TextsPage(self.pictures)
        self.prices = PricesPage(formats.locale)
        self.terms = TermsPage(formats)
        self.departures = DeparturesPage(formats)
        pages = [
            Page("texts", say("Texts"), self.texts),
            Page("prices", say("Prices"), self.prices),
            Page("terms", say("Terms"), self.terms),
            Page("departures", say("Departures"), self.departures),
        ]
        super().__init__(say("Trip"), pages, parent)

    def show_trip(self, shown: ShownTrip) -> None:
        detail = shown.detail
        self._fill_pages(detail.draft, shown.vendors, detail.vendor_name, kept_words(detail), new=False)
        self.show_beside(shown)
        badge = Badge(badge_of(detail.active), word=word_of(detail.active))
        self.begin(detail.draft.title, badge, detail.vendor_name, new=False, save=say("Save"))

    def show_beside(self, shown: ShownTrip) -> None:
        """What is kept at once and not with the form: pictures and departures."""
        self.pictures.show_pictures(shown.pictures, shown.images)
        self.departures.show_departures(shown.series, shown.coming, shown.total)

    def show_new(self, draft: TripDraft, vendors: Sequence[VendorName]) -> None:
        self._fill_pages(draft, vendors, "", "", new=True)
        self.pictures.show_none_yet()
        self.departures.show_none_yet()
        self.begin(say("New trip"), None, "", new=True, save=say("Add the trip"))

    def _fill_pages(
        self, draft: TripDraft, vendors: Sequence[VendorName], vendor_name: str, kept: str, *, new: bool
    ) -> None:
        self.texts.offer_vendors(vendors, choose=new)
        self.texts.fill(draft, vendor_name)
        self.prices.fill(draft, kept)
        self.terms.fill(draft.policy, draft.currency, kept)

    def draft(self) -> TripDraft:
        """What was typed. Raises `InvalidInput` naming every field at fault."""
        faults = Faults()
        prices = self.prices.values(faults)
        policy = self.terms.value(prices["currency"], faults)
        draft = TripDraft(**self.texts.values(faults), **prices, policy=policy)
        faults.check(checked, draft)
        faults.end()
        return draft


def kept_words(detail: TripDetail) -> str:
    """What a change does not touch."""
    if not detail.frozen:
        return ""
    kept = say(
        "Bookings made until now ({0}) stay with the price, tax and terms of then; changes are for new ones."
    )
    return kept.format(f"{detail.frozen:,}")
