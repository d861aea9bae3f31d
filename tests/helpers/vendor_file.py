"""What a vendor's person keeps of the hub: rows by table and id, written as pulls tell them; and what they could read
there themselves, to hold it against."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

import psycopg

from helpers.told_hub import AT, LATER, Json, ToldHub, insert, key, made
from travellr_desktop.sync.central.administrator import Administrator, Roles
from travellr_desktop.sync.central.members import add_user

Kept = dict[tuple[str, str], Json]
_numbers = count(1)


@dataclass
class VendorFile:
    """`said` is everything that was ever answered, to be searched. `trip`, `departure` and `grants` (one a desk) are
    the vendor's."""

    connection: psycopg.Connection[Any]
    vendor: str
    trip: str
    departure: str
    grants: list[str]
    cursor: int = 0
    rows: Kept = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def pull(self, most: int = 500) -> list[Json]:
        """Take in everything; the rows that were told."""
        came: list[Json] = []
        while True:
            found = self.connection.execute("SELECT api.pull_mine(%s, %s)", (self.cursor, most)).fetchone()
            assert found is not None
            page = found[0]
            self.said.append(repr(page))
            for row in page["rows"]:
                if row["f"] is None:
                    self.rows.pop((row["t"], row["id"]), None)
                else:
                    self.rows[row["t"], row["id"]] = row["f"]
            came += page["rows"]
            if page["up_to"] == self.cursor:
                return came
            self.cursor = page["up_to"]

    def seen(self) -> Kept:
        """Every row that can be read there now."""
        found: Kept = {}
        with self.connection.transaction():
            self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            picture = self.connection.execute("SELECT api.picture_mine()").fetchone()
            assert picture is not None
            for table, columns in picture[0]["columns"].items():
                names = ", ".join(f'"{column}"' for column in columns)
                for row in self.connection.execute(f"SELECT {names} FROM agency.{table}"):
                    fields = {name: _word(value) for name, value in zip(columns, row, strict=True)}
                    found[table, str(fields["id"])] = fields
                assert picture[0]["counts"][table] == sum(name == table for name, _id in found), table
        return found


def _word(value: object) -> object:
    match value:
        case UUID():
            return value.hex
        case bool():
            return int(value)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            return value.isoformat()
    return value


@contextmanager
def vendor_file(told: ToldHub, name: str, vendor: str | None = None) -> Iterator[VendorFile]:
    """A vendor with a trip, a departure of which each desk has seats, and a person who is signed in; that of the told
    agency where `vendor` is given."""
    if vendor is None:
        vendor = _like(told, "vendors", told.vendor, name=name)
        trip = _like(told, "trips", told.trip, vendor_id=vendor)
        departure = _like(told, "departures", told.departure, trip_id=trip)
        grants = [
            insert(told.admin, "grants", departure_id=departure, desk_id=teller.desk, seats=5)
            for teller in told.tellers
        ]
    else:
        trip, departure, grants = told.trip, told.departure, told.grants
    if not told.one("SELECT count(*) FROM agency.number_series"):
        block = {"desk_id": told.tellers[0].desk, "year": 2026, "first": 1, "last": 999_999, "next": 1}
        for kind in ("BK", "SA"):
            insert(told.admin, "number_series", kind=kind, **block)
    person = {"password_hash": "x", "must_change": 0, "active": 1, "created_at": AT}
    email = f"{name.lower()}@vendors.example"
    insert(told.admin, "users", email=email, name=name, role="vendor", vendor_id=vendor, **person)
    admin = Administrator(told.admin, Roles.of(told.admin))
    sign_in = add_user(admin, email, login=f"{told.central.name}_{name.lower()}")
    with closing(
        psycopg.connect(told.central.url(sign_in.login, sign_in.password), autocommit=True)
    ) as connection:
        file = VendorFile(connection, vendor, trip, departure, grants)
        file.rows = file.seen()
        found = told.one("SELECT last_pub FROM hub.state")
        file.cursor = int(found)
        yield file


def _like(told: ToldHub, table: str, row: str, **other: str) -> str:
    fields = {**told.row(table, row), **other}
    del fields["id"]
    return insert(told.admin, table, **fields)


def sale(desk: str, traveller: str) -> Json:
    row = key()
    return made(
        "sales",
        row,
        reference=f"SA-2026-{next(_numbers):06}",
        desk_id=desk,
        traveller_id=traveller,
        currency="EUR",
        created_at=AT,
    )


def booking(of: VendorFile, sale_id: str, traveller: str, grant: int = 0) -> Json:
    """A change that books a traveller with a vendor."""
    row = key()
    return made(
        "bookings",
        row,
        reference=f"BK-2026-{next(_numbers):06}",
        voucher_code=row[:10],
        sale_id=sale_id,
        departure_id=of.departure,
        trip_id=of.trip,
        vendor_id=of.vendor,
        traveller_id=traveller,
        grant_id=of.grants[grant],
        state="pending",
        currency="EUR",
        price=9000,
        tax=0,
        tax_bps=0,
        deposit=0,
        commission_bps=2000,
        holdback_days=2,
        policy="{}",
        created_at=AT,
        confirmed_at=LATER,
        end_reason="",
    )


def line(booking_id: str, name: str) -> Json:
    """Somebody on a booking, who takes no seat."""
    fields = {"position": 1, "traveller_type": "infant", "price": 9000, "takes_seat": 0, "occupies": 0}
    nothing = {"discount": 0, "own_discount": 0, "kept": 0, "absent": 0}
    return made("booking_lines", key(), booking_id=booking_id, name=name, **fields, **nothing)


def discount(sale_id: str, booking_id: str, *, own: bool) -> Json:
    fields = {
        "kind": "amount",
        "bps": 0,
        "amount": 500,
        "parts": "{}",
        "reason": "A reason",
        "created_at": AT,
    }
    return made("discounts", key(), sale_id=sale_id, booking_id=booking_id, own=int(own), **fields)


def moved(to: VendorFile, grant: int = 0) -> Json:
    """The fields that a booking changes when it goes to another vendor's departure."""
    where = {"vendor_id": to.vendor, "trip_id": to.trip, "departure_id": to.departure}
    return {**where, "grant_id": to.grants[grant]}
