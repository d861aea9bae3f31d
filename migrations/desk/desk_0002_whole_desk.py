"""What the database refuses and writes down of the whole desk: allowances count as capacity, numbered seats
are those of the plan, seasons do not overlap, a promo code is used as often as it may be; and the indexes for
searching.

Revision ID: desk_0002
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from travellr_desktop.domain.text import fold, name_key, phone_key, search_text
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.capture import capture, recapture
from travellr_desktop.storage.schema import SCHEMA_VERSION

revision = "desk_0002"
down_revision = "desk_0001"
branch_labels = None
depends_on = ("core_0002",)

NEW = (
    "allowances",
    "amendments",
    "discounts",
    "notes",
    "promo_codes",
    "season_prices",
    "seat_plans",
    "series",
    "travel_documents",
    "traveller_merges",
    "traveller_pairs",
    "trip_pictures",
    "trip_seasons",
    "waiting_list",
)

CHANGED = (
    "agencies",
    "booking_lines",
    "departures",
    "holds",
    "seats",
    "travellers",
    "trips",
    "users",
    "vendors",
)

STEPS = {
    "departures": "open>stopped open>cancelled open>done stopped>open stopped>cancelled stopped>done",
    "waiting_list": "waiting>offered waiting>withdrawn waiting>lapsed offered>taken offered>withdrawn "
    "offered>lapsed",
    "amendments": "pending>done pending>abandoned",
}
"""How states move; the database takes no other step."""

NEVER_DELETED = ("amendments", "discounts", "traveller_merges", "waiting_list")

SEAL = """
INSERT INTO ops (op_no, desk_id, incarnation, name, actor_id, schema_version, at, body_hash)
SELECT d.next_op, d.desk_id, d.incarnation, ?, NULL, ?, ?,
       op_hash(c.id, c.table_name, c.row_id, c.kind, c.base_version, c.fields)
