"""A statement as a file for spreadsheets and programs: its lines with what was carried in, which add up to its total.

Amounts have the sign with which they count. Both forms are made of what was frozen alone, so they are the same bytes
each time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from travellr_desktop.domain.money import Money, decimals
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.services.exporting import guarded, plain_decimal
from travellr_desktop.services.statements.views import StatementDetail, StatementLineView

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


class FileForm(StrEnum):
    PDF = "pdf"
    CSV = "csv"
    XLSX = "xlsx"


CARRIED = "carried"
"""The kind of the row that says what was carried in."""

_HEAD = (
    ("Statement", 18),
    ("Kind", 12),
    ("Reference", 18),
    ("Departed", 18),
    ("Trip", 44),
    ("Pax", 6),
    ("Retail", 14),
    ("Commission", 14),
    ("Net", 14),
    ("Currency", 9),
)
_AMOUNTS_FROM = 6


def csv_bytes(statement: StatementDetail) -> bytes:
    """UTF-8 with a mark, commas, a point in amounts; departures on the clock of their place."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([title for title, _width in _HEAD])
    for texts, departs, pax, amounts in _rows(statement):
        writer.writerow(
            [
                *(guarded(text) for text in texts[:3]),
                "" if departs is None else f"{departs:%Y-%m-%d %H:%M}",
                guarded(texts[3]),
                "" if pax is None else pax,
                *map(plain_decimal, amounts),
                statement.currency,
            ]
        )
    return file.getvalue().encode("utf-8-sig")


def xlsx_bytes(statement: StatementDetail) -> bytes:
    """A sheet with the head of the statement, one with its lines. Amounts are numbers, departures dates."""
    # imported here: the window is not to wait for it
    from xlsxwriter import Workbook

    file = BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    made = statement.issued_at.replace(tzinfo=None)
    book.set_properties({"title": statement.number, "author": statement.seller.name, "created": made})
    places = decimals(statement.currency)
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    _write_head(book.add_worksheet("Statement"), statement, bold, money, day)
    sheet = book.add_worksheet("Lines")
    for column, (title, width) in enumerate(_HEAD):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    sheet.freeze_panes(1, 0)
    for at, (texts, departs, pax, amounts) in enumerate(_rows(statement), 1):
        for column, text in zip((0, 1, 2, 4), texts, strict=True):
            sheet.write_string(at, column, text)
        if departs is not None:
            sheet.write_datetime(at, 3, departs, moment)
        if pax is not None:
            sheet.write_number(at, 5, pax)
        for column, amount in enumerate(amounts, _AMOUNTS_FROM):
            sheet.write_number(at, column, _number(amount), money)
        sheet.write_string(at, _AMOUNTS_FROM + len(amounts), statement.currency)
    book.close()
    return file.getvalue()


def _write_head(
    sheet: Worksheet, statement: StatementDetail, bold: Format, money: Format, day: Format
) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 36)
    issued = statement.issued_at.astimezone(zone_of(statement.zone))
    facts: tuple[tuple[str, Any, Format | None], ...] = (
        ("Statement", statement.number, bold),
        ("Vendor", statement.recipient.legal or statement.recipient.name, None),
        ("From", statement.seller.legal or statement.seller.name, None),
        ("Batch", statement.recipient.batch, None),
        ("First day", statement.first, day),
        ("Last day", statement.last, day),
        ("Issued", issued.date(), day),
        ("Currency", statement.currency, None),
        ("Bookings", statement.bookings, None),
        ("Charges", statement.charges, money),
        ("Refunds", statement.refunds, money),
        ("Adjustments", statement.adjustments, money),
        ("Commission", statement.commission, money),
        ("Carried forward from", statement.carried_from, None),
        ("Carried in", statement.carried_in, money),
        ("Total", statement.total, money),
        ("Carried out", statement.carried_out, money),
    )
    for row, (title, value, form) in enumerate(facts):
        sheet.write_string(row, 0, title, bold)
        if isinstance(value, Money):
            sheet.write_number(row, 1, _number(value), form)
        elif isinstance(value, str):
            sheet.write_string(row, 1, value, form)
        elif isinstance(value, int):
            sheet.write_number(row, 1, value, form)
        else:
            sheet.write_datetime(row, 1, value, form)


_Row = tuple[tuple[str, str, str, str], datetime | None, int | None, tuple[Money, Money, Money]]


def _rows(statement: StatementDetail) -> Iterator[_Row]:
    """Statement, kind, reference and words; departure on its own clock; pax; retail, commission, net."""
    for line in statement.lines:
        yield _row(statement.number, line)
    if statement.carried_in:
        nothing = Money.zero(statement.currency)
        texts = (statement.number, CARRIED, statement.carried_from, "")
        yield texts, None, None, (statement.carried_in, nothing, statement.carried_in)


def _row(number: str, line: StatementLineView) -> _Row:
    departs = None
    if line.departs_at is not None:
        departs = line.departs_at.astimezone(zone_of(line.zone)).replace(tzinfo=None)
    texts = (number, line.kind.value, line.reference, line.title)
    pax = line.pax if line.booking_id is not None else None
    return texts, departs, pax, (line.retail, line.commission, line.net)


def _number(amount: Money) -> float:
    return float(plain_decimal(amount))
