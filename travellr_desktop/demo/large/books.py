"""What happens at the desk, written as the services write it, a transaction of theirs an op: the same rows, changes,
ledger, audit and events. A test holds both against each other, row for row.

What is not written is what would be gone by now: keys of commands after a day, events after thirty days.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from travellr_desktop.demo.large.names import Person
from travellr_desktop.domain import cancellation, ledger
from travellr_desktop.domain.cancellation import Policy
from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent, chain_hash
from travellr_desktop.domain.money import Money, round_ratio, share
from travellr_desktop.domain.party import Party, TravellerType
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.bulk import BulkFile
from travellr_desktop.storage.commits import Commit

HELD = timedelta(minutes=15)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_SEATED = "UPDATE {0} SET {1}, version = version + 1 WHERE id = ?"


@dataclass(slots=True)
class TripFacts:
    """What a sale needs to know of a trip."""

    id: str
    vendor_id: str
    currency: str
    zone: str
    duration: timedelta
    tax_bps: int
    deposit_bps: int
    commission_bps: int
    holdback_days: int
    policy_text: str
    policy: Policy
    prices: dict[TravellerType, int]
    takes_seat: dict[TravellerType, bool]


@dataclass(slots=True)
class Slot:
    """A departure, and the seats that are free on it."""

    id: str
    grant_id: str
    trip: TripFacts
    starts_at: datetime
    ends_at: datetime
    cutoff_at: datetime
    day: str
    time: str
    capacity: int
    free: int
    going: list[Booked] = field(default_factory=list)


@dataclass(slots=True)
class Booked:
    """A booking that stands."""

    id: str
    reference: str
    sale_id: str
    payment_id: str
    slot: Slot
    price: int
    seats: int
    at: datetime
    line_ids: list[str]
    sitting: list[bool]


@dataclass(frozen=True, slots=True)
class Item:
    """What is sold of one departure: the hold that is used up, and names and ages in the order of the party."""

    slot: Slot
    party: Party
    seats: int
    hold: str
    held_at: datetime
    named: Sequence[tuple[str, int | None]]


class Books:
    """Writes into a file whose agency, staff and trips are there. `told_after`: earlier events are left out.
    `worker` stands for the program that did it. Moments rise from call to call."""

    def __init__(self, file: BulkFile, rng: Random, *, worker: str, told_after: datetime) -> None:
        self._file = file
        self._rng = rng
        self._worker = worker
        self._told_after = told_after
        self._untold: list[tuple[Any, ...]] = []
        self._tick = 0
        self._numbers: dict[tuple[str, int], tuple[str, int]] = {}
        self._codes: set[str] = set()
        (self._desk,) = file.rows("SELECT desk_id FROM this_desk")[0]
        last = file.rows(
            "SELECT seq, hash FROM ledger WHERE desk_id = ? ORDER BY seq DESC LIMIT 1", self._desk
        )
        self._seq, self._hash = last[0] if last else (0, ledger.CHAIN_START)
        for series, kind, year, following in file.rows("SELECT id, kind, year, next FROM number_series"):
            self._numbers[kind, year] = series, following
        self._sql = {table: file.insert(table, columns) for table, columns in _COLUMNS.items()}

    # who buys, and what is sold

    def traveller(self, at: datetime, actor: str, person: Person) -> str:
        now, traveller = utc_text(at), self._id(at)
        values: tuple[Any, ...] = (traveller, 1, person.name, person.email, person.phone, None, "", "", "")
        values += (person.search, person.name_key, person.phone_key, now, None)
        self._add("travellers", values)
        self._audit(at, now, actor, "traveller.create", "traveller", traveller, {})
        self._tell(at, now, "TravellerChanged", traveller, {"change": "created"})
        self._seal(Commit.TRAVELLER_SAVE, actor, now)
        return traveller

    def departures(self, at: datetime, actor: str, trip: TripFacts, slots: Sequence[Slot]) -> None:
        """Departures of a trip, with this desk's grants; their ids are given here."""
        now = utc_text(at)
        for slot in slots:
            slot.id, slot.grant_id = self._id(at), self._id(at)
            starts, ends, cutoff = (utc_text(one) for one in (slot.starts_at, slot.ends_at, slot.cutoff_at))
            values = (slot.id, 1, trip.id, starts, ends, cutoff, trip.zone, slot.day, slot.time)
            self._add("departures", (*values, slot.capacity, "open", "", "", None, None))
            detail = {"trip_id": _dashed(trip.id), "vendor_id": _dashed(trip.vendor_id), "state": "open"}
            self._tell(at, now, "DepartureChanged", slot.id, detail)
        for slot in slots:
            self._add("grants", (slot.grant_id, 1, slot.id, self._desk, slot.capacity))
        self._audit(at, now, actor, "departures.create", "trip", trip.id, {"count": len(slots)})
        self._seal(Commit.CATALOGUE_SAVE, actor, now)

    # a sale

    def hold(self, at: datetime, actor: str, slot: Slot, party: Party, seats: int) -> str:
        """Seats set aside; returns the hold's id."""
        now, hold = utc_text(at), self._id(at)
        counts = {kind.value: count for kind, count in party.counts().items()}
        values = (hold, 1, slot.id, slot.grant_id, seats, json.dumps(counts), "active", utc_text(at + HELD))
        self._add("holds", (*values, now, actor, "hold", None, "", None, None, "[]"))
        self._hold_changed(at, now, hold, slot, seats, "active", at + HELD)
        self._seal(Commit.HOLD_TAKE, actor, now)
        return hold

    def sell(
        self,
        at: datetime,
        actor: str,
        buyer: str,
        items: Sequence[Item],
    ) -> list[Booked]:
        """A sale paid in cash."""
        now, sale = utc_text(at), self._id(at)
        (reference,), references = self._numbers_of(at, "SA", 1), self._numbers_of(at, "BK", len(items))
        currency = items[0].slot.trip.currency
        for item in items:
            self._set("holds", "state = 'consumed'", item.hold)
        self._add("sales", (sale, 1, reference, self._desk, buyer, currency, now, actor))
        made = [
            self._book(at, now, sale, buyer, item, number)
            for item, number in zip(items, references, strict=True)
        ]
        for booked, item in zip(made, items, strict=True):
            self._seat(at, booked, item)
        payment, amount = self._id(at), sum(booked.price for booked in made)
        for booked in made:
            booked.payment_id = payment
        values = (
            payment,
            1,
            sale,
            "cash",
            amount,
            currency,
            "completed",
            None,
            "Cash",
            None,
            None,
            now,
            actor,
        )
        self._add("payments", (*values, now, 0, None, None))
        for booked in made:
            self._add("payment_shares", (self._id(at), 1, payment, booked.id, booked.price))
        parts = {UUID(booked.id): Money(booked.price, currency) for booked in made}
        self._post(at, ledger.payment_entries(parts, into=Account.TILL), payment=payment)
        detail = {"way": "cash", "amount": amount, "sale": reference}
        self._audit(at, now, actor, "payment.take", "payment", payment, detail)
        if at > self._told_after:
            self._tell_sold(at, now, buyer, made, items, payment, amount)
        self._seal(Commit.SALE_PLACE, actor, now)
        return made

    def _book(self, at: datetime, now: str, sale: str, buyer: str, item: Item, reference: str) -> Booked:
        slot, trip = item.slot, item.slot.trip
        price, booking = sum(trip.prices[kind] for kind in item.party), self._id(at)
        tax = round_ratio(price * trip.tax_bps, 10_000 + trip.tax_bps)
        values: tuple[Any, ...] = (
            booking,
            1,
            reference,
            self._code(),
            sale,
            slot.id,
            trip.id,
            trip.vendor_id,
        )
        values += (buyer, slot.grant_id, item.hold, "confirmed", trip.currency, price, tax, trip.tax_bps)
        values += (share(price, trip.deposit_bps), trip.commission_bps, trip.holdback_days, trip.policy_text)
        self._add("bookings", (*values, now, now, None, ""))
        return Booked(booking, reference, sale, "", slot, price, item.seats, at, [], [])

    def _seat(self, at: datetime, booked: Booked, item: Item) -> None:
        trip = item.slot.trip
        for position, (kind, (name, age)) in enumerate(zip(item.party, item.named, strict=True), 1):
            line, sits = self._id(at), trip.takes_seat[kind]
            booked.line_ids.append(line)
            booked.sitting.append(sits)
            values = (line, 1, booked.id, position, name, kind.value, age, trip.prices[kind], int(sits))
            self._add("booking_lines", (*values, int(sits), 0, 0, None, 0, None, 0))

    def _tell_sold(
        self,
        at: datetime,
        now: str,
        buyer: str,
        made: Sequence[Booked],
        items: Sequence[Item],
        payment: str,
        amount: int,
    ) -> None:
        currency, sale = items[0].slot.trip.currency, _dashed(made[0].sale_id)
        for booked, item in zip(made, items, strict=True):
            told = self._of(booked) | {"traveller_id": _dashed(buyer), "pax": len(item.named)}
            self._tell(at, now, "BookingCreated", booked.id, told | {"price": _money(booked.price, currency)})
        paid = {"sale_id": sale, "state": "completed", "amount": _money(amount, currency), "way": "cash"}
        self._tell(at, now, "PaymentProcessed", payment, paid | {"decline_code": None})
        for booked, item in zip(made, items, strict=True):
            self._hold_changed(at, now, item.hold, item.slot, item.seats, "consumed", item.held_at + HELD)
            self._tell(at, now, "BookingConfirmed", booked.id, self._of(booked))

    @staticmethod
    def _of(booked: Booked) -> dict[str, Any]:
        """What events say of a booking."""
        return {
            "reference": booked.reference,
            "sale_id": _dashed(booked.sale_id),
            "departure_id": _dashed(booked.slot.id),
            "vendor_id": _dashed(booked.slot.trip.vendor_id),
        }

    # how it ends

    def cancel(self, at: datetime, actor: str, booked: Booked, reason: str) -> None:
        """By the policy; what goes back is handed over in cash."""
        now, slot, trip = utc_text(at), booked.slot, booked.slot.trip
        quote = cancellation.quote(
            trip.policy,
            price=booked.price,
            deposit=share(booked.price, trip.deposit_bps),
            paid=booked.price,
            currency=trip.currency,
            departs_at=slot.starts_at,
            zone=trip.zone,
            booked_at=booked.at,
            now=at,
        )
        self._set("bookings", "state = 'cancelled', ended_at = ?, end_reason = ?", now, reason, booked.id)
        for line, sits in zip(booked.line_ids, booked.sitting, strict=True):
            if sits:
                self._set("booking_lines", "occupies = 0", line)
        entries = ledger.cancellation_entries(
            quote,
            commission_bps=trip.commission_bps,
            booking_id=UUID(booked.id),
            vendor_id=UUID(trip.vendor_id),
            available_at=slot.ends_at + timedelta(days=trip.holdback_days),
            price=max(booked.price, quote.kept),
        )
        self._post(at, entries)
        told: dict[str, Any] = {"reference": booked.reference, "sale_id": _dashed(booked.sale_id)}
        told |= {"departure_id": _dashed(slot.id), "vendor_id": _dashed(trip.vendor_id), "reason": reason}
        told |= {"kept": _money(quote.kept, trip.currency), "back": _money(quote.back, trip.currency)}
        self._tell(at, now, "BookingCancelled", booked.id, told)
        if quote.back:
            self._refund(at, now, actor, booked, quote.back, reason)
        detail = {"reason": reason, "kept": quote.kept, "back": quote.back, "policy": trip.policy.code}
        self._audit(at, now, actor, "booking.cancel", "booking", booked.id, detail)
        self._seal(Commit.BOOKING_CANCEL, actor, now)
        slot.free += booked.seats

    def _refund(self, at: datetime, now: str, actor: str, booked: Booked, back: int, reason: str) -> None:
        refund, currency = self._id(at), booked.slot.trip.currency
        values = (refund, 1, booked.id, booked.payment_id, back, currency, "approved", reason, None, None)
        self._add("refunds", (*values, now, actor, None, None, 0, None, self._worker))
        self._set("refunds", "state = 'completed', ended_at = ?, worker = NULL", now, refund)
        amount = Money(back, currency)
        entry = ledger.refund_accepted_entry(amount, out_of=Account.TILL, booking_id=UUID(booked.id))
        self._post(at, (entry,), payment=booked.payment_id, refund=refund)
        told: dict[str, Any] = {"payment_id": _dashed(booked.payment_id), "booking_id": _dashed(booked.id)}
        self._tell(
            at,
            now,
            "RefundProcessed",
            refund,
            told | {"state": "completed", "amount": _money(back, currency)},
        )

    def absent(self, at: datetime, actor: str, booked: Booked) -> None:
        """Nobody of a booking came."""
        now, slot = utc_text(at), booked.slot
        for line in booked.line_ids:
            self._set("booking_lines", "absent = 1", line)
        positions = {"travellers": list(range(1, len(booked.line_ids) + 1))}
        self._audit(at, now, actor, "manifest.absent", "booking", booked.id, positions)
        told: dict[str, Any] = {
            "what": "manifest",
            "departure_id": _dashed(slot.id),
            "vendor_id": _dashed(slot.trip.vendor_id),
        }
        self._tell(at, now, "BookingChanged", booked.id, told)
        self._seal(Commit.CHECK_IN, actor, now)

    def close(self, at: datetime, actor: str, slot: Slot, absent: set[str]) -> None:
        """The manifest of a departure: bookings in `absent` are a no-show, the others completed."""
        now, trip = utc_text(at), slot.trip
        self._set("departures", "state = 'done'", slot.id)
        for booked in slot.going:
            no_show = booked.id in absent
            state = "no_show" if no_show else "completed"
            self._set("bookings", f"state = '{state}', ended_at = ?", now, booked.id)
            price = Money(booked.price, trip.currency)
            entries = ledger.done_entries(
                LedgerEvent.NO_SHOW if no_show else LedgerEvent.TRIP_DONE,
                price=price,
                paid=price,
                commission_bps=trip.commission_bps,
                booking_id=UUID(booked.id),
                vendor_id=UUID(trip.vendor_id),
                available_at=slot.ends_at + timedelta(days=trip.holdback_days),
            )
            self._post(at, entries)
            told: dict[str, Any] = {"reference": booked.reference, "departure_id": _dashed(slot.id)}
            told |= {"vendor_id": _dashed(trip.vendor_id), "no_show": no_show}
            self._tell(at, now, "BookingCompleted", booked.id, told)
        missing = sum(booked.id in absent for booked in slot.going)
        detail = {"completed": len(slot.going) - missing, "no_show": missing}
        self._audit(at, now, actor, "manifest.close", "departure", slot.id, detail)
        told = {
            "trip_id": _dashed(trip.id),
            "vendor_id": _dashed(trip.vendor_id),
            "state": "done",
        }
        self._tell(at, now, "DepartureChanged", slot.id, told)
        self._seal(Commit.MANIFEST_CLOSE, actor, now)
        slot.going.clear()

    # what all of them do

    def _add(self, table: str, values: tuple[Any, ...]) -> None:
        self._file.execute(self._sql[table], values)

    def _set(self, table: str, what: str, *values: Any) -> None:
        self._file.execute(_SEATED.format(table, what), values)

    def _audit(
        self, at: datetime, now: str, actor: str, action: str, entity: str, of: str, detail: Any
    ) -> None:
        self._add("audit", (self._id(at), 1, now, actor, action, entity, of, json.dumps(detail)))

    def _hold_changed(
        self, at: datetime, now: str, hold: str, slot: Slot, seats: int, state: str, expires: datetime
    ) -> None:
        told: dict[str, Any] = {"departure_id": _dashed(slot.id), "seats": seats, "state": state}
        self._tell(at, now, "HoldChanged", hold, told | {"expires_at": expires.isoformat()})

    def _tell(self, at: datetime, now: str, name: str, of: str, payload: dict[str, Any]) -> None:
        if at > self._told_after:
            self._untold.append((self._id(at), name, of, now, json.dumps(payload), now, self._worker))

    def _seal(self, name: Commit, actor: str, now: str) -> None:
        if self._untold:
            self._file.many(self._sql["outbox_events"], self._untold)
            self._untold.clear()
        self._file.seal(name, actor, now)

    def _post(
        self, at: datetime, entries: Sequence[Entry], payment: str | None = None, refund: str | None = None
    ) -> None:
        for entry in entries:
            self._seq += 1
            row = {
                "id": UUID(self._id(at)),
                "desk_id": UUID(self._desk),
                "seq": self._seq,
                "event": entry.event,
                "debit": entry.debit,
                "credit": entry.credit,
                "amount": entry.amount.minor,
                "currency": entry.amount.currency,
                "booking_id": entry.booking_id,
                "vendor_id": entry.vendor_id,
                "payment_id": UUID(payment) if payment else None,
                "refund_id": UUID(refund) if refund else None,
                "at": at,
                "available_at": entry.available_at,
            }
            before, self._hash = self._hash, chain_hash(self._hash, row)
            self._add("ledger", (*(_stored(value) for value in row.values()), before, self._hash, 1))

    def _numbers_of(self, at: datetime, kind: str, count: int) -> list[str]:
        """The next references of a series."""
        year = at.year
        if (kind, year) not in self._numbers:
            series, number = self._id(at), 1
            self._add("number_series", (series, 1, self._desk, kind, year, 1, 999_999, 1 + count))
        else:
            series, number = self._numbers[kind, year]
            self._set("number_series", "next = ?", number + count, series)
        self._numbers[kind, year] = series, number + count
        return [f"{kind}-{year}-{one:06d}" for one in range(number, number + count)]

    def _code(self) -> str:
        while True:
            number = self._rng.getrandbits(40)
            letters = "".join(_LETTERS[number >> 5 * place & 31] for place in range(8))
            code = f"{letters[:4]}-{letters[4:]}"
            if code not in self._codes:
                self._codes.add(code)
                return code

    def _id(self, at: datetime) -> str:
        """A UUIDv7 of that moment, greater than every one before."""
        self._tick = max(int(at.timestamp() * 1000) << 12, self._tick + 1)
        value = (self._tick >> 12) << 80 | 0x7 << 76 | (self._tick & 0xFFF) << 64 | 0b10 << 62
        return f"{value | self._rng.getrandbits(62):032x}"


