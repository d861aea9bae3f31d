"""Another file has come in the place of the one that is open: the window puts its work away, and opens that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from travellr_desktop.ui.background import Task
from travellr_desktop.ui.station import Station

if TYPE_CHECKING:
    from travellr_desktop.ui.people import People, SignedIn
    from travellr_desktop.ui.shell.window import Reopen, Window
    from travellr_desktop.ui.shell.workspace import Program


@dataclass(frozen=True, slots=True)
class _Opened:
    station: Station
    same: bool
    """Whether the person who was at work has the same account in this file."""


class OtherFile(QObject):
    """`reopen` None: this window cannot, and says that it has to be started again."""

    def __init__(
        self,
        window: Window,
        program: Program,
        people: People,
        station: Callable[[], Station],
        reopen: Reopen | None,
    ) -> None:
        super().__init__(window)
        self._window, self._program = window, program
        self._people, self._station, self._reopen = people, station, reopen
        self._who: SignedIn | None = None
        self._opening = False

    def open(self) -> None:
        """Put the work away, close the file once nothing works on it any more, and open the other one."""
        if self._opening:
            return
        if self._reopen is None:
            self._say_restart()
            return
        self._opening = True
        window = self._window
        self._who = None if window.locked else window.signed_in
        window.put_away()
        background = self._program.background
        background.drop_all()
        background.run(
            self,
            self._work,
            words=self.tr("Opening the other file"),
            key="other file",
            done=self._opened,
            refused=window.door.show_problem,
            failed=window.door.show_broken,
            ended=self._ended,
        )

    def _work(self, _task: Task) -> _Opened:
        assert self._reopen is not None
        self._program.background.others_ended()
        self._reopen()
        who = self._who
        return _Opened(self._station(), who is not None and self._people.may_go_on(who.actor))

    def _opened(self, opened: _Opened) -> None:
        where = opened.station
        if opened.same:
            self._window.go_on(where, self._who, self.tr("Everything is here from the central database"))
            return
        words = self.tr(
            "This is {0} of {1} now, with everything from the central database. Sign in as you do at its other desks."
        )
        self._window.go_on(where, None, words.format(where.desk, where.agency))

    def _ended(self) -> None:
        self._opening, self._who = False, None

    def _say_restart(self) -> None:
        from travellr_desktop.errors import DatabaseReplaced

        workspace = self._window.workspace
        if workspace is not None:
            workspace.refused(
                DatabaseReplaced(
                    self.tr("Another file has taken the place of this one."),
                    hint=self.tr("Close Travellr and start it again."),
                )
            )
