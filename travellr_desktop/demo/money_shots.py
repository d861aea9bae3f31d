"""The pictures of money: deposits, saved cards and readers at the desk, refunds, disputes, the till, its settings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from travellr_desktop.demo.desk_shots import STORY
from travellr_desktop.demo.photographer import SIZES
from travellr_desktop.demo.player import CTRL, TourStuck
from travellr_desktop.demo.walk import Walk
from travellr_desktop.domain.text import fold
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.secrets import Place
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.desk.reader_page import ReaderPage
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.records.reader_part import ReaderPart
from travellr_desktop.ui.refunds.screen import RefundsScreen
from travellr_desktop.ui.settings.payments import PaymentsSection
from travellr_desktop.ui.settings.screen import SettingsScreen
from travellr_desktop.ui.till.screen import DayCloseScreen
from travellr_desktop.ui.travellers.screen import TravellersScreen

TOUR, BOAT = "under sail", "blue cave"
_AHEAD = timedelta(days=25)
_SOON = timedelta(days=3)
_MOST, _MOST_WAYS = 400, 7
_COUNTED = "012111"
"""Pieces of each note, the largest first: not what the drawer should hold."""
_FLOAT = "00125"
K = Qt.Key


class MoneyShots(Walk):
    def pictures(self) -> None:
        """Everything about money, seen by somebody who may do all of it."""
        self._enter()
        self._player.key(K.Key_Return)
        self._player.until(lambda: self._window.workspace is not None, "being signed in")
        services, actor = self._desk_open.services, self._work.actor
        reader = services.readers.add_simulated(actor, "Riva, by the window")
        services.readers.choose(actor, reader.ref)
        has_card = self._whoever(lambda one: bool(services.cards.of_traveller(actor, one)))
        has_credit = self._whoever(lambda one: bool(services.credit.of_traveller(actor, one).has))
        self._at_the_desk(has_card)
        self._disputes()
        self._refunds()
        self._given_back()
        self._travellers(has_card, "traveller-cards")
        self._travellers(has_credit, "traveller-credit")
        self._till()
        self._settings()

    def _whoever(self, true: Callable[[UUID], bool]) -> str:
        """The name, in letters that can be typed, of the first traveller of whom it is true."""
        services, actor = self._desk_open.services, self._work.actor
        with closing(services.lists.travellers(actor, ListQuery(sort="name"))) as found:
            for row in found.first(_MOST):
                if fold(row.name).isascii() and true(row.id):
                    return fold(row.name)
        raise TourStuck("No traveller is like that.")

    def _way(self, way: Way) -> None:
        """Choose how it is paid."""
        ways = self._desk.basket.ways

        def chosen() -> bool:
            return any(ways.choose_number(number) and ways.way is way for number in range(1, _MOST_WAYS + 1))

        self._player.until(chosen, way.value)

    def _buyer(self, name: str) -> None:
        player, desk = self._player, self._desk
        player.key(K.Key_F4)
        player.write(name)
        player.until(lambda: bool(desk.basket.traveller.finder.matches), "the traveller")
        player.key(K.Key_Return)
        player.until(lambda: desk.session.traveller is not None, "the traveller")

    def _at_the_desk(self, has_card: str) -> None:
        player = self._player
        self._go("desk")
        desk = self._desk
        player.until(lambda: bool(desk.results.rows), "departures")
        player.key(K.Key_F2)
        self._two_adults()
        desk.filters.choose((STORY + _AHEAD).date())
        self._find(TOUR)
        self._take()
        self._buyer(has_card)
        player.until(desk.basket.deposit.isVisible, "the deposit")
        desk.basket.deposit.only.setChecked(True)
        player.picture("deposit")
        player.key(K.Key_F2)
        desk.filters.choose((STORY + _SOON).date())
        self._find(BOAT)
        self._take()
        self._buyer(has_card)
        self._way(Way.SAVED)
        player.picture("saved-card")
        self._way(Way.READER)
        player.key(K.Key_Return, CTRL)
        self._page(ReaderPage)
        player.picture("card-reader")
        self._back_at_the_booking()
        page = desk.outcome.page
        if not isinstance(page, ReaderPage):
            raise TourStuck("The reader does not ask.")
        page.end.click()
        player.until(lambda: not isinstance(desk.outcome.page, ReaderPage), "the end of asking")
        player.key(K.Key_F2)

    def _back_at_the_booking(self) -> None:
        """Somebody looks at the booking while the reader still asks for its card."""
        player, outcome = self._player, self._desk.session.outcome
        if outcome is None:
            raise TourStuck("Nothing is sold.")
        reference = outcome.bookings[0].reference
        self._go("bookings")
        screen = self._screen(BookingsScreen)
        screen.open_booking(reference)
        player.until(
            lambda: screen.shown is not None and screen.shown.detail.reference == reference, "the booking"
        )
        player.until(lambda: bool(screen.panel.findChildren(ReaderPart)), "the reader")
        player.picture("booking-reader")
        screen.lists.filters.clear()
        player.until(lambda: screen.lists.model.rowCount() > 1, "all bookings")
        self._go("desk")

    def _disputes(self) -> None:
        player = self._player
        self._go("payments")
        screen = self._screen(PaymentsScreen)
        screen.go_view("disputes")
        page = screen.disputes
        if page is None:
            raise LookupError("An admin has the disputes.")
        player.until(lambda: page.lists.model.rowCount() > 1, "the disputes")
        player.key(K.Key_Home)
        player.until(page.panel.isVisible, "the dispute")
        player.picture("disputes")

    def _refunds(self) -> None:
        self._go("refunds")
        screen = self._screen(RefundsScreen)
        self._player.until(lambda: bool(screen.view.boxes) and self._enabled(screen), "what waits")
        self._player.picture("refunds")

    def _enabled(self, screen: RefundsScreen | BookingsScreen) -> bool:
        primary = screen.primary()
        return primary is not None and primary.isEnabled()

    def _given_back(self) -> None:
        """A booking close to its departure: more than the policy gives, at the agency's cost; then as credit."""
        player = self._player
        self._go("bookings")
        screen = self._screen(BookingsScreen)
        player.until(lambda: screen.lists.model.rowCount() > 1, "the list of bookings")
        detail = self._partly_kept()
        player.key(K.Key_Slash)
        player.write(detail)
        player.until(lambda: screen.lists.model.rowCount() == 1, detail)
        player.key(K.Key_Return)
        player.until(
            lambda: screen.shown is not None and screen.shown.detail.reference == detail, "the booking"
        )
        player.tab_to("More")
        player.key(K.Key_Space)
        player.choose("Cancel booking")
        player.until(lambda: screen.is_cancelling and self._enabled(screen), "what a cancellation does")
        view = screen.cancelling
        player.write("The boat was late, they missed their flight")
        player.picture("refund-steps")
        view.terms.to_where.set_value("credit")
        view.terms.changed.emit()
        player.quiet()
        player.picture("refund-credit")
        view.terms.to_where.set_value("payment")
        view.terms.back.set_text(self._most)
        view.terms.changed.emit()
        player.quiet()
        player.picture("refund-beyond")
        player.key(K.Key_Escape)

    def _partly_kept(self) -> str:
        """The reference of a booking of which the policy gives back some now, and less later."""
        services, actor = self._desk_open.services, self._work.actor
        query = ListQuery(sort="departs", descending=False)
        with closing(services.lists.bookings(actor, query)) as found:
            for row in found.first(2_000):
                if row.status != "confirmed" or row.departs < STORY:
                    continue
                shown = services.cancellations.preview(actor, [row.id])
                whole = shown.most
                if shown.kept and shown.back and shown.back < whole and not shown.needs_second:
                    self._most = f"{(shown.back.minor + whole.minor) // 2 / 100:.2f}"
                    return row.reference
        raise TourStuck("No booking is kept in part.")

    def _travellers(self, name: str, picture: str) -> None:
        self._go("travellers")
        screen, player = self._screen(TravellersScreen), self._player
        player.key(K.Key_Slash)
        player.key(K.Key_A, CTRL)
        player.write(name)
        player.key(K.Key_Down)
        player.until(lambda: bool(screen.record.history.bookings.model.rowCount()), "what they booked")
        player.until(lambda: screen.record.cards.isVisible() or screen.record.credit.isVisible(), "the money")
        part = screen.record.credit if picture.endswith("credit") else screen.record.cards
        before = self._window.size()
        self._window.resize(
            SIZES[0]
        )  # what is below the bookings is scrolled to where it stands in the picture
        player.quiet()
        for area in screen.record.findChildren(QScrollArea):
            if area.isAncestorOf(part):
                area.ensureWidgetVisible(part)
        player.picture(picture)
        self._window.resize(before)

    def _till(self) -> None:
        player = self._player
        self._go("till")
        screen = self._screen(DayCloseScreen)
        player.until(lambda: screen.status is not None and screen.status.open is not None, "the till")
        screen.day.go_view("moves")
        screen.count.focus_first()
        player.picture("till")
        for pieces in _COUNTED:
            player.write(pieces)
            player.key(K.Key_Return)
        player.picture("till-counted")
        screen.count.clear()
        screen.day.go_view("closes")
        screen.day.closes.setFocus()
        player.key(K.Key_Home)
        player.key(K.Key_Down)  # below what was read today
        player.until(
            lambda: screen.in_closes and screen.panel.report is not None and not screen.panel.report.is_open,
            "the Z",
        )
        player.picture("till-z")
        screen.day.go_view("ways")

    def _settings(self) -> None:
        player = self._player
        self._go("settings")
        screen = self._screen(SettingsScreen)
        for key in ("payments", "invoices"):
            screen.show_section(key)
            player.picture(f"settings-{key}")


