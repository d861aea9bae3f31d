"""How the payouts of a batch are read, and who was left out of it: a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.deciding import kept_minimum
from travellr_desktop.domain.payouts.figures import Figures
from travellr_desktop.domain.payouts.words import LeftOut, PayoutWay
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.conditions import Condition, equals, one_of
from travellr_desktop.storage.list_spec import Join, ListSpec

DOWN = "_down"
"""At the end of a column's key: from the highest on, and names still from the first."""


def row_id(vendor_id: UUID, currency: str) -> str:
    """A vendor in a currency is one row of a batch, whichever try of their payout it shows."""
    return f"{vendor_id.hex}{currency}"


@dataclass(frozen=True, slots=True)
class PayoutListRow:
    """A payout of a batch. `told` is what the statement that came with it says, with its id and number; all three None
    where there is none. `taken_back` is what of a paid one came back since."""

    id: str
    payout_id: UUID
    vendor_id: UUID
    vendor: str
    amount: Money
    state: PayoutState
    way: PayoutWay
    label: str
    number: int
    failure: str
    ended_at: datetime | None
    taken_back: Money
    statement_id: UUID | None
    statement: str | None
    told: Figures | None


@dataclass(frozen=True, slots=True)
class LeftOutListRow:
    """Who got nothing in a batch, as it was then. `minimum` is what was asked for of who is below it; None of others,
    and where it was not kept."""

    id: str
    vendor_id: UUID
    vendor: str
    amount: Money
    reason: LeftOut
    detail: str
    minimum: Money | None


_NAME = "v.name COLLATE NOCASE"
_TOLD = ("bookings", "charges", "commission", "refunds", "adjustments", "carried_in")
_TAKEN = "coalesce((SELECT sum(t.amount) FROM take_backs t WHERE t.payout_id = p.id AND t.state = 'done'), 0)"
LAST_TRIES = Condition("NOT EXISTS (SELECT 1 FROM payouts r WHERE r.retry_of = p.id)")
"""Of a payout that was tried again the last try is shown."""


def _by(**amounts: str) -> Mapping[str, Sequence[str]]:
    """Both ways of sorting by an amount; those who have the same by their names."""
    up = {name: (amount, _NAME) for name, amount in amounts.items()}
    return up | {f"{name}{DOWN}": (f"-{amount}", _NAME) for name, amount in amounts.items()}


def _payout(row: Sequence[Any]) -> PayoutListRow:
    currency, told = row[3], row[12:]
    bookings, gross, commission, refunds, adjustments, carried_in = told[2:]
    return PayoutListRow(
        id=f"{row[1]}{currency}",
        payout_id=UUID(row[0]),
        vendor_id=UUID(row[1]),
        vendor=row[2],
        amount=Money(row[4], currency),
        state=PayoutState(row[5]),
        way=PayoutWay(row[6]),
        label=row[7],
        number=row[8],
        failure=row[9] or "",
        ended_at=None if row[10] is None else utc_moment(row[10]),
        taken_back=Money(row[11], currency),
        statement_id=None if told[0] is None else UUID(told[0]),
        statement=told[1],
        told=None
        if told[0] is None
        else Figures(
            bookings=bookings,
            gross=gross,
            commission=commission,
            refunds=refunds,
            adjustments=adjustments,
            carried_in=carried_in,
        ),
    )


def _left_out(row: Sequence[Any]) -> LeftOutListRow:
    currency, reason, detail = row[2], LeftOut(row[4]), row[5]
    least = kept_minimum(reason, detail)
    return LeftOutListRow(
        f"{row[0]}{currency}",
        UUID(row[0]),
        row[1],
        Money(row[3], currency),
        reason,
        detail,
        None if least is None else Money(least, currency),
    )


PAYOUTS: ListSpec[PayoutListRow] = ListSpec(
    table="payouts p",
    key="p.rowid",
    id="p.vendor_id || p.currency",
    columns=(
        "p.id",
        "p.vendor_id",
        "v.name",
        "p.currency",
        "p.amount",
        "p.state",
        "p.way",
        "p.label",
        "p.number",
        "p.failure",
        "p.ended_at",
        _TAKEN,
        "s.id",
        "s.number",
        *(f"s.{name}" for name in _TOLD),
    ),
    make=_payout,
    joins=(
        Join("v", "JOIN vendors v ON v.id = p.vendor_id"),
        Join("s", "LEFT JOIN statements s ON s.payout_id = p.root_id"),
    ),
    sortable={
        "name": _NAME,
        "label": ("p.label COLLATE NOCASE", _NAME),
        "state": ("p.state", _NAME),
        **_by(
            amount="p.amount",
            bookings="coalesce(s.bookings, 0)",
            gross="coalesce(s.charges, 0)",
            commission="coalesce(s.commission, 0)",
            refunds="coalesce(s.refunds, 0)",
            adjustments="coalesce(s.adjustments, 0)",
            carried_in="coalesce(s.carried_in, 0)",
        ),
    },
    order="name",
    filters={
        "vendor": equals("p.vendor_id"),
        "currency": equals("p.currency"),
        "state": one_of("p.state"),
    },
)

LEFT_OUT: ListSpec[LeftOutListRow] = ListSpec(
    table="batch_left_out l",
    key="l.rowid",
    id="l.vendor_id || l.currency",
    columns=("l.vendor_id", "v.name", "l.currency", "l.amount", "l.reason", "l.detail"),
    make=_left_out,
    joins=(Join("v", "JOIN vendors v ON v.id = l.vendor_id"),),
    sortable={"name": _NAME, "why": ("l.reason", _NAME), **_by(amount="l.amount")},
    order="name",
    filters={"vendor": equals("l.vendor_id"), "currency": equals("l.currency")},
)

PAYOUTS_OF_BATCH = equals("p.batch_id")
LEFT_OUT_OF_BATCH = equals("l.batch_id")
