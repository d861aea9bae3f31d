"""The desk: filters, departures with the offer under the cursor, and the basket; from search to voucher."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import cast
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.events import (
    BookingCancelled,
    BookingChanged,
    BookingConfirmed,
    DepartureChanged,
    Event,
    HoldChanged,
    SettingsChanged,
    WaitingChanged,
)
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.outcomes import OutcomeState
from travellr_desktop.services.registry import Services
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.desk.basket import Basket
from travellr_desktop.ui.desk.checkout import Checkout
from travellr_desktop.ui.desk.filters import Filters
from travellr_desktop.ui.desk.finding import Finding
from travellr_desktop.ui.desk.fullness import Fullness
from travellr_desktop.ui.desk.link_page import LinkPage
from travellr_desktop.ui.desk.links_left import LinksLeft
from travellr_desktop.ui.desk.offer import OfferPane
from travellr_desktop.ui.desk.results import Results
from travellr_desktop.ui.desk.search import Start
from travellr_desktop.ui.desk.seats_mode import SeatsMode
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.desk.sideways import Sideways
from travellr_desktop.ui.desk.tabs import step
from travellr_desktop.ui.desk.vouchers import Vouchers, confirmed, open_file
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.invoices.issuing import Issuing
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.theme import Theme

MIDDLE = 480
"""The least width of list and offer; a window too narrow for it, as with very large text, scrolls sideways."""

LOW = 720
"""Below this height of the screen (800 of the window) things fold together."""

PAY_ACTS = (Act.PAY_1, Act.PAY_2, Act.PAY_3, Act.PAY_4, Act.PAY_5, Act.PAY_6, Act.PAY_7)


class DeskScreen(Screen):
    """One screen, no dialog: whatever is refused stands beside the work."""

    def __init__(
        self,
        context: Context,
        parent: QWidget | None = None,
        *,
        opener: Callable[[Path], bool] = open_file,
    ) -> None:
        super().__init__(context, parent)
        self._services = cast(Services, context.services)
        self.formats = Formats(self._services.locale)
        self.session = Session(context, self)
        minutes = round(self.session.hold_seconds / 60)
        self.filters = Filters(self._services.locale, context.clock.now().date())
        self.results = Results(self.formats)
        may_overbook = allowed(context.actor.role, Permission.BOOKING_OVERBOOK)
        self.offer = OfferPane(self.formats, minutes, may_overbook=may_overbook)
        self.basket = Basket(context, self.session, self.formats, provider=self._services.provider)
        self.vouchers = Vouchers(context, opener, self)
        self.issuing = Issuing(context, self._services, self, Words(self._services.locale), opener)
        self.checkout = Checkout(
            context, self.session, self.formats, self.basket, self.vouchers, self.issuing, self
        )
        self.outcome = self.checkout.ticket
        self.seats = SeatsMode(context, self.session, self.formats, self)
        self.finding = Finding(context, self.session, self.formats, self.filters, self.results, self.offer)
        self.fullness = Fullness(context, self.session, self.finding)
        self._build()
        self._connect()

    # what the shell asks

    def handlers(self) -> Mapping[Act, Handler]:
        own: dict[Act, Handler] = {
            Act.FIND: self._find,
            Act.FILTER: self._filter,
            Act.SEATS: lambda: self.seats.choose(self.basket),
            Act.NEW_BOOKING: self._new,
            Act.TRAVELLER: self._traveller,
            Act.DISCOUNT: self.basket.discount.ask,
            Act.OPTION: self.basket.ask_option,
            Act.WAITING: self.fullness.open_wait,
            Act.PAY: self._to_payment,
            Act.TODAY: self.filters.calendar.go_today,
            Act.VOUCHER: self.checkout.voucher,
            Act.INVOICE: self.checkout.invoice,
            Act.LAST_VOUCHER: self.checkout.print_last,
            Act.READ_PAYMENT: self.checkout.read_payment,
            Act.COPY_LINK: self.checkout.copy,
            Act.BACK: self._back,
        }
        for number, act in enumerate(PAY_ACTS, 1):
            own[act] = partial(self.checkout.choose_way, number)
        return own

    def command(self) -> Act | None:
        return Act.LAST_VOUCHER

    def panes(self) -> Sequence[QWidget]:
        return (*self.seats.instead((self.filters, self.results)), self._basket_pane)

    def primary(self) -> QAbstractButton | None:
        return self.checkout.primary()

    def foot(self) -> QWidget | None:
        return self.offer

    def cares(self, event: Event) -> bool:
        kinds = (
            HoldChanged,
            BookingConfirmed,
            BookingCancelled,
            BookingChanged,
            DepartureChanged,
            SettingsChanged,
            WaitingChanged,
        )
        return isinstance(event, kinds)

    def refresh(self) -> None:
        super().refresh()
        self.finding.refresh()
        self.checkout.ask_ways()

    def activate(self) -> None:
        super().activate()
        self._tell_commands()

    def close_down(self) -> None:
        self.results.close_down()

    def tab_from(self, here: QWidget | None, *, ahead: bool) -> QWidget | None:
        panes = self.seats.instead((self.filters, self.results, self.offer))
        return step((*panes, self._basket_pane), here, ahead=ahead)

    # what others ask

    def show_departure(self, departure_id: UUID, day: date) -> None:
        """Put the cursor on a departure of that day."""
        self.finding.show_departure(departure_id, day)
        self.results.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_up(self, hold: HoldView, traveller: TravellerRow) -> None:
        """Put seats that were kept for a traveller, and are this person's now, into the basket."""
        if self.session.outcome is not None and not self.session.busy():
            self.session.begin()
        self.session.take_up((hold,), kept=True)
        if self.session.outcome is None and not self.session.paying:
            self.session.choose(traveller)
        self._to_payment()

    # building

    def _build(self) -> None:
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.results, 1)
        middle.addWidget(self.offer)
        middle.addWidget(self.seats.view, 1)
        self._basket_pane = Pane("canvas", edges=("left",))
        pane = QVBoxLayout(self._basket_pane)
        pane.setContentsMargins(16, 16, 16, 16)
        pane.setSpacing(0)
        for ticket in (self.basket, self.outcome):
            pane.addWidget(ticket)
        pane.addStretch(1)
        self.links_left = LinksLeft(self.session.links, self.formats)
        pane.addWidget(self.links_left)
        self.checkout.stand_in(self._basket_pane)
        content = QWidget()
        content.setProperty("part", "scrolled")
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.filters)
        row.addWidget(self.seats.side)
        self.seats.stand_in_for(self.filters, self.results, self.offer, home=self.results.view)
        row.addLayout(middle, 1)
        row.addWidget(self._basket_pane)
        self._sideways = Sideways(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._sideways)
        self._fit()
        Theme.current().changed.connect(self._fit)

    def _connect(self) -> None:
        session = self.session
        self.finding.started.connect(self._started)
        self.results.again.connect(self.refresh)
        self.checkout.changed.connect(self._tell_commands)
        self.checkout.next.connect(self._new)
        self.checkout.till_asked.connect(self._go_to_till)
        session.lines_changed.connect(self._tell_commands)

    def _fit(self) -> None:
        theme = Theme.current()
        self._basket_pane.setFixedWidth(theme.size("desk_basket"))
        panes = theme.size("desk_filters") + theme.size("desk_basket")
        self._sideways.set_least(panes + theme.px(MIDDLE))
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        low = self.height() < Theme.current().px(LOW)
        self.filters.set_low(low)
        self.offer.set_low(low)
        self.basket.set_low(low)
        self.outcome.set_low(low)

    def _started(self, start: Start) -> None:
        self.checkout.set_ways(start.ways)
        self.session.take_up(start.held)
        self.session.links.look()

    # moving about

    def _find(self) -> None:
        self.seats.close()
        self.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.search.edit.selectAll()

    def _filter(self) -> None:
        self.seats.close()
        if self.filters.folded.isVisible():
            self.filters.folded.open_box()
        else:
            self.filters.more.time.focus_chosen()

    def _new(self) -> None:
        self.session.begin()
        self._find()

    def _traveller(self) -> None:
        if self.session.outcome is None and not self.session.paying:
            self.basket.traveller.start()

    def _go_to_till(self) -> None:
        """What is in the basket stays; its holds run on."""
        self.context.go("till")

    def _to_payment(self) -> None:
        primary = self.primary()
        if primary is not None and primary.isEnabled():
            primary.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.basket.ways.tiles.focus_chosen()

    def _back(self) -> None:
        if self.filters.folded.is_open:
            self.filters.folded.close_box()
        elif self.basket.leave() or self.offer.full.close_form():
            return
        elif self.seats.is_open:
            self.seats.close()
        elif not self.results.rows and self.filters.anything_set:
            self.filters.clear()
        elif self.results.view.hasFocus():
            self._find()
        else:
            self.results.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _tell_commands(self) -> None:
        """Which of the screen's keys do something now; another screen's are its own."""
        if not self.isVisible():
            return
        actions, outcome = self.context.actions, self.session.outcome
        state = outcome.state if outcome is not None else None
        vouchers = bool(outcome is not None and confirmed(outcome))
        numbered = outcome is None and bool(self.seats.seating.lines)
        selling = outcome is None and bool(self.session.lines)
        for act in (Act.OPTION, Act.DISCOUNT):
            actions.set_enabled(act, selling, self.tr("Hold seats first"))
        actions.set_enabled(Act.SEATS, numbered, self.tr("No seats with numbers are held"))
        for act in (Act.VOUCHER, Act.INVOICE):
            actions.set_enabled(act, vouchers, self.tr("The sale is not paid"))
        actions.set_enabled(Act.LAST_VOUCHER, bool(self.vouchers.last), self.tr("Nothing was sold yet"))
        unknown = state in (OutcomeState.UNKNOWN, OutcomeState.WAITING)
        actions.set_enabled(Act.READ_PAYMENT, unknown, self.tr("No payment is open"))
        link = isinstance(self.outcome.page, LinkPage)
        actions.set_enabled(Act.COPY_LINK, link, self.tr("No payment link is shown"))
