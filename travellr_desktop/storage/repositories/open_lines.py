"""What vendors' open lines of the ledger come to, and how vendors are paid: sums that are read from indexes.

A vendor's line is open until a payout pays it. Lines of bookings in dispute are told apart: nobody is paid those.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from travellr_desktop.domain.payouts.figures import PartSum
from travellr_desktop.domain.payouts.words import LinePart, PayoutWay, Schedule, VendorPaper
from travellr_desktop.domain.states import DisputeState
from travellr_desktop.storage.base import utc_moment, utc_text
from travellr_desktop.storage.models import VendorDocument

Key = tuple[UUID, str]
"""A vendor and a currency."""

_IN_DISPUTE = (
    "SELECT p.booking_id FROM dispute_parts p JOIN disputes d ON d.id = p.dispute_id "
    f"WHERE d.state = '{DisputeState.OPEN.value}' AND p.booking_id IS NOT NULL"
)
_OF = "v.vendor_id IN (SELECT value FROM json_each(?))"

OPEN_SUMS = """
SELECT v.vendor_id, v.currency, v.part, v.statement_id IS NOT NULL, sum(v.amount), sum(v.commission), count(*)
FROM vendor_lines v INDEXED BY ix_vendor_lines_open
WHERE v.payout_id IS NULL AND v.free_at <= ?{of}
GROUP BY v.vendor_id, v.currency, v.part, v.statement_id
"""
"""The sum that a dry run stands on: it goes once over the open lines, in the order of their index, and reads no row."""

_HELD = """
SELECT v.vendor_id, v.currency, sum(v.amount), count(*), min(v.free_at)
FROM vendor_lines v INDEXED BY ix_vendor_lines_free_at
WHERE v.payout_id IS NULL AND v.free_at > ?{of}
GROUP BY v.vendor_id, v.currency
"""
_DISPUTED = f"""
SELECT v.vendor_id, v.currency, v.part, v.statement_id IS NOT NULL, v.free_at <= ?, v.booking_id, b.reference,
  sum(v.amount), sum(v.commission), count(*)
FROM (SELECT DISTINCT booking_id FROM ({_IN_DISPUTE})) o
CROSS JOIN vendor_lines v INDEXED BY ix_vendor_lines_booking_id ON v.booking_id = o.booking_id
JOIN bookings b ON b.id = v.booking_id WHERE v.payout_id IS NULL
GROUP BY v.vendor_id, v.currency, v.part, v.statement_id IS NOT NULL, v.free_at <= ?, v.booking_id
ORDER BY b.reference
"""
_AGAIN = f"""
SELECT v.vendor_id, v.currency, count(DISTINCT v.booking_id)
FROM json_each(?) j CROSS JOIN vendor_lines v INDEXED BY ix_vendor_lines_open
  ON v.vendor_id = json_extract(j.value, '$[0]') AND v.currency = json_extract(j.value, '$[1]')
WHERE v.payout_id IS NULL AND v.part = 'again' AND v.statement_id IS NULL AND v.free_at <= ?
  AND v.booking_id NOT IN ({_IN_DISPUTE})
  AND NOT EXISTS (SELECT 1 FROM vendor_lines f WHERE f.booking_id = v.booking_id AND f.vendor_id = v.vendor_id
    AND f.part = 'charge' AND f.payout_id IS NULL AND f.statement_id IS NULL AND f.free_at <= ?)
GROUP BY v.vendor_id, v.currency
"""
_LINES = f"""
SELECT v.vendor_id, v.currency, v.ledger_id
FROM json_each(?) j CROSS JOIN vendor_lines v INDEXED BY ix_vendor_lines_open ON v.vendor_id = j.value
WHERE v.payout_id IS NULL AND v.free_at <= ?
  AND (v.booking_id IS NULL OR v.booking_id NOT IN ({_IN_DISPUTE}))
