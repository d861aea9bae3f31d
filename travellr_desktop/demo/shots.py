"""`python -m travellr_desktop.demo.shots FOLDER [PART…]`: a picture of every screen, by day and by night, in two sizes;
with parts (`first`, `desk`, `office`, `money`, `payouts`, `hub`) only of those.

The agency is always that of Thursday 18 June 2026, 10:42 in Kotor, so that pictures change only where the program does.
It is made once and kept under `build/`; what the pictures do to it is done to a copy.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from travellr_desktop.config import Settings
from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.desk import DemoDesk, open_desk
from travellr_desktop.demo.desk_shots import STORY, Shots
from travellr_desktop.demo.hub_shots import of_hub
from travellr_desktop.demo.mark import MARK, PASSWORD, DemoSignIn
from travellr_desktop.demo.money_shots import MoneyShots, NewAgency
from travellr_desktop.demo.office_shots import ADMIN, OfficeShots
from travellr_desktop.demo.payout_shots import VENDOR, PayoutShots, VendorShots
from travellr_desktop.demo.photographer import Photographer
from travellr_desktop.demo.place import ensure_demo
from travellr_desktop.demo.stage import at_window
from travellr_desktop.paths import Profile, migrations, resource
from travellr_desktop.services.users import FirstAdmin
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.theme import Mode

SEED = 1
SCREEN = {"name": "pictures", "x": 0, "y": 0, "width": 1440, "height": 900, "logicalDpi": 96, "dpr": 1}
KEPT = Path("build")
PARTS = ("first", "desk", "office", "money", "payouts", "hub")
SETTINGS = Settings.model_construct(locale="en_GB", theme=Mode.LIGHT.value)


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


def take(folder: Path, kept: Path = KEPT, parts: Collection[str] = PARTS) -> list[Path]:
    """Take the pictures of these parts into `folder`; returns them. Raises `TourStuck` where a screen does not come."""
    made = agency(kept)
    clock = ShiftedClock.showing(STORY)
    pictures: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="travellr-shots-") as place:
        empty, copy = Profile.at(Path(place, "new")), Profile.at(Path(place, "agency"))
        copy.make()
        for name in (made.database.name, made.sandbox.name, MARK):
            shutil.copy2(made.folder / name, copy.folder / name)
        with open_desk(empty, clock=clock, settings=SETTINGS, takes_keys=True) as desk:
            if "first" in parts:
                pictures += _first_start(desk, folder, clock)
                pictures += _new_agency(desk, folder, clock)
        with open_desk(copy, clock=clock, settings=SETTINGS) as desk:
            for part, of_it in (
                ("desk", _behind_the_door),
                ("office", _in_the_office),
                ("money", _of_money),
                ("payouts", _of_payouts),
            ):
                if part in parts:
                    pictures += of_it(desk, folder, clock)
        if "hub" in parts:
            pictures += of_hub(made, Path(place, "towns"), folder, ShiftedClock.showing(STORY), SETTINGS)
    return pictures


def _first_start(desk: DemoDesk, folder: Path, clock: ShiftedClock) -> list[Path]:
    with at_window(desk, desk.profile, clock, open_demo=_no_demo) as opened:
        player = Photographer(opened.window, opened.background, folder)
        player.until(opened.window.door.first.isVisible, "the first start")
        player.picture("first-start")
        return player.pictures


def _new_agency(desk: DemoDesk, folder: Path, clock: ShiftedClock) -> list[Path]:
    boss = FirstAdmin("Mira Kovač", "mira@example.com", PASSWORD, "Boka Trips", "Europe/Podgorica", "EUR")
    desk.services.users.create_first_admin(boss)
    with at_window(desk, desk.profile, clock, open_demo=_no_demo) as opened:
        player = Photographer(opened.window, opened.background, folder)
        NewAgency(desk, opened.window, player, DemoSignIn(boss.email), lambda _: None).pictures()
        return player.pictures


def _behind_the_door(desk: DemoDesk, folder: Path, clock: ShiftedClock) -> list[Path]:
    with at_window(desk, desk.profile, clock) as opened:
        player = Photographer(opened.window, opened.background, folder)
        Shots(desk, opened.window, player, DemoSignIn(), lambda _: None).pictures()
        return player.pictures


def _in_the_office(desk: DemoDesk, folder: Path, clock: ShiftedClock) -> list[Path]:
    with at_window(desk, desk.profile, clock) as opened:
        player = Photographer(opened.window, opened.background, folder)
        OfficeShots(desk, opened.window, player, DemoSignIn(ADMIN), lambda _: None).pictures()
        return player.pictures


def _of_money(desk: DemoDesk, folder: Path, clock: ShiftedClock) -> list[Path]:
    with at_window(desk, desk.profile, clock) as opened:
        player = Photographer(opened.window, opened.background, folder)
        MoneyShots(desk, opened.window, player, DemoSignIn(ADMIN), lambda _: None).pictures()
        return player.pictures


def _of_payouts(desk: DemoDesk, folder: Path, clock: ShiftedClock) -> list[Path]:
    pictures: list[Path] = []
    for who, shots in ((VENDOR, VendorShots), (ADMIN, PayoutShots)):
        with at_window(desk, desk.profile, clock) as opened:
            player = Photographer(opened.window, opened.background, folder)
            shots(desk, opened.window, player, DemoSignIn(who), lambda _: None).pictures()
            pictures += player.pictures
    return pictures


def _no_demo(_task: Task) -> DemoSignIn:
    return DemoSignIn()


def _screen(file: Path) -> None:
    """Without a display Qt has a small screen, and pushes menus back into it: one as large as the window."""
    if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
        file.write_text(json.dumps({"screens": [SCREEN]}), "utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"


def main(arguments: Sequence[str]) -> int:
    """Takes the folder, and the parts where not all are wanted; gives the exit code."""
    if not arguments or not set(arguments[1:]) <= set(PARTS):
        sys.stderr.write("Say where the pictures go: python -m travellr_desktop.demo.shots FOLDER [PART…]\n")
        sys.stderr.write(f"Parts: {', '.join(PARTS)}\n")
        return 2
    os.environ["TZ"] = "Europe/Podgorica"  # the machine stands in Kotor too
    if hasattr(time, "tzset"):
        time.tzset()
    with tempfile.TemporaryDirectory(prefix="travellr-screen-") as place:
        _screen(Path(place, "screens.json"))
        pictures = take(Path(arguments[0]), parts=arguments[1:] or PARTS)
    sys.stdout.write(f"{len(pictures)} pictures are in {arguments[0]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
