"""The dry run of a draft as a CSV file, everybody in it and everybody left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from travellr_desktop.domain.money import Money
from travellr_desktop.services.exporting import Exported
from travellr_desktop.services.paged import InMemory
from travellr_desktop.services.payouts.views import DryRun, LeftRow, PayRow, VendorRow
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.last_folder import keep_folder, last_folder
from travellr_desktop.ui.payouts.words import left_word, say, step_word

if TYPE_CHECKING:
    from travellr_desktop.ui.payouts.batch_page import BatchPage


@dataclass(frozen=True, slots=True)
class DryRunLine:
    """A vendor in one currency, as a line of the file."""

    id: int
    batch: str
    vendor: str
    bookings: int
    gross: Money
    commission: Money
    refunds: Money
    adjustments: Money
    carried_in: Money
    to_pay: Money
    way: str
    account: str
    left_out: str
    would_be: Money
    next_step: str


def dry_run_lines(run: DryRun) -> list[DryRunLine]:
    """Who is paid, then who is left out, by currency."""
    lines: list[DryRunLine] = []

    def add(row: VendorRow, paid: PayRow | None, left: LeftRow | None) -> None:
        none = Money.zero(row.currency)
        lines.append(
            DryRunLine(
                id=len(lines),
                batch=run.batch.reference,
                vendor=row.name,
                bookings=row.bookings,
                gross=row.gross,
                commission=row.commission,
                refunds=row.refunds,
                adjustments=row.adjustments,
                carried_in=row.carried_in,
                to_pay=none if paid is None else row.to_pay,
                way="" if paid is None else paid.way.value,
                account="" if paid is None else paid.label,
                left_out="" if left is None else left_word(left.reason),
                would_be=none if left is None else left.would_be,
                next_step="" if left is None else step_word(left.next_step),
            )
        )

    for each in run.currencies:
        for paid in each.rows:
            add(paid, paid, None)
        for left in each.left:
            add(left, None, left)
    return lines


class DryRunExport(QObject):
    def __init__(self, page: BatchPage, services: Services) -> None:
        super().__init__(page)
        self._page, self._exports = page, services.exports

    def ask(self) -> QFileDialog | None:
        """Ask where to; the answer writes it. None where no draft is shown."""
        run, context = self._page.run, self._page.context
        if run is None:
            return None
        dialog = QFileDialog(self._page, say("Save the dry run as"), str(last_folder(context.memory)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(say("CSV files (*.csv)"))
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"{run.batch.reference}.csv")
        dialog.fileSelected.connect(lambda path: self.save(run, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, run: DryRun, path: Path) -> None:
        """Write a dry run to `path`."""
        context = self._page.context
        keep_folder(context.memory, path)
        context.background.run(
            self,
            partial(self._write, run, path),
            words=say("Writing {0}").format(path.name),
            key=("export", str(path)),
            done=lambda done: context.say.finished(say("{0} is saved").format(done.path.name)),
        )

    def _write(self, run: DryRun, path: Path, _task: Task) -> Exported:
        rows = InMemory(dry_run_lines(run))
        return self._exports.to_csv(self._page.context.actor, "dry run", rows, path)
