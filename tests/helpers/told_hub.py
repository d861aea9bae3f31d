"""A hub with a small agency in it, and desks that tell it ops by hand: what a push says is written out in the test."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from helpers.postgres import Central, fresh_database
from postgres import Postgres
from travellr_desktop.domain.ledger import CHAIN_START, chain_hash
from travellr_desktop.storage.conditions import stored as plain
from travellr_desktop.sync.central.administrator import Administrator, Roles
from travellr_desktop.sync.central.installing import install
from travellr_desktop.sync.central.members import SignIn, add_desk

Json = dict[str, Any]
AT = "2026-06-18T08:42:00.000000Z"
LATER = "2027-06-18T08:42:00.000000Z"
EMPTY: Json = {}


def key() -> str:
    """An id as desks write it."""
    return uuid4().hex


def made(t: str, row: str, **fields: Any) -> Json:
    return {"t": t, "id": row, "k": "I", "f": {"id": row, **fields}}


def changed(t: str, row: str, **fields: Any) -> Json:
    return {"t": t, "id": row, "k": "U", "f": fields}


def removed(t: str, row: str) -> Json:
    return {"t": t, "id": row, "k": "D", "f": {}}


def entry(teller: Teller, seq: int, prev_hash: str = CHAIN_START, **other: Any) -> Json:
    """A change that adds a row to a desk's ledger, with the hash that it has to have."""
    ids = {"id": uuid4(), "desk_id": UUID(teller.desk)}
    none = dict.fromkeys(("booking_id", "vendor_id", "payment_id", "refund_id", "available_at"))
    said = {"event": "till_pay_in", "debit": "till", "credit": "own_funds", "amount": 500, "currency": "EUR"}
    values = {**none, **said, **ids, "seq": seq, "at": datetime.fromisoformat(AT), **other}
    fields = {name: plain(value) for name, value in values.items()}
    row = str(fields.pop("id"))
    return made("ledger", row, **fields, prev_hash=prev_hash, hash=chain_hash(prev_hash, values))


@dataclass
class Teller:
    """A desk's own connection, and the number of its next op. `seen` is what its file has taken in."""

    desk: str
    connection: psycopg.Connection[Any]
    actor: str | None
    incarnation: UUID = field(default_factory=uuid4)
    next_op: int = 1
    seen: int = 0

    def call(self, function: str, *values: Any) -> Any:
        found = self.connection.execute(f"SELECT api.{function}", values).fetchone()
        assert found is not None
        return found[0]

    def op(self, *changes: Json, **other: Any) -> Json:
        """The next op, as a desk sends it; `other` is said in place of what it would say."""
        op = {
            "op_no": self.next_op,
            "incarnation": str(self.incarnation),
            "name": "test.op",
            "actor": self.actor,
            "schema": "2",
            "at": AT,
            "seen": self.seen,
            "hash": f"{self.next_op:064d}",
            "changes": list(changes),
            "events": [],
            **other,
        }
        self.next_op += 1
        return op

    def push(self, *ops: Json) -> list[Json]:
        answers: list[Json] = self.call("push(%s)", Jsonb(list(ops)))
        return answers

    def tell(self, *changes: Json, **other: Any) -> Json:
        """Push one op; its answer."""
        (answer,) = self.push(self.op(*changes, **other))
        return answer

    def pull(self) -> list[Json]:
        """Take in everything; the ops that came."""
        self.call("publish()")
        ops: list[Json] = []
        while True:
            page = self.call("pull(%s, %s)", self.seen, 500)
            ops += page["ops"]
            if page["up_to"] == self.seen:
                return ops
            self.seen = page["up_to"]

    def inbox(self) -> list[Json]:
        found: list[Json] = self.call("conflicts()")
        return found


@dataclass
class ToldHub:
    """`admin` is the superuser's connection; `url` gives a desk's address for one connection more."""

    central: Central
    admin: psycopg.Connection[Any]
    sign_ins: list[SignIn]
    tellers: list[Teller]
    person: str
    boss: str
    vendor: str
    trip: str
    departure: str
    grants: list[str]
    traveller: str

    def one(self, query: str, *values: Any) -> Any:
        found = self.admin.execute(query, values).fetchone()
        return None if found is None else found[0]

    def row(self, t: str, row: str) -> Json:
        """A row as the hub has it, in a desk's words."""
        found: Json = self.one("SELECT hub.image(%s, %s::uuid)", t, row)
        return found

    def approve_account(self, person: str) -> None:
        """What `api.approve` writes by the administrator's own sign-in."""
        query = "INSERT INTO hub.approvals AS a (kind, id, user_id) VALUES ('user', %s, %s)"
        again = " ON CONFLICT ON CONSTRAINT pk_approvals DO UPDATE SET times = a.times + 1"
        self.admin.execute(query + again, (person, self.boss))

    def waits(self) -> bool:
        """Whether somebody here waits for another's lock."""
        query = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return self.admin.execute(query).fetchone() is not None

    def url(self, number: int) -> str:
        return self.central.url(self.sign_ins[number].login, self.sign_ins[number].password)

    def hold(self, desk: int, seats: int, **other: Any) -> Json:
        """A change that holds seats of a desk's grant."""
        said = {
            "state": "active",
            "expires_at": LATER,
            "created_at": AT,
            "kind": "hold",
            "note": "",
            "labels": "[]",
        }
        said |= {"departure_id": self.departure, "grant_id": self.grants[desk], "party": "{}", **other}
        return made("holds", key(), seats=seats, **said)


