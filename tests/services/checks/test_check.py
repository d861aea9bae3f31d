"""Proving the books: nothing is found where all is well, nothing is changed, and what is found is told."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from helpers.clock import START, HandClock
from helpers.desk import desk_at, open_at
from helpers.season import check_file, copy_of
from helpers.tampering import by_hand, change, put_in
from travellr_desktop.app import Program
from travellr_desktop.services.checks.report import CheckReport
from travellr_desktop.storage.repositories.proofs import open_proofs


def check(program: Program) -> CheckReport:
    return program.services.check.run()


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_nothing_is_found_in_right_books(program: Program) -> None:
    report = check(program)
    assert report.as_json() == {"ok": True, "problems": []}
    assert report.ok
    assert report.ledger.entries > 40
    assert report.ledger.out_of_balance == 0
    assert "nothing out of place" in report.as_text()


def test_nothing_is_found_before_there_is_an_agency(tmp_path: Path) -> None:
    program = open_at(tmp_path)
    try:
        assert check(program).as_json() == {"ok": True, "problems": []}
    finally:
        program.close()


def test_checking_changes_nothing_and_others_may_go_on_writing(program: Program) -> None:
    before = content(program.database.path)
    check(program)
    assert content(program.database.path) == before
    with open_proofs(program.database) as proofs, pytest.raises(OperationalError, match="readonly"):
        proofs.file._connection.exec_driver_sql("DELETE FROM commands")
    program.services.upkeep.clean_up()  # the same connection writes again


def test_books_are_right_at_every_moment_of_a_sale(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        departure = desk.add_departure(capacity=40)
        reports: list[CheckReport] = []
        selling = threading.Event()

        def prove() -> None:
            while not selling.is_set():
                reports.append(check(desk.program))

        checker = threading.Thread(target=prove)
        checker.start()
        try:
            for _ in range(10):
                desk.cancel(desk.sold(departure).bookings[0].id)
        finally:
            selling.set()
            checker.join()
        assert [report.as_text() for report in reports if not report.ok] == []
        assert len(reports) > 2


def test_thousands_of_problems_are_told_in_part(program: Program) -> None:
    with by_hand(program.database.path) as connection:
        row = connection.execute("SELECT * FROM travellers LIMIT 1").fetchone()
        for number in range(300):
            put_in(connection, "travellers", row, id=f"{number:032x}")
    report = check_file(program)
    assert len(report.problems) == 201
    assert report.problems[-1].kind == "rows_are_as_written.more"


def test_the_report_names_what_it_found(program: Program) -> None:
    with by_hand(program.database.path) as connection:
        row = connection.execute("SELECT id FROM ledger LIMIT 1").fetchone()["id"]
        change(connection, "ledger", row, "amount", 1)
    report = check(program)
    told = report.as_json()
    assert told["ok"] is False
    assert {"kind", "table", "row", "reference", "says"} == set(told["problems"][0])
    assert any(each["table"] == "ledger" and each["row"] == row for each in told["problems"])
    assert row in report.as_text()
    assert report.ledger.out_of_balance >= 1


@pytest.mark.parametrize(
    ("event", "table"),
    [
        ("BookingCreated", "bookings"),
        ("BookingConfirmed", "bookings"),
        ("BookingCancelled", "bookings"),
        ("BookingCompleted", "bookings"),
        ("PaymentProcessed", "payments"),
        ("RefundProcessed", "refunds"),
    ],
)
def test_an_event_that_is_missing_is_named_while_events_are_kept(
    season: Path, tmp_path: Path, event: str, table: str
) -> None:
    program = copy_of(season, tmp_path / "profile")
    try:
        with by_hand(program.database.path) as connection:
            rows = connection.execute(
                "SELECT aggregate_id FROM outbox_events WHERE event_name = ? AND aggregate_id IN "
                f"(SELECT id FROM {table} WHERE created_at IS NOT NULL) ORDER BY id",
                (event,),
            ).fetchall()
            row = rows[0]["aggregate_id"]
            connection.execute(
                "DELETE FROM outbox_events WHERE event_name = ? AND aggregate_id = ?", (event, row)
            )
        found = check_file(program).problems
        assert [(each.kind, each.table, each.row) for each in found] == [("events.missing", table, row)]
    finally:
        program.close()
    later = open_at(tmp_path / "profile", HandClock(START + timedelta(days=40)))
    try:
        assert check_file(later).ok
    finally:
        later.close()