FROM this_desk d JOIN changes c ON c.op_no = d.next_op GROUP BY d.next_op
"""
"""How an op was sealed in files of then."""

REPLACED = ("seats_7", "seats_8", "seats_12", "seats_13", "seats_17")
"""Triggers of before that count capacity or the seat of a line otherwise."""


def upgrade() -> None:
    for name in REPLACED:
        op.execute(f"DROP TRIGGER {name}")
    op.execute("ALTER TABLE outbox_events ADD COLUMN worker TEXT DEFAULT '' NOT NULL")
    for kind, statements in (
        ("capacity", capacity()),
        ("sits", lines_that_sit()),
        ("numbered", numbered_seats()),
        ("prices", prices()),
        ("desk_steps", steps()),
        ("kept", kept()),
        ("words", words()),
        ("next_op", next_op()),
    ):
        for number, statement in enumerate(statements, 1):
            op.execute(sa.DDL(f"CREATE TRIGGER {kind}_{number} {statement}".replace("%", "%%")))
    connection = op.get_bind()
    for table in CHANGED:
        recapture(connection, table)
    for table in NEW:
        capture(connection, table)
    fill_words(connection)
    fill_keys(connection)


def refuse(when: str, words: str) -> str:
    return f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def capacity() -> list[str]:
    """What a departure has: its capacity and its allowances. No more is granted, and it is not cut below
    that."""
    allowed = "coalesce((SELECT sum(seats) FROM allowances WHERE departure_id = {0}), 0)"
    granted = "coalesce((SELECT sum(seats) FROM grants WHERE departure_id = {0}), 0)"
    others = (
        "coalesce((SELECT sum(seats) FROM grants WHERE departure_id = NEW.departure_id AND id <> NEW.id), 0)"
    )
    has = "(SELECT capacity FROM departures WHERE id = NEW.departure_id) + " + allowed.format(
        "NEW.departure_id"
    )
    beyond = refuse(f"NEW.seats + {others} > {has}", "more seats granted than the departure has")
    return [
        f"BEFORE INSERT ON grants {beyond}",
        f"BEFORE UPDATE OF seats ON grants {beyond}",
        "BEFORE UPDATE OF capacity ON departures "
        + refuse(
            f"NEW.capacity + {allowed.format('NEW.id')} < {granted.format('NEW.id')}",
            "capacity below what is granted",
        ),
        "BEFORE INSERT ON allowances "
        + refuse(
            f"NEW.seats + {allowed.format('NEW.departure_id')} < 0 "
            f"OR NEW.seats + {has} < {granted.format('NEW.departure_id')}",
            "an allowance that is in use",
        ),
    ]


def lines_that_sit() -> list[str]:
    """A line takes one seat or none; one that was taken off its booking takes none."""
    sits = refuse(
        "NEW.occupies NOT IN (0, 1) OR NEW.occupies > NEW.takes_seat "
        "OR (NEW.occupies AND NEW.ended_at IS NOT NULL)",
        "a line takes one seat, or none",
    )
    return [
        f"BEFORE INSERT ON booking_lines {sits}",
        f"BEFORE UPDATE OF occupies, takes_seat, ended_at ON booking_lines {sits}",
    ]


def numbered_seats() -> list[str]:
    """A numbered seat is one of the departure's plan that is not blocked, taken by somebody who goes there."""
    on_plan = (
        "EXISTS (SELECT 1 FROM departures d JOIN seat_plans p ON p.id = d.plan_id, "
        "json_each(p.layout, '$.decks') AS deck, json_each(deck.value, '$.seats') AS seat "
        "WHERE d.id = NEW.departure_id AND json_extract(seat.value, '$.label') = NEW.label "
        "AND coalesce(json_extract(seat.value, '$.blocked'), '') = '')"
    )
    goes = (
        "coalesce((SELECT departure_id FROM holds WHERE id = NEW.hold_id), (SELECT b.departure_id "
        "FROM booking_lines l JOIN bookings b ON b.id = l.booking_id WHERE l.id = NEW.line_id))"
    )
    not_there = refuse(f"NOT {on_plan}", "there is no such seat to sell")
    elsewhere = refuse(f"NEW.departure_id <> {goes}", "the seat is of another departure")
    used = "EXISTS (SELECT 1 FROM seats WHERE departure_id = NEW.id)"
    sold = "EXISTS (SELECT 1 FROM grants WHERE departure_id = NEW.id AND taken > 0)"
    labels = (
        "EXISTS (SELECT 1 FROM seats s JOIN departures d ON d.id = s.departure_id WHERE d.plan_id = NEW.id "
        "AND NOT EXISTS (SELECT 1 FROM json_each(NEW.layout, '$.decks') AS deck, "
        "json_each(deck.value, '$.seats') AS seat WHERE json_extract(seat.value, '$.label') = s.label "
        "AND coalesce(json_extract(seat.value, '$.blocked'), '') = ''))"
    )
    return [
        f"BEFORE INSERT ON seats {not_there}",
        f"BEFORE UPDATE OF label, departure_id ON seats {not_there}",
        f"BEFORE INSERT ON seats {elsewhere}",
        f"BEFORE UPDATE OF departure_id, hold_id, line_id ON seats {elsewhere}",
        "BEFORE UPDATE OF plan_id ON departures "
        + refuse(f"NEW.plan_id IS NOT OLD.plan_id AND ({used} OR {sold})", "seats of this plan are taken"),
        "BEFORE UPDATE OF layout ON seat_plans " + refuse(labels, "a seat that is taken stays on its plan"),
    ]


def prices() -> list[str]:
    """Seasons of a trip do not overlap. A promo code is used for no more sales than it says; a cancelled
    booking gives its use back."""
    overlap = refuse(
        "EXISTS (SELECT 1 FROM trip_seasons WHERE trip_id = NEW.trip_id AND id <> NEW.id "
        "AND first_day <= NEW.last_day AND last_day >= NEW.first_day)",
        "seasons of a trip do not overlap",
    )
    uses = (
        "(SELECT count(DISTINCT x.sale_id) FROM discounts x JOIN bookings b ON b.id = x.booking_id "
        "WHERE x.promo_id = NEW.promo_id AND x.sale_id <> NEW.sale_id AND b.state <> 'cancelled')"
    )
    return [
        f"BEFORE INSERT ON trip_seasons {overlap}",
        f"BEFORE UPDATE OF trip_id, first_day, last_day ON trip_seasons {overlap}",
        "BEFORE INSERT ON discounts "
        + refuse(
            f"NEW.promo_id IS NOT NULL AND {uses} >= (SELECT most_uses FROM promo_codes WHERE id = NEW.promo_id)",
            "the code is used up",
        ),
    ]


