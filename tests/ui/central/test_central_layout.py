"""Nothing of Conflicts, Sync and their settings is cut, covered or too pale: long names, large text, right to left."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.central import HandDoor, changed_twice, granted, oversale, refused, second_desk, sold_too_many
from helpers.central_office import HERE, CentralOffice, central_office
from helpers.crowded import NAMES, WORDS
from helpers.desk import Desk
from helpers.gui_thread import off_gui
from helpers.layout import faults
from helpers.rest import SETTLES_MS
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.ui.theme import Mode, Theme

SIZES = (QSize(1280, 720), QSize(1920, 1080))
LONG = " ".join(WORDS.split())


def crowd(desk: Desk) -> tuple[list[Mapping[str, Any]], tuple[Mapping[str, Any], ...]]:
    """Desks with long names and thousands of seats, long values on both sides, long reasons."""
    for number, name in enumerate((LONG[:110], NAMES[0][:110], NAMES[2][:110], "Budva"), 3):
        second_desk(desk, name, UUID(int=number), number)
    departures = [desk.add_departure(capacity=9_000) for _ in range(8)]
    for departure in departures:
        granted(desk, departure, UUID(int=3), 4_321)
    now = desk.clock.now()
    create = desk.services.travellers.create
    someone = create(desk.agent, TravellerDraft(NAMES[1][:190], phone=HERE, address=LONG[:280]), key=uuid4())
    _sold, too_many = sold_too_many(desk, capacity=3, seats=4)
    trip = uuid4().hex
    picked = {"t": "departures", "id": uuid4().hex, "k": "U", "f": {"trip_id": trip}}
    day = {
        "t": "promo_codes",
        "id": uuid4().hex,
        "k": "I",
        "f": {"code": LONG[:40], "first_day": "2026-06-01"},
    }
    said: list[Mapping[str, Any]] = [
        too_many | {"id": "20", "reason": LONG[:120]},
        refused(desk, uuid4(), entry="21", ledger=True, changes=[picked] * 9) | named(picked, "trip_id"),
        refused(desk, uuid4(), entry="22", changes=[day]) | named(day, "first_day"),
        changed_twice(desk, someone.id, HERE, LONG[:90], entry="23"),
        changed_twice(desk, someone.id, "", LONG[:280], field="address"),
        oversale(desk, departures[0], seats=1_234, reason=LONG[:200]),
        refused(desk, uuid4(), reason=LONG[:300]),
        refused(desk, uuid4(), entry="9", kind="parked", op_no=44, stands_on=42, reason=""),
    ]
    seen = (now - timedelta(days=200)).isoformat()
    desks: tuple[Mapping[str, Any], ...] = (
        {"desk_id": str(UUID(int=2)), "seen_at": now.isoformat(), "version": "10.20.30-rc4"},
        {"desk_id": str(UUID(int=3)), "seen_at": seen, "behind": 2_118_409, "waiting": 98_765},
        {"desk_id": str(UUID(int=4)), "written_off_at": seen},
    )
    return said, desks


def named(change: Mapping[str, Any], field: str) -> dict[str, Any]:
    """The row and the field that the hub named."""
    return {"table": change["t"], "row_id": change["id"], "field": field}


def walk(office: CentralOffice, size: QSize) -> list[str]:
    """Every entry with every choice, the desks online and not, the settings with each state of the form."""
    wrong: list[str] = []
    place = office.place

    def look(where: str, over: QWidget | None = None) -> None:
        place.quiet()
        found: list[str] = []

        def clean() -> bool:
            found[:] = faults(over or place.work)
            return not found

        with suppress(QtTimeout):
            place.qtbot.waitUntil(clean, timeout=SETTLES_MS)
        wrong.extend(f"{where}: {each}" for each in found)
        if place.work.size() != size:
            wrong.append(f"{where}: the window is pushed to {place.work.size()}")
            place.work.resize(size)

    screen = office.screen()
    place.until(lambda: len(screen.inbox.entries) == 8)
    look("the first entry")
    for row, entry in enumerate(screen.inbox.entries):
        screen.inbox.table.go_to(row)
        place.quiet()
        for number in range(1, len(entry.choices) + 1):
            screen.inbox.panel.choosing.choose(number)
            if entry.choices[number - 1].asks:
                look(f"{entry.title}, {number}")
        look(entry.title)
    screen.show_view("sync")
    look("the desks")
    screen.sync.table.go_to(2)
    place.until(lambda: screen.desk_panel.isVisible() or not screen.sync.table.rows)
    look("a desk")
    button = screen.desk_panel.write_off
    assert button is not None
    button.click()
    place.until(lambda: screen.writing_off.dialog is not None and screen.writing_off.dialog.isVisible())
    dialog = screen.writing_off.dialog
    assert dialog is not None
    look("writing a desk off", dialog)
    dialog.reject()
    office.went(LinkState.OFFLINE, LONG[:150])
    place.until(screen.sync.note.isVisible)
    look("offline")
    office.went(LinkState.REFUSED, LONG[:150], LONG[:150])
    place.until(lambda: "not connected" in screen.sync.state.text())
    look("not connected")
    screen.show_view("conflicts")
    place.until(screen.inbox.note.isVisible)
    look("what waits, not connected")
    section = office.section()
    look("settings, enrolled")
    office.off(lambda: office.desk.services.central.leave(office.desk.admin))
    place.until(section.form.isVisible)
    office.section()
    section.form.where.set_error(LONG[:120])
    section.form.note.say("bad", LONG[:120], LONG[:120])
    section.form.note.show()
    look("settings, alone")
    screen = office.screen()
    look("nothing to settle")
    screen.show_view("sync")
    look("no desks")
    return wrong


@pytest.mark.parametrize(
    ("size", "mode", "scale", "rtl"),
    [
        pytest.param(SIZES[0], Mode.LIGHT, 1.0, False, id="1280x720"),
        pytest.param(SIZES[1], Mode.DARK, 1.0, False, id="1920x1080 dark", marks=pytest.mark.soak),
        pytest.param(SIZES[1], Mode.LIGHT, 2.0, False, id="large text", marks=pytest.mark.soak),
        pytest.param(SIZES[0], Mode.DARK, 1.0, True, id="right to left"),
    ],
)
def test_nothing_is_cut_covered_or_pale(
    qtbot: QtBot,
    desk: Desk,
    door: HandDoor,
    tmp_path: Path,
    size: QSize,
    mode: Mode,
    scale: float,
    rtl: bool,
) -> None:
    said, desks = off_gui(lambda: crowd(desk))
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    with central_office(qtbot, desk, door, tmp_path, size=size, mode=mode) as office:
        try:
            if rtl:
                application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            Theme.current().set_text_scale(scale)
            office.station()
            office.says(*said, desks=desks)
            assert walk(office, size) == []
        finally:
            Theme.current().set_text_scale(1.0)
            application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
