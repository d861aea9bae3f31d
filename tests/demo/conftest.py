"""A small demonstration, made once for a file of tests."""

from __future__ import annotations

import pytest

from helpers.demo import make
from travellr_desktop.paths import Profile


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    """Six vendors and sixty bookings around today."""
    return make(tmp_path_factory.mktemp("demo") / "profile")
