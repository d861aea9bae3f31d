"""Statements: the list with one of them beside it; for those who pay vendors, the totals of a year too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QStackedLayout, QWidget

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.events import Event, PayoutBatchChanged, SettingsChanged, VendorPayout
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.statements.page import StatementsPage
from travellr_desktop.ui.statements.tax_page import TaxPage

STATEMENTS, TAX = "statements", "tax"
VIEW = "statements/place"


class StatementsScreen(Screen):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._services = cast(Services, context.services)
        self._may_tax = allowed(context.actor.role, Permission.PAYOUT_READ)
        self.statements = StatementsPage(context, self._services, self._views(STATEMENTS))
        self.tax: TaxPage | None = None
        self._stale_pages: set[str] = set()
        self._begun = False
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.statements)
        self.statements.booking_asked.connect(self._show_booking)
        if self._may_tax and context.memory.value(VIEW) == TAX:
            self.show_view(TAX)

    def _views(self, own: str) -> Segments | None:
        """Each page carries its own segments; the one chosen is always that of the page."""
        if not self._may_tax:
            return None
        options = [(STATEMENTS, self.tr("Statements")), (TAX, self.tr("Tax totals"))]
        views = Segments(self.tr("View"), options, folds=True)
        views.set_value(own)
        # queued: Qt first puts the focus on the segment that the arrow chose, and that one is hidden then
        views.chosen.connect(self.show_view, Qt.ConnectionType.QueuedConnection)
        return views

    # what the shell asks

    def handlers(self) -> Mapping[Act, Handler]:
        return {
            Act.FIND: self._find,
            Act.FILTER: self._filter,
            Act.BACK: self._back,
            Act.AGAIN: self.refresh,
            Act.TODAY: self._today,
            Act.INVOICE: self._open,
        }

    def cares(self, event: Event) -> bool:
        return isinstance(event, VendorPayout | PayoutBatchChanged | SettingsChanged)

    def panes(self) -> Sequence[QWidget]:
        return self._page.panes

    def primary(self) -> QAbstractButton | None:
        return self.statements.panel.primary if self.view == STATEMENTS else None

    def refresh(self) -> None:
        super().refresh()
        self._begun = True
        self._stale_pages = {STATEMENTS, TAX}
        self._read_page()

    def activate(self) -> None:
        first_time = not self._begun
        super().activate()
        if first_time:  # Qt has put the focus on whatever comes first in the order of Tab
            self.focus_pane(0)

    def close_down(self) -> None:
        super().close_down()
        for page in (self.statements, self.tax):
            if page is not None:
                page.close_down()

    # views

    @property
    def view(self) -> str:
        return TAX if self._page is self.tax else STATEMENTS

    @property
    def _page(self) -> StatementsPage | TaxPage:
        return cast("StatementsPage | TaxPage", self._stack.currentWidget())

    def show_view(self, key: str) -> None:
        """Show one of the views the role has; KeyError for another."""
        if key != STATEMENTS and not (key == TAX and self._may_tax):
            raise KeyError(key)
        had_focus = self.focus_within()
        self._stack.setCurrentWidget(self._tax() if key == TAX else self.statements)
        views = self._page.views
        if views is not None:
            views.set_value(key)
            if had_focus:
                views.focus_chosen()
        self.context.memory.setValue(VIEW, key)
        if self._begun:
            self._read_page()

    def go_view(self, key: str) -> None:
        """Show a view, with the keyboard where its work begins."""
        self.show_view(key)
        self._page.focus_start()

    def show_words(self, words: str) -> None:
        """Show the statement of this number, or those with these words."""
        self.show_view(STATEMENTS)
        self.statements.show_words(words)

    def _tax(self) -> TaxPage:
        if self.tax is None:
            self.tax = TaxPage(self.context, self._services, self._views(TAX))
            self._stack.addWidget(self.tax)
        return self.tax

    def _read_page(self) -> None:
        """A view is read only for whoever looks at it: totals are sums over all there is."""
        if self.view in self._stale_pages:
            self._stale_pages.discard(self.view)
            self._page.refresh()

    # what the person does, in the view that is shown

    def _find(self) -> None:
        self._page.lists.focus_search()

    def _filter(self) -> None:
        self._page.lists.choose_filter()

    def _back(self) -> None:
        self._page.back()

    def _today(self) -> None:
        self._page.show_today()

    def _open(self) -> None:
        if self.view == STATEMENTS:
            self.statements.open_pdf()

    def _show_booking(self, reference: str) -> None:
        screen = self.context.go("bookings")
        open_booking = getattr(screen, "open_booking", None)
        if open_booking is not None:
            open_booking(reference)
