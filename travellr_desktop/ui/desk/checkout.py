"""The money side of the desk: what is chosen in the basket is sold, and the ticket shows what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome, SoldBooking
from travellr_desktop.services.registry import Services
from travellr_desktop.services.sales import PayChoice, WayOffer
from travellr_desktop.services.sandbox import LinkTried
from travellr_desktop.ui.desk.basket import Basket
from travellr_desktop.ui.desk.link_page import LinkPage
from travellr_desktop.ui.desk.outcome import OutcomeTicket
from travellr_desktop.ui.desk.page import Desk, Page
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.desk.vouchers import Vouchers, confirmed
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.invoices.issuing import Issuing
from travellr_desktop.ui.screen import Context


class Checkout(QObject):
    """Stands between basket and outcome: one of the two is shown in `pane`."""

    changed = Signal()
    """What can be done now may be something else."""
    next = Signal()
    """The sale is over, and the person wants the next one."""
    till_asked = Signal()

    def __init__(
        self,
        context: Context,
        session: Session,
        formats: Formats,
        basket: Basket,
        vouchers: Vouchers,
        issuing: Issuing,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._services = cast(Services, context.services)
        self._session, self._formats = session, formats
        self._basket, self._vouchers, self._issuing = basket, vouchers, issuing
        self._ways: tuple[WayOffer, ...] = ()
        self._pane: QWidget | None = None
        self.ticket = OutcomeTicket()
        self.ticket.hide()
        self._connect()

    def stand_in(self, pane: QWidget) -> None:
        """Where basket and ticket stand: who works in there is taken along from one to the other."""
        self._pane = pane

    @property
    def page(self) -> Page | None:
        """What is shown of the sale; None while there is none."""
        return self.ticket.page if self._session.outcome is not None else None

    def primary(self) -> QAbstractButton | None:
        """The button with which it goes on."""
        if self._session.outcome is None:
            return self._basket.button
        return self.page.primary if self.page is not None else None

    def _connect(self) -> None:
        session = self._session
        self._basket.take.connect(self._take)
        self._basket.till_asked.connect(self.till_asked)
        self.ticket.page_changed.connect(self._hear_page)
        self._vouchers.saved.connect(self._saved)
        self._vouchers.refused.connect(self._refused)
        session.refused.connect(self._refused)
        session.traveller_changed.connect(self.ask_ways)
        session.outcome_changed.connect(self._show_outcome)
        session.paying_changed.connect(self._paying)
        session.found_out.connect(self._found_out)
        session.links.tried.connect(self._tried)

    # ways to pay

    def set_ways(self, ways: tuple[WayOffer, ...]) -> None:
        """The ways that there are as the desk is opened."""
        self._ways = ways
        self._basket.set_ways(ways)
        if self._session.traveller is not None:  # who came with an option, before there were ways
            self.ask_ways()

    def ask_ways(self) -> None:
        """Who buys may have cards that are kept for them; a payment key that was entered meanwhile has other cards. For
        seats that were kept to a date a transfer may have come in."""
        if not self._ways:
            return
        buyer = self._session.traveller.id if self._session.traveller is not None else None
        later = any(line.kept for line in self._session.lines)
        self._context.background.run(
            self,
            lambda _task: self._services.sales.ways(self._context.actor, buyer, later=later),
            key="desk.ways",
            newest=True,
            done=self._offer_ways,
        )

    def _offer_ways(self, ways: tuple[WayOffer, ...]) -> None:
        if ways != self._ways:
            self._ways = ways
            if self._session.outcome is None:
                self._basket.set_ways(ways, keep=True)

    def choose_way(self, number: int) -> None:
        """By its digit: in the basket, or for what a sale still waits for."""
        if self._session.outcome is None:
            self._basket.ways.choose_number(number)
        elif self.page is not None:
            self.page.choose_number(number)

    # paying

    def _take(self, choice: PayChoice) -> None:
        self._session.sell(choice, self._words(choice), self._basket.button)

    def _words(self, choice: PayChoice) -> str:
        words = {Way.LINK: self.tr("Making the link"), Way.READER: self.tr("Asking for the card")}
        return words.get(choice.way, self.tr("Taking the payment"))

    def _pay(self, choice: PayChoice) -> None:
        if self.page is not None and self.page.primary is not None:
            self._session.pay(choice, self._words(choice), self.page.primary)

    def _paying(self, paying: bool) -> None:
        if self.page is not None:
            self.page.set_paying(paying)

    def _refused(self, refusal: Refusal) -> None:
        if self.page is not None:
            self.page.refuse(refusal)
        else:
            self._basket.refuse(refusal)

    def _show_outcome(self) -> None:
        outcome = self._session.outcome
        focus = QApplication.focusWidget()
        was_in = focus is None or (self._pane is not None and self._pane.isAncestorOf(focus))
        self.ticket.setVisible(outcome is not None)
        self._basket.setVisible(outcome is None)
        if outcome is None:
            self.ticket.forget()
            self._basket.set_ways(self._ways)
        else:
            desk = Desk(self._session, self._formats, self._ways, self._context.clock.now)
            page = self.ticket.show_outcome(desk, outcome)
            if outcome.state in (OutcomeState.PAID, OutcomeState.PARTLY):
                self._vouchers.last = confirmed(outcome)
            if was_in and page.primary is not None and self.ticket.isVisible():
                page.primary.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _hear_page(self, page: Page) -> None:
        session, primary = self._session, page.primary
        page.pay.connect(self._pay)
        page.next.connect(self.next)
        page.till_asked.connect(self.till_asked)
        page.voucher.connect(self._print)
        page.open_file.connect(self._vouchers.open)
        page.invoice.connect(self.invoice)
        page.extend.connect(session.extend)
        page.cancel_link.connect(session.links.cancel)
        page.cancel_asking.connect(session.readers.cancel)
        page.play.connect(self._play)
        page.copied.connect(lambda _url: self._context.say.finished(self.tr("The link is copied")))
        if primary is not None:
            page.read.connect(lambda: session.read_now(primary))
            page.again.connect(lambda: session.again_from_outcome(primary))
            page.release.connect(lambda: session.release(primary))

    def _play(self, card: str, button: QAbstractButton) -> None:
        asks = self._session.outcome is not None and self._session.outcome.reader is not None
        player = self._session.readers.present if asks else self._session.links.play
        player(card, button)

    def _tried(self, tried: LinkTried) -> None:
        if isinstance(self.page, LinkPage):
            self.page.show_tried(tried)

    def copy(self) -> None:
        """The link that is shown, or what else the page has to copy."""
        if self.page is not None:
            self.page.copy()

    def read_payment(self) -> None:
        """Ask the provider now."""
        if self.page is not None and self.page.primary is not None:
            self._session.read_now(self.page.primary)

    def _found_out(self, outcome: SaleOutcome) -> None:
        """A sale that was left with its outcome unknown is known now."""
        name = f"{outcome.reference}, {outcome.traveller_name}"
        if outcome.state in (OutcomeState.PAID, OutcomeState.PARTLY):
            words = {Way.LINK: self.tr("{0}: paid by link"), Way.READER: self.tr("{0}: paid at the reader")}
            way = outcome.way or Way.CARD
            self._context.say.finished(words.get(way, self.tr("{0}: paid after all")).format(name))
            return
        sentence = self.tr("{0}: the payment did not go through.").format(name)
        self._context.say.refused(Refusal(sentence, hint=self.tr("Nothing was charged. See Bookings.")))

    # papers

    def print_last(self) -> None:
        """The vouchers of the sale before, once more."""
        self._print(self._vouchers.last)

    def voucher(self) -> None:
        """The vouchers of the sale that is shown."""
        if self._session.outcome is not None:
            self._print(confirmed(self._session.outcome))

    def invoice(self) -> None:
        """An invoice for the sale that is shown."""
        if self._session.outcome is not None and confirmed(self._session.outcome):
            self._issuing.ask_sale(self._session.outcome.sale_id)

    def _print(self, bookings: tuple[SoldBooking, ...]) -> None:
        self._vouchers.make(bookings, self.page.primary if self.page is not None else None)

    def _saved(self, paths: tuple[Path, ...]) -> None:
        if self.page is not None:
            self.page.show_saved(paths)
        else:
            words = ", ".join(path.name for path in paths)
            self._context.say.finished(self.tr("{0} is saved").format(words))