_COLUMNS = {
    "travellers": ("id", "version", "name", "email", "phone", "born", "language", "address", "country", "search",
                   "name_key", "phone_key", "created_at", "merged_into"),
    "departures": ("id", "version", "trip_id", "starts_at", "ends_at", "cutoff_at", "zone", "local_day", "local_time",
                   "capacity", "state", "stop_reason", "note", "series_id", "plan_id"),
    "grants": ("id", "version", "departure_id", "desk_id", "seats"),
    "holds": ("id", "version", "departure_id", "grant_id", "seats", "party", "state", "expires_at", "created_at",
              "created_by", "kind", "traveller_id", "note", "remind_at", "reminded_at", "labels"),
    "sales": ("id", "version", "reference", "desk_id", "traveller_id", "currency", "created_at", "created_by"),
    "bookings": ("id", "version", "reference", "voucher_code", "sale_id", "departure_id", "trip_id", "vendor_id",
                 "traveller_id", "grant_id", "hold_id", "state", "currency", "price", "tax", "tax_bps", "deposit",
                 "commission_bps", "holdback_days", "policy", "created_at", "confirmed_at", "ended_at", "end_reason"),
    "booking_lines": ("id", "version", "booking_id", "position", "name", "traveller_type", "age", "price",
                      "takes_seat", "occupies", "discount", "own_discount", "ended_at", "kept", "checked_in_at",
                      "absent"),
    "payments": ("id", "version", "sale_id", "way", "amount", "currency", "state", "provider_ref", "label",
                 "decline_code", "decline_message", "created_at", "created_by", "ended_at", "reads", "next_read_at",
                 "worker"),
    "payment_shares": ("id", "version", "payment_id", "booking_id", "amount"),
    "refunds": ("id", "version", "booking_id", "payment_id", "amount", "currency", "state", "reason", "provider_ref",
                "failure", "created_at", "created_by", "first_sent_at", "ended_at", "reads", "next_read_at", "worker"),
    "ledger": ("id", "desk_id", "seq", "event", "debit", "credit", "amount", "currency", "booking_id", "vendor_id",
               "payment_id", "refund_id", "at", "available_at", "prev_hash", "hash", "version"),
    "audit": ("id", "version", "at", "actor_id", "action", "entity", "entity_id", "detail"),
    "number_series": ("id", "version", "desk_id", "kind", "year", "first", "last", "next"),
    "outbox_events": ("id", "event_name", "aggregate_id", "timestamp", "payload", "published_at", "worker"),
}  # fmt: skip


def _dashed(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def _money(minor: int, currency: str) -> dict[str, Any]:
    return {"minor": minor, "currency": currency}


def _stored(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return utc_text(value)
    return value.value if isinstance(value, (Account, LedgerEvent)) else value
