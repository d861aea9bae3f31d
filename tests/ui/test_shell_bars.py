"""The bars of the frame: the command field, the sandbox's mark, the status."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QDateTime, QLocale, Qt
from pytestqt.qtbot import QtBot

from helpers.people import EmptyScreen
from helpers.window import Desk, open_desk
from travellr_desktop.domain.permissions import Role
from travellr_desktop.events import SettingsChanged, TillChanged
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.screen import ScreenEntry
from travellr_desktop.ui.shell.command_bar import FIELD_AT
from travellr_desktop.ui.station import CentralLine, Station
from travellr_desktop.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(qtbot, tmp_path) as desk:
        desk.sign_in()
        yield desk


@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_the_command_field_begins_at_the_same_place_on_every_screen(desk: Desk, width: int) -> None:
    desk.window.resize(width, 800)
    places = []
    for number in range(1, 6):
        desk.ctrl(Key(Key.Key_0.value + number))
        bar = desk.work.bar
        bar.set_title("A title that is far longer than anybody should ever give to a screen" * number)
        places.append((bar.field.x(), bar.field.width()))
    assert set(places) == {(FIELD_AT, 440)}


def test_the_rail_keeps_the_chosen_screen_in_sight_while_the_size_of_text_changes(desk: Desk) -> None:
    rail = desk.work.rail
    rail.setMaximumHeight(340)
    last = rail.items[-1]
    desk.work.go(last.entry.key)
    room = rail._room.viewport()

    def in_sight() -> bool:
        return room.rect().contains(last.rect().translated(last.mapTo(room, last.rect().topLeft())))

    desk.until(lambda: last.isChecked() and in_sight())
    Theme.current().set_text_scale(2.0)
    desk.until(lambda: rail._room.verticalScrollBar().maximum() > 0)
    desk.until(in_sight)
    Theme.current().set_text_scale(1.0)
    desk.until(in_sight)


def test_the_command_of_a_screen_stands_in_the_bar_and_works(desk: Desk) -> None:
    bar = desk.work.bar
    assert bar.command.words == "Open voucher"
    assert bar.command.key == "V"
    bar.command.click()
    assert desk.sample.done == ["voucher"]
    desk.ctrl(Key.Key_3)
    desk.until(lambda: not bar.command.isVisible())


def test_a_command_that_is_off_says_why(desk: Desk) -> None:
    desk.work.commands.set_enabled(Act.VOUCHER, False, "Nothing is sold yet")
    assert not desk.work.bar.command.isEnabled()
    assert desk.work.bar.command.toolTip() == "Nothing is sold yet"
    desk.work.commands.set_enabled(Act.VOUCHER, True)
    assert desk.work.bar.command.isEnabled()


def test_the_sandbox_is_marked_and_a_live_profile_is_not(desk: Desk) -> None:
    status = desk.work.status
    assert status.tag.isVisible()
    assert status.stripe.isVisible()
    assert status.stripe.height() == 3
    status.set_station(Station("Kotor Riva", "Desk 2", sandbox=False))
    assert not status.tag.isVisible()
    assert not status.stripe.isVisible()
    assert status.live.isVisible()
    status.set_station(Station("Kotor Riva", "Desk 2", sandbox=True, test=True))
    assert status.tag.isVisible()
    assert status.tag.words.text() == "Test mode"
    assert not status.live.isVisible()


def test_the_status_bar_says_where_and_when(desk: Desk) -> None:
    status = desk.work.status
    assert status.place.text() == "Kotor Riva · Desk 2"
    here = QDateTime.fromMSecsSinceEpoch(int(desk.clock.now().timestamp() * 1000))
    assert status.time.text() == QLocale().toString(here, "ddd d MMM yyyy, HH:mm")
    assert not status.till.isVisible()


def test_the_clock_of_the_frame_runs_in_the_agency_s_zone(desk: Desk) -> None:
    status = desk.work.status
    for zone in ("Pacific/Auckland", "America/Lima"):
        status.set_station(Station("Kotor Riva", "Desk 2", zone=zone))
        there = desk.clock.now().astimezone(ZoneInfo(zone))
        assert status.time.text().endswith(f"{there:%H:%M}")
        assert f" {there.day} " in status.time.text()


def test_a_change_of_settings_is_seen_in_the_frame(desk: Desk) -> None:
    status = desk.work.status
    desk.agency.agency, desk.agency.till = "Perast Boka", "Till open since 08:00"
    desk.bus.publish(
        SettingsChanged(aggregate_id=uuid4(), timestamp=datetime(2026, 6, 18, tzinfo=UTC), names=("name",))
    )
    desk.qtbot.waitUntil(lambda: status.place.text() == "Perast Boka · Desk 2")
    assert status.till.text() == "Till open since 08:00"
    assert status.till.isVisible()


def test_the_till_is_no_business_of_a_vendor(qtbot: QtBot, tmp_path: Path) -> None:
    with open_desk(qtbot, tmp_path, role=Role.VENDOR) as desk:
        desk.sign_in()
        status = desk.work.status
        desk.agency.agency, desk.agency.till = "Perast Boka", "Till open since 08:00"
        moment = datetime(2026, 6, 18, tzinfo=UTC)
        desk.bus.publish(SettingsChanged(aggregate_id=uuid4(), timestamp=moment, names=("name",)))
        desk.qtbot.waitUntil(lambda: status.place.text() == "Perast Boka · Desk 2")
        assert status.till.text() == ""
        assert not status.till.isVisible()


def test_a_till_that_is_opened_or_closed_is_seen_in_the_frame(desk: Desk) -> None:
    status, moment = desk.work.status, datetime(2026, 6, 18, tzinfo=UTC)
    for what, words in (("opened", "Till open since 08:00"), ("closed", "Till closed")):
        desk.agency.till = words
        desk.bus.publish(TillChanged(aggregate_id=uuid4(), timestamp=moment, number=1, what=what))
        desk.qtbot.waitUntil(lambda words=words: status.till.text() == words)  # type: ignore[misc]


def test_the_status_bar_says_how_it_stands_to_the_central_database(desk: Desk) -> None:
    status = desk.work.status
    assert status.online.text() == "On this machine"
    assert not status.central.isVisible()
    status.set_central(CentralLine("wifi-off", "wait", "Offline since 14:05", "3 waiting", "Synced at 14:05"))
    assert not status.online.isVisible()
    assert (status.central.words, status.synced.text()) == ("Offline since 14:05", "3 waiting")
    assert status.central.toolTip() == "Synced at 14:05"
    status.set_central(None)
    assert status.online.isVisible()
    assert not status.synced.isVisible()


def test_work_that_takes_long_is_shown_with_a_way_to_stop_it(desk: Desk) -> None:
    line = desk.work.status.work
    leave = threading.Event()

    def work(task: Task) -> None:
        task.on_cancel(leave.set)
        task.report(14, 41)
        assert leave.wait(5)
        task.check()

    desk.background.run(desk.window, work, words="Statements for June", stoppable=True)
    assert not line.words.isVisible()
    desk.qtbot.waitUntil(line.words.isVisible)
    assert line.words.text() == "Statements for June · 14 of 41"
    line.stop.click()
    desk.qtbot.waitUntil(lambda: not line.words.isVisible())
    assert desk.background.running == ()


def test_with_large_text_the_rail_scrolls_to_the_screen_that_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    entries = tuple(
        ScreenEntry(f"screen{number}", f"Screen {number}", "compass", None, lambda: EmptyScreen)
        for number in range(12)
    )
    with open_desk(qtbot, tmp_path, entries=entries) as desk:
        desk.window.resize(1280, 720)
        desk.sign_in()
        Theme.current().set_text_scale(2.0)
        desk.quiet()  # the rail scrolls by the heights of now
        items = desk.work.rail.items
        desk.until(lambda: all(item.height() >= item.sizeHint().height() for item in items))
        desk.until(lambda: items[-1].visibleRegion().isEmpty())
        desk.work.go("screen11")
        desk.until(lambda: items[-1].visibleRegion().boundingRect() == items[-1].rect())
        items[-1].setFocus()
        desk.key(Qt.Key.Key_Down)
        desk.until(lambda: items[0].visibleRegion().boundingRect() == items[0].rect())
