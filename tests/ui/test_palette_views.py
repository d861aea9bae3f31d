"""Views within screens are found from the one field by their own names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.office import Office, office_at
from travellr_desktop.domain.permissions import Role, allowed
from travellr_desktop.ui.activity.screen import ActivityScreen
from travellr_desktop.ui.options.screen import OptionsScreen
from travellr_desktop.ui.plans.editor import PlanEditor
from travellr_desktop.ui.screens import SCREENS
from travellr_desktop.ui.shell.workspace import Workspace

Key = Qt.Key


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    with office_at(qtbot, tmp_path, at="desk") as office:
        yield office


def work_of(office: Office) -> Workspace:
    assert office.window.workspace is not None
    return office.window.workspace


def look_for(office: Office, text: str) -> list[str]:
    office.ctrl(Key.Key_K)
    office.type(text)
    return [found.words for found in work_of(office).finder.rows]


@pytest.mark.parametrize("view", ["events", "audit", "errors"])
def test_a_view_of_activity_is_found_and_opened(office: Office, view: str) -> None:
    assert look_for(office, view)[0] == f"Go to {view.capitalize()}"
    office.key(Key.Key_Return)
    screen = work_of(office).current
    assert isinstance(screen, ActivityScreen)
    assert screen.view == view
    office.quiet()
    office.until(screen.focus_within)


def test_the_waiting_list_is_found_and_opened(office: Office) -> None:
    found = look_for(office, "waiting list")
    work_of(office).finder.view.setCurrentIndex(
        work_of(office).finder.view.model().index(found.index("Go to Waiting list"), 0)
    )
    office.key(Key.Key_Return)
    screen = work_of(office).current
    assert isinstance(screen, OptionsScreen)
    assert screen.view == "waiting"
    office.quiet()


def test_the_seat_plans_are_found_and_opened(office: Office) -> None:
    assert look_for(office, "seat plans") == ["Go to Seat plans"]
    office.key(Key.Key_Return)
    office.until(lambda: isinstance(QApplication.activeModalWidget(), PlanEditor))
    office.quiet()
    office.key(Key.Key_Escape)
    office.until(lambda: QApplication.activeModalWidget() is None)
    assert work_of(office).screen_key == "trips"


def test_a_view_is_offered_only_to_whom_it_is_permitted(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.AGENT, at="desk") as office:
        found = look_for(office, "go to")
        for entry in SCREENS:
            for view in entry.views:
                may = all(
                    each is None or allowed(Role.AGENT, each) for each in (entry.permission, view.permission)
                )
                assert (f"Go to {view.words}" in found) == may
        assert "Go to Audit" not in found
        office.quiet()
