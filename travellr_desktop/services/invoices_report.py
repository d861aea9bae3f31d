"""Invoices as the command says them: in JSON for programs, in lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Any

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import CannotWrite
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.lists import InvoiceListRow
from travellr_desktop.services.paged import ListQuery

if TYPE_CHECKING:
    from travellr_desktop.services.registry import Services

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class InvoicesReport:
    """What `travellr invoices list` says: documents in the order of their numbers. Amounts are plain decimals, those of
    a credit note below zero."""

    rows: tuple[InvoiceListRow, ...]
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": True, "count": len(self.rows), "invoices": [_told(row) for row in self.rows]}

    def as_text(self) -> str:
        if not self.rows:
            return "No invoice was issued."
        return "\n".join(
            f"{row.number:<16} {row.day}  {row.sale:<16} {plain_decimal(row.gross):>14} {row.gross.currency}"
            f"  {row.of or row.buyer}"
            for row in self.rows
        )


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """What `travellr invoices pdf` says: where it is."""

    number: str
    path: Path
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": True, "number": self.number, "path": str(self.path)}

    def as_text(self) -> str:
        return f"{self.number} is in {self.path}."


def list_invoices(services: Services, text: str = "") -> InvoicesReport:
    """All documents, or those with these words."""
    rows: list[InvoiceListRow] = []
    with closing(services.lists.invoices(SYSTEM, ListQuery(text, sort="number"))) as found:
        total = found.index()
        for begin in range(0, total, AT_ONCE):
            rows += [row for row in found.page(begin, AT_ONCE) if row is not None]
    return InvoicesReport(tuple(rows))


def save_invoice(services: Services, number: str, to: Path | None = None) -> InvoiceFile:
    """The PDF of a document by its number, in the profile's folder of documents, or copied to `to`. Raises `NotFound`,
    `CannotWrite`."""
    document = services.invoices.find(SYSTEM, number)
    path = services.documents.invoice(SYSTEM, document.id)
    if to is None:
        return InvoiceFile(document.number, path.resolve())
    try:
        copyfile(path, to)
    except OSError as error:
        raise CannotWrite(f"{to.name} cannot be written ({error.strerror}).") from error
    return InvoiceFile(document.number, to.resolve())


def _told(row: InvoiceListRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "kind": row.kind.value,
        "day": row.day.isoformat(),
        "buyer": row.buyer,
        "sale": row.sale,
        "of": row.of or None,
        "currency": row.gross.currency,
        "net": plain_decimal(row.net),
        "tax": plain_decimal(row.tax),
        "gross": plain_decimal(row.gross),
        "credited": plain_decimal(row.credited),
    }
