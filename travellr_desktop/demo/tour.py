"""The tour: an agent's morning, played by keys in the real window, with a picture of each step.

Sign in, hold two trips, a card that is declined and one that works, the voucher, a reply that is lost and found again,
seats on a coach kept as an option; then the lists, a cancellation with its refund, a booking that is rebooked, who came
to the quay and who did not, what is in the till, a sale that was cut off, and the program by night.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from travellr_desktop.demo.desk import DemoDesk
from travellr_desktop.demo.killed import KilledSale
from travellr_desktop.demo.mark import DemoSignIn
from travellr_desktop.demo.player import CTRL, Player, TourStuck
from travellr_desktop.demo.stage import at_window
from travellr_desktop.demo.stops import Stops
from travellr_desktop.domain.clock import Clock
from travellr_desktop.paths import Profile
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.ui.activity.screen import ActivityScreen
from travellr_desktop.ui.bookings.away import Step
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.desk.payment_states import DeclinedPage, PaidPage, UnknownPage
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.payments.screen import PaymentsScreen

DAYS_AHEAD = 3
FIRST, SECOND, BUYER = "blue cave", "two islands", "nyberg"
DECLINED_CARD = "Declined: not enough funds"
K = Qt.Key


@dataclass(frozen=True, slots=True)
class Errand:
    """What happens outside the window while the tour is on. `recover` is None where nothing may heal."""

    kill: Callable[[], KilledSale]
    recover: Callable[[], int] | None


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it: the sales by their references, and how many payments recovery found."""

    sold: str
    cancelled: str
    rebooked: str
    killed: KilledSale
    recovered: int


def play(
    desk: DemoDesk,
    profile: Profile,
    sign_in: DemoSignIn,
    errand: Errand,
    *,
    clock: Clock,
    said: Callable[[str], None],
) -> tuple[Played, Player]:
    """Play the tour over an open desk; pictures go to `pictures/` of the profile.

    Raises `TourStuck` where the window does not do what it should."""
    with at_window(desk, profile, clock) as opened:
        player = Player(opened.window, opened.background, profile.folder / "pictures")
        return Tour(desk, opened.window, player, sign_in, said).play(errand), player


