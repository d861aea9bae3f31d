"""The books as an Excel file, read again by what the format says."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from helpers.workbooks import sheets
from travellr_desktop.__main__ import main
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import Cancelled, CannotWrite, NotPermitted
from travellr_desktop.services import workbook
from travellr_desktop.services.exporting import Exported
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.vendors import VendorDraft


def save(
    desk: Desk,
    path: Path,
    day: date | None = None,
    progress: Callable[[int, int], object] | None = None,
    **filters: object,
) -> Exported:
    with closing(desk.services.lists.ledger(desk.admin, ListQuery(filters=filters))) as rows:
        return desk.services.workbooks.save(desk.admin, day, rows, path, progress)


def traded(desk: Desk) -> None:
    desk.sold(desk.add_departure(), pay=CASH, adult=1)
    desk.sold(desk.add_departure(desk.add_trip("Arashiyama", adult=9_700, currency="JPY")), pay=CASH, adult=1)
    desk.sold(desk.add_departure(desk.add_trip("Towers", adult=12_345, currency="KWD")), pay=CASH, adult=1)


def test_amounts_are_numbers_in_both_sheets(desk: Desk, tmp_path: Path) -> None:
    traded(desk)
    saved = save(desk, tmp_path / "books.xlsx")
    assert saved.rows == 3
    found = sheets(tmp_path / "books.xlsx")
    trial = found["Trial balance"]
    assert trial[0] == ["At the end of 2026-06-18 in Europe/Podgorica"]
    assert trial[1] == ["Account", "Currency", "Debits", "Credits", "Balance"]
    assert trial[2:5] == [
        ["till", "EUR", 45.0, 0.0, 45.0],
        ["traveller_funds", "EUR", 0.0, 45.0, -45.0],
        ["all", "EUR", 45.0, 45.0, 0.0],
    ]
    journal = found["Journal"]
    assert journal[0][:9] == [
        *("At", "Desk", "Entry", "Event", "Debit", "Credit", "Amount", "Currency", "Booking"),
    ]
    newest, yen, euro = journal[1:]
    assert newest[2:8] == [3.0, "payment", "till", "traveller_funds", 12.345, "KWD"]
    assert yen[6:8] == [9_700.0, "JPY"] and euro[6:8] == [45.0, "EUR"]
    assert str(euro[8]).startswith("BK-2026-")
    at = euro[0]
    assert isinstance(at, float)
    day, clock = divmod(at, 1)
    assert day == (date(2026, 6, 18) - date(1899, 12, 30)).days
    assert round(clock * 24 * 60) == 10 * 60 + 42, "as the agency's clock shows it"


def test_it_is_of_the_day_and_the_entries_asked_for(desk: Desk, tmp_path: Path) -> None:
    traded(desk)
    save(desk, tmp_path / "books.xlsx", date(2026, 6, 17), currency="JPY")
    found = sheets(tmp_path / "books.xlsx")
    assert found["Trial balance"][2:] == []
    assert [row[7] for row in found["Journal"][1:]] == ["JPY"]


def test_what_looks_like_a_formula_is_text(desk: Desk, tmp_path: Path) -> None:
    vendor = desk.services.vendors.create(desk.admin, VendorDraft("=1+1"))
    departure = desk.add_departure(desk.add_trip("Walk", vendor_id=vendor), day=date(2026, 6, 19))
    desk.sold(departure, pay=CASH, adult=1)
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(days=2))
    desk.services.bookings.complete(desk.agent, departure)
    save(desk, tmp_path / "books.xlsx")
    assert "=1+1" in {cell for row in sheets(tmp_path / "books.xlsx")["Journal"] for cell in row}


def test_an_amount_that_no_number_holds_is_text(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    traded(desk)
    monkeypatch.setattr(workbook, "EXACT", 4_500)
    save(desk, tmp_path / "books.xlsx", currency="EUR")
    assert sheets(tmp_path / "books.xlsx")["Journal"][1][6] == "45.00"


def test_more_entries_than_a_sheet_takes_are_refused(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    traded(desk)
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(CannotWrite, match="3 entries") as refused:
        save(desk, tmp_path / "books.xlsx")
    assert "CSV" in refused.value.hint
    assert list(tmp_path.glob("*.xlsx")) == []


def test_stopping_it_leaves_no_file(desk: Desk, tmp_path: Path) -> None:
    traded(desk)
    target = tmp_path / "out"
    target.mkdir()

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        save(desk, target / "books.xlsx", None, stop)
    assert list(target.iterdir()) == []


def test_where_nothing_can_be_written_it_says_so(desk: Desk, tmp_path: Path) -> None:
    traded(desk)
    with pytest.raises(CannotWrite, match=r"books\.xlsx"):
        save(desk, tmp_path / "nowhere" / "books.xlsx")


def test_it_is_for_managers_and_noted(desk: Desk, tmp_path: Path) -> None:
    traded(desk)
    save(desk, tmp_path / "books.xlsx")
    with closing(
        desk.services.lists.audit(desk.admin, ListQuery(filters={"action": "list.export"}))
    ) as found:
        assert [row.detail for row in found.first()] == [{"name": "ledger", "count": 3}]
    with closing(desk.services.lists.ledger(desk.admin, ListQuery())) as rows, pytest.raises(NotPermitted):
        desk.services.workbooks.save(Actor(uuid4(), "Ana", Role.AGENT), None, rows, tmp_path / "a.xlsx")


def test_the_command_writes_it(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    traded(desk)
    profile = ["--profile", str(desk.profile.folder)]
    target = tmp_path / "books.xlsx"
    assert main(["ledger", "trial", "--at", "2026-06-18", "--to", str(target), "--json", *profile]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["path"], said["rows"]) == (str(target), 3)
    assert len(sheets(target)["Journal"]) == 4
    assert main(["ledger", "balances", "--at", "2026-06-18", "--to", str(target), *profile]) == 0
    assert capsys.readouterr().out.endswith(f"3 entries are in {target}.\n")
