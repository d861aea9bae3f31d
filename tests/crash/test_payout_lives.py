"""A run of payouts whose programs are killed at every boundary, one after the other in the same files, by one manager
or by two at once, with replies lost after the transfer: counted at the provider, each vendor is paid exactly once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parents[1]
BOUNDARIES = 6
"""Of each vendor: before and after it is taken, the account's and the transfer's reply, before and after it is
recorded."""


def lived(vendors: int, managers: int, how: str = "careful") -> dict[str, Any]:
    """What the provider and the file say when nobody is left to be paid."""
    paths = [str(TESTS), str(TESTS.parent), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "helpers.payout_lives", folder, str(vendors), str(managers), how],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)},
        )
    assert done.returncode == 0, done.stderr[-6000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(told)
    return told


@pytest.mark.parametrize(
    ("vendors", "managers"),
    [
        pytest.param(2, 1, marks=pytest.mark.soak),
        (3, 2),
        pytest.param(40, 1, marks=pytest.mark.soak),
        pytest.param(40, 2, marks=pytest.mark.soak),
    ],
)
def test_however_often_its_programs_die_each_vendor_is_paid_once(vendors: int, managers: int) -> None:
    told = lived(vendors, managers)
    assert told["deaths"] >= BOUNDARIES * vendors
    assert told["not once"] == []
    assert (told["paid"], told["transfers"], told["most"]) == (vendors, vendors, 1)
    assert told["batch"] == "done"
    assert told["problems"] == []


@pytest.mark.parametrize("vendors", [2, pytest.param(40, marks=pytest.mark.soak)])
def test_the_naive_way_pays_twice_and_is_seen(vendors: int) -> None:
    told = lived(vendors, 1, "naive")
    assert told["paid"] == vendors
    assert told["most"] > 1 and told["transfers"] > vendors
    assert told["not once"] != []