class Tour(Stops):
    def play(self, errand: Errand) -> Played:
        self._sign_in()
        self._hold()
        self._traveller()
        sold = self._pay()
        self._lost_reply()
        self._seats()
        self._bookings(sold)
        cancelled = self._cancel()
        rebooked = self._rebook()
        self._quay()
        self._day_close()
        killed, recovered = self._cut_off(errand)
        self._activity()
        self._night()
        self._leave()
        return Played(sold, cancelled, rebooked, killed, recovered)

    # at the desk

    def _sign_in(self) -> None:
        player = self._player
        self._enter()
        player.picture("sign-in")
        player.key(K.Key_Return)
        player.until(lambda: self._window.workspace is not None, "being signed in")
        if self._work.screen_key != "desk":
            self._go("desk")
        player.until(lambda: self._desk.results.rows, "departures")
        player.picture("desk")
        self._said("Ana signed in, at the desk of the demonstration agency.")

    def _hold(self) -> None:
        player = self._player
        player.key(K.Key_F2)  # nothing of an earlier tour is in the basket
        self._two_adults()
        self._days_on(DAYS_AHEAD)  # so that a cancellation still gives everything back
        self._find(FIRST)
        player.picture("search")
        self._take()
        self._find(SECOND)
        self._take()
        self._said("Two trips are held, two seats each; the holds are counted down.")

    def _traveller(self) -> None:
        player, desk = self._player, self._desk
        player.key(K.Key_F4)
        player.write(BUYER)
        player.until(lambda: len(desk.basket.traveller.finder.matches) > 1, "travellers")
        player.picture("traveller")
        player.key(K.Key_Return)
        player.until(lambda: desk.session.traveller is not None, "the traveller")
        player.picture("basket")

    def _pay(self) -> str:
        player, desk = self._player, self._desk
        player.tab_to("Card", ComboBox)
        player.key(K.Key_Home)
        for _ in range(desk.basket.ways.card.count()):
            if desk.basket.ways.card.currentText() == DECLINED_CARD:
                break
            player.key(K.Key_Down)
        player.key(K.Key_Return, CTRL)
        self._page(DeclinedPage)
        player.picture("declined")
        self._said("The first card was declined; the seats stay held, and another way is offered.")
        player.key(K.Key_Return, CTRL)
        self._page(PaidPage)
        player.picture("paid")
        outcome = desk.session.outcome
        if outcome is None:
            raise TourStuck("The sale is gone.")
        player.key(K.Key_V)
        page = desk.outcome.page
        player.until(lambda: page is not None and page.saved.isVisible(), "the vouchers")
        player.picture("vouchers")
        actor, first = self._work.actor, outcome.bookings[0].id
        documents = self._desk_open.services.documents
        pages = player.away(lambda: documents.voucher_pictures(actor, first), "The voucher's page")
        player.add_picture("voucher", pages[0])
        self._said(f"{outcome.reference} is paid with another card; its vouchers are saved.")
        return outcome.reference

    def _lost_reply(self) -> None:
        player = self._player
        player.away(self._lose_a_reply, "Arming a fault")
        player.key(K.Key_F2)
        self._find(FIRST)
        self._take()
        self._choose_buyer("lakshmi")
        player.key(K.Key_Return, CTRL)
        self._page(UnknownPage)
        player.picture("unknown")
        player.key(K.Key_R)
        self._page(PaidPage)
        self._said("A reply of the provider was lost: nobody knew, until the payment was read again.")
        player.key(K.Key_F2)

    def _lose_a_reply(self) -> None:
        with SandboxControl(self._desk_open.profile.sandbox) as sandbox:
            sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)

    # the lists

    def _bookings(self, sold: str) -> None:
        player = self._player
        self._go("bookings")
        screen = self._screen(BookingsScreen)
        player.until(lambda: screen.lists.model.rowCount() > 1, "the list of bookings")
        player.picture("bookings")
        player.key(K.Key_Slash)
        player.write(sold)
        player.until(lambda: 1 <= screen.lists.model.rowCount() <= 2, f"the bookings of {sold}")
        player.key(K.Key_Return)
        player.until(lambda: screen.shown is not None, "the booking beside the list")
        player.picture("booking")

    def _cancel(self) -> str:
        player, screen = self._player, self._screen(BookingsScreen)
        shown = screen.shown
        if shown is None:
            raise TourStuck("No booking is shown.")
        player.tab_to("More")
        player.key(K.Key_Space)
        player.choose("Cancel booking")
        player.until(lambda: screen.is_cancelling and self._ready(screen), "what a cancellation does")
        player.write("The traveller is ill")
        player.picture("cancel")
        player.key(K.Key_Return, CTRL)
        player.until(lambda: QApplication.activeModalWidget() is not None, "the last question")
        player.picture("cancel-question")
        player.key(K.Key_Return, CTRL)
        player.until(lambda: screen.cancelling.step is Step.SENT, "the cancellation")
        player.picture("cancelled")
        player.key(K.Key_Escape)
        self._said(f"{shown.detail.reference} is cancelled; what the policy gives back is on the card.")
        return shown.detail.reference

    # the sale that was cut off

    def _cut_off(self, errand: Errand) -> tuple[KilledSale, int]:
        player = self._player
        killed = player.away(errand.kill, "A sale in another program")
        self._said(f"{killed.reference}: its program was killed after the charge, before its record.")
        self._go("payments")
        screen = self._screen(PaymentsScreen)
        player.key(K.Key_Slash)
        player.write(killed.reference)
        player.until(lambda: screen.lists.model.rowCount() == 1, f"the payment of {killed.reference}")
        player.key(K.Key_Return)
        player.until(lambda: screen.shown is not None, "the payment beside the list")
        player.picture("cut-off")
        if errand.recover is None:
            self._said("Recovery is off: the sale stays as it is.")
            return killed, 0
        recovered = player.away(errand.recover, "Recovery")
        player.until(lambda: screen.shown is not None and screen.shown.state == "completed", "recovery")
        player.picture("recovered")
        self._said(
            f"Recovery read the payment at the provider: {killed.reference} is paid, and charged once."
        )
        return killed, recovered

    # the rest of the program

    def _activity(self) -> None:
        player = self._player
        self._go("activity")
        screen = self._screen(ActivityScreen)
        player.key(K.Key_Return, CTRL)
        player.until(screen.running.books.note.isVisible, "the proof of the books")
        player.picture("activity")
        self._said("The books are proved, from the window too.")
        self._go("settings")
        player.picture("settings")

    def _night(self) -> None:
        player = self._player
        self._switch(dark=True, picture="palette")
        player.picture("settings-by-night")
        self._go("desk")
        player.picture("desk-by-night")
        self._go("bookings")
        player.picture("bookings-by-night")
        self._switch(dark=False)

    def _switch(self, *, dark: bool, picture: str = "") -> None:
        """Light or dark, by the palette's line for it."""
        player, theme = self._player, self._work.context.theme
        player.key(K.Key_K, CTRL)
        player.write("Theme: dark" if dark else "Theme: light")
        if picture:
            player.picture(picture)
        player.key(K.Key_Return)
        player.until(lambda: theme.dark is dark, "the other light")

    def _leave(self) -> None:
        player = self._player
        player.key(K.Key_L, CTRL)
        player.until(self._window.door.lock.isVisible, "the lock")
        player.picture("locked")
