"""What `travellr invoices` says and writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.desk import CASH, Desk
from helpers.invoicing import COMPANY, issue, ready
from travellr_desktop.__main__ import main


@pytest.fixture
def profile(desk: Desk) -> list[str]:
    """An invoice of two adults that was credited whole, as an option of the command."""
    ready(desk)
    booking = desk.sold(desk.add_departure(), pay=CASH).bookings[0].id
    issue(desk, booking, buyer=COMPANY)
    desk.cancel(booking)
    issue(desk, booking)
    return ["--profile", str(desk.profile.folder)]


def test_invoices_as_programs_read_them(profile: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invoices", "list", "--json", *profile]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["count"] == 2
    assert said["invoices"][1] == {
        "number": "IV-2026-000001",
        "kind": "invoice",
        "day": "2026-06-18",
        "buyer": COMPANY.name,
        "sale": "SA-2026-000001",
        "of": None,
        "currency": "EUR",
        "net": "74.38",
        "tax": "15.62",
        "gross": "90.00",
        "credited": "-90.00",
    }
    assert (said["invoices"][0]["of"], said["invoices"][0]["gross"]) == ("IV-2026-000001", "-90.00")


def test_a_person_reads_a_table(profile: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invoices", "list", "--text", "cn-", *profile]) == 0
    words = capsys.readouterr().out.split()
    assert words == ["CN-2026-000001", "2026-06-18", "SA-2026-000001", "-90.00", "EUR", "IV-2026-000001"]
    assert main(["invoices", "list", "--text", "nobody", *profile]) == 0
    assert capsys.readouterr().out == "No invoice was issued.\n"


def test_an_invoice_is_written_where_it_is_wanted(
    profile: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "one.pdf"
    assert main(["invoices", "pdf", "IV-2026-000001", "--to", str(path), "--json", *profile]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "number": "IV-2026-000001", "path": str(path)}
    assert path.read_bytes().startswith(b"%PDF")
    assert main(["invoices", "pdf", "cn-2026-000001", *profile]) == 0
    assert "CN-2026-000001.pdf" in capsys.readouterr().out


def test_what_is_not_there_is_refused(
    profile: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["invoices", "pdf", "IV-2026-000009", "--json", *profile]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "NotFound"
    to = str(tmp_path / "nowhere" / "x.pdf")
    assert main(["invoices", "pdf", "IV-2026-000001", "--to", to, "--json", *profile]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "CannotWrite"
    assert main(["invoices", "pdf", "--json", *profile]) == 2
    assert main(["invoices", "list", "IV-2026-000001", "--json", *profile]) == 2
