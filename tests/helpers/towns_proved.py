"""What must hold of three desks and their hub whenever everybody is online and nothing moves any more."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from helpers.raw import rows
from helpers.three_towns import FOREIGN, ThreeTowns, Town
from helpers.vendor_peer import VendorPeer
from travellr_desktop.sync.verifying import verify

OVERBOOKED = """
SELECT d.id, d.capacity, a.beyond, g.granted, t.taken
FROM agency.departures d
CROSS JOIN LATERAL (SELECT coalesce(sum(seats), 0) AS beyond FROM agency.allowances WHERE departure_id = d.id) a
CROSS JOIN LATERAL (SELECT coalesce(sum(seats), 0) AS granted FROM agency.grants WHERE departure_id = d.id) g
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT sum(h.seats) FROM agency.holds h WHERE h.departure_id = d.id AND h.state = 'active'), 0)
        + coalesce((SELECT count(*) FROM agency.booking_lines l JOIN agency.bookings b ON b.id = l.booking_id
                    WHERE b.departure_id = d.id AND l.occupies), 0) AS taken
) t
WHERE g.granted > d.capacity + a.beyond OR t.taken > g.granted
"""
"""Seats are counted from holds and lines, not read from a counter."""

TWICE = {
    "booking": "SELECT reference FROM agency.bookings GROUP BY 1 HAVING count(*) > 1",
    "sale": "SELECT reference FROM agency.sales GROUP BY 1 HAVING count(*) > 1",
    "seat": "SELECT departure_id, label FROM agency.seats GROUP BY 1, 2 HAVING count(*) > 1",
    "seat of a desk": "SELECT departure_id, label FROM agency.seat_grants GROUP BY 1, 2 HAVING count(*) > 1",
    "line's refund": "SELECT booking_id FROM agency.refunds GROUP BY 1 HAVING count(*) > 1",
}
"""What there may be one of. A booking is given back whole here, by one payment: so once."""

SOLD_BEYOND = """
SELECT desk_id FROM agency.allowances WHERE created_by IS NULL AND seats > 0 AND reason LIKE 'Sold at %'
"""
"""Those that made it good may be any desk's."""

OTHER_CAPACITY = """
SELECT desk_id FROM hub.conflicts WHERE kind = 'field' AND t = 'departures' AND field = 'capacity'
"""
"""Desks that sold of a capacity which they had given, before they knew that another one was first."""

IN_TILLS = """
SELECT coalesce(sum(CASE WHEN debit = 'till' THEN amount ELSE 0 END
    - CASE WHEN credit = 'till' THEN amount ELSE 0 END), 0) FROM agency.ledger
"""


@dataclass
class Known:
    """What was done at the counters, as whoever stood there remembers it: cents by booking."""

    paid: dict[UUID, int] = field(default_factory=dict)
    back: dict[UUID, int] = field(default_factory=dict)
    silent: set[UUID] = field(default_factory=set)  # desks that were ever written off

    @property
    def in_tills(self) -> int:
        return sum(self.paid.values()) - sum(self.back.values())


def proved(here: ThreeTowns, known: Known, vendor: VendorPeer | None = None) -> None:
    """Raises `AssertionError` for whatever does not hold."""
    for town in here.towns:
        every_op_has_one_outcome(here, town)
    nothing_is_oversold(here, known)
    nothing_is_there_twice(here)
    money_is_where_it_should_be(here, known)
    everybody_has_the_same(here)
    if vendor is not None:
        a_vendor_has_their_view(vendor)
    for town in here.towns:
        assert verify(town.desk.database, town.hub), "file and hub cannot be held against each other"
        found = town.desk.services.check.run()
        assert found.problems == (), f"{town.sign_in.name}: {found.as_text()}"


def every_op_has_one_outcome(here: ThreeTowns, town: Town) -> None:
    file = town.desk.database.path
    desk, acked, last = rows(file, "SELECT desk_id, acked, next_op - 1 FROM this_desk")[0]
    assert acked == last, "an op is not told"
    # what a file did before it joined is known by its rows
    written = dict(rows(file, "SELECT op_no, body_hash FROM ops"))
    found = here.place.connection.execute(
        "SELECT op_no, hash, outcome, pub FROM hub.ops WHERE desk_id = %s ORDER BY op_no", (UUID(desk),)
    ).fetchall()
    first = found[0][0] if found else last + 1
    assert [row[0] for row in found] == list(range(first, last + 1)), "numbers are not dense"
    # a file that was made anew has those ops alone that came after
    assert {number: told for number, told, _outcome, _pub in found if number in written} == {
        number: told for number, told in written.items() if number >= first
    }
    for number, _hash, outcome, pub in found:
        assert outcome in ("applied", "merged", "dropped"), (town.sign_in.name, number, outcome)
        assert (pub is None) == (outcome == "dropped"), (town.sign_in.name, number, outcome)
    assert here.place.one("SELECT count(*) FROM hub.blocked") == 0
    assert here.place.one("SELECT count(*) FROM hub.conflicts WHERE settled_at IS NULL") == 0


def nothing_is_oversold(here: ThreeTowns, known: Known) -> None:
    assert here.place.connection.execute(OVERBOOKED).fetchall() == []
    allowed = here.place.connection.execute(SOLD_BEYOND).fetchall()
    knew_other = here.place.connection.execute(OTHER_CAPACITY).fetchall()
    assert {row[0] for row in allowed} <= known.silent | {row[0] for row in knew_other}, (
        "seats beyond what there is, and nobody was written off or had given them"
    )


def nothing_is_there_twice(here: ThreeTowns) -> None:
    for what, query in TWICE.items():
        assert here.place.connection.execute(query).fetchall() == [], what


def money_is_where_it_should_be(here: ThreeTowns, known: Known) -> None:
    sums = here.place.connection.execute("SELECT id FROM agency.bookings").fetchall()
    assert {row[0] for row in sums} == set(known.paid), "a sale is lost"
    given = here.place.connection.execute(
        "SELECT booking_id, sum(amount)::bigint FROM agency.refunds GROUP BY 1"
    ).fetchall()
    assert Counter(dict(given)) == Counter({each: amount for each, amount in known.back.items() if amount})
    assert here.place.one(IN_TILLS) == known.in_tills
    chained = here.place.connection.execute(
        "SELECT l.desk_id, l.seq FROM agency.ledger l LEFT JOIN agency.ledger p"
        " ON p.desk_id = l.desk_id AND p.seq = l.seq - 1"
        " WHERE l.seq > 1 AND l.prev_hash IS DISTINCT FROM p.hash"
    ).fetchall()
    assert chained == [], "the chain is broken"


def everybody_has_the_same(here: ThreeTowns) -> None:
    hub = here.place.dump()
    for town in here.towns:
        own = town.dump()
        for table, there in hub.items():
            if own[table] != there:
                only = [row for row in own[table] if row not in there]
                lacks = [row for row in there if row not in own[table]]
                raise AssertionError(f"{table} of {town.sign_in.name}: has {only[:3]}, lacks {lacks[:3]}")


def a_vendor_has_their_view(vendor: VendorPeer) -> None:
    """What they were told is what they can read, and nothing of anybody else's was ever in it."""
    seen = vendor.file.seen()
    for key in {*seen, *vendor.file.rows}:
        assert vendor.file.rows.get(key) == seen.get(key), f"a vendor's {key}"
    for said in vendor.file.said:
        assert FOREIGN.casefold() not in said.casefold(), f"a foreign byte: {said[:500]}"
