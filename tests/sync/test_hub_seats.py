"""Seats at the hub: no more granted than there are, no more taken than granted, whoever comes at once; and what is only
ever added to."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import psycopg
import pytest

from helpers.told_hub import AT, Json, ToldHub, changed, entry, key, made, removed, told, told_template

__all__ = ["told", "told_template"]


def taken(told: ToldHub) -> list[int]:
    return [told.one("SELECT taken FROM agency.grants WHERE id = %s", grant) for grant in told.grants]


def granted(told: ToldHub) -> int:
    return int(told.one("SELECT sum(seats) FROM agency.grants WHERE departure_id = %s", told.departure))


def test_seats_are_counted_here(told: ToldHub) -> None:
    one, _ = told.tellers
    hold = told.hold(0, 4)
    assert one.tell(hold)["outcome"] == "applied"
    assert taken(told) == [4, 0]
    one.tell(changed("holds", hold["id"], state="released"))
    assert taken(told) == [0, 0]


def test_a_desk_takes_no_more_than_it_was_granted(told: ToldHub) -> None:
    one, _ = told.tellers
    assert one.tell(told.hold(0, 6))["outcome"] == "applied"
    answer = one.tell(told.hold(0, 1))
    assert (answer["outcome"], answer["reason"]) == ("refused", "More seats than the desk was granted.")
    assert taken(told) == [6, 0]


def test_no_more_is_granted_than_there_is(told: ToldHub) -> None:
    one, other = told.tellers
    assert one.tell(changed("grants", told.grants[0], seats=7))["outcome"] == "refused"
    assert other.tell(changed("grants", told.grants[1], seats=3))["outcome"] == "applied"
    assert one.tell(changed("grants", told.grants[0], seats=5))["outcome"] == "parked"  # its own row waits
    assert one.tell(told.hold(0, 1))["outcome"] == "applied"  # what is only below it is sold on
    assert granted(told) == 9


def test_the_capacity_is_not_cut_below_what_is_granted(told: ToldHub) -> None:
    _, other = told.tellers
    answer = other.tell(changed("departures", told.departure, capacity=9))
    assert answer["outcome"] == "refused" and "Stop the sale" in answer["reason"]


def test_an_allowance_counts_as_capacity_and_what_is_in_use_is_not_taken_away(told: ToldHub) -> None:
    one, other = told.tellers
    one.actor = other.actor = told.boss
    said = {"departure_id": told.departure, "desk_id": one.desk, "reason": "a bigger boat", "created_at": AT}
    more = made("allowances", key(), seats=2, **said)
    assert one.tell(more, changed("grants", told.grants[0], seats=8))["outcome"] == "applied"
    assert other.tell(made("allowances", key(), seats=-1, **said))["outcome"] == "refused"


def at_once(told: ToldHub, *works: Callable[[psycopg.Connection[object]], object]) -> list[object]:
    """Each on a superuser's connection of its own, begun at the same moment; an error is what came of it."""
    barrier = Barrier(len(works))

    def one(work: Callable[[psycopg.Connection[object]], object]) -> object:
        with closing(psycopg.connect(told.central.url(), autocommit=True)) as connection:
            barrier.wait(30)
            try:
                return work(connection)
            except psycopg.Error as error:
                return error.sqlstate

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_desks_that_raise_their_grants_at_once_stay_within_the_capacity(told: ToldHub) -> None:
    told.admin.execute("UPDATE agency.grants SET seats = 0 WHERE departure_id = %s", (told.departure,))

    def raised(grant: str) -> Callable[[psycopg.Connection[object]], object]:
        def work(connection: psycopg.Connection[object]) -> int:
            done = 0
            for _ in range(10):
                try:
                    connection.execute("UPDATE agency.grants SET seats = seats + 1 WHERE id = %s", (grant,))
                    done += 1
                except psycopg.errors.DatabaseError:
                    continue
            return done

        return work

    done = at_once(told, *(raised(grant) for grant in told.grants))
    assert granted(told) == 10 == sum(int(str(one)) for one in done)


def test_without_the_lock_the_same_race_would_be_lost(told: ToldHub) -> None:
    """The naive guard, which counts without locking, in the very order that breaks it."""
    told.admin.execute("UPDATE agency.grants SET seats = 0 WHERE departure_id = %s", (told.departure,))
    told.admin.execute("ALTER TABLE agency.grants DISABLE TRIGGER USER")
    naive = (
        "UPDATE agency.grants SET seats = 10 WHERE id = %s AND "
        "(SELECT sum(seats) FROM agency.grants WHERE departure_id = %s) + 10 <= 10"
    )
    with closing(psycopg.connect(told.central.url())) as a, closing(psycopg.connect(told.central.url())) as b:
        for connection, grant in zip((a, b), told.grants, strict=True):
            connection.execute(naive, (grant, told.departure))
        a.commit()
        b.commit()
    assert granted(told) == 20


