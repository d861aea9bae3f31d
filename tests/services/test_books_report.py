"""What `travellr ledger` says of the books."""

from __future__ import annotations

import json

import pytest

from helpers.desk import CASH, Desk
from travellr_desktop.__main__ import main
from travellr_desktop.domain.ledger import Account, TrialBalance, TrialRow
from travellr_desktop.services.books import BooksView
from travellr_desktop.services.books_report import BooksReport, Told


def sold(desk: Desk) -> list[str]:
    """A profile with sales in two currencies, as an option of the command."""
    desk.sold(desk.add_departure(), pay=CASH, adult=1)
    desk.sold(desk.add_departure(desk.add_trip("Arashiyama", adult=9_700, currency="JPY")), pay=CASH, adult=1)
    return ["--profile", str(desk.profile.folder)]


def test_balances_as_programs_read_them(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "balances", "--json", *sold(desk)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["zone"], said["entries"]) == (True, "Europe/Podgorica", 2)
    assert said["balances"] == [
        {"account": "till", "currency": "EUR", "balance": "45.00"},
        {"account": "traveller_funds", "currency": "EUR", "balance": "45.00"},
        {"account": "till", "currency": "JPY", "balance": "9700"},
        {"account": "traveller_funds", "currency": "JPY", "balance": "9700"},
    ]
    assert said["totals"][1] == {"currency": "JPY", "debit": "9700", "credit": "9700"}


def test_the_trial_balance_of_a_day(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    profile = sold(desk)
    assert main(["ledger", "trial", "--at", "2026-06-18", "--json", *profile]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["day"] == "2026-06-18"
    assert said["trial"][0] == {"account": "till", "currency": "EUR", "debits": "45.00", "credits": "0.00"}
    assert said["totals"][0] == {"currency": "EUR", "debits": "45.00", "credits": "45.00"}
    assert main(["ledger", "trial", "--at", "2026-06-17", "--json", *profile]) == 0
    assert json.loads(capsys.readouterr().out)["trial"] == []


def test_a_person_reads_a_table(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    profile = sold(desk)
    assert main(["ledger", "trial", "--at", "2026-06-18", *profile]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["EUR", "debits", "credits"] in lines
    assert ["till", "45.00", "0.00"] in lines
    assert ["45.00", "45.00"] in lines
    assert main(["ledger", "balances", "--at", "2026-06-18", *profile]) == 0
    said = capsys.readouterr().out
    assert ["credit", "9700"] in [line.split() for line in said.splitlines()]
    assert said.endswith("Debits and credits are equal.\n")


def test_a_day_that_is_none_is_refused(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "trial", "--at", "2026-02-30", "--json", *sold(desk)]) == 2
    assert "2026-02-30" in json.loads(capsys.readouterr().out)["error"]["message"]


@pytest.mark.parametrize("told", Told)
def test_books_that_do_not_agree_are_not_well(desk: Desk, told: Told) -> None:
    view = desk.services.books.balances(desk.admin)
    lame = TrialBalance((TrialRow(Account.TILL, "EUR", 100, 0),))
    report = BooksReport(BooksView(view.day, view.zone, 1, lame), told)
    assert not report.ok and report.as_json()["ok"] is False
    assert report.as_text().endswith("Debits and credits are not equal.")
