"""Vendors who are owed money by agreement, and batches that are made of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from helpers.desk import Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind, LeftOut, PayoutWay, Schedule
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.payouts.views import Approved, CurrencyRun, DryRun, LeftRow, PayRow
from travellr_desktop.services.vendor_drafts import TermsDraft
from travellr_desktop.services.vendors import VendorDraft

IBANS = ("DE89370400440532013000", "GB82WEST12345698765432", "ME25505000012345678951")


def by_bank(name: str, schedule: Schedule = Schedule.WEEKLY, *minimums: Money) -> TermsDraft:
    """Terms of a vendor who is paid by the agency's bank."""
    return TermsDraft(
        schedule, PayoutWay.BANK, iban=IBANS[0], bic="COBADEFF", holder=name, minimums=tuple(minimums)
    )


def vendor(desk: Desk, name: str, terms: TermsDraft | None = None, *, currency: str = "EUR") -> UUID:
    """A vendor with a trip in that currency, paid by the bank unless other terms are given."""
    vendor_id = desk.services.vendors.create(desk.admin, VendorDraft(name))
    desk.add_trip(f"By {name}", vendor_id=vendor_id, currency=currency)
    desk.services.vendor_terms.save(desk.admin, vendor_id, by_bank(name) if terms is None else terms)
    return vendor_id


def given(desk: Desk, vendor_id: UUID, minor: int, currency: str = "EUR") -> UUID:
    """They get so much by agreement, free at once; the row of the ledger."""
    draft = AdjustmentDraft(vendor_id, Money(minor, currency), "Fuel of the regatta")
    return desk.services.adjustments.adjust(desk.admin, draft, key=uuid4()).entry_id


def prepared(
    desk: Desk,
    kind: BatchKind = BatchKind.WEEKLY,
    first: date | None = None,
    last: date | None = None,
    *,
    by: Actor | None = None,
    of: tuple[UUID, ...] = (),
) -> UUID:
    return desk.services.payouts.prepare(by or desk.admin, kind, first, last, of)


def looked_at(desk: Desk, batch_id: UUID, *, fresh: bool = False) -> DryRun:
    return desk.services.payouts.dry_run(desk.admin, batch_id, fresh=fresh)


def run_of(desk: Desk, batch_id: UUID, currency: str = "EUR") -> CurrencyRun:
    """The dry run of a draft in one currency."""
    (found,) = (each for each in looked_at(desk, batch_id).currencies if each.currency == currency)
    return found


def paid(desk: Desk, batch_id: UUID, currency: str = "EUR") -> dict[str, PayRow]:
    return {row.name: row for row in run_of(desk, batch_id, currency).rows}


def left(desk: Desk, batch_id: UUID, currency: str = "EUR") -> dict[str, LeftRow]:
    return {row.name: row for row in run_of(desk, batch_id, currency).left}


def reasons(desk: Desk, batch_id: UUID, currency: str = "EUR") -> dict[str, LeftOut]:
    return {name: row.reason for name, row in left(desk, batch_id, currency).items()}


def approved_by(desk: Desk, who: Actor, batch_id: UUID) -> Approved:
    """Looked at, then approved as it was seen."""
    seen = desk.services.payouts.dry_run(who, batch_id).digest
    return desk.services.payouts.approve(who, batch_id, seen=seen)
