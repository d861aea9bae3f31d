"""`python -m travellr_desktop.demo.shots FOLDER`: a picture of every screen, by day and by night, in two sizes.

The agency is always that of Thursday 18 June 2026, 10:42 in Kotor, so that pictures change only where the program does.
It is made once and kept under `build/`; what the pictures do to it is done to a copy.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QSize, Qt

from travellr_desktop.config import Settings
from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.desk import DemoDesk, open_desk
from travellr_desktop.demo.killed import KilledSale
from travellr_desktop.demo.mark import MARK, DemoSignIn
from travellr_desktop.demo.place import ensure_demo
from travellr_desktop.demo.player import CTRL, Player, paint
from travellr_desktop.demo.stage import at_window
from travellr_desktop.demo.tour import FIRST, Errand, Tour
from travellr_desktop.paths import Profile, migrations, resource
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.ui.activity.screen import ActivityScreen
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.departures.screen import DeparturesScreen
from travellr_desktop.ui.desk.payment_states import DeclinedPage
from travellr_desktop.ui.options.screen import OptionsScreen
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.theme import Mode, Theme
from travellr_desktop.ui.travellers.screen import TravellersScreen

STORY = datetime(2026, 6, 18, 8, 42, tzinfo=UTC)
SEED = 1
SIZES = (QSize(1280, 720), QSize(1920, 1080))
MODES = (Mode.LIGHT, Mode.DARK)
KEPT = Path("build")
SETTINGS = Settings.model_construct(locale="en_GB", theme=Mode.LIGHT.value)
AS_IT_IS = frozenset({"cancel-question"})
"""A dialog stands where the window was when it opened: only its colours change."""
IN_THE_WEEK_END = timedelta(days=2)
K = Qt.Key


@dataclass
class Photographer(Player):
    """A player whose pictures are named, in every size and by day and night."""

    def picture(self, name: str) -> Path:
        self.quiet()
        before = self.window.size()
        for size in (before,) if name in AS_IT_IS else SIZES:
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


class Shots(Tour):
    """The tour's way, and aside from it to what it does not pass."""

    def pictures(self) -> None:
        """Everything behind the sign-in screen."""
        player = self._player
        self._sign_in()
        self._nothing_found()
        self._hold()
        self._traveller()
        sold = self._pay()
        self._lost_reply()
        self._no_connection()
        self._seats()
        self._bookings(sold)
        self._cancel()
        self._lists()
        self._quay()
        self._undecided()
        self._people()
        self._activity()
        self._events()
        player.key(K.Key_K, CTRL)
        player.write("nyberg")
        player.picture("palette")
        player.key(K.Key_Escape)
        self._go("desk")
        player.key(K.Key_F6)  # out of the field, where a sign is a letter
        player.write("?")
        player.picture("keys")
        player.key(K.Key_Escape)
        self._leave()

    def _nothing_found(self) -> None:
        player, desk = self._player, self._desk
        player.write("submarine")
        player.until(lambda: not desk.results.rows, "nothing")
        player.picture("desk-nothing-found")
        player.key(K.Key_F2)
        player.key(K.Key_Escape)

    def _no_connection(self) -> None:
        player = self._player
        player.away(self._cut_the_line, "Arming a fault")
        self._find(FIRST)
        self._take()
        self._choose_buyer("lakshmi")
        player.key(K.Key_Return, CTRL)
        self._page(DeclinedPage)
        player.picture("no-connection")
        player.key(K.Key_Return, CTRL)  # cash
        player.quiet()
        player.key(K.Key_F2)

    def _seats(self) -> None:
        """A boat and a coach, the cursor on a seat that is free."""
        player, desk = self._player, self._desk
        player.key(K.Key_F2)
        desk.filters.choose((STORY + IN_THE_WEEK_END).date())
        for number, words in enumerate(("by night", "monastery from the coast"), 1):
            self._find(words)
            self._take()
            player.until(lambda number=number: len(desk.seats.view.sections) == number, "the plan")  # type: ignore[misc]
        player.key(K.Key_N)
        player.picture("seats")
        player.key(K.Key_F2)

    def _cut_the_line(self) -> None:
        with SandboxControl(self._desk_open.profile.sandbox) as sandbox:
            sandbox.arm(Operation.INTENT_CREATE, FaultKind.UNREACHABLE)

    def _lists(self) -> None:
        player = self._player
        bookings = self._screen(BookingsScreen)
        player.key(K.Key_Slash)
        player.write(" zzzz")
        player.until(lambda: bookings.lists.model.rowCount() == 0, "nothing")
        player.picture("bookings-nothing-found")
        self._go("payments")
        payments = self._screen(PaymentsScreen)
        player.until(lambda: payments.lists.model.rowCount() > 1, "the list of payments")
        player.key(K.Key_Down)
        player.until(lambda: payments.shown is not None, "the payment beside the list")
        player.picture("payments")

    def _quay(self) -> None:
        self._go("departures")
        departures, player = self._screen(DeparturesScreen), self._player
        player.until(lambda: departures.panel.manifest is not None, "a manifest")
        player.picture("departures")
        player.key(K.Key_C)
        player.write("hamalainen")
        player.key(K.Key_Return)
        player.picture("departures-check-in")
        player.key(K.Key_Escape)
        player.key(K.Key_Escape)

    def _people(self) -> None:
        """Somebody who stands in the file twice."""
        self._go("travellers")
        travellers, player = self._screen(TravellersScreen), self._player
        player.write("milica dukic")
        player.until(travellers.merging.isVisible, "the other record")
        player.key(K.Key_Down)
        player.until(lambda: bool(travellers.record.history.bookings.model.rowCount()), "what they booked")
        player.until(travellers.finder.likely_line.isVisible, "likely duplicates")
        player.picture("travellers")

    def _undecided(self) -> None:
        """What is kept and who waits, then the departure that they wait for."""
        player = self._player
        self._go("options")
        options = self._screen(OptionsScreen)
        for key, picture in ((K.Key_O, "options"), (K.Key_W, "waiting-list")):
            player.key(key)
            player.until(lambda: options.page.lists.model.rowCount() > 1, "the list")
            player.key(K.Key_Home)
            player.until(lambda: options.shown is not None, "what the panel shows")
            player.picture(picture)
        options.show_departure()
        player.until(self._desk.offer.full.isVisible, "a full departure")
        player.until(lambda: self._desk.offer.full.instead.near.rows, "what can be had instead")
        player.picture("desk-full")

    def _events(self) -> None:
        self._go("activity")
        screen = self._screen(ActivityScreen)
        self._player.tab_to("Running")
        self._player.key(K.Key_Right)
        self._player.until(
            lambda: screen.view == "events" and screen.journals["events"].list.model.rowCount() > 0,
            "the events",
        )
        self._player.picture("activity-events")


