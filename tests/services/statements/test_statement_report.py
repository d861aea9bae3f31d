"""What `travellr payouts statement` and `travellr payouts tax` say and write."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from helpers.desk import Desk
from helpers.refunding import refunded
from helpers.statements import told, travelled
from travellr_desktop.__main__ import main


@pytest.fixture
def profile(desk: Desk) -> list[str]:
    """A statement of two adults of whom half was refunded, as an option of the command."""
    refunded(desk, travelled(desk), back=4_500)
    told(desk)
    return ["--profile", str(desk.profile.folder)]


def test_a_statement_as_programs_read_it(profile: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["payouts", "statement", "st-2026-000001", "--json", *profile]) == 0
    said = json.loads(capsys.readouterr().out)
    lines = said.pop("lines")
    assert said == {
        "ok": True,
        "number": "ST-2026-000001",
        "vendor": "Bokeška Plovidba",
        "batch": "PB-2026-000001",
        "issued": "2026-07-18",
        "first": "2026-07-01",
        "last": "2026-07-31",
        "state": "approved",
        "outcome": None,
        "left_out": None,
        "account": "NLB ••8812",
        "currency": "EUR",
        "charges": "90.00",
        "refunds": "-45.00",
        "adjustments": "0.00",
        "commission": "-9.00",
        "carried_in": "0.00",
        "total": "36.00",
        "carried_out": "0.00",
        "carried_from": None,
        "bookings": 1,
    }
    assert lines[0] == {
        "kind": "normal",
        "reference": "BK-2026-000001",
        "departs": "2026-06-23T08:30+02:00",
        "title": "Blue Cave and Perast",
        "pax": 2,
        "retail": "90.00",
        "commission": "-18.00",
        "net": "72.00",
    }
    assert [line["net"] for line in lines] == ["72.00", "-36.00"]


def test_a_person_reads_it_in_lines(profile: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["payouts", "statement", "ST-2026-000001", *profile]) == 0
    said = capsys.readouterr().out
    assert said.startswith("ST-2026-000001  Bokeška Plovidba  2026-07-01 to 2026-07-31  approved\n")
    assert "total" in said and "36.00 EUR" in said and "refunded after the trip" in said


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_a_statement_is_written_where_it_is_wanted(
    profile: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, begins: bytes
) -> None:
    path = tmp_path / f"one.{form}"
    command = ["payouts", "statement", "ST-2026-000001", f"--{form}"]
    assert main([*command, "--to", str(path), "--json", *profile]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "number": "ST-2026-000001", "path": str(path)}
    assert path.read_bytes().startswith(begins)
    assert main([*command, *profile]) == 0
    assert f"ST-2026-000001.{form}" in capsys.readouterr().out


def test_what_is_not_there_is_refused(
    profile: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["payouts", "statement", "ST-2026-000009", "--json", *profile]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "NotFound"
    to = ["--to", str(tmp_path / "nowhere" / "x.pdf")]
    assert main(["payouts", "statement", "ST-2026-000001", "--pdf", *to, "--json", *profile]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "CannotWrite"
    assert main(["payouts", "statement", "ST-2026-000001", *to, "--json", *profile]) == 2
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_a_year_is_told_and_written(
    profile: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["payouts", "tax", "2026", "--json", *profile]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["vendors"] == [
        {
            "vendor": "Bokeška Plovidba",
            "tax_number": "",
            "currency": "EUR",
            "gross": "90.00",
            "transactions": 1,
            "paid_out": "0.00",
            "came_back": "0.00",
            "above": [],
        }
    ]
    assert [each["form"] for each in said["thresholds"]] == ["1099-K", "1099-NEC"]
    assert (said["over"], said["zone"], said["path"]) == (False, "Europe/Podgorica", None)
    assert main(["payouts", "tax", "2026", *profile]) == 0
    assert "For your adviser." in capsys.readouterr().out
    path = tmp_path / "tax.csv"
    assert main(["payouts", "tax", "2026", "--csv", str(path), *profile]) == 0
    assert capsys.readouterr().out == f"2026 is in {path}.\n"
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["Gross before refunds"] for row in csv.DictReader(file)] == ["90.00"]
    assert main(["payouts", "tax", "2020", *profile]) == 0
    assert capsys.readouterr().out == "No vendor took in or was paid anything in 2020.\n"
    assert main(["payouts", "tax", "0", "--json", *profile]) == 2
