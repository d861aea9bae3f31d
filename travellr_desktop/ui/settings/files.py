"""Where settings come from: the environment, the profile's file, or the program itself. Read in the background."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

from travellr_desktop.paths import Profile


@dataclass(frozen=True, slots=True)
class Given:
    """A setting as it stands now, and the words for where it is set."""

    value: str
    where: str
    in_environment: bool = False


def profile_of(memory: QSettings) -> Profile:
    """The profile whose window this is: what is remembered stands in its folder."""
    return Profile.at(Path(memory.fileName()).parent)


def given(profile: Profile, name: str, environment: str) -> Given:
    """How `name` is set. Raises `SettingsInvalid` where the file or the environment cannot be understood."""
    from travellr_desktop.config import load_settings  # pydantic takes its time

    value = str(getattr(load_settings(profile), name))
    if os.environ.get(environment):
        return Given(value, environment, in_environment=True)
    if name in _in_file(profile.settings):
        return Given(value, str(profile.settings))
    return Given(value, "")


def database_of(profile: Profile) -> Path:
    """The desk's database: the profile's own, or the one that `DATABASE_URL` names."""
    from travellr_desktop.config import load_settings

    return load_settings(profile).database or profile.database


def _in_file(path: Path) -> frozenset[str]:
    try:
        return frozenset(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return frozenset()
