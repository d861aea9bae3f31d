"""`travellr key`: what it says of the key, and that the key itself is read unseen and never told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.clock import HandClock
from helpers.desk import desk_at, no_wait
from helpers.keys import SECRET_KEY, TEST_KEY, answered, rolled
from helpers.leaked import leaked, leaked_in_files
from travellr_desktop import app
from travellr_desktop.__main__ import main
from travellr_desktop.payments.sandbox.access import DESK_KEY

WORDS = "lanterns over the quay"
Told = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An agency whose provider is its own sandbox's file, also for the command."""
    folder = tmp_path / "profile"
    with desk_at(folder, HandClock()) as desk:
        sandbox = desk.profile.sandbox
    opened = answered(sandbox, sleep=no_wait)
    monkeypatch.setattr(app, "_gateway", lambda profile, sleep, clock, key: opened(key))
    yield folder
    rolled.clear()


@pytest.fixture
def told(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Told:
    def run(*arguments: str, typed: str = "") -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["key", *arguments, "--profile", str(folder), "--json"])
        printed = capfd.readouterr()
        assert leaked(printed.out + printed.err, (WORDS,)) == []
        return code, json.loads(printed.out)

    return run


def test_the_sandbox_needs_no_key(told: Told) -> None:
    code, report = told("status")
    assert code == 0
    assert (report["payments"], report["profile"], report["where"]) == ("sandbox", "standalone", "not set")
    assert (report["trouble"], report["vault"]) == (None, "none")


def test_a_key_goes_from_standard_input_into_the_vault(told: Told, folder: Path) -> None:
    code, report = told("set", "--keep", "vault", typed=f"{DESK_KEY}\n{WORDS}\n")
    assert (code, report["where"]) == (0, "in the vault of this profile")
    assert report["missing"] == ["transfers", "balance"]
    code, report = told("status")  # another program, which has not opened the vault
    assert (code, report["trouble"], report["vault"]) == (1, "locked", "locked")
    code, report = told("set", "--keep", "vault", typed=f"{TEST_KEY}\n{WORDS}\n")
    assert (code, report["missing"]) == (0, [])
    assert leaked_in_files(folder, (WORDS,)) == []


def test_a_wrong_passphrase_keeps_nothing(told: Told) -> None:
    told("set", "--keep", "vault", typed=f"{TEST_KEY}\n{WORDS}\n")
    code, report = told("set", "--keep", "vault", typed=f"{DESK_KEY}\nseven gulls in a bucket\n")
    assert (code, report["error"]["code"]) == (2, "VaultShut")


@pytest.mark.parametrize(
    ("typed", "code"), [(SECRET_KEY, "KeyTooStrong"), ("pk_test_1", "SettingsInvalid"), ("", "InvalidInput")]
)
def test_a_key_that_cannot_be_used_is_refused(typed: str, code: str, told: Told) -> None:
    left, report = told("set", typed=f"{typed}\n")
    assert (left, report["error"]["code"]) == (2, code)
    assert told("status")[1]["where"] == "not set"


def test_the_key_is_no_argument(told: Told, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["key", "set", TEST_KEY, "--profile", str(folder)]) == 2
    capfd.readouterr()


def test_a_key_of_the_environment_is_tried(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_API_KEY", SECRET_KEY)
    code, report = told("status", "--try")
    assert (code, report["trouble"]) == (1, "too_strong")
    monkeypatch.setenv("STRIPE_API_KEY", DESK_KEY)
    code, report = told("status", "--try")
    assert (code, report["can"][:2]) == (0, ["payments", "links"])
    rolled.add(DESK_KEY)
    code, report = told("status", "--try")
    assert (code, report["error"]["code"]) == (2, "KeyRefused")


def test_what_was_entered_is_forgotten(told: Told) -> None:
    told("set", typed=f"{TEST_KEY}\n")
    code, report = told("forget")
    assert (code, report["payments"], report["where"]) == (0, "sandbox", "not set")


def test_a_person_reads_it_in_lines(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["key", "status", "--profile", str(folder)]) == 0
    assert "Payments go to: sandbox" in capfd.readouterr().out
