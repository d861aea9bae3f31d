"""A desk to sell at, on a clock that the test moves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from helpers.clock import HandClock
from helpers.desk import Desk, desk_at


@pytest.fixture(scope="session")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with an agency, made once; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("agency") / "profile"
    with desk_at(folder):
        pass
    return folder


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """The books are proved at the end of one test in five, always the same ones, and of every test of `make soak`."""
    with desk_at(tmp_path / "profile", clock) as made:
        yield made
        with made.sandbox() as sandbox:
            sandbox.disarm()
        problems = made.services.check.run().problems if _proves(request.node.nodeid) else ()
    assert problems == (), "the books are not right at the end of the test"


def _proves(name: str) -> bool:
    return os.environ.get("HYPOTHESIS_PROFILE") == "soak" or crc32(name.encode()) % 5 == 0
