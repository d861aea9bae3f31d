"""From the words in the status bar, or at the start, to where a key that cannot be used is put right."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.key_trouble import KeyTrouble
from travellr_desktop.domain.permissions import Actor, Permission, allowed
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.station import Station

if TYPE_CHECKING:
    from travellr_desktop.ui.shell.unlock import UnlockDialog


class KeyWay:
    """`host` is what the passphrase is asked over, `go` shows a screen by its key."""

    def __init__(
        self, services: Any, background: Background, actor: Actor, host: QWidget, go: Callable[[str], object]
    ) -> None:
        self._services, self._background, self._actor = services, background, actor
        self._host, self._go = host, go
        self._trouble: KeyTrouble | None = None
        self.dialog: UnlockDialog | None = None

    def set_station(self, station: Station) -> None:
        self._trouble = station.key

    def start(self) -> None:
        """Somebody begins to work: where a vault waits for its passphrase, it is asked for, once."""
        if self._trouble is KeyTrouble.LOCKED:
            QTimer.singleShot(0, self._host, self._ask)

    def follow(self) -> None:
        """To the passphrase, or to the settings."""
        if self._trouble is KeyTrouble.LOCKED and self._ask():
            return
        show = getattr(self._go("settings"), "show_section", None)
        if show is not None:
            show("payments", keyboard=True)

    def _ask(self) -> bool:
        """Whether this person is one who may be asked."""
        from travellr_desktop.ui.shell.unlock import UnlockDialog

        if not allowed(self._actor.role, Permission.PAYMENT_CREATE):
            return False
        if self.dialog is None:
            self.dialog = UnlockDialog(self._services, self._background, self._actor, self._host)
            self.dialog.finished.connect(self._asked)
            self.dialog.open()
        return True

    def _asked(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
