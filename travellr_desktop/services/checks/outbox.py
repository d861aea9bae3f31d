"""The outbox: nothing was written past it."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs
from travellr_desktop.storage.repositories.proofs.outbox import FieldDifference, synced_tables

_LONGEST = 60


def ops_are_sealed(proofs: Proofs) -> Iterator[Problem]:
    """Ops are numbered without a gap, each hash is that of its changes, each change has its op."""
    for found in proofs.outbox.ops():
        yield Problem("outbox.op", found.table, found.row, found.says)
    for table in proofs.outbox.strangers():
        yield Problem("outbox.op", "changes", table, f"there are changes of {table}, which is not synced")


def rows_are_as_written(proofs: Proofs) -> Iterator[Problem]:
    """Every row is what its changes make of it, field for field: no write went past the triggers."""
    for table in synced_tables():
        for found in proofs.outbox.differences(table):
            says = found.says or "; ".join(_in_words(field) for field in found.fields)
            yield Problem("outbox.row", table, found.row, says)


def _in_words(field: FieldDifference) -> str:
    return f"{field.name} is {_short(field.stands)}, written was {_short(field.written)}"


def _short(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
