"""Worked examples of the books: tables that somebody who knows bookkeeping can check without reading code.

An example begins with sentences. Under `Given` stand the figures it starts from, under `Event Debit Credit` the
entries that must come of them, both in three currencies side by side: euros have two decimals, yen none, dinars of
Kuwait three. Columns are at least two spaces apart; a dash is no entry. All figures were worked out by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from travellr_desktop.domain.ledger import Entry
from travellr_desktop.domain.money import Money, decimals

CURRENCIES = ("EUR", "JPY", "KWD")
NONE = "–"

Row = tuple[str, str, str, Money]


@dataclass(frozen=True)
class Given:
    """The figures of one column."""

    currency: str
    cells: dict[str, str]

    def __getitem__(self, name: str) -> Money:
        return amount(self.cells[name], self.currency)

    def rate(self, name: str) -> int:
        """A percentage, in basis points."""
        figures, sign, rest = self.cells[name].partition(" %")
        assert (sign, rest) == (" %", ""), f"{self.cells[name]!r} is no percentage"
        return int(figures) * 100


def worked(table: str, make: Callable[[Given], Iterable[Entry]]) -> None:
    """What `make` does with the given figures of each column is exactly the entries of that column."""
    for currency in CURRENCIES:
        given, wanted = read(table, currency)
        assert [row(entry) for entry in make(given)] == wanted, f"in {currency}"


def read(table: str, currency: str) -> tuple[Given, list[Row]]:
    """The figures and the entries of one column of an example."""
    column = CURRENCIES.index(currency)
    cells: dict[str, str] = {}
    entries: list[Row] = []
    part = ""
    for line in filter(None, map(str.strip, table.splitlines())):
        found = re.split(r"\s{2,}", line)
        if found[-3:] == list(CURRENCIES):
            part = found[0]
            assert found[:-3] in (["Given"], ["Event", "Debit", "Credit"]), line
        elif part == "Given":
            name, *figures = found
            assert len(figures) == 3, line
            cells[name] = figures[column]
        elif part == "Event":
            event, debit, credit, *figures = found
            assert len(figures) == 3, line
            if figures[column] != NONE:
                entries.append((event, debit, credit, amount(figures[column], currency)))
    assert part == "Event", "an example shows entries"
    return Given(currency, cells), entries


def amount(text: str, currency: str) -> Money:
    """`1,250.00`, or `USD 100.00` where it is another currency's."""
    code, _, figures = text.rpartition(" ")
    of = code or currency
    whole, _, fraction = figures.replace(",", "").partition(".")
    assert len(fraction) == decimals(of), f"{text!r} has not the decimals of {of}"
    return Money(int(whole + fraction), of)


def row(entry: Entry) -> Row:
    return (words(entry.event), words(entry.debit), words(entry.credit), entry.amount)


def words(name: str) -> str:
    return name.replace("_", " ").capitalize()
