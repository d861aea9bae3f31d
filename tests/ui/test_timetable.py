"""Dialogs that make departures and series, worked by keys over real services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from helpers.desk import DAY, Desk
from helpers.seated import add_numbered, add_plan
from helpers.workplace import Workplace, work_at
from travellr_desktop.services.timetable import SeriesDraft
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.timetable import dialogs
from travellr_desktop.ui.timetable.departure import EditDeparture, NewDeparture
from travellr_desktop.ui.timetable.dialogs import ChooseSeries
from travellr_desktop.ui.timetable.series import SeriesDialog, open_series

Key = Qt.Key
D = TypeVar("D", bound=QDialog)


@pytest.fixture
def place(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Workplace]:
    with work_at(qtbot, desk, tmp_path, actor=desk.admin) as place:
        place.work.go("departures")
        place.quiet()
        yield place


def trip(place: Workplace) -> tuple[object, ...]:
    screen = place.work.current
    assert screen is not None
    return screen.context, screen, next(iter(place.desk.trips.values()))


def dialog(place: Workplace, kind: type[D]) -> D:
    place.until(lambda: isinstance(QApplication.activeModalWidget(), kind))
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


def write(place: Workplace, field: Field, text: str) -> None:
    field.edit.setFocus()
    field.edit.selectAll()
    place.qtbot.keyClicks(field.edit, text)


def departures(place: Workplace) -> list[tuple[date, str, int]]:
    def read() -> list[tuple[date, str, int]]:
        with place.desk.database.read() as view:
            rows, _ = view.departures.find_all(limit=500)
            return sorted((row.local_day, row.local_time, row.capacity) for row in rows)

    return place.off(read)


def press_act(place: Workplace, found: QDialog) -> None:
    place.qtbot.keyClick(found, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_departure_is_added_and_taken_back(place: Workplace) -> None:
    context, screen, trip_id = trip(place)
    dialogs.new_departure(context, screen, trip_id, DAY)  # type: ignore[arg-type]
    form = dialog(place, NewDeparture)
    write(place, form.at, "8.30")
    write(place, form.seats, "12")
    press_act(place, form)
    place.until(lambda: QApplication.activeModalWidget() is None)
    assert departures(place) == [(DAY, "08:30", 12)]
    place.come_back()
    place.ctrl(Key.Key_Z)
    place.until(lambda: departures(place) == [])


@pytest.mark.parametrize(
    ("name", "text"),
    [("day", "31.2.2026"), ("at", "25:00"), ("capacity", "0"), ("cutoff", "soon"), ("day", "1/1/2020")],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_made(
    place: Workplace, name: str, text: str
) -> None:
    context, screen, trip_id = trip(place)
    dialogs.new_departure(context, screen, trip_id, DAY)  # type: ignore[arg-type]
    form = dialog(place, NewDeparture)
    wrong = form.fields[name]
    assert isinstance(wrong, Field)
    for field, good in ((form.at, "08:30"), (form.seats, "12"), (wrong, text)):
        write(place, field, good)
    press_act(place, form)
    place.until(lambda: bool(wrong.error))
    assert departures(place) == []
    form.reject()


def test_a_departure_leaves_at_another_time(place: Workplace) -> None:
    departure = place.off(place.desk.add_departure)
    context, screen, _ = trip(place)
    dialogs.edit_departure(context, screen, departure)  # type: ignore[arg-type]
    form = dialog(place, EditDeparture)
    write(place, form.at, "09:15")
    press_act(place, form)
    place.until(lambda: QApplication.activeModalWidget() is None)
    assert departures(place) == [(DAY, "09:15", 10)]


def test_a_departure_keeps_a_plan_that_was_put_away(place: Workplace) -> None:
    def prepare() -> tuple[UUID, UUID]:
        bus = add_plan(place.desk)
        departure = add_numbered(place.desk, plan_id=bus)
        place.desk.services.plans.deactivate(place.desk.admin, bus)
        return bus, departure

    bus, departure = place.off(prepare)
    context, screen, trip_id = trip(place)
    dialogs.edit_departure(context, screen, departure)  # type: ignore[arg-type]
    form = dialog(place, EditDeparture)
    assert "put away" in form.plan.words()
    write(place, form.at, "09:15")
    press_act(place, form)
    place.until(lambda: QApplication.activeModalWidget() is None)
    timetable, admin = place.desk.services.timetable, place.desk.admin
    assert place.off(lambda: timetable.departure(admin, departure)).edit.plan_id == bus
    dialogs.new_departure(context, screen, trip_id, DAY)  # type: ignore[arg-type]
    new = dialog(place, NewDeparture)
    assert [new.plan.box.itemText(n) for n in range(new.plan.box.count())] == ["Open seating"]
    new.reject()


def test_a_series_keeps_a_plan_that_was_put_away(place: Workplace) -> None:
    def prepare() -> tuple[UUID, UUID]:
        desk = place.desk
        bus = add_plan(desk)
        every_monday = SeriesDraft(frozenset({0}), time(8), DAY, DAY + timedelta(days=27), 4, plan_id=bus)
        made = desk.services.timetable.add_series(desk.admin, next(iter(desk.trips.values())), every_monday)
        desk.services.plans.deactivate(desk.admin, bus)
        return bus, made.made[0]

    bus, departure = place.off(prepare)
    context, screen, trip_id = trip(place)
    timetable, admin = place.desk.services.timetable, place.desk.admin
    (series,) = place.off(lambda: timetable.series(admin, trip_id))  # type: ignore[arg-type]
    open_series(context, screen, trip_id, "Blue Cave", series)  # type: ignore[arg-type]
    form = dialog(place, SeriesDialog)
    assert "put away" in form.plan.words()
    write(place, form.at, "09:15")
    place.until(lambda: form.preview is not None)
    press_act(place, form)
    place.until(lambda: QApplication.activeModalWidget() is None)
    (changed,) = place.off(lambda: timetable.series(admin, trip_id))  # type: ignore[arg-type]
    assert (changed.draft.at, changed.draft.plan_id) == (time(9, 15), bus)
    assert place.off(lambda: timetable.departure(admin, departure)).edit.plan_id == bus


def test_a_series_says_what_it_makes_before_it_is_made(place: Workplace) -> None:
    """The clocks go back on 25 October: 02:30 comes twice that night."""
    context, screen, trip_id = trip(place)
    dialogs.new_series(context, screen, trip_id, "Blue Cave")  # type: ignore[arg-type]
    form = dialog(place, SeriesDialog)
    for field, text in (
        (form.at, "02:30"),
        (form.first, "2026-10-23"),
        (form.last, "2026-10-27"),
        (form.seats, "6"),
        (form.left_out, "2026-10-24"),
    ):
        write(place, field, text)
    place.until(lambda: form.preview is not None)
    assert form.says.text() == "4 departures will be made"
    assert form.preview is not None
    assert "twice" in " ".join(day.words for day in form.preview.remarkable)
    press_act(place, form)
    place.until(lambda: QApplication.activeModalWidget() is None)
    days = [day.day for day, _at, _seats in departures(place)]
    assert days == [23, 25, 26, 27]


def test_a_series_that_is_there_is_chosen_and_changed(place: Workplace) -> None:
    first = date(2026, 7, 6)
    draft = SeriesDraft(frozenset(range(7)), time(8, 30), first, first + timedelta(days=3), 10)
    context, screen, trip_id = trip(place)
    place.off(lambda: place.desk.services.timetable.add_series(place.desk.admin, trip_id, draft))  # type: ignore[arg-type]
    dialogs.edit_series(context, screen, trip_id)  # type: ignore[arg-type]
    choose = dialog(place, ChooseSeries)
    assert "08:30" in choose.buttons[0].accessibleName()
    place.qtbot.keyClick(choose.buttons[0], Key.Key_Space)
    form = dialog(place, SeriesDialog)
    write(place, form.seats, "8")
    place.until(lambda: form.says.text() == "Departures to come: 4 changed")  # not of what was written before
    press_act(place, form)
    place.until(lambda: QApplication.activeModalWidget() is None)
    assert {seats for _day, _at, seats in departures(place)} == {8}


def test_no_weekday_is_no_series(place: Workplace) -> None:
    context, screen, trip_id = trip(place)
    dialogs.new_series(context, screen, trip_id, "Blue Cave")  # type: ignore[arg-type]
    form = dialog(place, SeriesDialog)
    for box in form.days:
        box.setChecked(False)
    place.until(lambda: "day of the week" in form.says.text())
    write(place, form.at, "08:30")
    write(place, form.seats, "12")
    place.until(form.act.isEnabled)
    press_act(place, form)
    place.until(form.note.isVisible)
    assert "day of the week" in form.note.accessibleName()
    assert departures(place) == []
    form.reject()
