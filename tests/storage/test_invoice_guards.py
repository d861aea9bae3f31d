"""What the file refuses of invoices, tried by raw SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.desk import CASH, desk_at
from helpers.raw import copied, raw
from helpers.refused import NEW, NOW
from helpers.whole import fill_the_rest

THAT = "(SELECT id FROM invoices WHERE kind = 'invoice')"
CREDIT = "(SELECT id FROM invoices WHERE kind = 'credit_note')"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's file with two sales and an invoice of 121 for a booking of the first, 60 of which are credited."""
    folder = tmp_path_factory.mktemp("invoiced")
    with desk_at(folder) as desk:
        departure = desk.add_departure(capacity=8)
        sold = desk.sold(departure, pay=CASH)
        fill_the_rest(desk, departure, sold.bookings[0].id)
        desk.sold(departure, pay=CASH)
    with raw(folder / "travellr.db") as connection:
        _unsealed(connection)
        connection.execute(credit(60))
        connection.execute(line(60, of=CREDIT))
    return folder


@pytest.fixture
def file(books: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with raw(copied(books / "travellr.db", tmp_path / "travellr.db")) as connection:
        _unsealed(connection)
        yield connection


def _unsealed(connection: sqlite3.Connection) -> None:
    """What the triggers write down belongs to no op here: what is tried is what they refuse."""
    connection.execute("PRAGMA foreign_keys = OFF")


def credit(
    gross: int,
    *,
    of: str = THAT,
    sale: str = "i.sale_id",
    currency: str = "i.currency",
    number: str = "CN-2026-1",
) -> str:
    return (
        "INSERT INTO invoices (id, version, number, kind, desk_id, sale_id, of_id, issued_at, issued_on, locale, "
        f"currency, net, tax, gross, paid, seller, buyer, reason) SELECT {NEW}, 1, '{number}', 'credit_note', "
        f"i.desk_id, {sale}, {of}, {NOW}, '2026-06-18', 'en_GB', {currency}, {gross}, 0, {gross}, 0, '{{}}', "
        "'{}', '' FROM invoices i WHERE i.kind = 'invoice'"
    )


def line(gross: int, *, of: str = THAT, booking: str = "l.booking_id", bps: int = 2100, tax: int = 0) -> str:
    return (
        "INSERT INTO invoice_lines (id, version, invoice_id, position, booking_id, item, title, about, text, "
        f"quantity, net, tax_bps, tax, gross) SELECT {NEW}, 1, {of}, 9, {booking}, 'change', '', '', '', 1, "
        f"{gross - tax}, {bps}, {tax}, {gross} FROM invoice_lines l WHERE l.invoice_id = "
        "(SELECT id FROM invoices WHERE number = 'IV-2026-000001')"
    )


OTHER_SALE = "(SELECT id FROM sales WHERE id <> i.sale_id LIMIT 1)"
OTHERS = "(SELECT b.id FROM bookings b JOIN bookings o ON o.id = l.booking_id WHERE b.sale_id <> o.sale_id LIMIT 1)"

REFUSED = {
    "an invoice that changes": ("UPDATE invoices SET gross = 1, version = version + 1", "only ever added to"),
    "a buyer that changes": (
        'UPDATE invoices SET buyer = \'{"name": "x"}\', version = version + 1',
        "only ever added to",
    ),
    "an invoice that is deleted": ("DELETE FROM invoices", "only ever added to"),
    "a line that changes": (
        "UPDATE invoice_lines SET text = 'x', version = version + 1",
        "only ever added to",
    ),
    "a line that is deleted": ("DELETE FROM invoice_lines", "only ever added to"),
    "more credited than was invoiced": (credit(62), "more credited than was invoiced"),
    "a credit note of another sale": (credit(1, sale=OTHER_SALE), "of an invoice of its sale"),
    "a credit note in another currency": (credit(1, currency="'USD'"), "of an invoice of its sale"),
    "a credit note of a credit note": (credit(1, of=CREDIT), "of an invoice of its sale"),
    "a credit note of nothing": (credit(1, of="NULL"), "of an invoice of its sale"),
    "a number that was given": (credit(1, number="IV-2026-000001"), "is there already"),
    "a line more": (line(1), "nothing is added to an invoice"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_file_refuses(file: sqlite3.Connection, what: str) -> None:
    statement, why = REFUSED[what]
    with pytest.raises(sqlite3.IntegrityError, match=why):
        file.execute(statement)


def test_the_file_takes_what_is_right(file: sqlite3.Connection) -> None:
    """The rest can be credited, and its line: what is refused above is refused for its own reason."""
    file.execute(credit(61, number="CN-2026-2"))
    rest = "(SELECT id FROM invoices WHERE number = 'CN-2026-2')"
    file.execute(line(61, of=rest))


def test_no_more_is_credited_of_a_booking_than_was_invoiced_at_that_rate(file: sqlite3.Connection) -> None:
    file.execute(credit(61, number="CN-2026-2"))
    rest = "(SELECT id FROM invoices WHERE number = 'CN-2026-2')"
    with pytest.raises(sqlite3.IntegrityError, match="more credited of a booking"):
        file.execute(line(61, of=rest, bps=700))


def test_a_line_is_of_a_booking_of_the_sale(file: sqlite3.Connection) -> None:
    another = credit(50, of="NULL", number="IV-2026-9").replace("'credit_note', ", "'invoice', ", 1)
    file.execute(another)
    fresh = "(SELECT id FROM invoices WHERE number = 'IV-2026-9')"
    first = "(SELECT min(id) FROM invoice_lines)"
    with pytest.raises(sqlite3.IntegrityError, match="of a booking of its sale"):
        file.execute(line(50, of=fresh, booking=OTHERS) + f" AND l.id = {first}")
    file.execute(line(50, of=fresh) + f" AND l.id = {first}")


def test_without_the_guards_all_of_it_would_be_taken(file: sqlite3.Connection) -> None:
    """The negative control: what refuses are these triggers and no accident."""
    names = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE name LIKE 'invoiced_%'")]
    assert len(names) == 9
    for name in names:
        file.execute(f"DROP TRIGGER {name}")
    file.execute(credit(1_000, number="CN-2026-2"))
    file.execute(line(1_000))
    file.execute('UPDATE invoices SET buyer = \'{"name": "x"}\', version = version + 1')
    file.execute("DELETE FROM invoice_lines")
