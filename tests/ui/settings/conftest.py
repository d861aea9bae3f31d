"""A window at its settings, and one whose settings are not read yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from helpers.office import Office, office_at


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    with office_at(qtbot, tmp_path, at="settings") as office:
        yield office


@pytest.fixture
def outside(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    """At the desk: the settings are not read yet."""
    with office_at(qtbot, tmp_path) as office:
        yield office
