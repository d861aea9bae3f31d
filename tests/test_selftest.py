"""`travellr --self-test`: says yes where all is there, and names what is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from travellr_desktop import selftest
from travellr_desktop.selftest import CHECKS, run_self_test

ROOT = Path(__file__).resolve().parents[1]


def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "travellr_desktop", "--self-test", *options],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_whole_installation_passes_every_check() -> None:
    done = run("--json")
    told = json.loads(done.stdout)
    assert told["checks"].keys() == CHECKS.keys()
    assert {name: check["said"] for name, check in told["checks"].items() if not check["ok"]} == {}
    assert (told["ok"], done.returncode) == (True, 0)


def test_it_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    assert run(HOME=str(tmp_path)).returncode == 0
    assert [path for path in tmp_path.rglob("*") if "travellr" in path.name] == []


def test_one_broken_part_fails_it_and_the_others_are_still_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = {name: CHECKS[name] for name in ("resources", "tls", "zones")}
    monkeypatch.setattr(selftest, "CHECKS", quick)
    monkeypatch.setattr(sys, "_MEIPASS", "/nowhere", raising=False)
    report = run_self_test()
    assert not report.ok
    assert [(check.name, check.ok) for check in report.checks] == [
        ("resources", False),
        ("tls", True),
        ("zones", True),
    ]
    assert "/nowhere" in report.checks[0].said
    assert "FAILED resources" in report.as_text()
    assert report.as_json()["ok"] is False


def test_roots_that_are_missing_fail_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    empty = tmp_path / "cacert.pem"
    empty.touch()
    monkeypatch.setattr("certifi.where", lambda: str(empty))
    monkeypatch.setattr("requests.utils.DEFAULT_CA_BUNDLE_PATH", str(empty))
    monkeypatch.setattr(selftest, "CHECKS", {"tls": CHECKS["tls"]})
    report = run_self_test()
    assert not report.ok


def test_a_program_that_can_make_no_hub_fails_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("travellr_desktop.sync.central.installing.migrations", lambda: tmp_path)
    monkeypatch.setattr(selftest, "CHECKS", {"central": CHECKS["central"]})
    (told,) = run_self_test().checks
    assert not told.ok and "0001_roles.sql" in told.said
