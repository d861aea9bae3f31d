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
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
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
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome, SoldBooking
from travellr_desktop.services.registry import Services
from travellr_desktop.services.sales import PayChoice, WayOffer
from travellr_desktop.services.sandbox import LinkTried
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.desk.basket import Basket
from travellr_desktop.ui.desk.filters import Filters
from travellr_desktop.ui.desk.finding import Finding
from travellr_desktop.ui.desk.fullness import Fullness
from travellr_desktop.ui.desk.link_page import LinkPage
from travellr_desktop.ui.desk.links_left import LinksLeft
from travellr_desktop.ui.desk.offer import OfferPane
from travellr_desktop.ui.desk.outcome import OutcomeTicket
from travellr_desktop.ui.desk.page import Desk, Page
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
        self._ways: tuple[WayOffer, ...] = ()
        self.formats = Formats(self._services.locale)
        self.session = Session(context, self)
        minutes = round(self.session.hold_seconds / 60)
        self.filters = Filters(self._services.locale, context.clock.now().date())
        self.results = Results(self.formats)
        may_overbook = allowed(context.actor.role, Permission.BOOKING_OVERBOOK)
        self.offer = OfferPane(self.formats, minutes, may_overbook=may_overbook)
        self.basket = Basket(context, self.session, self.formats, provider=self._services.provider)
        self.outcome = OutcomeTicket()
        self.vouchers = Vouchers(context, opener, self)
        self.issuing = Issuing(context, self._services, self, Words(self._services.locale), opener)
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
            Act.VOUCHER: self._voucher,
            Act.INVOICE: self._invoice,
            Act.LAST_VOUCHER: self._print_last,
            Act.READ_PAYMENT: self._read_payment,
            Act.COPY_LINK: self._copy,
            Act.BACK: self._back,
        }
        for number, act in enumerate(PAY_ACTS, 1):
            own[act] = partial(self._way, number)
        return own

    def command(self) -> Act | None:
        return Act.LAST_VOUCHER

    def panes(self) -> Sequence[QWidget]:
        return (*self.seats.instead((self.filters, self.results)), self._basket_pane)

    def primary(self) -> QAbstractButton | None:
        if self.session.outcome is not None:
            return self.outcome.page.primary if self.outcome.page is not None else None
        return self.basket.button

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
        self._ask_ways()

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
        self.session.take_up((hold,))
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
        self.outcome.hide()
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
        self.vouchers.saved.connect(self._saved)
        self.vouchers.refused.connect(self._refused)
        self.basket.take.connect(self._take)
        self.basket.till_asked.connect(self._go_to_till)
        self.outcome.page_changed.connect(self._hear_page)
        session.refused.connect(self._refused)
        session.traveller_changed.connect(self._ask_ways)
        session.outcome_changed.connect(self._show_outcome)
        session.paying_changed.connect(self._paying)
        session.found_out.connect(self._found_out)
        session.lines_changed.connect(self._tell_commands)
        session.links.tried.connect(self._tried)

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
        self._ways = start.ways
        self.basket.set_ways(start.ways)
        self.session.take_up(start.held)
        self.session.links.look()

    def _ask_ways(self) -> None:
        """Who buys may have cards that are kept for them; a payment key that was entered meanwhile has other cards."""
        if not self._ways:
            return
        buyer = self.session.traveller.id if self.session.traveller is not None else None
        self.context.background.run(
            self,
            lambda _task: self._services.sales.ways(self.context.actor, buyer),
            key="desk.ways",
            newest=True,
            done=self._offer_ways,
        )

    def _offer_ways(self, ways: tuple[WayOffer, ...]) -> None:
        if ways != self._ways:
            self._ways = ways
            if self.session.outcome is None:
                self.basket.set_ways(ways, keep=True)

    # paying

    def _take(self, choice: PayChoice) -> None:
        self.session.sell(choice, self._words(choice), self.basket.button)

    def _words(self, choice: PayChoice) -> str:
        words = {Way.LINK: self.tr("Making the link"), Way.READER: self.tr("Asking for the card")}
        return words.get(choice.way, self.tr("Taking the payment"))

    def _pay(self, choice: PayChoice) -> None:
        page = self.outcome.page
        if page is not None and page.primary is not None:
            self.session.pay(choice, self._words(choice), page.primary)

    def _paying(self, paying: bool) -> None:
        if self.outcome.page is not None and self.session.outcome is not None:
            self.outcome.page.set_paying(paying)

    def _go_to_till(self) -> None:
        """What is in the basket stays; its holds run on."""
        self.context.go("till")

    def _refused(self, refusal: Refusal) -> None:
        if self.session.outcome is not None and self.outcome.page is not None:
            self.outcome.page.refuse(refusal)
        else:
            self.basket.refuse(refusal)

    def _show_outcome(self) -> None:
        outcome = self.session.outcome
        focus = QApplication.focusWidget()
        was_in = focus is None or self._basket_pane.isAncestorOf(focus)
        self.outcome.setVisible(outcome is not None)
        self.basket.setVisible(outcome is None)
        if outcome is None:
            self.outcome.forget()
            self.basket.set_ways(self._ways)
        else:
            desk = Desk(self.session, self.formats, self._ways, self.context.clock.now)
            page = self.outcome.show_outcome(desk, outcome)
            if outcome.state in (OutcomeState.PAID, OutcomeState.PARTLY):
                self.vouchers.last = confirmed(outcome)
            if was_in and page.primary is not None and self.isVisible():
                page.primary.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell_commands()

    def _hear_page(self, page: Page) -> None:
        primary = page.primary
        page.pay.connect(self._pay)
        page.next.connect(self._new)
        page.till_asked.connect(self._go_to_till)
        page.voucher.connect(self._print)
        page.open_file.connect(self.vouchers.open)
        page.invoice.connect(self._invoice)
        page.extend.connect(self.session.extend)
        page.cancel_link.connect(self.session.links.cancel)
        page.cancel_asking.connect(self.session.readers.cancel)
        page.play.connect(self._play)
        page.copied.connect(lambda _url: self.context.say.finished(self.tr("The link is copied")))
        if primary is not None:
            page.read.connect(lambda: self.session.read_now(primary))
            page.again.connect(lambda: self.session.again_from_outcome(primary))
            page.release.connect(lambda: self.session.release(primary))

    def _play(self, card: str, button: QAbstractButton) -> None:
        asks = self.session.outcome is not None and self.session.outcome.reader is not None
        player = self.session.readers.present if asks else self.session.links.play
        player(card, button)

    def _tried(self, tried: LinkTried) -> None:
        if isinstance(self.outcome.page, LinkPage):
            self.outcome.page.show_tried(tried)

    def _copy(self) -> None:
        if self.session.outcome is not None and self.outcome.page is not None:
            self.outcome.page.copy()

    def _found_out(self, outcome: SaleOutcome) -> None:
        """A sale that was left with its outcome unknown is known now."""
        name = f"{outcome.reference}, {outcome.traveller_name}"
        if outcome.state in (OutcomeState.PAID, OutcomeState.PARTLY):
            words = {Way.LINK: self.tr("{0}: paid by link"), Way.READER: self.tr("{0}: paid at the reader")}
            way = outcome.way or Way.CARD
            self.context.say.finished(words.get(way, self.tr("{0}: paid after all")).format(name))
            return
        sentence = self.tr("{0}: the payment did not go through.").format(name)
        self.context.say.refused(Refusal(sentence, hint=self.tr("Nothing was charged. See Bookings.")))

    # vouchers

    def _print_last(self) -> None:
        self._print(self.vouchers.last)

    def _voucher(self) -> None:
        if self.session.outcome is not None:
            self._print(confirmed(self.session.outcome))

    def _invoice(self) -> None:
        if self.session.outcome is not None and confirmed(self.session.outcome):
            self.issuing.ask_sale(self.session.outcome.sale_id)

    def _print(self, bookings: tuple[SoldBooking, ...]) -> None:
        page = self.outcome.page if self.session.outcome is not None else None
        self.vouchers.make(bookings, page.primary if page is not None else None)

    def _saved(self, paths: tuple[Path, ...]) -> None:
        if self.session.outcome is not None and self.outcome.page is not None:
            self.outcome.page.show_saved(paths)
        else:
            words = ", ".join(path.name for path in paths)
            self.context.say.finished(self.tr("{0} is saved").format(words))

    def _read_payment(self) -> None:
        page = self.outcome.page
        if self.session.outcome is not None and page is not None and page.primary is not None:
            self.session.read_now(page.primary)

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

    def _to_payment(self) -> None:
        primary = self.primary()
        if primary is not None and primary.isEnabled():
            primary.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.basket.ways.tiles.focus_chosen()

    def _way(self, number: int) -> None:
        if self.session.outcome is None:
            self.basket.ways.choose_number(number)
        elif self.outcome.page is not None:
            self.outcome.page.choose_number(number)

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
