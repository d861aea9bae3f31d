from __future__ import annotations

from pathlib import Path

import pytest

from helpers.desk import Desk
from helpers.importing import Desktop


@pytest.fixture
def here(desk: Desk, tmp_path: Path) -> Desktop:
    return Desktop(desk, tmp_path)
