"""How the list of what a vendor has earned is read: a row for each line of the books, and for the share of each trip to
come. Added up, its rows are what the vendor's earnings say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.earning import OF_PAYOUT, Whereabouts
from travellr_desktop.domain.text import fold
from travellr_desktop.storage.base import utc_moment, utc_text
from travellr_desktop.storage.conditions import Condition, between, contains, equals, folded, one_of, stored
from travellr_desktop.storage.list_spec import Join, ListSpec, SumOf
from travellr_desktop.storage.repositories.earnings import DISPUTED, FUNDED, NET


@dataclass(frozen=True, slots=True)
class EarningListRow:
    """A line of the books, or the share of a trip to come (`event` None). `share` is the vendor's, with the sign with
    which it counts; `retail` what the traveller pays for it, `commission` the agency's part of that, both None for what
    is of no booking.

    `free_at` is when it becomes free, or became; None for what a bank has taken. `statement` is the number of the one
    it stands on, `paid_at` when its payout left, `due_by` by when the bank takes evidence, `reason` what was written
    to an adjustment."""

    id: UUID
    booking_id: UUID | None
    reference: str
    departs: datetime | None
    zone: str
    trip: str
    pax: int | None
    retail: Money | None
    commission: Money | None
    share: Money
    place: Whereabouts
    event: LedgerEvent | None
    free_at: datetime | None
    statement: str
    paid_at: datetime | None
    due_by: datetime | None
    reason: str
    vendor: str

    def exported(self) -> Mapping[str, object]:
        return {
            "vendor": self.vendor,
            "booking": self.reference,
            "departs": self.departs,
            "zone": self.zone,
            "trip": self.trip,
            "pax": self.pax,
            "retail": self.retail,
            "commission": self.commission,
            "share": self.share,
            "state": self.place,
            "about": self.event or "",
            "free": self.free_at,
            "statement": self.statement,
            "paid": self.paid_at,
            "reason": self.reason,
        }


_LINES = (
    "SELECT l.ledger_id AS id, l.vendor_id, l.booking_id, l.currency, l.amount AS share, "
    "l.commission AS commission, l.event, l.free_at, l.payout_id, l.statement_id FROM vendor_lines l"
)
_COMING = (
    f"SELECT f.id, f.vendor_id, f.id AS booking_id, f.currency, {NET} AS share, f.part - {NET} AS commission, "
    f"NULL AS event, f.free_at, NULL AS payout_id, NULL AS statement_id FROM ({FUNDED}) f WHERE f.part > 0"
)
_OF_PAYOUT = " ".join(f"WHEN '{state}' THEN '{place}'" for state, place in OF_PAYOUT.items())
_PAX = "(SELECT count(*) FROM booking_lines x WHERE x.booking_id = e.booking_id AND x.ended_at IS NULL)"
_DUE_BY = (
    "(SELECT min(di.due_by) FROM disputes di JOIN dispute_parts dp ON dp.dispute_id = di.id "
    "WHERE di.state = 'open' AND dp.booking_id = e.booking_id)"
)
_REASON = "(SELECT a.reason FROM vendor_adjustments a WHERE a.ledger_id = e.id)"


def place_at(now: datetime) -> str:
    """Where a row is at a moment."""
    return (
        f"CASE WHEN e.payout_id IS NOT NULL THEN CASE p.state {_OF_PAYOUT} END "
        f"WHEN e.booking_id IN ({DISPUTED}) THEN 'disputed' WHEN e.event IS NULL THEN 'not_travelled' "
        f"WHEN e.free_at > '{utc_text(now)}' THEN 'holdback' ELSE 'available' END"
    )


def _earning(row: Sequence[Any]) -> EarningListRow:
    currency, share, commission = row[7], row[8], row[9]
    of_booking = row[1] is not None
    place = Whereabouts(row[10])
    return EarningListRow(
        id=UUID(row[0]),
        booking_id=UUID(row[1]) if of_booking else None,
        reference=row[2] or "",
        departs=None if row[3] is None else utc_moment(row[3]),
        zone=row[4] or "",
        trip=row[5] or "",
        pax=row[6] if of_booking else None,
        retail=Money(share + commission, currency) if of_booking else None,
        commission=Money(-commission, currency) if of_booking else None,
        share=Money(share, currency),
        place=place,
        event=None if row[11] is None else LedgerEvent(row[11]),
        free_at=None if place is Whereabouts.DISPUTED else utc_moment(row[12]),
        statement=row[13] or "",
        paid_at=None if row[14] is None else utc_moment(row[14]),
        due_by=None if row[15] is None else utc_moment(row[15]),
        reason=row[16] or "",
        vendor=row[17],
    )


def _of_payout(value: object) -> Condition:
    """What a payout pays; of one that was tried again what the first try was for."""
    return Condition("e.payout_id = (SELECT root_id FROM payouts WHERE id = ?)", (stored(value),))


def earnings(now: datetime) -> ListSpec[EarningListRow]:
    """The list as it is at `now`: what waits for its day does so until then."""
    place = place_at(now)
    return ListSpec(
        table=f"({_LINES} UNION ALL {_COMING}) e",
        key="e.id",
        id="e.id",
        columns=(
            "e.id",
            "e.booking_id",
            "b.reference",
            "d.starts_at",
            "d.zone",
            "t.title",
            _PAX,
            "e.currency",
            "e.share",
            "e.commission",
            place,
            "e.event",
            "e.free_at",
            "s.number",
            "p.ended_at",
            _DUE_BY,
            _REASON,
            "v.name",
        ),
        make=_earning,
        joins=(
            Join("b", "LEFT JOIN bookings b ON b.id = e.booking_id"),
            Join(
                "d",
                "LEFT JOIN bookings bd ON bd.id = e.booking_id LEFT JOIN departures d ON d.id = bd.departure_id",
            ),
            Join("t", "LEFT JOIN bookings bt ON bt.id = e.booking_id LEFT JOIN trips t ON t.id = bt.trip_id"),
            Join("p", "LEFT JOIN payouts p ON p.id = e.payout_id"),
            Join("s", "LEFT JOIN statements s ON s.id = e.statement_id"),
            Join("v", "JOIN vendors v ON v.id = e.vendor_id"),
        ),
        sortable={
            "departs": "d.starts_at",
            "reference": "b.reference",
            "trip": "t.search",
            "retail": "e.share + e.commission",
            "commission": "e.commission",
            "share": "e.share",
            "free": "e.free_at",
            "state": place,
        },
        order="departs",
        order_descending=True,
        filters={
            "vendor": equals("e.vendor_id"),
            "currency": equals("e.currency"),
            "state": one_of(place),
            "travel": between("d.local_day"),
            "trip": equals("b.trip_id"),
            "booking": equals("e.booking_id"),
            "payout": _of_payout,
            "statement": equals("e.statement_id"),
        },
        search=contains(folded("b.reference"), "t.search", folded("s.number"), fold=fold),
        sums={
            "retail": SumOf(
                "CASE WHEN e.booking_id IS NULL THEN 0 ELSE e.share + e.commission END", "e.currency"
            ),
            "commission": SumOf("-e.commission", "e.currency"),
            "share": SumOf("e.share", "e.currency"),
        },
    )


EARNINGS_OF_VENDOR = equals("e.vendor_id")
"""What a vendor's person may see of it at all."""
