"""The registry: every screen there is, in the order of the rail; and what the palette can find.

A screen is added by a function that imports its class and one line in `SCREENS`:

    def _desk() -> type[Screen]:
        from travellr_desktop.ui.desk.screen import DeskScreen

        return DeskScreen

    ScreenEntry("desk", "Desk", "compass", Permission.HOLD_CREATE, _desk)

So the first window is painted before any screen is imported. The permission decides who sees it.
"""

from __future__ import annotations

from travellr_desktop.ui.screen import ScreenEntry, SearchEntry

SCREENS: tuple[ScreenEntry, ...] = ()

SEARCHES: tuple[SearchEntry, ...] = ()
