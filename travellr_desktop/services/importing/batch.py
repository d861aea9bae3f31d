"""A few hundred rows that go in together, or not at all: what the kinds of import share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.importing.columns import FIELDS, ImportKind
from travellr_desktop.services.importing.report import Fault, Tally
from travellr_desktop.services.importing.source import Record
from travellr_desktop.storage.uow import UnitOfWork

T = TypeVar("T")

LONGEST_VALUE = 80
"""How much of a cell is repeated in a fault."""


@dataclass(slots=True)
class Row:
    """One row by the names of its fields; what is wrong with it is collected."""

    record: Record
    mapping: Mapping[str, int]
    header: tuple[str, ...]
    words: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def text(self, name: str) -> str:
        """What stands there without spaces around it; "" where the file has no such column."""
        place = self.mapping.get(name)
        if place is None or place >= len(self.record.cells):
            return ""
        return self.record.cells[place].strip()

    def read(self, name: str, reader: Callable[[str], T], default: T) -> T:
        """What the cell says, the default where it is empty, or where it is wrong, which is noted."""
        text = self.text(name)
        if not text:
            return default
        try:
            return reader(text)
        except InvalidInput as refusal:
            self.fault(name, refusal)
            return default

    def given(self, name: str) -> bool:
        """Whether the file says anything."""
        return bool(self.text(name))

    def need(self, *names: str) -> None:
        """Note each of these that is empty."""
        for name in names:
            if not self.given(name):
                self.note(name, "This must not be empty.", "Fill it in.")

    def fault(self, name: str, refusal: Refusal) -> None:
        self.note(name, str(refusal), refusal.hint)

    def note(self, name: str, words: str, hint: str = "") -> None:
        place = self.mapping.get(name)
        if place is not None:
            column = self.header[place] or f"Column {place + 1}"
        else:
            column = self.words.get(name, "")
        value = self.text(name)
        shown = value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
        self.faults.append(Fault(self.record.number, column, shown, words, hint))


@dataclass(slots=True)
class Batch:
    """Rows with the transaction they go into. `update`: what is found is changed; else it is left as it is. `today` is
    the day in the agency's zone. `own` are things made by earlier rows of the same file."""

    work: UnitOfWork
    kind: ImportKind
    rows: list[Row]
    update: bool
    today: date
    zone: str
    currency: str
    own: set[UUID] = field(default_factory=set)
    made: list[UUID] = field(default_factory=list)
    changed: int = 0
    same: int = 0

    def good(self) -> list[Row]:
        """The rows with which nothing is wrong so far."""
        return [row for row in self.rows if not row.faults]

    def tally(self) -> Tally:
        faults = tuple(fault for row in self.rows for fault in row.faults)
        return Tally(len(self.rows), len(self.made), self.changed, self.same, faults)


def rows_of(
    kind: ImportKind, records: list[Record], mapping: Mapping[str, int], header: tuple[str, ...]
) -> list[Row]:
    """Records as rows; those that cannot be read or have cells without a column say so."""
    words = {each.name: each.word for each in FIELDS[kind]}
    rows = [Row(record, mapping, header, words) for record in records]
    for row in rows:
        beyond = [cell for cell in row.record.cells[len(header) :] if cell.strip()]
        if row.record.broken:
            row.note("", row.record.broken, "Close the quotes, or take them out.")
        elif beyond:
            row.note("", f"There are more cells than columns ({len(beyond)}).", "Look for a stray separator.")
    return rows
