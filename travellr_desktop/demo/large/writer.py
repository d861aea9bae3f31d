"""How rows of a generated file are written: ids, numbers, codes, the ledger's chain, audit, events, ops."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Entry, chain_hash
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.bulk import BulkFile
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.seal import SEALED_BY

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_SET = "UPDATE {0} SET {1}, version = version + 1 WHERE id = ?"


class Writer:
    """Writes into one file; what its rows say is up to `Books`."""

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
        self._sql = {
            table: file.insert(table, columns, _ASKED.get(table, {})) for table, columns in _COLUMNS.items()
        }

    def _add(self, table: str, values: tuple[Any, ...]) -> None:
        self._file.execute(self._sql[table], values)

    def _set(self, table: str, what: str, *values: Any) -> None:
        self._file.execute(_SET.format(table, what), values)

    def _audit(
        self, at: datetime, now: str, actor: str, action: str, entity: str, of: str, detail: Any
    ) -> None:
        self._add("audit", (self._id(at), 1, now, actor, action, entity, of, json.dumps(detail)))

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
        now, moment = utc_text(at), at.isoformat(timespec="microseconds")
        for entry in entries:
            self._seq += 1
            key, amount = self._id(at), entry.amount
            booking = entry.booking_id.hex if entry.booking_id else None
            vendor = entry.vendor_id.hex if entry.vendor_id else None
            due = entry.available_at
            # ids and moments in the form in which the chain spells them
            row = {
                "id": dashed(key),
                "desk_id": dashed(self._desk),
                "seq": self._seq,
                "event": entry.event,
                "debit": entry.debit,
                "credit": entry.credit,
                "amount": amount.minor,
                "currency": amount.currency,
                "booking_id": booking and dashed(booking),
                "vendor_id": vendor and dashed(vendor),
                "payment_id": payment and dashed(payment),
                "refund_id": refund and dashed(refund),
                "at": moment,
                "available_at": due.isoformat(timespec="microseconds") if due else None,
            }
            before, self._hash = self._hash, chain_hash(self._hash, row)
            accounts = (entry.event.value, entry.debit.value, entry.credit.value)
            values = (key, self._desk, self._seq, *accounts, amount.minor, amount.currency, booking, vendor)
            until = utc_text(due) if due else None
            self._add("ledger", (*values, payment, refund, now, until, before, self._hash, 1))

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
                 "balance_due_at", "commission_bps", "holdback_days", "policy", "created_at", "confirmed_at",
                 "ended_at", "end_reason"),
    "booking_lines": ("id", "version", "booking_id", "position", "name", "traveller_type", "age", "price",
                      "takes_seat", "occupies", "discount", "own_discount", "ended_at", "kept", "checked_in_at",
                      "absent"),
    "payments": ("id", "version", "sale_id", "way", "amount", "currency", "state", "provider_ref", "label",
                 "decline_code", "decline_message", "created_at", "created_by", "ended_at", "reads", "next_read_at",
                 "worker", "desk_id"),
    "payment_shares": ("id", "version", "payment_id", "booking_id", "amount"),
    "refunds": ("id", "version", "booking_id", "payment_id", "amount", "currency", "state", "reason", "provider_ref",
                "failure", "created_at", "created_by", "first_sent_at", "ended_at", "reads", "next_read_at", "worker",
                "order_id", "desk_id"),
    "refund_orders": ("id", "version", "sale_id", "state", "asked", "amount", "policy_amount", "currency",
                      "destination", "reason", "counted", "requested_at", "requested_by", "decision"),
    "refund_lines": ("id", "version", "refund_id", "line_id", "amount"),
    "ledger": ("id", "desk_id", "seq", "event", "debit", "credit", "amount", "currency", "booking_id", "vendor_id",
               "payment_id", "refund_id", "at", "available_at", "prev_hash", "hash", "version"),
    "audit": ("id", "version", "at", "actor_id", "action", "entity", "entity_id", "detail"),
    "number_series": ("id", "version", "desk_id", "kind", "year", "first", "last", "next"),
    "outbox_events": ("id", "event_name", "aggregate_id", "timestamp", "payload", "published_at", "worker"),
}  # fmt: skip


_ASKED = {"outbox_events": {"op_no": SEALED_BY}}
"""Columns whose value the file says."""


def dashed(key: str) -> str:
    """An id as it is written outside SQLite."""
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
