"""What is done hundreds of times a day, by hand-written statements: seats are held, held seats are sold.

One statement reads all that a hold or a sale is decided by, one a table writes it. The rows are those that the models
describe, and the file's triggers and constraints watch them as they watch the ORM's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import BookingState, HoldKind, HoldState, PaymentState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import ChangedMeanwhile, NotFound, NumbersUsedUp
from travellr_desktop.storage.repositories.on_sale import (
    HELD,
    ON_SALE,
    Buyer,
    Held,
    OnSale,
    buyer_of,
    held_of,
    offer_of,
)
from travellr_desktop.storage.repositories.people import BLOCK
from travellr_desktop.storage.rows import Insert, plain, plain_all


@dataclass(frozen=True, slots=True)
class NewHold:
    id: UUID
    departure_id: UUID
    grant_id: UUID
    seats: int
    party: dict[str, int]
    expires_at: datetime
    created_at: datetime
    created_by: UUID | None
    state: HoldState = HoldState.ACTIVE
    kind: HoldKind = HoldKind.HOLD
    note: str = ""
    labels: str = "[]"


@dataclass(frozen=True, slots=True)
class NewSale:
    id: UUID
    reference: str
    desk_id: UUID
    traveller_id: UUID
    currency: str
    created_at: datetime
    created_by: UUID | None


@dataclass(frozen=True, slots=True)
class NewBooking:
    """Written while it is pending."""

    id: UUID
    reference: str
    voucher_code: str
    sale_id: UUID
    departure_id: UUID
    trip_id: UUID
    vendor_id: UUID
    traveller_id: UUID
    grant_id: UUID
    hold_id: UUID
    state: BookingState
    currency: str
    price: int
    tax: int
    tax_bps: int
    deposit: int
    balance_due_at: datetime | None
    commission_bps: int
    holdback_days: int
    policy: str
    created_at: datetime
    confirmed_at: datetime | None
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class NewLine:
    id: UUID
    booking_id: UUID
    position: int
    name: str
    traveller_type: TravellerType
    age: int | None
    price: int
    discount: int
    own_discount: int
    takes_seat: bool
    occupies: bool = False
    kept: int = 0
    absent: bool = False


@dataclass(frozen=True, slots=True)
class NewPayment:
    """Written as it begins, with the program that is at it."""

    id: UUID
    sale_id: UUID
    way: Way
    amount: int
    currency: str
    state: PaymentState
    label: str
    created_at: datetime
    created_by: UUID | None
    ended_at: datetime | None
    worker: str | None
    decline_code: str | None = None
    reads: int = 0
    link_expires_at: datetime | None = None
    reader_ref: str | None = None
    keeps_card: bool = False
    customer_ref: str | None = None
    card_ref: str | None = None
    desk_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewShare:
    id: UUID
    payment_id: UUID
    booking_id: UUID
    amount: int


_HOLDS = Insert("holds", NewHold)
_SALES = Insert("sales", NewSale)
_BOOKINGS = Insert("bookings", NewBooking)
_LINES = Insert("booking_lines", NewLine)
_PAYMENTS = Insert("payments", NewPayment)
_SHARES = Insert("payment_shares", NewShare)
_GIVEN = "IN (SELECT value FROM json_each(?))"
_COMPLETE = (
    "UPDATE payments SET state = 'completed', label = ?, ended_at = ?, worker = NULL, version = version + 1 "
    "WHERE id = ? AND state = 'created'"
)
_CONSUME = (
    f"UPDATE holds SET state = 'consumed', version = version + 1 WHERE id {_GIVEN} AND state = 'active'"
)
_SIT = (
    "UPDATE booking_lines SET occupies = 1, version = version + 1 "
    f"WHERE booking_id {_GIVEN} AND takes_seat AND NOT occupies AND ended_at IS NULL"
)
_CONFIRM = (
    "UPDATE bookings SET state = 'confirmed', confirmed_at = ?, version = version + 1 "
    f"WHERE id {_GIVEN} AND state = 'pending'"
)
_KEEP = "UPDATE holds SET expires_at = ?, version = version + 1 WHERE id = ? AND state = 'active' AND expires_at < ?"
_NUMBERS = """
UPDATE number_series SET next = next + (SELECT value FROM json_each(:counts) WHERE key = kind), version = version + 1
WHERE desk_id = :desk AND year = :year AND kind IN (SELECT key FROM json_each(:counts))
  AND next + (SELECT value FROM json_each(:counts) WHERE key = kind) <= last + 1
  AND first = (SELECT min(s.first) FROM number_series s WHERE s.desk_id = number_series.desk_id
    AND s.year = number_series.year AND s.kind = number_series.kind
    AND s.next + (SELECT value FROM json_each(:counts) WHERE key = s.kind) <= s.last + 1)