def steps() -> list[str]:
    return [
        f"BEFORE UPDATE OF state ON {table} "
        + refuse(
            "NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ("
            + ", ".join(f"'{step}'" for step in allowed.split())
            + ")",
            f"{table}: no such step",
        )
        for table, allowed in STEPS.items()
    ]


def kept() -> list[str]:
    return [
        f"BEFORE {verb} ON allowances BEGIN SELECT RAISE(ABORT, 'allowances are only ever added to'); END"
        for verb in ("UPDATE", "DELETE")
    ] + [
        f"BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'a row of {table} is ended, never deleted'); END"
        for table in NEVER_DELETED
    ]


END = "'  '"
"""After each text two spaces: so every letter begins three, and words of one letter and two are found as well."""


def next_op() -> list[str]:
    """An op that is sealed makes room for the next one."""
    return ["AFTER INSERT ON ops BEGIN UPDATE this_desk SET next_op = NEW.op_no + 1; END"]


def words() -> list[str]:
    """The tables for searching by any three letters, kept beside their rows. Bookings and sales are never
    deleted and keep their references, so theirs is only added to."""
    for table in ("traveller_words", "reference_words"):
        op.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(words, content='', tokenize='trigram')")
    old = (
        "INSERT INTO traveller_words (traveller_words, rowid, words) "
        f"VALUES ('delete', OLD.rowid, OLD.search || {END});"
    )
    new = f"INSERT INTO traveller_words (rowid, words) VALUES (NEW.rowid, NEW.search || {END});"
    sale = "(SELECT reference FROM sales WHERE id = NEW.sale_id)"
    return [
        f"AFTER INSERT ON travellers BEGIN {new} END",
        f"AFTER UPDATE OF search ON travellers WHEN NEW.search <> OLD.search BEGIN {old} {new} END",
        f"AFTER DELETE ON travellers BEGIN {old} END",
        "AFTER INSERT ON bookings BEGIN INSERT INTO reference_words (rowid, words) "
        f"VALUES (NEW.rowid, NEW.reference || ' ' || {sale} || {END}); END",
    ]


def fill_words(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        f"INSERT INTO traveller_words (rowid, words) SELECT rowid, search || {END} FROM travellers"
    )
    connection.exec_driver_sql(
        f"INSERT INTO reference_words (rowid, words) SELECT b.rowid, b.reference || ' ' || s.reference || {END} "
        "FROM bookings b JOIN sales s ON s.id = b.sale_id"
    )


def fill_keys(connection: sa.Connection) -> None:
    """What travellers and vendors are found and compared by, in an op of its own like any other change."""
    travellers = connection.exec_driver_sql("SELECT id, name, email, phone FROM travellers").all()
    for row_id, name, email, phone in travellers:
        connection.exec_driver_sql(
            "UPDATE travellers SET search = ?, name_key = ?, phone_key = ?, version = version + 1 WHERE id = ?",
            (search_text(name, email, phone), name_key(name), phone_key(phone), row_id),
        )
    vendors = connection.exec_driver_sql("SELECT id, name, legal, code, email FROM vendors").all()
    for row_id, *words in vendors:
        connection.exec_driver_sql(
            "UPDATE vendors SET search = ?, version = version + 1 WHERE id = ?",
            (fold(" ".join(words)), row_id),
        )
    if travellers or vendors:
        connection.exec_driver_sql(SEAL, ("schema.fill", SCHEMA_VERSION, utc_text(datetime.now(UTC))))
