"""Opening a profile from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.desk import desk_at
from travellr_desktop import cli
from travellr_desktop.cli_parts import COULD_NOT, DONE


@pytest.mark.parametrize("command", ["check", "recover"])
def test_a_folder_without_a_database_is_refused_and_not_made(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "a slip of the pen"
    assert cli.run([command, "--json", "--profile", str(nowhere)]) == COULD_NOT
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "NotFound"
    assert str(nowhere) in error["message"]
    assert not nowhere.exists()


def test_the_books_of_an_agency_are_proved_and_nothing_else_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk_at(tmp_path) as desk:
        desk.sold(desk.add_departure())
    assert cli.run(["check", "--json", "--profile", str(tmp_path)]) == DONE
    assert capsys.readouterr().out == '{"ok": true, "problems": []}\n'
