"""Files for the bank as people see them: accounts by their last characters, and what became of each payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.storage.models import BankFile, Payout


class FileForm(StrEnum):
    """As what a file is taken to the bank. The value is the end of its name."""

    XML = "xml"  # ISO 20022, pain.001.001.09
    CSV = "csv"


class FileState(StrEnum):
    """Follows from its payouts."""

    MADE = "made"  # nobody has said yet what the bank did
    ARRIVED = "arrived"  # the bank has it; single payments may have come back
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FilePayout:
    """A payment of a file; `failure` is why it did not arrive."""

    payout_id: UUID
    vendor_id: UUID
    vendor: str
    label: str
    amount: Money
    state: PayoutState
    failure: str


@dataclass(frozen=True, slots=True)
class BankFileView:
    """`message_id` is what the bank knows it by, and the beginning of its name; `by` is who made it."""

    id: UUID
    batch_id: UUID
    message_id: str
    form: str
    total: Money
    count: int
    execute_on: date
    made_at: datetime
    by: str
    state: FileState
    payouts: tuple[FilePayout, ...]

    def file_name(self, form: FileForm = FileForm.XML) -> str:
        return f"{self.message_id}.{form.value}"


@dataclass(frozen=True, slots=True)
class ToMake:
    """Payouts of one currency for a file that is to be made."""

    count: int
    total: Money


@dataclass(frozen=True, slots=True)
class BatchFiles:
    """Of one batch: what stands in no file yet, what failed and can be tried again, and the files, oldest first."""

    to_make: tuple[ToMake, ...]
    to_retry: tuple[ToMake, ...]
    files: tuple[BankFileView, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A vendor who could not be paid any more as was approved; the money is theirs as a new line."""

    payout_id: UUID
    vendor: str
    amount: Money
    why: str


@dataclass(frozen=True, slots=True)
class FileMade:
    """`file` None: nobody could be paid. `again`: it had been made before."""

    file: BankFileView | None
    refused: tuple[Refused, ...]
    again: bool


def file_view(file: BankFile, rows: Sequence[Payout], by: str) -> BankFileView:
    """`rows` are whole, and those of the file."""
    return BankFileView(
        id=file.id,
        batch_id=file.batch_id,
        message_id=file.message_id,
        form=file.form,
        total=Money(file.total, file.currency),
        count=file.count,
        execute_on=file.execute_on,
        made_at=file.made_at,
        by=by,
        state=_state([row.state for row in rows]),
        payouts=tuple(
            FilePayout(
                row.id,
                row.vendor_id,
                row.vendor.name,
                row.label,
                Money(row.amount, row.currency),
                row.state,
                row.failure or "",
            )
            for row in rows
        ),
    )


def _state(states: Sequence[PayoutState]) -> FileState:
    if PayoutState.SENDING in states:
        return FileState.MADE
    if all(state is PayoutState.FAILED for state in states):
        return FileState.REFUSED
    return FileState.ARRIVED
