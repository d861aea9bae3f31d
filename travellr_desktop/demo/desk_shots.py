"""The pictures of what an agent sees: the tour's way, and aside from it to what it does not pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from travellr_desktop.demo.player import CTRL
from travellr_desktop.demo.tour import FIRST, Tour
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.board import Phase
from travellr_desktop.ui.activity.screen import ActivityScreen
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.departures.screen import DeparturesScreen
from travellr_desktop.ui.desk.payment_states import DeclinedPage
from travellr_desktop.ui.options.screen import OptionsScreen
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.shell.keys_help import KeysHelp
from travellr_desktop.ui.travellers.screen import TravellersScreen

STORY = datetime(2026, 6, 18, 8, 42, tzinfo=UTC)
"""Thursday, 10:42 in Kotor."""
_IN_THE_WEEK_END = timedelta(days=2)
K = Qt.Key


class Shots(Tour):
    """The tour's way, and aside from it to what it does not pass."""

    def pictures(self) -> None:
        """Everything behind the sign-in screen."""
        player = self._player
        self._sign_in()
        self._nothing_found()
        self._hold()
        self._traveller()
        sold = self._pay()
        self._lost_reply()
        self._no_connection()
        self._reduced()
        self._plans()
        self._seats()
        self._bookings(sold)
        self._changes()
        self._cancel()
        self._rebook()
        self._one_of_them()
        self._lists()
        self._quay()
        self._close()
        self._undecided()
        self._people()
        self._activity()
        self._events()
        player.key(K.Key_K, CTRL)
        player.write("nyberg")
        player.picture("palette")
        player.key(K.Key_Escape)
        self._keys()
        self._leave()

    def _keys(self) -> None:
        player = self._player
        self._go("desk")
        for _ in range(len(self._desk.panes())):
            if not isinstance(QApplication.focusWidget(), QLineEdit):
                break
            player.key(K.Key_F6)  # out of the field, where a sign is a letter
        player.write("?")
        player.until(
            lambda: any(each.isVisible() for each in self._window.findChildren(KeysHelp)), "the keys"
        )
        player.picture("keys")
        player.key(K.Key_Escape)

    def _nothing_found(self) -> None:
        player, desk = self._player, self._desk
        player.write("submarine")
        player.until(lambda: not desk.results.rows, "nothing")
        player.picture("desk-nothing-found")
        player.key(K.Key_F2)
        player.key(K.Key_Escape)

    def _no_connection(self) -> None:
        player = self._player
        player.away(self._cut_the_line, "Arming a fault")
        self._find(FIRST)
        self._take()
        self._choose_buyer("lakshmi")
        player.key(K.Key_Return, CTRL)
        self._page(DeclinedPage)
        player.picture("no-connection")
        player.key(K.Key_Return, CTRL)  # cash
        player.quiet()
        player.key(K.Key_F2)

    def _plans(self) -> None:
        """A boat and a coach, the cursor on a seat that is free."""
        player, desk = self._player, self._desk
        player.key(K.Key_F2)
        desk.filters.choose((STORY + _IN_THE_WEEK_END).date())
        for number, words in enumerate(("by night", "monastery from the coast"), 1):
            self._find(words)
            self._take()
            player.until(lambda number=number: len(desk.seats.view.sections) == number, "the plan")  # type: ignore[misc]
        player.key(K.Key_N)
        player.picture("seats-boat-and-coach")
        player.key(K.Key_F2)

    def _cut_the_line(self) -> None:
        with SandboxControl(self._desk_open.profile.sandbox) as sandbox:
            sandbox.arm(Operation.INTENT_CREATE, FaultKind.UNREACHABLE)

    def _lists(self) -> None:
        player = self._player
        bookings = self._screen(BookingsScreen)
        player.key(K.Key_Slash)
        player.write(" zzzz")
        player.until(lambda: bookings.lists.model.rowCount() == 0, "nothing")
        player.picture("bookings-nothing-found")
        self._go("payments")
        payments = self._screen(PaymentsScreen)
        player.until(lambda: payments.lists.model.rowCount() > 1, "the list of payments")
        player.key(K.Key_Down)
        player.until(lambda: payments.shown is not None, "the payment beside the list")
        player.picture("payments")

    def _reduced(self) -> None:
        """Something is taken off: the form, then the basket with it."""
        player, desk = self._player, self._desk
        player.key(K.Key_F2)
        self._find(FIRST)
        self._take()
        self._choose_buyer("nyberg")
        player.tab_to("Discount or promo code")
        player.key(K.Key_Space)
        player.tab_to("Discount", QLineEdit)
        player.write("5")
        player.tab_to("Reason", QLineEdit)
        player.write("They come each year")
        player.picture("discount")
        player.key(K.Key_Return)
        player.until(lambda: not desk.basket.discount.is_open, "the discount")
        player.picture("discount-given")
        player.key(K.Key_F2)

    def _changes(self) -> None:
        """The ways in which a booking can be changed."""
        player = self._player
        player.key(K.Key_E)
        player.until(lambda: QApplication.activePopupWidget() is not None, "the menu")
        player.picture("booking-change")
        player.key(K.Key_Escape)

    def _one_of_them(self) -> None:
        """The booking that was rebooked has a note, and one of its travellers thinks of leaving."""
        player, screen = self._player, self._screen(BookingsScreen)
        player.tab_to("Add note", Button)
        player.key(K.Key_Space)
        player.write("The hotel calls when they are ready.")
        player.key(K.Key_Return, CTRL)
        player.until(lambda: screen.shown is not None and screen.shown.notes, "the note")
        player.picture("booking-rebooked")
        player.key(K.Key_E)
        player.choose("Cancel a traveller")
        player.until(lambda: screen.away is screen.changing and screen.changing.lines.boxes, "the travellers")
        player.tab_to("adult 2")
        player.key(K.Key_Space)
        player.until(lambda: self._ready(screen), "what goes back")
        player.picture("cancel-traveller")
        player.key(K.Key_Escape)

    def _close(self) -> None:
        """A boat that has left: the last question before its manifest is closed."""
        player, screen = self._player, self._screen(DeparturesScreen)
        player.key(K.Key_T)
        self._to_pane(screen.day_list.table)
        player.key(K.Key_Home)
        for row in screen.day_list.rows:
            if row.phase is Phase.MANIFEST:
                break
            player.key(K.Key_Down)
        player.until(screen.panel.close_button.isEnabled, "a manifest to be closed")
        player.picture("departures-manifest")
        player.key(K.Key_Return, CTRL)
        player.until(lambda: isinstance(QApplication.activeModalWidget(), Decision), "the last question")
        player.picture("departures-close")
        player.key(K.Key_Escape)

    def _people(self) -> None:
        """Somebody who stands in the file twice."""
        self._go("travellers")
        travellers, player = self._screen(TravellersScreen), self._player
        player.write("nyberg")
        player.key(K.Key_Down)
        player.until(lambda: bool(travellers.record.history.bookings.model.rowCount()), "what they booked")
        player.picture("travellers")
        player.key(K.Key_A, CTRL)
        player.write("milica dukic")
        player.until(travellers.merging.isVisible, "the other record")
        player.key(K.Key_Down)
        player.until(lambda: bool(travellers.record.history.bookings.model.rowCount()), "what they booked")
        player.until(travellers.finder.likely_line.isVisible, "likely duplicates")
        player.picture("travellers-merge")

    def _undecided(self) -> None:
        """What is kept and who waits, then the departure that they wait for."""
        player = self._player
        self._go("options")
        options = self._screen(OptionsScreen)
        for key, picture in ((K.Key_O, "options"), (K.Key_W, "waiting-list")):
            player.key(key)
            player.until(lambda: options.page.lists.model.rowCount() > 1, "the list")
            player.key(K.Key_Home)
            player.until(lambda: options.shown is not None, "what the panel shows")
            player.picture(picture)
        options.show_departure()
        player.until(self._desk.offer.full.isVisible, "a full departure")
        player.until(lambda: self._desk.offer.full.instead.near.rows, "what can be had instead")
        player.picture("desk-full")
        player.key(K.Key_W)
        player.until(lambda: self._desk.offer.full.form is not None, "the form")
        player.picture("desk-full-waiting")
        player.key(K.Key_Escape)

    def _events(self) -> None:
        self._go("activity")
        screen = self._screen(ActivityScreen)
        self._player.tab_to("Running")
        self._player.key(K.Key_Right)
        self._player.until(
            lambda: screen.view == "events" and screen.journals["events"].list.model.rowCount() > 0,
            "the events",
        )
        self._player.picture("activity-events")
