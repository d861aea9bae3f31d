"""The command line: what is printed where, and what the exit code tells."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from travellr_desktop import __version__
from travellr_desktop.__main__ import main
from travellr_desktop.errors import Cancelled, DatabaseTooNew
from travellr_desktop.paths import Profile

ROOT = Path(__file__).resolve().parents[1]


class Answer:
    def __init__(self, ok: bool = True) -> None:
        self.ok = ok

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": self.ok, "problems": [] if self.ok else ["Žeton"]}

    def as_text(self) -> str:
        return "All is well." if self.ok else "1 problem: Žeton"


class Books:
    """Stands where the wiring is, so that the command line can be looked at alone."""

    def __init__(self) -> None:
        self.asked: list[Profile] = []
        self.answer: Answer | BaseException = Answer()

    def check(self, profile: Profile) -> Answer:
        self.asked.append(profile)
        print("a library that talks too much")
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.fixture
def books(monkeypatch: pytest.MonkeyPatch) -> Books:
    books = Books()
    app = ModuleType("travellr_desktop.app")
    app.check_books = books.check  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "travellr_desktop.app", app)
    return books


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


def test_json_is_alone_on_standard_output(books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {"ok": True, "problems": []}
    assert "talks too much" in said.err


def test_an_answer_of_no_is_exit_code_1(books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    books.answer = Answer(ok=False)
    assert main(["check"]) == 1
    assert capsys.readouterr().out == "1 problem: Žeton\n"
    assert main(["check", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"] == ["Žeton"]


def test_the_profile_may_stand_before_or_after_the_command(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAVELLR_PROFILE", str(tmp_path / "set"))
    main(["check"])
    main(["--profile", str(tmp_path / "before"), "check"])
    main(["--profile", str(tmp_path / "before"), "check", "--profile", str(tmp_path / "after")])
    assert [profile.folder.name for profile in books.asked] == ["set", "before", "after"]


def test_a_refusal_is_told_in_plain_words(books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    books.answer = DatabaseTooNew("The database was written by a newer program.")
    assert main(["check"]) == 2
    said = capsys.readouterr()
    assert "newer program. Start the newer program" in said.err
    assert "Traceback" not in said.err
    assert main(["check", "--json"]) == 2
    problem = json.loads(capsys.readouterr().out)
    assert problem["ok"] is False
    assert problem["error"]["code"] == "DatabaseTooNew"
    assert problem["error"]["hint"]


def test_a_fault_is_json_too_and_its_traceback_goes_to_standard_error(
    books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    books.answer = ZeroDivisionError("oh")
    assert main(["check", "--json"]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["error"]["code"] == "Fault"
    assert "Traceback" in said.err


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), Cancelled()])
def test_stopping_it_is_no_fault(
    books: Books, stop: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    books.answer = stop
    assert main(["check"]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["check", "--fast"], ["demo", "--seed", "-1"], ["demo", "--seed", "x"], ["--profile"], []],
)
def test_a_wrong_command_line_is_json_too(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(command in told for command in ("check", "demo", "recover", "--self-test", "--profile"))


def test_what_is_slow_to_import_waits_until_it_is_needed() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from travellr_desktop.__main__ import main; main(['--version']); print(*sys.modules)",
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "click" in loaded
    slow = {"PySide6", "sqlalchemy", "alembic", "stripe", "requests", "keyring", "pydantic", "babel", "typst"}
    assert not slow & set(loaded)
