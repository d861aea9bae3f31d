"""Nothing on the screen of options, in the offer of a full departure or in the form of an option is cut, covered or too
pale: long names, large text, right to left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.crowded import NAMES, WORDS
from helpers.desk import CASH, Desk
from helpers.layout import faults
from helpers.office import Office, office_at, untouched
from helpers.rest import SETTLES_MS
from helpers.waiting import join
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.desk.screen import DeskScreen
from travellr_desktop.ui.options.screen import OptionsScreen
from travellr_desktop.ui.theme import Theme

SIZES = (QSize(1280, 720), QSize(1920, 1080))
SATURDAY, SUNDAY = date(2026, 6, 20), date(2026, 6, 21)
Walk = Callable[["Eye"], None]


def crowded(desk: Desk) -> None:
    """Long trips and names in many scripts: options due and not, offers, people who wait, an oversold departure."""
    dear = desk.add_trip(WORDS, adult=98_765_432_10, meeting_point=WORDS)
    for day in (SATURDAY, SUNDAY, SUNDAY + timedelta(days=1)):
        desk.add_departure(dear, day=day, capacity=999)
    other = desk.add_trip("رحلة بحرية إلى الكهف الأزرق", adult=1_234_567_89, currency="EGP", country="Egypt")
    desk.add_departure(other, day=SATURDAY, capacity=999)
    buyers = [desk.traveller(name, phone="+49 151 555 018 2", email=f"a.long.address.{at}@verwaltung.example.org")
              for at, name in enumerate(NAMES)]  # fmt: skip
    full = desk.add_departure(desk.trips[WORDS], day=SATURDAY, capacity=6)
    sold = [desk.sold(full, adult=2, pay=CASH) for _ in range(3)]
    for at, buyer in enumerate(buyers):
        keep(desk, desk.add_departure(dear, day=SUNDAY, capacity=200), buyer, days=1 + at / 4)
        note = f"{WORDS} {WORDS}"[:300]
        waits = desk.services.waiting_list.join
        waits(desk.agent, full, buyer.id, Party(adult=1 + at), note, key=uuid4())
    desk.cancel(sold[0].bookings[0].id)
    join(desk, full, 2, "W" * 120)
    over = desk.add_departure(other, day=SATURDAY, capacity=4)
    desk.sold(over, adult=4, pay=CASH)
    desk.services.overbooking.allow(desk.admin, over, 99, WORDS, key=uuid4())
    desk.sold(over, adult=98, pay=CASH)


def keep(desk: Desk, departure: object, traveller: TravellerRow, *, days: float) -> None:
    hold = desk.hold(departure, adult=150)  # type: ignore[arg-type]
    until = desk.clock.now() + timedelta(days=days)
    soon = desk.clock.now() + timedelta(seconds=1)
    remind = soon if days < 1.5 else None
    desk.services.options.keep(
        desk.agent, hold.id, until, traveller.id, f"{WORDS} {WORDS}"[:300], remind, key=uuid4()
    )


class Eye:
    """Looks at the window in state after state, and gathers what is wrong."""

    def __init__(self, office: Office, size: QSize) -> None:
        self.office, self.size = office, size
        self.wrong: list[str] = []

    def look(self, where: str) -> None:
        self.office.quiet()
        found: list[str] = []

        def clean() -> bool:
            found[:] = faults(self.office.window)
            return not found

        with suppress(QtTimeout):
            self.office.qtbot.waitUntil(clean, timeout=SETTLES_MS)
        self.wrong += [f"{where}: {each}" for each in found]
        if self.office.window.size() != self.size:
            self.wrong.append(f"{where}: the window is pushed to {self.office.window.size()}")
            self.office.window.resize(self.size)


def walk_options(eye: Eye) -> None:
    office, screen = eye.office, eye.office.go("options")
    assert isinstance(screen, OptionsScreen)
    for view in ("options", "waiting"):
        screen.go_view(view)
        lists, panel = screen.page.lists, screen.page.panel
        office.until(lambda lists=lists: lists.model.count_known)  # type: ignore[misc]
        eye.look(view)
        lists.start({})  # also what has ended
        office.until(lambda lists=lists: lists.model.count_known)  # type: ignore[misc]
        office.quiet()
        for row in range(lists.model.rowCount()):
            lists.table.go_to(row)
            office.until(partial(_shown, screen))
            eye.look(f"{view}, row {row}")
            if panel.extend is not None:
                panel.open_form()
                eye.look(f"{view}, row {row}, another time")
                panel.close_form()
        lists.start({}, "nobody of that name")
        office.until(lambda lists=lists: lists.model.rowCount() == 0)  # type: ignore[misc]
        eye.look(f"{view}, nothing found")


def _shown(screen: OptionsScreen) -> bool:
    return screen.shown is not None


def walk_full(eye: Eye) -> None:
    office, screen = eye.office, eye.office.go("desk")
    assert isinstance(screen, DeskScreen)
    office.until(lambda: screen.results.rows)
    screen.filters.choose(SATURDAY)
    screen.filters.adults.set_value(5)
    office.quiet()
    full = screen.offer.full
    for at, row in enumerate(screen.results.rows):
        screen.results.go_to(row.id)
        eye.look(f"offer {at}")
        if full.isVisible():
            full.open_wait()
            eye.look(f"offer {at}, waiting")
            full.join.emit("")
            full.close_form()
            full.open_overbook()
            office.quiet()
            full.overbook_form._send()
            eye.look(f"offer {at}, overbooking refused")
            full.close_form()
    row = next(row for row in screen.results.rows if row.free > 5)
    screen.results.go_to(row.id)
    office.quiet()
    screen.results.view.setFocus()
    office.key(Qt.Key.Key_Return)
    office.until(lambda: screen.basket.lines)
    screen.basket.ask_option()
    eye.look("option asked for")
    form = screen.basket.lines[0].option_form
    assert form is not None
    form.note_field.set_text(WORDS)
    screen.basket.traveller.start()
    office.type(NAMES[0][:8])
    office.quiet()
    office.key(Qt.Key.Key_Return)
    eye.look("option for somebody")


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(SIZES[0], id="1280x720"),
        # text of twice the size has less room there
        pytest.param(SIZES[1], id="1920x1080", marks=pytest.mark.soak),
    ],
)
@pytest.mark.parametrize("walk", [walk_options, walk_full], ids=["options", "full"])
def test_everything_written_can_be_read(qtbot: QtBot, tmp_path: Path, walk: Walk, size: QSize) -> None:
    with office_at(qtbot, tmp_path, role=Role.MANAGER, prepare=crowded, size=size) as office:
        eye = Eye(office, size)
        walk(eye)
        assert not eye.wrong, "\n" + "\n".join(eye.wrong)


@pytest.mark.soak
@pytest.mark.parametrize("walk", [walk_options, walk_full], ids=["options", "full"])
def test_text_of_twice_the_size_can_be_read(qtbot: QtBot, tmp_path: Path, walk: Walk) -> None:
    with office_at(qtbot, tmp_path, role=Role.MANAGER, prepare=crowded, size=SIZES[1]) as office:
        Theme.current().set_text_scale(2.0)
        eye = Eye(office, SIZES[1])
        walk(eye)
        assert not eye.wrong, "\n" + "\n".join(eye.wrong)


@pytest.mark.parametrize("walk", [walk_options, walk_full], ids=["options", "full"])
def test_it_can_be_read_from_right_to_left(qtbot: QtBot, tmp_path: Path, walk: Walk) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with office_at(qtbot, tmp_path, role=Role.MANAGER, prepare=crowded, size=SIZES[0]) as office:
            eye = Eye(office, SIZES[0])
            walk(eye)
            assert not eye.wrong, "\n" + "\n".join(eye.wrong)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.soak
def test_an_empty_list_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=untouched, size=SIZES[0]) as office:
        eye = Eye(office, SIZES[0])
        screen = office.go("options")
        assert isinstance(screen, OptionsScreen)
        for view in ("options", "waiting"):
            screen.go_view(view)
            eye.look(view)
        assert not eye.wrong, "\n" + "\n".join(eye.wrong)
