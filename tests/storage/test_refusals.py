"""The database itself refuses what must never be, whoever asks: here the sqlite3 module, which knows no rule."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, insert, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpers.clock import START
from helpers.desk import CASH, Desk, desk_at
from helpers.raw import copied, one, raw
from helpers.refused import (
    KEPT,
    NEW,
    NOW,
    OTHER,
    REFUND,
    REFUSED,
    booking,
    entry,
    hold,
    line,
    payment,
    refund,
    share,
    up,
    user,
)
from helpers.refused_debts import ALLOWED as ALLOWED_OF_DEBTS
from helpers.refused_debts import REFUSED as REFUSED_OF_DEBTS
from helpers.refused_refunds import ALLOWED as ALLOWED_OF_REFUNDS
from helpers.refused_refunds import REFUSED as REFUSED_OF_REFUNDS
from helpers.refused_refunds import add_refunds
from helpers.refused_whole import ALLOWED, allowance, season, seat
from helpers.refused_whole import REFUSED as REFUSED_TOO
from helpers.whole import fill_the_rest
from helpers.whole_debts import a_debt_that_stands
from travellr_desktop.domain.states import (
    TRANSITIONS,
    AmendmentState,
    BookingState,
    DepartureState,
    HoldState,
    PaymentState,
    RefundOrderState,
    RefundState,
    WaitingState,
)
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.storage.engine import WRITE, make_engine
from travellr_desktop.storage.models import Vendor

DECLINED = PayChoice(Way.CARD, "pm_card_visa_chargeDeclined")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's file with something of everything: sold, held, declined, partly given back."""
    folder = tmp_path_factory.mktemp("books")
    with desk_at(folder) as desk:
        _fill(desk)
    return folder / "travellr.db"


def _fill(desk: Desk) -> None:
    full = desk.add_departure(capacity=4)
    desk.sold(full, adult=2)
    desk.hold(full, adult=1)
    desk.sell(desk.hold(desk.add_departure(day=date(2026, 7, 5)), adult=1), pay=DECLINED)
    strict = desk.add_trip("Half kept", policy="strict")
    soon = desk.add_departure(strict, day=(START + timedelta(days=5)).date())
    sale = desk.sold(soon, adult=2)
    desk.cancel(sale.bookings[0].id)
    cash = desk.sold(soon, pay=CASH, adult=1)
    fill_the_rest(desk, soon, cash.bookings[0].id)
    add_refunds(desk)
    a_debt_that_stands(desk, cash.bookings[0].id)
    desk.add_trip("In dollars", currency="USD")


@pytest.fixture
def file(books: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with raw(copied(books, tmp_path / "travellr.db")) as connection:
        yield connection


ALL = {**REFUSED, **REFUSED_TOO, **REFUSED_OF_REFUNDS, **REFUSED_OF_DEBTS}


@pytest.mark.parametrize("what", ALL)
def test_the_file_refuses(what: str, file: sqlite3.Connection) -> None:
    statement, words = ALL[what]
    _more(file)
    file.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.IntegrityError, match=words):
        _done(file, statement)
    file.execute("ROLLBACK")


def _done(file: sqlite3.Connection, statement: str) -> int:
    """The statement, sealed and committed: foreign keys of ops are looked at only then."""
    count = file.execute(statement).rowcount
    _seal(file)
    file.execute("COMMIT")
    return count


def _more(file: sqlite3.Connection) -> None:
    """A second desk, and a payment that is for nothing yet."""
    file.execute("BEGIN IMMEDIATE")
    file.execute("INSERT INTO desks (id, version, number, name) VALUES ('d2', 1, 2, 'Desk 2')")
    file.execute(payment("100", row_id="'p2'"))
    _seal(file)
    file.execute("COMMIT")


def _seal(file: sqlite3.Connection) -> None:
    """An op for what was written, as the program makes one; the hash is not looked at by the file."""
    file.execute(
        "INSERT INTO ops (op_no, desk_id, incarnation, name, schema_version, at, body_hash) "
        f"SELECT next_op, desk_id, incarnation, 'by hand', '1', {NOW}, '' FROM this_desk"
    )


LET_BY = {
    "a hold of what is left": hold("1"),
    "a line that stands": line("0"),
    "a line that takes the last seat": line("1"),
    "a refund of what was paid": refund("9000"),
    "a refund of what is left": refund(
        "4500", booking=KEPT, payment=f"(SELECT payment_id FROM refunds WHERE id = {REFUND})"
    ),
    "a payment": payment("1"),
    "a share of a payment": share("100"),
    "an entry at the end of the chain": entry(),
    "a vendor's person": user("'vendor'", "(SELECT id FROM vendors)"),
    "a numbered seat": seat("'1B'"),
    "an allowance": allowance("1"),
    "one seat allowed less": allowance("-1", departure=ALLOWED),
    "a grant of what is allowed beyond": f"UPDATE grants SET seats = seats + 1, version = version + 1 "
    f"WHERE departure_id = {ALLOWED}",
    "a season before another": season("'2026-12-01'", "'2026-12-31'"),
    "a season after another": season("'2027-03-01'", "'2027-03-01'"),
    "a plan with a seat more free": up("seat_plans", """layout = replace(layout, '"2A"', '"7A"')""", "1"),
    "a line that was taken off": line("0", more="ended"),
    "a grant within the capacity": "INSERT INTO grants (id, version, departure_id, desk_id, seats) SELECT "
    f"{NEW}, 1, id, 'd2', 0 FROM departures WHERE id = {OTHER}",
    "a booking of the same sale": booking(departure="departure_id", grant="grant_id", sale="sale_id"),
    "a new name": up("trips", "title = 'X'", "1"),
    **ALLOWED_OF_REFUNDS,
    **ALLOWED_OF_DEBTS,
}


