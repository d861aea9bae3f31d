"""Three desks that have met at a hub, made once and copied for whoever wants them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.three_towns import Met, ThreeTowns, met, three_towns
from postgres import Postgres


@pytest.fixture(scope="session")
def once_met(cluster: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    with met(cluster, tmp_path_factory.mktemp("met")) as found:
        yield found


@pytest.fixture
def here(once_met: Met, tmp_path: Path) -> Iterator[ThreeTowns]:
    """Three desks and their hub, all up to date."""
    with three_towns(once_met, tmp_path) as found:
        yield found
