"""What is published is committed and in the order of the locks; a cursor passes nothing, whatever is open elsewhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
from psycopg.types.json import Jsonb

from helpers.told_hub import Json, Teller, ToldHub, changed, key, made, told, told_template, who

__all__ = ["told", "told_template"]

MANY = 200


def own(ops: list[Json], teller: Teller) -> list[int]:
    return [op["op_no"] for op in ops if op["desk_id"].replace("-", "") == teller.desk]


def test_a_transaction_held_open_does_not_make_a_cursor_pass_it(told: ToldHub) -> None:
    one, other = told.tellers
    late = one.op(made("travellers", key(), **who("Late")))
    with closing(psycopg.connect(told.url(0))) as open_one:
        open_one.execute("SELECT api.push(%s)", (Jsonb([late]),))
        naive = 0  # a cursor by the number that ops get when they are written
        read: set[int] = set()
        for _ in range(MANY // 10):
            other.push(*(other.op(made("travellers", key(), **who("Soon"))) for _ in range(10)))
            told.tellers[0].call("publish()")
            naive, seen = _after(told, naive)
            read |= seen
        before = one.pull()
        assert own(before, other) == list(range(1, MANY + 1))
        open_one.commit()
    _, seen = _after(told, naive)
    read |= seen
    everything = told.one("SELECT count(*) FROM hub.ops WHERE ord IS NOT NULL")
    assert len(read) == everything - 1, "the naive cursor was to lose the one that was open"
    assert own(other.pull(), one) == [1]
    pubs = [
        row[0] for row in told.admin.execute("SELECT pub FROM hub.ops WHERE ord IS NOT NULL ORDER BY pub")
    ]
    assert pubs == list(range(1, everything + 1))


def _after(told: ToldHub, last: int) -> tuple[int, set[int]]:
    """What a reader by `ord > last` gets, and where it goes on."""
    found = {
        row[0]
        for row in told.admin.execute(
            "SELECT ord FROM hub.ops WHERE ord > %s ORDER BY ord", (last,)
        ).fetchall()
    }
    return max(found, default=last), found


def test_two_ops_on_one_row_are_published_in_the_order_of_their_locks(told: ToldHub) -> None:
    one, other = told.tellers
    with closing(psycopg.connect(told.url(0))) as first:
        op = one.op(changed("travellers", told.traveller, phone="first"))
        first.execute("SELECT api.push(%s)", (Jsonb([op]),))
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(other.tell, changed("travellers", told.traveller, email="second"))
            while not told.waits() and not second.done():
                pass
            first.commit()
            assert second.result(30)["outcome"] == "applied"
    query = "SELECT desk_id FROM hub.ops WHERE ord IS NOT NULL ORDER BY ord DESC LIMIT 2"
    assert [row[0].hex for row in told.admin.execute(query)] == [other.desk, one.desk]


def test_many_who_publish_and_push_at_once_lose_and_double_nothing(told: ToldHub) -> None:
    def push(number: int) -> None:
        teller = told.tellers[number]
        for _ in range(40):
            teller.tell(made("travellers", key(), **who("X")))

    def read(number: int) -> list[tuple[str, int]]:
        with closing(psycopg.connect(told.url(number), autocommit=True)) as connection:
            reader = Teller(told.tellers[number].desk, connection, None, seen=told.tellers[number].seen)
            got: list[tuple[str, int]] = []
            while len(got) < 40:
                got += [(op["desk_id"], op["op_no"]) for op in reader.pull()]
            return got

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read, number) for number in (0, 1)]
        for work in [pool.submit(push, number) for number in (0, 1)]:
            work.result(120)
        for reader in readers:
            assert [number for _, number in reader.result(120)] == list(range(1, 41))


def test_pages_are_as_long_as_was_asked_and_end_at_the_end(told: ToldHub) -> None:
    one, other = told.tellers
    one.push(*(one.op(made("travellers", key(), **who("X"))) for _ in range(5)))
    other.tell(made("travellers", key(), **who("X")))
    last = one.call("publish()")
    page = other.call("pull(%s, %s)", other.seen, 2)
    assert own(page["ops"], one) == [1, 2] and page["up_to"] < last
    page = other.call("pull(%s, %s)", page["up_to"], 100)
    assert own(page["ops"], one) == [3, 4, 5] and page["up_to"] == last


def test_a_push_is_told_to_who_listens_once_and_without_content(told: ToldHub) -> None:
    one, other = told.tellers
    other.connection.execute("LISTEN travellr")
    one.push(*(one.op(made("travellers", key(), **who("X"))) for _ in range(3)))
    calls = list(other.connection.notifies(timeout=5, stop_after=1))
    assert [(call.channel, call.payload) for call in calls] == [("travellr", "")]
    assert list(other.connection.notifies(timeout=0)) == []


def test_rows_are_told_in_a_desks_words(told: ToldHub) -> None:
    one, _ = told.tellers
    (row, nothing) = one.call(
        "rows(%s)", Jsonb([{"t": "users", "id": told.person}, {"t": "users", "id": key()}])
    )
    assert row["f"]["id"] == told.person and row["f"]["active"] == 1
    assert row["f"]["created_at"] == "2026-06-18T08:42:00.000000Z"
    assert nothing["f"] is None