@pytest.mark.parametrize("what", LET_BY)
def test_the_file_takes_what_is_right(what: str, file: sqlite3.Connection) -> None:
    """The same shapes of statement as above: it is not the writing itself that is refused there."""
    _more(file)
    file.execute("BEGIN IMMEDIATE")
    assert _done(file, LET_BY[what]) >= 1


@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE"])
def test_a_seat_is_not_taken_twice(verb: str, file: sqlite3.Connection) -> None:
    file.execute("BEGIN")
    file.execute(seat("'1B'"))
    with pytest.raises(sqlite3.IntegrityError, match="seats is there already"):
        file.execute(seat("'1B'", verb=verb))
    file.execute(seat("'2A'"))
    with pytest.raises(sqlite3.IntegrityError, match="seats is there already"):
        file.execute("UPDATE OR REPLACE seats SET label = '1B', version = version + 1 WHERE label = '2A'")
    file.execute("ROLLBACK")


def test_nobody_signs_in_with_the_email_of_another(file: sqlite3.Connection) -> None:
    file.execute("BEGIN")
    file.execute(user("'agent'", "NULL"))
    with pytest.raises(sqlite3.IntegrityError, match="users is there already"):
        file.execute(user("'admin'", "NULL").replace("INSERT", "REPLACE"))
    file.execute("ROLLBACK")


KINDS = {
    "holds": HoldState,
    "bookings": BookingState,
    "payments": PaymentState,
    "refunds": RefundState,
    "refund_orders": RefundOrderState,
    "departures": DepartureState,
    "waiting_list": WaitingState,
    "amendments": AmendmentState,
}
STEPS = [
    (table, before, after)
    for table, kind in KINDS.items()
    for before in kind
    for after in kind
    if before is not after
]


@pytest.mark.parametrize(("table", "before", "after"), STEPS)
def test_states_move_as_the_rules_say(table: str, before: str, after: str, file: sqlite3.Connection) -> None:
    """The file's table of steps and the program's are the same, step by step."""
    file.execute("BEGIN")
    drops = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%steps_%' AND tbl_name = ?"
    names = [row[0] for row in file.execute(drops, (table,))]
    assert len(names) == 1
    body = one(file, "SELECT sql FROM sqlite_master WHERE name = ?", names[0])
    file.execute(f"DROP TRIGGER {names[0]}")
    if table == "refund_orders":  # that somebody decides it is another rule
        file.execute("DROP TRIGGER refund_orders_decided")
        file.execute("DROP TRIGGER refund_orders_withdrawn")
    row_id = _row_without_consequences(file, table)
    file.execute(f"UPDATE {table} SET state = ?, version = version + 1 WHERE id = ?", (before, row_id))
    file.execute(body)
    step = f"UPDATE {table} SET state = ?, version = version + 1 WHERE id = ?"
    if after in TRANSITIONS[KINDS[table]][KINDS[table](before)]:
        assert file.execute(step, (after, row_id)).rowcount == 1
    else:
        with pytest.raises(sqlite3.IntegrityError, match="no such step"):
            file.execute(step, (after, row_id))
    file.execute("ROLLBACK")


def _row_without_consequences(file: sqlite3.Connection, table: str) -> str:
    if table == "holds":  # one seat, on a grant that has room for it
        query = "SELECT holds.id FROM holds JOIN grants ON grants.id = grant_id WHERE grants.seats > taken"
        return str(one(file, f"{query} AND holds.seats = 1 ORDER BY holds.id LIMIT 1"))
    if table == "refunds":  # the smallest, so that failing and coming back stays within what was paid
        return str(one(file, "SELECT id FROM refunds ORDER BY amount LIMIT 1"))
    return str(one(file, f"SELECT id FROM {table} ORDER BY id LIMIT 1"))


# a write outside an op


@pytest.fixture
def engine(books: Path, tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(copied(books, tmp_path / "travellr.db"))
    yield made
    made.dispose()


@pytest.mark.parametrize("how", ["orm", "bulk", "core", "text", "update", "delete"])
def test_a_write_outside_an_op_cannot_commit(how: str, engine: Engine) -> None:
    with engine.connect().execution_options(**{WRITE: True}) as connection, Session(connection) as session:
        _write(session, how)
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            session.commit()


def _write(session: Session, how: str) -> None:
    values = {"id": uuid4(), "version": 1, "name": "Nobody", "legal": "", "email": "", "phone": ""}
    values |= {"commission_bps": 1, "holdback_days": 1, "active": True}
    match how:
        case "orm":
            session.add(Vendor(**values))
        case "bulk":
            session.execute(insert(Vendor), [values, {**values, "id": uuid4()}])
        case "core":
            session.connection().execute(insert(Vendor).values(values))
        case "text":
            session.execute(text(up("vendors", "name = 'Nobody'", "1")))
        case "update":
            session.execute(update(Vendor).values(name="Nobody", version=Vendor.version + 1))
        case "delete":
            session.execute(text("DELETE FROM trip_prices"))
    session.flush()


def test_a_write_outside_an_op_cannot_commit_by_the_sqlite3_module(file: sqlite3.Connection) -> None:
    file.execute("BEGIN")
    file.execute(up("vendors", "name = 'Nobody'", "1"))
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        file.execute("COMMIT")
    file.execute("ROLLBACK")
    assert one(file, "SELECT count(*) FROM vendors WHERE name = 'Nobody'") == 0
