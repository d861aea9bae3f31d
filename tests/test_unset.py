"""Before anything is read: what holds where nothing is set, and whether there is anything to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from travellr_desktop.config import Settings
from travellr_desktop.paths import Profile
from travellr_desktop.unset import Unset, anything_set


@pytest.mark.parametrize("name", Unset.__slots__)
def test_it_is_what_the_settings_are_where_nothing_is_set(name: str) -> None:
    assert getattr(Unset(), name) == Settings.model_fields[name].default


@pytest.mark.parametrize("field", Settings.model_fields.values(), ids=Settings.model_fields)
def test_every_name_of_a_setting_in_the_environment_counts(tmp_path: Path, field: object) -> None:
    name = str(getattr(field, "validation_alias", ""))
    assert name
    assert anything_set(Profile.at(tmp_path), [name])


def test_the_name_of_the_profile_is_no_setting_and_a_file_is(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path)
    assert not anything_set(profile, ["TRAVELLR_PROFILE", "PATH", "HOME", "MAIL"])
    profile.settings.write_text("", "utf-8")
    assert anything_set(profile, [])
