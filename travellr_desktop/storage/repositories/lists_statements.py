"""How the list of statements is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.statement import STATES, StatementState
from travellr_desktop.domain.text import fold
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.conditions import Condition, between, contains, equals, folded, one_of
from travellr_desktop.storage.list_spec import ListSpec, SumOf


@dataclass(frozen=True, slots=True)
class StatementListRow:
    """A statement in a list; `vendor` and `batch` are called as they were when it was issued, `state` is where its
    money is now."""

    id: UUID
    number: str
    at: datetime
    vendor_id: UUID
    vendor: str
    batch: str
    first: date
    last: date
    state: StatementState
    bookings: int
    charges: Money
    refunds: Money
    adjustments: Money
    commission: Money
    carried_in: Money
    total: Money
    carried_out: Money

    def exported(self) -> Mapping[str, object]:
        return {
            "number": self.number,
            "issued": self.at,
            "vendor": self.vendor,
            "batch": self.batch,
            "first": self.first,
            "last": self.last,
            "state": self.state,
            "bookings": self.bookings,
            "charges": self.charges,
            "refunds": self.refunds,
            "adjustments": self.adjustments,
            "commission": self.commission,
            "carried_in": self.carried_in,
            "total": self.total,
            "carried_out": self.carried_out,
        }


_VENDOR = "json_extract(s.vendor_data, '$.name')"
_BATCH = "json_extract(s.vendor_data, '$.batch')"
_LAST_TRY = (
    "(SELECT p.state FROM payouts p WHERE p.vendor_id = s.vendor_id AND p.currency = s.currency "
    "AND p.root_id = s.payout_id ORDER BY p.number DESC LIMIT 1)"
)
_STATE = (
    f"CASE {_LAST_TRY} "
    + " ".join(f"WHEN '{payout}' THEN '{state}'" for payout, state in STATES.items())
    + f" ELSE '{StatementState.CARRIED}' END"
)
_AMOUNTS = ("charges", "refunds", "adjustments", "commission", "carried_in", "total", "carried_out")


def _statement(row: Sequence[Any]) -> StatementListRow:
    amounts = {name: Money(minor, row[9]) for name, minor in zip(_AMOUNTS, row[11:], strict=True)}
    return StatementListRow(
        id=UUID(row[0]),
        number=row[1],
        at=utc_moment(row[2]),
        vendor_id=UUID(row[3]),
        vendor=row[4],
        batch=row[5],
        first=date.fromisoformat(row[6]),
        last=date.fromisoformat(row[7]),
        state=StatementState(row[8]),
        bookings=row[10],
        **amounts,
    )


def _year(value: object) -> Condition:
    """Statements whose days end in a year."""
    return Condition("substr(s.last, 1, 4) = ?", (f"{value:04}",))


def _begins(value: object) -> Condition:
    """Statements whose number begins so: a stretch of their index."""
    return Condition("s.number >= ? AND s.number < ?", (str(value), f"{value}~"))


STATEMENTS: ListSpec[StatementListRow] = ListSpec(
    table="statements s",
    key="s.rowid",
    id="s.id",
    columns=(
        "s.id",
        "s.number",
        "s.issued_at",
        "s.vendor_id",
        _VENDOR,
        _BATCH,
        "s.first",
        "s.last",
        _STATE,
        "s.currency",
        "s.bookings",
        *(f"s.{name}" for name in _AMOUNTS),
    ),
    make=_statement,
    sortable={
        "number": "s.number",
        "at": "s.issued_at",
        "vendor": f"{_VENDOR} COLLATE NOCASE",
        "last": "s.last",
        "total": "s.total",
    },
    order="at",
    order_descending=True,
    filters={
        "begins": _begins,
        "vendor": equals("s.vendor_id"),
        "year": _year,
        "state": one_of(_STATE),
        "at": between("s.issued_at"),
        "currency": equals("s.currency"),
        "batch": equals("s.batch_id"),
    },
    search=contains("lower(s.number)", f"lower({_BATCH})", folded(_VENDOR), fold=fold),
    sums={name: SumOf(f"s.{name}", "s.currency") for name in _AMOUNTS},
)

STATEMENTS_OF_VENDOR = equals("s.vendor_id")
"""What a vendor's person may see of them at all."""
