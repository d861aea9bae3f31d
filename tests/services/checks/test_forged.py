"""What was changed by hand and written into the outbox as the program would: the books themselves give it away.

Here nobody may lean on the outbox. Each value is one that the file would take if nothing refused it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from helpers.season import check_file
from helpers.tampering import another, by_hand, chain_anew, forge, seal_by_hand, without_triggers
from travellr_desktop.app import Program


@dataclass(frozen=True)
class Forgery:
    """One value written over. `value` is SQL; without it another value of the same sort. `kinds` begin those of
    the problems, one of which is expected."""

    table: str
    column: str
    where: str = "1"
    value: str | None = None
    kinds: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.table}.{self.column} {self.value or ''}".strip()


def other(table: str, column: str) -> str:
    """SQL of an id that is there, and not the one that stands."""
    return f"(SELECT id FROM {table} WHERE id <> t.{column} ORDER BY id DESC LIMIT 1)"


CONFIRMED = "state = 'confirmed' AND price > 0"
KEPT = "id IN (SELECT booking_id FROM ledger WHERE event = 'kept')"
BOOKED_HOLD = "id IN (SELECT hold_id FROM bookings)"
CHANGED = "id IN (SELECT booking_id FROM amendments WHERE difference <> 0 AND state = 'done')"
CHANGED_HOLD = "id IN (SELECT hold_id FROM bookings WHERE id IN (SELECT booking_id FROM amendments))"
STANDS = "ended_at IS NULL AND booking_id IN (SELECT id FROM bookings WHERE state = 'confirmed')"
COSTS = "difference > 0 AND state = 'done'"
NOW = "'2026-06-19T08:00:00.000000Z'"
SOLD_DEPARTURE = "id IN (SELECT departure_id FROM grants WHERE taken > 1)"

LEDGER = ("ledger.chain",)
MONEY = ("ledger.", "booking.", "payment.", "refund.")

FORGERIES = (
    *(
        Forgery("ledger", column, "seq = 9", kinds=LEDGER)
        for column in [
            "seq",
            "event",
            "debit",
            "credit",
            "amount",
            "currency",
            "booking_id",
            "vendor_id",
            "payment_id",
            "refund_id",
            "at",
            "available_at",
            "prev_hash",
            "hash",
            "desk_id",
        ]
    ),
    Forgery("booking_lines", "price", kinds=("booking.price",)),
    Forgery(
        "booking_lines", "booking_id", "occupies", other("bookings", "booking_id"), ("booking.", "seats.")
    ),
    Forgery("booking_lines", "takes_seat", "occupies", kinds=("seats.line",)),
    Forgery("booking_lines", "occupies", "occupies", kinds=("seats.line",)),
    Forgery("booking_lines", "occupies", "NOT occupies AND takes_seat", kinds=("seats.line",)),
    *(Forgery("bookings", column, kinds=("booking.",)) for column in ("price", "tax", "tax_bps", "currency")),
    Forgery("bookings", "deposit", "1", "price + 1", ("booking.deposit",)),
    Forgery("bookings", "commission_bps", "state = 'completed'", kinds=("ledger.entry",)),
    Forgery(
        "bookings",
        "commission_bps",
        KEPT,
        kinds=("ledger.cancelled",),
    ),
    Forgery("bookings", "holdback_days", "state = 'no_show'", "holdback_days + 1", kinds=("ledger.entry",)),
    Forgery("bookings", "vendor_id", CONFIRMED, kinds=("booking.owner", "file.")),
    Forgery("bookings", "trip_id", CONFIRMED, other("trips", "trip_id"), ("booking.owner",)),
    Forgery("bookings", "traveller_id", "1", other("travellers", "traveller_id"), ("booking.owner",)),
    Forgery(
        "bookings",
        "departure_id",
        CONFIRMED,
        other("departures", "departure_id"),
        ("booking.owner",),
    ),
    Forgery(
        "bookings",
        "grant_id",
        CONFIRMED,
        other("grants", "grant_id"),
        ("booking.owner", "seats."),
    ),
    Forgery("bookings", "sale_id", CONFIRMED, other("sales", "sale_id"), ("booking.owner",)),
    Forgery(
        "bookings",
        "hold_id",
        CONFIRMED,
        "(SELECT id FROM holds WHERE state = 'released')",
        ("seats.",),
    ),
    Forgery("bookings", "state", CONFIRMED, "'cancelled'", MONEY),
    Forgery("bookings", "state", CONFIRMED, "'completed'", MONEY),
    Forgery("bookings", "state", CONFIRMED, "'pending'", MONEY),
    Forgery("bookings", "state", "state = 'confirmed' AND price = 0", "'completed'", MONEY),
    Forgery("bookings", "state", "state = 'completed'", "'no_show'", MONEY),
    Forgery("bookings", "state", "state = 'completed'", "'confirmed'", MONEY),
    Forgery("bookings", "state", "state = 'no_show'", "'cancelled'", MONEY),
    Forgery("bookings", "state", "state = 'cancelled' AND confirmed_at IS NOT NULL", "'confirmed'", MONEY),
    Forgery("bookings", "state", "state = 'cancelled' AND confirmed_at IS NULL", "'pending'", MONEY),
    Forgery("bookings", "state", "state = 'pending'", "'confirmed'", MONEY),
    Forgery(
        "bookings",
        "policy",
        KEPT,
        "'{}'",
        ("booking.unreadable",),
    ),
    *(
        Forgery("payments", column, "state = 'completed'", kinds=("payment.", "booking.", "ledger."))
        for column in ("amount", "currency", "sale_id", "way")
    ),
    Forgery("payments", "ended_at", "state = 'completed'", "NULL", ("payment.state",)),
    Forgery(
        "payments", "provider_ref", "way = 'card' AND state = 'completed'", "NULL", ("payment.provider",)
    ),
    Forgery("payments", "state", "state = 'completed'", "'failed'", MONEY),
    Forgery("payments", "state", "state = 'completed'", "'unknown'", MONEY),
    Forgery("payments", "state", "state = 'failed'", "'completed'", MONEY),
    Forgery("payments", "state", "state = 'unknown'", "'completed'", MONEY),
    Forgery("payments", "state", "state = 'unknown'", "'abandoned'", MONEY),
    Forgery("payments", "state", "id IN (SELECT payment_id FROM refunds)", "'failed'", ("refund.payment",)),
    Forgery("payments", "state", "state = 'unknown'", "'completed'", ("ledger.missing",)),
    Forgery("payments", "currency", kinds=("payment.currency",)),
    Forgery("payments", "way", "1", "'cheque'", ("payment.way",)),
    Forgery("payment_shares", "amount", kinds=("payment.shares",)),
    Forgery("payment_shares", "amount", kinds=("booking.paid",)),
    Forgery("payment_shares", "amount", kinds=("ledger.funds",)),
    Forgery("payment_shares", "booking_id", "1", other("bookings", "booking_id"), MONEY),
    Forgery("payment_shares", "payment_id", "1", other("payments", "payment_id"), MONEY),
    Forgery("refunds", "amount", kinds=("refund.beyond",)),
    Forgery("refunds", "amount", "state = 'unknown'", "amount - 1", ("ledger.payable",)),
    Forgery("refunds", "currency", kinds=("booking.currency",)),
    Forgery("refunds", "booking_id", "1", other("bookings", "booking_id"), MONEY),
    Forgery("refunds", "payment_id", "1", other("payments", "payment_id"), MONEY),
    Forgery("refunds", "state", "state = 'completed'", "'failed'", MONEY),
    Forgery("refunds", "state", "state = 'completed'", "'approved'", MONEY),
    Forgery("refunds", "state", "state = 'failed'", "'completed'", MONEY),
    Forgery("refunds", "state", "state = 'unknown'", "'completed'", MONEY),
    Forgery("refunds", "state", "state = 'pending'", "'unknown'", MONEY),
    Forgery("holds", "state", "state = 'consumed'", "'active'", ("seats.",)),
    Forgery(
        "holds",
        "state",
        f"state = 'active' AND {BOOKED_HOLD}",
        "'consumed'",
        ("seats.",),
    ),
    Forgery("holds", "state", "state = 'released'", "'consumed'", ("seats.",)),
    Forgery("holds", "seats", f"{BOOKED_HOLD} AND NOT {CHANGED_HOLD}", kinds=("seats.hold",)),
    Forgery(
        "holds", "departure_id", "1", other("departures", "departure_id"), ("seats.hold", "booking.owner")
    ),
    Forgery("holds", "grant_id", "state = 'active'", other("grants", "grant_id"), ("seats.",)),
    Forgery("grants", "seats", "taken > 1", "1", ("seats.grant",)),
    Forgery("grants", "seats", "taken > 1", kinds=("seats.departure",)),
    Forgery("grants", "departure_id", "taken > 1", kinds=("booking.owner",)),
    Forgery("grants", "desk_id", "taken > 1", kinds=("booking.owner",)),
    Forgery(
        "departures",
        "capacity",
        SOLD_DEPARTURE,
        "1",
        ("seats.departure",),
    ),
    Forgery(
        "departures",
        "trip_id",
        SOLD_DEPARTURE,
        other("trips", "trip_id"),
        ("booking.owner",),
    ),
    Forgery("departures", "ends_at", "state = 'done'", kinds=("ledger.entry",)),
    Forgery("booking_lines", "discount", kinds=("discount.line",)),
    Forgery("booking_lines", "discount", "discount > 0", "0", ("discount.line",)),
    Forgery("booking_lines", "own_discount", "own_discount > 0", "0", ("discount.line",)),
    Forgery("booking_lines", "position", "discount > 0", kinds=("discount.line",)),
    Forgery("booking_lines", "kept", "kept > 0", "kept - 1", ("ledger.", "booking.")),
    Forgery("booking_lines", "kept", "ended_at IS NULL", "1", ("booking.kept",)),
    Forgery("booking_lines", "ended_at", "ended_at IS NOT NULL", "NULL", ("booking.price",)),
    Forgery("booking_lines", "ended_at", STANDS, NOW, ("booking.left",)),
    Forgery("booking_lines", "ended_at", STANDS, NOW, ("booking.price",)),
    Forgery("bookings", "price", CHANGED, kinds=("change.booking",)),
    Forgery(
        "bookings", "departure_id", CHANGED, other("departures", "departure_id"), ("change.", "booking.")
    ),
    Forgery("discounts", "amount", kinds=("discount.parts",)),
    Forgery("discounts", "parts", "1", "'{\"1\": 1}'", ("discount.",)),
    Forgery("discounts", "parts", "1", '\'{"1": "x"}\'', ("booking.unreadable",)),
    Forgery("discounts", "parts", "1", "'[]'", ("booking.unreadable",)),
    Forgery("discounts", "own", "own", "0", ("discount.line",)),
    Forgery("discounts", "own", "NOT own", "1", ("discount.line",)),
    Forgery("discounts", "sale_id", "1", other("sales", "sale_id"), ("discount.owner",)),
    Forgery("discounts", "booking_id", "1", other("bookings", "booking_id"), ("discount.",)),
    Forgery("amendments", "difference", kinds=("change.row",)),
    Forgery("amendments", "plan", "1", "'{}'", ("booking.unreadable",)),
    Forgery("amendments", "plan", COSTS, "json_set(plan, '$.price', 1)", ("change.",)),
    Forgery("amendments", "plan", COSTS, "json_set(plan, '$.old_price', 1)", ("change.row",)),
    Forgery("amendments", "state", COSTS, "'pending'", ("change.row",)),
    Forgery("amendments", "state", "state = 'done' AND hold_id IS NOT NULL", "'abandoned'", ("seats.hold",)),
    Forgery("amendments", "state", "state = 'abandoned'", "'done'", ("change.",)),
    Forgery("amendments", "ended_at", "1", "NULL", ("change.row",)),
    Forgery("amendments", "payment_id", COSTS, "NULL", ("change.row",)),
    Forgery("amendments", "booking_id", COSTS, other("bookings", "booking_id"), ("change.",)),
    Forgery("sales", "currency", kinds=("booking.currency", "payment.currency")),
    Forgery("sales", "traveller_id", "1", other("travellers", "traveller_id"), ("booking.owner",)),
    Forgery("sales", "desk_id", kinds=("booking.owner",)),
)


@pytest.mark.parametrize("forgery", FORGERIES, ids=str)
def test_a_forged_value_is_found_without_the_outbox(program: Program, forgery: Forgery) -> None:
    with by_hand(program.database.path) as connection:
        sql = f"SELECT id, {forgery.column}, {forgery.value or 'NULL'} FROM {forgery.table} t WHERE {forgery.where}"
        found = connection.execute(f"{sql} ORDER BY id").fetchone()
        assert found is not None, "the season has no such row"
        row, kept, value = found
        forged: Any = value if forgery.value else another(forgery.table, forgery.column, kept)
        assert forged != kept
        forge(connection, forgery.table, row, forgery.column, forged)
    report = check_file(program)
    kinds = {problem.kind for problem in report.problems}
    assert not {kind for kind in kinds if kind.startswith(("outbox.", "file.trigger"))}, report.as_text()
    assert any(kind.startswith(forgery.kinds) for kind in kinds), report.as_text()


EVENTS = (
    "payment",
    "kept",
    "refund_approved",
    "refund_accepted",
    "refund_failed_late",
    "trip_done",
    "no_show",
)


@pytest.mark.parametrize("column", ["event", "debit", "credit", "amount", "currency", "booking_id"])
@pytest.mark.parametrize("event", EVENTS)
def test_an_entry_in_a_chain_that_was_made_anew_is_found(program: Program, event: str, column: str) -> None:
    with by_hand(program.database.path) as connection:
        row, kept, elsewhere = connection.execute(
            f"SELECT id, {column}, {other('bookings', 'booking_id')} FROM ledger t WHERE event = ?", (event,)
        ).fetchone()
        forged = elsewhere if column == "booking_id" else another("ledger", column, kept)
        forge(connection, "ledger", row, column, forged)
        chain_anew(connection)
    report = check_file(program)
    kinds = {problem.kind for problem in report.problems}
    assert not {kind for kind in kinds if kind.startswith(("outbox.", "ledger.chain"))}, report.as_text()
    assert any(kind.startswith(("ledger.", "booking.")) for kind in kinds), report.as_text()
    assert report.ledger.out_of_balance > 0 or column == "currency"


@pytest.mark.parametrize(
    ("event", "column"),
    [
        ("payment", "payment_id"),
        ("payment", "refund_id"),
        ("payment", "vendor_id"),
        ("refund_accepted", "refund_id"),
        ("refund_accepted", "payment_id"),
        ("trip_done", "vendor_id"),
        ("trip_done", "available_at"),
        ("kept", "vendor_id"),
        ("kept", "available_at"),
        ("refund_approved", "payment_id"),
    ],
)
def test_an_owner_in_a_chain_that_was_made_anew_is_named(program: Program, event: str, column: str) -> None:
    with by_hand(program.database.path) as connection:
        row, kept = connection.execute(
            f"SELECT id, {column} FROM ledger WHERE event = ?", (event,)
        ).fetchone()
        forge(connection, "ledger", row, column, another("ledger", column, kept))
        chain_anew(connection)
    report = check_file(program)
    assert any((each.kind, each.row) == ("ledger.entry", row) for each in report.problems), report.as_text()


def test_an_entry_of_no_booking_is_named(program: Program) -> None:
    with by_hand(program.database.path) as connection:
        (row,) = connection.execute("SELECT id FROM ledger WHERE event = 'payment'").fetchone()
        forge(connection, "ledger", row, "booking_id", None)
        chain_anew(connection)
    report = check_file(program)
    assert any((each.kind, each.row) == ("ledger.stray", row) for each in report.problems), report.as_text()


def test_a_numbered_seat_of_another_departure_is_named(program: Program) -> None:
    with (
        by_hand(program.database.path) as connection,
        without_triggers(connection, "seats", refusing=True),
    ):
        connection.execute(
            "INSERT INTO seats (id, version, departure_id, label, hold_id, position) "
            "SELECT ?, 1, d.id, '1B', h.id, 1 FROM departures d "
            "JOIN holds h ON h.departure_id <> d.id AND h.state = 'active' WHERE d.plan_id IS NOT NULL LIMIT 1",
            ("a" * 32,),
        )
        seal_by_hand(connection)
    problems = check_file(program).problems
    assert [(each.kind, each.row) for each in problems] == [("seats.numbered", "a" * 32)]


def test_a_value_that_its_table_refuses_is_found(program: Program) -> None:
    with by_hand(program.database.path) as connection:
        (row,) = connection.execute("SELECT id FROM attempts").fetchone()
        forge(connection, "attempts", row, "payment_id", None)
    assert {problem.kind for problem in check_file(program).problems} == {"file.damaged"}
