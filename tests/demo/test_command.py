"""`travellr demo` as a person types it: the whole agency, a tour without a display, a killed sale, and what is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpers.demo import SMALL
from travellr_desktop.demo.plan import WEIGHTS
from travellr_desktop.paths import Profile
from travellr_desktop.payments.sandbox.control import SandboxControl

ROOT = Path(__file__).resolve().parents[2]


def travellr(*arguments: str) -> tuple[int, Any]:
    """Run the command with `--json`, with no display; its exit code and its one document."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    ended = subprocess.run(
        [sys.executable, "-m", "travellr_desktop", *arguments, "--json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=environment,
        timeout=230,
        check=False,
    )
    assert ended.stdout.count("\n") == 1, ended.stderr
    return ended.returncode, json.loads(ended.stdout)


IN_TOUR = 3 + 1
"""Bookings: two sold and one whose reply was lost, one by the program that was killed."""


def toured(folder: Path, told: dict[str, Any]) -> None:
    """The tour went through, its killed sale was charged once and found, and the books are right."""
    bookings = told["counts"]["bookings"]
    assert all(bookings[state] > 0 for state in ("pending", "confirmed", "completed", "cancelled", "no_show"))
    assert told["ledger"]["out_of_balance"] == 0
    assert told["recovered_payments"] == 1
    with SandboxControl(folder / "sandbox.db") as sandbox:
        assert sandbox.succeeded_intents(told["killed_sale"]["payment_id"]) == 1
        assert set(sandbox.succeeded_by_payment().values()) == {1}

    names = [Path(picture).stem.partition("-")[2] for picture in told["pictures"]]
    assert names[0] == "sign-in"
    assert {"desk", "declined", "paid", "voucher", "cancel", "cancelled", "cut-off", "recovered"} <= set(
        names
    )
    assert {"seats", "option", "rebook", "rebooked", "departures"} <= set(names)
    for picture in told["pictures"]:
        assert (folder / picture).read_bytes().startswith(b"\x89PNG")

    assert travellr("check", "--profile", str(folder)) == (0, {"ok": True, "problems": []})


@pytest.mark.slow
def test_the_tour_through_an_agency_that_is_there(demo: Profile) -> None:
    code, told = travellr("demo", "--profile", str(demo.folder))
    assert (code, told["ok"], told["made"]) == (0, True, False)
    assert sum(told["counts"]["bookings"].values()) == SMALL.bookings + IN_TOUR
    assert told["counts"]["vendors"] == SMALL.vendors
    toured(demo.folder, told)


@pytest.mark.soak  # the same tour; `test_agency` makes smaller agencies, `test_plan` looks at this one's plan
def test_the_whole_demonstration(tmp_path: Path) -> None:
    folder = tmp_path / "D"
    code, told = travellr("demo", "--profile", str(folder))
    assert (code, told["ok"], told["made"]) == (0, True, True)
    assert sum(told["counts"]["bookings"].values()) == sum(WEIGHTS.values()) + IN_TOUR
    assert all(told["counts"]["payments"][state] > 0 for state in ("completed", "failed", "abandoned"))
    assert all(told["counts"]["refunds"][state] > 0 for state in ("completed", "pending", "failed"))
    assert (told["counts"]["vendors"], told["counts"]["trips"]) == (40, 120)
    assert told["ledger"]["entries"] > 1000
    toured(folder, told)


@pytest.mark.soak  # `test_killed` has the sale and its proof, the tour above all else
def test_without_recovery_the_killed_sale_stays_and_the_proof_names_it(demo: Profile) -> None:
    code, told = travellr("demo", "--profile", str(demo.folder), "--no-recovery")
    assert (code, told["ok"], told["made"], told["recovered_payments"]) == (0, True, False, 0)
    with SandboxControl(demo.sandbox) as sandbox:
        assert sandbox.succeeded_intents(told["killed_sale"]["payment_id"]) == 1
    code, proof = travellr("check", "--profile", str(demo.folder))
    assert code == 1
    assert {problem["reference"] for problem in proof["problems"]} == {told["killed_sale"]["sale"]}

    assert travellr("recover", "--profile", str(demo.folder))[1]["recovered_payments"] == 1
    assert travellr("check", "--profile", str(demo.folder)) == (0, {"ok": True, "problems": []})


def test_a_folder_with_another_agency_is_refused(tmp_path: Path) -> None:
    (tmp_path / "travellr.db").write_bytes(b"mine")
    code, told = travellr("demo", "--profile", str(tmp_path))
    assert code == 2
    assert told["error"]["code"] == "NotADemo"
    assert (tmp_path / "travellr.db").read_bytes() == b"mine"
