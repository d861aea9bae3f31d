"""The further stops of the tour: seats on a plan, an option, a rebooking and its difference, the quay, and the till."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from travellr_desktop.demo.player import CTRL, TourStuck, name_of
from travellr_desktop.demo.walk import Walk
from travellr_desktop.domain.states import BookingState
from travellr_desktop.domain.text import fold
from travellr_desktop.services.manifest_rows import Manifest, ManifestLine
from travellr_desktop.ui.bookings.away import Step
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.departures.screen import DeparturesScreen
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.calendar import DayCell
from travellr_desktop.ui.parts.choices import RadioButton
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.till.screen import DayCloseScreen

COACH = "mausoleum"
THINKS_IT_OVER = "lakshmi"
_MOST_DAYS, _MOST_ROWS, _MOST_PANES = 20, 60, 6
K = Qt.Key


class Stops(Walk):
    # at the desk

    def _seats(self) -> None:
        """Two seats on a coach; the traveller wants to sleep on it, and they are kept."""
        player, desk = self._player, self._desk
        player.key(K.Key_F2)
        self._find(COACH)
        self._take()
        player.until(lambda: desk.seats.view.isVisible() and desk.seats.view.sections, "the plan")
        player.picture("seats")
        player.key(K.Key_Escape)
        player.until(lambda: not desk.seats.view.isVisible(), "the basket beside the list")
        self._said("Seats on the coach are chosen on its plan, and held for every window.")
        self._choose_buyer(THINKS_IT_OVER)
        player.key(K.Key_O)
        player.tab_to("Keep as option", Button)
        player.picture("option")
        player.key(K.Key_Return)
        player.until(lambda: not desk.session.lines, "the option")
        self._said("The seats are kept as an option until the traveller calls back.")

    # a booking that changes

    def _rebook(self) -> str:
        """The other booking of the sale goes on another departure, and the difference changes hands."""
        player, screen = self._player, self._screen(BookingsScreen)
        self._to_a_booking_that_can_change(screen)
        shown = screen.shown
        assert shown is not None
        player.key(K.Key_E)
        player.choose("Rebook")
        rebook = screen.changing.rebook
        player.until(lambda: screen.away is screen.changing and rebook.calendar.isVisible(), "the calendar")
        self._among_choices(self._dearer(screen), len(rebook.choices))
        player.key(K.Key_Space)
        player.until(lambda: screen.changing.ticket.act is not None and self._ready(screen), "the difference")
        player.picture("rebook")
        player.key(K.Key_Return, CTRL)
        if isinstance(QApplication.activeModalWidget(), Decision):
            player.key(K.Key_Return, CTRL)
        player.until(lambda: screen.changing.step is Step.SENT, "the change")
        player.picture("rebooked")
        player.key(K.Key_Escape)
        self._said(
            f"{shown.detail.reference} goes on another departure; the difference in price has changed hands."
        )
        return shown.detail.reference

    def _to_a_booking_that_can_change(self, screen: BookingsScreen) -> None:
        player = self._player
        player.key(K.Key_Home)
        for _ in range(screen.lists.model.rowCount()):
            player.until(lambda: screen.shown is not None, "the booking beside the list")
            if screen.shown is not None and screen.shown.detail.can_change:
                return
            player.key(K.Key_Down)
        raise TourStuck("No booking on the list can be changed.")

    def _dearer(self, screen: BookingsScreen) -> str:
        """On the first day that has one, a departure whose price is another one; by the name of its choice."""
        player, rebook = self._player, screen.changing.rebook
        for _ in range(_MOST_DAYS):
            found = [each for each in rebook.choices.values() if each.isEnabled()]
            other = [each.accessibleName() for each in found if "same price" not in each.accessibleName()]
            if other:
                return other[0]
            if not isinstance(QApplication.focusWidget(), DayCell):
                player.key(K.Key_Tab)
            player.key(K.Key_Right)
            player.key(K.Key_Return)
        raise TourStuck("Every departure costs the same.")

    def _among_choices(self, name: str, count: int) -> None:
        """Tab comes to the choices, the arrows go along them."""
        player = self._player
        player.tab_to("", RadioButton)
        for _ in range(count):
            focus = QApplication.focusWidget()
            if focus is not None and name == name_of(focus):
                return
            player.key(K.Key_Down)
        raise TourStuck(f"No arrow leads to {name!r}.")

    @staticmethod
    def _ready(screen: BookingsScreen) -> bool:
        primary = screen.primary()
        return primary is not None and primary.isEnabled()

    # on the quay

    def _quay(self) -> None:
        """Somebody is checked in by their name, somebody else did not come."""
        player = self._player
        self._go("departures")
        screen = self._screen(DeparturesScreen)
        player.until(lambda: screen.day_list.current() is not None, "the departures of the day")
        manifest = self._boarding(screen)
        if manifest is None:
            player.picture("departures")
            self._said("Nobody boards in these hours; the day and its manifests are looked at.")
            return
        comes, stays = unsaid(manifest)[:2]
        player.picture("departures")
        player.key(K.Key_C)
        player.write(fold(comes.name))
        player.key(K.Key_Return)
        player.until(lambda: standing(screen, comes).checked_in_at is not None, "the check-in")
        for _ in range(2):  # the name goes, then the field does
            player.key(K.Key_Escape)
        player.until(lambda: QApplication.focusWidget() is screen.panel.list, "the list")
        player.key(K.Key_Home)
        for _ in range(_MOST_ROWS):
            row = screen.panel.list.current()
            if row is not None and row.line is not None and row.line.id == stays.id:
                break
            player.key(K.Key_Down)
        player.key(K.Key_X)
        player.until(lambda: standing(screen, stays).absent, "the no-show")
        player.picture("checked-in")
        self._said(f"On the quay {comes.name} is checked in, and {stays.name} did not come.")

    def _boarding(self, screen: DeparturesScreen) -> Manifest | None:
        """The first departure of today or tomorrow on which there are two of whom nothing is said yet."""
        player = self._player
        for _ in range(2):
            player.key(K.Key_Home)
            for row in screen.day_list.rows:
                player.until(lambda row=row: screen.day_list.current() == row, row.title)  # type: ignore[misc]
                if row.pax - row.here - row.absent >= 2:
                    found = self._manifest_of(screen, row.id)
                    if found.why_not_check_in is None and len(unsaid(found)) >= 2:
                        return found
                player.key(K.Key_Down)
            self._next_day(screen)
        return None

    def _manifest_of(self, screen: DeparturesScreen, departure_id: UUID) -> Manifest:
        panel = screen.panel
        self._player.until(
            lambda: panel.manifest is not None and panel.manifest.departure_id == departure_id, "the manifest"
        )
        assert panel.manifest is not None
        return panel.manifest

    def _to_pane(self, pane: QWidget) -> None:
        for _ in range(_MOST_PANES):
            if QApplication.focusWidget() is pane:
                return
            self._player.key(K.Key_F6)
        raise TourStuck("No key leads to the pane.")

    def _next_day(self, screen: DeparturesScreen) -> None:
        before, player = screen.day, self._player
        player.key(K.Key_Right)
        player.until(lambda: screen.day > before, "the next day")
        player.quiet()

    # the till

    def _day_close(self) -> None:
        """What the drawer should hold, and what has moved today."""
        player = self._player
        self._go("till")
        screen = self._screen(DayCloseScreen)
        player.until(lambda: screen.status is not None, "the till")
        player.picture("day-close")
        self._said("The till says what the drawer should hold; it is counted before it is closed.")


def unsaid(manifest: Manifest) -> list[ManifestLine]:
    """The travellers of paid bookings of whom nobody has said whether they came, one of a name."""
    found = [
        line
        for booking in manifest.bookings
        if booking.state is BookingState.CONFIRMED
        for line in booking.lines
        if line.checked_in_at is None and not line.absent
    ]
    return list({fold(line.name): line for line in found}.values())


def standing(screen: DeparturesScreen, wanted: ManifestLine) -> ManifestLine:
    """How a traveller stands on the manifest that is shown."""
    manifest = screen.panel.manifest
    lines = [] if manifest is None else [line for booking in manifest.bookings for line in booking.lines]
    return next((line for line in lines if line.id == wanted.id), wanted)
