"""CSV files beside a desk, for tests of bringing them in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers.desk import Desk
from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.services.importing.service import ImportOrder, ImportReport


class Desktop:
    """Writes files beside a desk and brings them in."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.folder = folder

    def order(self, kind: ImportKind, *rows: str, name: str = "rows.csv", **more: Any) -> ImportOrder:
        path = self.folder / name
        path.write_text("\n".join(rows), encoding="utf-8")
        return ImportOrder(kind, path, **more)

    def bring(self, kind: ImportKind, *rows: str, dry: bool = False, **more: Any) -> ImportReport:
        return self.desk.services.imports.run(self.desk.admin, self.order(kind, *rows, **more), dry=dry)

    def travellers(self) -> list[tuple[str, str]]:
        with self.desk.database.read() as view:
            return sorted((row.name, row.email) for row in view.travellers.find_all(limit=500)[0])


def told(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.words) for fault in report.tally.faults]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    tally = report.tally
    return tally.made, tally.changed, tally.same, tally.faulty


def many(count: int) -> list[str]:
    return ["name,email", *(f"Guest {number},guest{number}@example.com" for number in range(count))]
