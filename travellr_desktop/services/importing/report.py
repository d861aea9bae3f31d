"""What came of an import, row by row, and the file in which the faulty rows can be mended."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from travellr_desktop.errors import CannotWrite
from travellr_desktop.services.catalogue import counted
from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.services.importing.source import Source

PROBLEM = "problem"
"""The column that a file of faulty rows has beside those of the file."""

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: `row` as a spreadsheet counts it, `column` as the file calls it, or "" for the row
    as a whole; `value` is what stands there."""

    row: int
    column: str
    value: str
    words: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"Row {self.row}, {self.column}" if self.column else f"Row {self.row}"
        return f"{where}: {self.words}"


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of some rows. `same` were there already and were left as they are."""

    rows: int = 0
    made: int = 0
    changed: int = 0
    same: int = 0
    faults: tuple[Fault, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.rows + other.rows,
            self.made + other.made,
            self.changed + other.changed,
            self.same + other.same,
            self.faults + other.faults,
        )

    @property
    def faulty(self) -> int:
        """How many rows did not go in."""
        return len({fault.row for fault in self.faults})


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of a file. Of `total` rows `tally.rows` were looked at: fewer where it was `cancelled`; what had gone
    in by then stays. `earlier` rows had been brought in by an earlier run of the same file. `dry`: nothing was
    written."""

    id: UUID
    kind: ImportKind
    name: str
    total: int
    tally: Tally
    earlier: int = 0
    cancelled: bool = False
    dry: bool = False

    @property
    def ok(self) -> bool:
        """Whether every row went in."""
        return not self.tally.faults and not self.cancelled

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": self.ok,
            "import": str(self.id),
            "kind": self.kind.value,
            "dry_run": self.dry,
            "cancelled": self.cancelled,
            "total": self.total,
            "rows": self.tally.rows,
            "made": self.tally.made,
            "changed": self.tally.changed,
            "there_already": self.tally.same,
            "earlier": self.earlier,
            "faulty": self.tally.faulty,
            "faults": [
                {
                    "row": fault.row,
                    "column": fault.column,
                    "value": fault.value,
                    "problem": fault.words,
                    "hint": fault.hint,
                }
                for fault in self.tally.faults
            ],
        }

    def as_text(self) -> str:
        lines = [self.sentence()]
        lines += [str(fault) for fault in self.tally.faults[:SHOWN]]
        if len(self.tally.faults) > SHOWN:
            lines.append(f"… and {len(self.tally.faults) - SHOWN:,} more.")
        return "\n".join(lines)

    def sentence(self) -> str:
        """What was done, in words."""
        tally = self.tally
        would = "would be " if self.dry else ""
        parts = [f"{tally.made:,} {would}added"]
        parts += [f"{tally.changed:,} {would}changed"] if tally.changed else []
        parts += [f"{tally.same:,} there already"] if tally.same else []
        parts += [f"{counted(tally.faulty, 'row')} with problems"] if tally.faulty else []
        words = ", ".join(parts) + "."
        if self.earlier:
            words += f" {counted(self.earlier, 'row')} had come in by an earlier run of this file."
        if self.cancelled:
            left = self.total - tally.rows
            words += f" Stopped: what went in stays; {counted(left, 'row')} were not looked at."
        return words


def tally_json(tally: Tally) -> dict[str, Any]:
    faults = [[each.row, each.column, each.value, each.words, each.hint] for each in tally.faults]
    return {
        "rows": tally.rows,
        "made": tally.made,
        "changed": tally.changed,
        "same": tally.same,
        "faults": faults,
    }


def tally_of(data: Mapping[str, Any]) -> Tally:
    """The tally that `tally_json` wrote."""
    faults = tuple(Fault(*each) for each in data["faults"])
    return Tally(data["rows"], data["made"], data["changed"], data["same"], faults)


def save_faulty(report: ImportReport, source: Source, path: Path) -> int:
    """Write the rows that did not go in, as they are in the file, with what is wrong in a column `problem`: to be
    mended and brought in again. UTF-8. Returns how many. Raises `CannotWrite`."""
    words: dict[int, list[str]] = {}
    for fault in report.tally.faults:
        words.setdefault(fault.row, []).append(
            f"{fault.column}: {fault.words}" if fault.column else fault.words
        )
    width, written = len(source.header), 0
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=source.separator)
            keep = [place for place, name in enumerate(source.header) if name != PROBLEM]
            writer.writerow([*(source.header[place] for place in keep), PROBLEM])
            for record in source.records():
                if record.number not in words:
                    continue
                cells = [*record.cells, *[""] * (width - len(record.cells))]
                writer.writerow([*(cells[place] for place in keep), " ".join(words[record.number])])
                written += 1
    except OSError as error:
        raise CannotWrite(f"{path.name} cannot be written ({error.strerror}).") from error
    return written
