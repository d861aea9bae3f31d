"""The books as an Excel file: a sheet with the trial balance of a day, and one with entries.

Amounts are numbers with their currency's decimals, times are dates in the agency's zone; texts are never formulas.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

from travellr_desktop.domain.ledger import TrialBalance
from travellr_desktop.domain.money import Money, decimals
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.errors import CannotWrite
from travellr_desktop.services.books import BooksService, BooksView
from travellr_desktop.services.exporting import AT_ONCE, Exported, Progress, plain_decimal
from travellr_desktop.services.lists import LedgerListRow
from travellr_desktop.services.paged import PagedRows
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
"""What a sheet takes beside its head."""

EXACT = 10**15
"""Beyond so many minor units a spreadsheet's numbers are not exact: the amount is written as text."""

_TRIAL = ("Account", "Currency", "Debits", "Credits", "Balance")
_JOURNAL = (
    ("At", 18),
    ("Desk", 14),
    ("Entry", 10),
    ("Event", 24),
    ("Debit", 22),
    ("Credit", 22),
    ("Amount", 14),
    ("Currency", 9),
    ("Booking", 18),
    ("Sale", 18),
    ("Vendor", 28),
    ("Payment", 30),
    ("Refund", 30),
    ("Hash", 66),
)


class WorkbookService:
    def __init__(self, database: Database, books: BooksService) -> None:
        self._db, self._books = database, books

    def save(
        self,
        actor: Actor,
        day: date | None,
        rows: PagedRows[LedgerListRow],
        path: Path,
        progress: Progress | None = None,
    ) -> Exported:
        """Write the trial balance when `day` was over, today's as it is now, and `rows`, a list of entries that the
        actor has opened, to `path`, and that it was done to the audit trail. A file that is there is replaced once the
        new one is whole. Raises `CannotWrite`, also for more entries than a sheet takes; whatever `progress` raises
        stops it, and no file is left."""
        require(actor, Permission.LEDGER_READ)
        view = self._books.balances(actor, day)
        total = rows.index()
        if total > MOST_ROWS:
            raise CannotWrite(
                f"A sheet of Excel takes {MOST_ROWS:,} rows, and these are {total:,} entries.",
                hint="Choose fewer days, or save them as CSV.",
            )
        partial = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            partial.touch()  # where nothing can be written, that is known before anything is read
            with TemporaryDirectory() as scratch:
                count = _write(partial, scratch, view, rows, total, progress)
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            raise CannotWrite(f"{path.name} cannot be written ({error.strerror}).") from error
        finally:
            partial.unlink(missing_ok=True)
        with self._db.write(Commit.LIST_EXPORT, actor) as work:
            desk = work.agency.this_desk()
            work.audit("list.export", "list", desk.id, name="ledger", count=count)
            work.commit()
        return Exported(path, count)


def _write(
    path: Path,
    scratch: str,
    view: BooksView,
    rows: PagedRows[LedgerListRow],
    total: int,
    progress: Progress | None,
) -> int:
    # imported here: the window is not to wait for it
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxWriterException

    # a row at a time goes to a file in `scratch`: a million rows would not fit into memory
    book = Workbook(str(path), {"constant_memory": True, "tmpdir": scratch, "strings_to_formulas": False})
    try:
        money = _formats(book)
        head = book.add_format({"bold": True, "bottom": 1})
        _write_trial(book.add_worksheet("Trial balance"), view, head, money)
        return _write_journal(book, view.zone, rows, total, head, money, progress)
    finally:
        try:
            book.close()
        except XlsxWriterException as error:
            raise OSError(0, str(error)) from error


def _formats(book: Workbook) -> Callable[[str], Format]:
    """The format of amounts in a currency, made once each."""
    made: dict[int, Format] = {}

    def of(currency: str) -> Format:
        places = decimals(currency)
        if places not in made:
            made[places] = book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")})
        return made[places]

    return of


def _write_trial(sheet: Worksheet, view: BooksView, head: Format, money: Callable[[str], Format]) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 9)
    sheet.set_column(2, 4, 16)
    sheet.write_string(0, 0, f"At the end of {view.day} in {view.zone}")
    for column, title in enumerate(_TRIAL):
        sheet.write_string(2, column, title, head)
    at = 3
    for currency in view.trial.currencies:
        for account, amounts in _lines(view.trial, currency):
            sheet.write_string(at, 0, account)
            sheet.write_string(at, 1, currency)
            for column, minor in enumerate(amounts, 2):
                _write_money(sheet, at, column, Money(minor, currency), money)
            at += 1
    sheet.freeze_panes(3, 0)


def _lines(trial: TrialBalance, currency: str) -> list[tuple[str, tuple[int, ...]]]:
    """The accounts of a currency, and all of them together: what was debited, what was credited, the balance."""
    lines = [
        (row.account.value, (row.debits, row.credits, row.debits - row.credits))
        for row in trial.rows
        if row.currency == currency
    ]
    both = trial.turnover(currency)
    return [*lines, ("all", (both.debits, both.credits, both.balance))]


def _write_journal(
    book: Workbook,
    zone: str,
    rows: PagedRows[LedgerListRow],
    total: int,
    head: Format,
    money: Callable[[str], Format],
    progress: Progress | None,
) -> int:
    sheet = book.add_worksheet("Journal")
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for column, (title, width) in enumerate(_JOURNAL):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    sheet.freeze_panes(1, 0)
    place, at, done = zone_of(zone), 0, 0
    while done < total:
        page = rows.page(done, AT_ONCE)
        if not page:
            break
        for row in page:
            if row is None:
                continue
            at += 1
            sheet.write_datetime(at, 0, row.at.astimezone(place).replace(tzinfo=None), moment)
            sheet.write_string(at, 1, row.desk)
            sheet.write_number(at, 2, row.number)
            for column, text in enumerate((row.event.value, row.debit.value, row.credit.value), 3):
                sheet.write_string(at, column, text)
            _write_money(sheet, at, 6, row.amount, money)
            texts: tuple[str, ...] = (
                row.amount.currency,
                row.booking,
                row.sale,
                row.vendor,
                row.payment_ref,
                row.refund_ref,
                row.hash,
            )
            for column, text in enumerate(texts, 7):
                if text:
                    sheet.write_string(at, column, text)
        done += len(page)
        if progress is not None:
            progress(done, total)
    return at


def _write_money(
    sheet: Worksheet, row: int, column: int, amount: Money, money: Callable[[str], Format]
) -> None:
    if abs(amount.minor) >= EXACT:
        sheet.write_string(row, column, plain_decimal(amount))
        return
    value = amount.minor / 10 ** decimals(amount.currency)
    sheet.write_number(row, column, value, money(amount.currency))
