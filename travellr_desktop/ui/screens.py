"""The registry: every screen there is, in the order of the rail.

A screen is added by one line. Its factory imports the screen's module when it is called, so that the first window is
painted before any screen is imported; its permission decides who sees it.
"""

from __future__ import annotations

from travellr_desktop.ui.screen import ScreenEntry

SCREENS: tuple[ScreenEntry, ...] = ()
