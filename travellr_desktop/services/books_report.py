"""The balances of a day as the command says them: in JSON for programs, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from travellr_desktop.domain.ledger import TrialRow
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.periods import day_bounds
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services.books import BooksView
from travellr_desktop.services.exporting import Exported, plain_decimal
from travellr_desktop.services.paged import ListQuery

if TYPE_CHECKING:
    from travellr_desktop.services.registry import Services


class Told(StrEnum):
    BALANCES = "balances"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class BooksReport:
    """What `travellr ledger` says. Amounts are plain decimals. It is not well where debits and credits differ."""

    view: BooksView
    told: Told
    written: Exported | None = None
    """The Excel file that was asked for."""

    @property
    def ok(self) -> bool:
        return self.view.trial.agrees

    def as_json(self) -> Mapping[str, Any]:
        rows = [self._row(row) for row in self.view.trial.rows]
        file = {"path": str(self.written.path), "rows": self.written.rows} if self.written else {}
        return file | {
            "ok": self.ok,
            "day": self.view.day.isoformat(),
            "zone": self.view.zone,
            "entries": self.view.entries,
            self.told.value: rows,
            "totals": [self._totals(currency) for currency in self.view.trial.currencies],
        }

    def as_text(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        trial = self.view.trial
        yield f"At the end of {self.view.day} in {self.view.zone}, {self.view.entries:,} entries"
        for currency in trial.currencies:
            yield ""
            rows = [self._row(row) for row in trial.rows if row.currency == currency]
            names = ("balance",) if self.told is Told.BALANCES else ("debits", "credits")
            yield f"{currency:<24}" + "".join(f"{name:>18}" for name in names)
            for row in rows:
                yield f"{row['account']:<24}" + "".join(f"{row[name]:>18}" for name in names)
            totals = self._totals(currency)
            if self.told is Told.TRIAL:
                yield f"{'':<24}" + "".join(f"{totals[name]:>18}" for name in names)
            else:
                yield f"{'debit':<24}{totals['debit']:>18}"
                yield f"{'credit':<24}{totals['credit']:>18}"
        yield ""
        yield "Debits and credits are equal." if self.ok else "Debits and credits are not equal."
        if self.written is not None:
            yield f"{self.written.rows:,} entries are in {self.written.path}."

    def _row(self, row: TrialRow) -> dict[str, str]:
        said = {"account": row.account.value, "currency": row.currency}
        if self.told is Told.BALANCES:
            return said | {"balance": _text(row.standing, row.currency)}
        return said | {"debits": _text(row.debits, row.currency), "credits": _text(row.credits, row.currency)}

    def _totals(self, currency: str) -> dict[str, str]:
        if self.told is Told.BALANCES:
            totals = self.view.trial.totals(currency)
            names = ("debit", "credit")
        else:
            totals = self.view.trial.turnover(currency)
            names = ("debits", "credits")
        amounts = (totals.debits, totals.credits)
        return {"currency": currency} | {
            name: _text(minor, currency) for name, minor in zip(names, amounts, strict=True)
        }


def report_books(
    services: Services, told: Told, day: date | None = None, to: Path | None = None
) -> BooksReport:
    """Balances or trial balance when a day was over, today's as they are now. With `to` that and all entries until then
    are written to an Excel file. Raises `CannotWrite`."""
    view = services.books.balances(SYSTEM, day)
    if to is None:
        return BooksReport(view, told)
    query = ListQuery(filters={"at": (None, day_bounds(view.day, view.zone)[1])})
    with closing(services.lists.ledger(SYSTEM, query)) as rows:
        return BooksReport(view, told, services.workbooks.save(SYSTEM, day, rows, to.resolve()))


def _text(minor: int, currency: str) -> str:
    return plain_decimal(Money(minor, currency))
