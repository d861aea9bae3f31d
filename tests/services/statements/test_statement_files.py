"""A statement as CSV and as an Excel file: the same bytes each time, and its lines add up."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO

import pytest

from helpers.catalogue import audit_of
from helpers.desk import Desk
from helpers.refunding import refunded
from helpers.statements import told, travelled
from helpers.workbooks import sheets
from travellr_desktop.domain.money import Money
from travellr_desktop.services.statements.exporting import FileForm, csv_bytes, xlsx_bytes
from travellr_desktop.services.statements.views import StatementDetail


@pytest.fixture
def statement(desk: Desk) -> StatementDetail:
    """A booking, what was taken back of another, and something carried in."""
    early = travelled(desk)
    told(desk)
    refunded(desk, early, back=9_000)
    told(desk)  # 72.00 are owed to the agency
    travelled(desk, adult=4)
    (found,) = told(desk)
    return found


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_rows_of_a_csv_add_up_to_what_is_paid(statement: StatementDetail) -> None:
    rows = read(csv_bytes(statement))
    assert [(row["Kind"], row["Retail"], row["Commission"], row["Net"]) for row in rows] == [
        ("normal", "180.00", "-36.00", "144.00"),
        ("carried", "-72.00", "0.00", "-72.00"),
    ]
    assert sum(Decimal(row["Net"]) for row in rows) == Decimal("72.00")
    assert rows[0]["Departed"] == "2026-07-23 08:30" and rows[0]["Pax"] == "4"
    assert (rows[1]["Reference"], rows[1]["Pax"]) == ("ST-2026-000002", "")
    assert {row["Statement"] for row in rows} == {"ST-2026-000003"}
    assert {row["Currency"] for row in rows} == {"EUR"}


def test_a_sheet_has_the_same_as_numbers(statement: StatementDetail) -> None:
    found = sheets(BytesIO(xlsx_bytes(statement)))
    head = {row[0]: row[1] for row in found["Statement"]}
    assert (head["Statement"], head["Charges"], head["Commission"]) == ("ST-2026-000003", 180.0, -36.0)
    assert (head["Carried in"], head["Total"], head["Carried out"]) == (-72.0, 72.0, 0.0)
    lines = found["Lines"]
    assert [row[1] for row in lines] == ["Kind", "normal", "carried"]
    assert [row[-2] for row in lines[1:]] == [144.0, -72.0]


@pytest.mark.parametrize("form", FileForm)
def test_a_file_is_the_same_bytes_each_time(desk: Desk, statement: StatementDetail, form: FileForm) -> None:
    make = desk.services.documents.statement
    path = make(desk.admin, statement.id, form)
    before = path.read_bytes()
    assert path.name == f"ST-2026-000003.{form.value}"
    assert make(desk.admin, statement.id, form).read_bytes() == before
    assert audit_of(desk, statement.id)[-1] == (
        "statement.print",
        {"number": "ST-2026-000003", "form": form.value},
    )


def test_words_that_a_spreadsheet_would_reckon_stay_words(statement: StatementDetail) -> None:
    sly = replace(statement, lines=(replace(statement.lines[0], title="=1+1"),))
    assert read(csv_bytes(sly))[0]["Trip"] == "'=1+1"
    assert sheets(BytesIO(xlsx_bytes(sly)))["Lines"][1][4] == "=1+1"  # a text, not a formula


@pytest.mark.parametrize(("currency", "said"), [("JPY", "12345"), ("KWD", "12.345"), ("EUR", "123.45")])
def test_amounts_have_the_decimals_of_their_currency(
    statement: StatementDetail, currency: str, said: str
) -> None:
    nothing = Money(0, currency)
    line = replace(
        statement.lines[0], retail=Money(12_345, currency), commission=nothing, net=Money(12_345, currency)
    )
    other = replace(statement, currency=currency, lines=(line,), carried_in=nothing)
    (row,) = read(csv_bytes(other))
    assert (row["Net"], row["Currency"]) == (said, currency)
