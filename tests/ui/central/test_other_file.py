"""A file from the central database takes the place of the one that is open: the window goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from helpers.central_hub import HubPlace, hub_place
from helpers.clock import HandClock
from helpers.desk import ADMIN, CASH, PASSWORD, desk_again, desk_at, open_at
from helpers.gui_thread import may_block
from helpers.hub_window import Started, started, told_sign_in
from helpers.postgres import Central
from travellr_desktop.errors import Cancelled, DatabaseReplaced
from travellr_desktop.paths import Profile
from travellr_desktop.services.central.door import SignIn
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.views import Standing
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.services.users import FirstAdmin
from travellr_desktop.storage.startup import arrival


@pytest.fixture
def agency(central: Central, tmp_path: Path) -> Iterator[HubPlace]:
    """A hub with an agency that has sold something."""
    with may_block(), hub_place(central) as place:
        with place.alone(tmp_path / "kotor") as desk:
            desk.sold(desk.add_departure(capacity=20), pay=CASH, adult=2)
            place.first(desk)
        yield place


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A profile with an agency of its own: its admin has the same email and password, and is somebody else."""
    folder = tmp_path / "own"
    boss = FirstAdmin("Ana Vuković", ADMIN, PASSWORD, "Boka Trips", "Europe/Podgorica", "EUR")
    with may_block(), closing(open_at(folder, HandClock())) as program:
        program.services.users.create_first_admin(boss)
    return folder


def enrol(program: Started, sign_in: SignIn) -> None:
    who = program.work.actor
    program.off(lambda: program.late.central.enrol(who, sign_in, lambda _done, _all: None))


def _standing(program: Started) -> Standing:
    return program.late.central.standing()  # type: ignore[no-any-return]


def online(program: Started) -> bool:
    link = program.off(partial(_standing, program)).link
    return link is not None and link.state is LinkState.ONLINE


def test_the_window_opens_what_came_and_says_as_whom_one_signs_in(
    qtbot: QtBot, agency: HubPlace, own: Path
) -> None:
    sign_in = told_sign_in(agency, "Budva")
    with started(qtbot, own) as program:
        program.sign_in(ADMIN, PASSWORD)
        enrol(program, sign_in)
        door = program.window.door
        program.until(door.sign_in.isVisible)
        assert program.window.workspace is None
        assert "This is Budva of" in door.sign_in.note.text()
        program.sign_in(ADMIN, PASSWORD)
        program.until(lambda: online(program))  # with the password that was entered for this session
        program.until(program.work.status.central.isVisible)
    assert list(Profile.at(own).backups.glob("*.db"))


def test_whoever_has_the_same_account_goes_on_where_they_were(
    qtbot: QtBot, agency: HubPlace, tmp_path: Path
) -> None:
    sign_in = told_sign_in(agency, "Budva")
    with started(qtbot, tmp_path / "budva") as program:
        program.until(program.window.door.first.isVisible)
        program.off(lambda: program.late.central.come_as_new(sign_in, lambda _done, _all: None))
        program.sign_in(ADMIN, PASSWORD)
        program.until(lambda: online(program))
        program.work.go("bookings")
        program.quiet()
        before = program.work
        enrol(program, sign_in)
        program.until(lambda: program.window.workspace is not None and program.work is not before)
        assert program.work.screen_key == "bookings"
        assert not program.window.locked
        program.until(lambda: online(program))


def test_a_second_window_on_the_file_opens_it_too(qtbot: QtBot, agency: HubPlace, own: Path) -> None:
    sign_in = told_sign_in(agency, "Budva")
    with started(qtbot, own) as one:
        one.sign_in(ADMIN, PASSWORD)
        with started(qtbot, own) as other:
            other.sign_in(ADMIN, PASSWORD)
            other.quiet()
            enrol(one, sign_in)
            for each in (one, other):
                each.until(lambda each=each: each.window.workspace is None)  # type: ignore[misc]
                each.sign_in(ADMIN, PASSWORD)
            one.until(lambda: online(one) or online(other))


def test_what_another_program_writes_to_the_file_before_is_refused(agency: HubPlace, tmp_path: Path) -> None:
    """It would be in no file that anybody opens."""
    own, sign_in = tmp_path / "own", told_sign_in(agency, "Budva")
    with may_block(), desk_at(own) as one, desk_again(own) as other:
        one.services.central.enrol(one.admin, sign_in, lambda _done, _all: None)
        one.program.close()
        with pytest.raises(DatabaseReplaced):
            other.add_departure()


def test_stopped_on_the_way_everything_is_as_it_was(qtbot: QtBot, agency: HubPlace, own: Path) -> None:
    def stop(done: int, _all: int) -> None:
        if done:
            raise Cancelled

    sign_in = told_sign_in(agency, "Budva")
    with started(qtbot, own) as program:
        program.sign_in(ADMIN, PASSWORD)
        who = program.work.actor
        with pytest.raises(Cancelled):
            program.off(lambda: program.late.central.enrol(who, sign_in, stop))
        program.off(lambda: program.late.travellers.create(who, TravellerDraft("Marta Nowak"), key=uuid4()))
        assert program.window.workspace is not None
    assert not arrival(Profile.at(own).database).exists()
