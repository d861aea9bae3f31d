"""The calendar of a month without a mouse."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.keyboard import focused, press, shown
from helpers.spoken import spoken
from travellr_desktop.ui.parts import gallery
from travellr_desktop.ui.parts.calendar import MonthCalendar
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme

TODAY = gallery.TODAY
Key = Qt.Key


@pytest.fixture
def month(theme: Theme, qtbot: QtBot) -> MonthCalendar:
    calendar = MonthCalendar(TODAY)
    free = {0: 21, 2: 67, 7: 5, 10: 0}
    calendar.set_days({TODAY + timedelta(days=day): gallery.Day(2, seats) for day, seats in free.items()})
    shown(qtbot, calendar)
    calendar.focus_day()
    return calendar


def day_under_keyboard(calendar: MonthCalendar) -> date:
    cell = focused()
    return next(
        day
        for day in (calendar.month + timedelta(days=index) for index in range(31))
        if calendar.cell(day) is cell
    )


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        ([Key.Key_Right], date(2026, 6, 19)),
        ([Key.Key_Down], date(2026, 6, 25)),
        ([Key.Key_Down, Key.Key_Up], date(2026, 6, 18)),
        ([Key.Key_End], date(2026, 6, 21)),
        ([Key.Key_Down, Key.Key_Home], date(2026, 6, 22)),
        ([Key.Key_PageDown], date(2026, 7, 18)),
        ([Key.Key_Down, Key.Key_Down], date(2026, 7, 2)),
        ([Key.Key_PageDown, Key.Key_PageUp], date(2026, 6, 18)),
        ([Key.Key_Left], date(2026, 6, 18)),  # yesterday is past
        ([Key.Key_PageUp], date(2026, 6, 18)),
    ],
)
def test_arrows_move_over_days_weeks_and_months(month: MonthCalendar, keys: list[Qt.Key], day: date) -> None:
    for key in keys:
        press(key)
    assert day_under_keyboard(month) == day
    assert month.chosen == TODAY, "moving does not choose"


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Space, Key.Key_Enter])
def test_enter_and_space_choose_the_day(month: MonthCalendar, qtbot: QtBot, key: Qt.Key) -> None:
    press(Key.Key_Right)
    press(Key.Key_Right)
    with qtbot.waitSignal(month.day_chosen) as told:
        press(key)
    assert told.args == [date(2026, 6, 20)]
    assert month.chosen == date(2026, 6, 20)


def test_the_primary_key_is_not_swallowed_by_the_calendar(month: MonthCalendar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(month.day_chosen):
        press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_t_goes_back_to_today_from_another_month(month: MonthCalendar, qtbot: QtBot) -> None:
    press(Key.Key_PageDown)
    press(Key.Key_PageDown)
    with qtbot.waitSignals([month.month_changed, month.day_chosen]):
        press(Key.Key_T)
    assert month.month == date(2026, 6, 1)
    assert day_under_keyboard(month) == TODAY


def test_right_to_left_arrows_follow_the_eye(theme: Theme, qtbot: QtBot, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    calendar = MonthCalendar(TODAY)
    shown(qtbot, calendar)
    calendar.focus_day()
    press(Key.Key_Left)
    assert day_under_keyboard(calendar) == TODAY + timedelta(days=1)


def test_days_say_date_free_seats_and_what_they_are(month: MonthCalendar) -> None:
    said = {}
    for day in (18, 19, 20, 25, 28, 3):
        cell = month.cell(date(2026, 6, day))
        assert cell is not None
        said[day] = spoken(cell)
    assert said == {
        18: "Thursday, 18 June 2026, today, chosen, 21 free seats",
        19: "Friday, 19 June 2026, no departures",
        20: "Saturday, 20 June 2026, 67 free seats",
        25: "Thursday, 25 June 2026, 5 free seats",
        28: "Sunday, 28 June 2026, full",
        3: "Wednesday, 3 June 2026",
    }


def test_few_seats_are_marked_and_past_days_are_off(month: MonthCalendar) -> None:
    few, many, past = (month.cell(date(2026, 6, day)) for day in (25, 20, 3))
    assert few is not None and few.few
    assert many is not None and not many.few
    assert past is not None and not past.isEnabled()


def test_a_calendar_is_one_tab_stop(month: MonthCalendar) -> None:
    stops = [
        day
        for day in range(1, 31)
        if (cell := month.cell(date(2026, 6, day))) and cell.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert stops == [18]


def test_weeks_start_as_the_locale_has_it(theme: Theme, qtbot: QtBot) -> None:
    calendar = MonthCalendar(TODAY, locale="en_US", first_weekday=6)
    shown(qtbot, calendar)
    sunday, monday = calendar.cell(date(2026, 6, 7)), calendar.cell(date(2026, 6, 8))
    assert sunday is not None and monday is not None
    assert sunday.x() < monday.x()
    assert sunday.y() == monday.y()


def test_the_ends_of_time_do_not_break_the_calendar(theme: Theme, qtbot: QtBot) -> None:
    calendar = MonthCalendar(date(9998, 12, 31))
    qtbot.addWidget(calendar)
    calendar.show_month(date(9999, 5, 1))
    assert calendar.month == date(9998, 12, 1)


@pytest.mark.parametrize(("width", "says"), [(420, "November 2026"), (252, "Nov 2026")])
def test_the_month_is_shortened_and_never_cut(
    month: MonthCalendar, width: int, says: str, qtbot: QtBot
) -> None:
    month.show_month(date(2026, 11, 1))
    month.resize(width, month.height())
    title = next(label for label in month.findChildren(Label) if label.accessibleName() == "November 2026")
    qtbot.waitUntil(lambda: title.text() == says)
    assert not title.elided()
