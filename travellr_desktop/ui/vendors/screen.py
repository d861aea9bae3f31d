"""Vendors: the list with one of them beside it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from uuid import UUID, uuid4

from PySide6.QtWidgets import QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.events import EarningsChanged, Event, SettingsChanged
from travellr_desktop.services.catalogue import Use, counted
from travellr_desktop.services.lists import VendorListRow
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.rates import RateAgreed, RateRow
from travellr_desktop.services.removing import Removed
from travellr_desktop.services.vendor_terms import PaperRow
from travellr_desktop.services.vendors import Deactivated, VendorDraft
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.catalogue.screen import CatalogueScreen
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import ListScreen, PagedModel
from travellr_desktop.ui.vendors.columns import list_words, vendor_columns, vendor_filters
from travellr_desktop.ui.vendors.panel import ShownVendor, VendorForms, VendorPanel

MOST_TRIPS = 200
"""So many trips of one vendor are offered for a rate of their own."""


class VendorsScreen(CatalogueScreen):
    """Add, change, deactivate vendors; take back what was made by mistake."""

    what = "vendor"
    name = "vendors"
    new_act = Act.NEW_VENDOR
    panel: VendorPanel
    shown: ShownVendor | None

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        services, actor = self._services, self._actor
        model: PagedModel[VendorListRow] = PagedModel(
            vendor_columns(), lambda query: services.lists.vendors(actor, query)
        )
        self.lists = ListScreen(
            model,
            name="vendors",
            words=list_words(),
            filters=vendor_filters(),
            sort=("name", False),
            memory=context.memory,
        )
        self.panel = VendorPanel(self.formats)
        self._connect()
        rates, papers, standing = self.panel.rates, self.panel.papers, self.panel.standing
        rates.button.clicked.connect(self._agree)
        rates.take_back_asked.connect(self._take_back_rate)
        papers.button.clicked.connect(self._hand_in)
        papers.take_back_asked.connect(self._take_back_paper)
        standing.button.clicked.connect(self._show_balances)
        standing.ask_asked.connect(self._ask_provider)
        standing.earnings_asked.connect(self._show_earnings)

    def cares(self, event: Event) -> bool:
        return isinstance(event, (EarningsChanged, SettingsChanged)) or super().cares(event)

    # one vendor

    def _read(self, thing_id: UUID) -> ShownVendor:
        services, actor = self._services, self._actor
        query = ListQuery(filters={"vendor": thing_id, "active": True}, sort="title")
        with closing(services.lists.trips(actor, query)) as rows:
            trips = tuple(rows.first(MOST_TRIPS))
        return ShownVendor(
            services.vendors.detail(actor, thing_id),
            services.vendor_terms.terms(actor, thing_id),
            services.rates.of_vendor(actor, thing_id),
            trips,
            services.vendor_terms.balances(actor, thing_id),
        )

    def _read_new(self) -> VendorDraft:
        return VendorDraft("")

    def _current(self, row: VendorListRow | None) -> None:
        """What is kept at once is shown at once, also beside a form that is not saved."""
        shown = self.shown
        if row is not None and shown is not None and row.id == shown.id and self.panel.dirty:
            self._load(row.id)
            return
        super()._current(row)

    def _came(self, loaded: ShownVendor) -> None:
        shown = self.shown
        if shown is not None and shown.id == loaded.id and not self.panel.is_new:
            same = shown.detail == loaded.detail and shown.terms.draft == loaded.terms.draft
            if (same and shown != loaded) or self.panel.dirty:
                # what somebody typed stays, and is compared with what it began with when it is saved
                terms = replace(loaded.terms, draft=shown.terms.draft)
                self.shown = replace(loaded, detail=shown.detail, terms=terms)
                self.panel.show_beside(loaded)
                return
        super()._came(loaded)

    def _fill(self, loaded: ShownVendor) -> None:
        self.panel.show_vendor(loaded)

    def _fill_new(self, loaded: VendorDraft) -> None:
        self.panel.show_new(loaded)

    def _id(self, loaded: ShownVendor) -> UUID:
        return loaded.id

    def _draft(self) -> VendorForms:
        return self.panel.forms()

    def _before(self) -> VendorForms:
        return VendorForms(VendorDraft("")) if self.shown is None else self.shown.forms

    def _title(self, draft: VendorForms) -> str:
        return draft.vendor.name

    def _create(self, draft: VendorForms) -> UUID:
        return self._services.vendors.create(self._actor, draft.vendor)

    def _update(self, thing_id: UUID, draft: VendorForms, before: VendorForms) -> VendorForms:
        """Both halves, each only where it differs: whoever changed the other one meanwhile is not in the way."""
        services, actor, kept = self._services, self._actor, before
        if draft.vendor != before.vendor:
            detail = services.vendors.update(actor, thing_id, draft.vendor, before=before.vendor)
            kept = replace(kept, vendor=detail.draft)
        if draft.terms != before.terms:
            terms = services.vendor_terms.save(actor, thing_id, draft.terms, before=before.terms)
            kept = replace(kept, terms=terms.draft)
        return kept

    def _deactivate(self, thing_id: UUID, sold_stays: bool) -> Deactivated:
        return self._services.vendors.deactivate(self._actor, thing_id, sold_stays=sold_stays)

    def _activate(self, done: Deactivated) -> None:
        self._services.vendors.activate(self._actor, done.id, done.trips)

    def _remove(self, thing_id: UUID) -> Removed:
        return self._services.removal.vendor(self._actor, thing_id)

    def _is_active(self) -> bool:
        return self.shown is not None and self.shown.detail.active

    def shown_use(self) -> Use:
        return Use() if self.shown is None else self.shown.detail.use

    # beside the form

    def _agree(self) -> None:
        page, rates, actor = self.panel.rates, self._services.rates, self._actor
        if self.shown is None:
            return
        try:
            draft = page.draft(self.shown.id)
        except Refusal as refusal:
            page.refuse(refusal)
            return

        def agreed(done: RateAgreed) -> None:
            page.agreed()
            words = say("The share is agreed")
            if done.kept:
                words = say("The share is agreed; {0} keep what they were sold at").format(
                    counted(done.kept, say("booking"))
                )
            self.context.say.finished(words)

        self.context.background.run(
            self,
            lambda _: rates.agree(actor, draft),
            words=say("Saving"),
            button=page.button,
            done=agreed,
            refused=page.refuse,
        )

    def _take_back_rate(self, row: RateRow) -> None:
        rates, actor = self._services.rates, self._actor
        self._at_once(lambda: rates.take_back(actor, row.id), say("The rate is taken back"), row.id)

    def _hand_in(self) -> None:
        page, terms, actor = self.panel.papers, self._services.vendor_terms, self._actor
        shown, key = self.shown, uuid4()
        if shown is None:
            return
        try:
            draft = page.draft(shown.terms)
        except Refusal as refusal:
            page.refuse(refusal)
            return

        def taken_in(_: object) -> None:
            page.taken_in()
            self.context.say.finished(say("The paper is taken in"))

        self.context.background.run(
            self,
            lambda _: terms.hand_in(actor, shown.id, draft, key=key),
            words=say("Saving"),
            button=page.button,
            done=taken_in,
            refused=page.refuse,
        )

    def _take_back_paper(self, row: PaperRow) -> None:
        terms, actor = self._services.vendor_terms, self._actor
        self._at_once(lambda: terms.take_back_paper(actor, row.id), say("The paper is taken back"), row.id)

    def _at_once(self, work: Callable[[], object], words: str, thing_id: UUID) -> None:
        self.context.background.run(
            self,
            lambda _: work(),
            words=say("Saving"),
            key=("vendors.beside", thing_id),
            done=lambda _: self.context.say.finished(words),
            refused=self.panel.refuse,
        )

    def _show_balances(self) -> None:
        page, terms, actor = self.panel.standing, self._services.vendor_terms, self._actor
        if self.shown is None:
            return
        vendor_id = self.shown.id
        try:
            day = page.day("day")
        except Refusal as refusal:
            page.refuse(refusal)
            return
        self.context.background.run(
            self,
            lambda _: terms.balances(actor, vendor_id, day),
            button=page.button,
            done=lambda found: self._if_shown(vendor_id, lambda: page.show_balances(found)),
            refused=page.refuse,
        )

    def _ask_provider(self) -> None:
        page, terms, actor = self.panel.standing, self._services.vendor_terms, self._actor
        if self.shown is None:
            return
        vendor_id = self.shown.id
        self.context.background.run(
            self,
            lambda _: terms.account(actor, vendor_id),
            words=say("Asking Stripe"),
            button=page.ask,
            done=lambda known: self._if_shown(
                vendor_id, lambda: page.show_account(known, self.context.clock.now())
            ),
            refused=self.panel.refuse,
        )

    def _show_earnings(self) -> None:
        shown = self.shown
        show = getattr(self.context.go("earnings"), "show_vendor", None)
        if shown is not None and show is not None:
            show(shown.id)

    def _if_shown(self, vendor_id: UUID, show: Callable[[], object]) -> None:
        """What comes of another vendor than is shown by now is dropped."""
        if self.shown is not None and self.shown.id == vendor_id:
            show()
