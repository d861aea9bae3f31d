"""The base of a screen, and what a screen is handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import Actor, Permission, Role
from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event
from travellr_desktop.ui.actions import Act, Actions, Handler
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bridge import Bridge
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.focus_chain import following, next_stop
from travellr_desktop.ui.say import Say
from travellr_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from travellr_desktop.ui.shell.palette_list import Found


@dataclass(frozen=True, slots=True, weakref_slot=True)  # Qt holds what it calls weakly
class Context:
    """What every screen is handed. A new one is made for each person who signs in.

    `services` is the program's whole set of services: a screen names those it needs, with their types, in its
    constructor. `memory` is the profile's `window.ini`, for what shall look as it was left.
    """

    services: Any
    actor: Actor
    background: Background
    bridge: Bridge
    actions: Actions
    theme: Theme
    say: Say
    memory: QSettings
    clock: Clock
    go: Callable[[str], Screen | None]
    """Show the screen with this key and give it; None where this person has no such screen."""

    def failed(self, error: object) -> None:
        """Tell why something could not be done: a refusal in its words, any other exception as a bug to report."""
        if isinstance(error, Refusal):
            self.say.refused(error)
        elif isinstance(error, Exception):
            self.background.bug.emit(BugReport.of(error))


@dataclass(frozen=True, slots=True)
class ViewEntry:
    """A view within a screen that the palette names: what `Screen.go_view` is asked for."""

    key: str
    words: str
    icon: str
    permission: Permission | None = None
    """Beside that of the screen."""


@dataclass(frozen=True, slots=True)
class ScreenEntry:
    """One line of the registry. `load` imports the screen's module and gives its class (or what makes one).

    It is called after the first picture, in the background, or when the screen is shown if that comes first.
    """

    key: str
    words: str
    icon: str
    permission: Permission | None
    load: Callable[[], Callable[[Context], Screen]]
    foot: bool = False
    """At the foot of the rail, as Settings is."""
    first_for: Role | None = None
    """The role for which it is the first of the rail, and what is shown after they sign in."""
    watch: Callable[[Context, Callable[[int], object], QObject], QObject] | None = None
    """What counts for the rail, and tells, while the screen is not shown or was not made yet: called once, after the
    first picture, with where the count goes and whom it belongs to."""
    views: tuple[ViewEntry, ...] = ()
    """What else of the screen somebody may look for by its name."""


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """Things that the palette finds. `load` gives what, from the context, makes the search.

    All of it runs in the background; the `run` of what was found is called on the GUI thread.
    """

    name: str
    permission: Permission | None
    load: Callable[[], Callable[[Context], Callable[[str], Sequence[Found]]]]


class Screen(QWidget):
    """One screen. It is made when it is first shown, then kept until the person signs out.

    A screen reads when it is shown for the first time or is stale, in `refresh`. It says by `cares` which
    events make it stale.
    """

    title_changed = Signal(str)
    """The words in the command bar."""
    count_changed = Signal(int)
    """How many things wait for somebody, for the rail; 0 shows nothing."""
    command_changed = Signal()
    """`command` answers otherwise now."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._stale = True
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        context.bridge.watch(self)

    # what a screen says of itself

    def title(self) -> str:
        """The title in the command bar; empty takes the registry's words."""
        return ""

    def command(self) -> Act | None:
        """The one action the command bar shows, at most."""
        return None

    def handlers(self) -> Mapping[Act, Handler]:
        """What the actions do on this screen."""
        return {}

    def panes(self) -> Sequence[QWidget]:
        """The panes in the order of F6; each takes the focus where it was last, or on its first control."""
        return ()

    def primary(self) -> QAbstractButton | None:
        """The one primary button, pressed by Ctrl+Enter."""
        return None

    def foot(self) -> QWidget | None:
        """What stands at the bottom with buttons that no toast is to hide."""
        return None

    def cares(self, event: Event) -> bool:
        """Whether what happened changes what is shown here."""
        return False

    def go_view(self, key: str) -> None:
        """Show one of the views that the registry names; KeyError for another."""
        raise KeyError(key)

    # what the shell does with it

    def refresh(self) -> None:
        """Read again, in the background. Overridden by screens that show data; they call this first."""
        self._stale = False

    def activate(self) -> None:
        """The screen was shown: read if stale, and put the focus where work begins."""
        if self._stale:
            self.refresh()
        if not self.focus_within():
            self.focus_pane(0)

    def deactivate(self) -> None:
        """Another screen is about to be shown; what runs on stays. Timers that only paint stop here."""

    def close_down(self) -> None:
        """The person signs out: let go of what outlives a widget (an open snapshot, a hold)."""

    @property
    def stale(self) -> bool:
        return self._stale

    def mark_stale(self) -> None:
        """What is shown may be out of date: read again when next shown."""
        self._stale = True

    def press_primary(self) -> None:
        button = self.primary()
        if button is not None and button.isVisible() and button.isEnabled():
            button.click()

    # panes

    def focus_within(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def tab_from(self, here: QWidget | None, *, ahead: bool) -> QWidget | None:
        """Where Tab goes from a control of the screen; None past its ends. Without `here` Tab comes from outside: to
        the first, or going back to the last. In Qt's own order where a screen has none of its own."""
        return next_stop(here or self, back=not ahead, within=self)

    def next_pane(self, step: int = 1, *, around: bool = True) -> bool:
        """Move the focus to the next pane that can take it, or the one before. At the ends it goes around, or says
        that there is none further."""
        panes = self.panes()
        focus = QApplication.focusWidget()
        here = next(
            (
                i
                for i, pane in enumerate(panes)
                if focus is not None and (pane is focus or pane.isAncestorOf(focus))
            ),
            None,
        )
        if here is None:
            start = -1 if step > 0 else len(panes)
        else:
            start = here
        further = len(panes) - 1 - start if step > 0 else start
        for turn in range(1, (len(panes) if around else further) + 1):
            if self.focus_pane((start + step * turn) % len(panes)):
                return True
        return False

    def focus_pane(self, index: int) -> bool:
        """Put the focus into a pane; says whether it could take it."""
        panes = self.panes()
        if not 0 <= index < len(panes) or panes[index].isHidden():
            return False
        target = _first_focusable(panes[index])
        if target is None:
            return False
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True


def _first_focusable(pane: QWidget) -> QWidget | None:
    """Where the focus was last in the pane, else its first control in the order of Tab."""
    if pane.focusPolicy() != Qt.FocusPolicy.NoFocus and pane.isEnabled():
        return pane
    last = cast("QWidget | None", pane.focusWidget())
    if last is not None and last is not pane and last.isEnabled() and last.isVisibleTo(pane):
        return last
    widget = following(pane)
    while widget is not None and widget is not pane:
        if (
            pane.isAncestorOf(widget)
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isEnabled()
            and widget.isVisibleTo(pane)
        ):
            return widget
        widget = following(widget)
    return None
