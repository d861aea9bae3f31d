"""Statements and yearly totals as the command says them: in JSON for programs, in lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Any

from travellr_desktop.domain.payouts.tax import Threshold
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import CannotWrite
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.statements.exporting import FileForm
from travellr_desktop.services.statements.views import StatementDetail, StatementLineView
from travellr_desktop.services.tax_totals import TaxRow, TaxYear

if TYPE_CHECKING:
    from travellr_desktop.services.registry import Services

_SUMS = ("charges", "refunds", "adjustments", "commission", "carried_in", "total", "carried_out")


@dataclass(frozen=True, slots=True)
class StatementReport:
    """What `travellr payouts statement` says of one. Amounts are plain decimals with the sign with which they count."""

    statement: StatementDetail
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        it = self.statement
        return {
            "ok": True,
            "number": it.number,
            "vendor": it.recipient.name,
            "batch": it.recipient.batch,
            "issued": it.issued_on.isoformat(),
            "first": it.first.isoformat(),
            "last": it.last.isoformat(),
            "state": it.state.value,
            "outcome": None if it.outcome is None else it.outcome.value,
            "left_out": None if it.left_out is None else it.left_out.value,
            "account": it.recipient.account,
            "currency": it.currency,
            **{name: plain_decimal(getattr(it, name)) for name in _SUMS},
            "carried_from": it.carried_from or None,
            "bookings": it.bookings,
            "lines": [_line(line) for line in it.lines],
        }

    def as_text(self) -> str:
        it = self.statement
        head = f"{it.number}  {it.recipient.name}  {it.first} to {it.last}  {it.state.value}"
        sums = [
            f"  {name.replace('_', ' '):<12} {plain_decimal(getattr(it, name)):>14} {it.currency}"
            for name in _SUMS
        ]
        lines = [
            f"  {line.kind.value:<10} {line.reference:<16} {plain_decimal(line.retail):>12}"
            f" {plain_decimal(line.commission):>12} {plain_decimal(line.net):>12}  {line.title}"
            for line in it.lines
        ]
        return "\n".join([head, *sums, *lines])


@dataclass(frozen=True, slots=True)
class StatementFile:
    """What `travellr payouts statement --pdf`, `--csv` or `--xlsx` says: where it is."""

    number: str
    path: Path
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": True, "number": self.number, "path": str(self.path)}

    def as_text(self) -> str:
        return f"{self.number} is in {self.path}."


@dataclass(frozen=True, slots=True)
class TaxReport:
    """What `travellr payouts tax` says. `path` is where it was written, if it was."""

    year: TaxYear
    path: Path | None = None
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": True,
            "year": self.year.year,
            "zone": self.year.zone,
            "over": self.year.over,
            "path": None if self.path is None else str(self.path),
            "thresholds": [_threshold(each) for each in self.year.thresholds],
            "vendors": [_tax_row(row) for row in self.year.rows],
        }

    def as_text(self) -> str:
        rows = self.year.rows
        if self.path is not None:
            return f"{self.year.year} is in {self.path}."
        if not rows:
            return f"No vendor took in or was paid anything in {self.year.year}."
        lines = [
            f"{row.vendor[:32]:<32} {plain_decimal(row.gross):>14} {row.gross.currency} {row.transactions:>7}"
            f" {plain_decimal(row.paid_out):>14}  {', '.join(row.forms)}".rstrip()
            for row in rows
        ]
        return "\n".join([*lines, "Vendor, gross before refunds, transactions, paid out. For your adviser."])


def tell_statement(services: Services, number: str) -> StatementReport:
    """Raises `NotFound`."""
    return StatementReport(services.statements.find(SYSTEM, number))


def save_statement(services: Services, number: str, form: FileForm, to: Path | None = None) -> StatementFile:
    """A statement as a file in the profile's folder of documents, or copied to `to`. Raises `NotFound`,
    `CannotWrite`."""
    statement = services.statements.find(SYSTEM, number)
    path = services.documents.statement(SYSTEM, statement.id, form)
    if to is None:
        return StatementFile(statement.number, path.resolve())
    try:
        copyfile(path, to)
    except OSError as error:
        raise CannotWrite(f"{to.name} cannot be written ({error.strerror}).") from error
    return StatementFile(statement.number, to.resolve())


def tell_tax_year(services: Services, year: int, to: Path | None = None) -> TaxReport:
    """A year of all vendors, written to `to` as CSV where that is given. Raises `InvalidInput`, `CannotWrite`."""
    if to is not None:
        services.tax_totals.save(SYSTEM, year, to)
    return TaxReport(services.tax_totals.year(SYSTEM, year), None if to is None else to.resolve())


def _line(line: StatementLineView) -> dict[str, Any]:
    departs = None
    if line.departs_at is not None:
        departs = line.departs_at.astimezone(zone_of(line.zone)).isoformat(timespec="minutes")
    return {
        "kind": line.kind.value,
        "reference": line.reference,
        "departs": departs,
        "title": line.title,
        "pax": line.pax,
        "retail": plain_decimal(line.retail),
        "commission": plain_decimal(line.commission),
        "net": plain_decimal(line.net),
    }


def _threshold(threshold: Threshold) -> dict[str, Any]:
    return {
        "form": threshold.form,
        "country": threshold.country,
        "currency": threshold.currency,
        "counts": threshold.counts.value,
        "minor": threshold.amount,
        "reached_at": threshold.reached_at,
        "transactions_above": threshold.transactions,
    }


def _tax_row(row: TaxRow) -> dict[str, Any]:
    return {
        "vendor": row.vendor,
        "tax_number": row.tax_number,
        "currency": row.gross.currency,
        "gross": plain_decimal(row.gross),
        "transactions": row.transactions,
        "paid_out": plain_decimal(row.paid_out),
        "came_back": plain_decimal(row.came_back),
        "above": list(row.forms),
    }
