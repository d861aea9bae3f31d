"""Nothing of a vendor's earnings is cut, covered or too pale: long names, large amounts, large text, right to left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.earning_office import crowded_earnings
from helpers.layout import faults
from helpers.office import Office, office_at, untouched
from helpers.rest import SETTLES_MS
from travellr_desktop.domain.permissions import Role
from travellr_desktop.ui.earnings.screen import EARNINGS, PROFILE, EarningsScreen
from travellr_desktop.ui.theme import Theme

SMALL, LARGE = QSize(1280, 720), QSize(1920, 1080)


@contextmanager
def looked_at(qtbot: QtBot, folder: Path, role: Role, size: QSize) -> Iterator[tuple[Office, EarningsScreen]]:
    prepare = untouched if role is Role.ADMIN else crowded_earnings
    with office_at(qtbot, folder, prepare=prepare, size=size, role=role, at="earnings") as office:
        screen = office.go("earnings")
        assert isinstance(screen, EarningsScreen)
        office.quiet()
        yield office, screen


def settled(office: Office) -> list[str]:
    """What is wrong once columns have grown and layouts have settled."""
    office.quiet()
    wrong: list[str] = []

    def clean() -> bool:
        wrong[:] = faults(office.window)
        return not wrong

    with suppress(QtTimeout):
        office.qtbot.waitUntil(clean, timeout=SETTLES_MS)
    return wrong


def walk(office: Office, screen: EarningsScreen) -> list[str]:
    wrong: list[str] = []
    for view in (EARNINGS, PROFILE):
        screen.show_view(view)
        wrong += [f"{view}: {each}" for each in settled(office)]
    screen.show_view(EARNINGS)
    return wrong


@pytest.mark.parametrize(
    "role", [Role.VENDOR, pytest.param(Role.MANAGER, marks=pytest.mark.soak), Role.ADMIN]
)
def test_nothing_is_cut_in_a_small_window(qtbot: QtBot, tmp_path: Path, role: Role) -> None:
    """For the admin nothing was earned yet."""
    with looked_at(qtbot, tmp_path, role, SMALL) as (office, screen):
        assert walk(office, screen) == []


@pytest.mark.soak
def test_nothing_is_cut_in_a_large_window(qtbot: QtBot, tmp_path: Path) -> None:
    with looked_at(qtbot, tmp_path, Role.VENDOR, LARGE) as (office, screen):
        assert walk(office, screen) == []


@pytest.mark.soak
def test_nothing_is_cut_at_twice_the_size(qtbot: QtBot, tmp_path: Path) -> None:
    with looked_at(qtbot, tmp_path, Role.VENDOR, LARGE) as (office, screen):
        Theme.current().set_text_scale(2.0)
        try:
            assert walk(office, screen) == []
        finally:
            Theme.current().set_text_scale(1.0)


def test_nothing_is_cut_from_right_to_left(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with looked_at(qtbot, tmp_path, Role.MANAGER, SMALL) as (office, screen):
            assert walk(office, screen) == []
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
