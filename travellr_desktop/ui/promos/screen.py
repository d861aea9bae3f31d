"""Promo codes: the list with one of them beside it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtWidgets import QWidget

from travellr_desktop.services.catalogue import Use
from travellr_desktop.services.lists import PromoListRow
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.services.removing import Removed
from travellr_desktop.services.vendors import Deactivated
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.catalogue.screen import CatalogueScreen
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.promos.columns import list_words, promo_columns, promo_filters
from travellr_desktop.ui.promos.panel import Loaded, PromoPanel, draft_of
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import ListScreen, PagedModel


class PromosScreen(CatalogueScreen):
    """Add, change, deactivate promo codes. What was sold with one stays, so none is removed."""

    what = "promo"
    name = "promos"
    new_act = Act.NEW_PROMO
    panel: PromoPanel
    shown: Loaded | None

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        services, actor = self._services, self._actor
        model: PagedModel[PromoListRow] = PagedModel(
            promo_columns(self.formats, self._today), lambda query: services.lists.promos(actor, query)
        )
        self.lists = ListScreen(
            model,
            name="promos",
            words=list_words(),
            filters=promo_filters(),
            sort=("code", False),
            memory=context.memory,
        )
        self.panel = PromoPanel(self.formats.locale)
        self._connect()

    def offer_more(self) -> None:
        menu = Menu(say("More"), self)
        if self._is_active():
            menu.add(say("Deactivate"), self.offer_no_more, icon="ban")
        else:
            menu.add(say("Activate"), self.activate_again, icon="circle-check")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup_below(self.panel.more)

    def _loaded(self, thing_id: UUID | None) -> Loaded:
        promos = self._services.promos
        view = None if thing_id is None else promos.detail(self._actor, thing_id)
        currency = "EUR" if self.agency is None else self.agency.currency
        return Loaded(view, promos.scopes(self._actor), currency, self._today())

    def _today(self) -> date:
        return self.formats.local(self.context.clock.now(), self.formats.zone).date()

    def _read(self, thing_id: UUID) -> Loaded:
        return self._loaded(thing_id)

    def _read_new(self) -> Loaded:
        return self._loaded(None)

    def _fill(self, loaded: Loaded) -> None:
        self.panel.show_promo(loaded)

    def _fill_new(self, loaded: Loaded) -> None:
        self.panel.show_new(loaded)

    def _id(self, loaded: Loaded) -> UUID:
        assert loaded.view is not None
        return loaded.view.id

    def _draft(self) -> PromoDraft:
        return self.panel.form.draft()

    def _before(self) -> PromoDraft | None:
        return None if self.shown is None else draft_of(self.shown)

    def _title(self, draft: PromoDraft) -> str:
        return draft.code.upper()

    def _create(self, draft: PromoDraft) -> UUID:
        return self._services.promos.save(self._actor, draft)

    def _update(self, thing_id: UUID, draft: PromoDraft, before: PromoDraft) -> PromoDraft:
        self._services.promos.save(self._actor, draft)
        return draft

    def _deactivate(self, thing_id: UUID, sold_stays: bool) -> Deactivated:
        self._services.promos.deactivate(self._actor, thing_id)
        return Deactivated(thing_id, (), Use())

    def _activate(self, done: Deactivated) -> None:
        self._services.promos.reactivate(self._actor, done.id)

    def _remove(self, thing_id: UUID) -> Removed:
        """What was added by mistake is not given any more."""
        self._deactivate(thing_id, sold_stays=True)
        return Removed("", ())

    def _is_active(self) -> bool:
        return self.shown is not None and self.shown.view is not None and self.shown.view.active

    def shown_use(self) -> Use:
        return Use()
