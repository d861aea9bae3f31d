"""The project's own files: locks that pin, layers that hold, a Makefile that says what it can do."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "travellr_desktop"
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def name_of(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=;, ]", requirement)[0]).lower()


def pinned(lock: str) -> set[str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {name_of(line) for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)}


@pytest.mark.parametrize(("lock", "least"), [*((lock, 20) for lock in LOCKS), ("packaging/postgres.lock", 1)])
def test_a_lock_pins_every_library_with_a_hash_and_names_no_place(lock: str, least: int) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?://|file://|--(extra-)?index-url|--find-links", text)
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert len(entries) >= least
    assert [
        entry for entry in entries if "==" not in entry.split("\n")[0] or "--hash=sha256:" not in entry
    ] == []


def test_what_is_declared_is_locked(project: dict[str, Any]) -> None:
    declared = {name_of(requirement) for requirement in project["project"]["dependencies"]}
    assert declared - pinned("requirements.lock") == set()
    groups = project["dependency-groups"]
    tools = {
        name_of(entry) for group in groups.values() for entry in group if isinstance(entry, str)
    } | declared
    assert tools - pinned("requirements-dev.lock") == set()


def test_the_two_locks_agree() -> None:
    run, dev = (
        {
            line.split(" \\")[0]
            for line in (ROOT / lock).read_text(encoding="utf-8").splitlines()
            if "==" in line
        }
        for lock in LOCKS
    )
    assert run - dev == set()


def test_the_rules_use_the_standard_library_and_babel_alone() -> None:
    foreign = []
    for path in sorted((PACKAGE / "domain").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            foreign += [
                f"{path.name}: {name}"
                for name in names
                if name.split(".")[0] not in sys.stdlib_module_names | {"babel"}
                and not name.startswith(("travellr_desktop.domain", "travellr_desktop.errors"))
            ]
    assert foreign == []


def test_the_layers_refuse_an_import_that_goes_upwards(tmp_path: Path) -> None:
    """The contracts themselves, on a copy of the package with one import that must not be."""
    bad = tmp_path / "travellr_desktop"
    for path in PACKAGE.rglob("*.py"):
        copy = bad / path.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (bad / "events.py").write_text("import PySide6.QtCore\nimport travellr_desktop.services.secrets\n")
    (bad / "ui" / "screen.py").write_text("import sqlalchemy\nimport travellr_desktop.storage.engine\n")
    told = subprocess.run(
        [
            str(Path(sys.executable).parent / "lint-imports"),
            "--no-cache",
            "--config",
            str(ROOT / "pyproject.toml"),
        ],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = " ".join(told.stdout.split())
    assert told.returncode == 1
    for broken in (
        "A lower layer never imports a higher one BROKEN",
        "Qt only where there is a window BROKEN",
        "The window asks services, never what lies under them BROKEN",
        "travellr_desktop.events -> travellr_desktop.services.secrets",
        "travellr_desktop.events -> PySide6",
        "travellr_desktop.ui.screen -> sqlalchemy",
        "travellr_desktop.ui.screen -> travellr_desktop.storage.engine",
    ):
        assert broken in said


def test_make_help_lists_what_there_is() -> None:
    told = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("help", "setup", "run", "test", "check", "shots", "package", "clean"):
        assert f"make {target} " in told


def test_the_list_of_system_packages_can_be_handed_to_apt_as_it_is() -> None:
    lines = (ROOT / "packaging" / "apt.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", line)] == []