ORDER BY v.ledger_id
"""
_FREE_SINCE = """
SELECT v.vendor_id, v.currency, sum(v.amount), count(*), min(v.free_at)
FROM vendor_lines v INDEXED BY ix_vendor_lines_free_at
WHERE v.payout_id IS NULL AND v.free_at <= ? GROUP BY v.vendor_id, v.currency
"""
_FREE_OF = """
SELECT n.name, v.currency FROM vendor_lines v INDEXED BY ix_vendor_lines_free_at JOIN vendors n ON n.id = v.vendor_id
WHERE v.payout_id IS NULL AND v.free_at <= ? AND n.schedule IN (SELECT value FROM json_each(?)){of} LIMIT 1
"""
_VENDORS = """
SELECT v.id, v.name, v.active, v.schedule, v.payout_way, v.account_ref, v.iban, v.bic, v.holder, v.payout_minimums
FROM vendors v ORDER BY v.name, v.id
"""
_PROMISED = """
SELECT currency, sum(minor) FROM (
  SELECT currency, sum(amount) AS minor FROM ledger WHERE credit = 'refunds_payable' GROUP BY currency
  UNION ALL SELECT currency, -sum(amount) FROM ledger WHERE debit = 'refunds_payable' GROUP BY currency)
GROUP BY currency
"""


@dataclass(frozen=True, slots=True)
class ApartSum:
    """Lines that nobody is paid now: how many, what they come to, and when the first of them is free."""

    amount: int
    lines: int
    free_at: datetime


@dataclass(frozen=True, slots=True)
class DisputedSum:
    """Open lines of one booking in dispute. `free`: they would be in the batch."""

    sum: PartSum
    free: bool
    booking_id: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class VendorPaid:
    """How a vendor is paid."""

    id: UUID
    name: str
    active: bool
    schedule: Schedule
    way: PayoutWay | None
    account_ref: str
    iban: str
    bic: str
    holder: str
    minimums: Mapping[str, int]


class OpenLineRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def open_sums(self, cutoff: datetime, vendors: Sequence[UUID] = ()) -> dict[Key, list[PartSum]]:
        """What is open and free by a moment, disputed lines too; of these vendors, or of all."""
        found: dict[Key, list[PartSum]] = {}
        own, of = "", ""  # rows of a vendor and currency follow each other
        sums: list[PartSum] = []
        for vendor, currency, part, carried, amount, commission, lines in self._of(
            OPEN_SUMS, (utc_text(cutoff),), vendors
        ):
            if vendor != own or currency != of:
                own, of, sums = vendor, currency, []
                found[UUID(vendor), currency] = sums
            sums.append(PartSum(_PARTS[part], amount, commission, lines, carried == 1))
        return found

    def held_sums(self, cutoff: datetime, vendors: Sequence[UUID] = ()) -> dict[Key, ApartSum]:
        """What is open and free only after a moment."""
        return _apart(self._of(_HELD, (utc_text(cutoff),), vendors))

    def free_since(self, moment: datetime) -> dict[Key, ApartSum]:
        """What has been open and free since a moment, disputed lines too."""
        return _apart(self._rows(_FREE_SINCE, utc_text(moment)))

    def disputed(self, cutoff: datetime) -> dict[Key, list[DisputedSum]]:
        """Open lines of bookings of which a bank has money and has not decided, whatever their date."""
        found: dict[Key, list[DisputedSum]] = defaultdict(list)
        at = utc_text(cutoff)
        for vendor, currency, part, carried, free, booking, reference, *of in self._rows(_DISPUTED, at, at):
            amount, commission, lines = of
            each = PartSum(_PARTS[part], amount, commission, lines, bool(carried))
            found[UUID(vendor), currency].append(DisputedSum(each, bool(free), UUID(booking), reference))
        return found

    def again_bookings(self, cutoff: datetime, of: Iterable[Key]) -> dict[Key, int]:
        """How many bookings are open and free by a moment with what they gave another time alone; not disputed."""
        at = utc_text(cutoff)
        keys = json.dumps([(vendor_id.hex, currency) for vendor_id, currency in of])
        rows = self._rows(_AGAIN, keys, at, at)
        return {(UUID(vendor), currency): count for vendor, currency, count in rows}

    def lines(self, cutoff: datetime, vendors: Iterable[UUID]) -> dict[Key, list[UUID]]:
        """The open lines of vendors that are free by a moment and not disputed, oldest first."""
        found: dict[Key, list[UUID]] = defaultdict(list)
        for vendor, currency, line in self._rows(_LINES, _hexes(vendors), utc_text(cutoff)):
            found[UUID(vendor), currency].append(UUID(line))
        return found

    def anything_free(
        self, cutoff: datetime, schedules: Iterable[Schedule], vendors: Sequence[UUID] = ()
    ) -> bool:
        """Whether vendors of these schedules have any open line that is free by a moment."""
        return self.somebody_free(cutoff, schedules, vendors) is not None

    def somebody_free(
        self, cutoff: datetime, schedules: Iterable[Schedule], vendors: Sequence[UUID] = ()
    ) -> tuple[str, str] | None:
        """The name of a vendor of these schedules, or one of `vendors`, who has an open line that is free by a moment,
        and in which currency; None where nobody has."""
        words = json.dumps([each.value for each in schedules])
        for name, currency in self._of(_FREE_OF, (utc_text(cutoff), words), vendors):
            return name, currency
        return None

    # around

    def vendors(self) -> list[VendorPaid]:
        """All vendors, by name."""
        return [
            VendorPaid(
                id=UUID(row[0]),
                name=row[1],
                active=bool(row[2]),
                schedule=_SCHEDULES[row[3]],
                way=_WAYS[row[4]],
                account_ref=row[5] or "",
                iban=row[6],
                bic=row[7],
                holder=row[8],
                minimums={} if row[9] == "{}" else json.loads(row[9]),
            )
            for row in self._rows(_VENDORS)
        ]

    def good_papers(self, kinds: Iterable[VendorPaper], day: date) -> dict[UUID, set[VendorPaper]]:
        """Which of these papers each vendor has that are good on a day."""
        found: dict[UUID, set[VendorPaper]] = defaultdict(set)
        query = select(VendorDocument.vendor_id, VendorDocument.kind).where(
            VendorDocument.kind.in_(list(kinds)),
            VendorDocument.ended_at.is_(None),
            or_(VendorDocument.expires_on.is_(None), VendorDocument.expires_on >= day),
        )
        for vendor_id, kind in self.session.execute(query):
            found[vendor_id].add(kind)
        return found

    def promised_back(self) -> dict[str, int]:
        """What was promised back to travellers and has not gone, by currency."""
        return {currency: minor for currency, minor in self._rows(_PROMISED) if minor}

    # parts

    def _rows(self, sql: str, *values: object) -> Sequence[Any]:
        return self.session.connection().exec_driver_sql(sql, values).fetchall()

    def _of(self, sql: str, values: tuple[object, ...], vendors: Sequence[UUID]) -> Sequence[Any]:
        if vendors:
            return self._rows(sql.format(of=f" AND {_OF}"), *values, _hexes(vendors))
        return self._rows(sql.format(of=""), *values)


_PARTS = {part.value: part for part in LinePart}
_SCHEDULES = {schedule.value: schedule for schedule in Schedule}
_WAYS: dict[str | None, PayoutWay | None] = {None: None, **{way.value: way for way in PayoutWay}}


def _apart(rows: Iterable[Any]) -> dict[Key, ApartSum]:
    return {
        (UUID(vendor), currency): ApartSum(amount, lines, utc_moment(free_at))
        for vendor, currency, amount, lines, free_at in rows
    }


def _hexes(ids: Iterable[UUID]) -> str:
    return json.dumps([each.hex for each in ids])
