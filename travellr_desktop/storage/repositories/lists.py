"""How the long lists are read: bookings and payments, for the paged tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import PENDING_BY_PAYMENT, PaymentState, open_states
from travellr_desktop.domain.text import fold
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.conditions import Condition, between, equals, holds, one_of, stored
from travellr_desktop.storage.list_spec import Join, ListSpec, SumOf
from travellr_desktop.storage.search import Search, Source


@dataclass(frozen=True, slots=True)
class BookingListRow:
    """A booking in a list. `status` is the worse of the booking's state and its payment's: a booking state, or
    `pay_unknown`, `pay_failed`, `processing`. `due` is None where nothing is; `balance_due_at` is when the last day for
    it is over, None where all of it is due at once or nothing is."""

    id: UUID
    reference: str
    sale_id: UUID
    sale_reference: str
    traveller: str
    trip: str
    vendor: str
    departs: datetime
    zone: str
    pax: int
    status: str
    total: Money
    due: Money | None
    booked: datetime
    balance_due_at: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        """Whether something is due whose last day is over."""
        return self.balance_due_at is not None and self.balance_due_at <= now


@dataclass(frozen=True, slots=True)
class PaymentListRow:
    """A payment in a list. `refunded` is None where nothing went back; `status` is its state, or `refunded` where
    all of it did."""

    id: UUID
    sale_id: UUID
    sale_reference: str
    traveller: str
    way: str
    label: str
    at: datetime
    status: str
    code: str | None
    amount: Money
    refunded: Money | None
    provider_ref: str | None


_HELD = (
    "(SELECT coalesce(sum(CASE WHEN l.{1} = '{0}' THEN l.amount ELSE -l.amount END), 0) FROM ledger l "
    "WHERE l.booking_id = b.id AND l.currency = b.currency AND '{0}' IN (l.debit, l.credit))"
)
_FUNDS = _HELD.format("traveller_funds", "credit")
_OWED = _HELD.format("traveller_receivable", "debit")
_OPEN_STATE = "b.state IN ('pending', 'confirmed')"
_OWING = "b.id IN (SELECT l.booking_id FROM ledger l WHERE l.debit = 'traveller_receivable')"
"""Those of which anything ever was owed after the trip: few, and found by the index of that account."""
_MAY_BE_DUE = f"({_OPEN_STATE} OR {_OWING})"
_DUE = (
    f"(CASE WHEN {_OPEN_STATE} THEN max(b.price - {_FUNDS}, 0) ELSE 0 END "
    f"+ CASE WHEN {_OWING} THEN {_OWED} ELSE 0 END)"
)
_LAST = "(SELECT p.state FROM payments p WHERE p.sale_id = b.sale_id ORDER BY p.id DESC LIMIT 1)"
_BY_PAYMENT = " ".join(f"WHEN '{last}' THEN '{word}'" for last, word in PENDING_BY_PAYMENT.items())
_STATUS = (
    f"CASE WHEN b.state <> 'pending' THEN b.state ELSE CASE {_LAST} {_BY_PAYMENT} ELSE 'pending' END END"
)
"""As `domain.states.booking_status`."""
_PAX = "(SELECT count(*) FROM booking_lines l WHERE l.booking_id = b.id AND l.ended_at IS NULL)"
_ACT = f"b.state = 'pending' OR {_DUE} > 0"
_OPEN = "p.state IN ({})".format(", ".join(f"'{state}'" for state in open_states(PaymentState)))
_BACK = "(SELECT coalesce(sum(r.amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.state <> 'failed')"
_HAS_BACK = "p.id IN (SELECT payment_id FROM refunds)"


def _booking(row: Sequence[Any]) -> BookingListRow:
    currency = row[12]
    return BookingListRow(
        id=UUID(row[0]),
        reference=row[1],
        sale_id=UUID(row[2]),
        sale_reference=row[3],
        traveller=row[4],
        trip=row[5],
        vendor=row[6],
        departs=utc_moment(row[7]),
        zone=row[8],
        pax=row[9],
        status=row[10],
        total=Money(row[11], currency),
        due=Money(row[13], currency) if row[13] else None,
        booked=utc_moment(row[14]),
        balance_due_at=utc_moment(row[15]) if row[13] and row[15] is not None else None,
    )


def _overdue(now: object) -> Condition:
    """Something is due whose last day was over at that moment."""
    return Condition(f"b.state = 'confirmed' AND b.balance_due_at <= ? AND {_DUE} > 0", (stored(now),))


BOOKINGS: ListSpec[BookingListRow] = ListSpec(
    table="bookings b",
    key="b.rowid",
    id="b.id",
    columns=(
        "b.id",
        "b.reference",
        "b.sale_id",
        "s.reference",
        "t.name",
        "r.title",
        "v.name",
        "d.starts_at",
        "d.zone",
        _PAX,
        _STATUS,
        "b.price",
        "b.currency",
        _DUE,
        "b.created_at",
        "b.balance_due_at",
    ),
    make=_booking,
    joins=(
        Join("s", "JOIN sales s ON s.id = b.sale_id"),
        Join("t", "JOIN travellers t ON t.id = b.traveller_id"),
        Join("r", "JOIN trips r ON r.id = b.trip_id"),
        Join("v", "JOIN vendors v ON v.id = b.vendor_id"),
        Join("d", "JOIN departures d ON d.id = b.departure_id"),
    ),
    sortable={
        "reference": "b.reference",
        "traveller": "t.search",
        "trip": "r.search",
        "vendor": "v.name COLLATE NOCASE",
        "departs": "d.starts_at",
        "pax": _PAX,
        "status": "b.state",
        "total": "b.price",
        "booked": "b.created_at",
        "balance": "b.balance_due_at",
    },
    order="booked",
    order_descending=True,
    filters={
        "state": one_of("b.state"),
        "overdue": _overdue,
        "departs": between("d.starts_at"),
        "booked": between("b.created_at"),
        "vendor": equals("b.vendor_id"),
        "traveller": equals("b.traveller_id"),
        "departure": equals("b.departure_id"),
        "sale": equals("b.sale_id"),
        "act": holds(_ACT),
        "owed": holds(f"{_OWING} AND {_OWED} > 0"),
    },
    search=Search(
        Source(
            texts=("t.search",),
            owner="travellers t",
            link=("b.traveller_id", "t.id"),
            rows="CROSS JOIN bookings b ON b.traveller_id = t.id",
            index="traveller_words",
        ),
        Source(
            texts=("r.search",),
            owner="trips r",
            link=("b.trip_id", "r.id"),
            rows="CROSS JOIN bookings b ON b.trip_id = r.id",
        ),
        Source(
            texts=("b.reference", "s.reference"),
            owner="bookings b",
            link=("b.rowid", "b.rowid"),
            index="reference_words",
            plain=True,
        ),
        fold=fold,
    ),
    sums={"total": SumOf("b.price", "b.currency"), "due": SumOf(_DUE, "b.currency", _MAY_BE_DUE)},
)


def _payment(row: Sequence[Any]) -> PaymentListRow:
    currency = row[10]
    amount, refunded = row[9], row[11]
    status = "refunded" if row[7] == "completed" and refunded == amount else row[7]
    return PaymentListRow(
        id=UUID(row[0]),
        sale_id=UUID(row[1]),
        sale_reference=row[2],
        traveller=row[3],
        way=row[4],
        label=row[5],
        at=utc_moment(row[6]),
        status=status,
        code=row[8],
        amount=Money(amount, currency),
        refunded=Money(refunded, currency) if refunded else None,
        provider_ref=row[12],
    )


PAYMENTS: ListSpec[PaymentListRow] = ListSpec(
    table="payments p",
    key="p.rowid",
    id="p.id",
    columns=(
        "p.id",
        "p.sale_id",
        "s.reference",
        "t.name",
        "p.way",
        "p.label",
        "p.created_at",
        "p.state",
        "p.decline_code",
        "p.amount",
        "p.currency",
        _BACK,
        "p.provider_ref",
    ),
    make=_payment,
    joins=(
        Join("s", "JOIN sales s ON s.id = p.sale_id"),
        Join("t", "JOIN travellers t ON t.id = s.traveller_id"),
    ),
    sortable={
        "at": "p.created_at",
        "sale": "s.reference",
        "traveller": "t.search",
        "way": "p.way",
        "status": "p.state",
        "amount": "p.amount",
    },
    order="at",
    order_descending=True,
    filters={
        "state": one_of("p.state"),
        "way": one_of("p.way"),
        "at": between("p.created_at"),
        "sale": equals("p.sale_id"),
        "traveller": equals("s.traveller_id"),
        "act": holds(_OPEN),
    },
    search=Search(
        Source(
            texts=("t.search",),
            owner="travellers t",
            link=("s.traveller_id", "t.id"),
            rows="CROSS JOIN sales s ON s.traveller_id = t.id CROSS JOIN payments p ON p.sale_id = s.id",
            index="traveller_words",
        ),
        Source(
            texts=("s.reference",),
            owner="bookings k",
            link=("p.sale_id", "k.sale_id"),
            rows="CROSS JOIN payments p ON p.sale_id = k.sale_id",
            index="reference_words",
        ),
        Source(
            texts=("p.label", "p.provider_ref"),
            owner="payments p",
            link=("p.rowid", "p.rowid"),
            long=True,
        ),
        fold=fold,
    ),
    sums={"amount": SumOf("p.amount", "p.currency"), "refunded": SumOf(_BACK, "p.currency", _HAS_BACK)},
)

_UNPAID = f"(CASE WHEN {_OPEN_STATE} THEN max(b.price - {_FUNDS}, 0) ELSE 0 END)"
BOOKINGS_OF_VENDOR: ListSpec[BookingListRow] = replace(
    BOOKINGS,
    columns=tuple(_UNPAID if column == _DUE else column for column in BOOKINGS.columns),
    filters={
        **BOOKINGS.filters,
        "overdue": lambda now: Condition(
            f"b.state = 'confirmed' AND b.balance_due_at <= ? AND {_UNPAID} > 0", (stored(now),)
        ),
        "act": holds(f"b.state = 'pending' OR {_UNPAID} > 0"),
        "owed": holds("0"),
    },
    sums={**BOOKINGS.sums, "due": SumOf(_UNPAID, "b.currency", _OPEN_STATE)},
)
"""The same for a vendor's person. What is owed after the trip, and written off, is between agency and traveller."""

VENDOR_SCOPE = equals("b.vendor_id")
"""What a vendor's person may see of the bookings at all."""