class NewAgency(Walk):
    """An agency that was just set up, on a machine without a keyring."""

    def pictures(self) -> None:
        player = self._player
        self._enter()
        player.key(K.Key_Return)
        player.until(lambda: self._window.workspace is not None, "being signed in")
        self._first_till()
        self._vault()

    def _first_till(self) -> None:
        """The float of a till that was never opened, counted: all of it comes from the safe."""
        player = self._player
        self._go("till")
        screen = self._screen(DayCloseScreen)
        player.until(lambda: screen.status is not None and screen.status.first, "the till")
        screen.count.focus_first()
        for pieces in _FLOAT:
            player.write(pieces)
            player.key(K.Key_Return)
        player.picture("till-first")

    def _vault(self) -> None:
        """A key can be kept in a vault that opens with a passphrase."""
        self._go("settings")
        screen = self._screen(SettingsScreen)
        screen.show_section("payments")
        (section,) = screen.findChildren(PaymentsSection)
        form = section.form
        self._player.until(form.keep.isVisible, "the key")
        form.place.set_value(Place.VAULT.value)
        form.field.edit.setFocus()
        self._player.until(form.passphrase.isVisible, "the passphrase")
        self._player.write("rk_test_" + "51QuayKotor" * 2)
        form.passphrase.edit.setFocus()
        self._player.write("lanterns over the quay")
        before = self._window.size()
        self._window.resize(SIZES[0])
        self._player.quiet()
        for area in screen.findChildren(QScrollArea):
            if area.isAncestorOf(form):
                area.ensureWidgetVisible(form.again)
        self._player.picture("settings-vault")
        self._window.resize(before)
