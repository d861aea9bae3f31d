"""Files for the bank as the command says them: JSON for programs, lines for people. Amounts are plain decimals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.payouts.bank_files import NothingByBank
from travellr_desktop.services.payouts.bank_views import BankFileView, FileForm, FileMade, FilePayout

if TYPE_CHECKING:
    from travellr_desktop.services.registry import Services


@dataclass(frozen=True, slots=True)
class FileTold:
    """What `travellr payouts file` says. Not ok where a vendor could not be paid any more as was approved."""

    made: FileMade
    path: Path | None

    @property
    def ok(self) -> bool:
        return not self.made.refused

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": self.ok,
            "again": self.made.again,
            "path": None if self.path is None else str(self.path),
            "file": None if self.made.file is None else _file(self.made.file),
            "refused": [
                {
                    "payout": str(each.payout_id),
                    "vendor": each.vendor,
                    "amount": plain_decimal(each.amount),
                    "currency": each.amount.currency,
                    "why": each.why,
                }
                for each in self.made.refused
            ],
        }

    def as_text(self) -> str:
        file, lines = self.made.file, []
        if file is None:
            lines.append("Nobody could be paid; there is no file.")
        else:
            sums = f"{plain_decimal(file.total)} {file.total.currency} for {file.count}"
            before = " It was made before, and is the same." if self.made.again else ""
            lines.append(f"{self.path}: {sums}, on {file.execute_on}.{before}")
            lines += [
                f"  {each.vendor:<40} {each.label:<16} {plain_decimal(each.amount):>14} {each.amount.currency}"
                for each in file.payouts
            ]
        lines += [
            f"  not paid: {each.vendor}, {plain_decimal(each.amount)} {each.amount.currency}. {each.why}"
            for each in self.made.refused
        ]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class FilesTold:
    """What `travellr payouts files` says, and what each command does that says what the bank did."""

    files: tuple[BankFileView, ...]
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": True, "count": len(self.files), "files": [_file(each) for each in self.files]}

    def as_text(self) -> str:
        lines = []
        for file in self.files:
            sums = f"{plain_decimal(file.total)} {file.total.currency} for {file.count}"
            lines.append(f"{file.message_id}: {file.state.value}, {sums}, on {file.execute_on}")
            lines += [f"  {_payout(each)}" for each in file.payouts]
        return "\n".join(lines) or "No file was made of this batch."


def make_file(
    services: Services,
    reference: str,
    path: Path,
    *,
    currency: str = "",
    form: FileForm = FileForm.XML,
    execute_on: date | None = None,
    again: bool = False,
) -> FileTold:
    """The file of a batch by its reference, written to `path`; `again` for what the bank refused before. Without a
    currency that of the batch, where there is one. Raises as `BankFileService.make`, `retry` and `save`."""
    batch_id = services.payouts.find(SYSTEM, reference).id
    code = currency.upper() or _only_currency(services, batch_id)
    make = services.bank_files.retry if again else services.bank_files.make
    made = make(SYSTEM, batch_id, code, execute_on=execute_on)
    if made.file is None:
        return FileTold(made, None)
    return FileTold(made, services.bank_files.save(SYSTEM, made.file.id, path, form).resolve())


def tell_files(services: Services, reference: str) -> FilesTold:
    """The files of a batch by its reference, the oldest first. Raises `NotFound`."""
    batch_id = services.payouts.find(SYSTEM, reference).id
    return FilesTold(services.bank_files.of_batch(SYSTEM, batch_id).files)


def file_arrived(services: Services, message_id: str) -> FilesTold:
    """The bank has the file that it knows by that. Raises as `BankFileService.arrived`."""
    file = services.bank_files.find(SYSTEM, message_id)
    return FilesTold((services.bank_files.arrived(SYSTEM, file.id),))


def file_refused(services: Services, message_id: str, reason: str) -> FilesTold:
    """The bank refused it whole. Raises as `BankFileService.refused`."""
    file = services.bank_files.find(SYSTEM, message_id)
    return FilesTold((services.bank_files.refused(SYSTEM, file.id, reason),))


def payment_came_back(services: Services, payout_id: UUID, reason: str) -> FilesTold:
    """One payment did not arrive. Raises as `BankFileService.came_back`."""
    return FilesTold((services.bank_files.came_back(SYSTEM, payout_id, reason),))


def _only_currency(services: Services, batch_id: UUID) -> str:
    """Of what waits for a file, else of the files that were made."""
    of_batch = services.bank_files.of_batch(SYSTEM, batch_id)
    waiting = {each.total.currency for each in of_batch.to_make}
    found = sorted(waiting or {file.total.currency for file in of_batch.files})
    if not found:
        raise NothingByBank("No payout of this batch goes by the bank.")
    if len(found) > 1:
        raise InvalidInput(
            f"This batch pays {' and '.join(found)} by the bank, each by a file of its own.",
            hint="Say which with --currency.",
            field="currency",
        )
    return found[0]


def _file(file: BankFileView) -> dict[str, Any]:
    return {
        "message": file.message_id,
        "form": file.form,
        "currency": file.total.currency,
        "total": plain_decimal(file.total),
        "count": file.count,
        "execute_on": file.execute_on.isoformat(),
        "made": file.made_at.isoformat(),
        "state": file.state.value,
        "payouts": [
            {
                "payout": str(each.payout_id),
                "vendor": each.vendor,
                "account": each.label,
                "amount": plain_decimal(each.amount),
                "state": each.state.value,
                "failure": each.failure,
            }
            for each in file.payouts
        ],
    }


def _payout(payout: FilePayout) -> str:
    said = f". {payout.failure}" if payout.failure else ""
    amount = f"{plain_decimal(payout.amount)} {payout.amount.currency}"
    return f"{payout.payout_id}  {payout.vendor}: {amount}, {payout.state.value}{said}"