def insert(admin: psycopg.Connection[Any], t: str, **fields: Any) -> str:
    row = key()
    admin.execute("SELECT hub.insert_row(%s, %s::jsonb)", (t, json.dumps({"id": row, **fields})))
    return row


def _agency(admin: psycopg.Connection[Any]) -> dict[str, str]:
    """One of everything that a sale stands on; the departure has 10 seats."""
    none = dict.fromkeys(("legal", "tax_number", "contact", "address", "country", "registration", "bank"), "")
    insert(
        admin,
        "agencies",
        **none,
        name="Adriatica",
        zone="Europe/Podgorica",
        currency="EUR",
        invoice_footer="",
        discount_limit_bps=1000,
        offer_hours=24,
        cash_needs_till=0,
        pay_out_limit=10_000,
    )
    person = {"password_hash": "x", "must_change": 0, "active": 1, "created_at": AT}
    agent = insert(admin, "users", email="ana@travellr.example", name="Ana", role="agent", **person)
    boss = insert(admin, "users", email="mira@travellr.example", name="Mira", role="admin", **person)
    vendor = insert(
        admin,
        "vendors",
        code="",
        name="Boka",
        legal="",
        email="",
        phone="",
        search="boka",
        active=1,
        commission_bps=1500,
        holdback_days=2,
    )
    words = dict.fromkeys(
        ("code", "place", "country", "description", "meeting_point", "included", "languages"), ""
    )
    trip = insert(
        admin,
        "trips",
        **words,
        vendor_id=vendor,
        title="Perast",
        meet_before_min=10,
        zone="Europe/Podgorica",
        search="",
        duration_min=90,
        currency="EUR",
        tax_bps=0,
        deposit_bps=0,
        balance_days=0,
        policy="{}",
        active=1,
    )
    departure = insert(
        admin,
        "departures",
        trip_id=trip,
        starts_at=LATER,
        ends_at="2027-06-18T10:42:00.000000Z",
        cutoff_at=LATER,
        zone="Europe/Podgorica",
        local_day="2027-06-18",
        local_time="10:42",
        capacity=10,
        state="open",
        stop_reason="",
        note="",
    )
    traveller = insert(admin, "travellers", **who("Jelena"))
    return {
        "person": agent,
        "boss": boss,
        "vendor": vendor,
        "trip": trip,
        "departure": departure,
        "traveller": traveller,
    }


def who(name: str) -> Json:
    """The fields of a traveller."""
    empty = dict.fromkeys(
        ("email", "phone", "language", "address", "country", "search", "name_key", "phone_key"), ""
    )
    return {"name": name, "created_at": AT, **empty}


@pytest.fixture(scope="session")
def told_template(cluster: Postgres) -> Iterator[tuple[Central, dict[str, str]]]:
    """A database that is an installed hub with the agency in it, to be copied. Nobody is connected to it."""
    with fresh_database(cluster) as central:
        with closing(central.connect()) as admin:
            install(Administrator(admin, Roles.of(admin)))
            made_rows = _agency(admin)
        yield central, made_rows


@contextmanager
def tellers(hub: ToldHub, seats: Sequence[int]) -> Iterator[None]:
    """Enrol a desk for each of `seats`, granted so many of the departure."""
    admin = Administrator(hub.admin, Roles.of(hub.admin))
    for number, some in enumerate(seats):
        sign_in = add_desk(admin, f"Desk {number}", login=f"{hub.central.name}_desk_{number}")
        assert sign_in.desk_id is not None
        hub.sign_ins.append(sign_in)
        desk = sign_in.desk_id.hex
        if some:
            hub.grants.append(
                insert(hub.admin, "grants", departure_id=hub.departure, desk_id=desk, seats=some)
            )
        connection = psycopg.connect(hub.url(number), autocommit=True)
        teller = Teller(desk, connection, hub.person)
        hub.tellers.append(teller)
        teller.call("enroll(%s)", teller.incarnation)
    for teller in hub.tellers:
        teller.pull()
    try:
        yield
    finally:
        for teller in hub.tellers:
            teller.connection.close()


@pytest.fixture
def told(cluster: Postgres, told_template: tuple[Central, dict[str, str]]) -> Iterator[ToldHub]:
    """Two desks, with 6 and 4 seats of the departure."""
    template, rows = told_template
    with fresh_database(cluster, template.name) as central, closing(central.connect()) as admin:
        hub = ToldHub(central, admin, [], [], grants=[], **rows)
        with tellers(hub, (6, 4)):
            yield hub
