"""Earnings: what a vendor has earned, and what is on file of them. A vendor's person sees their own; the office chooses
whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.events import (
    BookingCancelled,
    BookingChanged,
    BookingCompleted,
    BookingConfirmed,
    CatalogueChanged,
    DisputeChanged,
    EarningsChanged,
    Event,
    PaymentProcessed,
    PayoutBatchChanged,
    RefundProcessed,
    SettingsChanged,
    VendorPayout,
)
from travellr_desktop.services.registry import Services
from travellr_desktop.services.vendors import VendorName
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.earnings.adjust import Adjusting
from travellr_desktop.ui.earnings.page import EarningsPage
from travellr_desktop.ui.earnings.profile import ProfilePage
from travellr_desktop.ui.earnings.words import say
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.theme import Theme

EARNINGS, PROFILE = "earnings", "profile"
VENDOR = "earnings/vendor"
_CHANGES = (
    BookingCancelled,
    BookingChanged,
    BookingCompleted,
    BookingConfirmed,
    CatalogueChanged,
    DisputeChanged,
    EarningsChanged,
    PaymentProcessed,
    PayoutBatchChanged,
    RefundProcessed,
    SettingsChanged,
    VendorPayout,
)


class EarningsScreen(Screen):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._services = cast(Services, context.services)
        self._own = context.actor.vendor_id
        self._vendors: tuple[VendorName, ...] = ()
        self._wanted: UUID | None = None
        self.page = EarningsPage(context, self._services)
        self.profile = ProfilePage(context, self._services)
        self.vendor = ComboBox(say("Vendor"))
        self.vendor.setPlaceholderText(say("A vendor who is deactivated"))
        self.vendor.activated.connect(self._choose)
        self.views = Segments(say("View"), [(EARNINGS, say("Earnings")), (PROFILE, say("Profile"))])
        self.views.chosen.connect(self.show_view)
        self._adjusting = Adjusting(context, self._services, self)
        self.adjust = Button(say("Adjust"), icon="pencil")
        self.adjust.clicked.connect(self._adjust)
        head = Pane("surface", edges=("bottom",))
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(12)
        row.addWidget(self.vendor)
        self.vendor.setHidden(self._own is not None)
        row.addWidget(self.views)
        row.addStretch(1)
        row.addWidget(self.adjust)
        self.adjust.setHidden(not allowed(context.actor.role, Permission.PAYOUT_PREPARE))
        self._head = head
        self._widths()
        Theme.current().changed.connect(self._widths)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.page)
        self._stack.addWidget(self.profile)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        self.page.booking_asked.connect(self._show_booking)
        self.page.statement_asked.connect(self._show_statement)

    def _widths(self) -> None:
        self.vendor.setMinimumWidth(Theme.current().px(240))

    # what the shell asks

    def handlers(self) -> Mapping[Act, Handler]:
        return {
            Act.FIND: self._find,
            Act.FILTER: self._filter,
            Act.BACK: self._back,
            Act.AGAIN: self.refresh,
            Act.INVOICE: self._open_statement,
        }

    def cares(self, event: Event) -> bool:
        return isinstance(event, _CHANGES)

    def panes(self) -> Sequence[QWidget]:
        return (*self.page.panes, self._head) if self.view == EARNINGS else (self._head,)

    def refresh(self) -> None:
        super().refresh()
        if self._own is not None:
            self._read(self._own)
            return
        vendors, actor = self._services.vendors, self.context.actor
        self.context.background.run(
            self, lambda _task: vendors.names(actor), key=("earnings.vendors", id(self)), done=self._offer
        )

    def close_down(self) -> None:
        super().close_down()
        self.page.close_down()

    def go_view(self, key: str) -> None:
        self.show_view(key)

    # views

    @property
    def view(self) -> str:
        return PROFILE if self._stack.currentWidget() is self.profile else EARNINGS

    def show_view(self, key: str) -> None:
        """Show the earnings or the profile; KeyError for another."""
        self._stack.setCurrentWidget({EARNINGS: self.page, PROFILE: self.profile}[key])
        self.views.set_value(key)

    # whose

    def show_vendor(self, vendor_id: UUID) -> None:
        """Show the earnings of a vendor; for the office."""
        self._wanted = vendor_id
        self.show_view(EARNINGS)
        self.refresh()

    def _offer(self, vendors: tuple[VendorName, ...]) -> None:
        if vendors != self._vendors:
            self._vendors = vendors
            self.vendor.clear()
            self.vendor.addItems([vendor.name for vendor in vendors])
        ids = [vendor.id for vendor in vendors]
        kept = str(self.context.memory.value(VENDOR, ""))
        wanted = self._wanted or self.page.vendor_id
        if wanted is None:
            wanted = next((each for each in ids if each.hex == kept), ids[0] if ids else None)
        if wanted is None:
            return
        self.vendor.setCurrentIndex(ids.index(wanted) if wanted in ids else -1)
        self._read(wanted)

    def _choose(self, at: int) -> None:
        self._wanted = self._vendors[at].id
        self._read(self._wanted)

    def _read(self, vendor_id: UUID) -> None:
        if self._own is None:
            self.context.memory.setValue(VENDOR, vendor_id.hex)
        self.page.show_vendor(vendor_id)
        self.profile.show_vendor(vendor_id)

    # what the person does

    def _find(self) -> None:
        self.show_view(EARNINGS)
        self.page.lists.focus_search()

    def _filter(self) -> None:
        self.show_view(EARNINGS)
        self.page.lists.choose_filter()

    def _back(self) -> None:
        if self.view == PROFILE:
            self.show_view(EARNINGS)
        elif not self.page.lists.back():
            self.focus_pane(0)

    def _adjust(self) -> None:
        seen = self.page.seen
        if seen is not None:
            self._adjusting.begin(seen.vendor_id, seen.name, self.adjust)

    def _open_statement(self) -> None:
        number = self.page.newest_statement()
        if number:
            self._show_statement(number)

    def _show_statement(self, number: str) -> None:
        show = getattr(self.context.go("statements"), "show_words", None)
        if show is not None:
            show(number)

    def _show_booking(self, reference: str) -> None:
        show = getattr(self.context.go("bookings"), "open_booking", None)
        if show is not None:
            show(reference)
