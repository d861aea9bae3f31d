"""The work of one signed-in person: rail, command bar, screens, status bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import Actor, Permission, allowed
from travellr_desktop.errors import Refusal
from travellr_desktop.ui.actions import Act, Actions, Group, Handler
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bridge import Bridge
from travellr_desktop.ui.event_watch import unwatch, watch
from travellr_desktop.ui.focus_chain import takes_tab
from travellr_desktop.ui.parts.mark import Mark
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider
from travellr_desktop.ui.parts.toast import Toasts
from travellr_desktop.ui.screen import Context, Screen, ScreenEntry, SearchEntry
from travellr_desktop.ui.shell import modes
from travellr_desktop.ui.shell.central_way import CentralWay
from travellr_desktop.ui.shell.command_bar import CommandBar
from travellr_desktop.ui.shell.focus_keeper import FocusKeeper, pane_of
from travellr_desktop.ui.shell.key_way import KeyWay
from travellr_desktop.ui.shell.keys_help import KeysHelp
from travellr_desktop.ui.shell.palette import Palette, verbs_of
from travellr_desktop.ui.shell.palette_list import Found
from travellr_desktop.ui.shell.person import Person
from travellr_desktop.ui.shell.rail import Rail
from travellr_desktop.ui.shell.screen_verbs import verbs_of_screens
from travellr_desktop.ui.shell.status_bar import StatusBar
from travellr_desktop.ui.station import Station
from travellr_desktop.ui.theme import Theme

Memory = QSettings
SINGLE_LETTERS, RAIL, SCREEN = "keys/single_letters", "rail/state", "window/screen"


@dataclass(frozen=True, slots=True)
class Program:
    """What lives as long as the window, whoever is signed in."""

    services: Any
    background: Background
    bridge: Bridge
    theme: Theme
    memory: Memory
    clock: Clock
    entries: Sequence[ScreenEntry]
    searches: Sequence[SearchEntry] = ()


class Workspace(QWidget):
    lock_asked = Signal()
    sign_out_asked = Signal()
    quit_asked = Signal()

    def __init__(
        self, program: Program, actor: Actor, station: Station, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.actor = actor
        self._program = program
        self._entries = [
            entry
            for entry in sorted(
                program.entries, key=lambda entry: (entry.foot, entry.first_for is not actor.role)
            )
            if entry.permission is None or allowed(actor.role, entry.permission)
        ]
        self._screens: dict[str, Screen] = {}
        self._station = station
        self._key = ""
        self._undo: Callable[[], object] | None = None
        self._closed = False
        self.commands = Actions(self)
        self.commands.set_single_letters(_on(program.memory.value(SINGLE_LETTERS, True)))
        self._build(station)
        self.key_way = KeyWay(program.services, program.background, actor, self, self.go)
        self.key_way.set_station(station)
        self.central_way = CentralWay(program, actor, self.status, self.go, self)
        self.finder = Palette(self, program.background)
        sells = allowed(actor.role, Permission.BOOKING_CREATE)
        told = [group for group in Group if sells or group is not Group.SELL]
        self.keys_help = KeysHelp(self, self.commands, told)
        self.toasts = Toasts(self, bottom=48, beside=self._worked_in, over=self._foot)
        self._keeper = FocusKeeper(lambda: self.current, self)
        self.context = Context(
            services=program.services,
            actor=actor,
            background=program.background,
            bridge=program.bridge,
            actions=self.commands,
            theme=program.theme,
            say=self,
            memory=program.memory,
            clock=program.clock,
            go=self.go,
        )
        self._connect()
        self.rail.show_screens(self._entries)

    # screens

    @property
    def screen_key(self) -> str:
        """The key of the screen that is shown; empty before the first."""
        return self._key

    @property
    def current(self) -> Screen | None:
        return self._screens.get(self._key)

    @property
    def keys(self) -> tuple[str, ...]:
        """The screens this person may see, as numbered on the rail."""
        return tuple(entry.key for entry in self._entries)

    def start(self) -> None:
        """Show the screen that was shown last, or the first."""
        last = str(self._program.memory.value(SCREEN, ""))
        if last in self.keys:
            self.go(last)
        elif self.keys:
            self.go(self.keys[0])
        QTimer.singleShot(0, self, self._watch)
        self.key_way.start()
        self.central_way.set_station(self._station)

    def set_station(self, station: Station) -> None:
        """What the frame says of where this is may change while one works."""
        self.status.set_station(station.seen_by(self.actor.role))
        self.key_way.set_station(station)
        self.central_way.set_station(station)

    def _watch(self) -> None:
        """What tells of its screen although that is not shown."""
        for entry in self._entries if not self._closed else ():
            if entry.watch is not None:
                entry.watch(self.context, partial(self.rail.set_count, entry.key), self)

    def go(self, key: str) -> Screen | None:
        """Show a screen and give it; None, and nothing changes, where this person has no such screen."""
        entry = next((entry for entry in self._entries if entry.key == key), None)
        if entry is None:
            return None
        before = self.current
        if key == self._key and before is not None:
            return before
        screen = self._screens.get(key) or self._make(entry)
        if before is not None:
            before.deactivate()
        self._notes.hide()
        self._key = key
        self.rail.set_current(key)
        self._stack.setCurrentWidget(screen)
        self.bar.set_title(screen.title() or entry.words)
        self.commands.use_screen(self._handlers_of(screen))
        self.bar.set_command(screen.command())
        self._program.memory.setValue(SCREEN, key)
        screen.activate()
        self.toasts.place()
        return screen

    def _make(self, entry: ScreenEntry) -> Screen:
        screen = entry.load()(self.context)
        self._screens[entry.key] = screen
        self._stack.addWidget(screen)
        screen.title_changed.connect(partial(self._titled, entry))
        screen.count_changed.connect(partial(self.rail.set_count, entry.key))
        screen.command_changed.connect(partial(self._commanded, entry.key))
        return screen

    def _handlers_of(self, screen: Screen) -> Mapping[Act, Handler]:
        handlers: dict[Act, Handler] = {Act.AGAIN: screen.refresh, Act.PRIMARY: screen.press_primary}
        if screen.panes():
            handlers[Act.NEXT_PANE] = partial(self._next_pane, screen, 1)
            handlers[Act.PREVIOUS_PANE] = partial(self._next_pane, screen, -1)
        return handlers | dict(screen.handlers())

    def _next_pane(self, screen: Screen, step: int) -> None:
        """Round the panes of the screen, and the toast that offers something between the last and the first."""
        toast = self.toasts.offering
        if toast is None or toast.has_keyboard:
            screen.next_pane(step)
        elif not screen.next_pane(step, around=False):
            toast.take_keyboard()

    def focusNextPrevChild(self, ahead: bool) -> bool:
        """Tab goes down the rail, along the bar, through the screen, and round. What lies over them has its own way."""
        screen, here = self.current, QApplication.focusWidget()
        if screen is None or here is None or not self.isVisible():
            return super().focusNextPrevChild(ahead)
        stops = [each for each in self._stops() if each is here or takes_tab(each)]
        if here in stops:
            at = stops.index(here) + (1 if ahead else -1)
            target = stops[at] if 0 <= at < len(stops) else screen.tab_from(None, ahead=ahead)
        elif here is screen or screen.isAncestorOf(here):
            target = screen.tab_from(here, ahead=ahead)
        else:
            return super().focusNextPrevChild(ahead)
        target = target or next(iter(stops if ahead else reversed(stops)), None)
        if target is None:  # Qt asks this also when all of it is hidden
            return super().focusNextPrevChild(ahead)
        target.setFocus(Qt.FocusReason.TabFocusReason if ahead else Qt.FocusReason.BacktabFocusReason)
        return True

    def _stops(self) -> Sequence[QWidget]:
        """What is around the screen, in the order of Tab."""
        person, bar = self.person, self.bar
        around = (*self.rail.items, person.name, person.lock, bar.field, bar.command)
        return (*around, self.note.button, self.status.key, self.status.central)

    def _titled(self, entry: ScreenEntry, words: str) -> None:
        if entry.key == self._key:
            self.bar.set_title(words or entry.words)

    def _commanded(self, key: str) -> None:
        screen = self.current
        if key == self._key and screen is not None:
            self.bar.set_command(screen.command())

    def close_down(self) -> None:
        """The person signs out: every screen lets go of what it holds."""
        self._closed = True
        self.rail.watch_control(False)
        self._keeper.stop()
        self.central_way.stop()
        self._offer_undo(None)
        for screen in self._screens.values():
            screen.close_down()

    # saying things (`Say`)

    def finished(self, words: str, undo: Callable[[], object] | None = None) -> None:
        if undo is None:
            self.toasts.show(words)
            return
        self._offer_undo(undo)
        toast = self.toasts.show(
            words, action=self.tr("Undo"), key="Ctrl+Z", on_action=partial(self._take_back, undo)
        )
        toast.gone.connect(partial(self._undo_over, undo))

    def _worked_in(self) -> QWidget | None:
        """The pane with the primary of the screen."""
        screen = self.current
        primary = screen.primary() if screen is not None else None
        if screen is None or primary is None or not primary.isVisible():
            return None
        return pane_of(screen, primary)

    def _foot(self) -> QWidget | None:
        return self.current.foot() if self.current is not None else None

    def refused(self, refusal: Refusal) -> None:
        self.note.say("bad", str(refusal), refusal.hint, action=self.tr("Close"))
        self._notes.show()

    def _offer_undo(self, undo: Callable[[], object] | None) -> None:
        self._undo = undo
        self.commands.set_enabled(Act.UNDO, undo is not None)
        if undo is None:
            unwatch(self)
        else:
            watch(self, (QEvent.Type.ShortcutOverride,))

    def _undo_over(self, undo: Callable[[], object], *_: object) -> None:
        if self._undo is undo:
            self._offer_undo(None)

    def _do_undo(self) -> None:
        undo = self._undo
        if undo is None:
            return
        self._offer_undo(None)
        for toast in self.toasts.shown:
            toast.close_now()
        undo()

    def _take_back(self, undo: Callable[[], object]) -> None:
        """What one toast offers, whatever was said since."""
        self._undo_over(undo)
        undo()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A line edit with nothing of its own to undo leaves Ctrl+Z to the toast."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(watched, QLineEdit)
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and not watched.isUndoAvailable()
        ):
            event.ignore()
            return True
        return False

    # building

    def _build(self, station: Station) -> None:
        program = self._program
        head = QWidget(self)
        self._head = QHBoxLayout(head)
        self._mark = Mark(20, parent=head)
        self._head.addWidget(self._mark)
        self._head.addStretch(1)
        head.setFixedHeight(program.theme.size("command_bar"))
        self.person = Person(self.actor, self.commands, self)
        self.rail = Rail(head, self.person, self)
        self.bar = CommandBar(self.commands, self)
        self.note = Note("bad", "", parent=self)
        self._notes = QWidget(self)
        notes = QHBoxLayout(self._notes)
        notes.setContentsMargins(16, 12, 16, 4)
        notes.addWidget(self.note)
        self._notes.hide()
        self._stack = QStackedWidget(self)
        self.status = StatusBar(program.background, program.clock, self)
        self.status.set_station(station.seen_by(self.actor.role))
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.bar)
        right.addWidget(Divider(tone="border", parent=self))
        right.addWidget(self._notes)
        right.addWidget(self._stack, 1)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addWidget(Divider(upright=True, tone="border", parent=self))
        across.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(across, 1)
        whole.addWidget(self.status)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.go)
        self.bar.search.connect(self.finder.open)
        self.note.acted.connect(self._notes.hide)
        self.status.key_asked.connect(self.key_way.follow)
        self.status.central_asked.connect(self.central_way.follow)
        self.finder.add(verbs_of(self.commands))
        self.finder.add(verbs_of_screens(self._entries, self.actor.role, self.go))
        self.finder.add(modes.verbs_of(self._program.theme))
        for search in self._program.searches:
            if search.permission is None or allowed(self.actor.role, search.permission):
                self.finder.add_search(search.name, partial(_find, search, self.context))
        self.commands.changed.connect(self._remember_keys)
        self.commands.use(
            {
                Act.EVERYTHING: self._toggle_palette,
                Act.KEYS: self.keys_help.open,
                Act.RAIL: self.toggle_rail,
                Act.LOCK: self.lock_asked.emit,
                Act.SIGN_OUT: self.sign_out_asked.emit,
                Act.QUIT: self.quit_asked.emit,
                Act.UNDO: self._do_undo,
            }
        )
        self._offer_undo(None)
        for number in range(1, 10):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(partial(self._go_number, number))
        self.rail.watch_control(True)
        self._keeper.start()
        self._program.theme.changed.connect(self._fit_rail)

    def _toggle_palette(self) -> None:
        if self.finder.isVisible():
            self.finder.close_over()
        else:
            self.finder.open()

    def _go_number(self, number: int) -> None:
        key = self.rail.key_of(number)
        if key is not None:
            self.go(key)

    def _remember_keys(self) -> None:
        on = self.commands.single_letters
        if on != _on(self._program.memory.value(SINGLE_LETTERS, True)):
            self._program.memory.setValue(SINGLE_LETTERS, on)

    # the rail's width

    def toggle_rail(self) -> None:
        """Narrow or wide, against what the width of the window would give; remembered."""
        wanted = not self.rail.narrow
        follows = wanted == self._narrow_by_width()
        self._program.memory.setValue(RAIL, "auto" if follows else "narrow" if wanted else "wide")
        self._fit_rail()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rail()

    def _narrow_by_width(self) -> bool:
        return self.width() < self._program.theme.size("rail_narrow_below")

    def _fit_rail(self) -> None:
        state = str(self._program.memory.value(RAIL, "auto"))
        narrow = self._narrow_by_width() if state == "auto" else state == "narrow"
        theme = self._program.theme
        self.rail.set_narrow(narrow)
        self.person.set_narrow(narrow)
        self._mark.set_alone(narrow)
        edge = (theme.size("rail_narrow") - theme.px(20)) // 2 if narrow else theme.px(18)
        self._head.setContentsMargins(edge, 0, 0, 0)


def _find(search: SearchEntry, context: Context, text: str) -> Sequence[Found]:
    return search.load()(context)(text)


def _on(value: object) -> bool:
    """A switch as an INI file gives it back."""
    return value is True or str(value).lower() == "true"
