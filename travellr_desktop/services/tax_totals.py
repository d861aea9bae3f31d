"""What each vendor took in and was paid in a calendar year, beside the thresholds of tax forms: an export for an
adviser, no advice.

Gross is what travellers paid for the vendor's bookings by the day of payment, before any refund, chargeback or
commission; a payment of agency credit counts like any other. The year is that of the agency's zone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from travellr_desktop import paths
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.tax import Counts, Threshold, YearTotal, of_year, reached
from travellr_desktop.domain.periods import day_bounds
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.errors import InvalidInput, ResourceMissing
from travellr_desktop.services.exporting import Exported, ExportService
from travellr_desktop.services.paged import InMemory
from travellr_desktop.storage.repositories.tax_totals import TaxRepository, TaxVendor
from travellr_desktop.storage.uow import Database


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A vendor's year in one currency. `forms` are those whose threshold it is beyond."""

    id: str
    year: int
    vendor_id: UUID
    code: str
    vendor: str
    legal: str
    tax_number: str
    country: str
    email: str
    gross: Money
    transactions: int
    paid_out: Money
    came_back: Money
    forms: tuple[str, ...]

    def exported(self) -> Mapping[str, object]:
        return {
            "year": self.year,
            "code": self.code,
            "vendor": self.vendor,
            "legal_name": self.legal,
            "tax_number": self.tax_number,
            "country": self.country,
            "email": self.email,
            "gross_before_refunds": self.gross,
            "transactions": self.transactions,
            "paid_out": self.paid_out,
            "came_back": self.came_back,
            "above_threshold_of": ", ".join(self.forms),
        }


@dataclass(frozen=True, slots=True)
class TaxYear:
    """All vendors that took in or were paid anything in a year, by name and currency. `thresholds` are those known for
    the year; with none, nothing is said of them. `over`: the year has ended in `zone`."""

    year: int
    zone: str
    over: bool
    thresholds: tuple[Threshold, ...]
    rows: tuple[TaxRow, ...]


class TaxTotalsService:
    def __init__(self, database: Database, exports: ExportService) -> None:
        self._db, self._exports = database, exports

    def years(self, actor: Actor) -> tuple[int, ...]:
        """From this year back to that of the first payment, in the agency's zone."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            place = zone_of(view.agency.get().zone)
            first = TaxRepository(view.connection).first_payment()
            this = view.clock.now().astimezone(place).year
            begun = this if first is None else first.astimezone(place).year
            return tuple(range(this, min(begun, this) - 1, -1))

    def year(self, actor: Actor, year: int) -> TaxYear:
        """Raises `InvalidInput` for what is no year, `ResourceMissing` where the thresholds are not there."""
        require(actor, Permission.PAYOUT_READ)
        thresholds = of_year(_thresholds(paths.resource("tax", "thresholds.toml")), year)
        with self._db.read() as view:
            zone, now = view.agency.get().zone, view.clock.now()
            since, until = _bounds(year, zone)
            repository = TaxRepository(view.connection)
            totals: dict[tuple[UUID, str], YearTotal] = {}
            sent = {row[:2]: row[2:] for row in repository.sent(since, until)}
            gross = {row[:2]: row[2:] for row in repository.gross(since, until)}
            for key in sent.keys() | gross.keys():
                totals[key] = YearTotal(key[1], *gross.get(key, (0, 0)), *sent.get(key, (0, 0)))
            vendors = repository.vendors()
        rows = [_row(year, vendors[vendor_id], total, thresholds) for (vendor_id, _), total in totals.items()]
        rows.sort(key=lambda row: (row.vendor.casefold(), row.gross.currency, row.vendor_id))
        return TaxYear(year, zone, now >= until, thresholds, tuple(rows))

    def save(self, actor: Actor, year: int, path: Path) -> Exported:
        """The year as CSV, and that it was done in the audit trail. Raises `CannotWrite`, and as `year`."""
        rows = InMemory(self.year(actor, year).rows)
        return self._exports.to_csv(actor, "tax-totals", rows, path)


def _bounds(year: int, zone: str) -> tuple[datetime, datetime]:
    with suppress(ValueError, OverflowError):
        return day_bounds(date(year, 1, 1), zone)[0], day_bounds(date(year + 1, 1, 1), zone)[0]
    raise InvalidInput(f"{year} is no year.", field="year")


def _row(year: int, vendor: TaxVendor, total: YearTotal, thresholds: tuple[Threshold, ...]) -> TaxRow:
    return TaxRow(
        id=f"{vendor.id.hex}-{total.currency}",
        year=year,
        vendor_id=vendor.id,
        code=vendor.code,
        vendor=vendor.name,
        legal=vendor.legal,
        tax_number=vendor.tax_number,
        country=vendor.country,
        email=vendor.email,
        gross=Money(total.gross, total.currency),
        transactions=total.transactions,
        paid_out=Money(total.paid, total.currency),
        came_back=Money(total.back, total.currency),
        forms=tuple(each.form for each in thresholds if reached(each, total)),
    )


def _thresholds(path: Path) -> tuple[Threshold, ...]:
    try:
        found = tomllib.loads(path.read_text("utf-8"))["threshold"]
        return tuple(
            Threshold(
                form=each["form"],
                country=each["country"],
                currency=each["currency"],
                first=each["first"],
                last=each["last"],
                counts=Counts(each["counts"]),
                amount=each["from"] if "from" in each else each["above"],
                reached_at="from" in each,
                transactions=each.get("transactions_above", 0),
            )
            for each in found
        )
    except (OSError, ValueError, KeyError) as problem:
        raise ResourceMissing(f"A file that belongs to the program cannot be read: {path}") from problem