def test_a_push_waits_for_another_that_cuts_the_same_departure(told: ToldHub) -> None:
    """The last free seats, and a capacity cut that was first: whoever is second sees what the first has done."""
    one, _ = told.tellers
    told.admin.execute("UPDATE agency.grants SET seats = 2 WHERE id = %s", (told.grants[0],))
    with closing(psycopg.connect(told.central.url())) as cutter:
        cutter.execute("UPDATE agency.departures SET capacity = 6 WHERE id = %s", (told.departure,))
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(one.tell, changed("grants", told.grants[0], seats=6))
            while not told.waits() and not asked.done():
                pass
            cutter.commit()
            assert asked.result(30)["outcome"] == "refused"
    assert granted(told) == 6


def test_a_sale_of_a_desk_that_was_written_off_stands_and_lies_in_the_inbox(told: ToldHub) -> None:
    one, other = told.tellers
    told.admin.execute("UPDATE agency.grants SET seats = 0 WHERE id = %s", (told.grants[0],))
    told.admin.execute("UPDATE agency.grants SET seats = 9 WHERE id = %s", (told.grants[1],))
    told.admin.execute("UPDATE hub.members SET written_off = now() WHERE desk_id = %s", (one.desk,))
    assert one.tell(told.hold(0, 3))["outcome"] == "applied"
    assert taken(told) == [3, 0]
    assert granted(told) == 12
    assert told.one("SELECT sum(seats) FROM agency.allowances") == 2  # one was free
    (conflict,) = other.inbox()
    assert (conflict["kind"], conflict["op_no"], conflict["desk_id"].replace("-", "")) == (
        "oversale",
        1,
        one.desk,
    )
    room, sale = other.pull()
    assert [change["t"] for change in room["changes"]] == ["allowances", "grants"]
    assert [change["t"] for change in sale["changes"]] == ["holds"]


def test_a_numbered_seat_is_taken_once(told: ToldHub) -> None:
    one, other = told.tellers
    first, second = told.hold(0, 1), told.hold(1, 1)
    outcomes = []
    for teller, hold in ((one, first), (other, second)):
        seat = made("seats", key(), departure_id=told.departure, label="1A", hold_id=hold["id"], position=1)
        outcomes.append(teller.tell(hold, seat)["outcome"])
    assert outcomes == ["applied", "refused"]


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
@pytest.mark.parametrize("table", ["ledger", "audit", "allowances", "payout_lines", "invoices"])
def test_what_is_only_added_to_is_not_even_changed_by_the_superuser(
    told: ToldHub, table: str, verb: str
) -> None:
    if verb == "TRUNCATE":
        with pytest.raises(psycopg.Error, match=r"only ever added|cannot truncate"):
            told.admin.execute(f"TRUNCATE agency.{table}")
        return
    if table not in ("allowances", "audit"):
        names = told.one(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'only_added'",
            f"agency.{table}",
        )
        assert names == 1
        return
    row = _added(told, table)
    said = {"UPDATE": f"UPDATE agency.{table} SET id = id", "DELETE": f"DELETE FROM agency.{table}"}[verb]
    with pytest.raises(psycopg.Error, match="only ever added"):
        told.admin.execute(said)
    one = told.tellers[0]
    one.actor = told.boss
    change: Json = (
        removed(table, row) if verb == "DELETE" else changed(table, row, **{_FIELD[table]: "other"})
    )
    assert one.tell(change)["outcome"] == "refused"


_FIELD = {"audit": "action", "allowances": "reason"}


def _added(told: ToldHub, table: str) -> str:
    one = told.tellers[0]
    one.actor = told.boss
    row = key()
    rows: dict[str, Json] = {
        "audit": {"at": AT, "action": "a.b", "entity": "x", "entity_id": key(), "detail": "{}"},
        "allowances": {
            "departure_id": told.departure,
            "desk_id": one.desk,
            "seats": 1,
            "reason": "x",
            "created_at": AT,
        },
    }
    assert one.tell(made(table, row, **rows[table]))["outcome"] == "applied"
    return row


def test_one_place_in_a_desks_chain_and_one_payout_a_line(told: ToldHub) -> None:
    query = (
        "SELECT count(*) FROM pg_constraint WHERE contype = 'u' AND conname = ANY (ARRAY["
        "'uq_ledger_desk_id_seq', 'uq_payout_lines_ledger_id', 'uq_payout_entries_ledger_id'])"
    )
    assert told.one(query) == 3
    one, _ = told.tellers
    first = entry(one, 1)
    assert one.tell(first)["outcome"] == "applied"
    assert one.tell(entry(one, 1, amount=7))["outcome"] == "refused"
    assert one.tell(entry(one, 2, prev_hash=first["f"]["hash"]))["outcome"] == "applied"
