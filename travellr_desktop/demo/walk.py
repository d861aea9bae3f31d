"""Ways about the window, by keys: what the tour, its further stops and the pictures have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from travellr_desktop.demo.desk import DemoDesk
from travellr_desktop.demo.mark import DemoSignIn
from travellr_desktop.demo.player import CTRL, Player, TourStuck
from travellr_desktop.ui.desk.page import Page
from travellr_desktop.ui.desk.screen import DeskScreen
from travellr_desktop.ui.parts.calendar import DayCell
from travellr_desktop.ui.screen import Screen
from travellr_desktop.ui.screens import SCREENS
from travellr_desktop.ui.shell.window import Window
from travellr_desktop.ui.shell.workspace import Workspace

_MOST_STOPS, _MOST_DAYS = 60, 10
_DIGITS = 9
"""So many screens have a key of their own."""
K = Qt.Key

S = TypeVar("S", bound=Screen)


class Walk:
    """Somebody at the window of an open desk; `said` hears what was done, a sentence at a time."""

    def __init__(
        self,
        desk: DemoDesk,
        window: Window,
        player: Player,
        sign_in: DemoSignIn,
        said: Callable[[str], None],
    ) -> None:
        self._desk_open = desk
        self._window = window
        self._player = player
        self._sign_in_as = sign_in
        self._said = said

    # looking

    @property
    def _work(self) -> Workspace:
        work = self._window.workspace
        if work is None:
            raise TourStuck("Nobody is signed in.")
        return work

    def _screen(self, kind: type[S]) -> S:
        screen = self._work.current
        if not isinstance(screen, kind):
            raise TourStuck(f"{kind.__name__} is not shown.")
        return screen

    @property
    def _desk(self) -> DeskScreen:
        return self._screen(DeskScreen)

    def _page(self, kind: type[Page]) -> None:
        self._player.until(lambda: isinstance(self._desk.outcome.page, kind), kind.__name__)

    def _go(self, key: str) -> None:
        """To a screen, by its number on the rail; one that has none by its name."""
        number, player = self._work.keys.index(key) + 1, self._player
        if number <= _DIGITS:
            player.key(Qt.Key(K.Key_0 + number), CTRL)
        else:
            player.key(K.Key_K, CTRL)
            player.write(next(entry.words for entry in SCREENS if entry.key == key))
            player.key(K.Key_Return)
        player.until(lambda: self._work.screen_key == key, f"the screen {key}")

    def _enter(self) -> None:
        """Type who it is, up to the password."""
        player, card = self._player, self._window.door.sign_in
        player.until(card.isVisible, "the sign-in screen")
        player.write(self._sign_in_as.email)
        player.key(K.Key_Return)
        player.write(self._sign_in_as.password)

    # at the desk

    def _days_on(self, days: int) -> None:
        """Choose a later day, in the calendar."""
        player = self._player
        for _ in range(_MOST_STOPS):
            if isinstance(QApplication.focusWidget(), DayCell):
                break
            player.key(K.Key_Tab)
        for _ in range(days):
            player.key(K.Key_Right)
        player.key(K.Key_Return)

    def _two_adults(self) -> None:
        player = self._player
        player.tab_to("Adults")
        player.key(K.Key_Up)
        player.until(lambda: self._desk.filters.party().adult == 2, "two adults")

    def _find(self, words: str) -> None:
        """Search by words and go down to a departure that has room, on a later day where there is none."""
        player, desk = self._player, self._desk
        for _ in range(_MOST_DAYS):
            player.key(K.Key_Escape)  # out of a field, where a sign is a letter and not a key
            player.key(K.Key_Slash)
            player.write(words)
            player.until(lambda: self._all_are(words), f"departures of {words!r}")
            player.key(K.Key_Return)
            for _ in desk.results.rows:
                row = desk.results.current()
                if row is not None and row.why_not is None and row.free >= 2:
                    player.until(lambda: desk.offer.offer is not None, "the offer")
                    return
                player.key(K.Key_Down)
            self._days_on(1)
        raise TourStuck(f"Every departure of {words!r} is sold.")

    def _all_are(self, words: str) -> bool:
        rows = self._desk.results.rows
        return bool(rows) and all(words in row.title.casefold() for row in rows)

    def _take(self) -> None:
        before = len(self._desk.session.lines)
        self._player.key(K.Key_Return)
        self._player.until(lambda: len(self._desk.session.lines) > before, "the hold")

    def _choose_buyer(self, words: str) -> None:
        player, desk = self._player, self._desk
        player.key(K.Key_F4)
        player.write(words)
        player.until(lambda: len(desk.basket.traveller.finder.matches) > 1, "travellers")
        player.key(K.Key_Return)
        player.until(lambda: desk.session.traveller is not None, "the traveller")
