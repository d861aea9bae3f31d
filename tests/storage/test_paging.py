"""Lists read by position, on a real file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from travellr_desktop.errors import Cancelled, DatabaseBusy, DatabaseDamaged, InvalidInput
from travellr_desktop.storage.conditions import (
    Condition,
    between,
    contains,
    equals,
    holds,
    one_of,
)
from travellr_desktop.storage.list_spec import Join, ListQuery, ListSpec, SumOf
from travellr_desktop.storage.paging import Snapshot, query_plan, read_connection

COUNT = 1000


@dataclass(frozen=True, slots=True)
class Sale:
    id: UUID
    name: str
    trip: str
    amount: int


def _make(values: Sequence[Any]) -> Sale:
    return Sale(UUID(values[0]), *values[1:])


def ident(number: int) -> UUID:
    return UUID(int=number)


SALES = ListSpec(
    table="sale s",
    key="s.rowid",
    id="s.id",
    columns=("s.id", "s.name", "t.title", "s.amount"),
    make=_make,
    joins=(Join("t", "JOIN trip t ON t.id = s.trip_id"), Join("v", "JOIN vendor v ON v.id = t.vendor_id")),
    sortable={"name": "s.name", "amount": "s.amount", "trip": ("t.title", "s.name"), "vendor": "v.name"},
    order="amount",
    filters={
        "trip": equals("s.trip_id"),
        "state": one_of("s.state"),
        "amount": between("s.amount"),
        "large": holds("s.amount >= 500"),
        "vendor": equals("v.name"),
    },
    search=contains("s.name", "t.title"),
    sums={"amount": SumOf("s.amount", "s.currency")},
)


@pytest.fixture(scope="module")
def full_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,000 sales: amounts 0 to 999 in a scattered order, ten names, four trips, two currencies."""
    path = tmp_path_factory.mktemp("paging") / "list.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE vendor (id INTEGER PRIMARY KEY, name TEXT);
            CREATE TABLE trip (id INTEGER PRIMARY KEY, title TEXT, vendor_id INTEGER);
            CREATE TABLE sale (
                id TEXT UNIQUE, name TEXT, state TEXT, amount INTEGER, currency TEXT, trip_id INTEGER
            );
            CREATE INDEX sale_amount ON sale (amount);
            INSERT INTO vendor VALUES (1, 'Zeta'), (2, 'Orjen');
            INSERT INTO trip VALUES (1, 'kayak', 1), (2, 'jeep', 1), (3, 'walk', 2), (4, '50% off_season', 2);
            """
        )
        db.executemany(
            "INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    ident(number).hex,
                    f"name {number % 10}",
                    ("new", "paid", "gone")[number % 3],
                    number * 7 % COUNT,
                    "EUR" if number % 4 else "RSD",
                    number % 4 + 1,
                )
                for number in range(COUNT)
            ),
        )
        db.commit()
    return path


@pytest.fixture
def file(full_file: Path, tmp_path: Path) -> Path:
    """A copy that a test may write to."""
    path = tmp_path / "list.db"
    with closing(sqlite3.connect(full_file)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = WAL")
    return path


@pytest.fixture
def open_list(file: Path) -> Iterator[Callable[..., Snapshot[Sale]]]:
    opened: list[Snapshot[Sale]] = []

    def open_(query: ListQuery | None = None, **more: Any) -> Snapshot[Sale]:
        opened.append(Snapshot(lambda: read_connection(file), SALES, query or ListQuery(), **more))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


Open = Callable[..., Snapshot[Sale]]


def amounts(rows: Sequence[Sale | None]) -> list[int | None]:
    return [row.amount if row else None for row in rows]


def test_first_rows_and_pages_give_the_same_order(open_list: Open) -> None:
    sales = open_list()
    assert amounts(sales.first(10)) == list(range(10))
    assert sales.index() == COUNT
    assert sales.page(0, 10) == sales.first(10)


def test_the_last_page_is_short_and_beyond_it_there_is_nothing(open_list: Open) -> None:
    sales = open_list()
    sales.index()
    assert amounts(sales.page(990, 128)) == list(range(990, 1000))
    assert sales.page(COUNT, 128) == ()


def test_a_page_builds_the_index_by_itself(open_list: Open) -> None:
    assert amounts(open_list().page(500, 2)) == [500, 501]


@pytest.mark.parametrize("column", ["name", "amount", "trip", "vendor"])
def test_descending_is_the_exact_reverse_also_among_ties(open_list: Open, column: str) -> None:
    up = open_list(ListQuery(sort=column)).page(0, COUNT)
    down = open_list(ListQuery(sort=column, descending=True)).page(0, COUNT)
    assert len(up) == COUNT
    assert down == up[::-1]


def test_pages_of_a_sort_with_ties_cover_every_row_once(open_list: Open) -> None:
    sales = open_list(ListQuery(sort="name"))
    seen = [row for first in range(0, COUNT, 128) for row in sales.page(first, 128)]
    assert len({row.id for row in seen if row}) == COUNT
    assert [row.name for row in seen if row] == sorted(row.name for row in seen if row)


def test_a_sort_or_filter_the_list_does_not_have_is_refused(open_list: Open) -> None:
    with pytest.raises(InvalidInput) as sort:
        open_list(ListQuery(sort="colour"))
    assert sort.value.field == "sort"
    with pytest.raises(InvalidInput) as unknown:
        open_list(ListQuery(filters={"colour": "red"}))
    assert unknown.value.field == "colour"


def test_a_list_must_know_its_own_order() -> None:
    with pytest.raises(ValueError, match="colour"):
        ListSpec(table="t", key="t.id", id="t.id", columns=("t.id",), make=list, sortable={}, order="colour")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"trip": 2}, 250),
        ({"state": ("new", "paid")}, 667),
        ({"state": "gone"}, 333),
        ({"amount": (100, 200)}, 100),
        ({"amount": (None, 200)}, 200),
        ({"amount": (900, None)}, 100),
        ({"amount": (None, None)}, COUNT),
        ({"large": True}, 500),
        ({"large": False}, 500),
        ({"trip": None, "state": ()}, COUNT),
        ({"vendor": "Orjen", "large": True}, 250),
    ],
)
def test_filters_narrow_the_list(open_list: Open, filters: dict[str, object], expected: int) -> None:
    assert open_list(ListQuery(filters=filters)).index() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name 3", 100),
        ("KAYAK 4", 50),
        ("50%", 250),
        ("f_s", 250),
        ("n_me", 0),
        ("'; DROP TABLE sale", 0),
        ("  ", COUNT),
    ],
)
def test_words_are_found_anywhere_and_signs_mean_themselves(
    open_list: Open, text: str, expected: int
) -> None:
    assert open_list(ListQuery(text=text)).index() == expected


def test_sums_are_of_the_filtered_rows_by_currency_and_whole_is_of_all(open_list: Open, file: Path) -> None:
    totals = open_list(ListQuery(filters={"vendor": "Zeta", "large": True})).totals()
    with closing(sqlite3.connect(file)) as db:
        by_hand = dict(
            db.execute(
                "SELECT currency, sum(amount) FROM sale WHERE trip_id IN (1, 2) AND amount >= 500 GROUP BY 1"
            )
        )
    assert totals.whole == COUNT
    assert totals.sums == {"amount": by_hand}
    assert set(by_hand) == {"EUR", "RSD"}


def test_scope_narrows_rows_sums_and_the_whole_alike(open_list: Open) -> None:
    sales = open_list(ListQuery(filters={"large": True}), scope=[Condition("v.name = ?", ("Zeta",))])
    assert sales.index() == 250
    assert sales.totals().whole == 500


def test_rows_are_found_by_id(open_list: Open) -> None:
    sales = open_list(ListQuery(filters={"large": True}, sort="amount", descending=True))
    row = sales.page(17, 1)[0]
    assert row is not None
    hidden = next(one for one in open_list().first(5) if one.amount < 500)
    assert sales.find([row.id, hidden.id, ident(999_999)]) == {row.id: 17}


def test_more_ids_than_a_statement_takes_are_found(open_list: Open) -> None:
    sales = open_list()
    ids = [ident(number) for number in range(COUNT)]
    assert sorted(sales.find(ids).values()) == list(range(COUNT))


def test_a_changed_row_keeps_its_place_and_a_deleted_one_is_none(open_list: Open, file: Path) -> None:
    sales = open_list()
    sales.index()
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE sale SET amount = 5000 WHERE amount = 1")
        db.execute("DELETE FROM sale WHERE amount = 2")
        db.execute("INSERT INTO sale VALUES (?, 'new', 'new', 1, 'EUR', 1)", (ident(5000).hex,))
        db.commit()
    assert amounts(sales.page(0, 5)) == [0, 5000, None, 3, 4]
    assert sales.index() == COUNT
    assert amounts(sales.page(0, 5)) == [0, 1, 3, 4, 5]


def test_an_open_list_lets_the_log_be_folded_back(open_list: Open, file: Path) -> None:
    sales = open_list()
    sales.index()
    sales.page(0)
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE sale SET amount = amount + 1")
        db.commit()
        busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert busy == 0
    assert Path(f"{file}-wal").stat().st_size == 0


def test_the_file_cannot_be_written_through_a_list(file: Path) -> None:
    with closing(read_connection(file)) as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM sale")


def test_a_running_step_is_interrupted_from_another_thread(file: Path) -> None:
    """The list below counts for ever; only an interrupt ends it."""
    running = threading.Event()

    def started() -> int:
        running.set()
        return 1

    def connect() -> sqlite3.Connection:
        connection = read_connection(file)
        connection.create_function("started", 0, started)
        return connection

    endless = Condition(
        "started() AND (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)"
    )
    sales = Snapshot(connect, SALES, ListQuery(), scope=[endless])
    outcome: list[BaseException] = []

    def index() -> None:
        try:
            sales.index()
        except Cancelled as error:
            outcome.append(error)

    thread = threading.Thread(target=index)
    thread.start()
    assert running.wait(10)
    sales.interrupt()
    thread.join(10)
    sales.close()
    assert not thread.is_alive()
    assert len(outcome) == 1


def test_an_interrupt_with_nothing_running_spoils_nothing(open_list: Open) -> None:
    sales = open_list()
    sales.interrupt()
    sales.first(1)
    sales.interrupt()
    assert sales.index() == COUNT


def test_a_closed_list_answers_nothing_more(open_list: Open) -> None:
    sales = open_list()
    sales.index()
    sales.close()
    sales.close()
    for step in (
        sales.first,
        sales.index,
        sales.totals,
        lambda: sales.page(0),
        lambda: sales.find([ident(1)]),
    ):
        with pytest.raises(Cancelled):
            step()


def test_a_busy_file_and_a_damaged_one_are_refused_in_words(tmp_path: Path, file: Path) -> None:
    with closing(sqlite3.connect(file)) as writer:
        writer.execute("PRAGMA journal_mode = DELETE")
        writer.execute("BEGIN EXCLUSIVE")
        sales = Snapshot(lambda: read_connection(file, busy_seconds=0), SALES, ListQuery())
        with pytest.raises(DatabaseBusy):
            sales.first()
        sales.close()
    other = tmp_path / "other.db"
    other.write_bytes(b"this is no database, and never was one" * 100)
    sales = Snapshot(lambda: read_connection(other), SALES, ListQuery())
    with pytest.raises(DatabaseDamaged):
        sales.first()
    sales.close()


def test_the_index_of_the_sort_column_is_used(file: Path) -> None:
    with closing(read_connection(file)) as db:
        for descending in (False, True):
            plan = query_plan(db, SALES, ListQuery(sort="amount", descending=descending))
            assert any("sale_amount" in line for line in plan)
            assert not any("TEMP B-TREE" in line for line in plan)


def test_joins_that_nothing_names_are_left_out_of_the_index(file: Path) -> None:
    statements: list[str] = []

    def connect() -> sqlite3.Connection:
        connection = read_connection(file)
        connection.set_trace_callback(statements.append)
        return connection

    with closing(Snapshot(connect, SALES, ListQuery(sort="amount"))) as sales:
        sales.index()
        assert not any("INSERT" in one and "JOIN" in one for one in statements)
    with closing(Snapshot(connect, SALES, ListQuery(sort="vendor"))) as sales:
        sales.index()
        assert any("INSERT" in one and "JOIN trip" in one and "JOIN vendor" in one for one in statements)


def test_two_hundred_thousand_rows_are_ordered_and_read_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "large.db"
    rows = 200_000
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            f"""
            CREATE TABLE sale (
                id TEXT, name TEXT, state TEXT, amount INTEGER, currency TEXT, trip_id INTEGER
            );
            CREATE TABLE vendor (id INTEGER PRIMARY KEY, name TEXT);
            INSERT INTO vendor VALUES (1, 'Zeta');
            CREATE TABLE trip (id INTEGER PRIMARY KEY, title TEXT, vendor_id INTEGER);
            INSERT INTO trip VALUES (1, 'kayak', 1);
            INSERT INTO sale
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows - 1})
                SELECT printf('%032x', i), 'name', 'new', i * 7919 % {rows}, 'EUR', 1 FROM n;
            """
        )
    with closing(Snapshot(lambda: read_connection(path), SALES, ListQuery(descending=True))) as sales:
        assert amounts(sales.first(3)) == [rows - 1, rows - 2, rows - 3]
        assert sales.index() == rows
        assert amounts(sales.page(rows - 3)) == [2, 1, 0]
        assert sales.totals().sums == {"amount": {"EUR": rows * (rows - 1) // 2}}
