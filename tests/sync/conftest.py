"""Three desks that have met at a hub, and two vendors at another: made once and copied for whoever wants them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.three_towns import Met, ThreeTowns, met, three_towns
from helpers.vendor_place import MadeVendors, VendorPlace, made_vendors, vendor_place
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


@pytest.fixture(scope="session")
def once_vendors(cluster: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeVendors]:
    with made_vendors(cluster, tmp_path_factory.mktemp("vendors")) as made:
        yield made


@pytest.fixture
def vendors(once_vendors: MadeVendors, tmp_path: Path) -> Iterator[VendorPlace]:
    """An agency of two vendors, and the file of a person of the first: all up to date."""
    with vendor_place(once_vendors, tmp_path) as found:
        yield found
