"""Takes the pictures of the documents: each in every size, by day and by night."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from travellr_desktop.demo.player import Player, paint
from travellr_desktop.ui.parts.toast import Toast
from travellr_desktop.ui.theme import Mode, Theme

SIZES = (QSize(1280, 720), QSize(1920, 1080))
MODES = (Mode.LIGHT, Mode.DARK)
AS_IT_IS = frozenset(
    {"cancel-question", "booking-change", "departures-close", "keys", "palette", "series", "seat-plans"}
)
"""A dialog or a menu stands where the window was when it opened: only its colours change."""
DECISIONS = frozenset(
    {
        *("cancel", "cancel-traveller", "desk-full", "option", "rebook", "travellers-merge"),
        *("earnings", "payouts-dry-run", "payouts-running"),
    }
)
"""What is decided here, or is much at once, is seen as large as the window of the tour, too."""


@dataclass
class Photographer(Player):
    """A player whose pictures are named, in every size and by day and night, with no message over them."""

    running: bool = False
    """Whether what runs in the background is what is to be seen, and is not waited for."""

    def quiet(self) -> None:
        if self.running:
            QApplication.processEvents()
        else:
            super().quiet()

    def picture_running(self, name: str) -> Path:
        """As `picture`, of something that runs."""
        self.running = True
        try:
            return self.picture(name)
        finally:
            self.running = False

    def picture(self, name: str) -> Path:
        self.until(lambda: not self.window.findChildren(Toast), "the last message to leave")
        self.quiet()
        before = self.window.size()
        sizes = () if name in AS_IT_IS else SIZES
        for size in (before, *sizes) if name in AS_IT_IS | DECISIONS else sizes:
            for mode in MODES:
                self.window.resize(size)
                Theme.current().set_mode(mode)
                self.quiet()
                path = self.folder / f"{name}-{mode.value}-{size.width()}x{size.height()}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                if not paint(self.window).save(str(path), "PNG", 0):
                    raise OSError(f"The picture cannot be written: {path}")
                self.pictures.append(path)
        Theme.current().set_mode(Mode.LIGHT)
        self.window.resize(before)
        self.quiet()
        return self.pictures[-1]

    def add_picture(self, name: str, picture: bytes) -> Path:
        path = self.folder / f"{name}.png"
        path.write_bytes(picture)
        self.pictures.append(path)
        return path
