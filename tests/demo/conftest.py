"""A small demonstration, made once for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpers.demo import copy_of, made_once
from travellr_desktop.paths import Profile


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    """To be copied, not to be worked with."""
    place = tmp_path_factory.getbasetemp()
    return made_once(place.parent if "PYTEST_XDIST_WORKER" in os.environ else place)


@pytest.fixture
def demo(small: Profile, tmp_path: Path) -> Profile:
    """Six vendors and sixty bookings around today, for one test."""
    return copy_of(small, tmp_path / "demo")
