"""How the list of promo codes is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.domain.promos import PromoState, promo_state
from travellr_desktop.domain.text import fold
from travellr_desktop.storage.conditions import contains, folded, holds
from travellr_desktop.storage.list_spec import Join, ListSpec


@dataclass(frozen=True, slots=True)
class PromoListRow:
    """A promo code, in a list or alone. `where` is the title of the trip or the name of the vendor that it is for, ""
    for all; `uses` counts the sales that have used it; the days are local days of the agency, both included."""

    id: UUID
    code: str
    name: str
    kind: DiscountKind
    bps: int
    amount: Money | None
    own: bool
    first_day: date
    last_day: date
    most_uses: int | None
    uses: int
    where: str
    active: bool
    trip_id: UUID | None
    vendor_id: UUID | None

    def state(self, today: date) -> PromoState:
        """What becomes of it on `today`, a day in the agency's zone."""
        return promo_state(
            today,
            active=self.active,
            first_day=self.first_day,
            last_day=self.last_day,
            uses=self.uses,
            most_uses=self.most_uses,
        )

    def exported(self) -> dict[str, object]:
        """With the per cents written out, and nothing for them where it is an amount."""
        return {
            "code": self.code,
            "name": self.name,
            "per_cent": "" if self.amount is not None else format_percent(self.bps),
            "amount": self.amount,
            "agency_alone": self.own,
            "first_day": self.first_day,
            "last_day": self.last_day,
            "most_uses": self.most_uses,
            "uses": self.uses,
            "where": self.where,
            "active": self.active,
        }


_USES = (
    "(SELECT count(DISTINCT x.sale_id) FROM discounts x JOIN bookings b ON b.id = x.booking_id "
    "WHERE x.promo_id = c.id AND b.state <> 'cancelled')"
)
_WHERE = "coalesce(t.title, v.name, '')"


def _promo(row: Sequence[Any]) -> PromoListRow:
    return PromoListRow(
        id=UUID(row[0]),
        code=row[1],
        name=row[2],
        kind=DiscountKind(row[3]),
        bps=row[4],
        amount=None if row[6] is None else Money(row[5], row[6]),
        own=bool(row[7]),
        first_day=date.fromisoformat(row[8]),
        last_day=date.fromisoformat(row[9]),
        most_uses=row[10],
        uses=row[11],
        where=row[12],
        active=bool(row[13]),
        trip_id=None if row[14] is None else UUID(row[14]),
        vendor_id=None if row[15] is None else UUID(row[15]),
    )


PROMOS: ListSpec[PromoListRow] = ListSpec(
    table="promo_codes c",
    key="c.rowid",
    id="c.id",
    columns=(
        "c.id",
        "c.code",
        "c.name",
        "c.kind",
        "c.bps",
        "c.amount",
        "c.currency",
        "c.own",
        "c.first_day",
        "c.last_day",
        "c.most_uses",
        _USES,
        _WHERE,
        "c.active",
        "c.trip_id",
        "c.vendor_id",
    ),
    make=_promo,
    joins=(
        Join("t", "LEFT JOIN trips t ON t.id = c.trip_id"),
        Join("v", "LEFT JOIN vendors v ON v.id = c.vendor_id"),
    ),
    sortable={
        "code": "c.code",
        "value": "c.bps",
        "first": "c.first_day",
        "last": "c.last_day",
        "uses": _USES,
        "where": f"{_WHERE} COLLATE NOCASE",
        "status": "c.active",
    },
    order="code",
    filters={"active": holds("c.active")},
    search=contains(folded("c.code"), folded("c.name"), fold=fold),
)
