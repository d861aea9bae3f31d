"""What a person can do, apart from any window: words, icon, keys and help, listed once.

The table below is the only place that names a key. `Actions` turns it into `QAction`s; the shell and the
screen that is shown say what each does. An action that nobody handles is off, and its key does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

Handler = Callable[[], object]


class Act(StrEnum):
    EVERYTHING = "everything"
    FIND = "find"
    NEW_BOOKING = "booking.new"
    NEW_TRAVELLER = "traveller.new"
    NEW_PERSON = "person.new"
    NEW_TRIP = "trip.new"
    NEW_VENDOR = "vendor.new"
    NEW_PROMO = "promo.new"
    NEW_BATCH = "batch.new"
    OPEN_FILE = "file.open"
    TRAVELLER = "traveller"
    DISCOUNT = "basket.discount"
    OPTION = "option"
    WAITING = "waiting"
    PRIMARY = "primary"
    BACK = "back"
    PAY_1 = "pay.1"
    PAY_2 = "pay.2"
    PAY_3 = "pay.3"
    PAY_4 = "pay.4"
    PAY_5 = "pay.5"
    PAY_6 = "pay.6"
    PAY_7 = "pay.7"
    PAY = "pay"
    READ_PAYMENT = "payment.read"
    COPY_LINK = "link.copy"
    CHANGE = "booking.change"
    NOTE = "booking.note"
    VOUCHER = "voucher"
    LAST_VOUCHER = "voucher.last"
    INVOICE = "invoice"
    CHECK_IN = "manifest.check_in"
    NO_SHOW = "manifest.no_show"
    PRINT = "manifest.print"
    X_READ = "till.x"
    MOVE_CASH = "till.move"
    HIDE_SUMS = "till.blind"
    NEW_DEPARTURE = "departure.new"
    STOP_SELL = "departure.stop"
    FILTER = "filter"
    SEATS = "seats"
    TODAY = "today"
    AGAIN = "again"
    NEXT_PANE = "pane.next"
    PREVIOUS_PANE = "pane.previous"
    UNDO = "undo"
    RAIL = "rail"
    LOCK = "lock"
    SIGN_OUT = "sign_out"
    KEYS = "keys"
    QUIT = "quit"


class Group(StrEnum):
    """The headings of the list of keys, in its order."""

    SELL = "Selling"
    QUAY = "At the quay"
    TILL = "The till"
    LIST = "Lists"
    MOVE = "Moving about"
    PROGRAM = "Program"


@dataclass(frozen=True, slots=True)
class Spec:
    """One action. `keys` are portable key texts, the first is the one shown; `palette`: offered in the
    palette.
    """

    words: str
    icon: str
    keys: tuple[str, ...]
    group: Group
    help: str
    palette: bool = True

    @property
    def single(self) -> bool:
        """Whether the key is one letter or sign, which a screen reader may need for itself."""
        return any(len(key) == 1 for key in self.keys)


NEW_KEY = "Ctrl+N"
"""Adds to the list of any screen, also while its field is typed in."""


def _way(digit: int) -> Spec:
    return Spec(
        f"Way to pay {digit}",
        "credit-card",
        (f"Alt+{digit}",),
        Group.SELL,
        f"Choose way to pay {digit}",
        False,
    )


SPECS: Mapping[Act, Spec] = {
    Act.NEW_BOOKING: Spec("New booking", "ticket", ("F2",), Group.SELL, "Start a new booking"),
    Act.OPEN_FILE: Spec(
        "Choose a file", "file-text", ("Ctrl+O",), Group.PROGRAM, "Choose a file to bring in"
    ),
    Act.NEW_TRIP: Spec("New trip", "plus", (NEW_KEY,), Group.PROGRAM, "Add a trip to what is sold"),
    Act.NEW_PROMO: Spec(
        "New promo code", "plus", (NEW_KEY,), Group.PROGRAM, "Add a word that takes something off"
    ),
    Act.NEW_BATCH: Spec(
        "Prepare payouts", "banknote-arrow-up", (NEW_KEY,), Group.PROGRAM, "Prepare a batch of payouts"
    ),
    Act.NEW_VENDOR: Spec("New vendor", "plus", (NEW_KEY,), Group.PROGRAM, "Add somebody who runs trips"),
    Act.NEW_PERSON: Spec(
        "New person", "user-plus", (NEW_KEY,), Group.PROGRAM, "Add somebody who may sign in"
    ),
    Act.NEW_TRAVELLER: Spec("New traveller", "user-plus", (NEW_KEY,), Group.SELL, "Add a traveller"),
    Act.TRAVELLER: Spec("Find traveller", "users", ("F4",), Group.SELL, "Choose or add the traveller"),
    Act.DISCOUNT: Spec("Discount", "tag", ("D",), Group.SELL, "Take something off, or enter a promo code"),
    Act.OPTION: Spec("Options", "bookmark", ("O",), Group.SELL, "Keep the held seats as an option"),
    Act.WAITING: Spec("Waiting list", "users", ("W",), Group.SELL, "Wait for seats of a full departure"),
    Act.PRIMARY: Spec(
        "Main button",
        "check",
        ("Ctrl+Return", "Ctrl+Enter"),
        Group.SELL,
        "Press the screen's main button",
        False,
    ),
    Act.PAY: Spec("Take payment", "credit-card", ("P",), Group.SELL, "Go to the payment"),
    Act.PAY_1: _way(1),
    Act.PAY_2: _way(2),
    Act.PAY_3: _way(3),
    Act.PAY_4: _way(4),
    Act.PAY_5: _way(5),
    Act.PAY_6: _way(6),
    Act.PAY_7: _way(7),
    Act.READ_PAYMENT: Spec(
        "Read it now", "refresh-cw", ("R",), Group.SELL, "Ask again about an unknown payment"
    ),
    Act.COPY_LINK: Spec(
        "Copy the link", "copy", ("Ctrl+C",), Group.SELL, "Copy the payment link that is shown"
    ),
    Act.CHANGE: Spec("Change booking", "pencil", ("E",), Group.SELL, "Change a booking, or rebook it"),
    Act.NOTE: Spec("Add note", "message-square-text", ("N",), Group.SELL, "Note something on a booking"),
    Act.VOUCHER: Spec("Open voucher", "file-text", ("V",), Group.SELL, "Open the voucher"),
    Act.LAST_VOUCHER: Spec(
        "Print last voucher", "printer", ("F9",), Group.SELL, "Print the last voucher again"
    ),
    Act.INVOICE: Spec(
        "Invoice or statement", "file-text", ("I",), Group.SELL, "Issue or open an invoice, open a statement"
    ),
    Act.SEATS: Spec("Choose seats", "armchair", ("S",), Group.SELL, "Choose seats on the plan"),
    Act.CHECK_IN: Spec("Check in", "scan-line", ("C",), Group.QUAY, "Check travellers in, scanned or typed"),
    Act.NO_SHOW: Spec(
        "No-show or leave out",
        "user-x",
        ("X",),
        Group.QUAY,
        "They did not come, or did after all; leave a vendor out of a batch",
    ),
    Act.PRINT: Spec("Print manifest", "printer", ("Ctrl+P",), Group.QUAY, "Print who is on the departure"),
    Act.X_READ: Spec("X read", "printer", ("F7",), Group.TILL, "Print the till, or the Z that is shown"),
    Act.MOVE_CASH: Spec("Move cash", "hand-coins", ("M",), Group.TILL, "Pay in or out, drop to the safe"),
    Act.HIDE_SUMS: Spec("Count blind", "eye-off", ("F8",), Group.TILL, "Hide the sums, or show them"),
    Act.NEW_DEPARTURE: Spec("New departure", "plus", (NEW_KEY,), Group.QUAY, "Add a departure to a trip"),
    Act.STOP_SELL: Spec(
        "Stop or reopen sales",
        "circle-pause",
        (),
        Group.QUAY,
        "Stop the sales of the departure, or reopen them",
    ),
    Act.FIND: Spec(
        "Search this list", "search", ("/",), Group.LIST, "Go to the search field of this list", False
    ),
    Act.FILTER: Spec("Filter", "sliders-horizontal", ("F",), Group.LIST, "Go to the filters"),
    Act.TODAY: Spec("Today", "calendar-days", ("T",), Group.LIST, "Go to today"),
    Act.AGAIN: Spec("Read again", "refresh-cw", ("F5",), Group.LIST, "Read the screen again"),
    Act.BACK: Spec("Back", "arrow-left", ("Esc",), Group.LIST, "Back one step", False),
    Act.EVERYTHING: Spec("Search everything", "search", ("Ctrl+K",), Group.MOVE, "Search everything", False),
    Act.NEXT_PANE: Spec("Next pane", "panel-left", ("F6",), Group.MOVE, "Go to the next pane", False),
    Act.PREVIOUS_PANE: Spec(
        "Pane before", "panel-left", ("Shift+F6",), Group.MOVE, "Go to the pane before", False
    ),
    Act.RAIL: Spec(
        "Narrow or widen the rail", "panel-left", ("Ctrl+B",), Group.MOVE, "Narrow or widen the rail"
    ),
    Act.UNDO: Spec("Undo", "undo-2", ("Ctrl+Z",), Group.PROGRAM, "Undo what the last message offers"),
    Act.LOCK: Spec("Lock", "lock", ("Ctrl+L",), Group.PROGRAM, "Lock the window; the work stays"),
    Act.SIGN_OUT: Spec("Sign out", "log-out", (), Group.PROGRAM, "Sign out"),
    Act.KEYS: Spec("All keys", "keyboard", ("?",), Group.PROGRAM, "Show all keys"),
    Act.QUIT: Spec("Quit", "x", ("Ctrl+Q",), Group.PROGRAM, "Quit the program"),
}

MOVES: tuple[tuple[str, str], ...] = (
    ("Up Down", "Move in a list"),
    ("Shift+Up Shift+Down", "Select more rows"),
    ("Enter", "Open, or hold the seats"),
    ("Ctrl+1 – Ctrl+9", "Go to a screen"),
)
"""Keys that are no action of their own, for the list of keys: the caps, with a dash where they are the ends of a row
of keys, and the help."""


class Actions(QObject):
    """The actions of one window. Attach them to the widget inside which their keys count."""

    changed = Signal()
    """An action went on or off."""

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self._handlers: list[dict[Act, Handler]] = [{}, {}]
        self._off: dict[Act, str] = {}
        self._single = True
        self._actions: dict[Act, QAction] = {}
        for act, spec in SPECS.items():
            action = QAction(spec.words, self)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setAutoRepeat(False)
            action.triggered.connect(lambda _checked=False, act=act: self.trigger(act))
            self._actions[act] = action
            place.addAction(action)
        self._set_keys()
        self._enable()

    def action(self, act: Act) -> QAction:
        return self._actions[act]

    def use(self, handlers: Mapping[Act, Handler]) -> None:
        """Take the handlers that hold on every screen; adds to those there."""
        self._handlers[0].update(handlers)
        self._enable()

    def use_screen(self, handlers: Mapping[Act, Handler]) -> None:
        """Take the handlers of the screen now shown, in place of the one before; they go first."""
        self._handlers[1] = dict(handlers)
        # what the screen before had switched off is its own affair; Undo belongs to the window
        self._off = {act: why for act, why in self._off.items() if act is Act.UNDO}
        self._enable()

    def set_enabled(self, act: Act, on: bool, why: str = "") -> None:
        """Turn an action of the screen off, and say why."""
        if on:
            self._off.pop(act, None)
        else:
            self._off[act] = why
        self._enable()

    def why_off(self, act: Act) -> str:
        """Why the action is off; empty if it is on or nobody said."""
        return self._off.get(act, "")

    def enabled(self, act: Act) -> bool:
        return self._actions[act].isEnabled()

    def trigger(self, act: Act) -> None:
        """Do it, as its key would."""
        if not self.enabled(act):
            return
        for handlers in reversed(self._handlers):
            if act in handlers:
                handlers[act]()
                return

    @property
    def single_letters(self) -> bool:
        return self._single

    def set_single_letters(self, on: bool) -> None:
        """Single letters as keys, or not: a screen reader may use them itself."""
        if on != self._single:
            self._single = on
            self._set_keys()
            self.changed.emit()

    def keys(self, act: Act) -> tuple[str, ...]:
        """The keys that work now."""
        return tuple(key for key in SPECS[act].keys if self._single or len(key) > 1)

    def _set_keys(self) -> None:
        for act, action in self._actions.items():
            action.setShortcuts([QKeySequence(key) for key in self.keys(act)])

    def _enable(self) -> None:
        for act, action in self._actions.items():
            handled = any(act in handlers for handlers in self._handlers)
            action.setEnabled(handled and act not in self._off)
        self.changed.emit()