RETURNING kind, next
"""


_NEXT_BLOCK = "SELECT max(last) + 1 FROM number_series WHERE kind = ? AND year = ?"


@dataclass(frozen=True, slots=True)
class _NewSeries:
    id: UUID
    desk_id: UUID
    kind: str
    year: int
    first: int
    last: int
    next: int


_SERIES = Insert("number_series", _NewSeries)


class SellingRepository:
    """Within one transaction. What the caller changed on rows of the session is flushed by then."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def on_sale(self, departure_id: UUID) -> OnSale:
        """A departure as it is sold. Raises `NotFound`."""
        found = self._connection.exec_driver_sql(ON_SALE, (departure_id.hex,)).scalar()
        if found is None:
            raise NotFound("There is no such departure.")
        return offer_of(json.loads(found))

    def held(
        self, hold_ids: Sequence[UUID], buyer_id: UUID | None = None
    ) -> tuple[tuple[Held, ...], Buyer | None]:
        """The holds in the order of their ids, and who buys: for a record that was merged the one it was merged into,
        None where nobody is there. Raises `NotFound` where a hold is not."""
        rows = self._connection.exec_driver_sql(HELD, (*plain_all(buyer_id), _ids(hold_ids))).all()
        if len(rows) != len(hold_ids):
            raise NotFound("There is no such hold.")
        found = {held.id: held for held in (held_of(json.loads(row[0]), json.loads(row[2])) for row in rows)}
        buyer = rows[0][1] if rows else None
        return tuple(found[hold_id] for hold_id in hold_ids), None if buyer is None else buyer_of(buyer)

    def hold(self, hold: NewHold) -> None:
        """Set seats aside; the database refuses more than the grant has left (`SeatsGone`)."""
        _HOLDS.write(self._connection, hold)

    def keep_until(self, moment: datetime, *hold_ids: UUID) -> None:
        """Active holds last until then, where they would have ended before."""
        until = plain(moment)
        for hold_id in hold_ids:
            self._connection.exec_driver_sql(_KEEP, (until, hold_id.hex, until))

    def place(self, sale: NewSale, bookings: Sequence[NewBooking], lines: Sequence[NewLine]) -> None:
        """Write a sale."""
        _SALES.write(self._connection, sale)
        _BOOKINGS.write(self._connection, *bookings)
        _LINES.write(self._connection, *lines)

    def pay(self, payment: NewPayment, shares: Sequence[NewShare]) -> None:
        """Write a payment and what of it is for each booking."""
        _PAYMENTS.write(self._connection, payment)
        _SHARES.write(self._connection, *shares)

    def complete(self, payment: NewPayment) -> None:
        """Write that a payment that was just begun has come in, as `payment` says. Raises `ChangedMeanwhile`."""
        self._must(1, _COMPLETE, plain_all(payment.label, payment.ended_at, payment.id))

    def confirm(self, bookings: Sequence[NewBooking], lines: Sequence[NewLine]) -> None:
        """Write that bookings that were just placed are confirmed, as each of them says, all at once: their holds stop
        counting before the lines that sit begin to. Raises `ChangedMeanwhile` where one of them, of its holds or its
        travellers is not as it was."""
        ids, holds = _ids(booking.id for booking in bookings), _ids(booking.hold_id for booking in bookings)
        self._must(len(bookings), _CONSUME, (holds,))
        self._must(sum(line.takes_seat for line in lines), _SIT, (ids,))
        self._must(len(bookings), _CONFIRM, (plain(bookings[0].confirmed_at), ids))

    def _must(self, rows: int, statement: str, values: Sequence[Any]) -> None:
        if self._connection.exec_driver_sql(statement, tuple(values)).rowcount != rows:
            raise ChangedMeanwhile("Something of this sale was changed in the meantime.")

    def take_numbers(self, desk_id: UUID, year: int, counts: Mapping[str, int]) -> dict[str, list[str]]:
        """The next references of each series, as many as asked: `BK-2026-001234`. Raises `NumbersUsedUp` at a desk of
        several that has none left."""
        asked = {"counts": json.dumps(counts), "desk": desk_id.hex, "year": year}
        rows = self._connection.exec_driver_sql(_NUMBERS, asked)
        after: dict[str, int] = {row[0]: row[1] for row in rows}
        for kind in sorted(counts.keys() - after.keys()):  # the first of the year
            if self._connection.exec_driver_sql("SELECT hub_id FROM this_desk").scalar() is not None:
                raise NumbersUsedUp(kind, year)
            # after what others gave out, where it has left them
            first = self._connection.exec_driver_sql(_NEXT_BLOCK, (kind, year)).scalar() or 1
            after[kind] = first + counts[kind]
            block = _NewSeries(new_id(), desk_id, kind, year, first, first + BLOCK - 1, after[kind])
            _SERIES.write(self._connection, block)
        return {
            kind: [f"{kind}-{year}-{number:06}" for number in range(after[kind] - count, after[kind])]
            for kind, count in counts.items()
        }


def _ids(ids: Iterable[UUID]) -> str:
    return json.dumps([each.hex for each in ids])
