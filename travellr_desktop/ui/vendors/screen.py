"""Vendors: the list with one of them beside it."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from travellr_desktop.services.catalogue import Use
from travellr_desktop.services.lists import VendorListRow
from travellr_desktop.services.removing import Removed
from travellr_desktop.services.vendors import Deactivated, VendorDetail, VendorDraft
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.catalogue.screen import CatalogueScreen
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import ListScreen, PagedModel
from travellr_desktop.ui.vendors.columns import list_words, vendor_columns, vendor_filters
from travellr_desktop.ui.vendors.panel import VendorPanel


class VendorsScreen(CatalogueScreen):
    """Add, change, deactivate vendors; take back what was made by mistake."""

    what = "vendor"
    name = "vendors"
    new_act = Act.NEW_VENDOR
    panel: VendorPanel
    shown: VendorDetail | None

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
        self.panel = VendorPanel()
        self._connect()

    def _read(self, thing_id: UUID) -> VendorDetail:
        return self._services.vendors.detail(self._actor, thing_id)

    def _read_new(self) -> VendorDraft:
        return VendorDraft("")

    def _fill(self, loaded: VendorDetail) -> None:
        self.panel.show_vendor(loaded)

    def _fill_new(self, loaded: VendorDraft) -> None:
        self.panel.show_new(loaded)

    def _id(self, loaded: VendorDetail) -> UUID:
        return loaded.id

    def _draft(self) -> VendorDraft:
        return self.panel.form.draft()

    def _before(self) -> VendorDraft:
        return VendorDraft("") if self.shown is None else self.shown.draft

    def _title(self, draft: VendorDraft) -> str:
        return draft.name

    def _create(self, draft: VendorDraft) -> UUID:
        return self._services.vendors.create(self._actor, draft)

    def _update(self, thing_id: UUID, draft: VendorDraft, before: VendorDraft) -> VendorDraft:
        return self._services.vendors.update(self._actor, thing_id, draft, before=before).draft

    def _deactivate(self, thing_id: UUID, sold_stays: bool) -> Deactivated:
        return self._services.vendors.deactivate(self._actor, thing_id, sold_stays=sold_stays)

    def _activate(self, done: Deactivated) -> None:
        self._services.vendors.activate(self._actor, done.id, done.trips)

    def _remove(self, thing_id: UUID) -> Removed:
        return self._services.removal.vendor(self._actor, thing_id)

    def _is_active(self) -> bool:
        return self.shown is not None and self.shown.active

    def shown_use(self) -> Use:
        return Use() if self.shown is None else self.shown.use
