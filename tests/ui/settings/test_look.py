"""The look in the settings: light and dark, the size of text, rows, single letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from helpers.office import Office
from helpers.settings_page import (
    Key,
    section,
    settings,
)
from travellr_desktop.ui.settings.look import LookSection
from travellr_desktop.ui.settings.remembered import keep_text_scale, text_scale
from travellr_desktop.ui.tables import Density, ListScreen
from travellr_desktop.ui.theme import Mode, Theme


def test_light_and_dark_are_switched_live_and_come_back(office: Office) -> None:
    look = section(settings(office), LookSection)
    office.tab_to(look.mode._buttons["light"])
    office.key(Key.Key_Right)
    assert Theme.current().mode is Mode.DARK
    assert office.memory.value("theme/mode") == "dark"
    Theme.current().set_mode(Mode.SYSTEM)
    assert look.mode.value() == "system"


def test_the_size_of_text_is_switched_live_and_comes_back(office: Office) -> None:
    look = section(settings(office), LookSection)
    office.tab_to(look.scale.box)
    office.key(Key.Key_End)
    assert Theme.current().text_scale == 2.0
    office.memory.sync()
    again = QSettings(str(office.desk.profile.window), QSettings.Format.IniFormat)
    assert text_scale(again) == 2.0


@pytest.mark.parametrize("kept", ["", "big", "0.5", "20", "nan"])
def test_a_damaged_size_of_text_counts_as_none(tmp_path: Path, kept: str) -> None:
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    memory.setValue("theme/text_scale", kept)
    assert text_scale(memory) == 1.0
    keep_text_scale(memory, 1.5)
    assert text_scale(memory) == 1.5


def test_compact_rows_hold_for_open_tables_and_those_to_come(office: Office) -> None:
    activity = office.go("activity")
    office.key(Key.Key_Right)
    office.until(lambda: activity.findChildren(ListScreen))
    office.quiet()
    (events,) = activity.findChildren(ListScreen)
    look = section(settings(office), LookSection)
    office.tab_to(look.compact)
    office.key(Key.Key_Space)
    assert events.table.density is Density.COMPACT
    office.go("activity")
    office.key(Key.Key_Right)
    office.quiet()
    assert {each.table.density for each in activity.findChildren(ListScreen)} == {Density.COMPACT}
    settings(office)
    office.tab_to(look.compact)
    office.key(Key.Key_Space)
    assert events.table.density is Density.NORMAL


def test_single_letters_are_switched_off_and_remembered(office: Office) -> None:
    look = section(settings(office), LookSection)
    assert look.letters.isChecked()
    office.tab_to(look.letters)
    office.key(Key.Key_Space)
    assert not look.context.actions.single_letters
    assert str(office.memory.value("keys/single_letters")).lower() == "false"
