"""The one window: the door, and behind it the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QIcon, QPainter, QPaintEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

if TYPE_CHECKING:  # imported where they are used: the window is on the screen before that
    from travellr_desktop.domain.permissions import Actor
    from travellr_desktop.errors import Refusal
    from travellr_desktop.events import Event
    from travellr_desktop.ui.bug_report import BugReport
    from travellr_desktop.ui.people import SignedIn
    from travellr_desktop.ui.shell.bug_dialog import BugDialog
    from travellr_desktop.ui.shell.workspace import Program, Workspace
    from travellr_desktop.ui.signin.door import AskStation
    from travellr_desktop.ui.signin.first_start import OpenDemo
    from travellr_desktop.ui.station import Station

Reopen = Callable[[], object]
"""Closes the profile's file and opens what lies there by now. Called in the background."""

FIRST_SIZE = QSize(1440, 900)
GEOMETRY, MODE = "window/geometry", "theme/mode"


class Window(QWidget):
    """Closing it ends the program. `painted` comes once, after the first picture is on the screen.

    It is made in two steps: by `front` it is on the screen, with nothing in it but its ground; `begin` furnishes it.
    Made with a program it has done both.
    """

    painted = Signal()
    closing = Signal()

    def __init__(
        self,
        program: Program | None = None,
        *,
        station: AskStation | None = None,
        open_demo: OpenDemo | None = None,
        reopen: Reopen | None = None,
        memory: QSettings | None = None,
        ground: QColor | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._memory = memory
        self._ground = ground
        self._first_paint = True
        self._furnished = False
        self._signed_in: SignedIn | None = None
        self._set_aside: list[QWidget] = []
        self.bug: BugDialog | None = None
        self.workspace: Workspace | None = None
        self.setWindowTitle("Travellr")
        self.setMinimumSize(960, 600)
        if program is not None and station is not None:
            self.begin(program, station=station, open_demo=open_demo, reopen=reopen)
        else:
            self._come_back()

    @classmethod
    def front(cls, memory: QSettings, ground: QColor) -> Window:
        """The window where it was left, of one colour. Nothing else of the program is imported for it."""
        return cls(memory=memory, ground=ground)

    def begin(
        self,
        program: Program,
        *,
        station: AskStation,
        open_demo: OpenDemo | None = None,
        reopen: Reopen | None = None,
    ) -> None:
        """Furnish it: the door, and what the window itself listens to."""
        from travellr_desktop.ui.idle import IdleWatch
        from travellr_desktop.ui.people import LateNewcomer, LatePeople
        from travellr_desktop.ui.shell.other_file import OtherFile
        from travellr_desktop.ui.signin.door import Door
        from travellr_desktop.ui.station import Station

        self._program = program
        self._people = LatePeople(program.services)
        self._ask_station = station
        self._station = Station()
        self._mode = program.theme.mode
        self.idle = IdleWatch(program.clock, self)
        self.door = Door(
            self._people,
            LateNewcomer(program.services),
            program.background,
            program.clock,
            station=self._read_station,
            memory=program.memory,
            open_demo=open_demo,
            parent=self,
        )
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.door)
        self._other_file = OtherFile(self, program, self._people, self._read_station, reopen)
        self._connect()
        self._furnished = True
        if self._memory is None:  # it was not on the screen before
            self._memory = program.memory
            self._come_back()

    def _connect(self) -> None:
        self.door.signed_in.connect(self._enter)
        self.door.unlocked.connect(self._unlock)
        self.door.sign_out.connect(self.sign_out)
        self.idle.lock_due.connect(self.lock)
        self.idle.sign_out_due.connect(self._end_session)
        self._program.background.bug.connect(self.show_bug)
        self._program.background.refused.connect(self._refused)
        self._program.bridge.happened.connect(self._happened)
        self._program.theme.changed.connect(self._rethemed)
        self._rethemed()

    def _read_station(self) -> Station:
        """In the background, from the door: kept for the status bar too."""
        self._station = self._ask_station()
        return self._station

    # coming and going

    @property
    def locked(self) -> bool:
        """Whether the work is hidden behind the lock."""
        return self.workspace is not None and self._pages.currentWidget() is self.door

    @property
    def signed_in(self) -> SignedIn | None:
        """Who is signed in, locked or not."""
        return self._signed_in

    def _enter(self, signed_in: SignedIn) -> None:
        """Somebody signed in: to the work they left, if it is theirs, else to new work."""
        before = self.workspace
        self._signed_in = signed_in
        if before is not None and before.actor != signed_in.actor:
            self._drop_work()
        if self.workspace is None:
            self.workspace = self._new_workspace(signed_in.actor)
            self._show_work()
            self.workspace.start()
            if not self._station.agency:
                self._refresh_station()
        else:
            self._show_work()

    def _new_workspace(self, actor: Actor) -> Workspace:
        from travellr_desktop.ui.shell.workspace import Workspace

        workspace = Workspace(self._program, actor, self._station, self)
        workspace.lock_asked.connect(self.lock)
        workspace.sign_out_asked.connect(self.sign_out)
        workspace.quit_asked.connect(self.close)
        self._pages.addWidget(workspace)
        return workspace

    def _happened(self, event: Event) -> None:
        from travellr_desktop.events import CentralChanged, SettingsChanged, TillChanged, UserChanged

        if isinstance(event, CentralChanged) and event.what == "replaced":
            self._other_file.open()
            return
        turned = isinstance(event, TillChanged) and event.what in ("opened", "closed")
        came = isinstance(event, CentralChanged) and event.what in ("enrolled", "left")
        if turned or came or isinstance(event, SettingsChanged):
            self._refresh_station()
        if isinstance(event, UserChanged) and self._signed_in is not None:
            actor = self._signed_in.actor
            if event.aggregate_id == actor.user_id:
                self._program.background.run(
                    self, lambda _: self._people.may_go_on(actor), key="may go on", done=self._go_on
                )

    def _go_on(self, may: bool) -> None:
        """Somebody changed this person's account: who is out, or somebody else by now, has no session."""
        if not may and self._signed_in is not None:
            self.sign_out()
            self.door.show_sign_in(note=self.tr("Your account was changed by an admin. Sign in again."))

    def _refresh_station(self) -> None:
        """The agency has a name after the first start, and may change it."""
        self._program.background.run(
            self, lambda _: self._read_station(), key="station", newest=True, done=self._show_station
        )

    def _show_station(self, station: Station) -> None:
        self.door.set_station(station)
        if self.workspace is not None:
            self.workspace.set_station(station)

    def lock(self) -> None:
        """Hide the work and ask for the password; what runs goes on."""
        if self.workspace is None or self.locked:
            return
        self.idle.locked()
        self._put_aside()
        self.door.show_lock(self.workspace.actor)
        self._pages.setCurrentWidget(self.door)

    def put_away(self) -> None:
        """Close the work without a word, and show that the file is being opened."""
        self.idle.stop()
        if not self.locked:
            self._put_aside()
        self.door.show_opening()
        self._pages.setCurrentWidget(self.door)
        self._drop_work()

    def go_on(self, station: Station, signed_in: SignedIn | None, note: str) -> None:
        """The file is open. Whoever was at work goes on, on the screen that they had; else somebody signs in."""
        self.door.set_station(station)
        self._signed_in = signed_in
        if signed_in is None:
            self.door.show_sign_in(note=note)
            return
        self._enter(signed_in)
        if self.workspace is not None:
            self.workspace.finished(note)

    def _unlock(self) -> None:
        self._show_work()

    def _show_work(self) -> None:
        if self.workspace is not None:
            focus = self.workspace.focusWidget()
            self._pages.setCurrentWidget(self.workspace)
            self.idle.start()
            self._take_back()
            if focus is not None:
                focus.setFocus()

    def _end_session(self) -> None:
        """Idle for too long: the session ends; the work waits for the same person."""
        if self.workspace is None:
            return
        if not self.locked:
            self._put_aside()
        self._tell_signed_out(self.workspace.actor)
        email = self._signed_in.email if self._signed_in is not None else ""
        self._signed_in = None
        self.door.show_sign_in(
            email, self.tr("Nobody was here for an hour. Sign in again; the work is kept.")
        )
        self._pages.setCurrentWidget(self.door)

    def sign_out(self) -> None:
        """End the session and close the work."""
        if self.workspace is None:
            return
        actor, ended = self.workspace.actor, self._signed_in is None
        self.idle.stop()
        self._signed_in = None
        self._pages.setCurrentWidget(self.door)
        self._drop_work()
        self.door.show_sign_in()
        if not ended:
            self._tell_signed_out(actor)

    def _tell_signed_out(self, actor: Actor) -> None:
        self._program.background.run(
            self._program.background, lambda _: self._people.sign_out(actor), key=("sign out", actor.user_id)
        )

    def _drop_work(self) -> None:
        workspace, self.workspace = self.workspace, None
        for widget in self._set_aside:
            widget.deleteLater()
        self._set_aside.clear()
        if workspace is not None:
            workspace.close_down()
            self._pages.removeWidget(workspace)
            workspace.hide()
            workspace.deleteLater()

    # dialogs do not stand over the lock

    def _put_aside(self) -> None:
        from travellr_desktop.ui.parts.dialog import Scrim

        for widget in QApplication.topLevelWidgets():
            if widget.isVisible() and self._stands_over(widget):
                widget.hide()
                self._set_aside.append(widget)
        for scrim in self.findChildren(Scrim):
            scrim.hide()
            scrim.deleteLater()

    def _stands_over(self, widget: QWidget) -> bool:
        """A dialog or popup of this window, or of one that stands over it."""
        parent = widget.parentWidget()
        while parent is not None and parent is not self:
            parent = parent.parentWidget()
        return parent is self

    def _take_back(self) -> None:
        widgets, self._set_aside = self._set_aside, []
        for widget in widgets:
            widget.show()

    # what goes wrong

    def show_bug(self, report: BugReport) -> None:
        """One dialog at a time: the first fault is the one to report."""
        from travellr_desktop.ui.shell.bug_dialog import BugDialog

        if self.bug is not None:
            return
        self.bug = BugDialog(report, self)
        self.bug.finished.connect(self._bug_closed)
        self.bug.open()

    def _bug_closed(self) -> None:
        if self.bug is not None:
            self.bug.deleteLater()
            self.bug = None

    def _refused(self, refusal: Refusal) -> None:
        if self.workspace is not None:
            self.workspace.refused(refusal)

    # the window itself

    def _come_back(self) -> None:
        geometry = self._memory.value(GEOMETRY) if self._memory is not None else None
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            self.resize(self.screen().availableSize().boundedTo(FIRST_SIZE))

    def _rethemed(self) -> None:
        mode = self._program.theme.mode
        if mode is not self._mode:
            self._mode = mode
            self._program.memory.setValue(MODE, mode.value)
        self.setWindowIcon(_icon())
        self.update()

    def _colour(self) -> QColor:
        if not self._furnished and self._ground is not None:
            return self._ground
        from travellr_desktop.ui.theme import Theme

        return Theme.current().colour("canvas")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._colour())
        painter.end()
        if not self._furnished:
            self._tell_painted()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._furnished:  # what stands in the window hides its ground, which is then never painted
            self._tell_painted()

    def _tell_painted(self) -> None:
        if self._first_paint:
            self._first_paint = False
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._memory is not None:
            self._memory.setValue(GEOMETRY, self.saveGeometry())
        if self._furnished:
            self.idle.stop()
        if self.workspace is not None:
            self.workspace.close_down()
        if self._memory is not None:
            self._memory.sync()
        self.closing.emit()
        super().closeEvent(event)


def _icon() -> QIcon:
    from travellr_desktop.ui.parts.mark import paint_mark

    picture = QPixmap(64, 64)
    picture.fill("transparent")
    painter = QPainter(picture)
    paint_mark(painter, picture.rect().toRectF())
    painter.end()
    return QIcon(picture)
