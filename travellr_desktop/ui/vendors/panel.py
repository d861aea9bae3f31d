"""One vendor beside the list, or a new one."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from PySide6.QtWidgets import QWidget

from travellr_desktop.domain import lengths
from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.percent_text import format_percent, parse_percent
from travellr_desktop.services.catalogue import counted
from travellr_desktop.services.lists import TripListRow
from travellr_desktop.services.rates import VendorRates
from travellr_desktop.services.vendor_drafts import TermsDraft
from travellr_desktop.services.vendor_terms import BalancesAt, VendorTerms
from travellr_desktop.services.vendors import VendorDetail, VendorDraft, checked
from travellr_desktop.ui.catalogue.form import FormPage
from travellr_desktop.ui.catalogue.panel import EditPanel, Page
from travellr_desktop.ui.catalogue.words import number_of, say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.vendors.columns import badge_of, word_of
from travellr_desktop.ui.vendors.paid_page import PaidPage
from travellr_desktop.ui.vendors.papers_page import PapersPage
from travellr_desktop.ui.vendors.rates_page import RatesPage
from travellr_desktop.ui.vendors.standing_page import StandingPage


class VendorPage(FormPage):
    def __init__(self) -> None:
        super().__init__(say("Vendor"))
        self.body.addWidget(
            self.keep("name", Field(say("Name"), placeholder="Bokeška Plovidba", longest=lengths.TITLE))
        )
        first = Columns(
            (
                self.keep("commission_bps", Field(say("Agency's share"), unit="%", placeholder="20")),
                self.keep(
                    "holdback_days", Field(say("Holdback after the trip"), unit=say("days"), placeholder="2")
                ),
            ),
            gap=12,
        )
        self.body.addWidget(first)
        second = Columns(
            (
                self.keep(
                    "email", Field(say("Email"), placeholder="office@example.com", longest=lengths.EMAIL)
                ),
                self.keep("phone", Field(say("Phone"), placeholder="+382 32 555 100", longest=lengths.PHONE)),
                self.keep(
                    "legal",
                    Field(
                        say("Legal name and address"),
                        placeholder="Boka d.o.o., Riva 1",
                        longest=lengths.LEGAL,
                    ),
                ),
                self.keep("code", Field(say("Code"), placeholder="BOKA", longest=lengths.CODE)),
            ),
            gap=12,
        )
        self.body.addWidget(second)
        self.stands = Label("", "small", "text_secondary", wrap=True)
        self.body.addWidget(self.stands)

    def fill(self, draft: VendorDraft) -> None:
        values = {
            "name": draft.name,
            "legal": draft.legal,
            "email": draft.email,
            "phone": draft.phone,
            "code": draft.code,
            "commission_bps": format_percent(draft.commission_bps),
            "holdback_days": str(draft.holdback_days),
        }
        for name, value in values.items():
            part = self.parts[name]
            assert isinstance(part, Field)
            part.set_text(value)
            part.edit.setCursorPosition(0)

    def draft(self) -> VendorDraft:
        """Raises `InvalidInput` naming every field at fault."""
        faults = Faults()
        draft = VendorDraft(
            name=self.text("name"),
            legal=self.text("legal"),
            email=self.text("email"),
            phone=self.text("phone"),
            code=self.text("code"),
            commission_bps=faults.read(0, parse_percent, self.text("commission_bps"), "commission_bps"),
            holdback_days=faults.read(0, number_of, self.text("holdback_days"), "holdback_days"),
        )
        faults.check(checked, draft)
        faults.end()
        return draft


@dataclass(frozen=True, slots=True)
class VendorForms:
    """What is saved with the form: the vendor, and how they are paid."""

    vendor: VendorDraft
    terms: TermsDraft = field(default_factory=TermsDraft)


@dataclass(frozen=True, slots=True)
class ShownVendor:
    """Everything that the panel shows of a vendor; `balances` are today's, `trips` those that a rate may be for."""

    detail: VendorDetail
    terms: VendorTerms
    rates: VendorRates
    trips: tuple[TripListRow, ...]
    balances: BalancesAt

    @property
    def id(self) -> UUID:
        return self.detail.id

    @property
    def draft(self) -> VendorDraft:
        return self.detail.draft

    @property
    def forms(self) -> VendorForms:
        return VendorForms(self.detail.draft, self.terms.draft)


class VendorPanel(EditPanel):
    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        self.form = VendorPage()
        self.paid = PaidPage(formats.locale)
        self.rates = RatesPage(formats.locale)
        self.papers = PapersPage(formats.locale)
        self.standing = StandingPage(formats)
        pages = [
            Page("vendor", say("Vendor"), self.form),
            Page("paid", say("Paid"), self.paid),
            Page("rates", say("Rates"), self.rates),
            Page("papers", say("Papers"), self.papers),
            Page("standing", say("Balance"), self.standing),
        ]
        super().__init__(say("Vendor"), pages, parent)

    def show_vendor(self, shown: ShownVendor) -> None:
        detail = shown.detail
        self.form.fill(detail.draft)
        self.form.stands.setText(stands(detail))
        self.paid.show_terms(shown.terms)
        self.show_beside(shown)
        if self.segments is not None:
            self.segments.show()
        badge = Badge(badge_of(detail.active), word=word_of(detail.active))
        self.begin(detail.draft.name, badge, detail.draft.code, new=False, save=say("Save"))

    def show_beside(self, shown: ShownVendor) -> None:
        """What is kept at once and not with the form: rates and papers; and what is only told."""
        self.rates.show_rates(shown.id, shown.rates, shown.trips)
        self.papers.show_terms(shown.terms)
        self.standing.show_terms(shown.terms)
        self.standing.show_balances(shown.balances)

    def show_new(self, draft: VendorDraft) -> None:
        """How they are paid can be said once they are there."""
        self.form.fill(draft)
        self.form.stands.setText("")
        self.turn_to("vendor")
        if self.segments is not None:
            self.segments.hide()
        self.begin(say("New vendor"), None, "", new=True, save=say("Add the vendor"))

    def forms(self) -> VendorForms:
        """What was typed. Raises `InvalidInput` naming every field at fault."""
        faults = Faults()
        vendor = faults.read(VendorDraft(""), self.form.draft)
        if self.is_new:
            faults.end()
            return VendorForms(vendor)
        terms = self.paid.values(faults)
        faults.end()
        return VendorForms(vendor, terms)


def stands(detail: VendorDetail) -> str:
    """What stands on a vendor, and what a change of the rate does not touch."""
    use = detail.use
    coming = counted(use.to_come, "departure") if use.to_come else say("no departure")
    words = say("{0}, {1} to come.").format(
        counted(use.trips, "trip") if use.trips else say("No trip"), coming
    )
    if detail.frozen:
        kept = say("Bookings made until now ({0}) stay with the share and the holdback of then.")
        words = f"{words} {kept.format(f'{detail.frozen:,}')}"
    return words
