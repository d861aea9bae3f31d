"""The till on the command line: what it prints, and that it changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.desk import CASH, desk_at
from helpers.tilling import open_till
from travellr_desktop.cli import run


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(["till", *arguments])
    return code, capsys.readouterr().out


def test_a_till_that_is_closed_says_what_is_in_the_drawer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk_at(tmp_path) as desk:
        desk.sold(desk.add_departure(), pay=CASH, adult=1)
    code, text = told(capsys, "status", "--profile", str(tmp_path))
    assert code == 0 and "is not open" in text and "€45.00" in text
    code, text = told(capsys, "x", "--profile", str(tmp_path), "--json")
    assert code != 0 and json.loads(text)["error"]["code"] == "TillNotOpen"


def test_an_x_read_says_every_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with desk_at(tmp_path) as desk:
        open_till(desk, 20_000)
        desk.sold(desk.add_departure(), pay=CASH, adult=2)
    before = (tmp_path / "travellr.db").read_bytes()

    code, text = told(capsys, "x", "--profile", str(tmp_path), "--json")
    found = json.loads(text)
    assert code == 0 and found["ok"] and found["open"] and found["number"] == 1
    assert found["figures"]["EUR"]["cash_sales"] == "90.00"
    assert found["expected"] == {"EUR": "290.00"}
    assert found["ways"] == [
        {"way": "cash", "currency": "EUR", "payments": 1, "taken": "90.00", "refunded": "0.00"}
    ]
    code, text = told(capsys, "x", "--profile", str(tmp_path))
    assert code == 0 and "cash sales     €90.00" in text and "expected       €290.00" in text
    code, text = told(capsys, "status", "--profile", str(tmp_path))
    assert "cash sales" not in text and "€290.00" in text
    assert (tmp_path / "travellr.db").read_bytes() == before
