"""How the list of disputes is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import DisputeState, open_states
from travellr_desktop.domain.text import fold
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.conditions import between, contains, equals, folded, holds, one_of
from travellr_desktop.storage.list_spec import Join, ListSpec, SumOf


@dataclass(frozen=True, slots=True)
class DisputeListRow:
    """A dispute in a list. `bookings` are the references that it is about; `due_by` is None where no answer is
    asked."""

    id: UUID
    ref: str
    state: DisputeState
    opened: datetime
    due_by: datetime | None
    ended: datetime | None
    sale: str
    bookings: str
    traveller: str
    label: str
    reason: str
    amount: Money
    fee: Money
    payment_ref: str

    def is_late(self, now: datetime) -> bool:
        """Whether an answer was due, and the bank has not decided."""
        return self.ended is None and self.due_by is not None and self.due_by <= now

    def exported(self) -> Mapping[str, object]:
        return {
            "dispute": self.ref,
            "state": self.state,
            "opened": self.opened,
            "evidence_due": self.due_by,
            "decided": self.ended,
            "sale": self.sale,
            "bookings": self.bookings,
            "traveller": self.traveller,
            "paid_by": self.label,
            "reason": self.reason,
            "amount": self.amount,
            "fee": self.fee,
            "payment": self.payment_ref,
        }


def _dispute(row: Sequence[Any]) -> DisputeListRow:
    return DisputeListRow(
        id=UUID(row[0]),
        ref=row[1],
        state=DisputeState(row[2]),
        opened=utc_moment(row[3]),
        due_by=None if row[4] is None else utc_moment(row[4]),
        ended=None if row[5] is None else utc_moment(row[5]),
        sale=row[6],
        bookings=row[7] or "",
        traveller=row[8],
        label=row[9],
        reason=row[10],
        amount=Money(row[11], row[12]),
        fee=Money(row[13], row[14]),
        payment_ref=row[15] or "",
    )


_BOOKINGS = (
    "(SELECT group_concat(b.reference, ' ') FROM dispute_parts x JOIN bookings b ON b.id = x.booking_id "
    "WHERE x.dispute_id = d.id AND x.amount > 0)"
)
_UNDECIDED = f"d.state IN ({', '.join(repr(state.value) for state in open_states(DisputeState))})"

DISPUTES: ListSpec[DisputeListRow] = ListSpec(
    table="disputes d",
    key="d.rowid",
    id="d.id",
    columns=(
        "d.id",
        "d.ref",
        "d.state",
        "d.opened_at",
        "d.due_by",
        "d.ended_at",
        "s.reference",
        _BOOKINGS,
        "t.name",
        "p.label",
        "d.reason",
        "d.amount",
        "d.currency",
        "d.fee",
        "d.fee_currency",
        "p.provider_ref",
    ),
    make=_dispute,
    joins=(
        Join("p", "JOIN payments p ON p.id = d.payment_id"),
        Join("s", "JOIN payments ps ON ps.id = d.payment_id JOIN sales s ON s.id = ps.sale_id"),
        Join(
            "t",
            "JOIN payments pt ON pt.id = d.payment_id JOIN sales st ON st.id = pt.sale_id "
            "JOIN travellers t ON t.id = st.traveller_id",
        ),
    ),
    sortable={
        "opened": "d.opened_at",
        "due": "d.due_by",
        "state": "d.state",
        "sale": "s.reference",
        "traveller": "t.search",
        "amount": "d.amount",
    },
    order="opened",
    order_descending=True,
    filters={
        "state": one_of("d.state"),
        "undecided": holds(_UNDECIDED),
        "opened": between("d.opened_at"),
        "reason": one_of("d.reason"),
        "currency": equals("d.currency"),
    },
    search=contains(
        folded("t.name"),
        folded("s.reference"),
        folded(_BOOKINGS),
        folded("d.ref"),
        folded("p.provider_ref"),
        fold=fold,
    ),
    sums={"amount": SumOf("d.amount", "d.currency"), "fee": SumOf("d.fee", "d.fee_currency")},
)