def agency(kept: Path = KEPT) -> Profile:
    """The agency of the pictures, made where `kept` has none of the shape that migrations and data give it now."""
    shape = hashlib.sha256()
    for folder in (migrations(), resource("demo")):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".toml")):
            shape.update(path.read_bytes())
    profile = Profile.at(kept / f"shots-{shape.hexdigest()[:12]}")
    if ensure_demo(profile, seed=SEED, now=STORY, said=lambda *_: None):
        sys.stderr.write(f"The agency of the pictures is made: {profile.folder}\n")
    return profile


def take(folder: Path, kept: Path = KEPT) -> list[Path]:
    """Take all pictures into `folder`; returns them. Raises `TourStuck` where a screen does not come."""
    made = agency(kept)
    clock = ShiftedClock.showing(STORY)
    pictures: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="travellr-shots-") as place:
        empty, copy = Profile.at(Path(place, "new")), Profile.at(Path(place, "agency"))
        copy.make()
        for name in (made.database.name, made.sandbox.name, MARK):
            shutil.copy2(made.folder / name, copy.folder / name)
        with open_desk(empty, clock=clock, settings=SETTINGS) as desk:
            pictures += _first_start(desk, folder, clock)
        with open_desk(copy, clock=clock, settings=SETTINGS) as desk:
            pictures += _behind_the_door(desk, folder, clock)
    return pictures


def _first_start(desk: DemoDesk, folder: Path, clock: ShiftedClock) -> list[Path]:
    with at_window(desk, desk.profile, clock, open_demo=_no_demo) as opened:
        player = Photographer(opened.window, opened.background, folder)
        player.until(opened.window.door.first.isVisible, "the first start")
        player.picture("first-start")
        return player.pictures


def _behind_the_door(desk: DemoDesk, folder: Path, clock: ShiftedClock) -> list[Path]:
    with at_window(desk, desk.profile, clock) as opened:
        player = Photographer(opened.window, opened.background, folder)
        shots = Shots(desk, opened.window, player, DemoSignIn(), Errand(_no_kill, None), lambda _: None)
        shots.pictures()
        return player.pictures


def _no_demo(_task: Task) -> DemoSignIn:
    return DemoSignIn()


def _no_kill() -> KilledSale:
    raise RuntimeError("nothing is killed for a picture")


def main(arguments: Sequence[str]) -> int:
    """Takes the folder; gives the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("Say where the pictures go: python -m travellr_desktop.demo.shots FOLDER\n")
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["TZ"] = "Europe/Podgorica"  # the machine stands in Kotor too
    if hasattr(time, "tzset"):
        time.tzset()
    pictures = take(Path(arguments[0]))
    sys.stdout.write(f"{len(pictures)} pictures are in {arguments[0]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
