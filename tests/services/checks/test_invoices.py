"""What is wrong with invoices in a file that was changed by hand is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.changing import change, leaving
from helpers.desk import CASH, desk_again, desk_at
from helpers.invoicing import issue, ready
from helpers.raw import copied
from helpers.tampering import by_hand, forge, seal_by_hand, without_triggers

FILE = "travellr.db"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sales; the first is invoiced and half of it credited, the second invoiced."""
    folder = tmp_path_factory.mktemp("books")
    with desk_at(folder) as desk:
        ready(desk)
        departure = desk.add_departure()
        first, second = (desk.sold(departure, pay=CASH).bookings[0].id for _ in range(2))
        issue(desk, first)
        change(desk, first, leaving(desk, first, 2))
        issue(desk, first)
        issue(desk, second)
    return folder


@pytest.fixture
def folder(books: Path, tmp_path: Path) -> Path:
    copied(books / FILE, tmp_path / FILE)
    return tmp_path


def kinds(folder: Path) -> set[str]:
    with desk_again(folder) as desk:
        return {problem.kind for problem in desk.services.check.run().problems}


def first(connection: sqlite3.Connection, table: str, where: str = "1") -> str:
    return str(connection.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY id").fetchone()[0])


INVOICE, CREDIT = "kind = 'invoice'", "kind = 'credit_note'"


def other_sum(connection: sqlite3.Connection) -> None:
    row = first(connection, "invoices", INVOICE)
    forge(connection, "invoices", row, "gross", 9_001)


def other_tax(connection: sqlite3.Connection) -> None:
    row = first(connection, "invoice_lines")
    with without_triggers(connection, "invoice_lines", refusing=True):
        connection.execute(
            "UPDATE invoice_lines SET tax = tax + 100, net = net - 100, version = version + 1 WHERE id = ?",
            (row,),
        )
    seal_by_hand(connection)


def no_lines(connection: sqlite3.Connection) -> None:
    with without_triggers(connection, "invoice_lines", refusing=True):
        connection.execute("DELETE FROM invoice_lines")
    seal_by_hand(connection)


def other_currency(connection: sqlite3.Connection) -> None:
    forge(connection, "invoices", first(connection, "invoices", INVOICE), "currency", "USD")


def other_sale(connection: sqlite3.Connection) -> None:
    row = first(connection, "invoices", INVOICE)
    sale = first(connection, "sales", f"id NOT IN (SELECT sale_id FROM invoices WHERE id = '{row}')")
    forge(connection, "invoices", row, "sale_id", sale)


def credited_more(connection: sqlite3.Connection) -> None:
    """The credit note is of the invoice of less: 4,500 of it were credited, and 4,500 more are."""
    row = first(connection, "invoices", CREDIT)
    with without_triggers(connection, "invoices", refusing=True):
        connection.execute(
            "UPDATE invoices SET gross = 9500, net = 9500 - tax, version = version + 1 WHERE id = ?", (row,)
        )
    seal_by_hand(connection)


def a_gap(connection: sqlite3.Connection) -> None:
    row = first(connection, "number_series", "kind = 'IV'")
    forge(connection, "number_series", row, "next", 9)


def a_number_of_ones_own(connection: sqlite3.Connection) -> None:
    forge(connection, "invoices", first(connection, "invoices", INVOICE), "number", "IV-2026-000777")


PLANTED: dict[str, tuple[Callable[[sqlite3.Connection], None], str]] = {
    "another sum": (other_sum, "invoice.sum"),
    "another tax": (other_tax, "invoice.tax"),
    "no lines": (no_lines, "invoice.lines"),
    "another currency": (other_currency, "invoice.currency"),
    "another sale": (other_sale, "invoice.owner"),
    "more credited than was invoiced": (credited_more, "invoice.credited"),
    "a gap in the numbers": (a_gap, "invoice.gap"),
    "a number that was never given out": (a_number_of_ones_own, "invoice.number"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_fault_is_found(folder: Path, what: str) -> None:
    plant, kind = PLANTED[what]
    with by_hand(folder / FILE) as connection:
        plant(connection)
    assert kind in kinds(folder)


def test_where_nothing_was_planted_nothing_is_found(folder: Path) -> None:
    assert kinds(folder) == set()


def test_a_document_that_went_is_a_gap(folder: Path) -> None:
    with by_hand(folder / FILE) as connection:
        row = first(connection, "invoices", "number = 'IV-2026-000002'")
        for table, column in (("invoice_lines", "invoice_id"), ("invoices", "id")):
            with without_triggers(connection, table, refusing=True):
                connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (row,))
        seal_by_hand(connection)
    assert "invoice.gap" in kinds(folder)


def test_what_is_found_is_known_by_its_number(folder: Path) -> None:
    with by_hand(folder / FILE) as connection:
        other_currency(connection)
    with desk_again(folder) as desk:
        found = [p for p in desk.services.check.run().problems if p.kind == "invoice.currency"]
    assert [problem.reference for problem in found] == ["IV-2026-000001"]
