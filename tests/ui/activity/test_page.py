"""The page of activity: the view comes back, nothing is polled unseen, no words cut, Tab."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from helpers.activity_page import Key, activity, journal, shows
from helpers.office import Office, cut
from travellr_desktop.jobs.runner import JOBS
from travellr_desktop.ui.activity.screen import ActivityScreen
from travellr_desktop.ui.theme import Theme


def test_the_view_comes_back_as_it_was_left(office: Office) -> None:
    screen = activity(office)
    journal(office, screen, "events")
    assert office.memory.value("activity/view") == "events"
    assert ActivityScreen(screen.context).view == "events"


def test_arrows_on_the_segments_keep_the_focus_there(office: Office) -> None:
    screen = activity(office)
    screen.running.views.focus_chosen()
    for key, view in ((Key.Key_Right, "events"), (Key.Key_Right, "audit"), (Key.Key_Left, "events")):
        office.key(key)
        office.until(partial(shows, screen, view))
        assert office.focus() is screen.journals[view].views._buttons[view]


def test_nothing_is_polled_while_another_screen_is_shown(office: Office) -> None:
    screen = activity(office)
    assert screen._tick.isActive()
    office.go("settings")
    assert not screen._tick.isActive()


@pytest.mark.parametrize(
    ("size", "scale"),
    [
        (QSize(1280, 720), 2.0),
        (QSize(1440, 900), 1.5),
        pytest.param(QSize(1280, 720), 1.0, marks=pytest.mark.soak),
        pytest.param(QSize(1280, 720), 1.5, marks=pytest.mark.soak),
        pytest.param(QSize(1440, 900), 1.0, marks=pytest.mark.soak),
        pytest.param(QSize(1440, 900), 2.0, marks=pytest.mark.soak),
        pytest.param(QSize(1920, 1080), 1.0, marks=pytest.mark.soak),
        pytest.param(QSize(1920, 1080), 1.5, marks=pytest.mark.soak),
        pytest.param(QSize(1920, 1080), 2.0, marks=pytest.mark.soak),
    ],
)
def test_no_words_are_cut(outside: Office, size: QSize, scale: float) -> None:
    Theme.current().set_text_scale(scale)
    outside.window.resize(size)
    screen = activity(outside)
    outside.until(lambda: screen.running.schedule.rows)
    outside.ctrl(Key.Key_Return)
    outside.until(screen.running.books.note.isVisible)
    outside.quiet()
    outside.until(lambda: not cut(screen))


def test_tab_goes_from_the_views_over_the_schedule_to_the_books_and_round(office: Office) -> None:
    screen = activity(office)
    office.until(lambda: len(screen.running.schedule.rows) == len(JOBS))
    office.ctrl(Key.Key_Return)
    books = screen.running.books
    office.until(lambda: books.problems and books.problems[-1].copy.isVisible())
    office.quiet()
    screen.running.views.focus_chosen()
    start = office.focus()
    stops: list[QWidget] = []
    office.key(Key.Key_Tab)
    while office.focus() is not start and len(stops) < 40:
        stops.append(office.focus())
        office.key(Key.Key_Tab)
    rows = [row.button for row in screen.running.schedule.rows.values()]
    expected = [*rows, books.copy, *(line.copy for line in books.problems), books.check]
    assert stops[: len(expected)] == expected
    office.until(lambda: office.focus() is start)
